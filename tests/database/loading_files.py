"""Files as an office sends them: CSV text and workbooks, made for the tests of loading."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import xlsxwriter

from database.loading.files import Upload

CASES_HEAD = ("乡镇（街道）", "案件编号", "办理次数", "业务类型", "登记日期")
ONE_STREAM = (
    "只能是 信访积案（petition_backlog）、信访事项（初信初访）（petition）、矛盾纠纷（dispute）、治理事件（event）、"
    "群众诉求（appeal）、风险隐患（risk）、诉讼（litigation）"
)
CASE = ("天马街道", "甲1", 1, "信访积案", date(2020, 6, 12))


def workbook(sheets: Mapping[str, Sequence[Sequence[Any]]], name: str = "八月.xlsx") -> Upload:
    """Return a workbook with these rows by sheet; dates are cells of dates."""
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            page = book.add_worksheet(title)
            for place, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(place, column, value, day)
                    elif value is not None:
                        page.write(place, column, value)
    return Upload(name, buffer.getvalue())


def csv(name: str, text: str, encoding: str = "utf-8") -> Upload:
    """Return a CSV file."""
    return Upload(f"{name}.csv", text.encode(encoding))


def filled_template(content: bytes, rows: Mapping[str, Sequence[Mapping[str, Any]]], name: str = "模板.xlsx") -> Upload:
    """Return a template with rows, by sheet and header, written below its example as a person would."""
    book = openpyxl.load_workbook(BytesIO(content))
    for title, filled in rows.items():
        page = book[title]
        places = {str(cell.value).rstrip("*"): cell.column for cell in page[1]}
        for number, row in enumerate(filled, 5):
            for header, value in row.items():
                page.cell(number, places[header], value)
    buffer = BytesIO()
    book.save(buffer)
    return Upload(name, buffer.getvalue())
