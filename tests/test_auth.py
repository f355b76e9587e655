from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import streamlit as st
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

import auth
from analysis.scope import Scope, Viewer
from errors import Refused, SignedOut
from navigation import PAGES, Page
from settings import ROOT, get_settings
from state import accounts, clock, sessions
from state.accounts import Account
from state.demo import ensure_demo_accounts
from state.engine import writing

OVERVIEW = str(ROOT / "pages" / "overview" / "overview.py")
LEADER = Viewer("wang", "县领导", "leader", "a" * 64)
OFFICE = Viewer("zhao", "行动办", "office", "b" * 64)
DEPARTMENT = Viewer("sun", "县信访局", "department", "c" * 64, department_code="D04")
TOWNSHIP = Viewer("li", "球川镇", "township", "d" * 64, township_code="330822104")

Signer = Callable[..., str]
Bearer = Callable[[str | None], None]


@pytest.fixture
def sign_in(own_state: Engine, quick_hashes: None) -> Signer:
    """Open a session for a new account and return its hash."""

    def sign_in(account: Account) -> str:
        with writing(own_state) as connection:
            if accounts.find_account(connection, account.name) is None:
                accounts.add_account(connection, account, "Right-Password-1")
            return sessions.session_hash(sessions.open_session(connection, account.name, "10.0.0.1"))

    return sign_in


@pytest.fixture
def cookie(monkeypatch: pytest.MonkeyPatch) -> Bearer:
    """Let the connection of this test bear the cookie of a session, or none."""

    def bear(hashed: str | None) -> None:
        monkeypatch.setattr(auth, "_cookie_hash", lambda: hashed)

    bear(None)
    return bear


def test_the_viewer_is_who_the_cookie_says_at_this_moment(sign_in: Signer, cookie: Bearer) -> None:
    of_li = sign_in(Account("li", "球川镇", "township", township_code="330822111"))
    of_sun = sign_in(Account("sun", "县信访局", "department", department_code="D04"))
    assert auth.current_viewer() is None
    cookie(of_li)
    assert auth.current_viewer() == Viewer("li", "球川镇", "township", of_li, township_code="330822111")
    cookie(of_sun)
    assert auth.current_viewer() == Viewer("sun", "县信访局", "department", of_sun, department_code="D04")
    cookie("f" * 64)
    assert auth.current_viewer() is None


def test_signing_out_ends_the_viewer_at_once(own_state: Engine, sign_in: Signer, cookie: Bearer) -> None:
    hashed = sign_in(Account("wang", "县领导", "leader"))
    cookie(hashed)
    assert auth.current_viewer() is not None
    with writing(own_state) as connection:
        sessions.revoke(connection, hashed)
    assert auth.current_viewer() is None


def test_a_demo_session_lives_on_the_embedded_demo_only(
    own_state: Engine, monkeypatch: pytest.MonkeyPatch, cookie: Bearer
) -> None:
    with writing(own_state) as connection:
        ensure_demo_accounts(connection)
        hashed = sessions.session_hash(sessions.open_session(connection, "leader", "10.0.0.1"))
    cookie(hashed)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    get_settings.cache_clear()
    assert auth.current_viewer() is not None
    monkeypatch.setenv("DATABASE_URL", "sqlite:///county.db")
    get_settings.cache_clear()
    assert auth.current_viewer() is None


def test_looking_is_activity_once_a_minute_and_asking_is_none(
    own_state: Engine, sign_in: Signer, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = sign_in(Account("wang", "县领导", "leader"))
    begun = clock.now()

    def active_at(minutes: float, *, is_activity: bool) -> float:
        monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=minutes))
        assert auth.viewer_of(hashed, is_activity=is_activity) is not None
        with own_state.connect() as connection:
            found = sessions.find_session(connection, hashed)
        assert found is not None
        return round((found.active_at - begun) / timedelta(minutes=1), 1)

    assert active_at(0.5, is_activity=True) == 0
    assert active_at(5, is_activity=False) == 0
    assert active_at(6, is_activity=True) == 6
    assert active_at(6.5, is_activity=True) == 6


@pytest.mark.parametrize("viewer", [LEADER, OFFICE, DEPARTMENT, TOWNSHIP], ids=lambda viewer: viewer.role)
def test_figures_are_open_to_every_role(viewer: Viewer, scope: Scope) -> None:
    assert auth.figures_scope(viewer).cover(scope)


def test_rows_are_open_within_rights(scope: Scope) -> None:
    own_township = replace(scope, townships=frozenset({"330822104"}))
    other_township = replace(scope, townships=frozenset({"330822001"}))
    own_department = replace(scope, department="D04")
    other_department = replace(scope, department="D05")
    assert auth.rows_scope(LEADER).cover(scope)
    assert auth.rows_scope(OFFICE).cover(scope)
    assert auth.rows_scope(TOWNSHIP).cover(own_township)
    assert auth.rows_scope(DEPARTMENT).cover(own_department)
    assert not auth.rows_scope(TOWNSHIP).cover(other_township)
    assert not auth.rows_scope(TOWNSHIP).cover(own_department)
    assert not auth.rows_scope(TOWNSHIP).cover(scope)
    assert not auth.rows_scope(DEPARTMENT).cover(own_township)
    assert not auth.rows_scope(DEPARTMENT).cover(other_department)
    assert not auth.rows_scope(DEPARTMENT).cover(scope)


def _page_script(file: str) -> None:
    import streamlit as st

    import auth

    viewer = auth.require_viewer(file)
    st.text(f"seen by {viewer.account}")


def _run(file: str = OVERVIEW) -> AppTest:
    return AppTest.from_function(_page_script, args=(file,)).run()


def test_a_page_is_shown_to_a_viewer_of_its_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: LEADER)
    assert [text.value for text in _run().text] == ["seen by wang"]


def test_a_page_stops_without_a_viewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: None)
    shown = _run()
    assert [error.value for error in shown.error] == ["登录已失效，请重新登录。"]
    assert not shown.text


def test_a_page_of_another_role_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    office_only = (Page("pages/overview/overview.py", "导入", "", "数据", roles=frozenset({"office"})), *PAGES[1:])
    monkeypatch.setattr(auth, "PAGES", office_only)
    monkeypatch.setattr(auth, "current_viewer", lambda: TOWNSHIP)
    shown = _run()
    assert [error.value for error in shown.error] == ["您没有权限打开这个页面。"]
    assert not shown.text
    monkeypatch.setattr(auth, "current_viewer", lambda: OFFICE)
    assert [text.value for text in _run().text] == ["seen by zhao"]


def test_a_file_that_is_no_page_is_a_programmers_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: LEADER)
    with pytest.raises(ValueError, match=r"pages/overview/stray\.py"):
        auth.require_viewer(str(ROOT / "pages" / "overview" / "stray.py"))


def test_a_guarded_callable_hands_on_what_it_is_given(sign_in: Signer, cookie: Bearer) -> None:
    cookie(sign_in(Account("wang", "县领导", "leader")))
    assert auth.guarded(lambda a, *, b: (a, b))(1, b=2) == (1, 2)


def test_a_guarded_callable_runs_without_a_connection_as_its_maker(
    sign_in: Signer, cookie: Bearer, scope: Scope
) -> None:
    cookie(sign_in(Account("wang", "县领导", "leader")))
    export = auth.guarded(auth.current_viewer, scope)
    cookie(None)
    assert auth.current_viewer() is None
    seen = export()
    assert seen is not None
    assert seen.account == "wang"
    assert auth.current_viewer() is None


def test_a_guarded_callable_stops_when_its_session_ends(
    own_state: Engine, sign_in: Signer, cookie: Bearer, scope: Scope
) -> None:
    hashed = sign_in(Account("wang", "县领导", "leader"))
    sign_in(Account("wang", "县领导", "leader"))  # another session of the same account lives on
    cookie(hashed)
    export = auth.guarded(lambda: "rows", scope)
    cookie(None)
    assert export() == "rows"
    with writing(own_state) as connection:
        sessions.revoke(connection, hashed)
    with pytest.raises(SignedOut):
        export()


def test_a_guarded_callable_is_refused_to_another_users_connection(
    sign_in: Signer, cookie: Bearer, scope: Scope
) -> None:
    cookie(sign_in(Account("wang", "县领导", "leader")))
    export = auth.guarded(lambda: "rows", scope)
    cookie(sign_in(Account("zhao", "行动办", "office")))
    with pytest.raises(SignedOut):
        export()


def test_a_guarded_callable_is_refused_to_another_viewer_of_the_seam(
    monkeypatch: pytest.MonkeyPatch, scope: Scope
) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: LEADER)
    export = auth.guarded(lambda: "rows", scope)
    assert export() == "rows"
    monkeypatch.setattr(auth, "current_viewer", lambda: OFFICE)
    with pytest.raises(SignedOut):
        export()


def test_a_guarded_callable_asks_for_the_right_when_called(
    own_state: Engine, sign_in: Signer, cookie: Bearer, scope: Scope
) -> None:
    cookie(sign_in(Account("wang", "县领导", "leader")))
    rows, figures = auth.guarded(lambda: "rows", scope), auth.guarded(lambda: "figures", scope, is_rows=False)
    assert (rows(), figures()) == ("rows", "figures")
    with writing(own_state) as connection:
        connection.exec_driver_sql("UPDATE accounts SET role = 'township', township_code = '330822104'")
    assert figures() == "figures"
    with pytest.raises(Refused):
        rows()


def test_nothing_is_guarded_for_nobody(own_state: Engine, cookie: Bearer) -> None:
    with pytest.raises(SignedOut):
        auth.guarded(lambda: "rows")


def test_another_users_session_state_is_cleared_and_ones_own_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {"township": ["球川"]}
    monkeypatch.setattr(st, "session_state", kept)
    auth.bind_session(LEADER)
    auth.bind_session(LEADER)
    assert kept["township"] == ["球川"]
    auth.bind_session(TOWNSHIP)
    assert "township" not in kept
    auth.bind_session(TOWNSHIP)
    kept["township"] = ["天马"]
    auth.bind_session(TOWNSHIP)
    assert kept["township"] == ["天马"]


def test_fingerprints_differ_and_open_nothing(sign_in: Signer) -> None:
    hashed = sign_in(Account("wang", "县领导", "leader"))
    mark = auth.fingerprint(replace(LEADER, session_hash=hashed))
    assert auth.viewer_of(mark) is None
    assert mark != auth.fingerprint(replace(LEADER, session_hash=sign_in(Account("wang", "县领导", "leader"))))
