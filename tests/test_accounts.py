import io
import sys

import pytest
from sqlalchemy import Engine

import accounts
from state.accounts import Account, all_accounts, authenticated
from state.audit import newest_acts

Output = pytest.CaptureFixture[str]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Right-Password-1\r\n"))


@pytest.mark.usefixtures("typed")
def test_an_added_account_can_sign_in(own_state: Engine, capsys: Output) -> None:
    words = ["add", "qiuchuan", "--role", "township", "--township", "330822111", "--display-name", "球川镇"]
    assert accounts.main(words) == 0
    assert capsys.readouterr().out == "已添加账号 qiuchuan（乡镇（街道））。\n"
    with own_state.connect() as connection:
        found = authenticated(connection, "qiuchuan", "Right-Password-1", with_demo=False)
        assert [(act.action, act.subject) for act in newest_acts(connection)] == [("account_added", "qiuchuan")]
    assert found == Account("qiuchuan", "球川镇", "township", township_code="330822111")


@pytest.mark.usefixtures("typed")
def test_a_refused_account_is_told_in_chinese_and_leaves_nothing(own_state: Engine, capsys: Output) -> None:
    assert accounts.main(["add", "xinfang", "--role", "department"]) == 1
    assert capsys.readouterr().err == "部门账号须指定部门代码，其他角色不能指定。\n"
    with own_state.connect() as connection:
        assert all_accounts(connection) == []
        assert newest_acts(connection) == []


def test_a_weak_password_is_refused(own_state: Engine, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("密" * 25 + "\n"))
    assert accounts.main(["add", "wang", "--role", "leader"]) == 1
    assert "最多 72 个字节" in capsys.readouterr().err


def test_two_different_passwords_at_the_prompt_are_refused(
    own_state: Engine, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    answers = iter(["Right-Password-1", "Right-Password-2"])
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(accounts, "getpass", lambda prompt: next(answers))
    assert accounts.main(["add", "wang", "--role", "leader"]) == 1
    assert "两次输入的密码不一致" in capsys.readouterr().err


@pytest.mark.usefixtures("typed")
def test_the_list_shows_every_account_and_no_hash(own_state: Engine, capsys: Output) -> None:
    accounts.main(["add", "wang", "--role", "leader"])
    capsys.readouterr()
    assert accounts.main(["list"]) == 0
    assert capsys.readouterr().out == "wang\twang\t县领导\t-\n"


@pytest.mark.parametrize("words", [[], ["add", "wang"], ["add", "wang", "--role", "king"]])
def test_a_command_that_cannot_be_understood_ends_with_2(words: list[str], capsys: Output) -> None:
    with pytest.raises(SystemExit) as ended:
        accounts.main(words)
    assert ended.value.code == 2


def test_a_state_database_that_is_away_is_told(
    monkeypatch: pytest.MonkeyPatch, own_state: Engine, capsys: Output
) -> None:
    monkeypatch.setattr(accounts, "state_engine", lambda url: accounts_away())
    assert accounts.main(["list"]) == 1
    assert capsys.readouterr().err == "应用数据库（STATE_URL）无法访问。\n"


def accounts_away() -> Engine:
    from state.engine import state_engine

    return state_engine("postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=1")
