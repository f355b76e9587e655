"""What the shared filters may be asked for: townships, days, campaigns, and in a database of several counties a region.

dashboard.py makes it from frames it read, once a run; `components.filters` draws it and tells what was chosen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd

from analysis.streams import STREAMS
from components import page_filters
from components.page_filters import PageFilter
from components.region_filter import Regions, unique_labels, unknown_region

BACKLOG = "petition_backlog"
STREAM_NAMES = {stream.code: stream.name for stream in STREAMS.values()}


@dataclass(frozen=True)
class Campaign:
    """A campaign and the days it runs."""

    code: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True)
class Choices:
    """What may be chosen: what is compared by code in fixed order with its label, and the days with data.

    `townships` are those of the county; where `region` lies above the counties they are its children, and `inside`
    holds every township that lies in them.
    """

    townships: Mapping[str, str]
    earliest: date
    newest: date
    campaigns: tuple[Campaign, ...] = ()
    shown: tuple[str, ...] = ("township", "as_of")
    own: tuple[PageFilter, ...] = ()
    regions: Regions | None = None
    region: str | None = None
    inside: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_above(self) -> bool:
        """Whether regions are compared, not townships."""
        return self.regions is not None and self.region not in self.regions.counties

    @property
    def everything(self) -> frozenset[str]:
        """Return every township in question."""
        return self.inside or frozenset(self.townships)


def choices(
    townships: pd.DataFrame,
    campaigns: pd.DataFrame,
    *,
    newest: date,
    earliest: date | None,
    shown: Sequence[str],
    own: Sequence[PageFilter] = (),
    regions: Regions | None = None,
    region: str | None = None,
) -> Choices:
    """Return what may be chosen, from frames of regions and campaigns.

    Parameters
    ----------
    townships : pd.DataFrame
        `queries.regions.townships`: of all counties.
    own
        The filters of this page only.
    regions, region
        The regions to choose from and the one chosen; None where there is one county.
    """
    running = tuple(
        Campaign(str(row["code"]), _day(row["starts_on"]), _day(row["ends_on"])) for row in campaigns.to_dict("records")
    )
    labels = township_names(townships, regions)
    inside: frozenset[str] = frozenset()
    if regions is not None and region is not None:
        counties = set(regions.counties_in(region))
        parents = zip(townships["code"], townships["parent_code"], strict=True)
        inside = frozenset(code for code, parent in parents if parent in counties)
        is_county = region in regions.counties
        within = {code: name for code, name in labels.items() if code in inside}
        labels = within if is_county else {code: regions.labels[code] for code in regions.children(region)}
    days = earliest or newest, newest
    return Choices(labels, *days, running, tuple(shown), tuple(own), regions, region, inside)


def township_names(townships: pd.DataFrame, regions: Regions | None) -> dict[str, str]:
    """Return a label for each township by code, unlike any other: a doubled short name gives way to the name."""
    labels = unique_labels(townships, {} if regions is None else regions.labels)
    return dict(zip(townships["code"], labels, strict=True))


def not_honoured(query: Mapping[str, Sequence[str]], options: Choices) -> list[str]:
    """Return one Chinese sentence for each value in the URL that no filter can take.

    `query` is the URL before the filters are drawn: Streamlit drops what it cannot use without a word.
    """
    notes = list(filter(None, [unknown_region(options.regions, query)]))
    known = set(options.townships.values())
    unknown = [name for name in query.get("township", ()) if name and name not in known]
    if unknown:
        rest = "其余所选乡镇（街道）照常显示" if set(query["township"]) & known else f"已显示{whole_place(options)}"
        notes.append(f"链接中的乡镇（街道）“{'、'.join(unknown)}”不在本县名单中，{rest}。")
    for text in query.get("as_of", ()):
        if not _is_within(text, options):
            notes.append(
                f"链接中的截至日期“{text}”无法使用（可选{options.earliest}至{options.newest}），已按{options.newest}显示。"
            )
    for text in query.get("stream", ()):
        if text not in STREAM_NAMES.values():
            notes.append(f"链接中的事项类别“{text}”不存在，已按{STREAM_NAMES[BACKLOG]}显示。")
    return [*notes, *filter(None, (page_filters.unknown(own, query) for own in options.own))]


def whole_place(options: Choices) -> str:
    """Name the place of everything in question: 全县, or the region by its label where there are several."""
    if options.regions is None or options.region is None:
        return "全县"
    return options.regions.labels[options.region]


def _is_within(text: str, options: Choices) -> bool:
    try:
        return options.earliest <= date.fromisoformat(text) <= options.newest
    except ValueError:
        return False


def _day(value: pd.Timestamp) -> date:
    return date(value.year, value.month, value.day)
