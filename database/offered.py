"""What a county offers in place of our base tables: views, and foreign tables, that we read and never write."""

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql.base import PGInspector

from database.tables import DERIVED, METADATA, kpi_values

BASE_NAMES = frozenset(METADATA.tables) - {table.name for table in (*DERIVED, kpi_values)}
"""The tables that a county may offer; the derived tables are always ours."""

kpi_reports = sa.table("kpi_reports", *(sa.column(column.name, column.type) for column in kpi_values.columns))
"""A county's view of reported figures, shaped as kpi_values: refresh copies its rows there."""


class Occupied(Exception):  # noqa: N818
    """A name of ours is taken by something that is neither ours nor offered."""

    def __init__(self, name: str) -> None:
        super().__init__(f"数据库中已有 {name}，不是本系统建的表，也不能由视图代替；请改名或换一个模式（schema）再试")


def offered(connection: Connection) -> frozenset[str]:
    """Return the names of base tables that are views or foreign tables here, and kpi_reports where there is one.

    They stand in the schema where the tables are made: the first of the account's search path.
    """
    inspector = sa.inspect(connection)
    found = set(inspector.get_view_names())
    if inspector.has_table(kpi_reports.name):
        found.add(kpi_reports.name)
    if isinstance(inspector, PGInspector):
        found |= {*inspector.get_materialized_view_names(), *inspector.get_foreign_table_names()}
    return frozenset(found & {*BASE_NAMES, kpi_reports.name})
