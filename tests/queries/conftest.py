"""What the tests of the reads need beyond the shared fixtures: the reader's account, and the real refresh."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from database.refresh import refresh

JIA, YI, BING = "330822001", "330822104", "330822200"
READER = "governance_reader"
AS_OWNER = "as_owner"


@pytest.fixture
def connection(connection: Connection) -> Connection:
    """The shared database; on PostgreSQL every read is made by the account that may do nothing else."""
    if connection.dialect.name == "postgresql":
        connection.info[AS_OWNER] = False
        sa.event.listen(connection, "before_cursor_execute", _take_role)
    return connection


@pytest.fixture
def release(connection: Connection) -> Callable[..., int]:
    """Derive states, indicators and scores from what has been added: release(date(2020, 8, 31))."""

    def derive(as_of: date = date(2020, 8, 31)) -> int:
        with _owner(connection):
            return refresh(connection, as_of=as_of, source="测试")

    return derive


def _take_role(connection: Connection, cursor: object, statement: str, *_: object) -> None:
    is_read = statement.lstrip().upper().startswith(("SELECT", "WITH"))
    if not connection.info[AS_OWNER]:
        _set_role(connection, READER if is_read else "NONE")


def _set_role(connection: Connection, role: str) -> None:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"SET LOCAL ROLE {role}")


@contextmanager
def _owner(connection: Connection) -> Iterator[None]:
    """Write as the owner of the tables: COPY goes past the event."""
    if connection.dialect.name != "postgresql":
        yield
        return
    connection.info[AS_OWNER] = True
    _set_role(connection, "NONE")
    yield
    connection.info[AS_OWNER] = False
