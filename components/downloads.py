"""Taking a page's tables away: one workbook of them all, and each of them as CSV."""

from collections.abc import Callable, Collection
from datetime import date
from functools import partial

import streamlit as st

from components.tables import csv_bytes
from components.workbook import MIME, Sheets, workbook_bytes

WORKBOOK = ""
"""Asks `tables_bytes` for the workbook in place of one table."""


def tables_bytes(tables: Sheets, which: str, *, title: str) -> bytes:
    """Return the workbook of all tables, or the table of that name as CSV in UTF-8 with BOM."""
    if which != WORKBOOK:
        return csv_bytes(*tables[which])
    kept = {name: (frame, [c for c in columns if not c.is_screen_only]) for name, (frame, columns) in tables.items()}
    return workbook_bytes(kept, title=title)


def table_downloads(name: str, as_of: date, tables: Collection[str], *, data: Callable[[str], bytes]) -> None:
    """Offer the tables of a page in both formats, in one row.

    Parameters
    ----------
    name : str
        What the files are called, with the as-of date.
    tables
        The names of the tables: of several each has a CSV of its own.
    data
        A guarded callable of the page, which takes WORKBOOK or the name of a table (`tables_bytes`).
    """
    with st.container(horizontal=True):
        _offer("下载表格（Excel）", f"{name}-截至{as_of:%Y%m%d}.xlsx", MIME, partial(data, WORKBOOK))
        for table in tables:
            said, own = ("表格", name) if len(tables) == 1 else (table, f"{name}-{table}")
            _offer(f"下载{said}（CSV）", f"{own}-截至{as_of:%Y%m%d}.csv", "text/csv", partial(data, table))


def _offer(label: str, file_name: str, mime: str, data: Callable[[], bytes]) -> None:
    st.download_button(label, data, file_name, mime, icon=":material/download:", on_click="ignore")
