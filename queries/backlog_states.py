"""The stored backlog of a stream, and what it has become by a day that is not stored.

Source: table backlog_states; DESIGN "The shared database".
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import CTE, Connection, Select

from analysis.scope import Scope
from database.tables import backlog_states, regions
from queries.cases import OF_CASES, OF_EPISODES, cases_counted, episodes_counted, is_whole_stream, touched_between
from queries.frames import COUNT, DAY, TEXT, read_frame
from queries.units import folded, units

STATE = (*OF_CASES, *OF_EPISODES)
STORED = {"township_code": TEXT, "day": DAY, **dict.fromkeys(STATE, COUNT)}
STORED_STREAMS = {"stream": TEXT, "township_code": TEXT, **dict.fromkeys(STATE, COUNT)}
ALONE: Mapping[str, str] = MappingProxyType({})
"""Townships stand for themselves."""
SERIES = ("opened_to_date", "reopened_to_date", "closings_to_date", "open", "overdue")


def state_at(
    connection: Connection,
    scope: Scope,
    townships: Sequence[str],
    day: date,
    *,
    with_ages: bool = False,
    parts: Mapping[str, str] = ALONE,
) -> pd.DataFrame:
    """Count the cases of each township, or of each region above, at the end of a day.

    Parameters
    ----------
    townships
        Codes, in the order of the rows wanted.
    with_ages
        Whether the ageing bands are wanted too: without, they are those of the last stored day.
    parts
        For regions above the townships: to which of them the cases of each region belong (`queries.units`).

    Returns
    -------
    pd.DataFrame
        One row per township, indexed by township_code, zero-filled: STATE (int64, cases).
    """
    if not is_whole_stream(scope):
        return counted_state(connection, scope, townships, day, parts=parts)
    stored = read_frame(connection, stored_state(scope, townships, day), STORED)
    state = _filled(stored.drop(columns="day"), townships)
    days = stored.set_index("township_code")["day"].reindex(list(townships))
    for last, group in days.groupby(days, dropna=False):
        codes = [str(code) for code in group.index]
        if pd.isna(last):
            state.loc[codes] = counted_state(connection, scope, codes, day, parts=parts)
        elif last.date() < day:
            state.loc[codes] += _change(connection, scope, codes, last.date(), day, with_ages=with_ages, parts=parts)
    return state


def states_of_streams(connection: Connection, scope: Scope, streams: Sequence[str]) -> pd.DataFrame:
    """Count the cases of several streams at the as-of date of a scope, from one statement where the day is stored.

    Returns
    -------
    pd.DataFrame
        One row per stream and township of `scope` (or region compared), indexed by both in their orders, zero-filled:
        STATE (int64, cases) without ages.
    """
    compared = units(connection, scope)
    asked = pd.MultiIndex.from_product([streams, compared.codes], names=["stream", "township_code"])
    rows = read_frame(connection, _stored_on(scope, streams, compared.codes), STORED_STREAMS)
    stored = set(streams) if is_whole_stream(scope) else set()
    stored = {stream for stream in stored if (rows["stream"] == stream).sum() == len(compared.codes)}
    found = rows[rows["stream"].isin(stored)].set_index(asked.names)
    counted = {
        stream: state_at(connection, replace(scope, stream=stream), compared.codes, scope.as_of, parts=compared.parts)
        for stream in streams
        if stream not in stored
    }
    if counted:
        found = pd.concat([found, pd.concat(counted, names=["stream"])])
    return found.reindex(asked)


def own_state(
    connection: Connection, scope: Scope, counties: Mapping[str, Sequence[str]], day: date, *, with_ages: bool = False
) -> pd.DataFrame:
    """Count the cases of 县本级 at the end of a day: those that carry the county's code.

    Parameters
    ----------
    counties
        The townships of each county by its code.

    Returns
    -------
    pd.DataFrame
        As `state_at`, one row per county. A stored row of a county is its total: its townships are taken off.
    """
    codes = list(counties)
    if not is_whole_stream(scope):
        return counted_state(connection, scope, codes, day)
    everywhere = [*codes, *(code for own in counties.values() for code in own)]
    stored = read_frame(connection, stored_state(scope, everywhere, day), STORED)
    totals = _filled(stored.drop(columns="day"), everywhere)
    days = stored.set_index("township_code")["day"]
    rows = []
    for code, townships in counties.items():
        if code not in days.index:
            rows.append(counted_state(connection, scope, [code], day))
            continue
        own, last = totals.loc[[code]] - totals.loc[list(townships)].sum(), days[code].date()
        rows.append(own if last == day else own + _change(connection, scope, [code], last, day, with_ages=with_ages))
    return pd.concat(rows) if rows else counted_state(connection, scope, codes, day)


def without_townships(series: pd.DataFrame, counties: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Turn the stored rows of counties, their totals, into those of 县本级.

    Parameters
    ----------
    series : pd.DataFrame
        `stored_series` of counties and their townships: township_code, day, SERIES.
    """
    figures = series.set_index(["township_code", "day"])
    parts = [series[~series["township_code"].isin(list(counties))]]
    for code, townships in counties.items():
        inside = series[series["township_code"].isin(list(townships))].groupby("day")[list(SERIES)].sum()
        if code in figures.index:
            own = figures.loc[[code]].droplevel("township_code").sub(inside, fill_value=0).astype("int64").reset_index()
            parts.append(own.assign(township_code=code))
    return pd.concat(parts, ignore_index=True)


def counted_state(
    connection: Connection,
    scope: Scope,
    townships: Sequence[str],
    day: date,
    touched: CTE | None = None,
    *,
    parts: Mapping[str, str] = ALONE,
) -> pd.DataFrame:
    """Count the cases of each township at the end of a day from the cases themselves: a frame as of `state_at`."""
    asked = _asked(townships, parts)
    counted = (
        (cases_counted(scope, asked, day, touched), OF_CASES),
        (episodes_counted(scope, asked, day, touched), OF_EPISODES),
    )
    frames = []
    for statement, names in counted:
        found = read_frame(connection, statement, {"township_code": TEXT, **dict.fromkeys(names, COUNT)})
        frames.append(_filled(folded(found, parts, townships), townships))
    return pd.concat(frames, axis=1)


def stored_state(scope: Scope, townships: Sequence[str], day: date) -> Select[Any]:
    """Select each township's last stored row on or before a day."""
    s, r = backlog_states.c, regions.c
    seen = backlog_states.alias("seen")
    newest = (
        sa.select(sa.func.max(seen.c.day))
        .where(
            seen.c.region_code == r.code, seen.c.stream == scope.stream, seen.c.platform == scope.platform,
            seen.c.day <= day,
        )
        .scalar_subquery()
    )  # fmt: skip
    return (
        sa.select(s.region_code.label("township_code"), s.day, *(s[name] for name in STATE))
        .join_from(regions, backlog_states, sa.and_(s.region_code == r.code, s.day == newest))
        .where(r.code.in_(townships), s.stream == scope.stream, s.platform == scope.platform)
    )


def _stored_on(scope: Scope, streams: Sequence[str], townships: Sequence[str]) -> Select[Any]:
    """Select the rows of some streams that are stored for the as-of date itself."""
    s = backlog_states.c
    own = (s.region_code.in_(townships), s.stream.in_(streams), s.platform == scope.platform, s.day == scope.as_of)
    return sa.select(s.stream, s.region_code.label("township_code"), *(s[name] for name in STATE)).where(*own)


def stored_series(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Select every stored row of each township up to the as-of date."""
    s = backlog_states.c
    return (
        sa.select(s.region_code.label("township_code"), s.day, *(s[name] for name in SERIES))
        .where(
            s.region_code.in_(townships), s.stream == scope.stream, s.platform == scope.platform, s.day <= scope.as_of
        )
        .order_by(s.region_code, s.day)
    )


def _change(
    connection: Connection,
    scope: Scope,
    townships: Sequence[str],
    stored: date,
    day: date,
    *,
    with_ages: bool,
    parts: Mapping[str, str] = ALONE,
) -> pd.DataFrame:
    """Count what the touched cases have added since the stored day: their state now less their state then."""
    touched = touched_between(scope, _asked(townships, parts), stored, day, with_ages=with_ages)
    now, then = (counted_state(connection, scope, townships, at, touched, parts=parts) for at in (day, stored))
    return now - then


def _asked(townships: Sequence[str], parts: Mapping[str, str]) -> list[str]:
    """Return the codes under which the cases of `townships` stand."""
    wanted = set(townships)
    return [code for code, unit in parts.items() if unit in wanted] if parts else list(townships)


def _filled(counts: pd.DataFrame, townships: Sequence[str]) -> pd.DataFrame:
    return counts.set_index("township_code").reindex(list(townships), fill_value=0).rename_axis("township_code")
