"""The version of the contract: which one a database holds, and the way up and down."""

from enum import StrEnum
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from database.engine import writing_engine
from database.writing import writer

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


class ContractState(StrEnum):
    """What a database holds, seen from this program."""

    ok = "ok"
    empty = "empty"
    older = "older"
    newer = "newer"


def contract_state(connection: Connection) -> ContractState:
    """Compare the revision that the database names with the revisions that this program knows.

    Returns
    -------
    ContractState
        ok: the newest known revision; older: another known one; newer: one unknown here; empty: none.

    Raises
    ------
    sqlalchemy.exc.DBAPIError
        The database cannot be reached or read.
    """
    if not sa.inspect(connection).has_table("alembic_version"):
        return ContractState.empty
    version = sa.table("alembic_version", sa.column("version_num"))
    held = connection.scalar(sa.select(version.c.version_num))
    if held is None:
        return ContractState.empty
    scripts = ScriptDirectory.from_config(_config())
    if held == scripts.get_current_head():
        return ContractState.ok
    known = {script.revision for script in scripts.walk_revisions()}
    return ContractState.older if held in known else ContractState.newer


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision` in one transaction, under the writer's lock; make a SQLite file's folder.

    Raises
    ------
    database.writing.Busy
        Another writer is at work.
    """
    address = sa.make_url(url)
    if address.get_backend_name() == "sqlite" and address.database:
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    _migrate(url, revision, up=True)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to `revision` ("base": no table of ours left) in one transaction, under the lock."""
    _migrate(url, revision, up=False)


def _migrate(url: str, revision: str, *, up: bool) -> None:
    engine = writing_engine(url)
    try:
        with writer(engine) as connection:
            config = _config()
            config.attributes["connection"] = connection
            (command.upgrade if up else command.downgrade)(config, revision)
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
