"""The figures a meeting is shown: what everybody may see, as of one day and one release, read once."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property

import pandas as pd

from analysis import breakdown
from analysis.backlog import Headline, backlog_headline
from analysis.breakdown import CampaignNow
from analysis.checklist import lit_cells, own_counts
from analysis.lights import Light
from analysis.rankings import ranked_rows
from analysis.scope import Scope
from analysis.weak_links import chosen
from analysis.wording import day

WHOLE_COUNTY = "全县"


@dataclass(frozen=True)
class Figures:
    """What everybody may see, as of one day and one release; frames as their readers in queries/ return them.

    Attributes
    ----------
    as_of, release, published_at, source, is_demo
        Which figures these are.
    county
        The county's name.
    chosen
        The codes of the townships the filter asks for; all of them without a filter.
    campaign
        The code of the campaign that runs, "" for none: the backlog is then counted within it.
    townships
        code, name, short_name, kind; in the fixed order.
    campaigns, now, then, weekly
        `campaigns`; `backlog_at` the day, at the campaign's baseline; `backlog_by_week`; of the townships chosen.
    in_campaign, all_cases
        `backlog_at` of every township: within the campaign, and of the whole backlog.
    matrix, summary, work_groups, departments
        `task_matrix`, `task_summary`, and names.
    ranking, kpis
        `ranking` and `kpi_table` of the whole county.
    weak_links
        `weak_links` of the whole county.
    aged, streams, county_values, steps
        `queries.meeting`: open cases of long standing, every stream's year, the county's own indicators, and
        `milestones`.
    before, ages, history, indicators
        `backlog_at` a week earlier and `ageing`, of the townships chosen; `rank_history` of the whole county;
        `kpi_definitions`.
    series, courses
        `kpi_series` of the townships chosen, with is_excluded (bool: an annotation takes the month out), and
        `queries.meeting.task_courses`; without columns where they were not asked for, or a meeting was frozen before.
    """

    as_of: date
    release: int
    published_at: datetime
    source: str
    is_demo: bool
    county: str
    chosen: frozenset[str]
    campaign: str
    townships: pd.DataFrame
    campaigns: pd.DataFrame
    now: pd.DataFrame
    then: pd.DataFrame
    weekly: pd.DataFrame
    in_campaign: pd.DataFrame
    all_cases: pd.DataFrame
    matrix: pd.DataFrame
    summary: pd.DataFrame
    work_groups: pd.DataFrame
    departments: pd.DataFrame
    ranking: pd.DataFrame
    kpis: pd.DataFrame
    weak_links: pd.DataFrame
    aged: pd.DataFrame
    streams: pd.DataFrame
    county_values: pd.DataFrame
    steps: pd.DataFrame
    before: pd.DataFrame
    ages: pd.DataFrame
    history: pd.DataFrame
    indicators: pd.DataFrame
    series: pd.DataFrame = field(default_factory=pd.DataFrame)
    courses: pd.DataFrame = field(default_factory=pd.DataFrame)

    def __getstate__(self) -> dict[str, object]:
        """Return what was read alone: what follows from it does not tell one set of figures from another."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def scope(self) -> Scope:
        """The scope of the backlog's figures."""
        return Scope(self.as_of, self.chosen, campaign=self.campaign or None)

    @property
    def is_filtered(self) -> bool:
        """Whether fewer than all townships are asked for."""
        return len(self.chosen) < len(self.townships)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The short name of each township by code, in the fixed order; its full name where two share a short one."""
        short = self.townships["short_name"].fillna(self.townships["name"])
        labels = short.where(~short.duplicated(keep=False), self.townships["name"])
        return dict(zip(self.townships["code"], labels, strict=True))

    @cached_property
    def names(self) -> dict[str, str]:
        """The full name of each township by code, in the fixed order."""
        return dict(zip(self.townships["code"], self.townships["name"], strict=True))

    @cached_property
    def place(self) -> str:
        """What the figures are about: 全县, or the townships chosen."""
        if not self.is_filtered:
            return WHOLE_COUNTY
        names = [label for code, label in self.labels.items() if code in self.chosen]
        return "、".join(names) if len(names) <= 3 else f"{'、'.join(names[:2])}等{len(names)}个乡镇（街道）"

    @property
    def stamp(self) -> str:
        """What stands on everything shown or printed: 截至2020年8月31日 · 全县 · 数据批次1."""
        return f"截至{day(self.as_of)} · {self.place} · 数据批次{self.release}"

    @cached_property
    def headline(self) -> Headline:
        """The backlog in one line."""
        return backlog_headline(self.now, breakdown.recent(self.weekly))

    @cached_property
    def campaign_now(self) -> CampaignNow | None:
        """The campaign against its pace line; None without one."""
        return breakdown.campaign_now(self.scope, self.campaigns, self.now, self.then)

    @cached_property
    def progress(self) -> pd.DataFrame:
        """The resolution rate week by week (`analysis.breakdown.progress`)."""
        weekly = breakdown.recent(self.weekly)
        return breakdown.progress(self.scope, self.campaigns, weekly, self.now, self.then)

    @property
    def closed_in_week(self) -> int:
        """Cases closed in the last seven days: the closings to date less those of a week ago."""
        now, then = (int((each["opened"] + each["reopened"] - each["open"]).sum()) for each in (self.now, self.before))
        return now - then

    @cached_property
    def by_township(self) -> pd.DataFrame:
        """The backlog of each township chosen (`analysis.breakdown.by_township`)."""
        return breakdown.by_township(self.now, self.labels)

    @cached_property
    def total(self) -> dict[str, object]:
        """The row that adds them up (`analysis.breakdown.total`)."""
        return breakdown.total(self.now, self.place)

    @cached_property
    def ranked(self) -> pd.DataFrame:
        """The ranking of the whole county in words (`analysis.rankings.ranked_rows`)."""
        return ranked_rows(self.ranking, self.labels)

    @cached_property
    def lights(self) -> dict[Light, int]:
        """How many tasks show which light; for chosen townships, how many of their cells."""
        return own_counts(self.summary, self.matrix, is_filtered=self.is_filtered)

    @cached_property
    def group_names(self) -> pd.Series:
        """The name of each work group by code, in their order."""
        return self.work_groups.set_index("code")["name"]

    @cached_property
    def red_cells(self) -> pd.DataFrame:
        """The red cells of the checklist in the townships chosen (`analysis.checklist.lit_cells`)."""
        return lit_cells(self.matrix, self.labels, self.group_names)

    @cached_property
    def own_weak_links(self) -> pd.DataFrame:
        """The weak links that concern the townships chosen; all of them without a filter."""
        return chosen(self.weak_links, townships=self.chosen if self.is_filtered else None)
