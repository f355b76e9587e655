"""Many accounts from one workbook: read as it is typed, all or none, nothing hostile."""

import zipfile
from io import BytesIO

import pandas as pd
import pytest
import xlsxwriter
from sqlalchemy import Engine

from actions import account_list
from actions.account_list import Places, add_accounts, places_of, read_accounts
from state.accounts import Account, AccountError, all_accounts, authenticated
from state.engine import writing

HEADINGS = ("账号", "显示名称", "角色", "乡镇（街道）", "部门")
PLACES = Places({"球川": "330822111", "球川镇": "330822111"}, {"县信访局": "D04"})


def workbook(*rows: tuple[str, ...]) -> bytes:
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("账号")
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    return buffer.getvalue()


def test_rows_become_accounts_in_their_order() -> None:
    content = workbook(
        HEADINGS,
        ("qiuchuan", "球川镇", "乡镇（街道）", "球川镇", ""),
        ("", "", "", "", ""),
        ("xinfang", "", "部门", "", "县信访局"),
        ("zhao", "行动办", "office", "", ""),
    )
    assert read_accounts(content, PLACES) == [
        Account("qiuchuan", "球川镇", "township", township_code="330822111"),
        Account("xinfang", "xinfang", "department", department_code="D04"),
        Account("zhao", "行动办", "office"),
    ]


def test_every_row_at_fault_is_named_and_nothing_is_read() -> None:
    content = workbook(
        HEADINGS,
        ("好人", "", "县领导", "", ""),
        ("a", "", "国王", "", ""),
        ("b", "", "乡镇（街道）", "桃花源", ""),
        ("c", "", "部门", "", ""),
        ("d", "", "县领导", "", ""),
        ("D", "", "县领导", "", ""),
    )
    with pytest.raises(AccountError) as refused:
        read_accounts(content, PLACES)
    told = str(refused.value).splitlines()
    assert [line[:4] for line in told] == ["第2行：", "第3行：", "第4行：", "第5行：", "第7行："]
    for line, words in zip(told, ("账号名只能", "国王", "桃花源", "须指定部门", "重复"), strict=True):
        assert words in line


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK", "损坏"),
        (b"x" * 1_000_001, "超过 1MB"),
        (workbook(HEADINGS), "没有账号"),
        (workbook(("账号", "显示名称"), ("a", "b")), "缺少列：角色"),
        (workbook(("账号", "角色", "密码"), ("a", "县领导", "x")), "不认识的列：密码"),
    ],
)
def test_what_is_no_list_is_refused_in_chinese(content: bytes, sentence: str) -> None:
    with pytest.raises(AccountError, match=sentence):
        read_accounts(content, PLACES)


def test_a_zip_bomb_is_not_opened() -> None:
    buffer = BytesIO(workbook(HEADINGS, ("a", "", "县领导", "", "")))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * 40_000_000)
    assert len(buffer.getvalue()) < account_list.MOST_BYTES
    with pytest.raises(AccountError, match="压缩异常"):
        read_accounts(buffer.getvalue(), PLACES)


def test_a_list_is_added_whole_or_not_at_all(own_state: Engine) -> None:
    first, second = Account("wang", "县领导", "leader"), Account("zhao", "行动办", "office")
    with writing(own_state) as connection:
        issued = add_accounts(connection, [first])
    with own_state.connect() as connection:
        assert authenticated(connection, "wang", issued[0].password, with_demo=False) == first
    with pytest.raises(AccountError, match="wang 已存在"), writing(own_state) as connection:
        add_accounts(connection, [second, first])
    with own_state.connect() as connection:
        assert [account.name for account in all_accounts(connection)] == ["wang"]


def test_places_go_by_name_short_name_and_code() -> None:
    townships = pd.DataFrame([{"code": "330822111", "name": "球川镇", "short_name": "球川"}])
    departments = pd.DataFrame([{"code": "D04", "name": "县信访局"}])
    places = places_of(townships, departments)
    assert set(places.townships) == {"球川", "球川镇", "330822111"}
    assert set(places.departments) == {"县信访局", "D04"}
