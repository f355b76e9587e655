"""The 35 key tasks, their departments, their plan by month and their milestones."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from database.demo.days import DEMO_AS_OF
from database.demo.departments import CODES
from database.demo.regions import COUNTY

MONTHS = tuple(date(2020, month, 1) for month in range(5, 13))
"""The months of the action: planned from May to December, reported to August."""

STATED_PLANS = {"T26": (10, 20, 30, 45, 55, 75, 85, 100), "T31": (0, 40, 60, 80, 100, 100, 100, 100)}

STATED_MILESTONES: dict[str, tuple[tuple[str, date, date | None], ...]] = {
    "T06": (
        ("三定方案下文", date(2020, 6, 30), date(2020, 6, 28)),
        ("硬件升级改造", date(2020, 8, 15), date(2020, 8, 14)),
        ("运行机制健全", date(2020, 9, 30), None),
        ("内设机构人员到位", date(2020, 10, 31), None),
    ),
    "T26": (
        ("定期研讨", date(2020, 12, 31), None),
        ("公开招标公告", date(2020, 8, 21), date(2020, 8, 21)),
        ("应用系统上线", date(2020, 10, 31), None),
        ("争取省级试点", date(2020, 12, 31), None),
    ),
}
"""What the interview says; days that it does not name are invented."""

LATE_MILESTONES = frozenset({("T29", "诉求流转试运行"), ("T34", "监测设备接入")})
"""Steps that are still open after their day."""


@dataclass(frozen=True)
class Task:
    """One key task as tasks.csv has it, with its work in words and its planned percent by month of MONTHS."""

    code: str
    title: str
    scope: str
    group: str
    lead: str
    responsible: tuple[str, ...]
    origin: str
    weight: float
    starts_on: date
    due_on: date
    objective: str
    measure: str
    work: tuple[str, ...]

    @property
    def planned(self) -> tuple[int, ...]:
        """Return the planned cumulative percent at each month's end: 0 before the start, 100 from the due month."""
        if self.code in STATED_PLANS:
            return STATED_PLANS[self.code]
        steps = [month for month in MONTHS if _month(self.starts_on) <= month <= _month(self.due_on)]
        bend = 0.85 + 0.05 * (int(self.code[1:]) % 5)
        share = {month: round(20 * ((i + 1) / len(steps)) ** bend) * 5 for i, month in enumerate(steps)}
        return tuple(share.get(month, 0 if month < self.starts_on else 100) for month in MONTHS)


@cache
def key_tasks() -> tuple[Task, ...]:
    """Return the 35 tasks in order, as tasks.csv lists them."""
    with (Path(__file__).parent / "tasks.csv").open(encoding="utf-8") as file:
        return tuple(_task(row) for row in csv.DictReader(file))


def tasks() -> pd.DataFrame:
    """Return one row per task with the columns of table `tasks`, T01 to T35."""
    return pd.DataFrame(
        [
            {
                "code": task.code,
                "number": int(task.code[1:]),
                "title": task.title,
                "objective": task.objective,
                "scope": task.scope,
                "work_group_code": task.group,
                "lead_department_code": CODES[task.lead],
                "measure": task.measure,
                "weight": task.weight,
                "starts_on": task.starts_on,
                "due_on": task.due_on,
                "origin": task.origin,
            }
            for task in key_tasks()
        ]
    )


def task_departments() -> pd.DataFrame:
    """Return one row per task, department and role with the columns of table `task_departments`."""
    rows = []
    for task in key_tasks():
        rows.append({"task_code": task.code, "department_code": CODES[task.lead], "role": "lead"})
        rows += [
            {"task_code": task.code, "department_code": CODES[name], "role": "responsible"} for name in task.responsible
        ]
    return pd.DataFrame(rows)


def milestones() -> pd.DataFrame:
    """Return one row per step of a task with the columns of table `milestones`; all stand on the county."""
    return pd.DataFrame(
        [
            {
                "region_code": COUNTY,
                "task_code": task.code,
                "seq": seq,
                "title": title,
                "due_on": due_on,
                "done_on": done_on,
            }
            for task in key_tasks()
            for seq, (title, due_on, done_on) in enumerate(STATED_MILESTONES.get(task.code) or _steps(task), start=1)
        ]
    )


def _steps(task: Task) -> tuple[tuple[str, date, date | None], ...]:
    """Take every second month of the plan, and the last, as the task's milestones."""
    own = [i for i, month in enumerate(MONTHS) if _month(task.starts_on) <= month <= _month(task.due_on)]
    chosen = sorted({*own[1::2], own[-1]})
    return tuple(_step(task, task.work[i], min(_month_end(MONTHS[i]), task.due_on)) for i in chosen)


def _step(task: Task, title: str, due_on: date) -> tuple[str, date, date | None]:
    is_done = due_on <= DEMO_AS_OF and (task.code, title) not in LATE_MILESTONES
    return title, due_on, due_on - timedelta(days=int(task.code[1:]) % 6) if is_done else None


def _task(row: dict[str, Any]) -> Task:
    return Task(
        **{name: row[name] for name in ("code", "title", "scope", "group", "lead", "origin", "objective", "measure")},
        responsible=tuple(row["responsible"].split("、")),
        weight=float(row["weight"]),
        starts_on=date.fromisoformat(row["starts_on"]),
        due_on=date.fromisoformat(row["due_on"]),
        work=tuple(row["work"].split("|")),
    )


def _month(day: date) -> date:
    return day.replace(day=1)


def _month_end(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
