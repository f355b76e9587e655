"""Small tables as one block of HTML: they stand at once, read aloud well and scroll in their own box."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis import wording
from analysis.remembered import remembered
from analysis.wording import MISSING, month_day, percent
from components.definitions import term
from components.filters import compares_regions, shown_townships

NO_ROWS = "没有记录"


@dataclass(frozen=True)
class Column:
    """One column: the frame's field, its Chinese heading, and how a value is written.

    `write` gives plain text, which is escaped; `html` gives trusted markup and must escape what it is given. A download
    holds the bare values, or what `csv` makes of them; x/n stays on screen (a spreadsheet would read it as a date).
    A column that `is_unbroken` stands on one line. `figure` is the code of the definition that the heading
    leads to.
    """

    field: str
    heading: str
    write: Callable[[Any], str] | None = None
    html: Callable[[Any], str] | None = None
    is_number: bool = False
    csv: Callable[[Any], str] | None = None
    is_screen_only: bool = False
    figure: str = ""
    is_unbroken: bool = False


def count(value: Any) -> str:
    """Write a count with thousands separated; missing as a dash."""
    return MISSING if pd.isna(value) else f"{int(value):,}"


def score(value: Any) -> str:
    """Write a measure with one decimal; missing as a dash."""
    return MISSING if pd.isna(value) else f"{value:.1f}"


def rate(value: Any) -> str:
    """Write a rate of 0 to 1 as a percentage with one decimal; missing as a dash."""
    return MISSING if pd.isna(value) else percent(value)


def whole_percent(value: Any) -> str:
    """Write a share of 0 to 1 as a whole percentage; missing as a dash."""
    return MISSING if pd.isna(value) else percent(value, digits=0)


def short_day(value: Any) -> str:
    """Write a date as 8月31日; missing as a dash."""
    return MISSING if pd.isna(value) else month_day(value)


def day_as_of(as_of: date) -> Callable[[Any], str]:
    """Return how a date is written seen from a day: 8月31日, the year where it is another's; missing as a dash."""
    return partial(_day, as_of=as_of)


def table_html(
    frame: pd.DataFrame, columns: Sequence[Column], *, total: Mapping[str, Any] | None = None, caption: str = ""
) -> str:
    """Return `frame` as an HTML table, the first column as row headings, `total` (by field) as its last row."""
    about = shown_townships(), compares_regions()  # a township's name leads to the day that the page is about
    return _table_html(frame, columns, total, caption, about)


@remembered
def _table_html(
    frame: pd.DataFrame, columns: Sequence[Column], total: Mapping[str, Any] | None, caption: str, about: object
) -> str:
    head = "".join(f'<th scope="col"{_class(c)}>{term(c.heading, c.figure)}</th>' for c in columns)
    rows = "".join(f"<tr>{_cells(columns, row)}</tr>" for row in frame.to_dict("records"))
    rows = rows or f"<tr><td colspan='{len(columns)}' class='none'>{NO_ROWS}</td></tr>"
    foot = "" if total is None else f"<tfoot><tr>{_cells(columns, total)}</tr></tfoot>"
    says = f"<caption>{escape(caption)}</caption>" if caption else ""
    table = f"<table class='gov-table'>{says}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>{foot}</table>"
    return f"<div class='gov-box' tabindex='0'>{table}</div>"


def html_table(
    frame: pd.DataFrame, columns: Sequence[Column], *, total: Mapping[str, Any] | None = None, caption: str = ""
) -> None:
    """Show `frame` as a small HTML table."""
    st.html(table_html(frame, columns, total=total, caption=caption))


def csv_bytes(frame: pd.DataFrame, columns: Sequence[Column]) -> bytes:
    """Return the fields of `columns` as CSV in UTF-8 with BOM, headed in Chinese, for spreadsheets."""
    kept = [c for c in columns if not c.is_screen_only]
    chosen = pd.DataFrame({c.heading: frame[c.field] if c.csv is None else frame[c.field].map(c.csv) for c in kept})
    return _inert(chosen).to_csv(index=False).encode("utf-8-sig")


def _day(value: Any, as_of: date) -> str:
    return MISSING if pd.isna(value) else wording.day_as_of(value, as_of)


def _cells(columns: Sequence[Column], row: Mapping[Any, Any]) -> str:
    first, *rest = columns
    heading = f'<th scope="row">{_cell(first, row)}</th>'
    return heading + "".join(f"<td{_class(c)}>{_cell(c, row)}</td>" for c in rest)


def _cell(column: Column, row: Mapping[Any, Any]) -> str:
    if column.field not in row:
        return ""
    value = row[column.field]
    if column.html is not None:
        return column.html(value)
    if column.write is not None and value != "":
        return escape(column.write(value))
    return MISSING if pd.isna(value) else escape(str(value))


def _class(column: Column) -> str:
    if column.is_number:
        return ' class="num"'
    return ' class="unbroken"' if column.is_unbroken else ""


def _inert(frame: pd.DataFrame) -> pd.DataFrame:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    texts = frame.select_dtypes(include=["object", "string"]).columns
    starts = ("=", "+", "-", "@", "\t", "\r")
    safe = {
        name: frame[name].map(lambda v: f"'{v}" if isinstance(v, str) and v.startswith(starts) else v) for name in texts
    }
    return frame.assign(**safe)
