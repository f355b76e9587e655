"""The task book (任务书): what a task asks for and of whom, its plan for the year, and what was written about it."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.scope import Scope
from database.tables import departments, task_departments, task_progress, work_groups
from database.tables import tasks as table
from queries.frames import DAY, MEASURE, TEXT, read_frame
from queries.progress import in_regions, in_text_regions, wanted, written
from queries.regions import township_codes, whole_set
from queries.tasks import TASKS, number

FACTS = {**TASKS, "objective": TEXT, "measure": TEXT, "weight": MEASURE, "work_group": TEXT, "lead": TEXT}
UNITS = {"task_code": TEXT, "name": TEXT}
PLANS = {"task_code": TEXT, "region_code": TEXT, "month": DAY, "planned_pct": MEASURE}
TEXTS = {"task_code": TEXT, "region_code": TEXT, "month": DAY, "planned_work": TEXT, "bottleneck": TEXT,
         "countermeasure": TEXT}  # fmt: skip


def task_facts(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return what the list says of each task: the same for everyone, in every region.

    Returns
    -------
    pd.DataFrame
        One row per task of the scope's work group and lead department, by number: the columns of `queries.tasks.tasks`,
        objective, measure (str, NaN none), weight (float64), work_group, lead (names, NaN none), responsible (str,
        names joined by 、, "" none).

    Source: tables tasks, task_departments, departments and work_groups.
    """
    facts = read_frame(connection, facts_statement(scope), FACTS)
    units = read_frame(connection, responsible_statement(), UNITS)
    joined = units.groupby("task_code")["name"].agg("、".join)
    return facts.assign(responsible=facts["code"].map(joined).fillna("").astype("str"))


def task_plans(connection: Connection, scope: Scope, *, task: str | None = None) -> pd.DataFrame:
    """Return the plan of one task, or of all, for the whole year, the months to come included.

    Returns
    -------
    pd.DataFrame
        One row per region where it applies (the county, or townships in scope), task and month, in this order:
        task_code, region_code (str), month (datetime64[s], first day), planned_pct (float64, NaN none).

    Source: table task_progress.
    """
    return read_frame(connection, plans_statement(scope, township_codes(connection, scope), task), PLANS)


def task_texts(connection: Connection, scope: Scope, *, task: str) -> pd.DataFrame:
    """Return what was written about one task, month by month: the work planned, the bottleneck, the countermeasure.

    Rows, not figures: fetched within the viewer's rights alone. The county's own texts come only to a scope of all
    townships.

    Returns
    -------
    pd.DataFrame
        One row per region and month with a text, by region and month, the months to come included: task_code,
        region_code (str), month (datetime64[s], first day), planned_work, bottleneck, countermeasure (str, NaN none);
        what came with a report of after the as-of date is left out.

    Source: table task_progress.
    """
    regions = township_codes(connection, scope), whole_set(connection, scope)
    return read_frame(connection, texts_statement(scope, *regions, task=task), TEXTS)


def facts_statement(scope: Scope) -> Select[Any]:
    """Select the tasks with the names of their work group and lead department; a name that is missing is the code."""
    c, g, d = table.c, work_groups.c, departments.c
    names = [
        sa.func.coalesce(g.name, c.work_group_code).label("work_group"),
        sa.func.coalesce(d.name, c.lead_department_code).label("lead"),
    ]
    own = [number() if name == "number" else c[name] for name in FACTS if name in c]
    return (
        sa.select(*own, *names)
        .join_from(table, work_groups, g.code == c.work_group_code, isouter=True)
        .join(departments, d.code == c.lead_department_code, isouter=True)
        .where(*wanted(scope))
        .order_by(number(), c.code)
    )


def responsible_statement() -> Select[Any]:
    """Select the responsible departments of every task by name, in the order of their codes."""
    r, d = task_departments.c, departments.c
    name = sa.func.coalesce(d.name, r.department_code).label("name")
    return (
        sa.select(r.task_code, name)
        .join_from(task_departments, departments, d.code == r.department_code, isouter=True)
        .where(r.role == "responsible")
        .order_by(r.task_code, r.department_code)
    )


def plans_statement(scope: Scope, townships: list[str], task: str | None) -> Select[Any]:
    """Select the plan of one task, or of all, by region and month."""
    p = task_progress.c
    return (
        sa.select(p.task_code, p.region_code, p.month, p.planned_pct)
        .join_from(task_progress, table, table.c.code == p.task_code)
        .where(in_regions(scope, townships), *wanted(scope), *([] if task is None else [p.task_code == task]))
        .order_by(p.region_code, p.task_code, p.month)
    )


def texts_statement(scope: Scope, townships: list[str], whole: list[str], *, task: str) -> Select[Any]:
    """Select the texts of one task by region and month; a report's own come only once it is in."""
    p = task_progress.c
    texts = written(scope)
    has_text = sa.or_(p.planned_work.is_not(None), *(words.element.is_not(None) for words in texts))
    return (
        sa.select(p.task_code, p.region_code, p.month, p.planned_work, *texts)
        .join_from(task_progress, table, table.c.code == p.task_code)
        .where(p.task_code == task, in_text_regions(scope, townships, whole), *wanted(scope), has_text)
        .order_by(p.region_code, p.month)
    )
