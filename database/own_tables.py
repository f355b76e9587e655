"""Alembic's operations on tables of ours; what a county offers in their place is left as it is."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from database.offered import Occupied, offered


def create_table(name: str, *columns: Any) -> None:
    """Make a table unless the county offers it.

    Raises
    ------
    Occupied
        Another table has the name, or a view has that of a derived table.
    """
    if _is_offered(name):
        return
    if sa.inspect(op.get_bind()).has_table(name):
        raise Occupied(name)
    op.create_table(name, *columns)


def create_index(name: str, table: str, columns: list[str], *, where: str = "") -> None:
    """Make an index on a table of ours, over the rows for which a condition holds."""
    if not _is_offered(table):
        part: Any = {f"{dialect}_where": sa.text(where) for dialect in ("sqlite", "postgresql") if where}
        op.create_index(name, table, columns, unique=False, **part)


def drop_index(name: str, table: str) -> None:
    """Drop an index on a table of ours."""
    if not _is_offered(table):
        op.drop_index(name, table)


def drop_table(name: str) -> None:
    """Drop a table of ours with its indexes."""
    if not _is_offered(name):
        op.drop_table(name)


def _is_offered(name: str) -> bool:
    return name in offered(op.get_bind())
