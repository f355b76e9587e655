"""The ledger (台账): the cases of a scope, a page at a time, counted, or all of them one batch after the other."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.ledger import CaseCount, CaseFilter, Order, State
from analysis.scope import Scope
from database.tables import cases, regions
from queries.backlog_states import state_at
from queries.case_conditions import COUNTED, capped_count, case_conditions, is_settled, ledger_places
from queries.cases import is_open, is_overdue, known
from queries.frames import COUNT, DAY, FLAG, MEASURE, TEXT, read_frame
from queries.ledger_order import Key, Stretch, from_key, stretches

CASE_PAGE = {"township_code": TEXT, "case_no": TEXT, "episode": COUNT, "village_code": TEXT, "category": TEXT,
             "channel": TEXT, "platform": TEXT, "level": TEXT, "lead_department_code": TEXT, "case_leader": TEXT,
             "repeat_of": TEXT, "opened_on": DAY, "first_opened_on": DAY, "due_on": DAY, "closed_on": DAY,
             "closing_method": TEXT, "satisfaction": MEASURE, "is_open": FLAG, "is_overdue": FLAG,
             "campaign_code": TEXT, "is_repeat": MEASURE}  # fmt: skip


def case_page(
    connection: Connection,
    scope: Scope,
    *,
    order_by: Order = "opened_on",
    descending: bool = True,
    after: Key | None = None,
    limit: int = 50,
    state: State = "all",
    village: str | None = None,
    where: CaseFilter | None = None,
) -> pd.DataFrame:
    """Return one page of the cases as they stand at the as-of date, each by its newest episode begun by then.

    Parameters
    ----------
    order_by : {"opened_on", "due_on", "closed_on", "age", "case_no", "township_code"}
        Cases without a date come last either way, and so do closed ones in the order of age; ties by township and case
        number, in the same direction.
    after : tuple or None
        The `page_key` of the page before; None for the first page.
    limit : int
        Rows of a page.
    state, village
        Only the open, overdue or closed cases; only those of one village.
    where : CaseFilter or None
        All that can be asked, in place of `state` and `village`.

    Returns
    -------
    pd.DataFrame
        One row per case: township_code, case_no (str), episode (int64), village_code, category, channel, platform,
        level, lead_department_code, case_leader, repeat_of (str, NaN none), opened_on (of this episode),
        first_opened_on, due_on, closed_on (datetime64[s]; NaT while open at the as-of date), closing_method (str),
        satisfaction (float64, 1 to 3), is_open, is_overdue (bool), campaign_code (str), is_repeat (float64, 1, 0 or
        NaN), age_days (int64, days since first_opened_on, until the close for a closed case). No cases: no rows. A
        county's code among the townships of the scope stands for its cases of no township.

    Raises
    ------
    ValueError
        For another order.

    Source: table cases.
    """
    asked = where or CaseFilter(state=state, village=village)
    parts = stretches(connection, scope, asked, order_by, descending=descending)
    frames: list[pd.DataFrame] = []
    rest = limit
    for number, part in enumerate(from_key(parts, after)):
        key = after if number == 0 else None
        found = read_frame(connection, _statement(scope.as_of, part, key).limit(rest), CASE_PAGE)
        frames.append(found)
        rest -= len(found)
        if rest == 0:
            break
    return with_age(pd.concat(frames, ignore_index=True), scope.as_of)


def with_age(page: pd.DataFrame, day: date) -> pd.DataFrame:
    """Add age_days: the days since a case was first opened, until its close or the end of the day."""
    until = page["closed_on"].fillna(pd.Timestamp(day))
    return page.assign(age_days=(until - page["first_opened_on"]).dt.days.astype("int64"))


def page_key(page: pd.DataFrame, order_by: Order = "opened_on") -> Key | None:
    """Return what `after` must be for the page that follows; None after a page without rows."""
    if page.empty:
        return None
    last = page.iloc[-1]
    days = {"opened_on": last["opened_on"], "due_on": last["due_on"], "closed_on": last["closed_on"],
            "age": last["first_opened_on"] if last["is_open"] else pd.NaT}  # fmt: skip
    day = days.get(order_by, pd.NaT)
    return None if pd.isna(day) else day.date(), str(last["township_code"]), str(last["case_no"])


def case_count(connection: Connection, scope: Scope, *, where: CaseFilter) -> CaseCount:
    """Count the cases that a ledger holds: exactly where the counts are stored, else up to COUNTED.

    Source: table backlog_states where nothing is asked but the state, else table cases.
    """
    places = ledger_places(connection, scope)
    if where.is_by_state_only:
        return CaseCount(_stored_count(connection, scope, places, where.state), is_capped=False)
    found = capped_count(connection, scope, places, where, settled=is_settled(connection, scope))
    return CaseCount(min(found, COUNTED), is_capped=found > COUNTED)


def each_case(
    connection: Connection,
    scope: Scope,
    *,
    where: CaseFilter,
    order_by: Order,
    descending: bool,
    sink: Callable[[Sequence[Any]], None],
    batch: int = 1_000,
) -> int:
    """Hand every case of a ledger to `sink`, a batch of rows at a time and never more, in the ledger's order.

    The rows hold the columns of CASE_PAGE in order, days as dates; returns how many there were.

    Source: table cases.
    """
    number = 0
    for part in stretches(connection, scope, where, order_by, descending=descending):
        result = connection.execution_options(yield_per=batch).execute(_statement(scope.as_of, part, None))
        for rows in result.partitions():
            sink(rows)
            number += len(rows)
    return number


def _stored_count(connection: Connection, scope: Scope, places: list[str], state: State) -> int:
    counties = set(connection.scalars(sa.select(regions.c.code).where(regions.c.level == "county")))
    own = [place for place in places if place not in counties]
    above = [place for place in places if place in counties]
    counts = state_at(connection, scope, own, scope.as_of).sum()
    opened, still_open, overdue = (int(counts[name]) for name in ("opened_to_date", "open", "overdue"))
    stored = {"all": opened, "open": still_open, "overdue": overdue, "closed": opened - still_open}[state]
    return stored + (_count_of_counties(connection, scope, above, state) if above else 0)


def _count_of_counties(connection: Connection, scope: Scope, counties: list[str], state: State) -> int:
    """Count the few cases of no township one by one: the stored row of a county is its total."""
    conditions = case_conditions(scope, counties, CaseFilter(state=state), settled=False, index="other")
    here = cases.c.township_code.in_(counties)
    return connection.scalar(sa.select(sa.func.count()).select_from(cases).where(here, *conditions)) or 0


def _statement(day: date, part: Stretch, after: Key | None) -> Select[Any]:
    statement = sa.select(*_columns(day)).where(*part.conditions)
    if after is not None:
        statement = statement.where(_is_behind(part, after))
    return statement.order_by(*(key.desc() if part.descending else key.asc() for key in part.keys))


def _is_behind(part: Stretch, after: Key) -> ColumnElement[bool]:
    here: dict[Any, str] = {cases.c.township_code: after[1], cases.c.case_no: after[2]}
    there = [after[0] if part.dated and key is part.keys[0] else here[key] for key in part.keys]
    keys = sa.tuple_(*part.keys)
    return keys < tuple(there) if part.descending else keys > tuple(there)


def _columns(day: date) -> Iterator[ColumnElement[Any]]:
    c = cases.c
    late = {
        "first_opened_on": sa.func.coalesce(c.first_opened_on, c.opened_on).label("first_opened_on"),
        "is_open": is_open(cases, day).label("is_open"),
        "is_overdue": sa.func.coalesce(is_overdue(cases, day), sa.false()).label("is_overdue"),
        **{name: known(c[name], cases, day) for name in ("closed_on", "closing_method", "satisfaction")},
    }
    return (late[name] if name in late else c[name] for name in CASE_PAGE)
