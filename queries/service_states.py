"""What is stored of the streams that platforms carry: what was taken in and waits by day, what was closed by month.

A place is where cases lie: a township, or a county for those of none of its townships. Platform "" is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import CTE, Connection, Select

from analysis.streams import SERVED
from database.tables import backlog_states, case_months, cases, department_months
from queries.cases import is_open, unindexed
from queries.frames import COUNT, TEXT, read_frame
from queries.regions import whole_counties
from queries.service_counts import PLACE, WAITING, Span, open_statement

ENDED = ("before_both", "before_last", "to_last")
BY_MONTH = ("closed", "closed_in_time", "rated", "satisfied", "ended", "settled", "late", "involved", "shared")


@dataclass(frozen=True)
class StoredDays:
    """The last day that is stored for some places, and the last one on or before the as-of day."""

    last: date
    before: date

    def hold(self, month_end: date) -> bool:
        """Whether a month's last day is stored, or lies before all cases; and so the month."""
        return month_end <= self.last


def stored_days(
    connection: Connection, codes: Sequence[str], as_of: date, *, stream: str | None = None
) -> StoredDays | None:
    """Return the stored days of some places (and one stream); None where none of theirs is stored by the as-of day.

    None too where no month is stored at all: a database that has just been given the table, and was not refreshed yet.

    Source: tables backlog_states and case_months.
    """
    if connection.scalar(sa.select(sa.literal(1)).select_from(case_months).limit(1)) is None:
        return None
    s = backlog_states.c
    before = sa.func.max(sa.case((s.day <= as_of, s.day)), type_=sa.Date())
    ends = (sa.func.max(s.day, type_=sa.Date()), before)
    where = (s.region_code.in_(codes), s.stream.in_(SERVED if stream is None else (stream,)), s.platform == "")
    last, seen = connection.execute(sa.select(*ends).where(*where)).one()
    return None if seen is None else StoredDays(last, seen)


def whole_places(connection: Connection, codes: Sequence[str]) -> list[str]:
    """Return the places of which the stored rows add up to those of `codes`: a county's row is its total."""
    counties = whole_counties(connection, list(codes))
    inside = {code for county in counties.keys() & set(codes) for code in counties[county]}
    return [code for code in codes if code not in inside]


def begun_by_day(stream: str, platform: str, places: Sequence[str], days: Sequence[date]) -> Select[Any]:
    """Sum what was taken in to date over places, on each of some days; platform "" is all here."""
    s = backlog_states.c
    begun = sa.func.sum(s.opened_to_date).label("opened_to_date")
    of = (s.region_code.in_(places), s.stream == stream, s.platform == platform, s.day.in_(days))
    return sa.select(s.day, begun).where(*of).group_by(s.day)


def states_on(connection: Connection, codes: Sequence[str], ends: Sequence[date], day: date) -> pd.DataFrame:
    """Return what each stream and platform had taken in by three days in each place, and what waits on another.

    Returns
    -------
    pd.DataFrame
        One row per stream, platform and place, indexed by the three: ENDED (taken in by the end of each of `ends`),
        open and overdue at the end of `day` (int64, cases; 0 where a day is not stored).

    Source: table backlog_states, of which platform "" is all and a county's row its total: both are taken apart here.
    """
    s = backlog_states.c
    begun = [(end, s.opened_to_date, name) for end, name in zip(ends, ENDED, strict=bool(ends))]
    figures = [*begun, *((day, s[name], name) for name in WAITING)]
    names = [name for *_, name in figures]
    sums = [sa.func.sum(sa.case((s.day == at, figure), else_=0)).label(name) for at, figure, name in figures]
    keys = (s.stream, s.platform, s.region_code.label("township_code"))
    asked = (s.region_code.in_(codes), s.stream.in_(SERVED), s.day.in_([*ends, day]))
    columns = {**dict.fromkeys(PLACE, TEXT), **dict.fromkeys(names, COUNT)}
    rows = read_frame(connection, sa.select(*keys, *sums).where(*asked).group_by(*keys), columns)
    rows = pd.concat([rows, _taken_off(rows[rows["platform"] != ""], platform="")])
    counties = whole_counties(connection, list(codes))
    inside = [
        _taken_off(rows[rows["township_code"].isin(towns)], township_code=county) for county, towns in counties.items()
    ]
    return pd.concat([rows, *inside]).groupby(list(PLACE))[names].sum()


def months_statement(
    codes: Sequence[str], first: date, last: date, keys: Sequence[str], *, streams: Sequence[str], platform: str = ""
) -> Select[Any]:
    """Sum BY_MONTH over the stored months that begin between two days, by some columns; platform "" is all here."""
    m = case_months.c
    sums = [sa.func.sum(m[name]).label(name) for name in BY_MONTH]
    within = [m.township_code.in_(codes), m.stream.in_(streams), *([m.platform == platform] if platform else [])]
    by = [m[name] for name in keys]
    return sa.select(*by, *sums).where(*within, m.month.between(first, last)).group_by(*by)


def departments_stored(span: Span, codes: Sequence[str]) -> Select[Any]:
    """Sum the stored months of a span by stream, platform and department involved."""
    m = department_months.c
    count, keys = sa.func.sum(m.cases).label("cases"), (m.stream, m.platform, m.department_code)
    own = (m.township_code.in_(codes), m.month.between(span.first, span.last), m.stream.in_(SERVED))
    return (
        sa.select(*keys, count)
        .where(*own)
        .group_by(*keys)
        .order_by(m.stream, m.platform, count.desc(), m.department_code)
    )


def waiting(
    connection: Connection,
    codes: Sequence[str],
    day: date,
    *,
    stored: date | None = None,
    states: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Count what is open and overdue at the end of a day: as stored, with what the cases touched since have changed.

    Parameters
    ----------
    stored, states
        The last stored day by then and `states_on` it, where they are known already.

    Returns
    -------
    pd.DataFrame
        One row per stream, platform and place, indexed by the three: open, overdue (int64 or float64, cases).

    Source: table backlog_states, with the cases touched since; table cases where nothing is stored.
    """
    if stored is None:
        days = stored_days(connection, codes, day)
        if days is None:
            return _counted(connection, open_statement(day, codes))
        stored, states = days.before, None
    known = states_on(connection, codes, (), stored) if states is None else states[list(WAITING)]
    if stored == day:
        return known
    moved = _moved_between(codes, stored, day)
    now, then = (_counted(connection, open_statement(at, codes, among=moved)) for at in (day, stored))
    return known.add(now, fill_value=0).sub(then, fill_value=0)


def _counted(connection: Connection, statement: Select[Any]) -> pd.DataFrame:
    counts = read_frame(connection, statement, {**dict.fromkeys(PLACE, TEXT), **dict.fromkeys(WAITING, COUNT)})
    return counts.fillna({"platform": ""}).set_index(list(PLACE))


def _moved_between(codes: Sequence[str], stored: date, day: date) -> CTE:
    """Select the episodes that may wait on one of two days and not on the other, or be overdue on one alone.

    Those begun, closed or fallen due in between, each once and by the index of its days; and those that another episode
    of the same case has overtaken.
    """
    c, later = cases.c, cases.alias("later")
    own = (c.stream.in_(SERVED), unindexed(c.township_code.in_(codes)))  # the days lead to few, a township to all of it
    was, waits = unindexed(c.opened_on <= stored), unindexed(is_open(cases, day))
    falls_due = sa.and_(c.due_on >= stored, c.due_on < day)
    rows = sa.select(*(c[name] for name in (*PLACE, "case_no", "episode", "opened_on", "closed_on", "due_on")))
    begun = rows.where(*own, c.opened_on > stored, c.opened_on <= day)
    closed = rows.where(*own, c.closed_on > stored, c.closed_on <= day, was)
    due = rows.where(*own, falls_due, was, waits)
    is_before = sa.and_(
        later.c.township_code == c.township_code, later.c.case_no == c.case_no, later.c.episode > c.episode
    )
    overtaken = (
        rows.join(later, is_before)
        .where(later.c.episode > sa.literal_column("1"), later.c.opened_on > stored, later.c.opened_on <= day)
        .where(later.c.stream.in_(SERVED), later.c.township_code.in_(codes), was, waits)
        .where(sa.or_(c.due_on.is_(None), sa.not_(falls_due)))
        .distinct()
    )
    return sa.union_all(begun, closed, due, overtaken).cte("moved")


def _taken_off(rows: pd.DataFrame, **keys: str) -> pd.DataFrame:
    """Return rows below 0 under another key: added up there, they are taken off."""
    return rows.assign(**keys, **{name: -rows[name] for name in rows.columns if name not in PLACE})
