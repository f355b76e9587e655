"""A workbook of a page's tables: one sheet each, headed in Chinese, for taking away."""

from collections.abc import Mapping, Sequence

import pandas as pd

from analysis.meeting.tables import Column as SheetColumn
from components import sheets
from components.sheets import Sheet
from components.tables import Column

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Sheets = Mapping[str, tuple[pd.DataFrame, Sequence[Column]]]


def workbook_bytes(tables: Sheets, *, title: str) -> bytes:
    """Return an .xlsx with a sheet per table, numbers as numbers, what `csv` makes of a value as text."""
    parts = (Sheet(name, frame, tuple(map(_column, columns))) for name, (frame, columns) in tables.items())
    return sheets.workbook_bytes(parts, title=title)


def _column(own: Column) -> SheetColumn:
    is_bare = own.csv is None
    return SheetColumn(own.field, own.heading, write=own.csv, number_format="General" if is_bare else "")
