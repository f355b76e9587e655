"""In which stretches the ledger's orders are read, each by an index that has them in that order.

A case without a date comes last either way. Source: analysis.ledger.Order.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, get_args

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from analysis.ledger import CaseFilter, Order
from analysis.scope import Scope
from database.tables import cases
from queries.case_conditions import (
    COUNTED,
    RARE,
    Conditions,
    Found,
    case_conditions,
    found_first,
    is_settled,
    ledger_places,
    open_at,
)
from queries.cases import is_whole_stream, unindexed

Key = tuple[date | None, str, str]
ORDERS = get_args(Order)


@dataclass(frozen=True)
class Stretch:
    """One stretch of an order: its conditions and the columns it is ordered by; `dated` is the first of them.

    `place` is set where the stretch holds one township alone.
    """

    conditions: Conditions
    keys: tuple[ColumnElement[Any], ...]
    dated: bool
    descending: bool
    place: str | None = None


def stretches(
    connection: Connection, scope: Scope, where: CaseFilter, order_by: Order, *, descending: bool
) -> list[Stretch]:
    """Return the stretches of an order: the cases with a date, then those without.

    Raises
    ------
    ValueError
        For another order.
    """
    if order_by not in ORDERS:
        raise ValueError(f"cases can be ordered by {ORDERS}, not {order_by!r}")
    c = cases.c
    settled, places = is_settled(connection, scope), ledger_places(connection, scope)
    found = _found(connection, scope, where, order_by, settled=settled)
    asked = partial(case_conditions, scope, places, where, settled=settled, found=found)
    last = (c.township_code, c.case_no)
    is_most = found is None and where.state in ("all", "closed") and is_whole_stream(scope)
    by_place = partial(_by_place, places if is_most else [], descending=descending)
    if order_by == "opened_on":
        return [Stretch(asked(index="opened_on"), (c.opened_on, *last), True, descending)]
    if order_by == "case_no":
        return [Stretch(asked(index="other"), last[::-1], False, descending)]
    if order_by == "township_code":
        return by_place(asked(index="other"))
    if order_by == "due_on":
        dated = Stretch([*asked(index="due_on"), c.due_on.is_not(None)], (c.due_on, *last), True, descending)
        undated = c.due_on.is_(None)
        if found is None and _are_few(connection, scope, undated):
            return [dated, Stretch([*asked(index="other"), undated], last, False, descending)]
        return [dated, *by_place([*asked(index="other"), unindexed(undated)])]
    open_now = _in_hand(connection, scope, places, where, found, settled=settled)
    is_closed = c.closed_on <= scope.as_of
    if order_by == "closed_on":
        ended = Stretch([*asked(index="closed_on"), is_closed], (c.closed_on, *last), True, descending)
        parts = {"closed": [ended], "open": [Stretch(open_now, last, False, descending)]}
    else:  # the oldest was opened first
        first = sa.func.coalesce(c.first_opened_on, c.opened_on)
        oldest = Stretch(open_now, (first, *last), True, not descending)
        parts = {"open": [oldest], "closed": by_place([*asked(index="other"), unindexed(is_closed)])}
    kept = "open" if where.state == "overdue" else where.state
    return [part for state, those in parts.items() if kept in ("all", state) for part in those]


def _found(connection: Connection, scope: Scope, where: CaseFilter, order_by: Order, *, settled: bool) -> Found | None:
    """Return what to look among for an order; None where the order itself leads to the cases."""
    has_index = settled and order_by in ("opened_on", "due_on")
    is_apart = where.has_days or (where.village is not None and order_by in ("township_code", "age"))
    return found_first(connection, scope, where, in_hand=not has_index, rare=RARE if is_apart else COUNTED)


def _are_few(connection: Connection, scope: Scope, condition: ColumnElement[bool]) -> bool:
    """Tell whether a stream has so few rows of a kind that an index leads to: then sorting them is the shorter way."""
    beyond = sa.select(sa.literal(1)).where(cases.c.stream == scope.stream, condition).offset(COUNTED).limit(1)
    return connection.scalar(beyond) is None


def _in_hand(
    connection: Connection, scope: Scope, places: list[str], where: CaseFilter, found: Found | None, *, settled: bool
) -> Conditions:
    """Return the conditions of the open cases, however many closed ones are asked for beside them."""
    waiting = where if where.state in ("open", "overdue") else replace(where, state="open")
    among = found_first(connection, scope, waiting) if found is None else found
    conditions = case_conditions(scope, places, waiting, settled=settled, index="other", found=among)
    return [*conditions, open_at(scope.as_of, settled=settled)]


def _by_place(places: list[str], conditions: Conditions, *, descending: bool) -> list[Stretch]:
    """Order by township and number: township after township, each by the index of numbers; at once where no places.

    The key has this order, but over all streams: it would read much that is not asked for.
    """
    c = cases.c
    if not places:
        return [Stretch(conditions, (c.township_code, c.case_no), False, descending)]
    return [
        Stretch([*conditions, unindexed(c.township_code == place)], (c.case_no,), False, descending, place)
        for place in (reversed(places) if descending else places)
    ]


def from_key(parts: list[Stretch], after: Key | None) -> list[Stretch]:
    """Leave out the stretches that a key has passed: dated ones where it has no date, the townships before its own."""
    if after is None:
        return parts
    day, township, _ = after
    left = parts if day is not None else [part for part in parts if not part.dated] or parts
    while len(left) > 1 and day is None and left[0].place not in (None, township):
        left = left[1:]
    return left
