"""The plan of a meeting: which slides, in which order; what a named agenda keeps.

Source: COUNTY "Slides".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

MOST_SLIDES = 40
"""A plan holds no more slides than this: 12 subjects, and a county's townships twice over."""

_SEPARATOR = ":"


class Topic(StrEnum):
    """What a slide is about, in the order of COUNTY "Slides"."""

    COVER = "cover"
    DECIDED = "decided"
    OVERVIEW = "overview"
    CAMPAIGN = "campaign"
    TASKS = "tasks"
    WORK_GROUPS = "work_groups"
    RANKING = "ranking"
    WEAK_LINKS = "weak_links"
    AGED = "aged"
    SERVICES = "services"
    SAFETY = "safety"
    TOWNSHIP = "township"
    ASKED = "asked"


TOPIC_WORDS = {
    Topic.COVER: "封面",
    Topic.DECIDED: "上次议定事项",
    Topic.OVERVIEW: "总体情况",
    Topic.CAMPAIGN: "百日攻坚",
    Topic.TASKS: "任务清单",
    Topic.WORK_GROUPS: "专项组",
    Topic.RANKING: "考核排名",
    Topic.WEAK_LINKS: "薄弱环节",
    Topic.AGED: "积案重点",
    Topic.SERVICES: "平台运行",
    Topic.SAFETY: "平安建设",
    Topic.TOWNSHIP: "重点乡镇",
    Topic.ASKED: "请会议议定",
}
"""The Chinese name of each subject."""


@dataclass(frozen=True)
class Item:
    """One slide of a plan: its subject, and for Topic.TOWNSHIP the township's code."""

    topic: Topic
    township: str = ""

    @property
    def key(self) -> str:
        """How the item is written in an agenda and in an address: ranking, township:330822108."""
        return f"{self.topic}{_SEPARATOR}{self.township}" if self.township else str(self.topic)


def default_plan(townships: Iterable[str] = ()) -> tuple[Item, ...]:
    """Return COUNTY's order, with one slide for each of `townships` (codes, in their order) where they belong."""
    return tuple(
        item
        for topic in Topic
        for item in ([Item(topic, code) for code in townships] if topic is Topic.TOWNSHIP else [Item(topic)])
    )


def written(items: Iterable[Item]) -> list[str]:
    """Return the keys of a plan, as an agenda keeps them."""
    return [item.key for item in items]


def read(keys: Sequence[str], townships: Iterable[str]) -> tuple[Item, ...]:
    """Return the plan of some keys; what is no slide of this county is left out, and so is one that came before.

    Parameters
    ----------
    townships
        The codes that there are.
    """
    known = {Item(topic).key: Item(topic) for topic in Topic if topic is not Topic.TOWNSHIP}
    known |= {item.key: item for item in (Item(Topic.TOWNSHIP, code) for code in townships)}
    return tuple(known[key] for key in dict.fromkeys(keys) if key in known)[:MOST_SLIDES]


def named(item: Item, townships: Mapping[str, str]) -> str:
    """Name a slide in a list: its subject, or the township it is about."""
    return townships.get(item.township, item.township) if item.township else TOPIC_WORDS[item.topic]
