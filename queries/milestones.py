"""The milestones of the tasks (路线图): what is to be done by when, and what is done."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.scope import Scope
from database.tables import milestones as table
from database.tables import tasks
from queries.frames import COUNT, DAY, TEXT, read_frame
from queries.progress import wanted
from queries.regions import county_codes, township_codes

MILESTONES = {"task_code": TEXT, "region_code": TEXT, "seq": COUNT, "title": TEXT, "due_on": DAY, "done_on": DAY}


def milestones(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return the milestones of the tasks of a scope, as they were known on the as-of date.

    Returns
    -------
    pd.DataFrame
        One row per task, region (the county, or townships in scope) and step, by task number, region and step:
        task_code, region_code, title (str), seq (int64), due_on, done_on (datetime64[s]; NaT without a date, not done
        by the as-of date).

    Source: table milestones.
    """
    return read_frame(connection, milestones_statement(scope, township_codes(connection, scope)), MILESTONES)


def milestones_statement(scope: Scope, townships: list[str]) -> Select[Any]:
    """Select the steps of the tasks of a work group and a lead department, or all."""
    m = table.c
    done = sa.case((m.done_on <= scope.as_of, m.done_on), else_=sa.null()).label("done_on")
    number = sa.func.coalesce(tasks.c.number, 0)
    return (
        sa.select(m.task_code, m.region_code, m.seq, m.title, m.due_on, done)
        .join_from(table, tasks, tasks.c.code == m.task_code)
        .where(sa.or_(m.region_code.in_(townships), m.region_code.in_(county_codes(scope))), *wanted(scope))
        .order_by(number, m.task_code, m.region_code, m.seq)
    )
