"""What the ledger asks of the cases, as conditions; and the indexes that answer them.

Source: analysis.ledger.CaseFilter; METHODS section 1.
"""

from dataclasses import replace
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from analysis.ledger import TOWNSHIP_LED, CaseFilter, State
from analysis.scope import Scope
from database.tables import cases, regions
from queries.cases import in_scope, is_newest, is_open, is_overdue, is_whole_stream, unindexed

Conditions = list[ColumnElement[bool]]
Found = list[str] | Select[Any] | CompoundSelect[Any]
Index = Literal["opened_on", "closed_on", "due_on", "asked", "other"]
COUNTED = 1_000
"""Cases are counted up to here where their number is not stored."""

FEW, RARE = 500, 10_000
"""FEW cases are named one by one; more are looked for a second time: a long list costs more to send than to find.

RARE is for what lies together in an order or wholly outside of its first pages: days, a village among townships.
"""


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
    scope: Scope,
    places: list[str],
    where: CaseFilter,
    *,
    settled: bool,
    index: Index = "opened_on",
    found: Found | None = None,
) -> Conditions:
    """Return the conditions on an episode that is the newest of its case, as it stands at the as-of date.

    What is asked comes first and the look for a newer episode last: SQLite tries them in this order.

    Parameters
    ----------
    settled : bool
        `is_settled`.
    index : {"opened_on", "closed_on", "due_on", "asked", "other"}
        The index meant: conditions that would tempt the planner to another one are put so that none answers them.
        asked is that of the filters, whatever the order.
    found
        Of `found_first`: the cases lie among these, and are reached by their numbers.
    """
    day, c = scope.as_of, cases.c
    in_stream, in_places, *others = in_scope(cases, _of_lead(scope, where), places)
    is_begun, in_state = c.opened_on <= day, _in_state(where.state, day, settled=settled, index=index)
    asks_closing = where.method or where.satisfaction or where.closed_from or where.closed_to
    is_known = [unindexed(c.closed_on <= day)] if asks_closing else []
    conditions = [*_asked(where, index), *_aged(where, day), *is_known, *others]
    conditions.append(is_begun if index == "opened_on" else unindexed(is_begun))
    conditions = [in_stream, *conditions, *in_state, *_numbered(where), unindexed(in_places), is_newest(cases, day)]
    if found is None:
        return conditions
    among = cases.c.case_no.in_(found.correlate(None) if isinstance(found, Select) else found)
    return [among, *(unindexed(condition) for condition in conditions)]


def found_first(
    connection: Connection, scope: Scope, where: CaseFilter, *, in_hand: bool = True, rare: int = COUNTED
) -> Found | None:
    """Return the numbers of the cases to look among, where they are few beside those that an order would read; or None.

    Those that are open, and those of a rare filter: no order of the ledger leads to either, and the indexes hold all
    that is asked of them.

    Parameters
    ----------
    in_hand : bool
        Whether open cases are to be looked for so: not where an index of theirs has the order.
    rare : int
        Up to how many cases of a filter are few.
    """
    c, day = cases.c, scope.as_of
    if in_hand and where.state in ("open", "overdue") and is_whole_stream(_of_lead(scope, where)):
        begun = sa.select(c.case_no).where(c.stream == scope.stream, c.opened_on <= day)
        return sa.union_all(begun.where(c.closed_on > day), begun.where(c.closed_on.is_(None)))
    if replace(where, state="all") == CaseFilter():
        return None
    in_stream, _, *others = in_scope(cases, _of_lead(scope, where), ())
    wanted = (*_asked(where, "asked"), *_aged(where, day), *others, *_numbered(where))
    sought = sa.select(c.case_no).where(unindexed(in_stream) if where.repeat_of else in_stream, *wanted)
    numbers = list(connection.scalars(sought.limit(rare + 1)))
    if len(numbers) > rare:
        return None
    return numbers if len(numbers) <= FEW else sought


def capped_count(connection: Connection, scope: Scope, places: list[str], where: CaseFilter, *, settled: bool) -> int:
    """Count the cases asked for up to one more than COUNTED."""
    found = found_first(connection, scope, where)
    conditions = case_conditions(scope, places, where, settled=settled, index="asked", found=found)
    some = sa.select(sa.literal(1)).select_from(cases).where(*conditions).limit(COUNTED + 1).subquery()
    return connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def open_at(day: date, *, settled: bool) -> ColumnElement[bool]:
    """Open at the end of `day`."""
    return cases.c.closed_on.is_(None) if settled else is_open(cases, day)


def _of_lead(scope: Scope, where: CaseFilter) -> Scope:
    """Put a department that is asked for into the scope, for its index; never over one that rights have put there."""
    is_named = where.lead not in (None, TOWNSHIP_LED)
    return replace(scope, department=where.lead) if is_named and scope.department is None else scope


def _in_state(state: State, day: date, *, settled: bool, index: Index) -> Conditions:
    open_now, closed = open_at(day, settled=settled), cases.c.closed_on <= day
    return {
        "all": [],
        "open": [open_now],
        "overdue": [open_now, cases.c.due_on < day] if settled else [is_overdue(cases, day)],
        "closed": [closed if index == "closed_on" else unindexed(closed)],
    }[state]


def _asked(where: CaseFilter, index: Index) -> Conditions:
    """Return what the filters ask, for the index meant: an equality would tempt the planner away from an order."""
    c, is_asked = cases.c, index == "asked"
    equal: dict[Any, Any] = {c.category: where.category, c.channel: where.channel, c.level: where.level,
                             c.case_leader: where.leader, c.village_code: where.village,
                             c.closing_method: where.method, c.satisfaction: where.satisfaction,
                             c.is_repeat: where.is_repeat}  # fmt: skip
    wanted = [column == value for column, value in equal.items() if value is not None]
    conditions = [condition if is_asked else unindexed(condition) for condition in wanted]
    if where.lead is not None:
        is_led = c.lead_department_code.is_(None)
        conditions.append(unindexed(is_led) if where.lead == TOWNSHIP_LED else c.lead_department_code == where.lead)
    ranges = {"opened_on": (where.opened_from, where.opened_to), "due_on": (where.due_from, where.due_to),
              "closed_on": (where.closed_from, where.closed_to)}  # fmt: skip
    for name, (first, last) in ranges.items():
        within = [c[name] >= first] if first is not None else []
        within += [c[name] <= last] if last is not None else []
        conditions += within if is_asked or index == name else [unindexed(condition) for condition in within]
    if where.repeat_of:
        conditions.append(c.repeat_of == where.repeat_of)
    if where.is_again is not None:
        conditions.append(c.episode > sa.literal_column("1") if where.is_again else unindexed(c.episode == 1))
    return conditions


def _aged(where: CaseFilter, day: date) -> Conditions:
    """Return what is asked of the first opening, and of the days from it to the close or the end of `day`."""
    c = cases.c
    first = sa.func.coalesce(c.first_opened_on, c.opened_on)
    age = _DaysBetween(first, sa.case((c.closed_on <= day, c.closed_on), else_=sa.literal(day)))
    asked = ((first, where.first_from, where.first_to), (age, where.age_from, where.age_to))
    lower = [value >= least for value, least, _ in asked if least is not None]
    return lower + [value <= most for value, _, most in asked if most is not None]


def _numbered(where: CaseFilter) -> Conditions:
    return [_Holds(cases.c.case_no, sa.literal(_pattern(where.number)))] if where.number else []


class _Holds(FunctionElement[bool]):
    """Whether a text is like a pattern, in capitals or not: SQLite's LIKE sees no difference, lower() is slow there."""

    inherit_cache = True
    type = sa.Boolean()


@compiles(_Holds)
def _holds(element: _Holds, compiler: SQLCompiler, **options: Any) -> str:
    column, pattern = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} {'ILIKE' if compiler.dialect.name == 'postgresql' else 'LIKE'} {pattern} ESCAPE '/'"


class _DaysBetween(FunctionElement[int]):
    """How many days lie between a day and a later one."""

    inherit_cache = True
    type = sa.Integer()


@compiles(_DaysBetween)
def _days_between(element: _DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    first, last = (compiler.process(part, **options) for part in element.clauses)
    if compiler.dialect.name == "postgresql":
        return f"({last} - {first})"
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


def _pattern(number: str) -> str:
    return f"%{number.replace('/', '//').replace('%', '/%').replace('_', '/_')}%"
