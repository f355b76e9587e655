"""What platforms carry, counted from the cases themselves: what is not stored, and what no refresh has stored yet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CTE, ColumnElement, Select

from analysis.closing_methods import SUBSTANTIVE
from analysis.months import add_months
from analysis.scope import Scope
from analysis.streams import SERVED
from database.tables import case_departments, cases
from queries.cases import Cases, is_newest, is_open, open_episodes, unindexed

OPENED = ("opened", "opened_before")
CLOSED = ("closed", "closed_in_time", "rated", "satisfied", "ended", "settled")
LATE = ("late",)
INVOLVED = ("involved", "shared")
WAITING = ("open", "overdue")
PLACE = ("stream", "platform", "township_code")

Conditions = Callable[[Cases], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True)
class Span:
    """A run of full months: the first day of the first, the last day of the last."""

    first: date
    last: date

    @property
    def before(self) -> date:
        """The first day of as many months before it."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        return add_months(self.first, -months)


def opened_statement(
    span: Span, codes: Sequence[str], *, scope: Scope | None = None, by_level: bool = False
) -> Select[Any]:
    """Count the cases begun in a span, and in as long a span before it (within a stream and platform: by month)."""
    before = span.before

    def conditions(c: Cases) -> Sequence[ColumnElement[bool]]:
        return c.c.opened_on >= span.first, c.c.opened_on < span.first

    c = cases.alias("c")
    start = span.first if scope is not None and not by_level else before
    found = _counted(c, OPENED, conditions, c.c.opened_on, codes, scope, by_level=by_level)
    return found.where(c.c.episode == 1, c.c.opened_on.between(start, span.last))


def closed_statement(
    span: Span, codes: Sequence[str], *, scope: Scope | None = None, by_level: bool = False
) -> Select[Any]:
    """Count the episodes closed in a span, and how: in time, rated, content, with a method, in substance."""

    def conditions(c: Cases) -> Sequence[ColumnElement[bool]]:
        return (
            sa.true(),
            c.c.closed_on <= c.c.due_on,
            c.c.satisfaction.is_not(None),
            c.c.satisfaction.in_((1, 2)),
            c.c.closing_method.is_not(None),
            c.c.closing_method.in_(SUBSTANTIVE),
        )

    c = cases.alias("c")
    found = _counted(c, CLOSED, conditions, c.c.closed_on, codes, scope, by_level=by_level)
    return found.where(c.c.closed_on.between(span.first, span.last))


def late_statement(
    span: Span, codes: Sequence[str], *, scope: Scope | None = None, by_level: bool = False
) -> Select[Any]:
    """Count the episodes that fell due in a span and were not closed by then."""
    c = cases.alias("c")
    found = _counted(c, LATE, lambda c: (sa.true(),), c.c.due_on, codes, scope, by_level=by_level)
    is_late = sa.or_(c.c.closed_on.is_(None), c.c.closed_on > c.c.due_on)
    return found.where(c.c.due_on.between(span.first, span.last), c.c.opened_on <= span.last, is_late)


def involved_statement(span: Span, codes: Sequence[str]) -> Select[Any]:
    """Count the cases begun in a span with a department, and those with more than one.

    Few cases have departments: they are gone through first, and each case is reached by its key.
    """
    c, d = cases.alias("c"), case_departments.c
    each = (
        sa.select(d.township_code, d.case_no, sa.func.count().label("departments"))
        .where(d.episode == 1, d.township_code.in_(codes))
        .group_by(d.township_code, d.case_no)
        .subquery("each")
    )
    is_same = sa.and_(c.c.township_code == each.c.township_code, c.c.case_no == each.c.case_no, c.c.episode == 1)
    shared = sa.func.sum(sa.case((each.c.departments > 1, 1), else_=0))
    keys = [c.c[name] for name in PLACE]
    return (
        sa.select(*keys, sa.func.count().label("involved"), shared.label("shared"))
        .join_from(each, c, is_same)
        .where(unindexed(c.c.stream.in_(SERVED)), unindexed(c.c.opened_on.between(span.first, span.last)))
        .group_by(*keys)
    )


def departments_counted(span: Span, codes: Sequence[str]) -> Select[Any]:
    """Count the cases begun in a span by stream, platform and department involved."""
    c, d = cases.alias("c"), case_departments.c
    count, keys = sa.func.count().label("cases"), (c.c.stream, c.c.platform, d.department_code)
    is_same = sa.and_(d.township_code == c.c.township_code, d.case_no == c.c.case_no, d.episode == c.c.episode)
    begun = (c.c.episode == 1, c.c.opened_on.between(span.first, span.last))
    return (
        sa.select(*keys, count)
        .join_from(c, case_departments, is_same)
        .where(*of_streams(c, codes), *begun)
        .group_by(*keys)
        .order_by(c.c.stream, c.c.platform, count.desc(), d.department_code)
    )


def open_statement(day: date, codes: Sequence[str], *, by_level: bool = False, among: CTE | None = None) -> Select[Any]:
    """Count the cases open at the end of a day, and those of them that are overdue; by level those of risks.

    `among` are episodes of these streams and places: no others then.
    """
    own = [cases.c.stream == "risk", cases.c.township_code.in_(codes)] if by_level else of_streams(cases, codes)
    c: Cases = open_episodes(own, day) if among is None else among
    keys = [c.c.level, c.c.township_code] if by_level else [c.c[name] for name in PLACE]
    late = sa.func.sum(sa.case((c.c.due_on < day, 1), else_=0)).label("overdue")
    statement = sa.select(*keys, sa.func.count().label("open"), late).group_by(*keys)
    if among is None:
        return statement
    return statement.where(c.c.opened_on <= day, is_open(c, day), is_newest(c, day))


def _counted(
    c: Cases,
    names: Sequence[str],
    conditions: Conditions,
    day: ColumnElement[date],
    codes: Sequence[str],
    scope: Scope | None,
    *,
    by_level: bool,
) -> Select[Any]:
    """Sum conditions over episodes: by stream, platform and township; by level and township; or by month."""
    sums = [
        sa.func.sum(sa.case((is_so, 1), else_=0)).label(name) for name, is_so in zip(names, conditions(c), strict=True)
    ]
    if by_level:
        keys: list[ColumnElement[Any]] = [c.c.level, c.c.township_code]
    elif scope is not None:
        keys = [sa.cast(sa.extract(part, day), sa.Integer).label(part) for part in ("year", "month")]
    else:
        keys = [c.c.stream, c.c.platform, c.c.township_code]
    return sa.select(*keys, *sums).where(*of_streams(c, codes, scope)).group_by(*keys)


def of_streams(c: Cases, codes: Sequence[str], scope: Scope | None = None) -> list[ColumnElement[bool]]:
    """Return the conditions on the streams and places: those that platforms carry, or a scope's own."""
    own = [c.c.stream.in_(SERVED) if scope is None else c.c.stream == scope.stream, c.c.township_code.in_(codes)]
    return [*own, c.c.platform == scope.platform] if scope is not None and scope.platform else own
