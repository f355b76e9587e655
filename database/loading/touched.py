"""From which day on, and where, derived figures may differ once changes are written."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from database.loading.changes import Changes, held_rows
from database.marks import REGION_COLUMNS
from database.tables import case_departments, cases, kpi_values, task_progress

QUIET = frozenset({"departments", "work_groups", "milestones", "task_departments"})
"""Tables that no derived figure depends on."""

_KEY = ["township_code", "case_no", "episode"]
_FROM = {
    "closed_on": ("closed_on",),
    "closing_method": ("closed_on",),
    "satisfaction": ("closed_on",),
    "due_on": ("due_on", "closed_on"),
    "accept_due_on": ("accept_due_on", "accepted_on"),
    "accepted_on": ("accept_due_on", "accepted_on"),
    "due_is_default": (),
}
"""Column of cases -> the days, old and new, from the earliest of which a figure may differ when it alone changes.

A case counts in the period of min(closed_on, due_on): a due date may bring in one closed before. Any other column tells
from the day of opening on.
"""


@dataclass
class Touched:
    """What a refresh must look at again; `is_all`: everything."""

    since: date | None = None
    regions: set[str] = field(default_factory=set)
    is_all: bool = False

    def add(self, days: pd.Series, regions: pd.Series) -> None:
        """Add rows by their day (missing: no figure differs) and region."""
        self.regions |= set(regions)
        if days.notna().any():
            first = days.min().date()
            self.since = first if self.since is None else min(first, self.since)


def touched(connection: Connection, done: Sequence[Changes]) -> Touched:
    """Work out what the changes touch.

    Source: table cases, for the petitions that changed ones repeat.
    """
    found = Touched()
    for change in done:
        rows = pd.concat([change.old, change.new]) if not change.old.empty else change.new
        if rows.empty:
            continue
        if change.table.name in QUIET:  # no figure differs, but what the release remembers of these regions does
            found.regions |= {code for name in REGION_COLUMNS if name in rows for code in rows[name]}
        elif change.table is cases:
            found.add(_first_days(change.old, change.new), rows["township_code"])
            repeated = rows[rows["repeat_of"].notna()]
            origins = held_rows(connection, cases, repeated.assign(case_no=repeated["repeat_of"]), by="case_no")
            found.regions |= set(origins["township_code"])
        elif change.table is case_departments:  # they count in the month in which their case opened
            held = held_rows(connection, cases, rows, by="case_no")
            own = held.loc[held["episode"] == 1, ["township_code", "case_no", "opened_on"]]
            involved = rows[["township_code", "case_no"]].merge(own, on=["township_code", "case_no"])
            found.add(involved["opened_on"], rows["township_code"])
        elif change.table in (task_progress, kpi_values):
            found.add(rows["month"], rows["region_code"])
        else:
            found.is_all = True
    return found


def _first_days(old: pd.DataFrame, new: pd.DataFrame) -> pd.Series:
    """Return, for each episode that differs, the first day on which a figure may; missing where none does."""
    before, after = old.set_index(_KEY), new.set_index(_KEY)
    both = before.index.intersection(after.index)
    alone = [frame.loc[~frame.index.isin(both), "opened_on"] for frame in (before, after)]
    before, after = before.loc[both], after.loc[both]
    first = pd.Series(pd.NaT, both, dtype="datetime64[s]")
    for name in after.columns:
        differs = ~((before[name] == after[name]).fillna(False) | (before[name].isna() & after[name].isna()))
        bounds = [frame[day] for frame in (before, after) for day in _FROM.get(name, ("opened_on",))]
        if bounds and differs.any():
            earliest = pd.concat([first, *bounds], axis=1).min(axis=1)
            first = first.where(~differs.astype(bool), earliest)
    days: pd.Series = pd.concat([part for part in (*alone, first) if not part.empty] or [first])
    return days
