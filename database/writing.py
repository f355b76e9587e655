"""The right to write: one writer at a time, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

LOCK_KEY = 330_822_001
"""The advisory lock of the shared database on PostgreSQL; any constant, the same for every writer."""


class Busy(Exception):  # noqa: N818
    """Another process is writing."""

    def __init__(self) -> None:
        super().__init__("正在导入，请稍后")


@contextmanager
def writer(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction that no other writer shares; commit at the end, roll back on an error.

    Parameters
    ----------
    engine
        One of `database.engine.writing_engine`.

    Raises
    ------
    Busy
        Another writer is at work; nothing was waited for.
    """
    with engine.connect() as connection, _transaction(connection):
        if connection.dialect.name == "postgresql":
            granted = connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(LOCK_KEY)))
            if not granted:
                raise Busy
        yield connection


def _transaction(connection: Connection) -> sa.RootTransaction:
    try:
        return connection.begin()
    except sa.exc.OperationalError as error:
        if "locked" in str(error.orig):
            raise Busy from error
        raise
