"""Everything that one load was given: its sheets, and the way from a line back to file, sheet, row and cell."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from sqlalchemy import Table

from database import tables
from database.loading.findings import ROW, WARNING, Finding, Flag, Lines, Refused, error_lines, refused_file
from database.loading.personal import shown

ALIKE = 20
"""Warnings of one kind in one sheet that are told one by one; more are told as one."""

_ROWS = 1 << 32


@dataclass(frozen=True)
class Sheet:
    """One table's rows as one file has them: `frame` holds text (absent: NaN) and the row's number in ROW.

    `is_delete`: its rows are to go.
    """

    file: str
    name: str
    table: Table
    frame: pd.DataFrame
    is_delete: bool = False

    @property
    def columns(self) -> list[str]:
        """The table's columns that the sheet has, in the sheet's order."""
        return [name for name in self.frame.columns if name != ROW]


class Batch:
    """The sheets of one load. In the frames that it gives, ROW is the line: the sheet's number and the row's."""

    def __init__(self, sheets: Sequence[Sheet], notes: Sequence[Finding] = ()) -> None:
        """Take the sheets in their order.

        Parameters
        ----------
        notes
            What reading them had to tell and did not refuse.

        Raises
        ------
        Refused
            Sheets of one table do not have the same columns: an absent column keeps what is held, an empty cell does
            not.
        """
        self.sheets, self.notes = tuple(sheets), tuple(notes)
        first: dict[tuple[str, bool], Sheet] = {}
        for sheet in sheets:
            other = first.setdefault((sheet.table.name, sheet.is_delete), sheet)
            if set(other.columns) != set(sheet.columns) and not sheet.is_delete:
                reason = f"与 {other.file} 的列不同，请分开导入"
                raise refused_file(sheet.file, reason, sheet=sheet.name, row=1)

    def texts(self, *, is_delete: bool = False) -> dict[str, pd.DataFrame]:
        """Return the text of each table that is given (or to be deleted): its columns and ROW (int64, the line)."""
        parts: dict[str, list[pd.DataFrame]] = {}
        for number, sheet in enumerate(self.sheets):
            if sheet.is_delete == is_delete:
                lines = sheet.frame[ROW].to_numpy(np.int64) + number * _ROWS
                parts.setdefault(sheet.table.name, []).append(sheet.frame.assign(**{ROW: lines}))
        return {table: pd.concat(frames, ignore_index=True) for table, frames in parts.items()}

    @property
    def row_count(self) -> int:
        """The rows of all sheets."""
        return sum(len(sheet.frame) for sheet in self.sheets)

    @property
    def files(self) -> list[str]:
        """The files' names, in order."""
        return sorted({sheet.file for sheet in self.sheets})

    def findings(self, flags: Iterable[Flag]) -> list[Finding]:
        """Tell flags by file, sheet, row, column and value, in this order; many like warnings as one."""
        return sorted({told for flag in flags for number in _numbers(flag.lines) for told in self._told(flag, number)})

    def rows(self, lines: Mapping[str, Lines]) -> list[Sheet]:
        """Return the sheets with these lines of each table alone; sheets without any are left out."""
        found = []
        for number, sheet in enumerate(self.sheets):
            own = lines.get(sheet.table.name, np.empty(0, np.int64)) - number * _ROWS
            kept = sheet.frame[sheet.frame[ROW].isin(own[(own >= 0) & (own < _ROWS)])]
            if not kept.empty:
                found.append(Sheet(sheet.file, sheet.name, sheet.table, kept, sheet.is_delete))
        return found

    def refusal(self, flags: Iterable[Flag]) -> Refused:
        """Return the refusal that tells these flags and hands back their rows."""
        flags = list(flags)
        return Refused(self.findings(flags), self.rows(error_lines(flags)))

    def _told(self, flag: Flag, number: int) -> list[Finding]:
        sheet = self.sheets[number]
        rows = np.sort(flag.lines[flag.lines // _ROWS == number] % _ROWS)
        if flag.severity == WARNING and rows.size > ALIKE:
            place = (sheet.file, sheet.name, int(rows[0]), flag.column, "", flag.reason)
            return [Finding(*place, WARNING, flag.table, int(rows.size))]
        values = self._values(number, flag.column, rows)
        return [
            Finding(sheet.file, sheet.name, int(row), flag.column, value, flag.reason, flag.severity, flag.table)
            for row, value in zip(rows, values, strict=True)
        ]

    def _values(self, number: int, column: str, rows: Lines) -> list[str]:
        frame = self._by_row[number]
        if column not in frame.columns:
            return [""] * rows.size
        return [shown(value, column) for value in frame[column].reindex(rows)]

    @cached_property
    def _by_row(self) -> list[pd.DataFrame]:
        return [sheet.frame.set_index(ROW) for sheet in self.sheets]


def _numbers(lines: Lines) -> list[int]:
    return [int(number) for number in np.unique(lines // _ROWS)]


def is_loadable(table: Table) -> bool:
    """Whether rows of the table may be loaded: the derived ones are ours to write."""
    return table not in tables.DERIVED
