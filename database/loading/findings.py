"""What is wrong with a file, told so that the office can put it right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

ROW = "__row"
"""Column of a frame being loaded: the row's number in its file, the header being row 1."""


@dataclass(frozen=True, order=True)
class Finding:
    """One thing wrong; row 0 is the file as a whole, column "" the row as a whole."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        """Say it in Chinese, on one line."""
        place = [self.file, *([f"第{self.row}行"] if self.row else []), *([self.column] if self.column else [])]
        return "，".join(place) + "：" + self.reason


class Refused(Exception):  # noqa: N818
    """The files were not taken; nothing was changed."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(set(findings))
        super().__init__(f"有{len(self.findings)}处问题，未导入任何数据")


def refuse_if_any(findings: Sequence[Finding]) -> None:
    """Raise Refused when there is anything to refuse.

    Raises
    ------
    Refused
        With all findings, in order of file and row.
    """
    if findings:
        raise Refused(findings)


def flagged(file: str, frame: pd.DataFrame, is_wrong: pd.Series, column: str, reason: str) -> list[Finding]:
    """Return one finding per row where `is_wrong` is true."""
    rows = frame.loc[np.asarray(is_wrong.fillna(False), bool), ROW]
    return [Finding(file, int(row), column, reason) for row in rows]
