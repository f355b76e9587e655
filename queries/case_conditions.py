"""What the ledger asks of the cases, as conditions; and the indexes that answer them.

Source: analysis.ledger.CaseFilter; METHODS section 1.
"""

from dataclasses import replace
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from analysis.ledger import TOWNSHIP_LED, CaseFilter, State
from analysis.scope import Scope
from database.tables import cases, regions
from queries.cases import in_scope, is_newest, is_open, is_overdue, unindexed

Conditions = list[ColumnElement[bool]]
Index = Literal["opened_on", "closed_on", "place", "other"]


def ledger_places(connection: Connection, scope: Scope) -> list[str]:
    """Return the codes asked for that bear cases: townships, and a county for the cases of none of them (县本级)."""
    r = regions.c
    statement = sa.select(r.code).where(r.level.in_(("township", "county")), r.code.in_(sorted(scope.townships)))
    return list(connection.scalars(statement.order_by(r.code)))


def is_settled(connection: Connection, scope: Scope) -> bool:
    """Tell whether nothing of a stream was closed after the as-of date: then open is what has no closing day at all.

    One look into an index, which lets the partial indexes of the open cases answer.
    """
    c = cases.c
    later = sa.select(sa.literal(1)).where(c.stream == scope.stream, c.closed_on > scope.as_of).limit(1)
    return connection.scalar(later) is None


def case_conditions(
    scope: Scope, places: list[str], where: CaseFilter, *, settled: bool, index: Index = "opened_on"
) -> Conditions:
    """Return the conditions on an episode that is the newest of its case, as it stands at the as-of date.

    Parameters
    ----------
    settled : bool
        `is_settled`.
    index : {"opened_on", "closed_on", "place", "other"}
        The index meant: conditions that would tempt the planner to another one are put so that none answers them.
        place is the key, the township first.
    """
    day, c = scope.as_of, cases.c
    conditions = in_scope(cases, _of_lead(scope, where), places)
    if index == "place":
        conditions[:2] = [unindexed(c.stream == scope.stream), unindexed(c.township_code.in_(places))]
    is_begun = c.opened_on <= day
    conditions.append(is_begun if index == "opened_on" else unindexed(is_begun))
    in_state = _in_state(where.state, day, settled=settled, by_closed=index == "closed_on")
    return [*conditions, *in_state, *_asked(where, day), is_newest(cases, day)]


def open_at(day: date, *, settled: bool) -> ColumnElement[bool]:
    """Open at the end of `day`."""
    return cases.c.closed_on.is_(None) if settled else is_open(cases, day)


def _of_lead(scope: Scope, where: CaseFilter) -> Scope:
    """Put a department that is asked for into the scope, for its index; never over one that rights have put there."""
    is_named = where.lead not in (None, TOWNSHIP_LED)
    return replace(scope, department=where.lead) if is_named and scope.department is None else scope


def _in_state(state: State, day: date, *, settled: bool, by_closed: bool) -> Conditions:
    open_now, closed = open_at(day, settled=settled), cases.c.closed_on <= day
    return {
        "all": [],
        "open": [open_now],
        "overdue": [open_now, cases.c.due_on < day] if settled else [is_overdue(cases, day)],
        "closed": [closed if by_closed else unindexed(closed)],
    }[state]


def _asked(where: CaseFilter, day: date) -> Conditions:
    c = cases.c
    lead = c.lead_department_code
    equal: dict[Any, Any] = {c.category: where.category, c.channel: where.channel, c.level: where.level,
                             c.case_leader: where.leader, c.village_code: where.village,
                             c.closing_method: where.method, c.satisfaction: where.satisfaction,
                             c.is_repeat: where.is_repeat}  # fmt: skip
    conditions = [column == value for column, value in equal.items() if value is not None]
    if where.lead is not None:
        conditions.append(lead.is_(None) if where.lead == TOWNSHIP_LED else lead == where.lead)
    if where.number:
        conditions.append(c.case_no.icontains(where.number, autoescape=True))
    ranges = [(c.opened_on, where.opened_from, where.opened_to), (c.due_on, where.due_from, where.due_to),
              (c.closed_on, where.closed_from, where.closed_to)]  # fmt: skip
    for column, first, last in ranges:
        conditions += [column >= first] if first is not None else []
        conditions += [column <= last] if last is not None else []
    asks_closing = where.method or where.satisfaction or where.closed_from or where.closed_to
    return [*conditions, c.closed_on <= day] if asks_closing else conditions
