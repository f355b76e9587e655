"""One thing that a check found."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
ERROR: Severity = "error"
WARNING: Severity = "warning"
WORDS = {ERROR: "错误", WARNING: "提醒"}


@dataclass(frozen=True)
class Finding:
    """An error makes a figure wrong; a warning is worth knowing. `count` is how many rows it concerns."""

    severity: Severity
    table: str
    message: str
    count: int = 1

    def __str__(self) -> str:
        """Say it in Chinese, on one line."""
        return f"{WORDS[self.severity]}  {self.table}：{self.message}（{self.count}行）"
