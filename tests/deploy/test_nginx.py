"""deploy/nginx.conf on a real nginx: HTTPS, WebSocket, upload, and one of two servers killed while somebody looks."""

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from driver.server import Server, free_port
from driver.visitor import NAVIGATE, NotServed, Visitor
from settings import ROOT
from state.accounts import Account, add_account
from state.engine import migrate, state_engine, writing
from tests.conftest import created_database
from tests.unrehearsed import UNREHEARSED

PASSWORD = "Right-Password-1"
NGINX = shutil.which("nginx") or ("/usr/sbin/nginx" if Path("/usr/sbin/nginx").exists() else None)
pytestmark = pytest.mark.skipif(
    NGINX is None or shutil.which("openssl") is None, reason="没有 nginx：反向代理测试未运行"
)


@pytest.fixture(scope="module")
def state_url(postgresql_url: str) -> str:
    """One state database on PostgreSQL for both servers, with a member of the office."""
    url = created_database(postgresql_url, "state_of_two")
    state = state_engine(url)
    migrate(state)
    with writing(state) as connection:
        add_account(connection, Account("zhao", "行动办", "office"), PASSWORD)
    state.dispose()
    return url


@pytest.fixture(scope="module")
def servers(demo_url: str, state_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Server]]:
    county = tmp_path_factory.mktemp("county") / "county.db"
    shutil.copy(demo_url.removeprefix("sqlite:///"), county)
    settings = {"STATE_URL": state_url, "DASHBOARD_TRUSTED_PROXIES": "127.0.0.1"}
    settings |= dict.fromkeys(("DATABASE_URL", "LOADER_URL"), f"sqlite:///{county}")
    both = [Server(tmp_path_factory.mktemp("server"), settings, streamlit=UNREHEARSED) for _ in range(2)]
    for server in both:
        server.start()
    yield both
    for server in both:
        server.stop()


@pytest.fixture(scope="module")
def proxy(servers: list[Server], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, ssl.SSLContext]]:
    """The proxy of deploy/, on other ports, with a certificate of its own: its address, and what trusts it."""
    folder = tmp_path_factory.mktemp("nginx")
    port, plain = free_port(), free_port()
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject]
    subprocess.run([*made, "-keyout", folder / "key", "-out", folder / "crt"], check=True, capture_output=True)
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf8")
    for old, new in (
        ("127.0.0.1:8501", f"127.0.0.1:{servers[0].port}"),
        ("127.0.0.1:8502", f"127.0.0.1:{servers[1].port}"),
        ("fail_timeout=5s", "fail_timeout=1s"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("/etc/nginx/dashboard.crt", f"{folder}/crt"),
        ("/etc/nginx/dashboard.key", f"{folder}/key"),
    ):
        assert old in text
        text = text.replace(old, new)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.getuid() == 0 else ""  # or its workers cannot write below the test's own folder
    http = f"http {{ access_log off; {places} {text} }}"
    whole = f"{user} daemon off; pid {folder}/pid; error_log {folder}/log; events {{}} {http}"
    (folder / "nginx.conf").write_text(whole, "utf8")
    process = subprocess.Popen([str(NGINX), "-c", folder / "nginx.conf", "-p", folder, "-e", folder / "log"])
    trusted = ssl.create_default_context(cafile=str(folder / "crt"))
    url = f"https://127.0.0.1:{port}"
    try:
        for _ in range(50):
            try:
                httpx.get(f"{url}/sign-in", verify=trusted, trust_env=False)
                break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url, trusted
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def visitor(proxy: tuple[str, ssl.SSLContext]) -> Iterator[Visitor]:
    with Visitor(proxy[0], trusted=proxy[1]) as visitor:
        yield visitor


def test_through_the_proxy_the_browser_is_told_to_stay_on_https(visitor: Visitor) -> None:
    answer = visitor.http.get("/sign-in", headers=NAVIGATE)
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "Secure" in answer.headers["set-cookie"]
    assert answer.headers.get("server", "nginx") == "nginx", "no version"
    visitor.sign_in("zhao", PASSWORD)
    assert next(cookie for cookie in visitor.http.cookies.jar if cookie.name == "dashboard_session").secure


def test_somebody_signs_in_looks_and_filters(visitor: Visitor) -> None:
    visitor.sign_in("zhao", PASSWORD)
    assert "80.7%" in visitor.open().text
    shown = visitor.run(township="球川")
    assert shown.faults == []
    assert "当前筛选" in shown.text


def test_a_file_is_imported_through_the_proxy_and_both_servers_show_it(
    visitor: Visitor, servers: list[Server], proxy: tuple[str, ssl.SSLContext]
) -> None:
    visitor.sign_in("zhao", PASSWORD)
    visitor.open("importing")
    head = "township_code,case_no,episode,stream,opened_on"
    rows = [f"330822111,代理{number:04d},1,petition_backlog,2020-08-30" for number in range(1, 4)]
    shown = visitor.upload("选择文件", "cases.csv", "\n".join([head, *rows]).encode())
    assert shown.faults == []
    assert "检查通过" in visitor.run(pressed="检查").text
    assert "已导入，发布为第2批" in visitor.run(pressed="确认写入").text
    for server in servers:
        with Visitor(server.url) as other:
            other.sign_in("zhao", PASSWORD)
            assert "代理0003" in other.open("ledger", township="球川").text


def test_an_upload_beyond_the_limit_does_not_reach_the_server(visitor: Visitor) -> None:
    visitor.sign_in("zhao", PASSWORD)
    files = {"file": ("cases.csv", b"0" * 58_000_000)}
    answer = visitor.http.put("/_stcore/upload_file/no-such-session/file", files=files)
    assert answer.status_code == 413


def test_the_health_is_told_to_this_machine_alone(visitor: Visitor) -> None:
    assert visitor.http.get("/health").json()["status"] == "ok"
    assert (
        "deny all;" in (ROOT / "deploy" / "nginx.conf").read_text("utf8").split("location = /health")[1].split("}")[0]
    )


def test_when_a_server_is_killed_users_go_on_with_their_filters(visitor: Visitor, servers: list[Server]) -> None:
    visitor.sign_in("zhao", PASSWORD)
    assert visitor.open("backlog", township="球川").faults == []
    for server in servers:  # whichever of them serves this visitor
        assert server.process is not None
        server.process.kill()
        server.process.wait(10)
        try:
            shown = visitor.run(township="球川")
        except NotServed:  # the connection went with the server; the browser opens it again at the same address
            shown = visitor.open("backlog", township="球川")
        assert shown.faults == []
        assert "当前筛选" in shown.text
        assert "球川" in shown.text
        server.start()
        time.sleep(1.2)  # fail_timeout: until then the proxy asks the other one only


def test_guesses_are_counted_over_both_servers_and_lock_nobody_out_from_elsewhere(servers: list[Server]) -> None:
    def attempt(server: Server, address: str, password: str) -> int:
        with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
            fields = {"account": "zhao", "password": password}
            headers = {**NAVIGATE, "Origin": server.url, "X-Forwarded-For": address}
            return client.post("/sign-in", data=fields, headers=headers).status_code

    first, second = servers
    guesses = [attempt(server, "192.0.2.66", "Wrong-Password-1") for server in (first, second, first, second, first)]
    assert guesses == [401] * 5
    assert [attempt(server, "192.0.2.66", PASSWORD) for server in servers] == [429, 429]
    assert attempt(second, "192.0.2.7", PASSWORD) == 303
    assert attempt(second, "6.6.6.6, 192.0.2.66", PASSWORD) == 429, "what the guesser adds in front is not believed"
