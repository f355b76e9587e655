"""A few changed cases: the figures of the cases as they were are taken off, those of the cases as they are added.

The counts of a backlog and most indicators are sums over cases, so a correction of some hundred cases needs none of the
others, and one of task reports or reported indicators needs none at all. The result is that of a whole refresh.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.backlog import backlog_rows, change_states
from database.case_groups import change_groups, group_rows
from database.case_months import change_months, episode_rows
from database.given import Given
from database.involvement import change_departments, department_rows, involved_rows
from database.kpi_values import change_kpi_values, clear_kpi_values, kpi_sums, write_kpi_values
from database.kpis import OF_REPORTS, OF_SETS, SUMS
from database.ledger import empty_ledger, first_episodes, regional_ledger, township_ledger
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
    involved_before: pd.DataFrame
    involved_after: pd.DataFrame
    """The departments of these cases, as `database.involvement.involvement` gives them."""
    reporting: frozenset[str] = frozenset()


def is_small(rows: int) -> bool:
    """Whether taking so many rows off and adding them is worth it."""
    return rows <= MOST_CASES


def write_correction(connection: Connection, correction: Correction, given: Given) -> None:
    """Correct states and computed indicators of every region that the cases touch, from the extent's first day on.

    Source: tables cases, task_progress; writes backlog_states, case_groups, case_months, department_months and
    kpi_values.
    """
    if len(correction.before) or len(correction.after):
        _write_cases(connection, correction, given)
    _write_involved(connection, correction, given)
    for town in sorted(correction.reporting):
        if given.tree.levels.get(town) == "township":
            _write_anew(connection, town, OF_REPORTS, empty_ledger(), given)
    write_new_days(connection, sorted(given.scope.new_days), until=given.scope.last, tree=given.tree)


def _write_cases(connection: Connection, correction: Correction, given: Given) -> None:
    """Correct what is told of cases."""
    was, now = _with_origins(connection, correction, until=given.scope.last)
    towns = {*was["region"].cat.categories, *now["region"].cat.categories}
    days = [day for day in given.scope.days_of(towns) if day not in given.scope.new_days]
    change_states(connection, with_ancestors(_change(backlog_rows(now, days), backlog_rows(was, days)), given.tree))
    change_groups(connection, _change(group_rows(now, days), group_rows(was, days)))
    months = given.scope.months_of(towns)
    if months:
        change_months(connection, _change(*(episode_rows(side, months) for side in (now, was))))
        change = _change(*(_sums(_of_townships(side, given), months, given) for side in (now, was)))
        keys = ["region_code", "kpi_code", "month"]
        change_kpi_values(connection, change.groupby(keys, as_index=False).sum(), given.computed)
    towns_of: dict[str, list[str]] = {}
    for town, stream in sorted(_sets_that_differ(was, now)):
        if given.tree.levels.get(town) == "township" and given.scope.months_of([town]):
            towns_of.setdefault(stream, []).append(town)
    for stream, differing in towns_of.items():
        _write_sets(connection, differing, stream, given)


def _write_involved(connection: Connection, correction: Correction, given: Given) -> None:
    """Correct what is told of the departments involved."""
    now, was = correction.involved_after, correction.involved_before
    months = given.scope.months_of({*now["township_code"], *was["township_code"]})
    change_departments(connection, _change(department_rows(now, months), department_rows(was, months)))
    change_months(connection, _change(involved_rows(now, months), involved_rows(was, months)))


def _change(now: pd.DataFrame, was: pd.DataFrame) -> pd.DataFrame:
    """Return rows of what is, and of what was, the latter's numbers below 0."""
    numbers = [name for name in was.columns if pd.api.types.is_numeric_dtype(was[name])]
    return pd.concat([now, was.assign(**{name: -was[name] for name in numbers})], ignore_index=True)


def _of_townships(ledger: pd.DataFrame, given: Given) -> pd.DataFrame:
    """Leave out the cases that carry the code of another region: they are in no township's indicators."""
    towns = [code for code in ledger["region"].cat.categories if given.tree.levels.get(code) == "township"]
    own = ledger[ledger["region"].isin(towns)]
    return own.assign(region=own["region"].cat.set_categories(towns))


def _sums(ledger: pd.DataFrame, months: list[date], given: Given) -> pd.DataFrame:
    """Return the numerators and denominators that are sums over cases."""
    computed = given.computed[given.computed["computed_from"].isin(SUMS)]
    return kpi_sums(given.sums_basis(ledger, months), computed)


def _write_sets(connection: Connection, towns: Sequence[str], stream: str, given: Given) -> None:
    """Write the indicators of a stream anew that are no sums."""
    until, names = given.scope.last, {name for name, of in OF_SETS.items() if of == stream}
    if stream == "petition_backlog":
        ledgers = {town: township_ledger(connection, town, until=until, stream=stream) for town in towns}
    else:
        ledgers = first_episodes(connection, towns, stream, until=until)
    for town, ledger in ledgers.items():
        _write_anew(connection, town, names, ledger, given)


def _write_anew(connection: Connection, town: str, names: Set[str], ledger: pd.DataFrame, given: Given) -> None:
    """Write a township's indicators computed from `names`, for which `ledger` holds all that they need."""
    figures, months = given.computed[given.computed["computed_from"].isin(names)], given.scope.months_of([town])
    if figures.empty or not months:
        return
    clear_kpi_values(connection, figures, town, given.scope.since)
    write_kpi_values(connection, town, given.basis(connection, town, ledger, months), figures)


def _sets_that_differ(was: pd.DataFrame, now: pd.DataFrame) -> set[tuple[str, str]]:
    """Return regions and streams of which more than the course of cases differs: when they first opened, the category.

    Of the backlog it is enough that a case is in it: its villages and their open cases are counted as a set.
    """
    columns = ["region", "stream", "opened", "category"]
    sides = [
        side.loc[side["is_first"] | (side["stream"] == "petition_backlog"), columns].astype(object).assign(sign=sign)
        for side, sign in ((was, -1), (now, 1))
    ]
    rows = pd.concat(sides)
    rows = rows[rows["stream"].isin(OF_SETS.values())]
    backlog = rows[rows["stream"] == "petition_backlog"]
    change = rows.groupby(columns, dropna=False)["sign"].sum()
    differing = change[change != 0].index.to_frame()
    return {*zip(backlog["region"], backlog["stream"], strict=True)} | {
        *zip(differing["region"], differing["stream"], strict=True)
    }


def _with_origins(connection: Connection, correction: Correction, *, until: date) -> list[pd.DataFrame]:
    """Return the ledgers, as they were and as they are; with the cases that changed ones repeat.

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
        found.append(regional_ledger(every, repeats))
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
