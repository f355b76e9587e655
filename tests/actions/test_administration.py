"""What the office administers, and nobody else: each step in the trail, none on oneself."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

import auth
from actions import administration
from actions.account_list import Places
from analysis.audit import ACTIONS
from errors import Refused, SignedOut
from state import sessions
from state.accounts import Account, add_account, authenticated, find_account
from state.audit import Asked, days_back, newest_acts
from state.engine import writing
from tests.actions.test_account_list import HEADINGS, workbook
from tests.test_auth import DEPARTMENT, LEADER, OFFICE, TOWNSHIP

NEW = Account("qian", "行动办", "office")
NOWHERE = Places({}, {})
STEPS: dict[str, Callable[[], object]] = {
    "accounts": administration.accounts,
    "account_names": administration.account_names,
    "open_sessions": administration.open_sessions,
    "add": lambda: administration.add(NEW),
    "add_list": lambda: administration.add_list(workbook(HEADINGS, ("qian", "", "县领导", "", "")), NOWHERE),
    "reset_password": lambda: administration.reset_password("li"),
    "change_role": lambda: administration.change_role("li", "leader"),
    "disable": lambda: administration.disable("li"),
    "enable": lambda: administration.enable("li"),
    "revoke": lambda: administration.revoke("li"),
    "acts": lambda: administration.acts(days_back(1)),
    "act_counts": lambda: administration.act_counts(days_back(1)),
}


@pytest.fixture(autouse=True)
def people(own_state: Engine, quick_hashes: None) -> None:
    with writing(own_state) as connection:
        add_account(connection, Account("li", "球川镇", "township", township_code="330822111"), "Right-Password-1")
        add_account(connection, Account("zhao", "行动办", "office"), "Right-Password-1")
        sessions.open_session(connection, "li", "10.0.0.1")


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: OFFICE)


def trail(engine: Engine) -> list[tuple[str | None, str, str]]:
    with engine.connect() as connection:
        return [(act.account, act.action, act.subject) for act in reversed(newest_acts(connection))]


def test_the_list_of_steps_is_whole() -> None:
    public = {name for name, value in vars(administration).items() if callable(value) and name[0] != "_"}
    own = {name for name in public if getattr(administration, name).__module__ == administration.__name__}
    assert own - {"Outcome"} == set(STEPS)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("viewer", [LEADER, DEPARTMENT, TOWNSHIP], ids=lambda viewer: viewer.role)
def test_nobody_but_the_office_takes_a_step(
    own_state: Engine, monkeypatch: pytest.MonkeyPatch, viewer: auth.Viewer, step: str
) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: viewer)
    with pytest.raises(Refused):
        STEPS[step]()
    assert trail(own_state) == [(viewer.account, "refused", "账号管理")]
    with own_state.connect() as connection:
        assert find_account(connection, "li") == Account("li", "球川镇", "township", township_code="330822111")
        assert find_account(connection, "qian") is None


@pytest.mark.parametrize("step", STEPS)
def test_nobody_who_is_signed_out_takes_a_step(monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: None)
    with pytest.raises(SignedOut):
        STEPS[step]()


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    ("step", "action", "subject"),
    [
        ("add", "account_added", "qian"),
        ("add_list", "accounts_imported", "1个账号"),
        ("reset_password", "account_password_set", "li"),
        ("change_role", "account_role_changed", "li：县领导"),
        ("disable", "account_disabled", "li"),
        ("enable", "account_enabled", "li"),
        ("revoke", "sessions_revoked", "li"),
    ],
)
def test_each_step_is_in_the_trail(own_state: Engine, step: str, action: str, subject: str) -> None:
    outcome = STEPS[step]()
    assert isinstance(outcome, administration.Outcome)
    assert outcome.is_done
    assert trail(own_state) == [("zhao", action, subject)]
    assert action in ACTIONS


@pytest.mark.usefixtures("office")
def test_the_password_that_is_handed_out_opens_the_account(own_state: Engine) -> None:
    for step in (lambda: administration.add(NEW), lambda: administration.reset_password("qian")):
        outcome = step()
        assert [one.account for one in outcome.issued] == [NEW]
        with own_state.connect() as connection:
            assert authenticated(connection, "qian", outcome.issued[0].password, with_demo=False) == NEW
        assert outcome.issued[0].password not in repr(outcome)


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(
    "step",
    [
        lambda: administration.disable("zhao"),
        lambda: administration.reset_password("zhao"),
        lambda: administration.change_role("zhao", "leader"),
    ],
)
def test_nobody_takes_away_ones_own_office(own_state: Engine, step: Callable[[], administration.Outcome]) -> None:
    outcome = step()
    assert not outcome.is_done
    assert "自己的账号" in outcome.said
    assert trail(own_state) == []
    with own_state.connect() as connection:
        assert authenticated(connection, "zhao", "Right-Password-1", with_demo=False) == Account(
            "zhao", "行动办", "office"
        )


@pytest.mark.usefixtures("office")
def test_what_cannot_be_done_is_told_and_leaves_no_line(own_state: Engine) -> None:
    for outcome in (
        administration.add(Account("li", "又一个", "leader")),
        administration.disable("nobody"),
        administration.add_list(b"PK", NOWHERE),
    ):
        assert not outcome.is_done
        assert outcome.issued == ()
    assert trail(own_state) == []


@pytest.mark.usefixtures("office")
def test_acts_are_found_by_time_account_and_action() -> None:
    administration.disable("li")
    administration.enable("li")
    week = days_back(7)
    assert [act.action for act in administration.acts(week)] == ["account_enabled", "account_disabled"]
    assert administration.act_counts(week) == {"account_disabled": 1, "account_enabled": 1}
    only = days_back(7, account="zhao", actions=frozenset({"account_enabled"}))
    assert [act.action for act in administration.acts(only)] == ["account_enabled"]
    assert administration.act_counts(only) == {"account_enabled": 1}
    assert administration.acts(days_back(7, account="li")) == []
    assert [act.action for act in administration.acts(week, limit=1)] == ["account_enabled"]
    before = Asked(week.since, administration.acts(week)[-1].at)
    assert administration.acts(before) == []
