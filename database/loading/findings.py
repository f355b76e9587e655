"""What is wrong with a file, told so that the office can put it right."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.table_names import table_word
from database.loading.columns import header_of

if TYPE_CHECKING:
    from database.loading.batch import Sheet

ROW = "__row"
"""Column of a frame being loaded: the line, which names file, sheet and row (`database.loading.batch`)."""

Severity = Literal["error", "warning"]
ERROR: Severity = "error"
WARNING: Severity = "warning"
WORDS: dict[Severity, str] = {ERROR: "错误", WARNING: "提醒"}

Lines = NDArray[np.int64]


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to tell of a file. An error is refused, a warning is taken.

    Row 0 is the sheet or file as a whole, column "" the row as a whole; `sheet` is "" for a CSV file; `column` is a
    column of the table `table` or a header that is none; `value` is what stands in the cell, "" where it must not be
    shown; `count` is how many rows a finding stands for, `row` being the first of them.
    """

    file: str
    sheet: str
    row: int
    column: str
    value: str
    reason: str
    severity: Severity = ERROR
    table: str = ""
    count: int = 1

    @property
    def header(self) -> str:
        """The column as the office knows it."""
        return header_of(self.table, self.column)

    def __str__(self) -> str:
        """Say it in Chinese, on one line."""
        place = [self.file, self.sheet, f"第{self.row}行" if self.row else "", self.header]
        value = f"（值：{self.value}）" if self.value else ""
        count = f"（共{self.count}行）" if self.count > 1 else ""
        word = "" if self.severity == ERROR else f"{WORDS[self.severity]}："
        return word + "，".join(part for part in place if part) + "：" + self.reason + value + count


@dataclass(frozen=True, eq=False)
class Flag:
    """One reason and all the lines of a table that it holds for."""

    table: str
    column: str
    reason: str
    lines: Lines
    severity: Severity = ERROR


class Refused(Exception):  # noqa: N818
    """The files were not taken; nothing was changed. `rows` are the rows at fault, where rows are at fault."""

    def __init__(self, findings: Iterable[Finding], rows: "Sequence[Sheet]" = ()) -> None:
        self.findings, self.rows = sorted(set(findings)), tuple(rows)
        errors = sum(finding.count for finding in self.findings if finding.severity == ERROR)
        super().__init__(f"有{errors}处问题，未导入任何数据")


def refused_file(file: str, reason: str, *, sheet: str = "", row: int = 0, column: str = "") -> Refused:
    """Return the refusal of a whole file or sheet."""
    return Refused([Finding(file, sheet, row, column, "", reason)])


def flagged(
    table: str, frame: pd.DataFrame, is_wrong: pd.Series, column: str, reason: str, severity: Severity = ERROR
) -> list[Flag]:
    """Return one flag for the rows where `is_wrong` is true (missing: it is not); none where there are none."""
    mask = is_wrong.fillna(False).to_numpy(bool)
    return [Flag(table, column, reason, frame[ROW].to_numpy()[mask].astype(np.int64), severity)] if mask.any() else []


def error_lines(flags: Iterable[Flag]) -> dict[str, Lines]:
    """Return the lines of each table for which there is an error."""
    found: dict[str, list[Lines]] = {}
    for flag in flags:
        if flag.severity == ERROR:
            found.setdefault(flag.table, []).append(flag.lines)
    return {table: np.unique(np.concatenate(lines)) for table, lines in found.items()}


def rows_told(counts: Mapping[str, int]) -> str:
    """Say rows by table in Chinese, tables with none left out."""
    return "、".join(f"{table_word(table)}{count}行" for table, count in counts.items() if count)
