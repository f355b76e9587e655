"""The task checklist as it is shown: tasks with their work group's name, and the red cells with what is due.

Source: DOMAIN "Lights"; COUNTY "Conventions": a red cell shows when it was reported.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.lights import RED, Light
from analysis.tasks import light_counts
from analysis.wording import month

COUNTY_LEVEL = "县级"


def month_title(matrix: pd.DataFrame) -> str:
    """Name the month that a matrix is of: 任务清单 · 2020年8月."""
    return "任务清单" if matrix.empty else f"任务清单 · {month(matrix['month'].iloc[0])}"


def task_rows(matrix: pd.DataFrame, work_groups: pd.Series) -> pd.DataFrame:
    """Return the tasks of a matrix, one row each in its order: task_code, number, title, work_group (name)."""
    rows = matrix[["task_code", "number", "title", "work_group_code"]].drop_duplicates("task_code")
    rows = rows.assign(work_group=rows["work_group_code"].map(work_groups).fillna("未分组"))
    return rows[["task_code", "number", "title", "work_group"]].reset_index(drop=True)


def red_cells(matrix: pd.DataFrame, labels: Mapping[str, str], work_groups: pd.Series) -> pd.DataFrame:
    """Return the red cells of a matrix, the widest gap first, with what a leader asks of each.

    Returns
    -------
    pd.DataFrame
        One row per red cell: task (number and title), region (township label or 县级), region_code, work_group (name),
        light, progress (计划/实际 as text), gap (points behind plan, float64), due_on, reported_on (datetime64[s]).
    """
    red = matrix[matrix["light"].isin(RED)].copy()
    red["task"] = [f"{number} {title}" for number, title in zip(red["number"], red["title"], strict=True)]
    red["region"] = red["region_code"].map(labels).fillna(COUNTY_LEVEL)
    red["work_group"] = red["work_group_code"].map(work_groups).fillna("未分组")
    red["gap"] = red["planned_pct"] - red["last_actual_pct"].fillna(0.0)
    red["progress"] = [
        _progress(plan, actual) for plan, actual in zip(red["planned_pct"], red["actual_pct"], strict=True)
    ]
    columns = ["task", "region", "region_code", "work_group", "light", "progress", "gap", "due_on", "reported_on"]
    return red.sort_values("gap", ascending=False, kind="stable")[columns].reset_index(drop=True)


def own_counts(summary: pd.DataFrame, matrix: pd.DataFrame, *, is_filtered: bool) -> dict[Light, int]:
    """Count tasks by their own light for the county; for chosen townships, the cells of these townships."""
    cells = matrix[matrix["scope"] == "township"]
    return light_counts(cells["light"] if is_filtered else summary["light"])


def _progress(planned: float, actual: float) -> str:
    said = "未报" if pd.isna(actual) else f"{actual:.0f}%"
    return f"{'—' if pd.isna(planned) else f'{planned:.0f}%'} / {said}"
