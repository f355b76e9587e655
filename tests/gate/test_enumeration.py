"""Nobody learns from an answer, or from the work behind it, which accounts there are."""

import asyncio
import re
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from starlette.applications import Starlette

from gate import sign_in
from settings import get_settings
from state import passwords
from state.accounts import Account, add_account, disable
from state.engine import writing

PASSWORD = "Right-Password-1"


@pytest.fixture
def work(own_state: Engine, quick_hashes: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the server does from now on: statements sent to the database, hashes compared, hashes made."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:///no-demo.db")
    get_settings.cache_clear()
    with writing(own_state) as connection:
        for name, is_demo in (("known", False), ("gone", False), ("demo", True)):
            add_account(connection, Account(name, "某人", "office", is_demo=is_demo), PASSWORD)
        disable(connection, "gone")
    done: list[str] = []
    hasher = passwords._module("hasher").Hasher
    compare = hasher.check_pw
    monkeypatch.setattr(hasher, "check_pw", lambda *given: (done.append("compare"), compare(*given))[1])
    monkeypatch.setattr(hasher, "hash", lambda *given: done.append("hash"))

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        done.append(statement)

    sa.event.listen(own_state, "before_cursor_execute", note)
    return done


def attempt(account: str, password: str, address: str) -> tuple[int, str]:
    """Send the form; return the status and the page without the account and the form's token."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=sign_in.ROUTES), client=(address, 5000))
        async with httpx.AsyncClient(transport=transport, base_url="http://own") as client:
            fields = {"account": account, "password": password}
            return await client.post("/sign-in", data=fields, headers={"Origin": "http://own"})

    answer = asyncio.run(ask())
    return answer.status_code, re.sub('name="token" value=".*?"', "", answer.text).replace(account, "")


def test_each_refusal_does_the_same_work_in_the_same_order(work: list[str]) -> None:
    """The time of a refusal is that of its work: one comparison of a hash (a quarter second) and these statements."""
    tried = {"nobody": PASSWORD, "known": "Wrong-Password-1", "gone": PASSWORD, "demo": PASSWORD}
    found = []
    for number, (account, password) in enumerate(tried.items()):
        work.clear()
        said = attempt(account, password, f"10.0.0.{number}")  # as a counter that stands already is not made again
        found.append((said, tuple(work)))
    assert found == [found[0]] * 4
    (status, _), steps = found[0]
    assert status == 401
    assert steps.count("compare") == 1
    assert "hash" not in steps
    assert len(steps) > 5


def test_up_to_the_comparison_a_right_password_is_answered_by_the_same_work(work: list[str]) -> None:
    attempt("nobody", PASSWORD, "10.0.0.1")
    refused = list(work)
    work.clear()
    assert attempt("known", PASSWORD, "10.0.0.2")[0] == 303
    at = refused.index("compare")
    assert work[: at + 1] == refused[: at + 1]
