"""Statements over the cases themselves: which rows a scope means, and how they are counted at a day.

A case counts once: at a day its state is that of its newest episode begun by then. Source: METHODS section 1.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import CTE, ColumnElement, CompoundSelect, Select, Subquery
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from analysis.closing_methods import LAWFUL, SUBSTANTIVE
from analysis.rules import AGE_LIMITS
from analysis.scope import Scope
from database.tables import cases

OF_CASES = ("opened_to_date", "substantive_to_date", "lawful_to_date", "led_opened_to_date", "led_open", "open",
            "overdue", "open_0_30", "open_31_60", "open_61_90", "open_91_180", "open_over_180")  # fmt: skip
"""What is counted by case at a day, named as in backlog_states."""

OF_EPISODES = ("reopened_to_date", "closings_to_date")
"""What is counted by episode."""

_COUNTED = ("township_code", "case_no", "episode", "opened_on", "first_opened_on", "due_on", "closed_on",
            "closing_method", "lead_department_code", "category", "channel", "case_leader")  # fmt: skip
"""What is counted by, of those that are touched."""

Cases = Any  # an alias of the table, or a subquery with its columns: SQLAlchemy has no narrower name for both


def cases_counted(
    scope: Scope,
    townships: Sequence[str],
    day: date,
    touched: CTE | None = None,
    *,
    by: Sequence[str] = ("township_code",),
    names: Sequence[str] = OF_CASES,
) -> Select[Any]:
    """Count a scope's cases at the end of a day: one row per township that has any, `names` of OF_CASES in order.

    Parameters
    ----------
    touched : CTE or None
        Only these episodes (`touched_between`), which lie within the scope already.
    by : sequence of str
        Other columns of the newest episode to count by, null being a value of its own.
    """
    c: Cases = cases.alias("c") if touched is None else touched
    is_led, open_now, closed = c.c.lead_department_code.is_(None), is_open(c, day), sa.not_(is_open(c, day))
    conditions = (
        sa.true(),
        sa.and_(closed, c.c.closing_method.in_(SUBSTANTIVE)),
        sa.and_(closed, c.c.closing_method.in_(LAWFUL)),
        is_led,
        sa.and_(open_now, is_led),
        open_now,
        is_overdue(c, day),
        *(sa.and_(open_now, is_aged) for is_aged in _age_bands(c, day)),
    )
    wanted = dict(zip(OF_CASES, conditions, strict=True))
    counted = (wanted[name] for name in names)
    return _sums(c, names, counted, scope, townships, day, touched, by).where(is_newest(c, day))


def episodes_counted(
    scope: Scope,
    townships: Sequence[str],
    day: date,
    touched: CTE | None = None,
    *,
    by: Sequence[str] = ("township_code",),
) -> Select[Any]:
    """Count a scope's later episodes begun and its episodes closed by the end of a day: OF_EPISODES per township.

    `by` are other columns of the episode to count by.
    """
    c: Cases = cases.alias("c") if touched is None else touched
    return _sums(c, OF_EPISODES, (c.c.episode > 1, c.c.closed_on <= day), scope, townships, day, touched, by)


def is_newest(c: Cases, day: date) -> ColumnElement[bool]:
    """Whether no later episode of the same case has begun by the end of `day`, of whatever department.

    An index holds the later episodes alone: few, and said in so many words, or SQLite would look through all.
    """
    later = cases.alias("later")
    return ~sa.exists().where(
        later.c.township_code == c.c.township_code, later.c.case_no == c.c.case_no, later.c.episode > c.c.episode,
        later.c.episode > sa.literal_column("1"), later.c.opened_on <= day,
    )  # fmt: skip


def in_scope(c: Cases, scope: Scope, townships: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return the conditions that a scope puts on an episode, apart from its dates.

    A campaign and a department have indexes of their own: the stream must not tempt SQLite away from them.
    """
    in_stream = c.c.stream == scope.stream
    conditions = [in_stream if is_whole_stream(scope) else unindexed(in_stream), c.c.township_code.in_(townships)]
    if scope.platform:
        conditions.append(c.c.platform == scope.platform)
    if scope.campaign is not None:
        conditions.append(c.c.campaign_code == scope.campaign)
    if scope.department is not None:
        conditions.append(c.c.lead_department_code == scope.department)
    return conditions


def is_whole_stream(scope: Scope) -> bool:
    """Tell whether a scope means every case of a stream or platform: then its counts are stored."""
    return scope.campaign is None and scope.department is None


def unindexed(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition in a form that no index of SQLite answers, so that its planner takes the index meant.

    SQLite knows nothing of how rare a value is: without this it reads a whole stream for the 114 cases of a campaign.
    PostgreSQL does know, from its statistics, and would hold the other form for rare: it gets the condition bare.
    """
    return _Unindexed(condition)


class _Unindexed(FunctionElement[bool]):
    inherit_cache = True
    type = sa.Boolean()


@compiles(_Unindexed)
def _unindexed(element: _Unindexed, compiler: SQLCompiler, **options: Any) -> str:
    condition = compiler.process(element.clauses, **options)
    is_bare = compiler.dialect.name == "postgresql"
    return f"({condition})" if is_bare else f"CASE WHEN ({condition}) THEN 1 ELSE 0 END"


def is_open(c: Cases, day: date) -> ColumnElement[bool]:
    """Open at the end of `day`."""
    return sa.or_(c.c.closed_on.is_(None), c.c.closed_on > day)


def is_overdue(c: Cases, day: date) -> ColumnElement[bool]:
    """Still open after the end of its due day."""
    return sa.and_(is_open(c, day), c.c.due_on < day)


def touched_between(scope: Scope, townships: Sequence[str], stored: date, day: date, *, with_ages: bool) -> CTE:
    """Select the episodes whose counts may differ between a stored day and a later one, each once.

    Those begun or closed after the one and by the other, those whose due day ended in between, those that another
    episode of the case has overtaken, and, for the ageing, those that grew out of a band. Each part reads one short
    range of one index.

    What is said of an episode that another one leads to is said unindexed: with one township alone, which then stands
    for both, SQLite would go through the whole stream for every episode begun.
    """
    c, later = cases.c, cases.alias("later")
    own = in_scope(cases, scope, townships)
    was, waits = unindexed(c.opened_on <= stored), unindexed(is_open(cases, day))
    falls_due = sa.and_(c.due_on >= stored, c.due_on < day)
    every = sa.select(*(c[name] for name in _COUNTED))
    rows, reached = every.where(*own), every.where(*map(unindexed, own))
    overtaken = (
        reached.join(later, _same_case(later, cases, later.c.episode > c.episode)).where(
            later.c.stream == scope.stream, later.c.township_code.in_(townships),
            later.c.episode > sa.literal_column("1"), later.c.opened_on > stored, later.c.opened_on <= day,
            was, sa.or_(c.closed_on <= stored, sa.and_(waits, _not_in(c.due_on, stored, day))),
        )
    ).distinct()  # fmt: skip
    parts = [
        rows.where(c.opened_on > stored, c.opened_on <= day),
        rows.where(c.closed_on > stored, c.closed_on <= day, was),
        rows.where(falls_due, was, waits),
        overtaken,
    ]
    if with_ages:
        same = (was, waits, unindexed(_not_in(c.due_on, stored, day)), is_newest(cases, day))
        grown = _grown(rows.where(*same), reached.where(*same), scope, townships, stored, day)
        parts.append(sa.select(grown.subquery("grown")))
    return sa.union_all(*parts).cte("touched")


def _grown(
    rows: Select[Any], reached: Select[Any], scope: Scope, townships: Sequence[str], stored: date, day: date
) -> CompoundSelect[Any]:
    """Select those of `rows` that grew out of an ageing band, by the day when their first episode was begun.

    `reached` are the same rows, where the first episode leads to a later one.
    """
    c, first = cases.c, cases.alias("first")
    parts = []
    for limit in (timedelta(days=limit) for limit in AGE_LIMITS):
        parts.append(rows.where(c.episode == 1, c.opened_on >= stored - limit, c.opened_on < day - limit))
        again = reached.join(first, _same_case(first, cases, first.c.episode == 1)).where(
            c.episode > sa.literal_column("1"), first.c.stream == scope.stream, first.c.township_code.in_(townships),
            first.c.opened_on >= stored - limit, first.c.opened_on < day - limit,
        )  # fmt: skip
        parts.append(again)
    return sa.union(*parts)


def _same_case(one: Cases, other: Cases, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    return sa.and_(one.c.township_code == other.c.township_code, one.c.case_no == other.c.case_no, *more)


def _not_in(due: ColumnElement[Any], stored: date, day: date) -> ColumnElement[bool]:
    return sa.or_(due.is_(None), due < stored, due >= day)


def episodes(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Select the episodes of a scope begun by its as-of date, what came later being unknown."""
    c = cases
    return sa.select(
        c.c.township_code, c.c.episode, c.c.opened_on, c.c.due_on, known(c.c.closed_on, c, scope.as_of),
    ).where(*in_scope(c, scope, townships), c.c.opened_on <= scope.as_of)  # fmt: skip


def open_episodes(conditions: Sequence[ColumnElement[bool]], day: date) -> Subquery:
    """Select the episodes open at the end of `day` that are the newest of their case; conditions are on table cases.

    Those without a closing day and those closed later, either by its index: asked for in one condition, they would have
    a whole stream read.
    """
    begun = sa.select(cases).where(*conditions, cases.c.opened_on <= day, is_newest(cases, day))
    return sa.union_all(begun.where(cases.c.closed_on.is_(None)), begun.where(cases.c.closed_on > day)).subquery("c")


def stream_of_campaign(campaign: str) -> Select[Any]:
    """Select the stream of a campaign's cases: the same for all of them."""
    return sa.select(cases.c.stream).where(cases.c.campaign_code == campaign).limit(1)


def known(column: ColumnElement[Any], c: Cases, day: date) -> ColumnElement[Any]:
    """Return a column of the closing, null while the case is open at `day`."""
    return sa.case((c.c.closed_on <= day, column), else_=sa.null()).label(column.key)


def _sums(
    c: Cases,
    names: Sequence[str],
    conditions: Iterable[ColumnElement[bool]],
    scope: Scope,
    townships: Sequence[str],
    day: date,
    touched: CTE | None,
    by: Sequence[str],
) -> Select[Any]:
    """Sum conditions over the episodes begun by a day, per township or other columns.

    Touched episodes lie within the scope already.
    """
    sums = [
        sa.func.sum(sa.case((is_so, 1), else_=0)).label(name) for name, is_so in zip(names, conditions, strict=True)
    ]
    keys = [c.c[name] for name in by]
    statement = sa.select(*keys, *sums).where(c.c.opened_on <= day).group_by(*keys)
    return statement.where(*in_scope(c, scope, townships)) if touched is None else statement


def _age_bands(c: Cases, day: date) -> Iterable[ColumnElement[bool]]:
    """Yield the conditions of the ageing bands; a view may lack first_opened_on for a first episode."""
    first = sa.func.coalesce(c.c.first_opened_on, c.c.opened_on)
    starts = [None, *(day - timedelta(days=limit) for limit in AGE_LIMITS)]
    for younger, older in zip(starts, [*starts[1:], None], strict=True):
        parts = [first < younger] if younger is not None else []
        yield sa.and_(*parts, *([first >= older] if older is not None else []))
