"""Sheets of a workbook, written one way for pages and documents: title, headings that stay and filter, charts.

Numbers and dates keep their type; text is never taken for a formula or a link. Knows nothing of Streamlit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal

import pandas as pd
import xlsxwriter

from analysis.meeting.tables import DAY, Column, printable, written

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
FONT, WIDEST, BESIDE = "微软雅黑", 60, 90
"""A chart stands beside a table of at most BESIDE characters, below a wider one: nobody scrolls for it."""
HEADING_ROW = 1
MONTH_DAY = 'm"月"d"日"'


@dataclass(frozen=True)
class Plot:
    """A native chart beside a sheet's table: its kind, the field of its categories, and of each series its hue."""

    kind: Literal["column", "bar", "line"]
    category: str
    hues: dict[str, str]
    title: str
    is_stacked: bool = False
    number_format: str = "#,##0"
    top: float | None = None


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, the table, its columns, a chart perhaps; dates and numbers keep their type."""

    name: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    plot: Plot | None = None


def workbook_bytes(sheets: Iterable[Sheet], *, title: str) -> bytes:
    """Return an .xlsx with these sheets, `title` on top of each."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        for sheet in sheets:
            write_sheet(book, sheet, title=f"{title} · {sheet.name}")
    return buffer.getvalue()


def write_sheet(book: Any, sheet: Sheet, *, title: str) -> None:
    """Write one sheet: the title, the headings (frozen, with filters), the rows, the chart to the right."""
    page = book.add_worksheet(sheet.name)
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#eaf2f9", "text_wrap": True, "valign": "vcenter"})
    page.write_string(0, 0, printable(title), bold)
    page.freeze_panes(HEADING_ROW + 1, 1)
    for i, column in enumerate(sheet.columns):
        page.write_string(HEADING_ROW, i, column.heading, head)
        own = book.add_format({"text_wrap": True, "valign": "top", **_number_format(sheet.frame, column)})
        page.set_column(i, i, _width(sheet.frame, column))
        for row, value in enumerate(sheet.frame[column.field].tolist(), start=HEADING_ROW + 1):
            _write(page, row, i, value, column, own)
    page.autofilter(HEADING_ROW, 0, max(len(sheet.frame) + HEADING_ROW, HEADING_ROW + 1), len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0, HEADING_ROW)
    if sheet.plot is not None and len(sheet.frame):
        is_wide = sum(_width(sheet.frame, column) for column in sheet.columns) > BESIDE
        place = (HEADING_ROW + len(sheet.frame) + 2, 0) if is_wide else (HEADING_ROW, len(sheet.columns) + 1)
        page.insert_chart(*place, _chart(book, sheet, sheet.plot))


def _write(page: Any, row: int, column: int, value: Any, about: Column, form: Any) -> None:
    if pd.isna(value):
        page.write_blank(row, column, None, form)
    elif isinstance(value, pd.Timestamp):
        page.write_datetime(row, column, value.to_pydatetime(), form)
    elif about.number_format and isinstance(value, int | float) and not isinstance(value, bool):
        page.write_number(row, column, value, form)
    else:
        page.write_string(row, column, written(value, about), form)


def _chart(book: Any, sheet: Sheet, plot: Plot) -> Any:
    """Return a chart whose categories and values are cells of the sheet."""
    fields = [column.field for column in sheet.columns]
    first, last = HEADING_ROW + 1, HEADING_ROW + len(sheet.frame)
    chart = book.add_chart({"type": plot.kind, **({"subtype": "stacked"} if plot.is_stacked else {})})
    font = {"name": FONT}
    for field, hue in plot.hues.items():
        at = fields.index(field)
        drawn = {"line": {"color": hue, "width": 2.25}} if plot.kind == "line" else {"fill": {"color": hue}}
        where = fields.index(plot.category)
        chart.add_series(
            {
                "name": [sheet.name, HEADING_ROW, at],
                "categories": [sheet.name, first, where, last, where],
                "values": [sheet.name, first, at, last, at],
                **drawn,
            }
        )
    chart.set_title({"name": plot.title, "name_font": {**font, "size": 12}})
    values: dict[str, Any] = {
        "num_font": font,
        "num_format": plot.number_format,
        "min": 0,
        "major_gridlines": {"visible": True},
    }
    values |= {} if plot.top is None else {"max": plot.top}
    is_bar = plot.kind == "bar"  # whose values lie along the x axis, the first category on top
    categories: dict[str, Any] = {"num_font": font, "reverse": is_bar}
    if pd.api.types.is_datetime64_any_dtype(sheet.frame[plot.category]):
        categories |= {"date_axis": True, "num_format": MONTH_DAY, "major_unit": 14, "major_unit_type": "days"}
    chart.set_x_axis(values if is_bar else categories)
    chart.set_y_axis(categories if is_bar else values)
    chart.set_legend({"position": "top", "font": font} if len(plot.hues) > 1 else {"none": True})
    chart.set_size({"width": 760, "height": 420})
    return chart


def _number_format(frame: pd.DataFrame, column: Column) -> dict[str, str]:
    is_day = pd.api.types.is_datetime64_any_dtype(frame[column.field])
    found = DAY if is_day else column.number_format
    return {"num_format": found} if found else {}


def _width(frame: pd.DataFrame, column: Column) -> int:
    """Return a column's width in characters, a Chinese one counting twice."""
    values: Sequence[str] = [written(value, column) for value in frame[column.field].head(500).tolist()]
    longest = max(sum(2 if ord(each) > 255 else 1 for each in text) for text in [column.heading, *values])
    return min(max(longest + 3, 8), WIDEST)
