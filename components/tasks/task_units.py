"""The tables of 按部门、专项组: units, milestones to come, and the index of task books."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.breakdown import SMALL_MARK
from analysis.checklist import NO_GROUP
from analysis.lights import LIGHTS, Light
from analysis.rules import MIN_DENOMINATOR
from analysis.task_units import BY_GROUP, NO_LEAD, last_change
from analysis.wording import MISSING, number
from components.kpi import sparkline
from components.lights import counted_marks, light_mark, light_word
from components.links import TASKS, address, link_mark, task_link
from components.page_filters import DEPARTMENT, WORK_GROUP
from components.tables import Column, count, short_day
from components.tasks.task_book import STEP_COLUMNS

Filters = Mapping[str, str | Sequence[str]]
UNITS_CAPTION = (
    f"括号内为项次（一项任务在一个乡镇（街道）为一项次）；{SMALL_MARK} 有计划的不足{MIN_DENOMINATOR}项次，不作比较。"
    "走势从零画起，▲▼为较上月的百分点。"
)


def lights_mark(counts: Mapping[Light, int]) -> str:
    """Return how many there are of each light as trusted markup, on one line."""
    return f'<span class="gov-lights">{"".join(f"<span>{mark}</span>" for mark in counted_marks(counts))}</span>'


def lights_said(counts: Mapping[Light, int]) -> str:
    """Say how many there are of each light."""
    return "、".join(f"{LIGHTS[light].word}{n}" for light, n in counts.items() if n)


def change_said(points: float) -> str:
    """Say a change in points with its direction; "" without a month before."""
    if pd.isna(points):
        return ""
    said = number(abs(points), digits=1)
    return "持平" if said == "0" else f"{'▲' if points > 0 else '▼'}{said}"


def trend_mark(rates: Sequence[float]) -> str:
    """Return the rates of the months as a small line from zero to one, with the last change in points; — for one."""
    source = sparkline(rates, top=1.0)
    if not source:
        return MISSING
    image = f'<img src="{source}" alt="序时进度完成率逐月走势">'
    return f'<span class="gov-trend">{image}{change_said(last_change(rates))}</span>'


_TASKS = Column("tasks", "任务", count, is_number=True)
_RATES = (
    Column("completed", "任务完成率", is_number=True, figure="task_completion"),
    Column("scheduled", "序时进度完成率", is_number=True, figure="on_schedule"),
)
_OVERDUE = Column("overdue", "逾期", count, is_number=True, figure="task_overdue")


def unit_columns(word: str, *, is_filtered: bool) -> tuple[Column, ...]:
    """Return the columns of the units' table; `word` says what a unit is, lights count cells where it is filtered."""
    lights = "亮灯（项次）" if is_filtered else "任务亮灯"
    return (
        Column("linked", word, html=link_mark),
        _TASKS,
        Column("lights", lights, html=lights_mark, figure="task_light"),
        *_RATES,
        Column("trend", "逐月走势、较上月", html=trend_mark, figure="task_trend"),
        Column("red", "红灯", is_number=True, figure="red_cells"),
        _OVERDUE,
    )


def unit_export(word: str) -> tuple[Column, ...]:
    """Return the columns of the units' download."""
    lights = Column("lights", "亮灯", csv=lights_said)
    change = Column("change", "较上月（百分点）")
    return (Column("unit", word), _TASKS, lights, *_RATES, change, Column("red_cells", "红灯（项次）"), _OVERDUE)


_LEAD = Column("lead", "牵头单位")
STEPS = (Column("linked", "重点任务", html=link_mark), _LEAD, *STEP_COLUMNS)
STEPS_EXPORT = (Column("task", "重点任务"), Column("work_group", "专项组"), _LEAD, *STEP_COLUMNS)

BOOKS_EXPORT = (
    Column("task", "重点任务"),
    Column("work_group", "专项组", is_unbroken=True),
    Column("lead", "牵头单位", is_unbroken=True),
    Column("responsible", "责任单位"),
    Column("light", "亮灯", html=light_mark, csv=light_word, figure="task_light"),
    Column("due_on", "完成时限", short_day, is_unbroken=True),
    Column("steps_done", "里程碑", is_number=True, figure="milestone"),
    Column("next_step", "下一个里程碑"),
)
BOOKS = (
    Column("linked", "任务书（点开可打印）", html=link_mark),
    *(column for column in BOOKS_EXPORT[1:] if column.field != "responsible"),
)


def linked_units(rows: pd.DataFrame, *, by: str, filters: Filters) -> pd.DataFrame:
    """Put beside each unit its name with the address of its tasks' matrix: linked (text, address)."""
    key = WORK_GROUP if by == BY_GROUP else DEPARTMENT
    targets = [
        address(TASKS, **(filters if unit in (NO_GROUP, NO_LEAD) else {**filters, key: unit})) for unit in rows["unit"]
    ]
    linked: list[Any] = list(zip(rows["unit"], targets, strict=True))
    return rows.assign(linked=linked)


def linked_rows(rows: pd.DataFrame, *, filters: Filters) -> pd.DataFrame:
    """Put beside each row its task with the address of its page: linked (text, address)."""
    targets = [task_link(code, filters=filters) for code in rows["task_code"]]
    linked: list[Any] = list(zip(rows["task"], targets, strict=True))
    return rows.assign(linked=linked)
