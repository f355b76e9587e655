"""The ledger as a file, row by row: a workbook or CSV of any length in the memory of a few rows.

A file appears under its name whole or not at all.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError

SHEET_ROWS = 1_048_576
"""What a sheet holds; a longer ledger goes on in the next one."""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the start of a formula."""

_HEAD_ROWS = 2
_WIDTH = 14


class RowFile(Protocol):
    """A file that takes rows."""

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows: text, numbers and dates, "" for nothing."""


@contextmanager
def csv_file(path: Path, *, title: str, headings: Sequence[str]) -> Iterator[RowFile]:
    """Write UTF-8 CSV with BOM; text that a spreadsheet would run is put behind an apostrophe."""
    with _whole(path) as part, part.open("w", encoding="utf-8-sig", newline="") as stream:
        file = _Csv(csv.writer(stream))
        file.write([headings])
        yield file


@contextmanager
def workbook_file(path: Path, *, title: str, headings: Sequence[str]) -> Iterator[RowFile]:
    """Write a workbook: `title` on top of each sheet, headings that stay, days as days, text never as a formula."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "tmpdir": str(path.parent), "default_date_format": "yyyy-mm-dd"}  # fmt: skip
    with _whole(path) as part:
        book = xlsxwriter.Workbook(str(part), options)
        try:
            yield _Workbook(book, title, headings)
            book.close()
        except FileCreateError as error:  # a disk that is full when the parts are put together
            raise OSError(str(error)) from error
        finally:
            _let_go(book)


class _Csv:
    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        self._writer.writerows([_inert(value) for value in row] for row in rows)


class _Workbook:
    def __init__(self, book: Any, title: str, headings: Sequence[str]) -> None:
        self._book, self._title, self._headings = book, title, headings
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._row, self._sheets = SHEET_ROWS, 0
        self._start_sheet()

    def write(self, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            if self._row >= SHEET_ROWS:
                self._start_sheet()
            for column, value in enumerate(row):
                self._cell(column, value)
            self._row += 1

    def _cell(self, column: int, value: Any) -> None:
        if isinstance(value, str):
            if value:
                self._sheet.write_string(self._row, column, value)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._row, column, datetime(value.year, value.month, value.day))  # noqa: DTZ001
        elif value is not None:
            self._sheet.write_number(self._row, column, value)

    def _start_sheet(self) -> None:
        self._sheets += 1
        self._sheet = self._book.add_worksheet("台账" if self._sheets == 1 else f"台账{self._sheets}")
        self._sheet.write_string(0, 0, self._title)
        self._sheet.freeze_panes(_HEAD_ROWS, 1)
        self._sheet.set_column(0, len(self._headings) - 1, _WIDTH)
        for column, heading in enumerate(self._headings):
            self._sheet.write_string(1, column, heading, self._bold)
        self._row = _HEAD_ROWS


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Yield where to write; the file takes its name at the end, and nothing is left of one that failed."""
    part = path.with_name(f"{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _let_go(book: Any) -> None:
    """Close and take away the rows of a workbook that was given up; on a full disk closing fails and closes."""
    for sheet in book.worksheets():
        with suppress(OSError):
            sheet._opt_close()
        Path(sheet.row_data_filename).unlink(missing_ok=True)


def _inert(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(RISKY) else value
