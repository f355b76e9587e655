import csv
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from reports import ledger_files
from reports.ledger_files import csv_file, workbook_file

HEADINGS = ["案件编号", "日期", "天数"]
RISKY = ["=1+1", "+1", "-1", "@a", "\tb", "\rc", "\nd"]
ROWS = [*([text, "", 0] for text in RISKY), ["甲-1", date(2020, 8, 3), 12], ["https://example", "", ""]]


def _written(open_file, path: Path, rows=ROWS) -> Path:
    with open_file(path, title="台账", headings=HEADINGS) as file:
        file.write(rows[:3])
        file.write(rows[3:])
    return path


def test_csv_has_a_bom_and_no_formula(tmp_path: Path) -> None:
    path = _written(csv_file, tmp_path / "a.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream)
    assert head == HEADINGS
    assert [row[0] for row in rows] == [*(f"'{text}" for text in RISKY), "甲-1", "https://example"]
    assert rows[7] == ["甲-1", "2020-08-03", "12"]


def test_a_workbook_holds_text_as_text_and_days_as_days(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(_written(workbook_file, tmp_path / "a.xlsx"))["台账"]
    rows = list(sheet.iter_rows(values_only=True))
    assert [rows[0][0], list(rows[1])] == ["台账", HEADINGS]
    assert {cell.data_type for cell in sheet["A"]} == {"s"}, "no cell is a formula"
    assert [row[0] for row in rows[2:5]] == RISKY[:3]
    assert rows[9] == ("甲-1", datetime(2020, 8, 3), 12)  # noqa: DTZ001
    assert sheet["A11"].hyperlink is None


def test_a_sheet_that_is_full_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_files, "SHEET_ROWS", 4)
    book = openpyxl.load_workbook(_written(workbook_file, tmp_path / "a.xlsx", [[f"n{i}", "", i] for i in range(5)]))
    assert book.sheetnames == ["台账", "台账2", "台账3"]
    held = [row[0] for name in book.sheetnames for row in book[name].iter_rows(min_row=3, values_only=True)]
    assert held == [f"n{i}" for i in range(5)]
    assert all(book[name]["A2"].value == HEADINGS[0] for name in book.sheetnames)


@pytest.mark.parametrize("open_file", [csv_file, workbook_file])
def test_nothing_is_left_of_a_file_that_failed(open_file, tmp_path: Path) -> None:
    def broken():
        yield ROWS[0]
        raise RuntimeError("away")

    with (
        pytest.raises(RuntimeError, match="away"),
        open_file(tmp_path / "a.xlsx", title="台账", headings=HEADINGS) as file,
    ):
        file.write(broken())
    assert list(tmp_path.iterdir()) == []
