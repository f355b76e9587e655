"""Fetching an offered file, through the route itself; the gate in front of it is tested by HTTP in test_server."""

import asyncio
import os
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send

import exports
from analysis.scope import Viewer
from errors import DatabaseUnavailable, Refused
from exports import AT_ONCE, Offer, offer
from gate import exports as route
from gate.middleware import VIEWER
from reports.ledger_files import RowFile, csv_file, workbook_file
from state import audit

MAKER = Viewer("ying", "县领导", "leader", "maker")
OTHER = Viewer("other", "行动办", "office", "other")
Fetch = Callable[..., tuple[int, str]]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files are made."""
    made = tmp_path / "made"
    made.mkdir()
    monkeypatch.setattr(route, "mkdtemp", lambda prefix: str(_new(made, prefix)))
    return made


def _new(parent: Path, prefix: str) -> Path:
    folder = parent / f"{prefix}{len(list(parent.iterdir()))}"
    folder.mkdir()
    return folder


@pytest.fixture
def fetch(own_state: Engine, folders: Path) -> Fetch:
    """Offer a writer to MAKER and fetch the file as somebody: fetch(write, viewer=OTHER)."""
    routes = Starlette(routes=route.ROUTES)

    def run(write: Callable[[Path], int], viewer: Viewer = MAKER) -> tuple[int, str]:
        async def signed_in(scope: Scope, receive: Receive, send: Send) -> None:
            await routes({**scope, VIEWER: viewer}, receive, send)

        async def get() -> httpx.Response:
            transport = httpx.ASGITransport(signed_in)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.get("/" + offer(MAKER.session_hash, write, offered))

        offered = Offer("台账.csv", "台账", "全县2件", write)
        answer = asyncio.run(get())
        return answer.status_code, answer.text

    return run


def _acts(engine: Engine) -> list[tuple[str, str | None, str]]:
    with engine.connect() as connection:
        return [(act.action, act.account, act.subject) for act in audit.newest_acts(connection)]


def _two(path: Path) -> int:
    path.write_text("一\n二\n", "utf8")
    return 2


def test_a_file_comes_once_is_put_down_and_leaves_nothing(fetch: Fetch, own_state: Engine, folders: Path) -> None:
    assert fetch(_two) == (200, "一\n二\n")
    assert _acts(own_state) == [("exported", "ying", "台账 2行 全县2件")]
    assert list(folders.iterdir()) == []


def test_another_session_is_offered_nothing(fetch: Fetch, own_state: Engine) -> None:
    status, text = fetch(_two, viewer=OTHER)
    assert (status, "这个导出链接已失效" in text) == (404, True)
    assert _acts(own_state) == []


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (Refused(), 403, Refused.sentence),
        (DatabaseUnavailable(), 503, DatabaseUnavailable.sentence),
        (sa.exc.OperationalError("select 1", {}, Exception()), 503, DatabaseUnavailable.sentence),
        (OSError(28, "No space left on device"), 500, "服务器磁盘空间不足"),
        (RuntimeError("boom"), 500, "没有留下文件"),
    ],
)
def test_a_failed_export_says_why_and_leaves_no_half_file(
    fetch: Fetch, own_state: Engine, folders: Path, error: Exception, status: int, sentence: str
) -> None:
    def write(path: Path) -> int:
        path.write_text("half", "utf8")
        raise error

    found, text = fetch(write)
    assert found == status
    assert sentence in text
    assert "boom" not in text
    assert "half" not in text
    assert list(folders.iterdir()) == []
    assert _acts(own_state) == [("export_failed", "ying", "台账 全县2件")]


@pytest.mark.parametrize(("open_file", "suffix"), [(csv_file, ".csv"), (workbook_file, ".xlsx")])
def test_a_disk_that_runs_full_is_told_and_a_smaller_file_still_comes(
    fetch: Fetch,
    own_state: Engine,
    small_disk: Path,
    monkeypatch: pytest.MonkeyPatch,
    open_file: Callable[..., AbstractContextManager[RowFile]],
    suffix: str,
) -> None:
    monkeypatch.setattr(route, "mkdtemp", lambda prefix: str(_new(small_disk, prefix)))

    def write(rows: int) -> Callable[[Path], int]:
        def written(path: Path) -> int:
            with open_file(path.with_suffix(suffix), title="台账", headings=["案由"]) as file:
                file.write([secrets.token_hex(500)] for _ in range(rows))
            path.with_suffix(suffix).replace(path)
            return rows

        return written

    status, text = fetch(write(5_000))
    assert (status, "服务器磁盘空间不足" in text) == (500, True)
    assert list(small_disk.iterdir()) == []
    assert fetch(write(5))[0] == 200
    assert [action for action, *_ in _acts(own_state)] == ["exported", "export_failed"]


def test_more_files_at_once_than_the_server_bears_are_put_off(fetch: Fetch) -> None:
    for _ in range(AT_ONCE):
        assert exports._PLACES.acquire(blocking=False)
    try:
        status, text = fetch(_two)
    finally:
        exports._PLACES.release(AT_ONCE)
    assert (status, exports.Crowded.sentence in text) == (503, True)
    assert fetch(_two)[0] == 200


def test_the_oldest_offers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "KEPT_OFFERS", 2)
    tokens = [offer("s", n, Offer("a.csv", "台账", "", _two)).removeprefix(exports.PREFIX) for n in range(3)]
    assert [exports.offered_to("s", token) is not None for token in tokens] == [False, True, True]
    assert exports.offered_to("t", tokens[2]) is None


def test_what_a_killed_server_left_goes_and_what_another_makes_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(route, "gettempdir", lambda: str(tmp_path))
    left, made, other = (tmp_path / name for name in ("dashboard-export-a", "dashboard-export-b", "other"))
    for folder in (left, made, other):
        folder.mkdir()
        (folder / "export.csv").write_text("rows", "utf8")
    hour_ago = time.time() - route.LEFT_SECONDS - 1
    for folder in (left, other):
        os.utime(folder, (hour_ago, hour_ago))
    route.clear_left()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dashboard-export-b", "other"]
