"""Every page by deep link as every role, over HTTP and again over the WebSocket, which asks for pages by itself."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from driver.visitor import NotServed, Visitor
from navigation import PAGES, Page
from state.accounts import Account, add_account
from state.audit import newest_acts
from state.engine import migrate, state_engine, writing
from tests.gate.conftest import NAVIGATE, PASSWORD, Server, sign_in
from tests.unrehearsed import UNREHEARSED

ROLES = {
    "leader": Account("r-leader", "县领导", "leader"),
    "office": Account("r-office", "行动办", "office"),
    "department": Account("r-department", "县信访局", "department", department_code="D04"),
    "township": Account("r-township", "球川镇", "township", township_code="330822111"),
}
CLOSED = [page for page in PAGES if page.roles != frozenset(ROLES)]


def path(page: Page) -> str:
    return "/" if page.is_default else f"/{Path(page.path).stem}"


@pytest.fixture(scope="module")
def county(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("server"), {"DATABASE_URL": demo_url}, streamlit=UNREHEARSED)
    engine = state_engine(server.environment["STATE_URL"])
    migrate(engine)
    with writing(engine) as connection:
        for account in ROLES.values():
            add_account(connection, account, PASSWORD)
    engine.dispose()
    with server:
        yield server


@pytest.fixture(scope="module", params=ROLES)
def visited(county: Server, request: pytest.FixtureRequest) -> Iterator[tuple[str, httpx.Client]]:
    with county.client() as client:
        assert sign_in(client, ROLES[request.param].name).status_code == 303
        yield request.param, client


def test_a_deep_link_opens_exactly_the_pages_of_the_role(visited: tuple[str, httpx.Client]) -> None:
    role, client = visited
    for page in PAGES:
        answer = client.get(path(page), headers=NAVIGATE, params={"township": "招贤", "as_of": "2020-07-31"})
        assert answer.status_code == (200 if role in page.roles else 403), page.path
        assert ('<div id="root">' in answer.text) == (role in page.roles)


def test_a_refusal_is_put_down_with_who_asked_for_what(county: Server, visited: tuple[str, httpx.Client]) -> None:
    role, client = visited
    for page in CLOSED:
        client.get(path(page), headers=NAVIGATE)
    engine = state_engine(county.environment["STATE_URL"])
    with engine.connect() as connection:
        acts = newest_acts(connection, 1000)
    engine.dispose()
    refused = {act.subject for act in acts if act.action == "refused" and act.account == ROLES[role].name}
    assert {path(page) for page in CLOSED if role not in page.roles} <= refused


@pytest.mark.parametrize("page", CLOSED, ids=lambda page: page.title)
@pytest.mark.parametrize("role", ["leader", "department", "township"])
def test_the_websocket_runs_no_page_of_another_role(county: Server, role: str, page: Page) -> None:
    with Visitor(county.url) as visitor:
        visitor.sign_in(ROLES[role].name, PASSWORD)
        visitor.open()
        visitor.leap(Path(page.path).stem)
        shown = visitor.run()
        assert f"h1\x1a{page.title}" not in shown.text
        assert "初始密码" not in shown.text
        assert "登录失败" not in shown.text
        office = ROLES["office"].name
        assert office not in shown.text


def test_the_office_sees_over_the_websocket_what_the_test_above_must_not_find(county: Server) -> None:
    with Visitor(county.url) as visitor:
        visitor.sign_in(ROLES["office"].name, PASSWORD)
        visitor.open()
        visitor.leap("users")
        assert ROLES["township"].name in visitor.run().text


def test_tampered_filters_are_named_and_change_nothing(county: Server) -> None:
    with Visitor(county.url) as visitor:
        visitor.sign_in(ROLES["township"].name, PASSWORD)
        shown = visitor.open("backlog", township="' OR 1=1 --", as_of="9999-99-99", stream="<script>alert(1)</script>")
        assert shown.faults == []
        assert "gov-foot" in shown.text
        assert "<script>alert(1)" not in shown.text.replace("&lt;", "<").split("gov-foot")[-1]


def test_an_unknown_session_on_the_websocket_resumes_nothing(county: Server) -> None:
    with Visitor(county.url) as visitor:
        visitor.http.cookies.set("dashboard_session", "0" * 43)
        with pytest.raises(NotServed):
            visitor.open()
