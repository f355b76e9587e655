"""Read contract CSVs: the file's name is the table, its header the columns, every cell still text."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from sqlalchemy import Table

from database import tables
from database.loading.findings import ROW, Finding, Refused

ENCODINGS = ("utf-8-sig", "gb18030")
PERSONAL = ("姓名", "身份证", "证件", "电话", "手机", "住址", "地址", "petitioner", "person", "id_card", "id_number",
            "identity", "phone", "mobile", "address", "email")  # fmt: skip
"""Parts of column names that speak of a person; no such column belongs in the shared database."""


@dataclass(frozen=True)
class Sheet:
    """One table's rows as they came: `frame` holds str (absent: NaN) and the row number in `ROW`."""

    file: str
    table: Table
    frame: pd.DataFrame

    @property
    def columns(self) -> list[str]:
        """The table's columns that the file has, in the file's order."""
        return [name for name in self.frame.columns if name != ROW]


def read_sheets(paths: Sequence[Path]) -> list[Sheet]:
    """Read every file.

    Raises
    ------
    Refused
        A file that cannot be read, is not named as a base table, or whose header does not fit its table.
    """
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for path in paths:
        try:
            sheets.append(_sheet(path))
        except Refused as refused:
            findings += refused.findings
    names = [sheet.table.name for sheet in sheets]
    findings += [Finding(s.file, 0, "", "同一张表给了不止一个文件") for s in sheets if names.count(s.table.name) > 1]
    if findings:
        raise Refused(findings)
    return sheets


def _sheet(path: Path) -> Sheet:
    table = tables.METADATA.tables.get(path.stem)
    if path.suffix.lower() != ".csv":
        raise Refused([Finding(path.name, 0, "", "只能导入 .csv 文件")])
    if table is None:
        raise Refused([Finding(path.name, 0, "", f"文件名不是数据表的名称；可用的有 {'、'.join(_base_tables())}")])
    if table in tables.DERIVED:
        raise Refused([Finding(path.name, 0, "", "这张表由系统计算，不得导入")])
    frame = _cells(path)
    findings = _header_findings(path.name, table, list(frame.columns))
    if findings:
        raise Refused(findings)
    frame = frame.where(frame != "")
    is_blank = frame.isna().all(axis=1)
    frame[ROW] = range(2, len(frame) + 2)
    return Sheet(path.name, table, frame[~is_blank].reset_index(drop=True))


def _cells(path: Path) -> pd.DataFrame:
    for encoding in ENCODINGS:
        try:
            frame = pd.read_csv(
                path, dtype=object, keep_default_na=False, encoding=encoding, skip_blank_lines=False, index_col=False
            )
        except UnicodeDecodeError:
            continue
        except FileNotFoundError as error:
            raise Refused([Finding(path.name, 0, "", "找不到文件")]) from error
        except pd.errors.EmptyDataError as error:
            raise Refused([Finding(path.name, 0, "", "文件是空的，连表头也没有")]) from error
        except (pd.errors.ParserError, pd.errors.ParserWarning, OSError) as error:
            raise Refused([Finding(path.name, 0, "", "文件读不出来，各行的列数与表头不一致或格式有误")]) from error
        frame.columns = frame.columns.str.strip()
        return frame.map(str.strip)
    raise Refused([Finding(path.name, 0, "", "文件编码不是 UTF-8，也不是 GB18030")])


def _header_findings(file: str, table: Table, columns: list[str]) -> list[Finding]:
    findings = []
    for name in columns:
        if name in table.columns:
            continue
        is_personal = any(part in name.lower() for part in PERSONAL)
        reason = "涉及个人信息的列不得导入" if is_personal else f"表 {table.name} 没有这一列"
        findings.append(Finding(file, 1, name, reason))
    needed = [column.name for column in table.columns if not column.nullable]
    findings += [Finding(file, 1, name, "缺少必填的列") for name in needed if name not in columns]
    return findings


def _base_tables() -> list[str]:
    derived = {table.name for table in tables.DERIVED}
    return sorted(name for name in tables.METADATA.tables if name not in derived)
