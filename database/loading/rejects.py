"""Rows that were not taken, as a workbook: each problem listed, each row marked, ready to be corrected and loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from analysis.table_names import table_word
from database.loading.batch import Batch, Sheet
from database.loading.columns import fields
from database.loading.findings import ERROR, ROW, WORDS, Finding, Lines
from database.loading.headers import PROBLEMS, REMARKS
from database.loading.new_workbook import new_workbook
from database.loading.personal import shown_whole

LIST_HEADER = ("文件", "工作表", "行", "列", "值", "原因", "程度", "行数")
LIST_WIDTHS = (24, 14, 8, 26, 24, 48, 8, 8)
SHEET_NAME_LIMIT = 31


@dataclass(frozen=True)
class Rejects:
    """Rows with what is wrong with them; `batch` is what they came in."""

    batch: Batch = field(repr=False)
    findings: Sequence[Finding] = field(repr=False)
    lines: Mapping[str, Lines] = field(repr=False)

    @property
    def counts(self) -> dict[str, int]:
        """The rows by table."""
        return {table: int(lines.size) for table, lines in self.lines.items()}

    @property
    def sheets(self) -> list[Sheet]:
        """The rows themselves, as they came."""
        return self.batch.rows(self.lines)

    def write(self, target: Path | BytesIO) -> None:
        """Write them as `write_report` does."""
        write_report(target, self.findings, self.sheets)


def write_report(target: Path | BytesIO, findings: Sequence[Finding], sheets: Sequence[Sheet] = ()) -> None:
    """Write problems, and the rows that they concern, into a workbook.

    Parameters
    ----------
    sheets
        The rows: one sheet each in the workbook, under the office's headers, the cells at fault marked and explained,
        the reasons in a last column that is not read when the sheet is loaded again. What looks personal is hidden.
    """
    with new_workbook(target) as workbook:
        _write_list(workbook, findings)
        names: set[str] = {PROBLEMS}
        for sheet in sheets:
            own = [f for f in findings if (f.file, f.sheet, f.table) == (sheet.file, sheet.name, sheet.table.name)]
            _write_rows(workbook, _own_name(sheet, names), sheet, own)


def _write_list(workbook: Any, findings: Sequence[Finding]) -> None:
    page, head = workbook.add_worksheet(PROBLEMS), workbook.add_format({"bold": True, "bg_color": "#D9E1F2"})
    for place, (title, width) in enumerate(zip(LIST_HEADER, LIST_WIDTHS, strict=True)):
        page.write_string(0, place, title, head)
        page.set_column(place, place, width)
    page.freeze_panes(1, 0)
    for number, f in enumerate(findings, 1):
        row = (f.file, f.sheet, f.row or "", f.header, f.value, f.reason, WORDS[f.severity], f.count)
        for place, value in enumerate(row):
            write = page.write_number if isinstance(value, int) else page.write_string
            write(number, place, value)
    page.autofilter(0, 0, max(len(findings), 1), len(LIST_HEADER) - 1)


def _write_rows(workbook: Any, name: str, sheet: Sheet, findings: Sequence[Finding]) -> None:
    page = workbook.add_worksheet(name)
    head = workbook.add_format({"bold": True, "bg_color": "#D9E1F2"})
    wrong, remark = workbook.add_format({"bg_color": "#FFC7CE", "num_format": "@"}), workbook.add_format({"bold": True})
    plain = workbook.add_format({"num_format": "@"})
    headers = {each.column: each.header for each in fields(sheet.table.name)}
    by_row: dict[int, list[Finding]] = {}
    for finding in findings:
        by_row.setdefault(finding.row, []).append(finding)
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, headers[column], head)
        page.set_column(place, place, 16)
    page.write_string(0, len(sheet.columns), REMARKS, head)
    page.set_column(len(sheet.columns), len(sheet.columns), 60)
    page.freeze_panes(1, 0)
    cells = sheet.frame[sheet.columns].astype(object).where(sheet.frame[sheet.columns].notna(), None)
    for number, (line, values) in enumerate(zip(sheet.frame[ROW], cells.itertuples(index=False), strict=True), 1):
        own = by_row.get(int(line), [])
        at_fault = {finding.column for finding in own if finding.severity == ERROR}
        for place, (column, value) in enumerate(zip(sheet.columns, values, strict=True)):
            page.write_string(number, place, shown_whole(value, column), wrong if column in at_fault else plain)
        reasons = "；".join(f"{finding.header}：{finding.reason}" for finding in own)
        page.write_string(number, len(sheet.columns), f"原第{line}行：{reasons}", remark)


def _own_name(sheet: Sheet, taken: set[str]) -> str:
    """Return the table's Chinese name, numbered where several sheets bear it: the loader leaves the number out."""
    word, number = table_word(sheet.table.name), 1
    name = word
    while name in taken:
        number += 1
        name = f"{word}（{number}）"
    taken.add(name)
    return name[:SHEET_NAME_LIMIT]
