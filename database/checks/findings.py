"""One thing that a check found."""

from dataclasses import dataclass
from typing import Literal

from analysis.table_names import table_word

Severity = Literal["error", "warning", "notice"]
ERROR: Severity = "error"
WARNING: Severity = "warning"
NOTICE: Severity = "notice"
WORDS: dict[Severity, str] = {ERROR: "错误", WARNING: "警告", NOTICE: "提醒"}
"""In order of weight."""

OFFICE = "治理创新行动办公室"
"""Who is called where no department answers for the rows: the action office."""

ADMINISTRATOR = "系统管理员"


@dataclass(frozen=True)
class Finding:
    """An error makes a figure wrong, a warning may; a notice is worth knowing.

    `count` is how many rows it concerns, `department` the name of whom to call.
    """

    severity: Severity
    table: str
    message: str
    count: int = 1
    department: str = OFFICE

    def __str__(self) -> str:
        """Say it in Chinese, on one line."""
        place = f"{table_word(self.table)}（{self.table}）"
        return f"{WORDS[self.severity]}  {place}：{self.message}（{self.count}行），请联系{self.department}"


def sorted_findings(found: list[Finding]) -> list[Finding]:
    """Put errors first, then warnings, then notices, each in the order found."""
    order = list(WORDS)
    return sorted(found, key=lambda finding: order.index(finding.severity))
