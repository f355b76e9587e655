"""States of days that are stored for the first time between others: the day before them, and what happened since."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.backlog import KEY, backlog_rows, change_states
from database.bulk import insert_frame
from database.ledger import ledgers_by_township
from database.loading.changes import plain_columns, typed_rows
from database.states import MEASURES
from database.tables import backlog_states, cases
from database.tree import Tree


def write_new_days(connection: Connection, days: Sequence[date], *, until: date, tree: Tree) -> None:
    """Write the states of `days` for every region, the days before them being stored and right.

    A state is a sum over cases, and only a case that is open, or was closed since, differs between two days.

    Parameters
    ----------
    days
        Each with a stored day before it.
    until
        The newest as-of day of all: a case opened later does not count.

    Source: tables backlog_states, cases; writes the former.
    """
    for day in sorted(days):
        before = connection.scalar(
            sa.select(sa.func.max(backlog_states.c.day, type_=sa.Date())).where(backlog_states.c.day < day)
        )
        _copy_day(connection, before, day)
        parts = []
        for town, ledger in ledgers_by_township(_unsettled_cases(connection, before, until), {}).items():
            change = backlog_rows(ledger, [before, day])
            change.loc[change["day"] < pd.Timestamp(day), list(MEASURES)] *= -1
            change["day"] = pd.Timestamp(day).as_unit("s")
            parts += [change.assign(region_code=region) for region in tree.upwards_from(town)]
        keys = ["region_code", *KEY]
        if parts:
            change_states(connection, pd.concat(parts).groupby(keys, as_index=False)[list(MEASURES)].sum())


def _copy_day(connection: Connection, before: date, day: date) -> None:
    s = backlog_states.c
    names = ["region_code", *KEY, *MEASURES]
    rows = connection.execute(sa.select(*(s[name] for name in names)).where(s.day == before)).all()
    insert_frame(connection, backlog_states, pd.DataFrame(rows, columns=names).assign(day=pd.Timestamp(day)))


def _unsettled_cases(connection: Connection, day: date, until: date) -> pd.DataFrame:
    """Read every episode of the cases of which one was open at the end of `day`, or opened later.

    Returns
    -------
    pd.DataFrame
        The columns of cases, in the types of `database.loading.cells`.
    """
    c = cases.c
    streams = list(connection.scalars(sa.select(backlog_states.c.stream).distinct()))
    by_stream = (c.stream.in_(streams), sa.or_(c.closed_on.is_(None), c.closed_on > day))  # an index serves each stream
    unsettled = sa.select(c.township_code, c.case_no).where(*by_stream).distinct().subquery()
    mine = sa.and_(c.township_code == unsettled.c.township_code, c.case_no == unsettled.c.case_no)
    statement = sa.select(*plain_columns(connection, cases)).join(unsettled, mine).where(c.opened_on <= until)
    return typed_rows(connection.execute(statement).all(), cases)
