"""The shared database as pages reach it: one engine, a contract of this version, faults told as what they are."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from database.contract import ContractState, contract_state
from database.engine import reading_engine
from errors import ContractNewer, ContractOlder, DatabaseEmpty, DatabaseUnavailable, DataError, TooSlow
from queries.releases import Release, newest_release
from settings import get_settings

CONTRACT_SECONDS = 5.0
"""For how long a contract found right is not looked at again; a failing read looks at once."""

_FAULTS: dict[ContractState, type[DataError]] = {
    ContractState.empty: DatabaseEmpty,
    ContractState.older: ContractOlder,
    ContractState.newer: ContractNewer,
}
_FAILURES = (sa.exc.DBAPIError, sa.exc.TimeoutError)
_TIMED_OUT = "57014"
"""PostgreSQL's code of a statement that it ended, as database.engine.STATEMENT_TIMEOUT_MS says."""
_contract_right_until: dict[Engine, float] = {}


def engine() -> Engine:
    """Return the engine that reads the shared database."""
    return _engine(get_settings().database_url)


@contextmanager
def reading() -> Iterator[Connection]:
    """Yield a connection to a shared database of the right contract version.

    Raises
    ------
    errors.DataError
        One of its kinds: the database does not answer, is empty, or at another contract version.
    """
    try:
        with engine().connect() as connection:
            _check_contract(connection)
            yield connection
    except _FAILURES as error:
        _contract_right_until.pop(engine(), None)
        raise _explained(error) from error


def release_asked_apart() -> Release | None:
    """Return the newest data release over a connection opened for this question: readers that hang hold it up not.

    Raises
    ------
    errors.DataError, sqlalchemy.exc.SQLAlchemyError
        The shared database is empty, at another contract version, or away.
    """
    apart = reading_engine(get_settings().database_url)
    try:
        with apart.connect() as connection:
            state = contract_state(connection)
            if state in _FAULTS:
                raise _FAULTS[state]
            return newest_release(connection)
    finally:
        apart.dispose()


@lru_cache(maxsize=2)
def _engine(url: str) -> Engine:
    engine = reading_engine(url)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _remember_file)
        sa.event.listen(engine, "checkout", _refuse_lost_file)
    return engine


def _check_contract(connection: Connection) -> None:
    if time.monotonic() < _contract_right_until.get(connection.engine, 0.0):
        return
    state = contract_state(connection)
    if state in _FAULTS:
        raise _FAULTS[state]
    _contract_right_until[connection.engine] = time.monotonic() + CONTRACT_SECONDS


def _explained(error: Exception) -> Exception:
    """Return what to tell of a failed read: another contract, a database that is away, or the fault itself."""
    try:
        with engine().connect() as connection:
            _check_contract(connection)
    except DataError as fault:
        return fault
    except _FAILURES:
        return DatabaseUnavailable()
    if getattr(getattr(error, "orig", None), "sqlstate", None) == _TIMED_OUT:
        return TooSlow()
    is_passing = isinstance(error, sa.exc.TimeoutError) or getattr(error, "connection_invalidated", False)
    return DatabaseUnavailable() if is_passing else error


def _remember_file(connection: Any, record: Any) -> None:
    record.info["file"] = _file(connection)


def _refuse_lost_file(connection: Any, record: Any, proxy: object) -> None:
    # A pooled SQLite connection goes on reading a file that was moved away or replaced.
    if record.info["file"] != _file(connection):
        raise sa.exc.DisconnectionError


def _file(connection: Any) -> tuple[int, int] | None:
    name = connection.execute("PRAGMA database_list").fetchone()[2]
    try:
        found = Path(name).stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
