"""The ledger (台账): the cases of a scope, a page at a time."""

from datetime import date
from typing import Any, Literal

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.scope import Scope
from database.tables import cases
from queries.cases import in_scope, is_newest, is_open, is_overdue, known, unindexed
from queries.frames import COUNT, DAY, FLAG, MEASURE, TEXT, read_frame
from queries.regions import township_codes

State = Literal["all", "open", "overdue", "closed"]
Key = tuple[date | None, str, str]

CASE_PAGE = {"township_code": TEXT, "case_no": TEXT, "episode": COUNT, "village_code": TEXT, "category": TEXT,
             "channel": TEXT, "platform": TEXT, "level": TEXT, "lead_department_code": TEXT, "case_leader": TEXT,
             "repeat_of": TEXT, "opened_on": DAY, "first_opened_on": DAY, "due_on": DAY, "closed_on": DAY,
             "closing_method": TEXT, "satisfaction": MEASURE, "is_open": FLAG, "is_overdue": FLAG}  # fmt: skip
ORDERS = ("opened_on", "due_on")


def case_page(
    connection: Connection,
    scope: Scope,
    *,
    order_by: str = "opened_on",
    descending: bool = True,
    after: Key | None = None,
    limit: int = 50,
    state: State = "all",
    village: str | None = None,
) -> pd.DataFrame:
    """Return one page of the cases as they stand at the as-of date, each by its newest episode begun by then.

    Parameters
    ----------
    order_by : {"opened_on", "due_on"}
        Cases without a date come last either way; ties by township and case number, in the same direction.
    after : tuple or None
        The `page_key` of the page before; None for the first page.
    limit : int
        Rows of a page.
    state, village
        Only the open, overdue or closed cases; only those of one village.

    Returns
    -------
    pd.DataFrame
        One row per case: township_code, case_no (str), episode (int64), village_code, category, channel, platform,
        level, lead_department_code, case_leader, repeat_of (str, NaN none), opened_on (of this episode),
        first_opened_on, due_on, closed_on (datetime64[s]; NaT while open at the as-of date), closing_method (str),
        satisfaction (float64, 1 to 3), is_open, is_overdue (bool), age_days (int64, days since first_opened_on, until
        the close for a closed case). No cases: no rows.

    Raises
    ------
    ValueError
        For another order.

    Source: table cases.
    """
    if order_by not in ORDERS:
        raise ValueError(f"cases can be ordered by {ORDERS}, not {order_by!r}")
    townships = township_codes(connection, scope)
    statement = cases_statement(scope, townships, order_by=order_by, descending=descending, after=after, state=state)
    if village is not None:
        statement = statement.where(cases.c.village_code == village)
    page = read_frame(connection, statement.limit(limit), CASE_PAGE)
    until = page["closed_on"].fillna(pd.Timestamp(scope.as_of))
    return page.assign(age_days=(until - page["first_opened_on"]).dt.days.astype("int64"))


def page_key(page: pd.DataFrame, order_by: str = "opened_on") -> Key | None:
    """Return what `after` must be for the page that follows; None after a page without rows."""
    if page.empty:
        return None
    last = page.iloc[-1]
    day = None if pd.isna(last[order_by]) else last[order_by].date()
    return day, str(last["township_code"]), str(last["case_no"])


def cases_statement(
    scope: Scope, townships: list[str], *, order_by: str, descending: bool, after: Key | None, state: State
) -> Select[Any]:
    """Select the cases of a scope in order, from a key on."""
    c, day = cases.c, scope.as_of
    is_begun = c.opened_on <= day if order_by == "opened_on" else unindexed(c.opened_on <= day)
    keys = [c[order_by], c.township_code, c.case_no]
    order = [key.desc() if descending else key.asc() for key in keys]
    conditions = [*in_scope(cases, scope, townships), is_begun, *_in_state(state, day)]
    return (
        sa.select(*_columns(day))
        .where(
            *conditions,
            is_newest(cases, day),
            *([] if after is None else [_follows(c[order_by], after, descending=descending)]),
        )
        .order_by(order[0].nulls_last(), *order[1:])
    )


def _columns(day: date) -> list[ColumnElement[Any]]:
    c = cases.c
    late = {
        "first_opened_on": sa.func.coalesce(c.first_opened_on, c.opened_on).label("first_opened_on"),
        "is_open": is_open(cases, day).label("is_open"),
        "is_overdue": sa.func.coalesce(is_overdue(cases, day), sa.false()).label("is_overdue"),
        **{name: known(c[name], cases, day) for name in ("closed_on", "closing_method", "satisfaction")},
    }
    return [late[name] if name in late else c[name] for name in CASE_PAGE]


def _in_state(state: State, day: date) -> list[ColumnElement[bool]]:
    return {
        "all": [],
        "open": [is_open(cases, day)],
        "overdue": [is_overdue(cases, day)],
        "closed": [sa.not_(is_open(cases, day))],
    }[state]


def _follows(column: ColumnElement[date], after: Key, *, descending: bool) -> ColumnElement[bool]:
    """Whether a case comes behind a key in the order; without a date it comes behind every one that has one."""
    day, township, case_no = after
    here, there = (cases.c.township_code, cases.c.case_no), (township, case_no)
    is_behind = sa.tuple_(*here) < there if descending else sa.tuple_(*here) > there
    if day is None:
        return sa.and_(column.is_(None), is_behind)
    is_further = column < day if descending else column > day
    return sa.or_(is_further, column.is_(None), sa.and_(column == day, is_behind))
