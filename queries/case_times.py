"""How long cases take: from the first opening to the newest episode's close, counted by days."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.scope import Scope
from database.tables import cases
from queries.cases import Cases, in_scope, is_newest, open_episodes, unindexed
from queries.frames import COUNT, DAY, FLAG, read_frame
from queries.group_states import added, stored_groups
from queries.regions import township_codes, whole_counties

CASE_TIMES = {"days": COUNT, "is_closed": FLAG, "cases": COUNT}
DAYS_TAKEN = "days_taken"


def case_times(connection: Connection, scope: Scope, *, with_county: bool = False) -> pd.DataFrame:
    """Count the cases of a scope by the days from their first opening to their close, or to the as-of date.

    Parameters
    ----------
    with_county : bool
        Whether 县本级 counts too where all townships of the county are asked for.

    Returns
    -------
    pd.DataFrame
        One row per number of days and state, rising, the closed ones first: days (int64; below 0 where the dates are
        wrong), is_closed (bool; False while the newest episode is open at the as-of date), cases (int64). No cases: no
        rows.

    Source: table case_groups, with the cases closed or reopened since the last stored month; table cases for the open
    ones, and for all of a campaign, a department or a platform. METHODS section 1.
    """
    townships = township_codes(connection, scope)
    places = [*townships, *(whole_counties(connection, townships) if with_county else ())]
    closed = _closed(connection, scope, places)
    opened = read_frame(connection, open_statement(scope, places), {"first_opened_on": DAY, "cases": COUNT})
    waiting = (pd.Timestamp(scope.as_of) - opened["first_opened_on"]).dt.days
    frames = [closed.assign(is_closed=True), opened.assign(days=waiting, is_closed=False)]
    found = pd.concat([frame[list(CASE_TIMES)].astype(CASE_TIMES) for frame in frames])
    found = found[found["cases"] != 0]
    return found.sort_values(["days", "is_closed"], ascending=[True, False], ignore_index=True)


def closed_statement(scope: Scope, places: Sequence[str], day: date, *, since: date | None = None) -> Select[Any]:
    """Count the cases of a scope that are closed at the end of a day by first opening and close.

    `since`: those alone that were closed after that day.
    """
    c = cases.alias("c")
    known = (c.c.opened_on <= day, c.c.closed_on <= day, *([] if since is None else [c.c.closed_on > since]))
    return _pairs(c).where(*in_scope(c, scope, places), *known, is_newest(c, day))


def reopened_statement(scope: Scope, places: Sequence[str], stored: date, day: date) -> Select[Any]:
    """Count the cases that were closed on one day and opened again by another, by first opening and that close."""
    c, later = cases.alias("c"), cases.c
    is_later = (later.episode > sa.literal_column("1"), later.opened_on > stored, later.opened_on <= day)
    found = sa.select(later.township_code, later.case_no).where(*is_later, later.township_code.in_(places))
    again = found.distinct().subquery("again")
    is_same = sa.and_(again.c.township_code == c.c.township_code, again.c.case_no == c.c.case_no)
    known = (unindexed(c.c.stream == scope.stream), c.c.opened_on <= stored, c.c.closed_on <= stored)
    return _pairs(c).join(again, is_same).where(*known, is_newest(c, stored))


def _pairs(c: Cases) -> Select[Any]:
    first = sa.func.coalesce(c.c.first_opened_on, c.c.opened_on).label("first_opened_on")
    columns: list[ColumnElement[Any]] = [first, c.c.closed_on, sa.func.count().label("cases")]
    return sa.select(*columns).group_by(*columns[:2])


def open_statement(scope: Scope, places: Sequence[str]) -> Select[Any]:
    """Count the open cases of a scope by the day of their first opening."""
    c = open_episodes(in_scope(cases, scope, places), scope.as_of)
    first = sa.func.coalesce(c.c.first_opened_on, c.c.opened_on).label("first_opened_on")
    columns: list[ColumnElement[Any]] = [first, sa.func.count().label("cases")]
    return sa.select(*columns).group_by(first)


def _closed(connection: Connection, scope: Scope, places: Sequence[str]) -> pd.DataFrame:
    """Count the closed cases by the days they took: days, cases (int64)."""
    stored = stored_groups(connection, scope, places, DAYS_TAKEN, ("cases",), at_month_end=True)
    if stored is None:
        return _taken(connection, closed_statement(scope, places, scope.as_of))
    counts = stored.counts.rename(columns={DAYS_TAKEN: "days"}).astype({"days": COUNT})
    if stored.day == scope.as_of:
        return counts
    now = _taken(connection, closed_statement(scope, places, scope.as_of, since=stored.day))
    then = _taken(connection, reopened_statement(scope, places, stored.day, scope.as_of))
    return added([(counts, 1), (now, 1), (then, -1)], ["days"])


def _taken(connection: Connection, statement: Select[Any]) -> pd.DataFrame:
    found = read_frame(connection, statement, {"first_opened_on": DAY, "closed_on": DAY, "cases": COUNT})
    days = (found["closed_on"] - found["first_opened_on"]).dt.days.astype("int64")
    return found.assign(days=days).groupby("days", as_index=False)[["cases"]].sum()
