from io import BytesIO

import openpyxl
import pandas as pd

from components.downloads import WORKBOOK, tables_bytes
from components.tables import Column

FRAME = pd.DataFrame({"place": ["白石", "=cmd()"], "open": [3, 0], "link": ["a", "b"]})
COLUMNS = (Column("place", "乡镇"), Column("open", "未化解"), Column("link", "打开", is_screen_only=True))
TABLES = {"现状": (FRAME, COLUMNS), "走势": (FRAME.head(1), COLUMNS[:1])}


def test_one_table_comes_as_csv_that_a_spreadsheet_reads_and_does_not_run():
    assert tables_bytes(TABLES, "现状", title="积案") == "\ufeff乡镇,未化解\n白石,3\n'=cmd(),0\n".encode()


def test_all_tables_come_in_one_workbook_with_numbers_as_numbers():
    book = openpyxl.load_workbook(BytesIO(tables_bytes(TABLES, WORKBOOK, title="积案")))
    assert book.sheetnames == ["现状", "走势"]
    cells = [cell.value for row in book["现状"].iter_rows() for cell in row if cell.value is not None]
    assert {"乡镇", "未化解", "白石", 3} <= set(cells)
    assert "打开" not in cells
