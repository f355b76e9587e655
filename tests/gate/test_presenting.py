"""Who presents says so (PUT /session) and says when it ends (DELETE): from our own pages alone."""

import httpx
import pytest
import sqlalchemy as sa

from state.engine import state_engine
from state.tables import SESSIONS
from tests.gate.conftest import FETCH, Server


def _ask(client: httpx.Client, method: str, origin: str) -> httpx.Response:
    return client.request(method, "/session", headers={**FETCH, "Origin": origin})


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_presenter_keeps_its_session(leader: httpx.Client, method: str) -> None:
    answer = _ask(leader, method, str(leader.base_url).rstrip("/"))
    assert answer.status_code == 200
    assert answer.json() == leader.get("/session", headers=FETCH).json()


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_nobody_else_keeps_it(leader: httpx.Client, stranger: httpx.Client, method: str) -> None:
    assert _ask(leader, method, "https://example.org").status_code == 403
    assert leader.request(method, "/session", headers=FETCH).status_code == 403
    assert _ask(stranger, method, str(stranger.base_url).rstrip("/")).status_code == 401


def test_what_is_said_is_written_down_for_this_session_alone(server: Server, leader: httpx.Client) -> None:
    origin = str(leader.base_url).rstrip("/")
    engine = state_engine(server.environment["STATE_URL"])
    presenting = sa.select(sa.func.count()).where(SESSIONS.c.presenting_at.is_not(None))
    with engine.connect() as connection:
        before = connection.scalar(presenting)
    counts = []
    for method in ("PUT", "DELETE"):
        _ask(leader, method, origin)
        with engine.connect() as connection:
            counts.append(connection.scalar(presenting))
    engine.dispose()
    assert before is not None
    assert counts == [before + 1, before]
