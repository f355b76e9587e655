"""The version of the contract: which one a database holds, and the way up and down."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import Connection

from database.checks import shape
from database.engine import writing_engine
from database.writing import writer

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

VERSION = "0009"
"""The newest revision: known without Alembic, which only upgrades need to import."""

HEAD = "head"


class ContractState(StrEnum):
    """What a database holds, seen from this program."""

    ok = "ok"
    empty = "empty"
    older = "older"
    newer = "newer"


UNFIT = {
    ContractState.empty: "数据库中还没有表，请先执行 python -m database upgrade",
    ContractState.older: "数据库的版本较旧，请先执行 python -m database upgrade",
    ContractState.newer: "数据库的版本比本程序新，请升级本程序",
}


class Unfit(Exception):  # noqa: N818
    """The database does not hold this contract; the message says what to do."""


def need_contract(connection: Connection) -> None:
    """Go on only with a database of this program's contract.

    Raises
    ------
    Unfit
        Another version, or none.
    """
    state = contract_state(connection)
    if state is not ContractState.ok:
        raise Unfit(UNFIT[state])


def need_shape(connection: Connection) -> None:
    """Go on only when every table and view has the contract's columns.

    Raises
    ------
    Unfit
        With one sentence for each that is missing or of another type.
    """
    found = shape.findings(connection)
    if found:
        raise Unfit(
            "\n".join([*map(str, found), "数据库的表或视图不符合数据约定（docs/data-contract.md），未做任何改动"])
        )


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
    if held == VERSION:
        return ContractState.ok
    return ContractState.older if held in _revisions() else ContractState.newer


def upgrade(url: str, revision: str = HEAD) -> None:
    """Bring the database to `revision` in one transaction, under the writer's lock; make a SQLite file's folder.

    Base tables that a county offers as views are left to it; what is missing is made.

    Raises
    ------
    Unfit
        The database is newer than this program, or the offered views do not fit the contract.
    database.offered.Occupied
        A name of ours is taken by another table.
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


def _revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}


def _migrate(url: str, revision: str, *, up: bool) -> None:
    from alembic import command

    engine = writing_engine(url)
    try:
        with writer(engine) as connection:
            if contract_state(connection) is ContractState.newer:
                raise Unfit(UNFIT[ContractState.newer])
            config = _config()
            config.attributes["connection"] = connection
            (command.upgrade if up else command.downgrade)(config, revision)
            if revision == HEAD:
                need_shape(connection)
    finally:
        engine.dispose()


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
