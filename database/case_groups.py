"""The table case_groups: what changed since a month began, by who leads, by what cases are about, by the days taken."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection

from analysis.months import month_end, month_start
from database.added_rows import add_rows
from database.bulk import insert_frame
from database.kpis.basis import month_number, region_of
from database.states import LAWFUL, NEVER, SUBSTANTIVE, day_number, held_until, spans_on
from database.tables import case_groups

KEY = ["stream", "grouping", "value", "day"]
GROUPED = ("cases", "opened", "reopened", "closings", "closed_in_time", "late", "substantive", "lawful", "open",
           "overdue")  # fmt: skip
COLUMNS = ("lead_department_code", "category", "channel", "level", "case_leader")
"""Columns of cases by which is grouped, null as ""; `level` of risks alone, the others have none."""

DAYS_TAKEN = "days_taken"
"""From the first opening to the newest episode's close: stored at month ends alone, and `cases` alone."""

LEVELLED = "risk"
Span = tuple[date, date]
"""From the end of one day to that of a later one."""

_Spans = list[tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]]


def write_groups(connection: Connection, place: str, own: pd.DataFrame, days: Sequence[date]) -> None:
    """Write a place's rows for `days`, what stood there being cleared away.

    Parameters
    ----------
    own
        The ledger of cases that carry the place's own code: `database.ledger`.
    """
    insert_frame(connection, case_groups, group_rows(own, days).assign(township_code=place))


def clear_groups(connection: Connection, place: str | None = None, since: date | None = None) -> None:
    """Delete the rows of a place or of all, of the days from `since` on or of all."""
    g = case_groups.c
    narrower = [] if place is None else [g.township_code == place]
    narrower += [] if since is None else [g.day >= since]
    connection.execute(case_groups.delete().where(*narrower))


def change_groups(connection: Connection, change: pd.DataFrame) -> None:
    """Add rows of `group_rows` with their township_code to those that stand."""
    add_rows(connection, case_groups, change, GROUPED)


def group_rows(ledger: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    """Count what changed from the beginning of a month to the end of each day in it, group by group.

    Returns
    -------
    pd.DataFrame
        As `group_changes`. The sum of the rows of all month ends before a day's month, and of its own, is the state at
        the end of that day.
    """
    found = group_changes(ledger, [(month_start(day) - timedelta(days=1), day) for day in days])
    is_end = found["day"].isin(np.array([day for day in days if day == month_end(day)], "datetime64[s]"))
    return found[is_end | (found["grouping"] != DAYS_TAKEN)]


def group_changes(ledger: pd.DataFrame, spans: Sequence[Span]) -> pd.DataFrame:
    """Count what changed in each span, group by group.

    Returns
    -------
    pd.DataFrame
        One row per stream, grouping, value and span in which anything changed: stream, grouping, value (str), day
        (datetime64[s], the span's last), GROUPED (int64): cases (of which the newest episode is of the group), opened
        (first episodes begun), reopened (later ones), closings (episodes closed), closed_in_time, late (fell due and
        were not closed by then; episodes), substantive, lawful (cases), open, overdue (cases at the end of the day). Of
        a ledger of several regions, as `database.ledger.regional_ledger` gives it, township_code (str) besides.
    """
    names = ["township_code", *KEY] if "region" in ledger else KEY
    if ledger.empty or not spans:
        empty = pd.DataFrame(columns=[*names, *GROUPED]).astype(dict.fromkeys(GROUPED, "int64"))
        return empty.astype({"day": "datetime64[s]"})
    counted = _spans(ledger)
    parts = [_changes(ledger, counted, grouping, ledger[grouping], spans) for grouping in COLUMNS]
    return pd.concat([*parts, _days_taken(ledger, counted, spans)], ignore_index=True)


def _days_taken(ledger: pd.DataFrame, counted: _Spans, spans: Sequence[Span]) -> pd.DataFrame:
    """Count cases by the days that they took, as long as they are closed."""
    closed, opened = ledger["closed"].to_numpy(np.int64), ledger["first_opened"].to_numpy(np.int64)
    is_closed = closed < NEVER
    text = pd.Categorical(np.where(is_closed, closed - opened, 0)).rename_categories(str)
    start = np.maximum(closed, ledger["opened"].to_numpy(np.int64))
    return _changes(ledger, [(is_closed, start, held_until(ledger))], DAYS_TAKEN, pd.Series(text), spans)


def _changes(
    ledger: pd.DataFrame, counted: _Spans, grouping: str, value: pd.Series, spans: Sequence[Span]
) -> pd.DataFrame:
    """Count by region, stream and value; what `counted` lacks of GROUPED is 0."""
    stream, code = (np.asarray(column.cat.codes, np.int64) for column in (ledger["stream"], value))
    streams, values = ledger["stream"].cat.categories, np.array(["", *value.cat.categories], object)
    sets, group = np.unique((region_of(ledger) * len(streams) + stream) * len(values) + code + 1, return_inverse=True)
    days = np.array([[day_number(day) for day in span] for span in spans], np.int64)
    points, place = np.unique(days, return_inverse=True)
    first, last = place.reshape(days.shape).T
    counts = np.zeros((sets.size, len(spans), len(GROUPED)), np.int64)
    for k, (holds, start, stop) in enumerate(counted):
        state = spans_on(group, holds & (start < stop), start, stop, points, sets.size)
        counts[:, :, k] = state[:, last] - state[:, first]
    if grouping == "level":
        counts[streams.to_numpy(object)[sets // len(values) % len(streams)] != LEVELLED] = 0
    which, when = np.nonzero(counts.any(axis=2))
    pair = sets[which] // len(values)
    rows = pd.DataFrame(counts[which, when], columns=list(GROUPED)).assign(
        stream=streams.to_numpy(object)[pair % len(streams)],
        grouping=grouping,
        value=values[sets[which] % len(values)],
        day=np.array([span[1] for span in spans], "datetime64[s]")[when],
    )
    if "region" in ledger:
        rows["township_code"] = ledger["region"].cat.categories.to_numpy(object)[pair // len(streams)]
    return rows


def _spans(ledger: pd.DataFrame) -> _Spans:
    """Return, for each of GROUPED, which episodes count and from and up to which days."""
    opened, due, held = (ledger[name].to_numpy(np.int64) for name in ("opened", "due", "closed"))
    method, is_first = ledger["method"].to_numpy(np.int64), ledger["is_first"].to_numpy(np.bool_)
    closed, until = np.maximum(held, opened), held_until(ledger)
    end, never = np.minimum(closed, until), np.full(opened.size, NEVER, np.int64)
    every = np.ones(opened.size, np.bool_)
    is_late = (due < NEVER) & (held > due) & (month_number(opened) <= month_number(due))
    return [
        (every, opened, until),
        (is_first, opened, never),
        (~is_first, opened, never),
        (every, closed, never),
        ((held <= due) & (due < NEVER), closed, never),
        (is_late, due, never),
        (method == SUBSTANTIVE, closed, until),
        (method == LAWFUL, closed, until),
        (every, opened, end),
        (every, np.maximum(opened, due + 1), end),
    ]
