"""From the cells of one sheet to the rows of one table: the header found, a template's own rows left out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd
from sqlalchemy import Table

from analysis.table_names import table_word
from database import tables
from database.loading.batch import Sheet, is_loadable
from database.loading.columns import column_named, fields, folded, loadable, table_named
from database.loading.findings import ROW, WARNING, Finding, Refused, refused_file
from database.loading.personal import is_personal_header

EXAMPLE, EXPLANATION = "示例：", "说明："
"""How the first cell of a template's example and explanations begins."""

REMARKS = "问题（导入时不读）"
"""The column that a report adds beside rejected rows: their reasons; not read when they come back corrected."""

GUIDE, OPTIONS, PROBLEMS = "填表说明", "选项", "问题清单"
OWN_SHEETS = (GUIDE, OPTIONS, PROBLEMS)
"""Sheets of a template or report that hold no rows."""

HEADER_WITHIN = 10
"""Rows among which the header stands: a title may stand above."""


@dataclass(frozen=True)
class Cells:
    """One sheet as it came: `name` is "" for a CSV file."""

    file: str
    name: str
    frame: pd.DataFrame


def sheet_table(cells: Cells, named: str) -> Table:
    """Return the table that a sheet's or a file's name means.

    Raises
    ------
    Refused
        There is no such table, or it may not be loaded.
    """
    found = table_named(named)
    if found is None:
        known = "、".join(table_word(name) for name in loadable())
        what = "工作表" if cells.name else "文件名"
        raise refused_file(cells.file, f"{what}不是数据表的名称；可用的有 {known}（或其英文名）", sheet=cells.name)
    table = tables.METADATA.tables[found]
    if not is_loadable(table):
        raise refused_file(cells.file, "这张表由系统计算，不得导入", sheet=cells.name)
    return table


def table_sheet(cells: Cells, table: Table, *, is_delete: bool = False) -> tuple[Sheet, list[Finding]]:
    """Return the rows of a sheet under the columns' names, and what is worth a remark.

    Rows without anything are left out; so are a template's rows of names, explanations and example.

    Raises
    ------
    Refused
        The header does not fit the table.
    """
    start = _header_row(cells.frame, table)
    header = [text.strip() for text in cells.frame.iloc[start]]
    columns = [column_named(table.name, text) for text in header]
    body = cells.frame.iloc[start + 1 :]
    findings = _header_findings(cells, start + 1, table, header, columns, body, is_delete=is_delete)
    if findings:
        raise Refused(findings)
    kept = [place for place, column in enumerate(columns) if column is not None]
    frame = pd.DataFrame({columns[place]: body.iloc[:, place].str.strip() for place in kept}, dtype="str")
    frame[ROW] = range(start + 2, start + 2 + len(frame))
    sheet = Sheet(cells.file, cells.name, table, frame, is_delete)
    remarks = [replace(finding, file=cells.file, sheet=cells.name) for finding in _example_findings(sheet)]
    rows = frame[~_is_template(sheet)].drop(columns=ROW)
    rows = rows.where(rows != "")
    rows[ROW] = frame[ROW]
    rows = rows[rows[sheet.columns].notna().any(axis=1)].reset_index(drop=True)
    return replace(sheet, frame=rows), remarks


def _header_row(frame: pd.DataFrame, table: Table) -> int:
    """Return the first row that holds two headers of the table (or its only one); the first of all without any."""
    for place in range(min(HEADER_WITHIN, len(frame))):
        texts = [text for text in frame.iloc[place] if text.strip()]
        known = sum(column_named(table.name, text) is not None for text in texts)
        if known >= min(2, max(len(texts), 1)):
            return place
    return 0


def _header_findings(
    cells: Cells,
    row: int,
    table: Table,
    header: list[str],
    columns: list[str | None],
    body: pd.DataFrame,
    *,
    is_delete: bool,
) -> list[Finding]:
    found: list[tuple[str, str]] = []
    for place, (text, column) in enumerate(zip(header, columns, strict=True)):
        if column is None and folded(text) != folded(REMARKS):
            found += _unknown(table, text, body.iloc[:, place])
        elif column is not None and column in columns[:place]:
            found.append((text, "与前面的列是同一列"))
    needed = table.primary_key.columns if is_delete else [each for each in table.columns if not each.nullable]
    found += [(column.name, "缺少必填的列") for column in needed if column.name not in columns]
    return [Finding(cells.file, cells.name, row, column, "", reason, table=table.name) for column, reason in found]


def _unknown(table: Table, text: str, values: pd.Series) -> list[tuple[str, str]]:
    if is_personal_header(text):
        return [(text, "涉及个人信息的列不得导入")]
    if text:
        return [(text, f"“{table_word(table.name)}”没有这一列")]
    return [("", "这一列有内容而没有表头")] if (values.str.strip() != "").any() else []


def _is_template(sheet: Sheet) -> pd.Series:
    """Return which rows are a template's own: the columns' names, their explanations, the example."""
    names, first = sheet.columns, sheet.frame[sheet.columns[0]]
    is_names = pd.Series(True, sheet.frame.index)
    for name in names:
        is_names &= sheet.frame[name].isin(["", name])
    return is_names & (first == names[0]) | first.str.startswith((EXAMPLE, EXPLANATION))


def _example_findings(sheet: Sheet) -> Iterable[Finding]:
    """Remark an example row that was written over and kept its mark: it is not read."""
    first = sheet.columns[0]
    examples = {field.column: field.example for field in fields(sheet.table.name)}
    for _, row in sheet.frame[sheet.frame[first].str.startswith(EXAMPLE)].iterrows():
        given = {name: row[name].removeprefix(EXAMPLE) for name in sheet.columns if name in examples}
        if any(value not in ("", examples[name]) for name, value in given.items()):
            reason = f"这一行以“{EXAMPLE}”开头，当作示例，没有导入"
            yield Finding("", "", int(row[ROW]), "", "", reason, WARNING, sheet.table.name)
