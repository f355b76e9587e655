"""The slides of a plan: of each its title, which is its conclusion, and the sentence to say.

Source: COUNTY "Slides" (title patterns) and "Conventions": names only with figures, never 倒数.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.briefing import (
    ranking_line,
    red_finding,
    split_finding,
)
from analysis.follow_ups import Status
from analysis.meeting.figures import Figures
from analysis.meeting.material import Material, Rows
from analysis.meeting.plan import Item, Topic
from analysis.meeting.titles import (
    aged_title,
    asked_title,
    backlog_words,
    campaign_title,
    city_places,
    cover_title,
    decided_title,
    overview_title,
    ranking_title,
    safety_title,
    services_title,
    tasks_title,
    township_title,
    weak_links_title,
    work_groups_title,
)
from analysis.ranks import UNRANKED
from analysis.remembered import remembered
from analysis.scope import Rights
from analysis.streams import STREAMS
from analysis.wording import day, month, month_day, number

NAMED = 3


@dataclass(frozen=True)
class Slide:
    """One slide: what it is about, its conclusion, and what whoever presents it says."""

    item: Item
    title: str
    say: str


def slides(material: Material, plan: Sequence[Item]) -> list[Slide]:
    """Return the slides of a plan, in its order."""
    return list(_said_of(material.figures, material.rows, material.rights, tuple(plan)))


@remembered
def _said_of(figures: Figures, rows: Rows, rights: Rights, plan: Sequence[Item]) -> tuple[Slide, ...]:
    material = Material(figures, rows, rights)
    return tuple(_slide(material, item) for item in plan)


def _slide(material: Material, item: Item) -> Slide:
    if item.topic is Topic.TOWNSHIP:
        return Slide(item, township_title(material, item.township), township_say(material, item.township))
    title, say = _SAID[item.topic]
    return Slide(item, title(material), say(material))


def township_say(material: Material, township: str) -> str:
    """Say a township's backlog and place, praise first, then ask it to explain."""
    figures = material.figures
    rank = figures.ranked.set_index("township_code").loc[township]
    where = f"考核{rank['place']}" if pd.notna(rank["rank"]) else UNRANKED
    backlog = backlog_words(figures, township)
    asks = "请主要负责同志说明原因和下步打算。" if len(material.issues_of(township)) else "请继续保持。"
    return f"{figures.names[township]}{backlog}，{where}。{asks}"


def _cover_say(material: Material) -> str:
    figures = material.figures
    return f"现在汇报截至{day(figures.as_of)}{figures.place}治理创新行动推进情况，数据为第{figures.release}批次。"


def _decided_say(material: Material) -> str:
    late = material.rows.follow_ups
    late = late[late["status"] == Status.OVERDUE]
    if late.empty:
        return f"{decided_title(material)}。"
    return f"{decided_title(material)}。逾期的是：{'；'.join(late['subject'].head(NAMED))}，请责任单位说明。"


def _overview_say(material: Material) -> str:
    figures = material.figures
    return f"{overview_title(material)}。{split_finding(figures.total)}。"


def _campaign_say(material: Material) -> str:
    campaign = material.figures.campaign_now
    if campaign is None:
        return f"{campaign_title(material)}。"
    goal = "" if pd.isna(campaign.goal_rate) else f"，目标{number(campaign.goal_rate)}%"
    return f"{campaign_title(material)}。行动到{month_day(campaign.ends_on)}结束{goal}，请对未化解的逐案落实。"


def _tasks_say(material: Material) -> str:
    return f"{tasks_title(material)}。{red_finding(material.figures.red_cells)}。"


def _work_groups_say(material: Material) -> str:
    return f"{work_groups_title(material)}。请牵头单位会后逐项对接。"


def _ranking_say(material: Material) -> str:
    return f"{ranking_title(material)}。{ranking_line(material.figures.ranked)}。"


def _weak_links_say(material: Material) -> str:
    first = material.issues["subject"].head(NAMED)
    return f"{weak_links_title(material)}。" + (f"首先是：{'、'.join(first)}。" if len(first) else "")


def _aged_say(material: Material) -> str:
    aged = material.figures.aged
    if aged.empty:
        return f"{aged_title(material)}。"
    most = aged.groupby("township_code")["open"].sum().sort_values(ascending=False, kind="stable")
    name = material.figures.names[most.index[0]]
    return f"{aged_title(material)}。{name}最多，{most.iloc[0]}件；最早的交办于{day(aged['oldest_on'].min())}。"


def _services_say(material: Material) -> str:
    rows = material.figures.streams
    late = rows[(rows["platform"] == "") & rows["overdue"].gt(0) & (rows["stream"] != "litigation")]
    said = "、".join(f"{STREAMS[s].short_name}{n}件" for s, n in zip(late["stream"], late["overdue"], strict=True))
    return f"{services_title(material)}。" + (f"目前超期：{said}。" if said else "目前没有超期。")


def _safety_say(material: Material) -> str:
    places = city_places(material.figures)
    if places.empty:
        return f"{safety_title(material)}。"
    said = "，".join(f"{what}全市第{value:.0f}" for what, value in zip(places["what"], places["value"], strict=True))
    return f"{month(places['month'].max())}通报：{said}。"


def _asked_say(material: Material) -> str:
    return f"{asked_title(material)}，请逐项明确。"


_SAID: dict[Topic, tuple[Callable[[Material], str], Callable[[Material], str]]] = {
    Topic.COVER: (cover_title, _cover_say),
    Topic.DECIDED: (decided_title, _decided_say),
    Topic.OVERVIEW: (overview_title, _overview_say),
    Topic.CAMPAIGN: (campaign_title, _campaign_say),
    Topic.TASKS: (tasks_title, _tasks_say),
    Topic.WORK_GROUPS: (work_groups_title, _work_groups_say),
    Topic.RANKING: (ranking_title, _ranking_say),
    Topic.WEAK_LINKS: (weak_links_title, _weak_links_say),
    Topic.AGED: (aged_title, _aged_say),
    Topic.SERVICES: (services_title, _services_say),
    Topic.SAFETY: (safety_title, _safety_say),
    Topic.ASKED: (asked_title, _asked_say),
}
