"""The table task_totals: the checklist of every region above the townships, added up over its cells."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.months import month_of, months_between
from analysis.task_totals import KEY, SUMS, total_rows, totals_of_cells, totals_of_parts
from database.bulk import insert_frame
from database.tables import task_progress, task_totals, tasks
from database.tree import Tree

_CELLS = ("task_code", "region_code", "month", "planned_pct", "actual_pct", "reported_on")
_TASKS = ("code", "starts_on", "due_on")
_TOTALS = ("region_code", *KEY, *SUMS, "reported_on", "light")
_DAYS = ("month", "known_on", "reported_on", "starts_on", "due_on")


def write_task_totals(connection: Connection, tree: Tree, reporting: Collection[str] | None, *, as_of: date) -> None:
    """Write anew the regions in which any of `reporting` lies (None: all); all, where the months told of are others.

    Source: tables task_progress and tasks; the totals of the parts of a region stand before its own are added up.
    """
    wanted, months, t = tree.summed(), told_months(connection, as_of), task_totals.c
    if not wanted:
        return
    if reporting is None or _months_stored(connection) != (months[0], months[-1]):
        connection.execute(task_totals.delete())
    else:
        touched = {above for region in reporting for above in tree.upwards_from(region)}
        wanted = [region for region in wanted if region in touched]
    about = known_tasks(connection) if wanted else pd.DataFrame()
    for region in wanted:
        connection.execute(task_totals.delete().where(t.region_code == region))
        insert_frame(connection, task_totals, task_total_rows(connection, tree, region, about, months))


def task_total_rows(
    connection: Connection, tree: Tree, region: str, about: pd.DataFrame, months: Sequence[date]
) -> pd.DataFrame:
    """Return a region's rows: its own and its townships' cells, and the totals that are stored of its other parts.

    Parameters
    ----------
    about
        `known_tasks`.
    months
        `told_months`.

    Returns
    -------
    pd.DataFrame
        The columns of task_totals; one row per task, month and day from which it holds.
    """
    told = np.array(months, "datetime64[M]")
    own = [*tree.townships(region), *([region] if tree.levels[region] == "county" else ())]
    cells = _frame(connection, sa.select(*(task_progress.c[name] for name in _CELLS)), "region_code", own, _CELLS)
    found = total_rows(totals_of_cells(cells, about, told), about).assign(region_code=region)
    stored = sa.select(*(task_totals.c[name] for name in _TOTALS))
    parts = _frame(connection, stored, "region_code", tree.parts(region), _TOTALS)
    if parts.empty:
        return found
    return total_rows(totals_of_parts(pd.concat([parts, found]), told), about).assign(region_code=region)


def told_months(connection: Connection, as_of: date) -> list[date]:
    """Return the months from the first of task_progress to the last complete one, at least one."""
    last = month_of(as_of)
    first = connection.scalar(sa.select(sa.func.min(task_progress.c.month, type_=sa.Date()))) or last
    return months_between(min(first, last), last)


def known_tasks(connection: Connection) -> pd.DataFrame:
    """Return the tasks: code (str), starts_on, due_on (datetime64[s])."""
    return _typed(connection.execute(sa.select(*(tasks.c[name] for name in _TASKS))).all(), _TASKS)


def _months_stored(connection: Connection) -> tuple[date | None, date | None]:
    first, last = (end(task_totals.c.month, type_=sa.Date()) for end in (sa.func.min, sa.func.max))
    row = connection.execute(sa.select(first, last)).one()
    return row[0], row[1]


def _frame(
    connection: Connection, statement: sa.Select[Any], name: str, codes: Sequence[str], columns: Sequence[str]
) -> pd.DataFrame:
    """Read the rows of some regions."""
    column = statement.selected_columns[name]
    return _typed(connection.execute(statement.where(column.in_(codes))).all(), columns)


def _typed(rows: Sequence[Any], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({name: "datetime64[s]" for name in columns if name in _DAYS})
