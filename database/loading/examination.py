"""What a batch says, examined: cell by cell, row by row, against each other and against the database."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.loading import deletions, episodes, notices, references, rules, wholes
from database.loading.batch import Batch
from database.loading.cells import plain_texts, typed_table
from database.loading.changes import held_rows
from database.loading.findings import ERROR, ROW, Flag, Lines
from database.loading.names import Names
from database.loading.percents import Units, share_flags
from database.loading.personal import personal_flags
from database.tables import METADATA, case_departments, cases, data_releases

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Texts:
    """The rows of a batch with codes in place of names: those that are given and the keys of those that are to go."""

    given: Frames
    deleted: Frames
    flags: tuple[Flag, ...]

    def without(self, lines: Mapping[str, Lines]) -> "Texts":
        """Leave lines of each table out."""
        return Texts(_without(self.given, lines), _without(self.deleted, lines), ())


@dataclass(frozen=True)
class Cases:
    """The cases of a load: as held, and as wanted with every episode."""

    held: pd.DataFrame
    whole: pd.DataFrame

    @property
    def numbers(self) -> list[str]:
        """Every case number, once."""
        return sorted({*self.held["case_no"], *self.whole["case_no"]})


@dataclass(frozen=True)
class Examined:
    """The typed rows, the cases they make, and what there is to tell; with an error nothing of it may be written."""

    as_of: date
    given: Frames
    deleted: Frames
    cases: Cases | None = None
    flags: tuple[Flag, ...] = field(default=())

    @property
    def has_errors(self) -> bool:
        """Whether anything is to be refused."""
        return any(flag.severity == ERROR for flag in self.flags)


def coded_texts(connection: Connection, batch: Batch) -> Texts:
    """Put codes in place of names and of words of ours, in every table of a batch."""
    given = {name: plain_texts(METADATA.tables[name], text) for name, text in batch.texts().items()}
    names, flags, coded = Names(connection, given), list[Flag](), dict[str, pd.DataFrame]()
    for table, text in given.items():
        coded[table], found = names.coded(table, text)
        flags += found
    gone = {}
    for table, text in batch.texts(is_delete=True).items():
        keys = [column.name for column in METADATA.tables[table].primary_key]
        gone[table], found = names.coded(table, plain_texts(METADATA.tables[table], text[[*keys, ROW]]))
        flags += found
    return Texts(coded, gone, tuple(flags))


def examined(connection: Connection, texts: Texts, *, as_of: date | None, today: date) -> Examined:
    """Check rows by themselves, and where these are in order, what they say together with the rows held.

    Parameters
    ----------
    as_of
        Default: the newest opened, accepted, closed, reported or published day of the rows, never later than today;
        without any, that of the newest release, else today.

    Source: every base table that the rows refer to.
    """
    flags = [*texts.flags]
    units = Units(connection, texts.given)
    given = {table: _typed(table, text, units, flags) for table, text in texts.given.items()}
    gone = {table: _keys(table, text, flags) for table, text in texts.deleted.items()}
    end = as_of or _newest_day(connection, given, today)
    known = references.Known(connection, given)
    for table, frame in given.items():
        flags += rules.future_flags(table, frame, end)
        flags += _not_yet_told(references.reference_flags(table, frame, known), texts.flags)
    flags += deletions.both_flags(given, gone)
    if any(flag.severity == ERROR for flag in flags):
        return Examined(end, given, gone, None, tuple(flags))
    gone, absent = deletions.held_keys(connection, gone)
    found, together = _together(connection, given, gone, known)
    return Examined(end, given, gone, found, (*flags, *absent, *together))


def _not_yet_told(flags: list[Flag], told: Iterable[Flag]) -> list[Flag]:
    """Leave out the cells of which something has been told: a name that two bear is no unknown code."""
    lines: dict[tuple[str, str], Lines] = {}
    for flag in told:
        before = lines.get((flag.table, flag.column), np.empty(0, np.int64))
        lines[flag.table, flag.column] = np.append(before, flag.lines)
    kept = [(flag, lines.get((flag.table, flag.column))) for flag in flags]
    left = [flag if gone is None else replace(flag, lines=np.setdiff1d(flag.lines, gone)) for flag, gone in kept]
    return [flag for flag in left if flag.lines.size]


def _typed(table: str, text: pd.DataFrame, units: Units, flags: list[Flag]) -> pd.DataFrame:
    about = METADATA.tables[table]
    frame, wrong = typed_table(about, text, units.percent_cells(table, text))
    flags += [*wrong, *personal_flags(about, text), *wholes.key_flags(about, frame), *rules.value_flags(table, frame)]
    if table == "kpi_values":
        flags += share_flags(frame, units)
    return frame


def _keys(table: str, text: pd.DataFrame, flags: list[Flag]) -> pd.DataFrame:
    about = METADATA.tables[table]
    frame, wrong = typed_table(about, text, {})
    flags += [*wrong, *wholes.key_flags(about, frame)]
    return frame


def _newest_day(connection: Connection, frames: Frames, today: date) -> date:
    newest = rules.newest_day(frames)
    if newest is None:
        newest = connection.scalar(sa.select(sa.func.max(data_releases.c.as_of, type_=sa.Date()))) or today
    return min(newest, today)


def _together(
    connection: Connection, given: Frames, gone: Frames, known: references.Known
) -> tuple[Cases | None, list[Flag]]:
    """Check what rows say of each other and of the rows held; return the whole cases."""
    flags: list[Flag] = []
    found = None
    if "cases" in given or "cases" in gone:
        found, wrong = _whole_cases(connection, given.get("cases"), gone.get("cases"), known)
        flags += wrong
    for name in given.keys() & {"regions", "schemes"}:
        flags += wholes.table_flags(METADATA.tables[name], given[name], known, _every_row(connection, name))
    if case_departments.name in given and (found is not None or "cases" not in given):
        whole = found.whole if found else None
        flags += wholes.case_department_flags(given[case_departments.name], whole, connection)
    if "task_progress" in given:
        flags += notices.falling_progress(connection, given["task_progress"])
    return found, flags


def _whole_cases(
    connection: Connection, given: pd.DataFrame | None, gone: pd.DataFrame | None, known: references.Known
) -> tuple[Cases | None, list[Flag]]:
    counties = known.counties()
    keys = [column.name for column in cases.primary_key]
    none = pd.DataFrame({**dict.fromkeys(keys, pd.Series(dtype=object)), ROW: pd.Series(dtype="int64")})
    rows, removed = none if given is None else given, none if gone is None else gone
    wrong = episodes.twice_flags(rows, counties)
    if wrong:
        return None, wrong
    held = episodes.held_cases(connection, pd.concat([rows[[*keys, ROW]], removed]), counties)
    whole = episodes.whole_cases(held, rows, removed, counties)
    flags = [
        *episodes.episode_flags(whole),
        *episodes.repeat_flags(rows, connection),
        *rules.closing_flags(whole),
        *rules.order_flags("cases", whole),
        *notices.moved_cases(held, whole),
        *notices.cases_without_village(rows, known),
    ]
    return Cases(held, whole), flags


def _every_row(connection: Connection, table: str) -> pd.DataFrame:
    codes = connection.scalars(sa.select(METADATA.tables[table].c.code))
    return held_rows(connection, METADATA.tables[table], pd.DataFrame({"code": list(codes)}, dtype=object), by="code")


def _without(frames: Frames, lines: Mapping[str, Lines]) -> dict[str, pd.DataFrame]:
    none = np.empty(0, np.int64)
    kept = {table: frame[~frame[ROW].isin(lines.get(table, none))] for table, frame in frames.items()}
    return {table: frame.reset_index(drop=True) for table, frame in kept.items()}
