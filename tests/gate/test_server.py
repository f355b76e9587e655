"""The gate as a browser or a burglar meets it: HTTP and WebSocket against the running server."""

import json
import re
from base64 import b64encode
from hashlib import sha256
from urllib.parse import quote

import httpx
import pytest
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect

from auth import COOKIE
from gate.front_page import STATIC
from navigation import PAGES
from state.demo import DEMO_PASSWORD
from tests.gate.conftest import DEEP_LINK, FETCH, NAVIGATE, PASSWORD, Server, sign_in

PATHS = ["/", *("/" + page.path.rsplit("/", 1)[-1].removesuffix(".py") for page in PAGES)]
DEFAULT = next("/" + page.path.rsplit("/", 1)[-1].removesuffix(".py") for page in PAGES if page.is_default)
ENDPOINTS = (
    "/_stcore/host-config",
    "/_stcore/metrics",
    "/_stcore/agent/openapi.json",
    "/_stcore/script-health-check",
    "/media/x",
    "/component/x/index.html",
    "/export/x",
    "/session",
)


@pytest.mark.parametrize("path", PATHS)
def test_a_stranger_who_opens_a_page_is_sent_to_sign_in(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path, headers=NAVIGATE)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next={quote('/' if path == DEFAULT else path, safe='')}"


def test_on_plain_http_the_accept_header_tells_a_person(stranger: httpx.Client) -> None:
    assert stranger.get("/backlog", headers={"Accept": "text/html,*/*"}).status_code == 303
    assert stranger.get("/backlog", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("path", PATHS)
def test_whatever_is_no_navigation_gets_401_and_no_form(stranger: httpx.Client, path: str) -> None:
    for answer in (stranger.get(path, headers=FETCH), stranger.post(path, headers=NAVIGATE)):
        assert answer.status_code == 401
        assert 'lang="zh-CN"' in answer.text
        assert "password" not in answer.text


@pytest.mark.parametrize("path", ENDPOINTS)
def test_endpoints_are_closed_to_a_stranger_even_as_a_navigation(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path, headers=NAVIGATE).status_code == 401
    assert stranger.put(path, headers=FETCH).status_code in (401, 405)


def test_health_and_the_files_of_the_front_end_are_open(stranger: httpx.Client) -> None:
    file = next((STATIC / "static" / "js").glob("index.*.js")).name
    assert stranger.get("/_stcore/health").status_code == 200
    assert "immutable" in stranger.get(f"/static/js/{file}").headers["cache-control"]


@pytest.mark.parametrize("path", ["/static/none.js", "/static/%2e%2e/index.html", "/index.html", "/nothing"])
def test_what_is_not_there_is_404_in_chinese(stranger: httpx.Client, leader: httpx.Client, path: str) -> None:
    for client in (stranger, leader):
        answer = client.get(path, headers=NAVIGATE)
        assert answer.status_code in (400, 404)
        assert "<div id=" not in answer.text
    answer = leader.get("/nothing", headers=NAVIGATE)
    assert answer.status_code == 404
    assert "页面不存在" in answer.text


@pytest.mark.parametrize("path", ["/sign-in", "/", "/nothing", "/_stcore/health", "/static/js/none.js", "/session"])
def test_the_headers_stand_on_every_answer(stranger: httpx.Client, leader: httpx.Client, path: str) -> None:
    for client in (stranger, leader):
        headers = client.get(path, headers=NAVIGATE).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert "strict-transport-security" not in headers
        assert "server" not in headers


def test_the_policy_allows_the_inline_script_of_the_page_and_no_other(leader: httpx.Client) -> None:
    page = leader.get("/", headers=NAVIGATE)
    scripts = [part.split("</script>")[0] for part in page.text.split("<script>")[1:]]
    assert len(scripts) == 3  # where the server stands, Streamlit's own, the dictionary
    policy = page.headers["content-security-policy"]
    script_src = next(part for part in policy.split("; ") if part.startswith("script-src"))
    allowed = [f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in scripts]
    assert script_src == " ".join(("script-src 'self' blob:", *allowed))
    assert "http" not in policy


def test_the_page_of_the_front_end_is_chinese_and_asks_nobody_else(leader: httpx.Client) -> None:
    page = leader.get("/backlog", headers=NAVIGATE).text
    assert '<html lang="zh-CN">' in page
    assert "<title>常山县治理创新看板</title>" in page
    assert "启用 JavaScript" in page
    assert "JavaScript to run this app" not in page
    assert "<script>window.__streamlit = { BACKEND_BASE_URL: location.origin }</script>" in page
    files = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(files) > 20
    for file in files:
        assert file.startswith("data:") or leader.get(file).status_code == 200


def test_the_log_is_json_lines_without_what_was_typed(server: Server, stranger: httpx.Client) -> None:
    sign_in(stranger, "typed-name", "Typed-Password-9")
    stranger.get("/nothing?query=typed-query")
    lines = [line for line in server.log.splitlines() if line.startswith("{")]
    for line in lines:
        json.loads(line)
    plain = [line for line in server.log.splitlines() if not line.startswith("{")]
    assert not [line for line in plain if "Traceback" in line or "WARNING" in line]
    for secret in ("typed-name", "Typed-Password-9", "typed-query", PASSWORD):
        assert secret not in server.log


def test_pages_are_only_read(leader: httpx.Client) -> None:
    assert leader.post("/backlog").status_code == 405


def test_the_sign_in_page_is_chinese_and_knows_password_managers(stranger: httpx.Client) -> None:
    page = stranger.get("/sign-in", headers=NAVIGATE).text
    assert '<html lang="zh-CN">' in page
    assert "<title>登录 · 常山县治理创新看板</title>" in page
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "<script" not in page


def test_signing_in_from_a_deep_link_ends_on_it_with_its_filters(stranger: httpx.Client) -> None:
    sent = stranger.get(DEEP_LINK, headers=NAVIGATE)
    form = httpx.URL(sent.headers["location"])
    assert form.path == "/sign-in"
    answer = sign_in(stranger, "wang", destination=form.params["next"])
    assert (answer.status_code, answer.headers["location"]) == (303, DEEP_LINK)
    page = stranger.get(DEEP_LINK, headers=NAVIGATE)
    assert page.status_code == 200
    assert '<div id="root">' in page.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(stranger: httpx.Client) -> None:
    cookies = sign_in(stranger, "wang").headers.get_list("set-cookie")
    session = next(cookie for cookie in cookies if cookie.startswith(COOKIE))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert "Path=/" in session
    assert "Expires" not in session
    assert "Max-Age" not in session


def test_a_wrong_password_and_an_unknown_name_get_the_same_words(stranger: httpx.Client) -> None:
    wrong = sign_in(stranger, "li", "Wrong-Password-1")
    unknown = sign_in(stranger, "no", "Wrong-Password-1")
    assert wrong.status_code == unknown.status_code == 401
    assert "账号或密码不正确。" in wrong.text
    assert wrong.text == unknown.text.replace('value="no"', 'value="li"')
    assert COOKIE not in stranger.cookies


def test_demo_accounts_are_refused_on_any_other_database(stranger: httpx.Client) -> None:
    answer = sign_in(stranger, "leader", DEMO_PASSWORD)
    assert answer.status_code == 401
    assert "账号或密码不正确。" in answer.text


def test_five_wrong_passwords_lock_the_account_for_this_address_alone(stranger: httpx.Client) -> None:
    answers = [sign_in(stranger, "guessed", "Wrong-Password-1") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert "请在 1 分钟后再试" in answers[-1].text
    assert 0 < int(answers[-1].headers["retry-after"]) <= 60
    assert sign_in(stranger, "wang").status_code == 303


def test_a_form_from_another_site_signs_nobody_in(server: Server) -> None:
    fields = {"account": "wang", "password": PASSWORD, "next": "/", "token": "guess"}
    with server.client() as client:
        assert client.post("/sign-in", data=fields).status_code == 403
        token = client.get("/sign-in").cookies["dashboard_sign_in"]
        assert client.post("/sign-in", data=fields).status_code == 403
        foreign = {"Origin": "http://evil.example"}
        assert client.post("/sign-in", data={**fields, "token": token}, headers=foreign).status_code == 403
        assert COOKIE not in client.cookies
        assert client.post("/sign-in", data={**fields, "token": token}).status_code == 303


def test_two_tabs_opened_at_once_can_both_sign_in(server: Server) -> None:
    own = {"Origin": server.url}
    with server.client() as client:
        first = re.findall('name="token" value="(.*?)"', client.get("/sign-in").text)[0]
        client.cookies.clear()
        client.get("/sign-in")  # the other tab, asked before the first one's cookie came
        assert client.cookies["dashboard_sign_in"] != first
        fields = {"account": "wang", "password": PASSWORD, "token": first}
        assert client.post("/sign-in", data=fields, headers=own).status_code == 303


def test_rubbish_in_the_form_is_told(stranger: httpx.Client) -> None:
    assert stranger.post("/sign-in", content=b"x" * 20_000).status_code == 400
    assert stranger.post("/sign-in", content=b"account=%ff").status_code == 400
    assert stranger.post("/sign-in", content=b"").status_code == 403


def test_what_was_typed_comes_back_escaped(stranger: httpx.Client) -> None:
    answer = sign_in(stranger, '"><b>', "Wrong-Password-1")
    assert 'value="&quot;&gt;&lt;b&gt;"' in answer.text


@pytest.mark.parametrize("destination", ["//evil.example", "https://evil.example/", "/\\evil.example", "/nothing"])
def test_signing_in_never_leads_away(stranger: httpx.Client, destination: str) -> None:
    assert sign_in(stranger, "wang", destination=destination).headers["location"] == "/"


def test_who_is_signed_in_goes_on(leader: httpx.Client) -> None:
    answer = leader.get("/sign-in", params={"next": "/tasks"}, headers=NAVIGATE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/tasks")


def test_the_default_pages_own_name_leads_to_the_root_with_its_query(leader: httpx.Client) -> None:
    answer = leader.get(f"{DEFAULT}?township=%E7%90%83%E5%B7%9D", headers=NAVIGATE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/?township=%E7%90%83%E5%B7%9D")
    assert leader.get("/backlog/?a=1", headers=NAVIGATE).headers["location"] == "/backlog?a=1"


def test_signed_in_the_framework_is_reached_and_its_spare_doors_are_not(leader: httpx.Client) -> None:
    assert leader.get("/_stcore/host-config", headers=FETCH).status_code == 200
    assert leader.get("/favicon.png", headers=FETCH).status_code == 200
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/oauth2callback", "/auth/login", "/app/static/x"):
        assert leader.get(path, headers=FETCH).status_code == 404


def test_signing_out_ends_the_session_everywhere_at_once(server: Server, leader: httpx.Client) -> None:
    kept = leader.cookies[COOKIE]
    assert leader.get("/session").json()["session"]
    assert leader.post("/sign-out", headers={"Origin": "http://evil.example"}).status_code == 403
    assert leader.post("/sign-out").status_code == 403
    assert leader.get("/session").status_code == 200
    assert leader.get("/sign-out", headers=NAVIGATE).status_code == 405
    answer = leader.post("/sign-out", headers={"Origin": server.url})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?note=out")
    assert COOKIE not in leader.cookies
    with server.client() as thief:
        thief.cookies.set(COOKIE, kept)
        assert thief.get("/session").status_code == 401
        assert thief.get("/", headers=NAVIGATE).status_code == 303


def test_signing_in_again_ends_the_session_of_before(server: Server, leader: httpx.Client) -> None:
    before = leader.cookies[COOKIE]
    form = {"account": "li", "password": PASSWORD, "token": "token"}
    cookies = {COOKIE: before, "dashboard_sign_in": "token"}
    header = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    with server.client() as client:
        answer = client.post("/sign-in", data=form, headers=header)
        assert answer.status_code == 303
        assert answer.cookies[COOKIE] != before
    assert leader.get("/session").status_code == 401


def test_two_sessions_have_two_fingerprints(leader: httpx.Client, stranger: httpx.Client) -> None:
    sign_in(stranger, "wang")
    assert leader.get("/session").json() != stranger.get("/session").json()


@pytest.mark.parametrize("origin", ["own", "http://evil.example", None])
def test_a_websocket_needs_a_session(server: Server, origin: str | None) -> None:
    assert not _opens(server, None, origin)
    assert not _opens(server, "guess", origin)


def test_a_websocket_needs_the_same_origin(server: Server, leader: httpx.Client) -> None:
    session = leader.cookies[COOKIE]
    assert _opens(server, session, "own")
    assert not _opens(server, session, "http://evil.example")
    assert not _opens(server, session, f"http://127.0.0.1:{server.port + 1}")
    assert not _opens(server, session, "null")
    assert not _opens(server, session, None)
    assert not _opens(server, session, "own", path="/_stcore/other")


def test_a_revoked_session_opens_no_websocket(server: Server, leader: httpx.Client) -> None:
    session = leader.cookies[COOKIE]
    leader.post("/sign-out", headers={"Origin": server.url})
    assert not _opens(server, session, "own")


def _opens(server: Server, session: str | None, origin: str | None, path: str = "/_stcore/stream") -> bool:
    headers = {"Cookie": f"{COOKIE}={session}"} if session else {}
    url = f"ws://127.0.0.1:{server.port}{path}"
    try:
        with connect(
            url,
            origin=server.url if origin == "own" else origin,  # type: ignore[arg-type]
            additional_headers=headers,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            proxy=None,
        ):
            return True
    except InvalidHandshake:
        return False
