"""账号 and 操作记录, as the office uses them; the steps themselves are tested in tests/test_administration.py."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

import auth
from state import audit
from state.accounts import Account, add_account, authenticated, find_account
from state.engine import writing
from tests.pages.test_data import html, tables, text

USERS, AUDIT = "pages/data/users.py", "pages/data/audit.py"
Open = Callable[..., AppTest]


@pytest.fixture
def people(demo_county: None, quick_hashes: None) -> None:
    with writing(auth.state()) as connection:
        add_account(connection, Account("li", "球川镇", "township", township_code="330822111"), "Right-Password-1")
        add_account(connection, Account("sun", "县信访局", "department", department_code="D04"), "Right-Password-1")


def press(app: AppTest, label: str) -> AppTest:
    """Press the one button of that label."""
    (button,) = (button for button in app.button if button.label == label)
    return button.click().run()


@pytest.mark.usefixtures("people")
def test_accounts_are_listed_with_role_and_place(open_page: Open) -> None:
    app = open_page(USERS, "office")
    assert [row[:5] for row in tables(app)[0][1:]] == [
        ["li", "球川镇", "乡镇（街道）", "球川镇", "正常"],
        ["sun", "县信访局", "部门", "县信访局", "正常"],
    ]
    assert "可用账号2个" in text(app)


@pytest.mark.usefixtures("people")
def test_a_new_account_gets_a_password_that_is_shown_once(open_page: Open) -> None:
    app = open_page(USERS, "office")
    app.text_input(key="new_account_name").input("tianma")
    app.text_input(key="new_account_display").input("天马街道")
    app.selectbox(key="new_account_place_township").select("330822001")
    app = press(app, "添加")
    assert "已添加账号 tianma（乡镇（街道））。" in [said.value for said in app.success]
    name, _, password = tables(app)[0][1]
    with auth.state().connect() as connection:
        found = authenticated(connection, name, password, with_demo=False)
    assert found == Account("tianma", "天马街道", "township", township_code="330822001")
    assert password not in html(app.run())


@pytest.mark.usefixtures("people")
def test_what_cannot_be_added_is_told_in_red(open_page: Open) -> None:
    app = open_page(USERS, "office")
    app.text_input(key="new_account_name").input("li")
    app.selectbox(key="new_account_place_township").select("330822001")
    app = press(app, "添加")
    assert [said.value for said in app.error] == ["账号 li 已存在。"]


@pytest.mark.usefixtures("people")
def test_a_chosen_account_is_disabled_and_enabled(open_page: Open) -> None:
    app = open_page(USERS, "office")
    app = app.selectbox(key="account_chosen").select("li").run()
    app = press(app, "停用账号")
    with auth.state().connect() as connection:
        found = find_account(connection, "li")
    assert found is not None
    assert found.disabled_at is not None
    assert tables(app)[0][1][4] == "已停用"
    app = press(app, "启用账号")
    assert tables(app)[0][1][4] == "正常"


@pytest.mark.usefixtures("people")
def test_another_role_is_given(open_page: Open) -> None:
    app = open_page(USERS, "office")
    app = app.selectbox(key="account_chosen").select("li").run()
    app = app.radio(key="role_of_li").set_value("leader").run()
    press(app, "保存角色")
    with auth.state().connect() as connection:
        assert find_account(connection, "li") == Account("li", "球川镇", "leader")


@pytest.mark.usefixtures("people")
def test_the_trail_is_filtered_and_told(open_page: Open) -> None:
    with writing(auth.state()) as connection:
        audit.record(connection, "sign_in", account="li", address="10.0.0.1")
        audit.record(connection, "sign_in_failed", account="li", address="10.0.0.2")
        audit.record(connection, "exported", account="sun", subject="台账")
    app = open_page(AUDIT, "office")
    assert "近30天共3条操作记录：登录1次，登录失败1次，导出1次。" in text(app)
    assert [row[1:] for row in tables(app)[0][1:]] == [
        ["sun", "导出", "台账", ""],
        ["li", "登录失败", "", "10.0.0.2"],
        ["li", "登录", "", "10.0.0.1"],
    ]
    app = app.multiselect(key="audit_kinds").select("登录失败").run()
    assert [row[4] for row in tables(app)[0][1:]] == ["10.0.0.2"]
    app = app.multiselect(key="audit_kinds").unselect("登录失败").run()
    app = app.selectbox(key="audit_account").select("sun").run()
    assert len(tables(app)[0]) == 2
    app = app.multiselect(key="audit_kinds").select("导入").run()
    assert "没有符合条件的操作记录" in text(app)
