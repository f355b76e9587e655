"""Forged names and addresses: Host, X-Forwarded-*, Forwarded. Nothing of them comes back, and none is believed."""

import httpx
import pytest
from websockets.exceptions import InvalidHandshake
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from auth import COOKIE
from tests.gate.conftest import NAVIGATE, PASSWORD, Server, sign_in

EVIL = "evil.example"
FORGED = {
    "Host": EVIL,
    "X-Forwarded-Host": EVIL,
    "X-Forwarded-Server": EVIL,
    "X-Original-URL": f"http://{EVIL}/",
    "Forwarded": f"host={EVIL};proto=https",
}


@pytest.mark.parametrize("path", ["/", "/backlog", "/overview?a=1", "/backlog/", "/sign-in", "/password", "/nothing"])
def test_a_forged_host_comes_back_nowhere(stranger: httpx.Client, leader: httpx.Client, path: str) -> None:
    for client in (stranger, leader):
        answer = client.get(path, headers={**NAVIGATE, **FORGED})
        assert answer.status_code in (200, 303, 404)
        assert EVIL not in answer.text + str(answer.headers.raw)
        assert answer.headers.get("location", "/").startswith("/")
        assert not answer.headers.get("location", "/").startswith("//")


def test_signing_in_and_out_under_a_forged_host_leads_to_this_server(server: Server, stranger: httpx.Client) -> None:
    fields = {"account": "wang", "password": PASSWORD, "next": "/backlog", "token": "own"}
    forged = {**FORGED, "Cookie": "dashboard_sign_in=own"}
    answer = stranger.post("/sign-in", data=fields, headers=forged)
    assert (answer.status_code, answer.headers["location"]) == (303, "/backlog")
    own = {"X-Forwarded-Host": EVIL, "Origin": f"http://{EVIL}"}
    assert stranger.post("/sign-out", headers=own).status_code == 403, "the host is the one that was asked"


def test_a_forwarded_host_opens_no_websocket_to_its_origin(server: Server, leader: httpx.Client) -> None:
    def opens(origin: str) -> bool:
        headers = {
            "Cookie": f"{COOKIE}={leader.cookies[COOKIE]}",
            "X-Forwarded-Host": EVIL,
            "Forwarded": f"host={EVIL}",
        }
        url = f"ws://127.0.0.1:{server.port}/_stcore/stream"
        try:
            with connect(
                url,
                origin=Origin(origin),
                additional_headers=headers,
                subprotocols=[Subprotocol("streamlit")],
                proxy=None,
            ):
                return True
        except InvalidHandshake:
            return False

    assert opens(server.url)
    assert not opens(f"http://{EVIL}")


def test_an_address_that_nobody_trusted_forwards_is_not_counted_apart(stranger: httpx.Client) -> None:
    codes = []
    for number in range(6):
        stranger.headers["X-Forwarded-For"] = f"198.51.100.{number}"
        codes.append(sign_in(stranger, "forged", "Wrong-Password-1").status_code)
    assert codes == [401] * 5 + [429]
