"""Single rules of the gate that need no server: pages of roles, destinations, addresses, the policy."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import streamlit as st
from sqlalchemy.exc import OperationalError
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from streamlit import config, net_util
from streamlit.web import bootstrap

from auth import COOKIE
from errors import ContractOlder, Refused
from gate import boundary, caller, middleware
from gate.caller import caller_address, is_own_origin
from gate.forms import own_destination
from gate.headers import Headers, content_security_policy
from gate.middleware import Gate
from navigation import Page
from settings import Settings
from tests.test_auth import LEADER, OFFICE, TOWNSHIP

IMPORT = Page("pages/data/data.py", "数据", "", "数据", roles=frozenset({"office"}))


def answer(path: str, **headers: str) -> httpx.Response:
    """Return what the gate answers before an application that says yes to everything."""

    async def ask() -> httpx.Response:
        gate = Headers(Gate(PlainTextResponse("reached")))
        transport = httpx.ASGITransport(gate)
        async with httpx.AsyncClient(transport=transport, base_url="http://own", cookies={COOKIE: "id"}) as client:
            return await client.get(path, headers={"Sec-Fetch-Mode": "navigate", **headers})

    return asyncio.run(ask())


@pytest.fixture
def as_viewer(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    return lambda viewer: monkeypatch.setattr(middleware, "viewer_of", lambda hashed, **_: viewer)


def test_a_page_of_another_role_is_403_in_chinese(
    monkeypatch: pytest.MonkeyPatch, as_viewer: Callable[[Any], None]
) -> None:
    monkeypatch.setitem(middleware._PAGES, "/data", IMPORT)
    monkeypatch.setitem(middleware._CANONICAL, "/data", "/data")
    as_viewer(TOWNSHIP)
    refused = answer("/data")
    assert refused.status_code == 403
    assert "没有权限" in refused.text
    as_viewer(OFFICE)
    assert '<div id="root">' in answer("/data").text
    as_viewer(None)
    assert answer("/data").headers["location"] == "/sign-in?next=%2Fdata"


def test_a_state_database_that_is_away_lets_nobody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(hashed: str, **_: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("down"))

    monkeypatch.setattr(middleware, "viewer_of", away)
    told = answer("/")
    assert told.status_code == 503
    assert "服务暂时不可用" in told.text
    assert "SELECT" not in told.text


def test_only_opening_a_page_is_activity(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def look(hashed: str, *, is_activity: bool) -> object:
        seen.append(is_activity)
        return LEADER

    monkeypatch.setattr(middleware, "viewer_of", look)
    for path in ("/", "/session", "/_stcore/host-config", "/media/x"):
        assert answer(path).status_code == 200
    assert seen == [True, False, False, False]


def test_on_https_the_browser_is_told_to_stay_there(as_viewer: Callable[[Any], None]) -> None:
    async def ask(scheme: str) -> httpx.Response:
        transport = httpx.ASGITransport(Headers(PlainTextResponse("reached")))
        async with httpx.AsyncClient(transport=transport, base_url=f"{scheme}://own") as client:
            return await client.get("/")

    assert "strict-transport-security" not in asyncio.run(ask("http")).headers
    assert asyncio.run(ask("https")).headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (
            "/backlog?township=%E7%90%83%E5%B7%9D&as_of=2020-07-31",
            "/backlog?township=%E7%90%83%E5%B7%9D&as_of=2020-07-31",
        ),
        ("/overview?as_of=2020-07-31", "/?as_of=2020-07-31"),
        ("/", "/"),
        ("", "/"),
        ("backlog", "/"),
        ("//evil.example/backlog", "/"),
        ("///evil.example", "/"),
        ("/\\evil.example", "/"),
        ("\\\\evil.example", "/"),
        ("https://evil.example/backlog", "/"),
        ("javascript:alert(1)", "/"),
        ("/backlog\r\nSet-Cookie: a=b", "/"),
        ("/\t/evil.example", "/"),
        ("http://[", "/"),
        ("/sign-out", "/"),
        ("/backlog#x", "/backlog"),
    ],
)
def test_a_destination_is_a_page_of_this_server(given: str, kept: str) -> None:
    assert own_destination(given) == kept


def _connection(client: tuple[str, int], **headers: str) -> HTTPConnection:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return HTTPConnection({"type": "http", "client": client, "headers": raw, "path": "/"})


@pytest.mark.parametrize(
    ("client", "forwarded", "address"),
    [
        (("192.0.2.7", 5000), None, "192.0.2.7"),
        (("192.0.2.7", 5000), "1.2.3.4", "192.0.2.7"),
        (("10.0.0.5", 5000), "1.2.3.4", "1.2.3.4"),
        (("10.0.0.5", 5000), "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (("10.0.0.5", 5000), "1.2.3.4, 10.0.1.9", "1.2.3.4"),
        (("10.0.0.5", 5000), "nonsense", "nonsense"),
        (("1.2.3.4", 0), "1.2.3.4", "127.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_from_trusted_proxies_only(
    monkeypatch: pytest.MonkeyPatch, client: tuple[str, int], forwarded: str | None, address: str
) -> None:
    settings = Settings(DASHBOARD_TRUSTED_PROXIES="10.0.0.5, 10.0.1.0/24")  # type: ignore[call-arg]
    monkeypatch.setattr(caller, "get_settings", lambda: settings)
    headers = {"x_forwarded_for": forwarded} if forwarded else {}
    assert caller_address(_connection(client, **headers)) == address


@pytest.mark.parametrize(
    ("origin", "is_own"),
    [
        ("http://board.example:8501", True),
        ("https://board.example:8501", True),
        ("http://board.example", False),
        ("http://evil.example:8501", False),
        ("null", False),
        (None, False),
    ],
)
def test_an_origin_is_ones_own_by_host_and_port(origin: str | None, *, is_own: bool) -> None:
    headers = {"host": "board.example:8501"} | ({"origin": origin} if origin else {})
    assert is_own_origin(_connection(("192.0.2.7", 1), **headers)) is is_own


def test_each_inline_script_is_allowed_by_its_hash() -> None:
    page = '<script>\n  a = 1\n</script><script type="module" src="./x.js"></script>'
    policy = content_security_policy(page)
    assert "script-src 'self' blob: 'sha256-nHiJsB1GRX6Ku2XBkWKVt2F3CJiowPuMwhcJv+CWmC0='" in policy
    assert policy.count("sha256-") == 1


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (Refused(), "您没有权限查看或导出这些数据。"),
        (ContractOlder(), ContractOlder.sentence),
        (OperationalError("SELECT secret", {}, Exception("down")), "数据库暂时无法访问"),
        (ZeroDivisionError("division by zero"), "这里出了问题，已记入日志"),
    ],
)
def test_a_fault_is_told_in_one_chinese_sentence(
    monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    told: list[str] = []
    monkeypatch.setattr(st, "error", lambda text, **_: told.append(text))
    assert boundary.tell(error) is True
    assert len(told) == 1
    assert sentence in told[0]
    assert "SELECT" not in told[0]
    assert "division" not in told[0]


def test_a_server_that_listens_everywhere_asks_nobody_on_the_internet_for_its_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(net_util, "get_external_ip", lambda: pytest.fail("it asks"))
    before = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        bootstrap._print_url(is_running_hello=False)
    finally:
        config.set_option("server.address", before)
    assert "http://localhost:8501" in capsys.readouterr().out
