"""Load a county's files: all or nothing, told by file, sheet, row and column; then refresh what was touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from database.corrections import Correction, is_small
from database.involvement import involvement
from database.loading import deletions, episodes
from database.loading.batch import Batch
from database.loading.changes import Changes, Counts, changes, held_rows, merged_rows
from database.loading.examination import Examined, coded_texts, examined
from database.loading.files import Given, Upload, read_batch
from database.loading.findings import ERROR, ROW, Finding, Flag, Refused, error_lines, rows_told
from database.loading.rejects import Rejects
from database.loading.touched import QUIET, touched
from database.marks import Marks, case_marks
from database.offered import kpi_reports, offered
from database.refresh import Progress, refresh
from database.tables import METADATA, case_departments, cases, kpi_values, task_progress

__all__ = ["Finding", "Given", "Loaded", "Refused", "Rejects", "Upload", "load"]

CORRECTED = QUIET | {"cases", "case_departments", "task_progress", "kpi_values"}
"""Tables that a correction may change: no other makes every figure differ."""

MAX_SOURCE = 128
"""Letters of a release's source."""


@dataclass(frozen=True)
class Loaded:
    """What a load did, or would do.

    `rows` are the rows written by table (new, different or deleted), `release` is None where nothing changed or a dry
    run left all as it was; `warnings` were taken; `rejects` are the rows that --skip-bad left out.
    """

    as_of: date
    release: int | None
    rows: Mapping[str, int]
    counts: Mapping[str, Counts] = field(default_factory=dict, compare=False)
    warnings: tuple[Finding, ...] = field(default=(), compare=False)
    rejects: Rejects | None = field(default=None, compare=False)

    @property
    def imported(self) -> dict[str, int]:
        """The rows that are new or different, by table."""
        return {table: count.added + count.changed for table, count in self.counts.items()}

    @property
    def nothing_said(self) -> str:
        """Why nothing was written, where nothing was."""
        if self.rejects is None:
            return "与库中数据相同"
        is_same = any(count.unchanged for count in self.counts.values())
        return "其余的行与库中数据相同" if is_same else "没有可以写入的行"

    @property
    def deleted(self) -> dict[str, int]:
        """The rows that are gone, by table."""
        return {table: count.deleted for table, count in self.counts.items()}


def load(
    connection: Connection,
    files: Sequence[Given],
    *,
    deletions: Sequence[Given] = (),
    as_of: date | None = None,
    today: date | None = None,
    is_dry_run: bool = False,
    is_skipping: bool = False,
    source: str | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Bring the rows of contract files into the base tables, and publish them as one release.

    A CSV file is named as its table, a workbook has a sheet per table; names and headers are Chinese or English. A row
    with a known key replaces the columns that the file has; a case that moves to another township of its county moves
    with all its episodes. The same files twice change nothing, and then there is no release.

    Parameters
    ----------
    connection
        In a transaction of `database.writing.writer`; on an error nothing of it must be kept.
    deletions
        Files of rows that are to go: their key columns are read.
    as_of
        Default: the newest opened, accepted, closed, reported or published day in the files, never later than today;
        without any, that of the newest release, else today.
    is_dry_run
        Check and count, then leave everything as it was.
    is_skipping
        Leave rows with errors out and take the others; what concerns a file or sheet as a whole is refused all the
        same.
    source
        What the release says where it comes from: the files' names if nothing is given.

    Raises
    ------
    database.loading.findings.Refused
        With what is wrong, by file, sheet, row and column.
    """
    tell = progress or _silent
    batch = read_batch(files, deletions)
    _refuse_offered(connection, batch)
    tell("检查", 0, batch.row_count)
    found, left_out = _examined(connection, batch, as_of, today or _today(), is_skipping=is_skipping)
    tell("检查", batch.row_count, batch.row_count)
    rejects = Rejects(batch, batch.findings(left_out), error_lines(left_out)) if left_out else None
    warnings = (*batch.notes, *batch.findings(found.flags))
    with connection.begin_nested() as savepoint:
        held = _held(connection, found)
        done, counts = _write(connection, batch, found, tell)
        rows = {table: count.written for table, count in counts.items() if count.written}
        if not rows or is_dry_run:
            savepoint.rollback()
            return Loaded(found.as_of, None, rows, counts, warnings, rejects)
        where = touched(connection, done)
        release = refresh(
            connection,
            as_of=found.as_of,
            source=(source or "、".join(batch.files))[:MAX_SOURCE],
            note=_note(counts, rejects),
            since=None if where.is_all else where.since or found.as_of,
            townships=None if where.is_all else where.regions,
            rows=rows | _told_apart(counts, rejects),
            correction=None if where.is_all else _correction(connection, found, done, held),
            progress=progress,
        )
    return Loaded(found.as_of, release, rows, counts, warnings, rejects)


def _case_numbers(found: Examined) -> list[str]:
    """Return the numbers of the cases of which anything may change, their departments included."""
    departments = (frames[case_departments.name] for frames in (found.given, found.deleted)
                   if case_departments.name in frames)  # fmt: skip
    numbers = {no for frame in departments for no in frame["case_no"]}
    return sorted(numbers.union(found.cases.numbers if found.cases else ()))


class _Held(NamedTuple):
    """What is known of cases at one moment: the marks of their rows, and the departments involved."""

    marks: Marks
    involved: pd.DataFrame


def _held(connection: Connection, found: Examined) -> _Held | None:
    """Look at the cases of which anything may change; None where they are many."""
    numbers, episodes_of = _case_numbers(found), found.cases
    rows = len(episodes_of.held) + len(episodes_of.whole) if episodes_of else 0
    if not is_small(max(rows, len(numbers))):
        return None
    return _Held(case_marks(connection, numbers), involvement(connection, until=date.max, case_nos=numbers))


def _correction(
    connection: Connection, found: Examined, done: Sequence[Changes], held: _Held | None
) -> Correction | None:
    """Return what changed as a correction; None where it is much, or makes other figures differ too."""
    if held is None or not {change.table.name for change in done if len(change)} <= CORRECTED:
        return None
    reports = [rows for change in done if change.table is task_progress for rows in (change.old, change.new)]
    none = held_rows(connection, cases, pd.DataFrame({"case_no": []}), by="case_no")
    before, after = (found.cases.held, found.cases.whole) if found.cases else (none, none)
    now = _held(connection, found) or held
    reporting = frozenset(code for rows in reports for code in rows["region_code"])
    return Correction(before, after, held.marks, now.marks, held.involved, now.involved, reporting)


def _refuse_offered(connection: Connection, batch: Batch) -> None:
    """Refuse what a county's views provide: rows written through a view would land in its ledger."""
    theirs = offered(connection)
    provided = theirs | ({kpi_values.name} if kpi_reports.name in theirs else set())
    reason = "这张表由县里的视图提供，不能导入"
    refused = [Finding(s.file, s.name, 0, "", "", reason) for s in batch.sheets if s.table.name in provided]
    if refused:
        raise Refused(refused)


def _examined(
    connection: Connection, batch: Batch, as_of: date | None, today: date, *, is_skipping: bool
) -> tuple[Examined, list[Flag]]:
    """Examine a batch; when skipping, again without the rows refused until none is, since others may lean on them."""
    texts, left_out = coded_texts(connection, batch), list[Flag]()
    while True:
        found = examined(connection, texts, as_of=as_of, today=today)
        if not found.has_errors:
            return found, left_out
        if not is_skipping:
            raise batch.refusal(found.flags)
        refused = [flag for flag in found.flags if flag.severity == ERROR]
        left_out += refused
        texts = texts.without(error_lines(refused))


def _write(
    connection: Connection, batch: Batch, found: Examined, tell: Progress
) -> tuple[list[Changes], dict[str, Counts]]:
    """Write table by table, cases before their departments; return what changed.

    Raises
    ------
    Refused
        A row that was to go is still referred to.
    """
    names = sorted({*found.given, *found.deleted}, key=lambda name: (name == case_departments.name, name))
    done, written = [], 0

    def count(rows: int) -> None:
        nonlocal written
        written += rows
        tell("写入", min(written, batch.row_count), batch.row_count)

    for name in names:
        change = _changes(connection, name, found)
        change.write(connection, count)
        done.append(change)
    counts = {change.table.name: change.counts for change in done}
    gone = deletions.delete_dependents(connection, found.deleted)
    if gone:
        held = counts.get(case_departments.name, Counts())
        counts[case_departments.name] = Counts(held.added, held.changed, held.unchanged, held.deleted + gone)
    missed = deletions.missed_flags(connection, found.deleted)
    if missed:
        raise batch.refusal(missed)
    return done, counts


def _changes(connection: Connection, name: str, found: Examined) -> Changes:
    table, given, gone = METADATA.tables[name], found.given.get(name), found.deleted.get(name)
    if table is cases and found.cases is not None:
        held, whole = found.cases.held, found.cases.whole
        episodes.move_departments(connection, held, whole)
        return changes(table, held, whole, keys=episodes.KEYS, given=whole[episodes.GIVEN])
    keys = [column.name for column in table.primary_key]
    asked = pd.concat([frame[keys] for frame in (given, gone) if frame is not None])
    held = held_rows(connection, table, asked, by="case_no" if "case_no" in keys else keys[0])
    wanted = deletions.without(held, gone, table)
    none = pd.DataFrame({name: held[name][:0] for name in keys}).assign(**{ROW: np.empty(0, np.int64)})
    return changes(table, held, merged_rows(wanted, none if given is None else given, keys))


def _note(counts: Mapping[str, Counts], rejects: Rejects | None) -> str:
    """Say in Chinese what became of the rows, for the release."""
    parts = {
        "新增": {table: count.added for table, count in counts.items()},
        "修改": {table: count.changed for table, count in counts.items()},
        "删除": {table: count.deleted for table, count in counts.items()},
        "跳过": rejects.counts if rejects else {},
    }
    return "；".join(f"{word}{told}" for word, told in ((word, rows_told(by)) for word, by in parts.items()) if told)


def _told_apart(counts: Mapping[str, Counts], rejects: Rejects | None) -> dict[str, int]:
    """Return deleted and skipped rows under keys of their own, for the release."""
    deleted = {f"{table}.deleted": count.deleted for table, count in counts.items() if count.deleted}
    return deleted | {f"{table}.skipped": count for table, count in (rejects.counts if rejects else {}).items()}


def _today() -> date:
    return datetime.now().astimezone().date()


def _silent(what: str, done: int, total: int) -> None:
    """Say nothing."""
