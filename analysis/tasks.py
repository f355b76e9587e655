"""The 35 tasks: cells, the light of a task as a whole, counts and completion rates.

Source: DOMAIN "Lights" and "Rates in use".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.lights import LIGHTS, RED, Light, light_codes, light_history, light_names
from analysis.rules import SUMMARY_UNREPORTED_SHARE

KEYS = ["task_code", "region_code"]


@dataclass(frozen=True)
class Progress:
    """Plans and reports of every cell, one row per (task_code, region_code), one column per month up to the last."""

    planned: pd.DataFrame
    actual: pd.DataFrame
    reported_on: pd.Series
    starts_on: pd.Series
    due_on: pd.Series


@dataclass(frozen=True)
class Means:
    """Plans and actuals of each task as means over its cells, and its own light: a row a task, a column a month."""

    planned: pd.DataFrame
    actual: pd.DataFrame
    lights: pd.DataFrame


@dataclass(frozen=True)
class Reports:
    """Rows of task_progress as arrays: the cell each belongs to, its month, and what it says.

    cell: the row of its cell among the cells; month: datetime64[M]; planned, actual: percent, NaN none; reported_on:
    datetime64[s], NaT none.
    """

    cell: npt.NDArray[np.intp]
    month: npt.NDArray[np.datetime64]
    planned: npt.NDArray[np.float64]
    actual: npt.NDArray[np.float64]
    reported_on: npt.NDArray[np.datetime64]


def progress_by_month(rows: pd.DataFrame, cells: pd.DataFrame, tasks: pd.DataFrame, *, month: date) -> Progress:
    """Lay the reports out by cell and month, from frames.

    Parameters
    ----------
    rows : pd.DataFrame
        Rows of task_progress up to `month`: task_code, region_code, month, planned_pct, actual_pct, reported_on.
    cells : pd.DataFrame
        Every (task_code, region_code) in which a task applies, in the order wanted.
    tasks : pd.DataFrame
        code, starts_on, due_on.
    """
    index = pd.MultiIndex.from_frame(cells[KEYS])
    reports = Reports(
        index.get_indexer(pd.MultiIndex.from_frame(rows[KEYS])),
        rows["month"].to_numpy(dtype="datetime64[M]"),
        rows["planned_pct"].to_numpy(dtype=np.float64),
        rows["actual_pct"].to_numpy(dtype=np.float64),
        rows["reported_on"].to_numpy(dtype="datetime64[s]"),
    )
    return laid_out(reports, index, tasks, month=month)


def laid_out(reports: Reports, cells: pd.MultiIndex, tasks: pd.DataFrame, *, month: date) -> Progress:
    """Lay the reports out by cell (task_code, region_code) and month.

    Plans are cumulative, so a month without a row keeps the last plan; it counts as not reported unless the cell had
    reached 100 before. `tasks` has code, starts_on, due_on.
    """
    last = np.datetime64(month, "M")
    first = reports.month.min() if len(reports.month) else last
    shape = (len(cells), int((last - first).astype(int)) + 1)
    at = reports.cell, (reports.month - first).astype(np.intp)
    planned, actual = np.full(shape, np.nan), np.full(shape, np.nan)
    has_row = np.zeros(shape, dtype=bool)
    planned[at], actual[at], has_row[at] = reports.planned, reports.actual, True
    for i in range(1, shape[1]):
        gone = ~has_row[:, i]
        planned[gone, i] = planned[gone, i - 1]
        actual[gone, i] = np.where(actual[gone, i - 1] >= 100, actual[gone, i - 1], np.nan)
    is_last = reports.month == last
    reported = np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[s]")
    reported[reports.cell[is_last]] = reports.reported_on[is_last]
    months = pd.DatetimeIndex(np.arange(first, last + 1).astype("datetime64[s]"))
    return Progress(
        pd.DataFrame(planned, index=cells, columns=months),
        pd.DataFrame(actual, index=cells, columns=months),
        pd.Series(reported, index=cells),
        _of_tasks(tasks, "starts_on", cells),
        _of_tasks(tasks, "due_on", cells),
    )


def _of_tasks(tasks: pd.DataFrame, name: str, cells: pd.MultiIndex) -> pd.Series:
    """Return a day of each cell's task, indexed by task_code."""
    known = pd.Index(tasks["code"]).get_indexer(cells.levels[0])
    days = tasks[name].to_numpy(dtype="datetime64[s]")
    return pd.Series(days[known[cells.codes[0]]], index=cells.get_level_values(0), name=name)


def cell_lights(progress: Progress) -> pd.DataFrame:
    """Return the newest month of every cell.

    Returns
    -------
    pd.DataFrame
        One row per cell in the order of `progress`: task_code, region_code (str), planned_pct, actual_pct (float64,
        0 to 100, NaN none), last_actual_pct (of the newest report), reported_on (datetime64[s]), light,
        previous_light (str; "" in the first month).
    """
    codes = light_codes(progress.planned, progress.actual, progress.starts_on, progress.due_on)
    before = light_names(codes[:, -2]) if codes.shape[1] > 1 else pd.array([""] * len(codes), dtype="str")
    actual = progress.actual.to_numpy()
    cells = progress.planned.index
    return pd.DataFrame(
        {
            **{name: cells.get_level_values(name).array for name in KEYS},
            "planned_pct": progress.planned.to_numpy()[:, -1],
            "actual_pct": actual[:, -1],
            "last_actual_pct": newest_reports(actual),
            "reported_on": progress.reported_on.to_numpy(),
            "light": light_names(codes[:, -1]),
            "previous_light": before,
        }
    )


def newest_reports(actual: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the newest percent that each cell reported, of cells by months; NaN where it never did."""
    newest = actual[:, 0].copy()
    for i in range(1, actual.shape[1]):
        newest = np.where(np.isnan(actual[:, i]), newest, actual[:, i])
    return newest


def task_lights(progress: Progress) -> pd.DataFrame:
    """Return each task's own light: the rule table applied to the means over its cells.

    Returns
    -------
    pd.DataFrame
        One row per task_code, in the order of first appearance: planned_pct, actual_pct (means, float64), light,
        previous_light (str), cells, red_cells, unreported_cells (int64).
    """
    means = task_means(progress)
    codes = progress.planned.index.get_level_values("task_code")
    missing = (progress.actual.isna() & progress.planned.notna()).groupby(codes, sort=False).sum()
    cells = cell_lights(progress)
    is_red = cells["light"].isin(RED).groupby(cells["task_code"], sort=False)
    frame = pd.DataFrame(
        {
            "planned_pct": means.planned.iloc[:, -1],
            "actual_pct": means.actual.iloc[:, -1],
            "light": means.lights.iloc[:, -1],
        }
    )
    frame["previous_light"] = means.lights.iloc[:, -2] if means.lights.shape[1] > 1 else ""
    frame["cells"], frame["red_cells"] = is_red.size(), is_red.sum()
    frame["unreported_cells"] = missing.iloc[:, -1].astype("int64")
    return frame.rename_axis("task_code").reset_index()


def task_means(progress: Progress) -> Means:
    """Return each task's means over its cells, and its own light, month by month.

    A cell that never reported enters the mean of actual as 0; a task is 未报送 when more than half of its cells are.
    """
    return _means(progress, [progress.planned.index.get_level_values("task_code")])


def unit_lights(progress: Progress, units: Mapping[str, str]) -> pd.DataFrame:
    """Return each task's light in each region above the townships: the rule table over the means of its cells there.

    Parameters
    ----------
    units
        To which region compared each region of a cell belongs, by code, in the order wanted.

    Returns
    -------
    pd.DataFrame
        As `cell_lights`, one row per task and unit; reported_on is that of the last report there.
    """
    tasks, regions = (progress.planned.index.get_level_values(name) for name in KEYS)
    by = [tasks, regions.map(units).rename("region_code")]
    means = _means(progress, by)
    months = means.lights.columns
    frame = pd.DataFrame(
        {
            "planned_pct": means.planned.iloc[:, -1],
            "actual_pct": means.actual.iloc[:, -1],
            "last_actual_pct": means.actual.iloc[:, -1],
            "reported_on": progress.reported_on.groupby(by, sort=False).max(),
            "light": means.lights[months[-1]],
            "previous_light": means.lights[months[-2]] if len(months) > 1 else "",
        }
    ).reset_index()
    order = {code: i for i, code in enumerate(dict.fromkeys((*tasks, *units.values())))}
    return frame.sort_values(KEYS, key=lambda codes: codes.map(order), kind="stable", ignore_index=True)


def _means(progress: Progress, by: list[pd.Index]) -> Means:
    """Return means and lights of groups of cells; `by` names the group of each cell."""
    has_plan = progress.planned.notna()
    planned = progress.planned.groupby(by, sort=False).mean()
    last = progress.actual.ffill(axis=1).fillna(0.0).where(has_plan)
    actual = last.groupby(by, sort=False).mean()
    missing = (progress.actual.isna() & has_plan).groupby(by, sort=False).sum()
    shares = missing / has_plan.groupby(by, sort=False).sum().where(lambda counts: counts > 0)
    starts_on, due_on = (
        days.set_axis(progress.planned.index).groupby(by, sort=False).first()
        for days in (progress.starts_on, progress.due_on)
    )
    lights = light_history(planned, actual.mask(shares > SUMMARY_UNREPORTED_SHARE), starts_on, due_on)
    return Means(planned, actual, lights)


def light_counts(lights: pd.Series) -> dict[Light, int]:
    """Count the cells or tasks of each light, every light named, in the order of LIGHTS."""
    counts = lights.value_counts()
    return {name: int(counts.get(name.value, 0)) for name in LIGHTS}


def completion(cells: pd.DataFrame) -> tuple[int, int]:
    """Return (x, n) of 任务完成率: cells with actual = 100 among the cells assigned."""
    return int((cells["actual_pct"] >= 100).sum()), len(cells)


def on_schedule(cells: pd.DataFrame) -> tuple[int, int]:
    """Return (x, n) of 序时进度完成率: cells with actual >= planned among those with a plan for the month.

    A cell without a report is not met; one whose plan is still 0 has no plan for the month.
    """
    planned = cells[cells["planned_pct"] > 0]
    return int((planned["actual_pct"] >= planned["planned_pct"]).sum()), len(planned)
