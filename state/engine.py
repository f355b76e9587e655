"""The engine on the state database, its transactions, and its migration at start."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
BUSY_TIMEOUT_MS = 10_000
"""How long a thread or process waits for another's write on SQLite; writes take milliseconds."""
CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""When to give a PostgreSQL server up, in seconds (the last in ms): one that does not answer, one that has vanished."""

_MIGRATION_LOCK = 0x676F7673
"""Key of PostgreSQL's advisory lock: several servers may start at once."""
_ALEMBIC = Lock()
"""Alembic keeps its context in globals of the process."""


def state_engine(url: str) -> Engine:
    """Return an engine that several threads and processes may use at once.

    Parameters
    ----------
    url
        `sqlite:///path` (its folder is made) or `postgresql://...` (driver psycopg).
    """
    address = sa.make_url(url)
    if address.get_backend_name() != "sqlite":
        plain = address.drivername == "postgresql"
        return sa.create_engine(
            address.set(drivername="postgresql+psycopg") if plain else address,
            pool_pre_ping=True,
            hide_parameters=True,  # a fault's words must not carry names or hashes into the log
            connect_args=CONNECTING,
        )
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(address, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that may write; on SQLite it holds the write lock from its start."""
    with engine.connect().execution_options(is_writing=True) as connection, connection.begin():
        yield connection


def ask_for_room(connection: Connection) -> None:
    """Have PostgreSQL lay some kilobytes on its disk for one statement; refused there where the disk is full.

    A row changed in place, or a short one added, finds room in a page that is there, and says nothing of the next one.
    SQLite lays every change on the disk anew.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.set_config("work_mem", "64kB", True)))
        numbers = sa.func.generate_series(1, 20_000).table_valued("number")
        connection.execute(sa.select(sa.func.count()).select_from(numbers))  # kept apart until all are there


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the state database to `revision`, newest unless told otherwise; several servers may call it at once."""
    scripts = ScriptDirectory.from_config(_config())
    if revision == "head" and _revision(engine) == scripts.get_current_head():
        return
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":  # SQLite: BEGIN IMMEDIATE holds the others off
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATION_LOCK)))
        with _ALEMBIC:
            command.upgrade(_config(connection), revision)


def unmigrate(engine: Engine, revision: str) -> None:
    """Take the state database back to `revision`; "base" leaves no table of ours."""
    with writing(engine) as connection, _ALEMBIC:
        command.downgrade(_config(connection), revision)


def _revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _prepare_sqlite(connection: Any, record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA foreign_keys=ON")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later may find its snapshot stale, which no timeout heals.
    is_writing = connection.get_execution_options().get("is_writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
