"""The columns of every document's and slide's tables: which field, under which heading, how wide, written how."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.wording import MISSING, day, month_day, percent

_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Column:
    """One column: the frame's field, its heading, its share of the width, and how a value is written.

    `write` gives what is printed; a workbook holds the bare value in `number_format`, or what is printed without one.
    """

    field: str
    heading: str
    width: float = 1.0
    write: Callable[[Any], str] | None = None
    is_number: bool = False
    number_format: str = ""


def printable(text: object) -> str:
    """Return text without the characters that no XML may hold, such as control characters out of a ledger."""
    return _UNPRINTABLE.sub("", str(text))


def written(value: Any, column: Column) -> str:
    """Return a value as a column prints it; — for a missing one."""
    if pd.isna(value):
        return MISSING
    return printable(value if column.write is None else column.write(value))


def printed(
    frame: pd.DataFrame, columns: Sequence[Column], *, total: Mapping[str, Any] | None = None
) -> list[list[str]]:
    """Return the cells of `frame` as they are printed, `total` (by field) as the last row."""
    rows: list[Mapping[Any, Any]] = [*frame.to_dict("records"), *([] if total is None else [total])]
    return [[written(row[each.field], each) if each.field in row else "" for each in columns] for row in rows]


def count(value: Any) -> str:
    """Write a count: 1,234."""
    return f"{int(value):,}"


def score(value: Any) -> str:
    """Write a score with one decimal."""
    return f"{value:.1f}"


def rate(value: Any) -> str:
    """Write a rate of 0 to 1 as a percentage: 80.7%."""
    return percent(value)


def short_day(value: Any) -> str:
    """Write a date within its year: 8月31日."""
    return month_day(value)


def long_day(value: Any) -> str:
    """Write a date: 2020年8月31日."""
    return day(value)


COUNT, SCORE, RATE, DAY = "#,##0", "0.0", "0.0%", "yyyy-mm-dd"
"""Number formats of a workbook."""


def counted(field: str, heading: str, width: float = 1.0) -> Column:
    """Return the column of a count."""
    return Column(field, heading, width, count, is_number=True, number_format=COUNT)


TOWNSHIP = Column("township", "乡镇（街道）", 2.0)
BACKLOG = (
    TOWNSHIP,
    counted("opened", "交办"),
    counted("closed", "化解"),
    counted("open", "未化解"),
    counted("overdue", "其中超期"),
    Column("rate", "化解率", 1.3, rate, is_number=True, number_format=RATE),
    counted("substantive", "实体化解"),
    counted("lawful", "依法终结"),
    counted("reopened", "反弹"),
)
WEAK_LINKS = (
    Column("place", "序号", 0.7, count, is_number=True, number_format=COUNT),
    Column("subject", "事项", 2.2),
    Column("evidence", "依据", 3.0),
    Column("owner", "责任", 2.4),
    Column("measure", "对策措施", 2.6),
)
