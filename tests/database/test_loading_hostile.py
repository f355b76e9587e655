"""Damaged and hostile files: each gets a plain Chinese answer, and nothing is written."""

import struct
import time
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from database import tables
from database.load import load
from database.loading import workbooks
from database.loading.delimited import FILE_LIMIT
from database.loading.files import Given, Upload
from database.loading.findings import Finding, Refused
from tests.conftest import TOWNSHIPS
from tests.database.loading_files import CASE, CASES_HEAD, csv, workbook

FIRST = TOWNSHIPS[0]
SHEET = "xl/worksheets/sheet1.xml"
GOOD = workbook({"案件台账": [CASES_HEAD, CASE]})


@pytest.fixture
def refused(connection: Connection, county: str) -> Callable[..., list[Finding]]:
    """Load what must be refused beside a good file; return the findings; nothing may have changed."""

    def take(*files: Given) -> list[Finding]:
        good = csv("departments", "code,name\nD1,新部门\n")
        with pytest.raises(Refused) as caught:
            load(connection, [good, *files], today=date(2020, 9, 2))
        for table in ("departments", "cases", "data_releases"):
            assert connection.scalar(sa.select(sa.func.count()).select_from(tables.METADATA.tables[table])) == 0
        return caught.value.findings

    return take


def altered(parts: dict[str, bytes], *, without: tuple[str, ...] = (), name: str = "八月.xlsx") -> Upload:
    """Return the good workbook with parts replaced, added or left out."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(GOOD.content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            if member not in (*parts, *without):
                new.writestr(member, old.read(member))
        for member, content in parts.items():
            new.writestr(member, content)
    return Upload(name, buffer.getvalue())


def part(name: str) -> bytes:
    with zipfile.ZipFile(BytesIO(GOOD.content)) as archive:
        return archive.read(name)


def lying_about_size() -> Upload:
    """A sheet that unpacks to more than its entry declares."""
    bomb = altered({SHEET: b" " * 100_000_000 + part(SHEET)})
    content = bytearray(bomb.content)
    entry = content.rfind(b"PK\x01\x02", 0, content.rfind(SHEET.encode()))
    struct.pack_into("<I", content, entry + 24, 5_000)
    return Upload("八月.xlsx", bytes(content))


DAMAGED = {
    "0 bytes": (Upload("八月.xlsx", b""), "文件是空的（0字节）"),
    "0 bytes csv": (Upload("cases.csv", b""), "文件是空的（0字节）"),
    "truncated": (Upload("八月.xlsx", GOOD.content[: len(GOOD.content) // 2]), "工作簿已损坏或不完整"),
    "corrupted": (Upload("八月.xlsx", GOOD.content[:900] + b"\x00" * 40 + GOOD.content[940:]), "工作簿已损坏"),
    "no workbook part": (altered({}, without=("xl/workbook.xml",)), "工作簿"),
    "no xml": (altered({SHEET: b"<worksheet><sheetData><row><c"}), "工作簿"),
    "a zip": (altered({}, without=tuple(zipfile.ZipFile(BytesIO(GOOD.content)).namelist())), "工作簿"),
    "macro": (altered({"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "工作簿含有宏，不予打开"),
    "macro type": (
        altered(
            {
                "[Content_Types].xml": part("[Content_Types].xml")
                .replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main")
                .replace(b"vnd.openxmlformats-officedocument.sheet", b"vnd.ms-excel.sheet")
            }
        ),
        "工作簿含有宏，不予打开",
    ),
    "xlsm": (Upload("八月.xlsm", GOOD.content), "含宏的工作簿不予打开"),
    "xls": (
        Upload("八月.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600),
        "只能导入 .csv 和 .xlsx 文件；旧版 .xls 请另存为 .xlsx",
    ),
    "encrypted": (Upload("八月.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600), "这是旧版 .xls 或加密的工作簿"),
    "bomb": (altered({SHEET: b" " * 30_000_000 + part(SHEET)}), "工作簿压缩异常"),
    "a size that lies": (lying_about_size(), "工作簿已损坏或不完整"),
    "a far column": (altered({SHEET: part(SHEET).replace(b'r="A2"', b'r="XFD2"')}), "工作表用到了AZ列以后"),
    "a far row": (
        altered({SHEET: part(SHEET).replace(b'r="A2"', b'r="A1048576"')}),
        "工作表用到了AZ列以后或第200000行以后",
    ),
    "1904": (
        altered({"xl/workbook.xml": part("xl/workbook.xml").replace(b"<workbookPr ", b'<workbookPr date1904="1" ')}),
        "1904年日期系统",
    ),
    "csv as xlsx": (Upload("八月.xlsx", "案件编号,办理次数\n".encode()), "扩展名是 .xlsx，内容却不是工作簿"),
    "xlsx as csv": (Upload("cases.csv", GOOD.content), "扩展名是 .csv，内容却是工作簿"),
    "utf-16": (csv("cases", "township_code,case_no\n", "utf-16"), "文件编码是 UTF-16"),
    "binary": (Upload("cases.csv", b"township_code\n\x00\x01\x02\n"), "扩展名是 .csv，内容却不是文本"),
    "no encoding": (
        Upload("cases.csv", b"township_code,case_no\n\xff\xff\xff\n"),
        "文件编码不是 UTF-8，也不是 GB18030",
    ),
    "word": (Upload("通报.docx", GOOD.content), "只能导入 .csv 和 .xlsx 文件"),
    "unknown": (csv("说明", "a,b\n1,2\n"), "文件名不是数据表的名称"),
    "derived": (workbook({"考核得分": [("a", "b"), (1, 2)]}), "这张表由系统计算，不得导入"),
    "nothing": (workbook({"案件台账": [CASES_HEAD]}), "工作簿中没有可以导入的行"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_a_damaged_file_gets_a_plain_answer_and_nothing_is_written(
    refused: Callable[..., list[Finding]], case: str
) -> None:
    file, reason = DAMAGED[case]
    findings = refused(file)
    assert [(finding.file, finding.row) for finding in findings] == [(file.name, 0)]
    assert findings[0].reason.startswith(reason) or reason in findings[0].reason


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_a_file_of_50_mb_is_refused_or_told_before_it_is_opened(
    refused: Callable[..., list[Finding]], suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"cases.{suffix}"
    with path.open("wb") as file:
        file.write(b"PK\x03\x04" if suffix == "xlsx" else b"township_code,case_no,episode,stream,opened_on\n")
        file.truncate(51_000_000 if suffix == "xlsx" else FILE_LIMIT + 1_000_000)
    told = refused(path)[0].reason
    assert "MB" in told
    assert "请分成几个" in told


def test_a_sheet_of_50_mb_is_refused_within_a_second(refused: Callable[..., list[Finding]]) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>%d</v></c></row>' % (n, n, n * 7919) for n in range(9, 180_000))
    sheet = part(SHEET).replace(b"</sheetData>", rows * 6 + b"</sheetData>")
    assert len(sheet) > workbooks.SHEET_LIMIT
    file = altered({SHEET: sheet})
    begun = time.process_time()
    assert "MB的工作表" in refused(file)[0].reason
    assert time.process_time() - begun < 1


def test_a_missing_file_and_an_unreadable_one_are_told(refused: Callable[..., list[Finding]], tmp_path: Path) -> None:
    folder = tmp_path / "cases.csv"
    folder.mkdir()
    assert [f.reason for f in refused(tmp_path / "nowhere" / "tasks.csv", folder)] == [
        "文件读不出来，请检查权限，或先关闭正在使用它的程序",
        "找不到文件",
    ]


def test_a_workbook_with_every_fault_is_told_cell_by_cell(refused: Callable[..., list[Finding]]) -> None:
    head = (*CASES_HEAD, "办结日期")
    rows = [
        head,
        ("天马街道", "甲1", 1, "信访积案", "六月十二", ""),
        ("不存在的镇", "甲2", 1, "信访积案", "2020-06-12", ""),
        ("天马街道", "甲3", 1, "治理事件", "2020-06-12", ""),
        ("天马街道", "甲3", 1, "治理事件", "2020-06-12", ""),
        ("天马街道", "甲4", 1, "治理事件", "2020-06-12", "2020-06-01"),
    ]
    found = [(f.file, f.sheet, f.row, f.column, f.value, f.reason) for f in refused(workbook({"案件台账": rows}))]
    place = ("八月.xlsx", "案件台账")
    assert found == [
        (*place, 2, "opened_on", "六月十二", "不是日期，应写成 2020-08-31"),
        (*place, 3, "township_code", "不存在的镇", "没有这个乡镇（街道）"),
        (*place, 5, "township_code", "天马街道", "与前面的行重复（乡镇（街道）、案件编号、办理次数相同）"),
        (*place, 6, "closed_on", "2020-06-01", "办结早于登记"),
    ]


PERSONAL = [
    "姓名",
    "信访人姓名",
    "身份证号",
    "证件号码",
    "联系电话",
    "手机",
    "家庭住址",
    "name",
    "Full_Name",
    "petitioner_name",
    "id_card",
    "phone",
    "mobile_no",
    "home_address",
]


@pytest.mark.parametrize("header", PERSONAL)
def test_a_column_that_speaks_of_a_person_is_refused(refused: Callable[..., list[Finding]], header: str) -> None:
    found = refused(workbook({"案件台账": [(*CASES_HEAD, header), (*CASE, "王某某的内容")]}))
    assert [(f.row, f.column, f.reason) for f in found] == [(1, header, "涉及个人信息的列不得导入")]
    assert "王某某" not in "".join(map(str, found))


ID, PHONE = "疑似身份证号码，涉及个人信息，不得导入", "疑似手机号码，涉及个人信息，不得导入"


@pytest.mark.parametrize(
    ("value", "reasons"),
    [
        ("王某 330822199001011234 反映征地", [ID]),
        ("33082219900101123X", [ID]),
        ("330822 19900101 1234", [ID]),
        ("３３０８２２１９９００１０１１２３４", [ID]),
        ("电话13857001234", [PHONE]),
        ("138 5700 1234", [PHONE]),
        ("138-5700-1234", [PHONE]),
        ("330822199001011234 13857001234", [PHONE, ID]),
        ("衢政发2020年第13号", []),
        ("3308221990010112345", []),
        ("12857001234", []),
        ("138570012345", []),
    ],
)
def test_what_looks_like_an_identity_card_or_a_mobile_number_is_refused_and_not_shown(
    connection: Connection, county: str, value: str, reasons: list[str]
) -> None:
    file = workbook({"案件台账": [(*CASES_HEAD, "问题类别"), (*CASE, value)]})
    if not reasons:
        assert load(connection, [file], today=date(2020, 9, 2)).rows == {"cases": 1}
        return
    with pytest.raises(Refused) as caught:
        load(connection, [file], today=date(2020, 9, 2))
    assert [(f.column, f.value, f.reason) for f in caught.value.findings] == [
        ("category", "（不显示）", r) for r in reasons
    ]
    assert value not in str(caught.value.findings)


def test_numbers_of_a_ledger_may_be_as_long_and_a_wrong_code_like_an_identity_card_is_not_shown(
    connection: Connection, county: str
) -> None:
    rows = [
        CASES_HEAD,
        ("天马街道", "330822199001011234", 1, "治理事件", "2020-06-12"),
        ("白石镇", "13857001234", 1, "治理事件", "2020-06-12"),
    ]
    assert load(connection, [workbook({"案件台账": rows})], today=date(2020, 9, 2)).rows == {"cases": 2}
    wrong = workbook({"案件台账": [CASES_HEAD, ("330822199001011234", "甲", 1, "治理事件", "2020-06-12")]})
    with pytest.raises(Refused) as caught:
        load(connection, [wrong], today=date(2020, 9, 2))
    assert "330822199001011234" not in "".join(map(str, caught.value.findings))
