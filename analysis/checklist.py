"""The task checklist as it is shown: tasks with their work group's name, and the red cells with what is due.

Source: DOMAIN "Lights"; COUNTY "Conventions": a red cell shows when it was reported.
"""

from collections.abc import Collection, Mapping

import pandas as pd

from analysis.lights import LIGHTS, RED, Light
from analysis.remembered import remembered
from analysis.tasks import light_counts
from analysis.wording import month

COUNTY_LEVEL, NO_GROUP = "县级", "未分组"


def month_title(matrix: pd.DataFrame, name: str = "任务清单") -> str:
    """Name the newest month of a matrix or of its history: 任务清单 · 2020年8月."""
    return name if matrix.empty else f"{name} · {month(matrix['month'].max())}"


def task_rows(matrix: pd.DataFrame, work_groups: pd.Series, *, lights: Collection[str] = ()) -> pd.DataFrame:
    """Return the tasks of a matrix by work group, then in its order: task_code, number, title, work_group (name).

    Parameters
    ----------
    work_groups
        Names by code, in the order of the groups.
    lights
        Keep the tasks that have one of these lights somewhere; none given: all.
    """
    shown = matrix[matrix["light"].isin(lights)] if lights else matrix
    rows = shown[["task_code", "number", "title", "work_group_code"]].drop_duplicates("task_code")
    place = rows["work_group_code"].map({code: i for i, code in enumerate(work_groups.index)})
    rows = rows.assign(work_group=rows["work_group_code"].map(work_groups).fillna(NO_GROUP), place=place)
    rows = rows.sort_values("place", kind="stable", na_position="last")
    return rows[["task_code", "number", "title", "work_group"]].reset_index(drop=True)


@remembered
def lit_cells(
    matrix: pd.DataFrame, labels: Mapping[str, str], work_groups: pd.Series, *, lights: Collection[str] = RED
) -> pd.DataFrame:
    """Return the cells of a matrix that have one of some lights (red ones), with what a leader asks of each.

    Returns
    -------
    pd.DataFrame
        One row per cell, the widest gap first: task_code, scope (str), task (number and title), region (township label
        or 县级), region_code, work_group (name), light, progress (计划/实际, text), gap (points behind plan, float64),
        due_on, reported_on (datetime64[s]).
    """
    red = matrix[matrix["light"].isin(lights)].copy()
    red["task"] = [f"{number} {title}" for number, title in zip(red["number"], red["title"], strict=True)]
    red["region"] = red["region_code"].map(labels).fillna(COUNTY_LEVEL)
    red["work_group"] = red["work_group_code"].map(work_groups).fillna(NO_GROUP)
    red["gap"] = red["planned_pct"] - red["last_actual_pct"].fillna(0.0)
    red["progress"] = [
        _progress(plan, actual) for plan, actual in zip(red["planned_pct"], red["actual_pct"], strict=True)
    ]
    columns = [
        "task_code",
        "scope",
        "task",
        "region",
        "region_code",
        "work_group",
        "light",
        "progress",
        "gap",
        "due_on",
        "reported_on",
    ]
    return red.sort_values("gap", ascending=False, kind="stable")[columns].reset_index(drop=True)


def lights_word(lights: Collection[str]) -> str:
    """Name some lights by their words; none given are the red ones."""
    return "、".join(LIGHTS[light].word for light in LIGHTS if light in lights) or "红灯"


def own_counts(summary: pd.DataFrame, matrix: pd.DataFrame, *, is_filtered: bool) -> dict[Light, int]:
    """Count tasks by their own light for the county; for chosen townships, the cells of these townships."""
    cells = matrix[matrix["scope"] == "township"]
    return light_counts(cells["light"] if is_filtered else summary["light"])


def _progress(planned: float, actual: float) -> str:
    said = "未报" if pd.isna(actual) else f"{actual:.0f}%"
    return f"{'—' if pd.isna(planned) else f'{planned:.0f}%'} / {said}"
