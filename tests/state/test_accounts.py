import pytest
from sqlalchemy import Connection

from state import passwords, sessions
from state.accounts import (
    Account,
    AccountError,
    add_account,
    all_accounts,
    authenticated,
    change_password,
    disable,
    find_account,
)
from state.demo import DEMO_ACCOUNTS, DEMO_PASSWORD, ensure_demo_accounts
from tests.state.conftest import PASSWORD, Clock

pytestmark = pytest.mark.usefixtures("people")


def test_an_account_comes_back_as_it_was_added(db: Connection) -> None:
    assert find_account(db, "li") == Account("li", "球川镇", "township", township_code="330822111")
    assert [account.name for account in all_accounts(db)] == ["li", "wang"]


def test_only_the_right_password_of_that_account_signs_in(db: Connection) -> None:
    change_password(db, "li", "Another-Password-2")
    assert authenticated(db, "wang", PASSWORD, with_demo=False) == Account("wang", "县领导", "leader")
    assert authenticated(db, "wang", "Another-Password-2", with_demo=False) is None
    assert authenticated(db, "nobody", PASSWORD, with_demo=False) is None


def test_a_password_is_not_kept_in_clear(db: Connection) -> None:
    stored = db.exec_driver_sql("SELECT password_hash FROM accounts WHERE name = 'wang'").scalar_one()
    assert stored.startswith("$2b$12$")


@pytest.mark.parametrize("name", ["wang", "nobody", "wang\0", "王"])
def test_every_refusal_costs_one_comparison_of_a_hash(
    db: Connection, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    authenticated(db, name, "Wrong-Password-1", with_demo=False)  # so that the hash of nobody is there
    compared: list[str] = []
    hasher = passwords._module("hasher").Hasher
    monkeypatch.setattr(hasher, "check_pw", lambda password, hashed: bool(compared.append(hashed)))
    assert authenticated(db, name, "Wrong-Password-1", with_demo=False) is None
    assert len(compared) == 1
    assert compared[0].startswith("$2b$12$")


@pytest.mark.parametrize("typed", ["", "x" * 73, "密" * 25, PASSWORD + "\0", "wang\0"])
def test_odd_input_is_a_wrong_password_and_no_failure(db: Connection, typed: str) -> None:
    assert authenticated(db, "wang", typed, with_demo=False) is None
    assert authenticated(db, typed, PASSWORD, with_demo=False) is None


def test_a_disabled_account_stays_out_and_loses_its_sessions(db: Connection, time: Clock) -> None:
    of_wang = sessions.session_hash(sessions.open_session(db, "wang", "10.0.0.1"))
    of_li = sessions.session_hash(sessions.open_session(db, "li", "10.0.0.1"))
    disable(db, "wang")
    assert authenticated(db, "wang", PASSWORD, with_demo=False) is None
    assert sessions.find_session(db, of_wang) is None
    assert sessions.find_session(db, of_li) is not None


def test_a_new_password_ends_the_sessions_of_that_account(db: Connection, time: Clock) -> None:
    of_wang = sessions.session_hash(sessions.open_session(db, "wang", "10.0.0.1"))
    of_li = sessions.session_hash(sessions.open_session(db, "li", "10.0.0.1"))
    change_password(db, "wang", "Another-Password-2")
    assert sessions.find_session(db, of_wang) is None
    assert sessions.find_session(db, of_li) is not None


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("Short-1", "至少 8 个字符"),
        ("Aa1" + "密" * 24, "最多 72 个字节（约 24 个汉字）"),
        ("onlylowercase1", "至少三种"),
        ("Wang-2020-x", "不能包含账号名"),
    ],
)
def test_a_weak_password_is_refused_in_chinese(db: Connection, password: str, sentence: str) -> None:
    with pytest.raises(AccountError, match=sentence):
        change_password(db, "wang", password)


def test_a_password_of_exactly_72_bytes_works_and_its_last_byte_counts(db: Connection) -> None:
    longest = "Aa1" + "密" * 23
    assert len(longest.encode()) == 72
    change_password(db, "wang", longest)
    assert authenticated(db, "wang", longest, with_demo=False) is not None
    assert authenticated(db, "wang", longest[:-1] + "蜜", with_demo=False) is None


@pytest.mark.parametrize(
    ("account", "sentence"),
    [
        (Account("wang", "又一个", "leader"), "已存在"),
        (Account("王", "县领导", "leader"), "账号名只能用"),
        (Account("a" * 21, "县领导", "leader"), "账号名只能用"),
        (Account("zhao", " ", "leader"), "显示名称"),
        (Account("zhao", "某人", "root"), "角色只能是"),
        (Account("zhao", "某镇", "township"), "须指定乡镇"),
        (Account("zhao", "某局", "department"), "须指定部门"),
        (Account("zhao", "领导", "leader", department_code="D04"), "须指定部门"),
        (Account("zhao", "领导", "leader", township_code="330822111"), "须指定乡镇"),
    ],
)
def test_an_impossible_account_is_refused_in_chinese(db: Connection, account: Account, sentence: str) -> None:
    with pytest.raises(AccountError, match=sentence):
        add_account(db, account, PASSWORD)


def test_changing_nobody_is_told(db: Connection) -> None:
    with pytest.raises(AccountError, match="没有账号 zhao"):
        change_password(db, "zhao", PASSWORD)
    with pytest.raises(AccountError, match="没有账号 zhao"):
        disable(db, "zhao")


def test_demo_accounts_sign_in_only_where_demo_is_allowed(db: Connection) -> None:
    assert ensure_demo_accounts(db) == list(DEMO_ACCOUNTS)
    assert {account.role for account in DEMO_ACCOUNTS} == {"leader", "office", "department", "township"}
    assert authenticated(db, "leader", DEMO_PASSWORD, with_demo=True) == DEMO_ACCOUNTS[0]
    assert authenticated(db, "leader", DEMO_PASSWORD, with_demo=False) is None


def test_making_demo_accounts_leaves_what_stands_there(db: Connection) -> None:
    add_account(db, Account("office", "真实账号", "office"), PASSWORD)
    assert [account.name for account in ensure_demo_accounts(db)] == ["leader", "department", "township"]
    assert authenticated(db, "office", PASSWORD, with_demo=False) is not None
    ensure_demo_accounts(db)
    assert len(all_accounts(db)) == 2 + 4
