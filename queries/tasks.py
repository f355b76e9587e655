"""The 35 tasks: where each stands, in every township and as a whole, and what was written about it."""

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.months import month_of
from analysis.scope import Scope
from analysis.tasks import KEYS, Progress, cell_lights, progress_by_month, task_lights
from database.tables import task_progress
from database.tables import tasks as table
from queries.frames import COUNT, DAY, MEASURE, TEXT, read_frame
from queries.regions import county_codes, township_codes, whole_set

TASKS = {"code": TEXT, "number": COUNT, "title": TEXT, "scope": TEXT, "work_group_code": TEXT,
         "lead_department_code": TEXT, "starts_on": DAY, "due_on": DAY, "origin": TEXT}  # fmt: skip
PROGRESS = {"task_code": TEXT, "region_code": TEXT, "month": DAY, "planned_pct": MEASURE, "actual_pct": MEASURE,
            "reported_on": DAY}  # fmt: skip
CELLS = {"task_code": TEXT, "region_code": TEXT}
TEXTS = {"task_code": TEXT, "region_code": TEXT, "planned_work": TEXT, "bottleneck": TEXT, "countermeasure": TEXT}
_ABOUT = ["number", "title", "scope", "work_group_code", "lead_department_code", "starts_on", "due_on"]


def task_matrix(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Tell where each task stands in each region where it applies, in the month of the as-of date.

    Returns
    -------
    pd.DataFrame
        One row per task and region (county tasks on the county, whatever townships are asked for), by task number, then
        the county, then townships in the fixed order: task_code, region_code (str); planned_pct, actual_pct (float64,
        cumulative 0 to 100 at the month's end; NaN not reported), last_actual_pct (of the newest report), reported_on
        (datetime64[s]; a report of after the as-of date does not exist yet), light, previous_light (str, a value of
        `analysis.lights.Light`; "" without a month before), month (datetime64[s], first day), number (int64), title,
        scope, work_group_code, lead_department_code (str), starts_on, due_on (datetime64[s]). No tasks: no rows.

    Source: tables tasks and task_progress; DOMAIN "Lights".
    """
    about = tasks(connection, scope)
    progress = _progress(connection, scope, about, township_codes(connection, scope))
    frame = _described(cell_lights(progress), about)
    return frame.assign(month=pd.Timestamp(month_of(scope.as_of)))


def task_summary(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Tell where each task stands as a whole: the rule table over the means of all its cells.

    The township filter does not apply: this is the county's own line.

    Returns
    -------
    pd.DataFrame
        One row per task, by number: task_code (str), planned_pct, actual_pct (means, float64), light, previous_light
        (str), cells, red_cells, unreported_cells (int64), and the task's columns of `task_matrix`.

    Source: tables tasks and task_progress; DOMAIN "Lights".
    """
    about = tasks(connection, scope)
    return _described(task_lights(_progress(connection, scope, about, whole_set(connection, scope))), about)


def task_list(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return what was written about each task in each region: the month's work, the bottleneck, the countermeasure.

    Rows, not figures: fetched within the viewer's rights alone.

    Returns
    -------
    pd.DataFrame
        `task_matrix` with planned_work, bottleneck, countermeasure (str, NaN none); what came with a report of after
        the as-of date is left out.

    Source: table task_progress.
    """
    matrix = task_matrix(connection, scope)
    texts = read_frame(connection, texts_statement(scope, township_codes(connection, scope)), TEXTS)
    return matrix.merge(texts, on=KEYS, how="left").astype(TEXTS)


def tasks(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return the tasks themselves, filtered by the scope's work group and lead department.

    Returns
    -------
    pd.DataFrame
        One row per task, by number: code, title, scope (county, township), work_group_code, lead_department_code,
        origin (公 提 演; str), number (int64), starts_on, due_on (datetime64[s]).

    Source: table tasks.
    """
    return read_frame(connection, tasks_statement(scope), TASKS)


def tasks_statement(scope: Scope) -> Select[Any]:
    """Select the tasks of a work group and a lead department, or all."""
    c = table.c
    number = sa.func.coalesce(c.number, 0).label("number")
    columns = (number if name == "number" else c[name] for name in TASKS)
    return sa.select(*columns).where(*_wanted(scope)).order_by(number, c.code)


def cells_statement(scope: Scope, townships: list[str]) -> Select[Any]:
    """Select every task and region where it applies: where it has a row in any month."""
    p = task_progress.c
    return (
        sa.select(p.task_code, p.region_code)
        .distinct()
        .join_from(task_progress, table, table.c.code == p.task_code)
        .where(_in_regions(scope, townships), *_wanted(scope))
    )


def progress_statement(scope: Scope, townships: list[str]) -> Select[Any]:
    """Select plans and reports up to the month of the as-of date, as they were known on that date."""
    p = task_progress.c
    is_known = sa.or_(p.reported_on.is_(None), p.reported_on <= scope.as_of)
    actual = sa.case((is_known, p.actual_pct), else_=sa.null()).label("actual_pct")
    reported = sa.case((p.reported_on <= scope.as_of, p.reported_on), else_=sa.null()).label("reported_on")
    return (
        sa.select(p.task_code, p.region_code, p.month, p.planned_pct, actual, reported)
        .join_from(task_progress, table, table.c.code == p.task_code)
        .where(_in_regions(scope, townships), *_wanted(scope), p.month <= month_of(scope.as_of))
    )


def texts_statement(scope: Scope, townships: list[str]) -> Select[Any]:
    """Select the texts of the month; the report's own come only once it is in."""
    p = task_progress.c
    is_known = sa.or_(p.reported_on.is_(None), p.reported_on <= scope.as_of)
    written = [sa.case((is_known, p[name]), else_=sa.null()).label(name) for name in ("bottleneck", "countermeasure")]
    return (
        sa.select(p.task_code, p.region_code, p.planned_work, *written)
        .join_from(task_progress, table, table.c.code == p.task_code)
        .where(_in_regions(scope, townships), *_wanted(scope), p.month == month_of(scope.as_of))
    )


def _progress(connection: Connection, scope: Scope, about: pd.DataFrame, townships: list[str]) -> Progress:
    rows = read_frame(connection, progress_statement(scope, townships), PROGRESS)
    cells = read_frame(connection, cells_statement(scope, townships), CELLS)
    place = {code: i for i, code in enumerate(townships)}
    number = {code: i for i, code in enumerate(about["code"])}
    keys = [(number[task], place.get(region, -1), task, region) for task, region in cells.to_numpy().tolist()]
    cells = pd.DataFrame([key[2:] for key in sorted(keys)], columns=KEYS, dtype="str")
    return progress_by_month(rows, cells, about, month=month_of(scope.as_of))


def _described(frame: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    number = {code: i for i, code in enumerate(about["code"].tolist())}
    at = np.array([number[code] for code in frame["task_code"].tolist()], dtype=np.intp)
    return frame.assign(**{name: about[name].array.take(at) for name in _ABOUT})


def _in_regions(scope: Scope, townships: list[str]) -> ColumnElement[bool]:
    """Keep the townships asked for, and the county, whose tasks always come back."""
    return sa.or_(task_progress.c.region_code.in_(townships), task_progress.c.region_code.in_(county_codes(scope)))


def _wanted(scope: Scope) -> list[ColumnElement[bool]]:
    conditions = []
    if scope.work_group is not None:
        conditions.append(table.c.work_group_code == scope.work_group)
    if scope.department is not None:
        conditions.append(table.c.lead_department_code == scope.department)
    return conditions
