"""Turn the text of cells into the values of their columns, or say in Chinese why it cannot be.

What is written in an office's ways is understood where it can mean one thing only: full-width digits and letters,
blanks, thousands separators, 2020年8月31日, serial days, percent signs. What could mean two is refused.
"""

import re
from collections.abc import Mapping
from functools import reduce
from string import ascii_letters, digits

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Column, Table

from database.loading.columns import WORDS, codes_by_word, folded
from database.loading.findings import ROW, Flag, flagged

TRUE, FALSE = ("1", "1.0", "true", "t", "yes", "y", "是", "√"), ("0", "0.0", "false", "f", "no", "n", "否", "×")
WHOLE_LIMIT = 2**31
FIRST_YEAR, LAST_YEAR = 1900, 2200
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
"""Excel's numbers of the days from 1954 to 2119: what a date becomes when its format is lost."""

PERCENTS = frozenset({("campaigns", "goal_rate"), ("task_progress", "planned_pct"), ("task_progress", "actual_pct")})
"""Columns of percentages, 0 to 100; those of indicators depend on the indicator's unit."""

MONTHS = frozenset({("task_progress", "month"), ("kpi_values", "month")})
"""Columns of months: a day may be left out."""

NO_DATE, NO_NUMBER, NO_WHOLE = "不是日期，应写成 2020-08-31", "不是数字", "不是整数"
NO_PERCENT = "这一列不是百分数，不能带%"
UNCLEAR_PERCENT = "不明确：是百分数还是小数？请写成带%的形式，如 85%"
SPOILT = "长数字已变成科学计数法而失真，请把该列设为文本格式后重新填写"

_WIDE = "".join(chr(ord(sign) + 0xFEE0) for sign in ascii_letters + digits + ".-%/+")
_BLANKS, _NOTHING = "\u3000\u00a0", "\u200b\ufeff"
_NARROW: dict[int, int | None] = {ord(sign): ord(sign) - 0xFEE0 for sign in _WIDE}
_NARROW |= {ord(sign): ord(" ") for sign in _BLANKS} | {ord(sign): None for sign in _NOTHING}
_IS_WIDE = f"[{re.escape(_WIDE + _BLANKS + _NOTHING)}]"


def plain_texts(table: Table, text: pd.DataFrame) -> pd.DataFrame:
    """Return texts as they are compared: narrow digits and letters but in free text; words of ours as their codes.

    Returns
    -------
    pd.DataFrame
        The columns of `text` in its order, str (absent: NaN), and ROW.
    """
    plain = {}
    for name in text.columns:
        values = text[name]
        if name != ROW and not _is_free(table.columns[name]):
            values = _narrow(values)
        words = codes_by_word(table.name, name)
        if words:
            values = mapped(values, {value: words.get(folded(value), value) for value in values.dropna().unique()})
        plain[name] = values
    return pd.DataFrame(plain)


def typed_table(
    table: Table, text: pd.DataFrame, is_percent: Mapping[str, pd.Series]
) -> tuple[pd.DataFrame, list[Flag]]:
    """Return the values of a table in its types, and what could not be read.

    Parameters
    ----------
    text
        As `plain_texts` gives it.
    is_percent
        Columns of which some cells (True) are percentages, beside those that always are.

    Returns
    -------
    pd.DataFrame
        The columns of `text` and ROW: dates datetime64[s], numbers float64, truth values boolean, text object (None for
        nothing). A cell that could not be read is empty.
    list[Flag]
        In the order of the columns.
    """
    typed: dict[str, pd.Series] = {}
    flags: list[Flag] = []
    always, never = pd.Series(True, text.index), pd.Series(False, text.index)
    for name in text.columns:
        if name == ROW:
            typed[ROW] = text[ROW]
            continue
        column, values = table.columns[name], text[name]
        percent = always if (table.name, name) in PERCENTS else is_percent.get(name, never)
        typed[name], wrong = _typed(table.name, column, values, percent)
        for reason, is_wrong in wrong.items():
            flags += flagged(table.name, text, is_wrong & values.notna(), name, reason)
        if not column.nullable:
            flags += flagged(table.name, text, values.isna(), name, "必填，不能为空")
    return pd.DataFrame(typed), flags


def as_column(values: pd.Series, column: Column[object]) -> pd.Series:
    """Return values read from a database in the types of `typed_table`."""
    if isinstance(column.type, sa.Date):
        return pd.to_datetime(values).astype("datetime64[s]")
    if isinstance(column.type, (sa.Integer, sa.Double)):
        return values.astype("float64")
    if isinstance(column.type, sa.Boolean):
        return values.astype("boolean")
    return values.astype(object).where(values.notna(), None)


def mapped(values: pd.Series, new: Mapping[str, str]) -> pd.Series:
    """Return texts with those that are keys of `new` replaced; what is missing stays missing."""
    changed = {old: now for old, now in new.items() if old != now}
    return values.where(~values.isin(list(changed)), values.map(changed)) if changed else values


def _typed(
    table: str, column: Column[object], text: pd.Series, is_percent: pd.Series
) -> tuple[pd.Series, dict[str, pd.Series]]:
    """Return the values, and where they could not be read, by reason."""
    kind = column.type
    if isinstance(kind, sa.Date):
        days = _days(text, is_month=(table, column.name) in MONTHS)
        return days, {NO_DATE: days.isna()}
    if isinstance(kind, sa.Boolean):
        truths = dict.fromkeys(TRUE, True) | dict.fromkeys(FALSE, False)
        values = text.str.lower().map(truths).astype("boolean")
        return values, {"只能是 是、否（或 1、0）": values.isna()}
    if isinstance(kind, sa.Double):
        return _numbers(text, is_percent)
    if isinstance(kind, sa.Integer):
        values, wrong = _whole_numbers(text)
        words = WORDS.get((table, column.name), {}).values()
        return values, {"只能是 " + "、".join(words): values.isna()} if words else wrong
    length = kind.length if isinstance(kind, sa.String) and kind.length else None
    is_long = text.str.len() > length if length else pd.Series(False, text.index)
    wrong = {f"超过{length}个字": is_long, SPOILT: text.str.fullmatch(r"\d(\.\d+)?[eE]\+\d+")}
    return text.astype(object).where(text.notna(), None), wrong


def _whole_numbers(text: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    numbers = _bare_numbers(text)
    numbers = numbers.where((numbers % 1 == 0) & (numbers.abs() < WHOLE_LIMIT))
    return numbers, {NO_WHOLE: numbers.isna()}


def _numbers(text: pd.Series, is_percent: pd.Series) -> tuple[pd.Series, dict[str, pd.Series]]:
    has_sign = text.str.endswith("%").fillna(False).astype(bool)
    numbers = _bare_numbers(text.where(~has_sign, text.str.removesuffix("%").str.strip()))
    is_bare = is_percent & ~has_sign
    has_larger = bool((is_bare & (numbers > 1)).any())  # a lone 1 is as unclear as 0.85; beside larger ones it is not
    is_unclear = is_bare & (numbers > 0) & ((numbers < 1) if has_larger else (numbers <= 1))
    is_signed = has_sign & ~is_percent & numbers.notna()
    wrong = {NO_NUMBER: numbers.isna(), NO_PERCENT: is_signed, UNCLEAR_PERCENT: is_unclear}
    return numbers.where(~(is_signed | is_unclear)), wrong


def _bare_numbers(text: pd.Series) -> pd.Series:
    is_grouped = text.str.fullmatch(r"[+-]?\d{1,3}([,，]\d{3})+(\.\d+)?").fillna(False).astype(bool)
    ungrouped = text.where(~is_grouped, text.str.replace("[,，]", "", regex=True))
    numbers = pd.to_numeric(ungrouped, errors="coerce").astype("float64")
    return numbers.where(np.isfinite(numbers))


def _days(text: pd.Series, *, is_month: bool) -> pd.Series:
    """Read each distinct text once."""
    written = pd.Series(text.dropna().unique(), dtype="str")
    known = dict(zip(written, _written_days(written, is_month=is_month), strict=True))
    return text.map(known).astype("datetime64[s]")


def _written_days(text: pd.Series, *, is_month: bool) -> pd.Series:
    steps = (
        (r"[T\s]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?$", ""),
        (r"\s", ""),
        (r"^(\d{4})年(\d{1,2})月(\d{1,2})[日号]$", r"\1-\2-\3"),
        (r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$", r"\1-\2-\3"),
        (r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3"),
        *(((r"^(\d{4})(?:年(\d{1,2})月|[-/](\d{1,2})|(\d{2}))$", r"\1-\2\3\4-01"),) if is_month else ()),
        (r"-(\d)-", r"-0\1-"),
        (r"-(\d)$", r"-0\1"),
    )
    iso = reduce(lambda values, step: values.str.replace(step[0], step[1], regex=True), steps, text)
    days = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    days = days.where(days.dt.year.between(FIRST_YEAR, LAST_YEAR))
    serial = pd.to_numeric(text.where(text.str.fullmatch(r"\d{5}(\.\d+)?")), errors="coerce").astype("float64")
    is_serial = serial.between(FIRST_SERIAL, LAST_SERIAL)
    counted = pd.Timestamp("1899-12-30") + pd.to_timedelta(serial.where(is_serial, 0).astype("int64"), unit="D")
    return days.where(~is_serial, counted.astype("datetime64[s]"))


def _narrow(text: pd.Series) -> pd.Series:
    is_wide = text.str.contains(_IS_WIDE, regex=True).fillna(False).astype(bool)
    if not is_wide.any():
        return text
    narrowed = text.copy()
    narrowed[is_wide] = [value.translate(_NARROW).strip() for value in text[is_wide]]
    return narrowed.where(narrowed != "")


def _is_free(column: Column[object]) -> bool:
    """Whether a column holds words of people, which stay as they are written."""
    codes = {"code", "case_no", "repeat_of", "scheme", "stream", "role", "computed_from"}
    is_code = column.name in codes or column.name.endswith("_code")
    return isinstance(column.type, sa.String) and not is_code
