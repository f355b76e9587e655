"""A few changed cases: the figures of the cases as they were are taken off, those of the cases as they are added.

The counts of a backlog and most indicators are sums over cases, so a correction of some hundred cases needs none of the
others, and one of task reports or reported indicators needs none at all. The result is that of a whole refresh.
"""

from collections.abc import Set
from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.backlog import change_states, regional_rows
from database.given import Given
from database.kpi_values import change_kpi_values, clear_kpi_values, kpi_sums, write_kpi_values
from database.kpis import OF_REPORTS, OF_SETS, SUMS
from database.ledger import empty_ledger, first_episodes, ledgers_by_township, township_ledger
from database.loading.changes import held_rows
from database.marks import Marks
from database.new_days import with_ancestors, write_new_days
from database.states import day_number
from database.tables import cases

_SLICE = 500
MOST_CASES = 20_000
"""Episodes up to which a correction is cheaper than reading the ledgers of the townships touched."""


@dataclass(frozen=True)
class Correction:
    """Every episode of the cases that changed, as they were and as they are: rows with the columns of cases.

    `reporting` are the regions whose task reports changed.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    marks_before: Marks
    marks_after: Marks
    """Of the rows of these cases, as `database.marks.case_marks` gives them."""
    reporting: frozenset[str] = frozenset()


def is_small(rows: int) -> bool:
    """Whether taking so many rows off and adding them is worth it."""
    return rows <= MOST_CASES


def write_correction(connection: Connection, correction: Correction, given: Given) -> None:
    """Correct states and computed indicators of every region that the cases touch, from the extent's first day on.

    Source: tables cases, task_progress, backlog_states, kpi_values; writes the latter two.
    """
    if len(correction.before) or len(correction.after):
        _write_cases(connection, correction, given)
    for town in sorted(correction.reporting):
        if given.tree.levels.get(town) == "township":
            _write_anew(connection, town, OF_REPORTS, empty_ledger(), given)
    write_new_days(connection, sorted(given.scope.new_days), until=given.scope.last, tree=given.tree)


def _write_cases(connection: Connection, correction: Correction, given: Given) -> None:
    """Correct what is told of cases."""
    sides = _with_origins(connection, correction, until=given.scope.last)
    empty = empty_ledger()
    days = [day for day in given.scope.days_of(sides[0].keys() | sides[1].keys()) if day not in given.scope.new_days]
    change = _change(*(regional_rows(side, days) for side in reversed(sides)))
    change_states(connection, with_ancestors(change, given.tree))
    sums: list[pd.DataFrame] = []
    for town in sorted({*sides[0], *sides[1]}):
        was, now = (side.get(town, empty) for side in sides)
        if given.tree.levels.get(town) == "township" and given.scope.months_of([town]):
            sums.append(_kpi_change(connection, town, was, now, given).assign(region_code=town))
            _write_sets(connection, town, _streams_that_differ(was, now), given)
    if sums:
        change_kpi_values(connection, pd.concat(sums), given.computed)


def _change(now: pd.DataFrame, was: pd.DataFrame) -> pd.DataFrame:
    """Return rows of what is, and of what was, the latter's numbers below 0."""
    numbers = [name for name in was.columns if pd.api.types.is_numeric_dtype(was[name])]
    return pd.concat([now, was.assign(**{name: -was[name] for name in numbers})], ignore_index=True)


def _kpi_change(connection: Connection, town: str, was: pd.DataFrame, now: pd.DataFrame, given: Given) -> pd.DataFrame:
    """Return by how much the numerators and denominators that are sums over cases change."""
    months = given.scope.months_of([town])
    computed = given.computed[given.computed["computed_from"].isin(SUMS)]
    new, old = (kpi_sums(given.basis(connection, town, ledger, months), computed) for ledger in (now, was))
    return _change(new, old).groupby(["kpi_code", "month"], as_index=False).sum()


def _write_sets(connection: Connection, town: str, streams: set[str], given: Given) -> None:
    """Write the indicators anew that are no sums, of the streams that differ."""
    for stream in sorted(streams & set(OF_SETS.values())):
        if stream == "petition_backlog":
            ledger = township_ledger(connection, town, until=given.scope.last, stream=stream)
        else:
            ledger = first_episodes(connection, town, stream, until=given.scope.last)
        _write_anew(connection, town, {name for name, of in OF_SETS.items() if of == stream}, ledger, given)


def _write_anew(connection: Connection, town: str, names: Set[str], ledger: pd.DataFrame, given: Given) -> None:
    """Write a township's indicators computed from `names`, for which `ledger` holds all that they need."""
    figures, months = given.computed[given.computed["computed_from"].isin(names)], given.scope.months_of([town])
    if figures.empty or not months:
        return
    clear_kpi_values(connection, figures, town, given.scope.since)
    write_kpi_values(connection, town, given.basis(connection, town, ledger, months), figures)


def _streams_that_differ(was: pd.DataFrame, now: pd.DataFrame) -> set[str]:
    """Return the streams of which more than the course of cases differs: when they first opened, of what category.

    Of the backlog it is enough that a case is in it: its villages and their open cases are counted as a set.
    """
    found = {"petition_backlog"} if any((side["stream"] == "petition_backlog").any() for side in (was, now)) else set()
    firsts = [side[side["is_first"]][["stream", "opened", "category"]].astype(object) for side in (was, now)]
    for stream in OF_SETS.values():
        old, new = (
            first[first["stream"] == stream].sort_values(["opened", "category"], ignore_index=True) for first in firsts
        )
        if not old.equals(new):
            found.add(stream)
    return found


def _with_origins(connection: Connection, correction: Correction, *, until: date) -> list[dict[str, pd.DataFrame]]:
    """Return the ledgers by township, as they were and as they are; with the cases that changed ones repeat.

    Whether a case was repeated, and when, is part of its own figures.
    """
    sides = [rows[rows["opened_on"] <= pd.Timestamp(until)] for rows in (correction.before, correction.after)]
    named = {no for rows in sides for no in rows["repeat_of"].dropna()}
    is_touched = pd.MultiIndex.from_frame(pd.concat(sides)[["township_code", "case_no"]])
    origins = held_rows(connection, cases, pd.DataFrame({"case_no": sorted(named)}, dtype=object), by="case_no")
    origins = origins[~pd.MultiIndex.from_frame(origins[["township_code", "case_no"]]).isin(is_touched)]
    origins = origins[origins["opened_on"] <= pd.Timestamp(until)]
    others = _repeating(connection, {no for rows in (*sides, origins) for no in rows["case_no"]}, until)
    others = others[~pd.MultiIndex.from_frame(others[["township_code", "case_no"]]).isin(is_touched)]
    found = []
    for rows in sides:
        own = rows[(rows["episode"] == 1) & rows["repeat_of"].notna()]
        first = pd.concat([part[["repeat_of", "opened_on"]] for part in (own, others)])
        days = first.groupby("repeat_of")["opened_on"].min()
        repeats = {str(no): day_number(day.date()) for no, day in days.items()}
        every = pd.concat([rows, origins]) if not origins.empty else rows
        found.append(ledgers_by_township(every, repeats))
    return found


def _repeating(connection: Connection, numbers: Set[str], until: date) -> pd.DataFrame:
    """Read the cases that repeat one of `numbers`: township_code, case_no, repeat_of (str), opened_on (datetime64)."""
    c, wanted = cases.c, sorted(numbers)
    columns = (c.township_code, c.case_no, c.repeat_of, c.opened_on)
    asked = sa.select(*columns).where(c.repeat_of.is_not(None), c.episode == 1, c.opened_on <= until)
    slices = (wanted[start : start + _SLICE] for start in range(0, len(wanted), _SLICE))
    rows = [tuple(row) for some in slices for row in connection.execute(asked.where(c.repeat_of.in_(some)))]
    frame = pd.DataFrame(rows, columns=["township_code", "case_no", "repeat_of", "opened_on"])
    return frame.astype({"opened_on": "datetime64[s]"})
