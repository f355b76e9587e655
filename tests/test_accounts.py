import io
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

import accounts
from settings import get_settings
from state import sessions
from state.accounts import Account, add_account, all_accounts, authenticated
from state.audit import newest_acts
from state.engine import writing
from tests.actions.test_account_list import HEADINGS, workbook

Output = pytest.CaptureFixture[str]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("Right-Password-1\r\n"))


@pytest.mark.usefixtures("typed")
def test_an_added_account_can_sign_in(own_state: Engine, capsys: Output) -> None:
    words = ["add", "qiuchuan", "--role", "township", "--township", "330822111", "--display-name", "球川镇"]
    assert accounts.main(words) == 0
    assert capsys.readouterr().out == "已添加账号 qiuchuan（乡镇（街道）），首次登录须修改密码。\n"
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


def said(capsys: Output, *words: str) -> list[str]:
    """Return the lines that a command wrote, which must have been carried out."""
    assert accounts.main(list(words)) == 0, capsys.readouterr().err
    return capsys.readouterr().out.splitlines()


@pytest.fixture
def wang(own_state: Engine, quick_hashes: None) -> Engine:
    """An account with two sessions, and a decoy with one."""
    with writing(own_state) as connection:
        add_account(connection, Account("wang", "县领导", "leader"), "Right-Password-1")
        add_account(connection, Account("zhao", "行动办", "office"), "Right-Password-1")
        for name in ("wang", "wang", "zhao"):
            sessions.open_session(connection, name, "10.0.0.1")
    return own_state


def online(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [one.account for one in sessions.living_sessions(connection)]


def test_a_role_is_changed_and_the_account_signs_in_anew(wang: Engine, capsys: Output) -> None:
    told = said(capsys, "role", "wang", "--role", "department", "--department", "D04")
    assert told == ["已改为部门，账号 wang 须重新登录。"]
    assert said(capsys, "list")[0] == "wang\t县领导\t部门\tD04"
    assert online(wang) == ["zhao"]


def test_a_password_set_by_command_is_temporary(wang: Engine, capsys: Output) -> None:
    told = said(capsys, "password", "wang", "--generate")
    password = told[1].removeprefix("新密码：")
    with wang.connect() as connection:
        assert authenticated(connection, "wang", password, with_demo=False) is not None
        assert authenticated(connection, "zhao", password, with_demo=False) is None
    with writing(wang) as connection:
        found = sessions.find_session(
            connection, sessions.session_hash(sessions.open_session(connection, "wang", "10.0.0.1"))
        )
    assert found is not None
    assert found.must_change_password
    assert online(wang) == ["wang", "zhao"]


def test_disabling_ends_the_sessions_and_enabling_lets_in_again(wang: Engine, capsys: Output) -> None:
    assert said(capsys, "disable", "wang") == ["已停用账号 wang。"]
    assert said(capsys, "list")[0].endswith("已停用")
    assert online(wang) == ["zhao"]
    assert said(capsys, "enable", "wang") == ["已启用账号 wang。"]
    with wang.connect() as connection:
        assert authenticated(connection, "wang", "Right-Password-1", with_demo=False) is not None


def test_sessions_are_listed_and_revoked(wang: Engine, capsys: Output) -> None:
    assert [line.split("\t")[:2] for line in said(capsys, "sessions", "wang")] == [["wang", "10.0.0.1"]] * 2
    assert len(said(capsys, "sessions")) == 3
    assert said(capsys, "revoke", "wang") == ["账号 wang 的 2 个会话已失效。"]
    assert said(capsys, "sessions", "wang") == ["没有登录中的会话。"]
    assert online(wang) == ["zhao"]


@pytest.mark.parametrize("command", [["disable"], ["enable"], ["revoke"], ["password", "--generate"]])
def test_a_command_on_nobody_is_refused(own_state: Engine, capsys: Output, command: list[str]) -> None:
    assert accounts.main([*command, "nobody"]) == 1
    assert capsys.readouterr().err == "没有账号 nobody。\n"


def test_every_change_by_command_is_in_the_trail(wang: Engine, capsys: Output) -> None:
    for words in (["disable", "wang"], ["enable", "wang"], ["revoke", "wang"], ["password", "--generate", "wang"]):
        said(capsys, *words)
    said(capsys, "role", "wang", "--role", "office")
    with wang.connect() as connection:
        acts = [(act.action, act.subject) for act in reversed(newest_acts(connection))]
    assert acts == [
        ("account_disabled", "wang"),
        ("account_enabled", "wang"),
        ("sessions_revoked", "wang"),
        ("account_password_set", "wang"),
        ("account_role_changed", "wang：行动办"),
    ]


def test_many_accounts_come_from_a_workbook_with_a_password_each(
    own_state: Engine, demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    monkeypatch.setenv("DATABASE_URL", demo_url)
    get_settings.cache_clear()
    file = tmp_path / "accounts.xlsx"
    file.write_bytes(workbook(HEADINGS, ("qiuchuan", "球川镇", "乡镇（街道）", "球川", "")))
    told = said(capsys, "import", str(file))
    assert told[0].startswith("已添加 1 个账号")
    name, display, password = told[1].split("\t")
    assert (name, display) == ("qiuchuan", "球川镇")
    with own_state.connect() as connection:
        found = authenticated(connection, "qiuchuan", password, with_demo=False)
    assert found == Account("qiuchuan", "球川镇", "township", township_code="330822111")
    assert accounts.main(["import", str(tmp_path / "missing.xlsx")]) == 1
    assert "读不到文件" in capsys.readouterr().err


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
