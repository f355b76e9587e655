"""A workbook of a page's tables: one sheet each, headed in Chinese, for taking away."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from io import BytesIO

import pandas as pd
import streamlit as st
import xlsxwriter

from components.tables import Column

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60

Sheets = Mapping[str, tuple[pd.DataFrame, Sequence[Column]]]


def workbook_bytes(sheets: Sheets, *, title: str) -> bytes:
    """Return an .xlsx with a sheet per table: `title` on top, bold headings that stay, numbers as numbers.

    Text is never taken for a formula or a link.
    """
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold, wrapped = (
            book.add_format({"bold": True, "bottom": 1}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        for name, (frame, columns) in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, f"{title} · {name}")
            sheet.freeze_panes(2, 1)
            for i, column in enumerate(columns):
                values = _values(frame, column)
                sheet.write_string(1, i, column.heading, bold)
                sheet.set_column(i, i, _width(column.heading, values), wrapped)
                sheet.write_column(2, i, values)
    return buffer.getvalue()


def workbook_download(name: str, as_of: date, *, data: Callable[[], bytes]) -> None:
    """Offer the workbook; `data` must be a guarded callable of the page."""
    file_name = f"{name}-截至{as_of:%Y%m%d}.xlsx"
    st.download_button("下载表格（Excel）", data, file_name, MIME, icon=":material/download:", on_click="ignore")


def _values(frame: pd.DataFrame, column: Column) -> list[str | float | int]:
    values = frame[column.field] if column.csv is None else frame[column.field].map(column.csv)
    return ["" if pd.isna(value) else value for value in values.tolist()]


def _width(heading: str, values: Sequence[str | float | int]) -> int:
    """Return a column's width in characters, a Chinese one counting twice."""
    longest = max((sum(2 if ord(c) > 255 else 1 for c in str(v)) for v in [heading, *values]), default=8)
    return min(longest + 2, WIDEST)
