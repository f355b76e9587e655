"""Turn the text of cells into the values of their columns, or say in Chinese why it cannot be."""

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Column

from database.loading.files import Sheet
from database.loading.findings import ROW, Finding, flagged

TRUE, FALSE = ("1", "true", "t", "yes", "y", "是"), ("0", "false", "f", "no", "n", "否")
WHOLE_LIMIT = 2**31
FIRST_YEAR, LAST_YEAR = 1900, 2200


def typed_sheet(sheet: Sheet) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the sheet's values in the types of its table, and what could not be read.

    Returns
    -------
    pd.DataFrame
        The sheet's columns and ROW: dates datetime64[s], numbers float64, truth values boolean, text object (None for
        nothing). A cell that could not be read is empty.
    list[Finding]
        In the order of the columns.
    """
    typed, findings = pd.DataFrame({ROW: sheet.frame[ROW]}), []
    for name in sheet.columns:
        column = sheet.table.columns[name]
        text = sheet.frame[name]
        typed[name], is_wrong, reason = _typed(text, column)
        findings += flagged(sheet.file, sheet.frame, is_wrong & text.notna(), name, reason)
        if not column.nullable:
            findings += flagged(sheet.file, sheet.frame, text.isna(), name, "必填，不能为空")
    return typed, findings


def as_column(values: pd.Series, column: Column[object]) -> pd.Series:
    """Return values read from a database in the types of `typed_sheet`."""
    if isinstance(column.type, sa.Date):
        return pd.to_datetime(values).astype("datetime64[s]")
    if isinstance(column.type, (sa.Integer, sa.Double)):
        return values.astype("float64")
    if isinstance(column.type, sa.Boolean):
        return values.astype("boolean")
    return values.astype(object).where(values.notna(), None)


def _typed(text: pd.Series, column: Column[object]) -> tuple[pd.Series, pd.Series, str]:
    """Return the values, where they could not be read, and why."""
    kind = column.type
    if isinstance(kind, sa.Date):
        return _dates(text)
    if isinstance(kind, sa.Boolean):
        lower = text.str.lower()
        values = lower.map(dict.fromkeys(TRUE, True) | dict.fromkeys(FALSE, False)).astype("boolean")
        return values, values.isna(), "只能是 是、否（或 1、0）"
    if isinstance(kind, (sa.Integer, sa.Double)):
        numbers = pd.to_numeric(text, errors="coerce").astype("float64")
        numbers = numbers.where(numbers.abs() != float("inf"))
        if isinstance(kind, sa.Double):
            return numbers, numbers.isna(), "不是数字"
        numbers = numbers.where((numbers % 1 == 0) & (numbers.abs() < WHOLE_LIMIT))
        return numbers, numbers.isna(), "不是整数"
    length = kind.length if isinstance(kind, sa.String) and kind.length else None
    is_long = text.str.len() > length if length else pd.Series(False, index=text.index)
    return text.astype(object).where(text.notna(), None), is_long, f"超过{length}个字"


def _dates(text: pd.Series) -> tuple[pd.Series, pd.Series, str]:
    iso = text.str.replace(r"^(\d{4})[/.](\d{1,2})[/.](\d{1,2})$", r"\1-\2-\3", regex=True)
    iso = iso.str.replace(r"-(\d)(?=-|$)", r"-0\1", regex=True)
    days = pd.to_datetime(iso, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    days = days.where(days.dt.year.between(FIRST_YEAR, LAST_YEAR))
    return days, days.isna(), "不是日期，应写成 2020-08-31"
