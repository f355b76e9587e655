"""What each platform carries of each stream: one set of counts for mediation centre, four platforms and the rest.

A period is a run of full months, so that its figures are those of the indicators (DOMAIN "Rates in use"). Everything is
counted, whoever leads it; cases of no township come under the county's code where the whole county is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.closing_methods import SUBSTANTIVE
from analysis.months import add_months, month_end, month_of
from analysis.rules import POOLED_MONTHS
from analysis.scope import Scope
from analysis.streams import SERVED
from database.tables import case_departments, cases
from queries.cases import Cases, is_newest, is_open, is_overdue
from queries.frames import COUNT, TEXT, read_frame
from queries.regions import township_codes, whole_counties

OPENED = ("opened", "opened_before")
CLOSED = ("closed", "closed_in_time", "rated", "satisfied", "ended", "settled")
LATE = ("late",)
INVOLVED = ("involved", "shared")
WAITING = ("open", "overdue")
COUNTS = (*OPENED, *CLOSED, *LATE, *INVOLVED, *WAITING)
_KEYS = ("stream", "platform", "township_code")
SERVICES = {**dict.fromkeys(_KEYS, TEXT), **dict.fromkeys(COUNTS, COUNT)}
SERVICE_MONTHS = {"month": "datetime64[s]", **dict.fromkeys(("opened", "closed", "closed_in_time", "late"), COUNT)}
SERVICE_DEPARTMENTS = {"stream": TEXT, "platform": TEXT, "department_code": TEXT, "cases": COUNT}
RISK_LEVELS = {"level": TEXT, "township_code": TEXT,
               **dict.fromkeys(("opened", "closed_in_time", "late", "open", "overdue"), COUNT)}  # fmt: skip

Conditions = Callable[[Cases], Sequence[ColumnElement[bool]]]


@dataclass(frozen=True)
class Span:
    """A run of full months: the first day of the first, the last day of the last."""

    first: date
    last: date


def services(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count what every platform carried of every stream but the backlog and suits, over the last 12 full months.

    `scope.stream` and `scope.platform` do not apply.

    Returns
    -------
    pd.DataFrame
        One row per stream, platform and township that has any, ordered by all three: stream, platform ("" for none),
        township_code (str, the county's for what lies in no township); int64: opened (first episodes begun),
        opened_before (in the 12 months before), closed (episodes), closed_in_time (by their due day), late (fell due
        and were not closed by then: closed_in_time + late are those counted in the period), rated, satisfied (满意,
        基本满意; of those closed), ended, settled (closings with a method, and those in substance), involved, shared
        (cases begun with one department or more, with two or more); open, overdue (at the end of the as-of day).

    Source: tables cases and case_departments; DOMAIN "Rates in use", METHODS section 1.
    """
    now, codes = twelve_months(scope.as_of), _codes(connection, scope)
    parts = [
        (opened_statement(now, codes), OPENED),
        (closed_statement(now, codes), CLOSED),
        (late_statement(now, codes), LATE),
        (involved_statement(now, codes), INVOLVED),
        (open_statement(scope.as_of, codes), WAITING),
    ]
    frames = [_keyed(connection, statement, dict.fromkeys(_KEYS, TEXT), names) for statement, names in parts]
    wide = pd.concat(frames, axis=1).fillna(0).astype("int64")
    wide = wide[(wide != 0).any(axis=1)].sort_index()
    return wide.reset_index()[list(SERVICES)].astype(SERVICES)


def service_months(connection: Connection, scope: Scope, *, months: int = 2 * POOLED_MONTHS) -> pd.DataFrame:
    """Count what a platform took in, closed and closed in time in each of the last full months.

    Returns
    -------
    pd.DataFrame
        One row per month that has any, rising: month (datetime64[s], first day), opened, closed, closed_in_time, late
        (int64, as in `services`) of `scope.stream` on `scope.platform` ("" all of it), over its townships together.

    Source: table cases.
    """
    last = month_of(scope.as_of)
    span, codes = Span(add_months(last, 1 - months), month_end(last)), _codes(connection, scope)
    parts = [
        (opened_statement(span, codes, scope=scope), ["opened", "opened_before"]),
        (closed_statement(span, codes, scope=scope), list(CLOSED)),
        (late_statement(span, codes, scope=scope), ["late"]),
    ]
    frames = [_keyed(connection, statement, {"year": COUNT, "month": COUNT}, names) for statement, names in parts]
    wide = pd.concat(frames, axis=1).fillna(0).sort_index()
    days = [pd.Timestamp(year, number, 1) for year, number in wide.index]
    return wide.reset_index(drop=True).assign(month=days)[list(SERVICE_MONTHS)].astype(SERVICE_MONTHS)


def service_departments(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the cases of the last 12 full months in which each department was involved.

    Returns
    -------
    pd.DataFrame
        One row per stream, platform and department, most cases first within a stream and platform: stream, platform,
        department_code (str), cases (int64). A case with several departments counts for each.

    Source: tables cases and case_departments.
    """
    span = twelve_months(scope.as_of)
    c, d = cases.alias("c"), case_departments.c
    count = sa.func.count().label("cases")
    statement = (
        sa.select(c.c.stream, c.c.platform, d.department_code, count)
        .join_from(c, case_departments, _same_case(c))
        .where(*_of(c, _codes(connection, scope)), c.c.episode == 1, c.c.opened_on.between(span.first, span.last))
        .group_by(c.c.stream, c.c.platform, d.department_code)
        .order_by(c.c.stream, c.c.platform, count.desc(), d.department_code)
    )
    return read_frame(connection, statement, SERVICE_DEPARTMENTS).fillna({"platform": ""})


def risk_levels(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the risk items of each level: those of the last 12 full months, and those that wait at the as-of date.

    Returns
    -------
    pd.DataFrame
        One row per level and township that has any: level (str, "" not graded), township_code (str); opened,
        closed_in_time, late, open, overdue (int64, as in `services`).

    Source: table cases.
    """
    span, codes = twelve_months(scope.as_of), _codes(connection, scope)
    risks = replace(scope, stream="risk", platform="")
    parts = [
        (opened_statement(span, codes, scope=risks, by_level=True), OPENED),
        (closed_statement(span, codes, scope=risks, by_level=True), CLOSED),
        (late_statement(span, codes, scope=risks, by_level=True), LATE),
        (open_statement(scope.as_of, codes, by_level=True), WAITING),
    ]
    keys = {"level": TEXT, "township_code": TEXT}
    frames = [_keyed(connection, statement, keys, names) for statement, names in parts]
    wide = pd.concat(frames, axis=1).fillna(0).astype("int64").sort_index().reset_index()
    return wide[list(RISK_LEVELS)].astype(RISK_LEVELS)


def twelve_months(as_of: date) -> Span:
    """Return the last 12 full months that end on or before a day."""
    last = month_of(as_of)
    return Span(add_months(last, 1 - POOLED_MONTHS), month_end(last))


def opened_statement(
    span: Span, codes: Sequence[str], *, scope: Scope | None = None, by_level: bool = False
) -> Select[Any]:
    """Count the cases begun in a span, and in as long a span before it (within a stream and platform: by month)."""
    months = (span.last.year - span.first.year) * 12 + span.last.month - span.first.month + 1
    before = add_months(span.first, -months)

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
    """Count the cases begun in a span with a department, and those with more than one."""
    c, d = cases.alias("c"), case_departments.c
    each = (
        sa.select(c.c.stream, c.c.platform, c.c.township_code, sa.func.count(d.department_code).label("departments"))
        .join_from(c, case_departments, _same_case(c))
        .where(*_of(c, codes), c.c.episode == 1, c.c.opened_on.between(span.first, span.last))
        .group_by(c.c.stream, c.c.platform, c.c.township_code, c.c.case_no)
        .subquery("each")
    )
    shared = sa.func.sum(sa.case((each.c.departments > 1, 1), else_=0))
    keys = [each.c[name] for name in _KEYS]
    return sa.select(*keys, sa.func.count().label("involved"), shared.label("shared")).group_by(*keys)


def open_statement(day: date, codes: Sequence[str], *, by_level: bool = False) -> Select[Any]:
    """Count the cases open at the end of a day, and those of them that are overdue; by level those of risks."""
    c = cases.alias("c")
    first = c.c.level if by_level else c.c.stream
    keys = [first, c.c.township_code] if by_level else [first, c.c.platform, c.c.township_code]
    late = sa.func.sum(sa.case((is_overdue(c, day), 1), else_=0)).label("overdue")
    within = [c.c.stream == "risk", c.c.township_code.in_(codes)] if by_level else _of(c, codes)
    return (
        sa.select(*keys, sa.func.count().label("open"), late)
        .where(*within, c.c.opened_on <= day, is_open(c, day), is_newest(c, day))
        .group_by(*keys)
    )


def _keyed(connection: Connection, statement: Select[Any], keys: dict[str, str], counts: Sequence[str]) -> pd.DataFrame:
    """Read counts indexed by their keys, a missing platform or level as "".

    Keys come bare: PostgreSQL groups by no expression with a parameter in it.
    """
    frame = read_frame(connection, statement, keys | dict.fromkeys(counts, COUNT))
    return frame.fillna(dict.fromkeys(set(keys) & {"platform", "level"}, "")).set_index(list(keys))


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
    return sa.select(*keys, *sums).where(*_of(c, codes, scope)).group_by(*keys)


def _of(c: Cases, codes: Sequence[str], scope: Scope | None = None) -> list[ColumnElement[bool]]:
    own = [c.c.stream.in_(SERVED) if scope is None else c.c.stream == scope.stream, c.c.township_code.in_(codes)]
    return [*own, c.c.platform == scope.platform] if scope is not None and scope.platform else own


def _same_case(c: Cases) -> ColumnElement[bool]:
    d = case_departments.c
    return sa.and_(d.township_code == c.c.township_code, d.case_no == c.c.case_no, d.episode == c.c.episode)


def _codes(connection: Connection, scope: Scope) -> list[str]:
    """Return the townships asked for, and the county where they are all of it."""
    codes = township_codes(connection, scope)
    return [*codes, *whole_counties(connection, codes)]
