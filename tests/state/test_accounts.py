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
    change_role,
    disable,
    enable,
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
    compared: list[str] = []
    hasher = passwords._module("hasher").Hasher
    monkeypatch.setattr(hasher, "hash", lambda password: pytest.fail("a hash made is time that tells"))
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
        ("Short-1", "至少 10 个字符"),
        ("Aa1" + "密" * 24, "最多 72 个字节（约 24 个汉字）"),
        ("onlylowercase1", "至少三种"),
        ("Wang-2020-x", "不能包含账号名"),
        ("Aa1-县领导-2020", "不能包含账号名或显示名称"),
        ("P@ssw0rd-2020", "太常见"),
        ("1qaz@WSX3edc", "太常见"),
        ("Changshan-2020", "太常见"),
        ("AAaa11!!aA11", "太常见"),
        ("Aa#1234567890", "太常见"),
    ],
)
def test_a_weak_password_is_refused_in_chinese(db: Connection, password: str, sentence: str) -> None:
    with pytest.raises(AccountError, match=sentence):
        change_password(db, "wang", password)


def test_a_password_of_exactly_72_bytes_works_and_its_last_byte_counts(db: Connection) -> None:
    longest = "Aa1" + "常山县" + "密" * 20
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


@pytest.mark.parametrize("password", ["Tie-Mu-3-Qiao", "Qiao-Shan-77-Lv", "Hongqi-Qu-9"])
def test_an_uncommon_password_is_fine(password: str) -> None:
    assert passwords.password_fault(password, "wang", "县领导") is None


def test_none_of_the_last_five_passwords_is_taken_again(db: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("state.accounts.password_hash", lambda password: password)
    monkeypatch.setattr("state.accounts.is_password", lambda password, hashed: password == hashed)
    for number in range(2, 7):
        change_password(db, "wang", f"Right-Password-{number}")
        with pytest.raises(AccountError, match="最近 5 个"):
            change_password(db, "wang", f"Right-Password-{number}")
    with pytest.raises(AccountError, match="最近 5 个"):
        change_password(db, "wang", "Right-Password-2")
    change_password(db, "wang", "Right-Password-7")
    change_password(db, "wang", "Right-Password-2")
    change_password(db, "li", "Right-Password-7")  # another's does not count
    assert db.exec_driver_sql("SELECT count(*) FROM former_passwords WHERE account = 'wang'").scalar_one() == 5


def test_the_present_password_is_remembered_from_the_first(db: Connection) -> None:
    with pytest.raises(AccountError, match="最近 5 个"):
        change_password(db, "li", PASSWORD)


def test_a_password_set_by_another_must_be_changed_and_ones_own_not(db: Connection, time: Clock) -> None:
    def must_change(account: str) -> bool:
        found = sessions.find_session(db, sessions.session_hash(sessions.open_session(db, account, "10.0.0.1")))
        assert found is not None
        return found.must_change_password

    add_account(db, Account("zhao", "行动办", "office"), "Tie-Mu-3-Qiao", is_temporary=True)
    assert (must_change("zhao"), must_change("li")) == (True, False)
    change_password(db, "zhao", "Qiao-Shan-77-Lv")
    assert not must_change("zhao")
    change_password(db, "li", "Qiao-Shan-77-Lv", is_temporary=True)
    assert must_change("li")


def test_another_role_takes_its_place_and_ends_the_sessions(db: Connection, time: Clock) -> None:
    of_li = sessions.session_hash(sessions.open_session(db, "li", "10.0.0.1"))
    of_wang = sessions.session_hash(sessions.open_session(db, "wang", "10.0.0.1"))
    change_role(db, "li", "department", department_code="D04")
    assert find_account(db, "li") == Account("li", "球川镇", "department", department_code="D04")
    assert sessions.find_session(db, of_li) is None
    assert sessions.find_session(db, of_wang) is not None
    with pytest.raises(AccountError, match="须指定乡镇"):
        change_role(db, "li", "township")
    with pytest.raises(AccountError, match="没有账号 zhao"):
        change_role(db, "zhao", "leader")


def test_an_enabled_account_signs_in_as_before(db: Connection) -> None:
    disable(db, "li")
    enable(db, "li")
    assert authenticated(db, "li", PASSWORD, with_demo=False) is not None
    with pytest.raises(AccountError, match="没有账号 zhao"):
        enable(db, "zhao")
