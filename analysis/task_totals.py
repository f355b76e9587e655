"""The checklist of a region added up over its cells, as it was known from one day on: what its lights are made of.

Source: DOMAIN "Lights".
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.lights import RED, light_codes, light_names, one_of
from analysis.rules import SUMMARY_UNREPORTED_SHARE
from analysis.tasks import KEYS, Reports, laid_out

Floats = npt.NDArray[np.float64]
Days = npt.NDArray[np.datetime64]

COUNTS = ("cells", "red_cells", "planned_cells", "unreported_cells")
SUMS = (*COUNTS, "planned_total", "actual_total")
KEY = ["task_code", "month", "known_on"]
_NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class TaskTotals:
    """Sums by day of knowledge, task and month: `sums` has the measures SUMS first, `reported` the last report's day.

    `days` rise; the last day of each month is among them. A month is told of from its last day on.
    """

    tasks: list[str]
    months: Days
    days: Days
    sums: Floats
    reported: Days


def totals_of_cells(rows: pd.DataFrame, tasks: pd.DataFrame, months: Days) -> TaskTotals:
    """Add up cells as they were known at each month's end and after each late report.

    Parameters
    ----------
    rows : pd.DataFrame
        Every row of task_progress of some regions: task_code, region_code (str), month, planned_pct, actual_pct,
        reported_on.
    tasks : pd.DataFrame
        code, starts_on, due_on.
    months
        datetime64[M], consecutive; a cell that has rows of other months alone counts among the cells.
    """
    index = pd.MultiIndex.from_frame(rows[KEYS].drop_duplicates().sort_values(KEYS))
    names, starts = np.unique(index.get_level_values(0).to_numpy(object), return_index=True)
    cells = _Cells(index, starts, months, _reports(rows, index), tasks)
    days = np.unique(np.concatenate([_end(months), cells.late_days()]))
    shape = (len(days), len(names), len(months))
    sums, last = np.zeros((len(SUMS), *shape)), np.full(shape, _NEVER)
    sums[0] = np.diff(np.append(starts, len(index)))[:, None]
    if len(names):
        for i, day in enumerate(days):
            cells.add_up(day, sums[1:, i], last[i])
    return TaskTotals(names.tolist(), months, days, sums, last)


@dataclass(frozen=True)
class _Cells:
    """Cells in the order of their tasks, each of which begins at one of `starts`, and what was reported of them."""

    index: pd.MultiIndex
    starts: npt.NDArray[np.intp]
    months: Days
    reports: Reports
    tasks: pd.DataFrame

    def late_days(self) -> Days:
        """Return the days of reports that came after the end of their month."""
        late: Days = self.reports.reported_on[self.reports.reported_on > _end(self.reports.month)]
        return late

    def add_up(self, day: np.datetime64, sums: Floats, last: Days) -> None:
        """Add up what was known on a day, by task and month: into SUMS without the first, and the last report's day."""
        told, r = self.months[_end(self.months) <= day], self.reports
        is_told = r.month <= told[-1]
        if not is_told.any():
            return
        is_later = r.reported_on > day
        actual, on = np.where(is_later, np.nan, r.actual), np.where(is_later, _NEVER, r.reported_on)
        known = Reports(*(column[is_told] for column in (r.cell, r.month, r.planned, actual, on)))
        found = laid_out(known, self.index, self.tasks, month=told[-1].astype(object))
        plans, silent = found.planned.to_numpy(), np.isnan(found.actual.to_numpy())
        has_plan = ~np.isnan(plans)
        is_red = one_of(light_codes(found.planned, found.actual, found.starts_on, found.due_on), RED)
        newest = np.where(has_plan, np.nan_to_num(found.actual.ffill(axis=1).to_numpy()), 0.0)
        at = slice(len(told) - plans.shape[1], len(told))
        for k, part in enumerate((is_red, has_plan, has_plan & silent, np.nan_to_num(plans), newest)):
            sums[k, :, at] = np.add.reduceat(part.astype(np.float64), self.starts, axis=0)
        task = np.searchsorted(self.starts, known.cell, side="right") - 1
        np.fmax.at(last, (task, (known.month - self.months[0]).astype(np.intp)), known.reported_on)


def _reports(rows: pd.DataFrame, cells: pd.MultiIndex) -> Reports:
    return Reports(
        cells.get_indexer(pd.MultiIndex.from_frame(rows[KEYS])),
        rows["month"].to_numpy(dtype="datetime64[M]"),
        rows["planned_pct"].to_numpy(dtype=np.float64),
        rows["actual_pct"].to_numpy(dtype=np.float64),
        rows["reported_on"].to_numpy(dtype="datetime64[D]"),
    )


def totals_of_parts(parts: pd.DataFrame, months: Days) -> TaskTotals:
    """Add up the rows of regions, each as it stood on every day of any of them.

    Parameters
    ----------
    parts : pd.DataFrame
        What `total_rows` returns of each, with its region_code.
    """
    days = np.unique(parts["known_on"].to_numpy("datetime64[D]"))
    tasks = np.unique(parts["task_code"].to_numpy(object))
    regions = np.unique(parts["region_code"].to_numpy(object))
    shape = (len(regions), len(days), len(tasks), len(months))
    at = (
        np.searchsorted(regions, parts["region_code"].to_numpy(object)),
        np.searchsorted(days, parts["known_on"].to_numpy("datetime64[D]")),
        np.searchsorted(tasks, parts["task_code"].to_numpy(object)),
        (parts["month"].to_numpy("datetime64[M]") - months[0]).astype(int),
    )
    row = np.zeros(shape, dtype=np.intp)  # 0 is a row of nothing
    row[at] = np.arange(1, len(parts) + 1)
    held = np.maximum.accumulate(np.where(row > 0, np.arange(shape[1])[:, None, None], 0), axis=1)
    row = np.take_along_axis(row, held, axis=1)
    sums = np.zeros((len(SUMS), *shape[1:]))
    for k, name in enumerate(SUMS):
        own = np.append(0.0, parts[name].to_numpy(np.float64))
        for region in row:
            sums[k] += own[region]
    days_of = np.append(_NEVER, parts["reported_on"].to_numpy("datetime64[D]"))
    return TaskTotals(tasks.tolist(), months, days, sums, np.fmax.reduce(days_of[row], axis=0))


def total_rows(totals: TaskTotals, tasks: pd.DataFrame) -> pd.DataFrame:
    """Lay totals out as rows, one wherever something differs from the day before, with the light of the means.

    Returns
    -------
    pd.DataFrame
        One row per task, month and known_on (the day from which it holds, the month's last or a later one; str,
        datetime64[s]), in order: cells, red_cells, planned_cells, unreported_cells (int64), planned_total, actual_total
        (float64, percent added up over cells with a plan), reported_on (datetime64[s], NaT none), light (str).
    """
    codes = _lights(totals, tasks)
    months_end = _end(totals.months)
    is_told = totals.days[:, None, None] >= months_end
    differs = np.ones(codes.shape, dtype=bool)
    same_sums = (totals.sums[:, 1:] == totals.sums[:, :-1]).all(axis=0)
    now, before = totals.reported[1:], totals.reported[:-1]
    same_day = (now == before) | (np.isnat(now) & np.isnat(before))
    differs[1:] = ~(same_sums & same_day & (codes[1:] == codes[:-1]))
    keep = is_told & (differs | (totals.days[:, None, None] == months_end))
    task, month, day = np.nonzero(keep.transpose(1, 2, 0))
    at = day, task, month
    frame = pd.DataFrame(
        {
            "task_code": pd.array(np.array(totals.tasks, dtype=object)[task], dtype="str"),
            "month": totals.months[month].astype("datetime64[s]"),
            "known_on": totals.days[day].astype("datetime64[s]"),
            **{name: totals.sums[k][at] for k, name in enumerate(SUMS)},
            "reported_on": totals.reported[at].astype("datetime64[s]"),
            "light": light_names(codes[at]),
        }
    )
    return frame.astype(dict.fromkeys(COUNTS, "int64"))


def _lights(totals: TaskTotals, tasks: pd.DataFrame) -> npt.NDArray[np.int8]:
    """Return the light of each task in each month, as it was known on each day: the rule table over the means."""
    _, _, planned_cells, unreported, planned, actual = totals.sums
    known = np.where(planned_cells > 0, planned_cells, np.nan)
    is_silent = unreported / known > SUMMARY_UNREPORTED_SHARE
    shape = planned.shape
    plans, actuals = planned / known, np.where(is_silent, np.nan, actual / known)
    about = tasks.drop_duplicates("code").set_index("code").reindex(totals.tasks)
    columns = pd.DatetimeIndex(totals.months.astype("datetime64[s]"))
    wide = (pd.DataFrame(part.reshape(-1, shape[-1]), columns=columns) for part in (plans, actuals))
    planned_pct, actual_pct = wide
    starts_on, due_on = (
        pd.Series(np.tile(about[name].to_numpy("datetime64[s]"), shape[0])) for name in ("starts_on", "due_on")
    )
    return light_codes(planned_pct, actual_pct, starts_on, due_on).reshape(shape)


def _end(months: Days) -> Days:
    """Return the last day of each month."""
    following: Days = (months + 1).astype("datetime64[D]")
    return following - 1
