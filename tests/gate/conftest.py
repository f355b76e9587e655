"""The real server on a free port, with accounts of its own, and browsers without a screen."""

import re
from collections.abc import Iterator

import httpx
import pytest

import driver.server
from state.accounts import Account, add_account
from state.demo import ensure_demo_accounts
from state.engine import migrate, state_engine, writing

PASSWORD = "Right-Password-1"
NAVIGATE = {"Sec-Fetch-Mode": "navigate", "Accept": "text/html"}
FETCH = {"Sec-Fetch-Mode": "cors", "Accept": "*/*"}
DEEP_LINK = "/backlog?township=%E7%90%83%E5%B7%9D&township=%E5%A4%A9%E9%A9%AC&as_of=2020-07-31"


class Server(driver.server.Server):
    """The running server, as a browser without a screen meets it."""

    def client(self) -> httpx.Client:
        """Return a browser without cookies that follows no redirect by itself."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=20)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("server")
    server = Server(folder, {"DATABASE_URL": f"sqlite:///{folder / 'county.db'}"})  # there is none
    _add_accounts(server.environment["STATE_URL"])
    with server:
        yield server


@pytest.fixture
def stranger(server: Server) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


@pytest.fixture
def leader(server: Server) -> Iterator[httpx.Client]:
    """A browser in which the leader has just signed in."""
    with server.client() as client:
        assert sign_in(client, "wang").status_code == 303
        yield client


def sign_in(client: httpx.Client, account: str, password: str = PASSWORD, destination: str = "/") -> httpx.Response:
    """Fill in the form as a browser does."""
    form = client.get("/sign-in", params={"next": destination}, headers=NAVIGATE)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form.text))
    fields = {name: value.replace("&amp;", "&") for name, value in fields.items()}
    headers = {**NAVIGATE, "Origin": str(client.base_url).rstrip("/")}
    return client.post("/sign-in", data={**fields, "account": account, "password": password}, headers=headers)


def _add_accounts(state_url: str) -> None:
    engine = state_engine(state_url)
    migrate(engine)
    with writing(engine) as connection:
        add_account(connection, Account("wang", "县领导", "leader"), PASSWORD)
        add_account(connection, Account("li", "球川镇", "township", township_code="330822111"), PASSWORD)
        ensure_demo_accounts(connection)
    engine.dispose()
