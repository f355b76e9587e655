"""States of days that are stored for the first time between others: the day before them, and what happened since."""

from collections.abc import Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Table

from analysis.months import month_start
from database.backlog import backlog_rows, change_states
from database.bulk import insert_frame
from database.case_groups import DAYS_TAKEN, change_groups, group_changes
from database.ledger import regional_ledger
from database.loading.changes import held_rows, plain_columns, typed_rows
from database.states import MEASURES
from database.tables import backlog_states, case_groups, cases
from database.tree import Tree

_CASE = ["township_code", "case_no"]


def write_new_days(connection: Connection, days: Sequence[date], *, until: date, tree: Tree) -> None:
    """Write the states of `days` for every region, the days before them being stored and right.

    A state is a sum over cases, and only a case that is open, or was closed since, differs between two days.

    Parameters
    ----------
    days
        Each with a stored day before it.
    until
        The newest as-of day of all: a case opened later does not count.

    Source: tables backlog_states, case_groups, cases; writes the former two.
    """
    for day in sorted(days):
        before = connection.scalar(
            sa.select(sa.func.max(backlog_states.c.day, type_=sa.Date())).where(backlog_states.c.day < day)
        )
        ledger = regional_ledger(_unsettled_cases(connection, before, until), {})
        _copy_day(connection, backlog_states, before, day)
        if month_start(before) == month_start(day):
            _copy_day(connection, case_groups, before, day)
        change_groups(connection, _no_days_taken(group_changes(ledger, [(before, day)])))
        change = backlog_rows(ledger, [before, day])
        change.loc[change["day"] < pd.Timestamp(day), list(MEASURES)] *= -1
        change_states(connection, with_ancestors(change.assign(day=pd.Timestamp(day).as_unit("s")), tree))


def with_ancestors(rows: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Return rows by region_code with each once more for every region above its own."""
    pairs = [(town, region) for town in rows["region_code"].unique() for region in tree.upwards_from(town)]
    above = pd.DataFrame(pairs, columns=["region_code", "above"], dtype=object)
    return rows.merge(above, on="region_code").drop(columns="region_code").rename(columns={"above": "region_code"})


def _copy_day(connection: Connection, table: Table, before: date, day: date) -> None:
    columns, held = list(table.columns), table.columns["day"]
    rows = connection.execute(sa.select(*columns).where(held == before)).all()
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    insert_frame(connection, table, frame.assign(day=pd.Timestamp(day)))


def _no_days_taken(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out what is stored at month ends alone: a new month is never stored for the first time between others."""
    return rows[rows["grouping"] != DAYS_TAKEN]


def _unsettled_cases(connection: Connection, day: date, until: date) -> pd.DataFrame:
    """Read every episode of the cases of which one was open at the end of `day`, or opened later.

    Returns
    -------
    pd.DataFrame
        The columns of cases, in the types of `database.loading.cells`.
    """
    c = cases.c
    streams = list(connection.scalars(sa.select(backlog_states.c.stream).distinct()))  # an index serves each stream
    begun = sa.select(*plain_columns(connection, cases)).where(c.stream.in_(streams), c.opened_on <= until)
    statement = sa.union_all(begun.where(c.closed_on.is_(None)), begun.where(c.closed_on > day))  # either by its index
    found = typed_rows(connection.execute(statement).all(), cases)
    later = found[found["episode"] > 1]  # those before it were closed by then: episodes do not overlap
    held = held_rows(connection, cases, later, by="case_no")
    is_same_case = pd.MultiIndex.from_frame(held[_CASE]).isin(pd.MultiIndex.from_frame(later[_CASE]))
    return pd.concat([found, held[is_same_case & (held["closed_on"] <= pd.Timestamp(day))]], ignore_index=True)
