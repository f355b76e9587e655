"""Who presents says so (PUT /session) and says when it ends (DELETE): from our own pages alone."""

import httpx
import pytest

from tests.gate.conftest import FETCH


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
