"""The 35 tasks: where each stands, in every township and as a whole, and what was written about it."""

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.months import month_of
from analysis.scope import Scope
from analysis.tasks import KEYS, cell_lights, task_lights, unit_lights
from database.tables import task_progress
from database.tables import tasks as table
from queries.frames import COUNT, DAY, TEXT, read_frame
from queries.progress import in_text_regions, progress, wanted, written
from queries.regions import township_codes, whole_set
from queries.unit_tasks import unit_cells, unit_summary
from queries.units import units

TASKS = {"code": TEXT, "number": COUNT, "title": TEXT, "scope": TEXT, "work_group_code": TEXT,
         "lead_department_code": TEXT, "starts_on": DAY, "due_on": DAY, "origin": TEXT}  # fmt: skip
TEXTS = {"task_code": TEXT, "region_code": TEXT, "planned_work": TEXT, "bottleneck": TEXT, "countermeasure": TEXT}
ABOUT = ["number", "title", "scope", "work_group_code", "lead_department_code", "starts_on", "due_on"]


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
        Where `scope.region` lies above the counties, one row per task and region compared: means over its cells there,
        county tasks among them.

    Source: tables tasks and task_progress, for regions above the townships task_totals; DOMAIN "Lights".
    """
    about, compared = tasks(connection, scope), units(connection, scope)
    found = unit_cells(connection, scope, about, compared.codes) if compared.parts else None
    if found is None:
        townships = township_codes(connection, scope) if compared.parts else compared.codes
        known = progress(connection, scope, about, townships)
        found = unit_lights(known, compared.parts) if compared.parts else cell_lights(known)
    return described(found, about).assign(month=pd.Timestamp(month_of(scope.as_of)))


def task_summary(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Tell where each task stands as a whole: the rule table over the means of all its cells.

    The township filter does not apply: this is the county's own line.

    Returns
    -------
    pd.DataFrame
        One row per task, by number: task_code (str), planned_pct, actual_pct (means, float64), light, previous_light
        (str), cells, red_cells, unreported_cells (int64), and the task's columns of `task_matrix`.

    Source: tables tasks and task_progress, for a region that is stored added up task_totals; DOMAIN "Lights".
    """
    about = tasks(connection, scope)
    found = unit_summary(connection, scope, about)
    if found is None:
        found = task_lights(progress(connection, scope, about, whole_set(connection, scope)))
    return described(found, about)


def task_list(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return what was written about each task in each region: the month's work, the bottleneck, the countermeasure.

    Rows, not figures: fetched within the viewer's rights alone. The county's own texts come only to a scope of all
    townships.

    Returns
    -------
    pd.DataFrame
        `task_matrix` with planned_work, bottleneck, countermeasure (str, NaN none); what came with a report of after
        the as-of date is left out.

    Source: table task_progress.
    """
    matrix = task_matrix(connection, scope)
    regions = township_codes(connection, scope), whole_set(connection, scope)
    texts = read_frame(connection, texts_statement(scope, *regions), TEXTS)
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
    columns = (number() if name == "number" else c[name] for name in TASKS)
    return sa.select(*columns).where(*wanted(scope)).order_by(number(), c.code)


def number() -> ColumnElement[int]:
    """Return a task's number on the list, 0 for a task without one."""
    return sa.func.coalesce(table.c.number, 0).label("number")


def texts_statement(scope: Scope, townships: list[str], whole: list[str]) -> Select[Any]:
    """Select the texts of the month; the report's own come only once it is in."""
    p = task_progress.c
    return (
        sa.select(p.task_code, p.region_code, p.planned_work, *written(scope))
        .join_from(task_progress, table, table.c.code == p.task_code)
        .where(in_text_regions(scope, townships, whole), *wanted(scope), p.month == month_of(scope.as_of))
    )


def described(frame: pd.DataFrame, about: pd.DataFrame) -> pd.DataFrame:
    """Put the columns ABOUT of each row's task beside it, by task_code."""
    number = {code: i for i, code in enumerate(about["code"].tolist())}
    at = np.fromiter(map(number.__getitem__, frame["task_code"].tolist()), np.intp, len(frame))
    return frame.assign(**{name: about[name].array.take(at) for name in ABOUT})
