"""A page's tables as a workbook, read back by another library."""

from io import BytesIO

import pandas as pd
from openpyxl import load_workbook

from components.tables import Column, rate
from components.workbook import workbook_bytes

COLUMNS = (Column("name", "乡镇（街道）"), Column("n", "件数"), Column("share", "化解率", csv=rate))
ROWS = pd.DataFrame({"name": ["=1+1", "http://x"], "n": [3, None], "share": [0.807, float("nan")]})


def _book(frame: pd.DataFrame):
    return load_workbook(BytesIO(workbook_bytes({"甲表": (frame, COLUMNS), "乙表": (frame, COLUMNS)}, title="积案")))


def test_each_table_is_a_sheet_under_its_title_and_headings() -> None:
    book = _book(ROWS)
    assert book.sheetnames == ["甲表", "乙表"]
    sheet = book["甲表"]
    assert sheet["A1"].value == "积案 · 甲表"
    assert [cell.value for cell in sheet[2]] == ["乡镇（街道）", "件数", "化解率"]
    assert sheet.freeze_panes == "B3"


def test_numbers_are_numbers_and_nothing_is_a_formula_or_a_link() -> None:
    first, second = _book(ROWS)["甲表"].iter_rows(min_row=3)
    assert [cell.value for cell in first] == ["=1+1", 3, "80.7%"]
    assert first[0].data_type == "s"
    assert [cell.value for cell in second] == ["http://x", None, None]
    assert second[0].hyperlink is None


def test_without_rows_the_headings_stand() -> None:
    assert _book(ROWS.head(0))["乙表"].max_row == 2


def test_a_column_is_as_wide_as_its_longest_text_to_a_limit() -> None:
    sheet = _book(ROWS.assign(name=["字" * 10, "字" * 200]))["甲表"]
    assert round(sheet.column_dimensions["A"].width) in (60, 61)
    assert sheet.column_dimensions["B"].width < 10


def test_a_day_is_a_day_whatever_the_column_says() -> None:
    days = pd.DataFrame({"name": ["甲"], "day": pd.to_datetime(["2020-08-31"])})
    columns = (Column("name", "乡镇（街道）"), Column("day", "时限", csv=str))
    sheet = load_workbook(BytesIO(workbook_bytes({"表": (days, columns)}, title="积案")))["表"]
    assert (sheet["B3"].value, sheet["B3"].number_format) == (pd.Timestamp("2020-08-31"), "yyyy-mm-dd")
    assert sheet.auto_filter.ref == "A2:B3"
