"""The columns of the tables that may be loaded, in the office's words: the one home of the Chinese headers.

The texts stand in columns.csv: header, further headers that are understood, a line of explanation, an example.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analysis.closing_methods import LAWFUL, PROCEDURAL, SUBSTANTIVE
from analysis.definitions import DIRECTIONS
from analysis.streams import PLATFORMS, STREAMS
from analysis.table_names import TABLE_NAMES
from database import tables

TEXTS = Path(__file__).with_name("columns.csv")

NOT_ASKED = {("cases", "first_opened_on")}
"""Columns that the program fills; a file may have them."""

WORDS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("regions", "level"): {
        "province": "省", "city": "市", "county": "县", "township": "乡镇（街道）", "village": "村（社区）",
    },
    ("tasks", "scope"): {"county": "县", "township": "乡镇"},
    ("task_departments", "role"): {"lead": "牵头", "responsible": "责任"},
    ("kpis", "direction"): DIRECTIONS,
    ("kpis", "kind"): {
        "proportion": "比例", "rate": "比率", "count": "数量", "amount": "金额", "rank": "名次", "score": "得分",
    },
    ("kpis", "period"): {"flow": "当月", "state": "月末时点", "to_date": "累计"},
    ("kpis", "reset"): {"never": "不清零", "year": "按年", "campaign": "按专项行动"},
    ("cases", "stream"): {code: stream.name for code, stream in STREAMS.items()},
    ("cases", "satisfaction"): {"1": "满意", "2": "基本满意", "3": "不满意"},
}  # fmt: skip
"""Columns whose values are codes of ours -> what each is called on screen; a file may say either."""

CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("regions", "kind"): ("街道", "镇", "乡", "村", "社区"),
    ("tasks", "origin"): ("公", "提", "演"),
    ("cases", "platform"): PLATFORMS,
    ("cases", "level"): ("重大", "较大", "一般"),
    ("cases", "closing_method"): (*SUBSTANTIVE, *LAWFUL, PROCEDURAL),
}
"""Texts that a template offers to choose from."""

_SHORT = {("cases", "stream"): {stream.short_name: code for code, stream in STREAMS.items()}}
_REQUIRED_MARK = re.compile(r"[*＊]|\((必填|选填)\)")


@dataclass(frozen=True)
class Field:
    """One column: what it is called, what else is understood, what belongs in it."""

    table: str
    column: str
    header: str
    aliases: tuple[str, ...]
    explanation: str
    example: str

    @property
    def is_required(self) -> bool:
        """Whether a row without it is refused."""
        return not tables.METADATA.tables[self.table].columns[self.column].nullable


@cache
def fields(table: str) -> tuple[Field, ...]:
    """Return the columns of one table, in the table's order; none for a table that is not loaded."""
    return tuple(field for field in _all_fields() if field.table == table)


def loadable() -> tuple[str, ...]:
    """Return the names of the tables that may be loaded, in the order of the contract."""
    return tuple(dict.fromkeys(field.table for field in _all_fields()))


def header_of(table: str, column: str) -> str:
    """Return the Chinese header with the column's name; a header that is no column bears its own."""
    found = next((field.header for field in fields(table) if field.column == column), "")
    return f"{found}（{column}）" if found else column


def column_named(table: str, header: str) -> str | None:
    """Return the column of a header in Chinese or English; None where there is none."""
    return _headers(table).get(folded(header))


def table_named(name: str) -> str | None:
    """Return the table of a sheet's or file's name in Chinese or English, what is said after it left out.

    `案件台账`, `cases`, `案件台账2020年8月`, `cases_2020-08`, `案件台账_更正` and the like all name the cases.
    """
    words = _table_words()
    plain = folded(name)
    known = words.get(plain) or words.get(re.sub(r"[\d\s_.\-()年月日季度第期批]+$", "", plain))
    begun = (word for word in sorted(words, key=len, reverse=True) if re.match(rf"{re.escape(word)}[_\-(\[【]", plain))
    return known or words.get(next(begun, ""))


@cache
def codes_by_word(table: str, column: str) -> Mapping[str, str]:
    """Return the code of each word (folded) that a column understands; empty where it holds none of our codes."""
    words = WORDS.get((table, column), {})
    found = {folded(word): code for code, word in words.items()} | {folded(code): code for code in words}
    return found | {folded(word): code for word, code in _SHORT.get((table, column), {}).items()}


def folded(text: str) -> str:
    """Return a name as it is compared: width, case, blanks and marks of required columns do not count."""
    plain = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
    return _REQUIRED_MARK.sub("", plain)


@cache
def _all_fields() -> tuple[Field, ...]:
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(
        Field(
            row["table"], row["column"], row["header"], tuple(filter(None, row["aliases"].split("|"))),
            row["explanation"], row["example"],
        )
        for row in rows
    )  # fmt: skip


@cache
def _headers(table: str) -> Mapping[str, str]:
    found = {folded(alias): field.column for field in fields(table) for alias in field.aliases}
    found |= {folded(field.header): field.column for field in fields(table)}
    return found | {field.column: field.column for field in fields(table)}


@cache
def _table_words() -> Mapping[str, str]:
    """Every table of the contract by name: one that may not be loaded is known, to be refused as such."""
    return {folded(word): name for name, word in TABLE_NAMES.items()} | {name: name for name in TABLE_NAMES}
