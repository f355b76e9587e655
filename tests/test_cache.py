from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

import auth
import cache
import shared_database
from analysis.scope import Scope, Viewer
from database import contract, tables
from database.engine import writing_engine
from errors import ContractNewer, ContractOlder, DatabaseEmpty, DatabaseUnavailable, Refused, SignedOut
from queries.frames import COUNT, TEXT, read_frame
from queries.once import once
from settings import get_settings
from tests.test_auth import DEPARTMENT, LEADER, TOWNSHIP

Looker = Callable[[Viewer | None], None]
calls: list[object] = []


def counted(connection: Connection, scope: Scope, **parameters: Any) -> pd.DataFrame:
    """A read of figures that notes each time it reaches the database."""
    calls.append((scope, parameters))
    return read_frame(connection, sa.select(tables.data_releases.c.id), {"id": COUNT}).assign(**parameters)


def rows(connection: Connection, scope: Scope) -> pd.DataFrame:
    """A read of rows."""
    return counted(connection, scope)


def unscoped(connection: Connection) -> str:
    """A read that takes no scope and gives no frame."""
    calls.append("unscoped")
    return "all townships"


def broken(connection: Connection, scope: Scope) -> pd.DataFrame:
    """A read with a programmer's error in its SQL."""
    return read_frame(connection, sa.select(sa.column("nothing")).select_from(tables.regions), {"nothing": TEXT})


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'county.db'}"
        return
    server = sa.make_url(request.getfixturevalue("postgresql_url"))
    admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE cached")
    yield server.set(database="cached").render_as_string(hide_password=False)
    cache.engine().dispose()
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE cached WITH (FORCE)")
    admin.dispose()


@pytest.fixture
def shared(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A shared database without tables, named by the settings, behind a fresh cache."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setattr(cache, "ROWS", frozenset({rows}))
    _forget()
    yield database_url
    cache.engine().dispose()
    _forget()


@pytest.fixture
def filled(shared: str) -> str:
    contract.upgrade(shared)
    publish(shared)
    return shared


@pytest.fixture
def looking(monkeypatch: pytest.MonkeyPatch) -> Looker:
    """Put somebody before the screen; at first the leader."""

    def look(viewer: Viewer | None) -> None:
        monkeypatch.setattr(auth, "current_viewer", lambda: viewer)

    look(LEADER)
    return look


def _forget() -> None:
    get_settings.cache_clear()
    shared_database._engine.cache_clear()
    cache._result.cache_clear()
    shared_database._contract_right_until.clear()
    calls.clear()


def publish(url: str) -> None:
    engine = writing_engine(url)
    row = {"published_at": datetime(2020, 9, 1, tzinfo=UTC), "as_of": date(2020, 8, 31), "source": "测试"}
    with engine.begin() as connection:
        newest = connection.scalar(sa.select(sa.func.max(tables.data_releases.c.id))) or 0
        connection.execute(tables.data_releases.insert().values(id=newest + 1, **row))
    engine.dispose()


def set_version(url: str, version: str) -> str:
    """Let the database name another contract version; return the one before."""
    engine = writing_engine(url)
    table = sa.table("alembic_version", sa.column("version_num"))
    with engine.begin() as connection:
        before = connection.scalar(sa.select(table.c.version_num))
        connection.execute(table.update().values(version_num=version))
    engine.dispose()
    return str(before)


@pytest.mark.usefixtures("filled", "looking")
def test_a_read_is_kept_by_query_scope_and_parameters(scope: Scope) -> None:
    narrower = replace(scope, townships=frozenset({"330822001"}))
    for asked, parameters in [(scope, {}), (narrower, {}), (scope, {"a": 1}), (scope, {"a": 2})]:
        first = cache.fetch(counted, asked, **parameters)
        second = cache.fetch(counted, asked, **parameters)
        pd.testing.assert_frame_equal(first, second)
    assert calls == [(scope, {}), (narrower, {}), (scope, {"a": 1}), (scope, {"a": 2})]
    assert cache.fetch(counted, scope, a=2)["a"].tolist() == [2]


@pytest.mark.usefixtures("looking")
def test_a_new_release_is_read_anew(filled: str, scope: Scope) -> None:
    assert cache.fetch(counted, scope)["id"].tolist() == [1]
    publish(filled)
    assert cache.fetch(counted, scope)["id"].tolist() == [1, 2]
    newest = cache.release()
    assert newest is not None
    assert newest.id == 2


@pytest.mark.usefixtures("looking")
def test_one_run_stands_on_one_release_read_once(filled: str, scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    run, next_run = {}, {}  # type: ignore[var-annotated]  # equal, and not the same
    monkeypatch.setattr(cache, "_mark_of_run", lambda: run)
    assert cache.fetch(counted, scope)["id"].tolist() == [1]
    publish(filled)
    with monkeypatch.context() as patch:
        patch.setattr(cache, "newest_release", lambda connection: pytest.fail("read twice"))
        assert cache.fetch(counted, scope)["id"].tolist() == [1], "the same page, the same release"
    monkeypatch.setattr(cache, "_mark_of_run", lambda: next_run)
    assert cache.fetch(counted, scope)["id"].tolist() == [1, 2]


@pytest.mark.usefixtures("filled", "looking")
def test_the_reads_of_a_run_share_what_they_are_made_of(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def part(connection: Connection, of: Scope, **_: Any) -> int:
        return once(connection, "part", lambda: read.append("part") or len(read))

    runs = [{}, {}]  # type: ignore[var-annotated]
    for run, part_of_run in zip(runs, (1, 2), strict=True):
        monkeypatch.setattr(cache, "_mark_of_run", lambda run=run: run)
        assert [cache.fetch(part, scope, which=(run is runs[0], i)) for i in range(3)] == [part_of_run] * 3
    monkeypatch.setattr(cache, "_mark_of_run", lambda: None)
    assert [cache.fetch(part, scope, which=i) for i in range(2)] == [3, 4], "outside a run nothing is shared"


@pytest.mark.usefixtures("filled", "looking")
def test_what_a_caller_does_to_a_frame_stays_with_the_caller(scope: Scope) -> None:
    mine = cache.fetch(counted, scope)
    mine["id"] = 99
    mine.loc[0, "other"] = 1.0
    assert cache.fetch(counted, scope).to_dict("list") == {"id": [1]}


@pytest.mark.usefixtures("filled", "looking")
def test_a_read_without_scope_is_kept_too() -> None:
    assert cache.fetch(unscoped) == cache.fetch(unscoped) == "all townships"
    assert calls == ["unscoped"]


@pytest.mark.usefixtures("filled")
def test_nobody_reads_anything_not_even_from_memory(scope: Scope, looking: Looker) -> None:
    cache.fetch(counted, scope)
    cache.fetch(unscoped)
    looking(None)
    with pytest.raises(SignedOut):
        cache.fetch(counted, scope)
    with pytest.raises(SignedOut):
        cache.fetch(unscoped)


@pytest.mark.usefixtures("filled")
def test_rows_beyond_the_rights_are_refused_even_from_memory(scope: Scope, looking: Looker) -> None:
    assert cache.fetch(rows, scope)["id"].tolist() == [1]
    looking(TOWNSHIP)
    assert cache.fetch(counted, scope)["id"].tolist() == [1]
    with pytest.raises(Refused):
        cache.fetch(rows, scope)
    assert cache.fetch(rows, replace(scope, townships=frozenset({"330822104"})))["id"].tolist() == [1]
    looking(DEPARTMENT)
    with pytest.raises(Refused):
        cache.fetch(rows, scope)
    assert cache.fetch(rows, replace(scope, department="D04"))["id"].tolist() == [1]


@pytest.mark.usefixtures("filled", "looking")
def test_rows_without_a_scope_are_a_programmers_error() -> None:
    with pytest.raises(ValueError, match="rows reads rows"):
        cache.fetch(rows)


@pytest.mark.usefixtures("looking")
def test_an_empty_database_is_told_until_it_is_filled(shared: str, scope: Scope) -> None:
    if shared.startswith("sqlite"):
        Path(sa.make_url(shared).database or "").touch()
    with pytest.raises(DatabaseEmpty):
        cache.fetch(counted, scope)
    contract.upgrade(shared)
    assert cache.release() is None
    with pytest.raises(DatabaseEmpty):
        cache.fetch(counted, scope)
    publish(shared)
    assert cache.fetch(counted, scope)["id"].tolist() == [1]


@pytest.mark.usefixtures("looking")
@pytest.mark.parametrize("before_first_read", [True, False])
def test_a_newer_contract_is_told_until_it_fits_again(
    filled: str, scope: Scope, monkeypatch: pytest.MonkeyPatch, *, before_first_read: bool
) -> None:
    if not before_first_read:
        cache.fetch(counted, scope)
    held = set_version(filled, "of-tomorrow")
    _pass_seconds(monkeypatch, 6)
    with pytest.raises(ContractNewer):
        cache.fetch(counted, scope)
    set_version(filled, held)
    assert cache.fetch(counted, scope)["id"].tolist() == [1]


@pytest.mark.usefixtures("looking", "filled")
def test_an_older_contract_is_told(scope: Scope, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_database, "contract_state", lambda connection: contract.ContractState.older)
    with pytest.raises(ContractOlder):
        cache.fetch(counted, scope)


@pytest.mark.usefixtures("looking")
def test_a_table_taken_away_under_a_running_server_is_told(filled: str, scope: Scope) -> None:
    cache.fetch(counted, scope)
    contract.downgrade(filled, "base")
    with pytest.raises(DatabaseEmpty):
        cache.fetch(counted, scope)


@pytest.mark.usefixtures("looking")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_taken_away_is_told_until_it_is_back(filled: str, scope: Scope) -> None:
    file = Path(sa.make_url(filled).database or "")
    assert cache.fetch(counted, scope)["id"].tolist() == [1]
    file.rename(file.with_suffix(".away"))
    with pytest.raises(DatabaseUnavailable):
        cache.fetch(counted, scope)
    assert not file.exists()
    file.with_suffix(".away").rename(file)
    assert cache.fetch(counted, scope)["id"].tolist() == [1]


@pytest.mark.usefixtures("looking")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_put_in_its_place_is_read_instead(filled: str, scope: Scope, tmp_path: Path) -> None:
    cache.fetch(counted, scope)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    contract.upgrade(other)
    publish(other)
    publish(other)
    (tmp_path / "other.db").replace(Path(sa.make_url(filled).database or ""))
    assert cache.fetch(counted, scope)["id"].tolist() == [1, 2]


@pytest.mark.usefixtures("looking")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_connection_cut_by_the_server_is_made_anew(filled: str, scope: Scope) -> None:
    cache.fetch(counted, scope)
    admin: Engine = sa.create_engine(filled)
    with admin.connect() as connection:
        others = "FROM pg_stat_activity WHERE datname = 'cached' AND pid <> pg_backend_pid()"
        assert connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) {others}").all()
    admin.dispose()
    publish(filled)
    assert cache.fetch(counted, scope)["id"].tolist() == [1, 2]


@pytest.mark.usefixtures("looking")
def test_a_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, scope: Scope) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://reader@127.0.0.1:9/county?connect_timeout=1")
    _forget()
    with pytest.raises(DatabaseUnavailable):
        cache.fetch(counted, scope)
    _forget()


@pytest.mark.usefixtures("filled", "looking")
def test_a_programmers_error_is_not_called_a_failure_of_the_database(scope: Scope) -> None:
    with pytest.raises((sa.exc.ProgrammingError, sa.exc.OperationalError), match="nothing"):
        cache.fetch(broken, scope)


def _pass_seconds(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    real = cache.time.monotonic
    monkeypatch.setattr(cache.time, "monotonic", lambda: real() + seconds)


def test_within_a_run_the_viewer_is_found_out_once_and_anew_in_the_next(
    filled: str, looking: Looker, monkeypatch: pytest.MonkeyPatch, scope: Scope
) -> None:
    first, second = {"a": 1}, {"a": 1}
    monkeypatch.setattr(cache, "_mark_of_run", lambda: first)
    cache.fetch(counted, scope)
    looking(None)  # signed out in between
    cache.fetch(counted, scope)
    for mark in (second, None):
        monkeypatch.setattr(cache, "_mark_of_run", lambda mark=mark: mark)
        with pytest.raises(SignedOut):
            cache.fetch(counted, scope)
    looking(LEADER)
    cache.fetch(counted, scope)  # outside a run nothing is kept
    looking(None)
    with pytest.raises(SignedOut):
        cache.fetch(counted, scope)
