"""Changing the password: at the first sign-in before anything else, when it is old, and when one likes."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import Engine

from auth import COOKIE
from state import clock
from state.accounts import Account, add_account, disable
from state.audit import newest_acts
from state.engine import state_engine, writing
from tests.gate.conftest import FETCH, NAVIGATE, PASSWORD, Server, sign_in

NEW = "Qiao-Shan-77-Lv"
Adder = Callable[..., str]


@pytest.fixture
def state(server: Server) -> Iterator[Engine]:
    engine = state_engine(server.environment["STATE_URL"])
    yield engine
    engine.dispose()


@pytest.fixture
def add(state: Engine, request: pytest.FixtureRequest) -> Adder:
    """Add an account named after the test."""

    def add(*, is_temporary: bool = False) -> str:
        name = f"t{abs(hash(request.node.name)) % 10**9}"
        with writing(state) as connection:
            add_account(connection, Account(name, "新人", "office"), PASSWORD, is_temporary=is_temporary)
        return name

    return add


def change(client: httpx.Client, current: str, new: str, again: str | None = None, **headers: str) -> httpx.Response:
    form = client.get("/password", params={"next": "/backlog"}, headers=NAVIGATE)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.text))
    typed = {"current": current, "password": new, "again": new if again is None else again}
    own = {"Origin": str(client.base_url).rstrip("/")}
    return client.post("/password", data={**fields, **typed}, headers={**NAVIGATE, **own, **headers})


def actions(state: Engine, account: str) -> list[str]:
    with state.connect() as connection:
        return [act.action for act in reversed(newest_acts(connection, 500)) if act.account == account]


def test_a_password_set_by_another_opens_nothing_but_the_page_to_change_it(
    stranger: httpx.Client, add: Adder, state: Engine
) -> None:
    name = add(is_temporary=True)
    assert sign_in(stranger, name, destination="/backlog").status_code == 303
    sent = stranger.get("/backlog", headers=NAVIGATE).headers["location"]
    sent = stranger.get(sent, headers=NAVIGATE).headers["location"]
    assert sent == "/password?next=%2Fbacklog"
    assert "须先修改密码" in stranger.get(sent, headers=NAVIGATE).text
    for path in ("/session", "/media/x", "/_stcore/host-config"):
        assert stranger.get(path, headers=FETCH).status_code == 401
    before = stranger.cookies[COOKIE]
    changed = change(stranger, PASSWORD, NEW)
    assert (changed.status_code, changed.headers["location"]) == (303, "/backlog")
    assert '<div id="root">' in stranger.get("/backlog", headers=NAVIGATE).text
    assert stranger.cookies[COOKIE] != before
    assert actions(state, name) == ["sign_in", "password_changed"]


def test_a_change_ends_every_other_session_and_the_old_id(server: Server, stranger: httpx.Client, add: Adder) -> None:
    name = add()
    with server.client() as other, server.client() as thief:
        sign_in(other, name)
        sign_in(stranger, name)
        thief.cookies.set(COOKIE, stranger.cookies[COOKIE])
        assert thief.get("/session").status_code == other.get("/session").status_code == 200
        assert change(stranger, PASSWORD, NEW).status_code == 303
        assert stranger.get("/session").status_code == 200
        assert thief.get("/session").status_code == other.get("/session").status_code == 401
        assert sign_in(other, name, PASSWORD).status_code == 401
        assert sign_in(other, name, NEW).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "again", "sentence"),
    [
        ("Wrong-Password-1", NEW, None, "现在的密码不正确"),
        (PASSWORD, NEW, NEW + "x", "两次输入的新密码不一致"),
        (PASSWORD, "Short-1", None, "至少 10 个字符"),
        (PASSWORD, PASSWORD, None, "最近 5 个"),
        (PASSWORD, "", None, "至少 10 个字符"),
        (PASSWORD, "Aa1" + "密" * 24, None, "最多 72 个字节"),
    ],
)
def test_a_change_that_is_refused_says_why_and_leaves_the_password(
    stranger: httpx.Client, add: Adder, current: str, new: str, again: str | None, sentence: str
) -> None:
    name = add()
    sign_in(stranger, name)
    answer = change(stranger, current, new, again)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert stranger.get("/session").status_code == 200
    assert sign_in(stranger, name).status_code == 303


def test_guessing_the_present_password_is_counted_like_signing_in(
    stranger: httpx.Client, add: Adder, state: Engine
) -> None:
    name = add()
    sign_in(stranger, name)
    answers = [change(stranger, "Wrong-Password-1", NEW) for _ in range(6)]
    assert "尝试次数过多" in answers[-1].text
    assert "尝试次数过多" in change(stranger, PASSWORD, NEW).text
    assert actions(state, name).count("password_change_failed") == 5


def test_another_site_changes_no_password(stranger: httpx.Client, add: Adder) -> None:
    sign_in(stranger, add())
    assert change(stranger, PASSWORD, NEW, Origin="http://evil.example").status_code == 403
    fields = {"current": PASSWORD, "password": NEW, "again": NEW, "token": "guess"}
    assert stranger.post("/password", data=fields).status_code == 403
    assert change(stranger, PASSWORD, NEW).status_code == 303


def test_without_a_session_there_is_no_form(stranger: httpx.Client, add: Adder, state: Engine) -> None:
    assert stranger.get("/password", headers=NAVIGATE).headers["location"] == "/sign-in"
    assert stranger.post("/password", data={"a": "b"}).headers["location"] == "/sign-in?note=over"
    name = add()
    sign_in(stranger, name)
    with writing(state) as connection:
        disable(connection, name)
    assert stranger.get("/password", headers=NAVIGATE).headers["location"] == "/sign-in"


def test_a_password_of_a_year_ago_must_be_changed(
    stranger: httpx.Client, add: Adder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(days=365))
    name = add()
    monkeypatch.undo()
    sign_in(stranger, name)
    assert stranger.get("/session").status_code == 401
    assert stranger.get("/sign-in", headers=NAVIGATE).headers["location"] == "/password?next=%2F"
    assert change(stranger, PASSWORD, NEW).status_code == 303
    assert stranger.get("/session").status_code == 200


def test_a_password_of_364_days_ago_still_signs_in(
    stranger: httpx.Client, add: Adder, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now - timedelta(days=364))
    name = add()
    monkeypatch.undo()
    sign_in(stranger, name)
    assert stranger.get("/session").status_code == 200


def test_the_page_knows_password_managers_and_leads_nowhere_else(stranger: httpx.Client, add: Adder) -> None:
    sign_in(stranger, add())
    page = stranger.get("/password", params={"next": "//evil.example"}, headers=NAVIGATE).text
    assert page.count('autocomplete="new-password"') == 2
    assert 'autocomplete="current-password"' in page
    assert 'name="next" value="/"' in page
    assert "<script" not in page


def test_health_tells_that_figures_cannot_be_read_and_nothing_else(stranger: httpx.Client) -> None:
    answer = stranger.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "failing",
        "state_database": True,
        "state_writable": True,
        "shared_database": False,
        "release_age_hours": None,
    }
    assert stranger.post("/health").status_code == 405
