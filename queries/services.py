"""What each platform carries of each stream: one set of counts for mediation centre, four platforms and the rest.

A period is a run of full months, so that its figures are those of the indicators (DOMAIN "Rates in use"). Everything is
counted, whoever leads it; cases of no township come under the county's code where the whole county is asked for.
What is stored by day and by month is taken from there; `queries.service_counts` counts the rest.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Select

from analysis.months import add_months, month_end, month_of, months_between
from analysis.rules import POOLED_MONTHS
from analysis.scope import Scope
from analysis.streams import SERVED
from queries.frames import COUNT, DAY, TEXT, read_frame
from queries.group_states import monthly_groups
from queries.regions import township_codes, whole_counties
from queries.service_counts import (
    CLOSED,
    INVOLVED,
    LATE,
    OPENED,
    PLACE,
    WAITING,
    Span,
    closed_statement,
    departments_counted,
    involved_statement,
    late_statement,
    open_statement,
    opened_statement,
)
from queries.service_states import (
    BY_MONTH,
    ENDED,
    begun_by_day,
    departments_stored,
    months_statement,
    states_on,
    stored_days,
    waiting,
    whole_places,
)

__all__ = ["Span", "risk_levels", "service_departments", "service_months", "services", "twelve_months"]

COUNTS = (*OPENED, *CLOSED, *LATE, *INVOLVED, *WAITING)
SERVICES = {**dict.fromkeys(PLACE, TEXT), **dict.fromkeys(COUNTS, COUNT)}
SERVICE_MONTHS = {"month": "datetime64[s]", **dict.fromkeys(("opened", "closed", "closed_in_time", "late"), COUNT)}
SERVICE_DEPARTMENTS = {"stream": TEXT, "platform": TEXT, "department_code": TEXT, "cases": COUNT}
RISK_LEVELS = {"level": TEXT, "township_code": TEXT,
               **dict.fromkeys(("opened", "closed_in_time", "late", "open", "overdue"), COUNT)}  # fmt: skip
_PLACE = dict.fromkeys(PLACE, TEXT)
_LEVEL = {"level": TEXT, "township_code": TEXT}
_MONTH = {"year": COUNT, "month": COUNT}


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

    Source: tables backlog_states and case_months, with the cases touched since the last stored day; cases and
    case_departments where nothing is stored. DOMAIN "Rates in use", METHODS section 1.
    """
    now, codes = twelve_months(scope.as_of), _codes(connection, scope)
    stored = stored_days(connection, codes, scope.as_of)
    if stored is None:
        frames = [*_counted(connection, codes, now), waiting(connection, codes, scope.as_of)]
    else:
        states = states_on(connection, codes, _ends(now), stored.before)
        flows = _stored(connection, codes, now, states) if stored.hold(now.last) else _counted(connection, codes, now)
        frames = [*flows, waiting(connection, codes, scope.as_of, stored=stored.before, states=states)]
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

    Source: tables backlog_states and case_months; table cases where nothing is stored.
    """
    last = month_of(scope.as_of)
    span, codes = Span(add_months(last, 1 - months), month_end(last)), _codes(connection, scope)
    stored = stored_days(connection, codes, scope.as_of, stream=scope.stream)
    read = _counted_months if stored is None or not stored.hold(span.last) else _stored_months
    wide = pd.concat(read(connection, codes, span, scope), axis=1, sort=True).fillna(0)
    wide = wide[(wide != 0).any(axis=1)].sort_index().rename_axis("month").reset_index()
    return wide[list(SERVICE_MONTHS)].astype(SERVICE_MONTHS)


def service_departments(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the cases of the last 12 full months in which each department was involved.

    Returns
    -------
    pd.DataFrame
        One row per stream, platform and department, most cases first within a stream and platform: stream, platform,
        department_code (str), cases (int64). A case with several departments counts for each.

    Source: table department_months; tables cases and case_departments where it does not hold the last month.
    """
    span, codes = twelve_months(scope.as_of), _codes(connection, scope)
    stored = stored_days(connection, codes, scope.as_of)
    is_stored = stored is not None and stored.hold(span.last)
    statement = departments_stored(span, codes) if is_stored else departments_counted(span, codes)
    return read_frame(connection, statement, SERVICE_DEPARTMENTS).fillna({"platform": ""})


def risk_levels(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the risk items of each level: those of the last 12 full months, and those that wait at the as-of date.

    Returns
    -------
    pd.DataFrame
        One row per level and township that has any: level (str, "" not graded), township_code (str); opened,
        closed_in_time, late, open, overdue (int64, as in `services`).

    Source: table case_groups for the months, table cases for what waits, and for all where nothing is stored.
    """
    span, codes = twelve_months(scope.as_of), _codes(connection, scope)
    risks = replace(scope, stream="risk", platform="")
    stored = stored_days(connection, codes, scope.as_of, stream="risk")
    if stored is not None and stored.hold(span.last):
        ends = [month_end(month) for month in months_between(span.first, span.last)]
        rows = monthly_groups(connection, risks, codes, "level", ("opened", "closed_in_time", "late"), ends)
        frames = [rows.rename(columns={"value": "level"}).set_index(list(_LEVEL))]
    else:
        parts = ((opened_statement, OPENED), (closed_statement, CLOSED), (late_statement, LATE))
        frames = [
            _keyed(connection, statement(span, codes, scope=risks, by_level=True), _LEVEL, names)
            for statement, names in parts
        ]
    frames.append(_keyed(connection, open_statement(scope.as_of, codes, by_level=True), _LEVEL, WAITING))
    wide = pd.concat(frames, axis=1).fillna(0).astype("int64").sort_index()
    return wide[(wide != 0).any(axis=1)].reset_index()[list(RISK_LEVELS)].astype(RISK_LEVELS)


def twelve_months(as_of: date) -> Span:
    """Return the last 12 full months that end on or before a day."""
    last = month_of(as_of)
    return Span(add_months(last, 1 - POOLED_MONTHS), month_end(last))


def _ends(span: Span) -> list[date]:
    """Return the last days of what lies before two spans of the same length, of the first and of the second."""
    return [day - timedelta(days=1) for day in (span.before, span.first)] + [span.last]


def _stored(connection: Connection, codes: Sequence[str], span: Span, states: pd.DataFrame) -> list[pd.DataFrame]:
    """Return what was begun, closed and late in a span from what is stored: a flow is a difference of two days."""
    begun = states[list(ENDED)].diff(axis=1)[["to_last", "before_last"]].set_axis(list(OPENED), axis=1)
    months = months_statement(codes, span.first, span.last, PLACE, streams=SERVED)
    return [begun, _keyed(connection, months, _PLACE, BY_MONTH)]


def _counted(connection: Connection, codes: Sequence[str], span: Span) -> list[pd.DataFrame]:
    """Return what was begun, closed and late in a span from the cases."""
    parts = ((opened_statement, OPENED), (closed_statement, CLOSED), (late_statement, LATE))
    counted = [_keyed(connection, statement(span, codes), _PLACE, names) for statement, names in parts]
    return [*counted, _keyed(connection, involved_statement(span, codes), _PLACE, INVOLVED)]


def _stored_months(connection: Connection, codes: Sequence[str], span: Span, scope: Scope) -> list[pd.DataFrame]:
    """Return what was begun, closed and late in each month from what is stored, by its first day."""
    starts = months_between(span.first, span.last)
    ends = [span.first - timedelta(days=1), *map(month_end, starts)]
    begun_statement = begun_by_day(scope.stream, scope.platform, whole_places(connection, codes), ends)
    states = read_frame(connection, begun_statement, {"day": DAY, "opened_to_date": COUNT}).set_index("day")
    to_date = states["opened_to_date"].reindex(pd.DatetimeIndex(ends), fill_value=0)
    begun = to_date.diff().iloc[1:].set_axis(pd.DatetimeIndex(starts)).to_frame("opened")
    stream, platform = scope.stream, scope.platform
    months = months_statement(codes, span.first, span.last, ("month",), streams=(stream,), platform=platform)
    closed = read_frame(connection, months, {"month": DAY, **dict.fromkeys(BY_MONTH, COUNT)}).set_index("month")
    return [begun, closed]


def _counted_months(connection: Connection, codes: Sequence[str], span: Span, scope: Scope) -> list[pd.DataFrame]:
    """Return what was begun, closed and late in each month from the cases, by its first day."""
    parts = ((opened_statement, OPENED), (closed_statement, CLOSED), (late_statement, LATE))
    frames = [_keyed(connection, statement(span, codes, scope=scope), _MONTH, names) for statement, names in parts]
    return [frame.set_axis(pd.DatetimeIndex([date(year, month, 1) for year, month in frame.index])) for frame in frames]


def _keyed(connection: Connection, statement: Select[Any], keys: dict[str, str], counts: Sequence[str]) -> pd.DataFrame:
    """Read counts indexed by their keys, a missing platform or level as "".

    Keys come bare: PostgreSQL groups by no expression with a parameter in it.
    """
    frame = read_frame(connection, statement, keys | dict.fromkeys(counts, COUNT))
    return frame.fillna(dict.fromkeys(set(keys) & {"platform", "level"}, "")).set_index(list(keys))


def _codes(connection: Connection, scope: Scope) -> list[str]:
    """Return the townships asked for, and the county where they are all of it."""
    codes = township_codes(connection, scope)
    return [*codes, *whole_counties(connection, codes)]
