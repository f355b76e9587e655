"""Load a county's files: all or nothing, told by file, row and column; then refresh what was touched."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.loading import episodes, references, rules, wholes
from database.loading.cells import typed_sheet
from database.loading.changes import Changes, changes, held_rows, merged_rows
from database.loading.files import Sheet, read_sheets
from database.loading.findings import Finding, refuse_if_any
from database.marks import REGION_COLUMNS
from database.offered import kpi_reports, offered
from database.refresh import Progress, refresh
from database.tables import METADATA, case_departments, cases, data_releases, kpi_values, task_progress

QUIET = frozenset({"departments", "work_groups", "milestones", "task_departments", "case_departments"})
"""Tables that no derived figure depends on."""


@dataclass(frozen=True)
class Loaded:
    """What a load did: the rows that became new or different by table, and the release (None: nothing changed)."""

    as_of: date
    release: int | None
    rows: Mapping[str, int]


@dataclass
class _Touched:
    """What a refresh must look at again."""

    since: date | None = None
    regions: set[str] = field(default_factory=set)
    is_all: bool = False

    def add(self, days: pd.Series, regions: pd.Series) -> None:
        """Add rows by their day and region."""
        if not days.empty:
            first = days.min().date()
            self.since = first if self.since is None else min(first, self.since)
            self.regions |= set(regions)


def load(
    connection: Connection,
    files: Sequence[Path],
    *,
    as_of: date | None = None,
    today: date | None = None,
    is_dry_run: bool = False,
    progress: Progress | None = None,
) -> Loaded:
    """Bring the rows of contract CSVs into the base tables, and publish them as one release.

    A file is named as its table; its header names columns of it. A row with a known key replaces the columns that the
    file has; a case that moves to another township of its county moves with all its episodes. The same files twice
    change nothing, and then there is no release.

    Parameters
    ----------
    connection
        In a transaction of `database.writing.writer`; on an error nothing of it must be kept.
    as_of
        Default: the newest opened, accepted, closed, reported or published day in the files, never later than today;
        without any, that of the newest release, else today.
    is_dry_run
        Check and count, then leave everything as it was.

    Raises
    ------
    database.loading.findings.Refused
        With what is wrong, by file, row and column.
    """
    sheets = read_sheets(files)
    _refuse_offered(connection, sheets)
    frames = _typed(sheets)
    end = as_of or _default_as_of(connection, frames, today or datetime.now().astimezone().date())
    whole = _checked(connection, sheets, frames, end)
    savepoint = connection.begin_nested()
    done = _write(connection, frames, whole)
    changed = {each.table.name: len(each) for each in done if len(each)}
    if not changed or is_dry_run:
        savepoint.rollback()
        return Loaded(end, None, changed)
    touched = _touched(connection, done)
    release = refresh(
        connection,
        as_of=end,
        source="、".join(sorted(sheet.file for sheet in sheets))[:128],
        since=None if touched.is_all else touched.since or end,
        townships=None if touched.is_all else touched.regions,
        rows=changed,
        progress=progress,
    )
    savepoint.commit()
    return Loaded(end, release, changed)


def _refuse_offered(connection: Connection, sheets: Sequence[Sheet]) -> None:
    """Refuse what a county's views provide: rows written through a view would land in its ledger."""
    theirs = offered(connection)
    provided = theirs | ({kpi_values.name} if kpi_reports.name in theirs else set())
    reason = "这张表由县里的视图提供，不能导入"
    refuse_if_any([Finding(sheet.file, 0, "", reason) for sheet in sheets if sheet.table.name in provided])


def _typed(sheets: Sequence[Sheet]) -> dict[str, pd.DataFrame]:
    """Return each table's typed rows once every cell can be read and every key stands once."""
    frames, findings = {}, []
    for sheet in sheets:
        frame, wrong = typed_sheet(sheet)
        frames[sheet.table.name] = frame
        findings += wrong or wholes.key_findings(sheet.file, sheet.table, frame)
        findings += rules.value_findings(sheet.file, sheet.table.name, frame)
    refuse_if_any(findings)
    return frames


def _default_as_of(connection: Connection, frames: Mapping[str, pd.DataFrame], today: date) -> date:
    newest = rules.newest_day(frames)
    if newest is None:
        newest = connection.scalar(sa.select(sa.func.max(data_releases.c.as_of, type_=sa.Date()))) or today
    return min(newest, today)


@dataclass(frozen=True)
class _Cases:
    """The cases of a load: as held, and as wanted with every episode."""

    held: pd.DataFrame
    whole: pd.DataFrame


def _checked(
    connection: Connection, sheets: Sequence[Sheet], frames: Mapping[str, pd.DataFrame], as_of: date
) -> _Cases | None:
    """Check what rows say of each other and of the database; return the whole cases."""
    known, found = references.Known(connection, frames), None
    findings: list[Finding] = []
    for sheet in sheets:
        file, table, frame = sheet.file, sheet.table, frames[sheet.table.name]
        findings += rules.future_findings(file, table.name, frame, as_of)
        findings += references.reference_findings(file, table.name, frame, known)
        if table.name in ("regions", "schemes"):
            held = held_rows(connection, table, _every(connection, table.name), by="code")
            findings += wholes.table_findings(file, table, frame, known, held)
        if table is cases:
            found, wrong = _checked_cases(connection, file, frame, known)
            findings += wrong
    for sheet in sheets:
        if sheet.table is case_departments:
            whole = found.whole if found else None
            findings += wholes.case_department_findings(sheet.file, frames["case_departments"], whole, connection)
    refuse_if_any(findings)
    return found


def _checked_cases(
    connection: Connection, file: str, frame: pd.DataFrame, known: references.Known
) -> tuple[_Cases | None, list[Finding]]:
    counties = known.counties()
    wrong = episodes.twice_findings(file, frame, counties)
    if wrong:
        return None, wrong
    held = episodes.held_cases(connection, frame, counties)
    whole = episodes.whole_cases(held, frame, counties)
    findings = [
        *episodes.episode_findings(file, whole),
        *episodes.repeat_findings(file, frame, connection),
        *rules.closing_findings(file, whole),
        *rules.value_findings(file, "cases", whole),
    ]
    return _Cases(held, whole), findings


def _every(connection: Connection, table: str) -> pd.DataFrame:
    codes = connection.scalars(sa.select(METADATA.tables[table].c.code))
    return pd.DataFrame({"code": list(codes)}, dtype=object)


def _write(connection: Connection, frames: Mapping[str, pd.DataFrame], found: _Cases | None) -> list[Changes]:
    """Write table by table, cases before their departments; return what changed."""
    done = []
    for name in sorted(frames, key=lambda name: name == "case_departments"):
        table, frame = METADATA.tables[name], frames[name]
        if found is not None and table is cases:
            change = changes(table, found.held, found.whole)
            episodes.move_departments(connection, found.held, found.whole)
        else:
            keys = [column.name for column in table.primary_key]
            held = held_rows(connection, table, frame, by="case_no" if "case_no" in keys else keys[0])
            wanted = merged_rows(held, frame, keys)
            change = changes(table, held, wanted)
        change.write(connection)
        done.append(change)
    return done


def _touched(connection: Connection, done: Sequence[Changes]) -> _Touched:
    """Work out from which day on, and where, derived figures may differ."""
    touched = _Touched()
    for change in done:
        rows = pd.concat([change.old, change.new]) if not change.old.empty else change.new
        if rows.empty:
            continue
        if change.table.name in QUIET:  # no figure differs, but what the release remembers of these regions does
            touched.regions |= {code for name in REGION_COLUMNS if name in rows for code in rows[name]}
        elif change.table is cases:
            touched.add(rows["opened_on"], rows["township_code"])
            repeated = rows[rows["repeat_of"].notna()]
            origins = held_rows(connection, cases, repeated.assign(case_no=repeated["repeat_of"]), by="case_no")
            touched.regions |= set(origins["township_code"])
        elif change.table in (task_progress, kpi_values):
            touched.add(rows["month"], rows["region_code"])
        else:
            touched.is_all = True
    return touched
