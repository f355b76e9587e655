"""A state database on either engine, and a clock that stands still until a test moves it."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from state import clock
from state.accounts import Account, add_account
from state.engine import migrate, state_engine, writing
from state.tables import METADATA
from tests.conftest import created_database

PASSWORD = "Right-Password-1"


class Clock:
    """Stands at 2026-03-02 09:00 UTC; `pass_` moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_(self, **length: float) -> None:
        self.moment += timedelta(**length)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(clock, "now", moved)
    return moved


@pytest.fixture(scope="session")
def empty_postgresql_url(postgresql_url: str) -> str:
    """An empty PostgreSQL database of the state's own: both schemas keep a table alembic_version."""
    return created_database(postgresql_url, "state")


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An engine on a database without tables, which is left without tables."""
    is_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'state.db'}" if is_sqlite else request.getfixturevalue("empty_postgresql_url")
    engine = state_engine(url)
    yield engine
    METADATA.drop_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS alembic_version")
    engine.dispose()


@pytest.fixture(scope="session")
def migrated_postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    engine = state_engine(created_database(postgresql_url, "migrated_state"))
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, empty_state: Path, tmp_path: Path) -> Iterator[Engine]:
    """An engine on the newest tables without rows."""
    if request.param == "sqlite":
        engine = state_engine(f"sqlite:///{shutil.copy(empty_state, tmp_path / 'state.db')}")
        yield engine
        engine.dispose()
        return
    engine = request.getfixturevalue("migrated_postgresql_engine")
    yield engine
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # past what keeps the trail whole
        connection.exec_driver_sql(f"TRUNCATE {', '.join(METADATA.tables)} RESTART IDENTITY CASCADE")


@pytest.fixture
def db(engine: Engine) -> Iterator[Connection]:
    with writing(engine) as connection:
        yield connection


@pytest.fixture
def people(db: Connection, quick_hashes: None) -> None:
    """Two accounts, so that a rule on one that reaches the other is seen."""
    add_account(db, Account("wang", "县领导", "leader"), PASSWORD)
    add_account(db, Account("li", "球川镇", "township", township_code="330822111"), PASSWORD)
