"""Plans and reports of the tasks, laid out by cell and month: what every figure about the checklist is made from."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.months import month_of
from analysis.scope import Scope
from analysis.tasks import KEYS, Progress, progress_by_month
from database.tables import task_progress
from database.tables import tasks as table
from queries.frames import DAY, MEASURE, TEXT, read_frame
from queries.regions import county_codes

PROGRESS = {"task_code": TEXT, "region_code": TEXT, "month": DAY, "planned_pct": MEASURE, "actual_pct": MEASURE,
            "reported_on": DAY}  # fmt: skip
CELLS = {"task_code": TEXT, "region_code": TEXT}


def progress(connection: Connection, scope: Scope, about: pd.DataFrame, townships: list[str]) -> Progress:
    """Read plans and reports up to the month of the as-of date, as they were known on that date.

    Parameters
    ----------
    about : pd.DataFrame
        The tasks in question, in order: `queries.tasks.tasks` of the same scope.
    townships
        Those in question, in the fixed order; county tasks always come.

    Source: table task_progress.
    """
    rows = read_frame(connection, progress_statement(scope, townships), PROGRESS)
    cells = read_frame(connection, cells_statement(scope, townships), CELLS)
    place = {code: i for i, code in enumerate(townships)}
    number = {code: i for i, code in enumerate(about["code"])}
    keys = [(number[task], place.get(region, -1), task, region) for task, region in cells.to_numpy().tolist()]
    cells = pd.DataFrame([key[2:] for key in sorted(keys)], columns=KEYS, dtype="str")
    return progress_by_month(rows, cells, about, month=month_of(scope.as_of))


def cells_statement(scope: Scope, townships: list[str]) -> Select[Any]:
    """Select every task and region where it applies: where it has a row in any month."""
    p = task_progress.c
    return (
        sa.select(p.task_code, p.region_code)
        .distinct()
        .join_from(task_progress, table, table.c.code == p.task_code)
        .where(in_regions(scope, townships), *wanted(scope))
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
        .where(in_regions(scope, townships), *wanted(scope), p.month <= month_of(scope.as_of))
    )


def in_regions(scope: Scope, townships: list[str]) -> ColumnElement[bool]:
    """Keep the townships asked for, and the county, whose tasks always come back."""
    return sa.or_(task_progress.c.region_code.in_(townships), task_progress.c.region_code.in_(county_codes(scope)))


def in_text_regions(scope: Scope, townships: list[str], whole: list[str]) -> ColumnElement[bool]:
    """Keep the townships asked for; the county's own texts only where every township (`whole`) is asked for.

    Texts are rows: who may read one township's alone may not read what departments wrote about county tasks.
    """
    if set(whole) <= set(townships):
        return in_regions(scope, townships)
    return task_progress.c.region_code.in_(townships)


def wanted(scope: Scope) -> list[ColumnElement[bool]]:
    """Keep the tasks of the work group and the lead department asked for."""
    conditions = []
    if scope.work_group is not None:
        conditions.append(table.c.work_group_code == scope.work_group)
    if scope.department is not None:
        conditions.append(table.c.lead_department_code == scope.department)
    return conditions


def written(scope: Scope) -> list[ColumnElement[Any]]:
    """Return the texts of a report as they were known on the as-of date: bottleneck, countermeasure."""
    p = task_progress.c
    is_known = sa.or_(p.reported_on.is_(None), p.reported_on <= scope.as_of)
    return [sa.case((is_known, p[name]), else_=sa.null()).label(name) for name in ("bottleneck", "countermeasure")]
