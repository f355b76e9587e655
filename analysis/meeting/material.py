"""What a meeting is shown: figures and rows its slides, its bulletin and its workbook are made of, read once.

Figures are open to every signed-in role, rows are held to the viewer's rights; so they stand apart. Both are frozen
together by 会议定稿 (`analysis.meeting.freezing`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis.follow_ups import decisions
from analysis.meeting.figures import Figures
from analysis.scope import Rights
from analysis.weak_links import chosen, foremost
from analysis.weak_links.briefing import weak_link_rows
from analysis.weak_links.remarks import with_remarks


@dataclass(frozen=True)
class Rows:
    """What only those concerned may read, within somebody's rights.

    Attributes
    ----------
    texts, cases
        `queries.tasks.task_list` and `queries.weak_links.pressing_cases`.
    follow_ups
        `analysis.follow_ups.follow_up_table`.
    reasons
        What annotations explain, by the reference of the weak link.
    """

    texts: pd.DataFrame
    cases: pd.DataFrame
    follow_ups: pd.DataFrame
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class Material:
    """Figures and rows together, for somebody with these rights."""

    figures: Figures
    rows: Rows
    rights: Rights

    @cached_property
    def issues(self) -> pd.DataFrame:
        """The few weak links that the meeting takes up, told within the rights (`weak_link_rows`)."""
        return weak_link_rows(foremost(chosen(self._told, townships=self._townships)))

    def issues_of(self, township: str) -> pd.DataFrame:
        """Return the weak links of one township, the worst first, told within the rights.

        Those that name the township alone come before those of a whole task, in which it is one of many.
        """
        found = chosen(self._told, townships=[township])
        is_own = found["region_code"] == township
        return weak_link_rows(pd.concat([found[is_own], found[~is_own]], ignore_index=True))

    @cached_property
    def asked(self) -> pd.DataFrame:
        """What the meeting is asked to decide: its weak links on which nothing is decided yet."""
        return self.issues[self.issues["decided"] == ""].reset_index(drop=True)

    @property
    def _townships(self) -> frozenset[str] | None:
        return self.figures.chosen if self.figures.is_filtered else None

    @cached_property
    def _told(self) -> pd.DataFrame:
        """Every weak link with what is known to be done about it."""
        return with_remarks(
            self.figures.weak_links,
            self.rows.texts,
            self.rows.cases,
            rights=self.rights,
            departments=self.figures.departments.set_index("code")["name"],
            reasons=self.rows.reasons,
            decisions=decisions(self.rows.follow_ups),
        )


def narrowed(rows: Rows, rights: Rights) -> Rows:
    """Return the rows of those who may read everything, narrowed to what somebody with `rights` may read.

    A township reads its own; a department the tasks and cases that it leads, and every follow-up.
    """
    texts, cases, decided = rows.texts, rows.cases, rows.follow_ups
    if rights.townships is not None:
        texts = texts[texts["region_code"].isin(rights.townships)]
        cases = cases[cases["township_code"].isin(rights.townships)]
        decided = decided[decided["township_code"].isin(rights.townships)]
    if rights.department is not None:
        texts = texts[texts["lead_department_code"] == rights.department]
        cases = cases[cases["lead_department_code"] == rights.department]
    texts, cases, decided = (frame.reset_index(drop=True) for frame in (texts, cases, decided))
    return Rows(texts, cases, decided, rows.reasons)
