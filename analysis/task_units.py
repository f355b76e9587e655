"""The checklist by unit: what each lead department and each special work group has, and how it stands.

Source: DOMAIN "Rates in use".
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from analysis.breakdown import SMALL_MARK
from analysis.checklist import NO_GROUP, own_counts
from analysis.findings import NAMED
from analysis.lights import RED, Light
from analysis.milestones import Step
from analysis.remembered import remembered
from analysis.rules import MIN_DENOMINATOR
from analysis.tasks import completion, on_schedule
from analysis.wording import MISSING, fraction, month_day, points, share

NO_LEAD = "未定牵头单位"
BY_GROUP, BY_LEAD = "work_group", "lead"
UNITS = ["unit", "tasks", "lights", "completed", "scheduled", "schedule_rate", "schedule_n", "change", "red",
         "red_cells", "overdue", "trend"]  # fmt: skip
_MISSING = {BY_GROUP: NO_GROUP, BY_LEAD: NO_LEAD}


@remembered
def unit_rows(
    cells: pd.DataFrame, summary: pd.DataFrame, facts: pd.DataFrame, *, by: str, is_filtered: bool
) -> pd.DataFrame:
    """Return a row per unit with what it has, what is done, on schedule, red and overdue, and its months.

    Parameters
    ----------
    cells : pd.DataFrame
        `queries.task_months.cell_months`.
    summary : pd.DataFrame
        `queries.tasks.task_summary`.
    facts : pd.DataFrame
        `queries.task_book.task_facts`: the tasks in question; the order of units is that of their first task.
    by
        BY_GROUP or BY_LEAD.
    is_filtered
        Whether townships are chosen: lights then count their cells, else the tasks as wholes.

    Returns
    -------
    pd.DataFrame
        One row per unit: unit (str), tasks (int64), lights (a mapping of Light to how many), completed, scheduled
        (str, rate with x/n; SMALL_MARK where few are planned), schedule_rate (float64, 0-1, NaN without a plan),
        schedule_n (int64), change (float64, points against the month before), red (str, x/n), red_cells, overdue
        (int64), trend (tuple of rates by month, NaN without a plan). With townships chosen, county tasks are left out.
    """
    named = facts.assign(unit=facts[by].fillna(_MISSING[by])).set_index("code")
    cells = cells[cells["scope"] == "township"] if is_filtered else cells
    rows = []
    for unit, own in named.groupby("unit", sort=False):
        of_unit = cells[cells["task_code"].isin(own.index)]
        whole = summary[summary["task_code"].isin(own.index)]
        if not of_unit.empty:
            rows.append({"unit": unit, **_standing(of_unit, whole, is_filtered=is_filtered)})
    return pd.DataFrame(rows, columns=UNITS)


def units_finding(rows: pd.DataFrame, *, word: str) -> str:
    """Say which unit keeps to schedule best and which least, with x/n; equal ones are not told apart.

    Units with few planned cells (rules.MIN_DENOMINATOR) are not compared.
    """
    judged = rows[rows["schedule_n"] >= MIN_DENOMINATOR]
    known = judged.sort_values("schedule_rate", ascending=False, kind="stable")
    if known.empty:
        return f"各{word}当月有计划的任务不足{MIN_DENOMINATOR}项次，不作比较"
    first, last = known.iloc[0], known.iloc[-1]
    if len(known) == 1 or first["schedule_rate"] == last["schedule_rate"]:
        return f"序时进度完成率：{'、'.join(known['unit'][:3])}{first['scheduled']}"
    red = rows[rows["red_cells"] == rows["red_cells"].max()]
    counted = red["red"].iloc[0] if len(red) == 1 else f"各{red['red_cells'].iloc[0]}个"
    most = f"；红灯{_together(red['unit'])}最多（{counted}）" if red["red_cells"].iloc[0] else ""
    ends = f"最高的{word}是{first['unit']}{first['scheduled']}，较低的是{last['unit']}{last['scheduled']}"
    return f"序时进度完成率{ends}{most}"


def changes_finding(rows: pd.DataFrame, *, word: str) -> str:
    """Say how many units rose and fell against the month before, and who rose most: the title over their table.

    Parameters
    ----------
    rows
        `unit_rows`; a unit without a month before is not counted, equal ones are not told apart.
    """
    known = rows[rows["change"].notna()]
    if known.empty:
        return f"{len(rows)}个{word}，没有上月可比"
    parts = [("上升", known["change"] > 0), ("持平", known["change"] == 0), ("下降", known["change"] < 0)]
    said = "、".join(f"{what}{int(which.sum())}个" for what, which in parts if which.any())
    top = known[known["change"] == known["change"].max()]
    rise = f"，上升最多的是{top['unit'].iloc[0]}（{points(top['change'].iloc[0])}）"
    is_alone = len(top) == 1 and len(known) > 1 and top["change"].iloc[0] > 0
    return f"{len(known)}个{word}的序时进度完成率较上月{said}{rise if is_alone else ''}"


@remembered
def book_rows(summary: pd.DataFrame, facts: pd.DataFrame, steps: pd.DataFrame) -> pd.DataFrame:
    """Return a row per task as an index of the task books: who leads, how it stands, which milestone comes next.

    Parameters
    ----------
    steps : pd.DataFrame
        `analysis.milestones.milestone_rows`.

    Returns
    -------
    pd.DataFrame
        One row per task by work group, then number: row (its place, int64), task_code, task, label (the task, the first
        of a group behind the group's name), work_group, lead,
        responsible, light (str), starts_on, due_on (datetime64[s]), steps_done (str, x/n), next_step (str).
    """
    rows = facts.merge(summary[["task_code", "light"]], left_on="code", right_on="task_code")
    rows = rows.assign(place=rows["work_group_code"].map(_first_seen(facts["work_group_code"])))
    rows = rows.sort_values(["place", "number"], kind="stable", na_position="last").reset_index(drop=True)
    rows["row"] = range(len(rows))
    rows["task"] = [f"{number} {title}" for number, title in zip(rows["number"], rows["title"], strict=True)]
    rows["work_group"], rows["lead"] = rows["work_group"].fillna(NO_GROUP), rows["lead"].fillna(NO_LEAD)
    is_first = ~rows["work_group"].duplicated()
    rows["label"] = ("【" + rows["work_group"] + "】").where(is_first, "") + rows["task"]
    own = [steps[steps["task_code"] == code] for code in rows["task_code"]]
    rows["steps_done"] = [_done(each) for each in own]
    rows["next_step"] = [_next(each) for each in own]
    return rows[["row", "task_code", "task", "label", "work_group", "lead", "responsible", "light", "starts_on",
                 "due_on", "steps_done", "next_step"]]  # fmt: skip


def last_change(rates: Sequence[float]) -> float:
    """Return the last change of rates in points, to a tenth; NaN for less than two."""
    return round(100 * (rates[-1] - rates[-2]), 1) if len(rates) > 1 else float("nan")


def placed_steps(steps: pd.DataFrame, books: pd.DataFrame) -> pd.DataFrame:
    """Put beside each milestone the place of its task in the index: row (int64); tasks that are not in it fall away."""
    return steps.merge(books[["task_code", "row"]], on="task_code")


def _together(units: pd.Series) -> str:
    return "、".join(units[:NAMED]) + (f"等{len(units)}个" if len(units) > NAMED else "")


def _standing(cells: pd.DataFrame, whole: pd.DataFrame, *, is_filtered: bool) -> dict[str, Any]:
    months = [own for _, own in cells.groupby("month")]
    now, counts = months[-1], [on_schedule(own) for own in months]
    rates = [x / n if n else float("nan") for x, n in counts]
    is_red = now["light"].isin(RED)
    return {
        "tasks": now["task_code"].nunique(),
        "lights": own_counts(whole, now, is_filtered=is_filtered),
        "completed": share(*completion(now)),
        "scheduled": f"{share(*counts[-1])}{SMALL_MARK if 0 < counts[-1][1] < MIN_DENOMINATOR else ''}",
        "schedule_rate": rates[-1],
        "schedule_n": counts[-1][1],
        "change": last_change(rates),
        "red": fraction(is_red.sum(), len(now)),
        "red_cells": int(is_red.sum()),
        "overdue": int((now["light"] == Light.OVERDUE).sum()),
        "trend": tuple(rates),
    }


def _done(steps: pd.DataFrame) -> str:
    return fraction(float((steps["state"] == Step.DONE).sum()), len(steps)) if len(steps) else MISSING


def _next(steps: pd.DataFrame) -> str:
    """Name the first milestone that is not done, with its day."""
    left = steps[steps["state"] != Step.DONE]
    if left.empty:
        return "已全部完成" if len(steps) else MISSING
    step = left.sort_values("due_on", kind="stable").iloc[0]
    when = "" if pd.isna(step["due_on"]) else f"（{month_day(step['due_on'])}）"
    return f"{step['shape']} {step['step']}{when}"


def _first_seen(codes: pd.Series) -> dict[Any, int]:
    return {code: i for i, code in enumerate(codes.drop_duplicates())}
