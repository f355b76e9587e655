"""Engines on the shared database: one that cannot write, one whose transactions are really ours."""

from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import URL, Engine, event

STATEMENT_TIMEOUT_MS = 30_000
"""How long one read may take on PostgreSQL before the server ends it."""

RANDOM_PAGE_COST = 1.1
"""What PostgreSQL is to reckon for a page read out of order, of one in order: they come from memory or a solid disk.

Its own 4 is that of a turning disk: of ten million cases it then reads all rather than a hundred thousand by their key.
"""

CONNECTING = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""When to give a PostgreSQL server up, in seconds (the last in ms): one that does not answer, one that has vanished."""

BUSY_TIMEOUT_MS = 30_000
"""How long a SQLite statement waits for a lock held by a short operation of another process."""


def reading_engine(url: str) -> Engine:
    """Return an engine that reads and is refused when it writes, whatever the account may do.

    Parameters
    ----------
    url
        `sqlite:///path` or `postgresql://...`; the psycopg driver is chosen where none is named.

    Raises
    ------
    sqlalchemy.exc.ArgumentError
        The URL cannot be read, or names a database that is neither.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        engine = sa.create_engine(_read_only_file(address))
        event.listen(engine, "connect", _refuse_writes)
        return engine
    options = (
        f"-c default_transaction_read_only=on -c statement_timeout={STATEMENT_TIMEOUT_MS} "
        f"-c random_page_cost={RANDOM_PAGE_COST}"
    )
    given = address.query.get("options", "")
    arguments = CONNECTING | {"options": f"{given} {options}".strip()}
    return sa.create_engine(address, pool_pre_ping=True, connect_args=arguments)


def writing_engine(url: str) -> Engine:
    """Return an engine for upgrade, load and refresh; `database.writing.writer` opens its transactions.

    On SQLite every transaction begins with BEGIN IMMEDIATE, so the right to write is had before the first read.

    Raises
    ------
    sqlalchemy.exc.ArgumentError
        The URL cannot be read, or names a database that is neither SQLite nor PostgreSQL.
    """
    address = _address(url)
    is_file = address.get_backend_name() == "sqlite"
    engine = sa.create_engine(address, pool_pre_ping=True, connect_args={} if is_file else CONNECTING)
    if is_file:
        event.listen(engine, "connect", _own_transactions)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _address(url: str) -> URL:
    address = sa.make_url(url)
    backend = address.get_backend_name()
    if backend not in ("sqlite", "postgresql"):
        raise sa.exc.ArgumentError(f"数据库地址只支持 sqlite:/// 和 postgresql://，不支持 {backend}")
    return address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address


def _read_only_file(address: URL) -> URL:
    if not address.database or address.database == ":memory:":
        return address
    return address.set(database=f"file:{quote(address.database)}", query={"mode": "ro", "uri": "true"})


def _refuse_writes(connection: Any, record: object) -> None:
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA query_only=ON")


def _own_transactions(connection: Any, record: object) -> None:
    # The driver's own habit is to begin late and to commit before DDL; None leaves both to SQLAlchemy.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode=WAL")  # readers go on reading while a load writes
    connection.execute("PRAGMA synchronous=NORMAL")


def _begin_immediate(connection: sa.Connection) -> None:
    connection.exec_driver_sql("PRAGMA busy_timeout=0")  # a second writer is told at once
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
