"""How the shared database is spread over the machines of a Citus cluster: statements for its administrator.

Every table that speaks of a region is distributed by it and laid beside the others, so that what is asked of a region
is answered on one machine; the small tables that all of them need stand on every machine.
Source: docs/scale.md.
"""

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from database.tables import METADATA

REGION_COLUMNS = ("region_code", "township_code")
"""What a table's distribution column may be called."""

EVERYWHERE = frozenset({"kpi_weights"})
"""Few rows, asked for by other regions too: a township takes the weights of its county where it has none."""

FIRST = "cases"
"""The table beside which all other distributed ones are laid."""

NO_CITUS = "这个 PostgreSQL 没有安装 Citus 扩展，以上语句不能在其上执行（安装方法见 Citus 文档），数据库保持原样"
NO_POSTGRESQL = "SQLite 是单机数据库，不能分布；请改用装有 Citus 扩展的 PostgreSQL"


def distribution_column(table: Table) -> str | None:
    """Return the column by which a table is distributed, the first of its key; None for one that stands everywhere."""
    first = next(iter(table.primary_key.columns)).name
    return first if first in REGION_COLUMNS and table.name not in EVERYWHERE else None


def distribution_statements() -> list[str]:
    """Return the statements that distribute the tables, in an order in which they can be carried out.

    Reference tables come first, so that no query meets a distributed table joined to a local one.
    """
    columns = {table.name: distribution_column(table) for table in METADATA.sorted_tables}
    spread = sorted((name for name, column in columns.items() if column), key=lambda name: (name != FIRST, name))
    everywhere = sorted(name for name, column in columns.items() if not column)
    return [
        *(f"SELECT create_reference_table('{name}');" for name in everywhere),
        *(
            f"SELECT create_distributed_table('{name}', '{columns[name]}', colocate_with => '{_beside(name)}');"
            for name in spread
        ),
    ]


def has_citus(connection: Connection) -> bool:
    """Tell whether the Citus extension is made in this PostgreSQL database."""
    extensions = sa.table("pg_extension", sa.column("extname"))
    return bool(connection.scalar(sa.select(sa.func.count()).where(extensions.c.extname == "citus")))


def _beside(name: str) -> str:
    return "none" if name == FIRST else FIRST
