"""Tables and views against the contract: what is missing, which columns, of which type."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from database.checks.findings import ERROR, Finding
from database.offered import kpi_reports, offered
from database.tables import METADATA, kpi_values

TYPES: tuple[tuple[type[Any], type[Any], str], ...] = (
    (sa.Boolean, sa.Boolean, "boolean"),
    (sa.DateTime, sa.DateTime, "timestamp"),
    (sa.Date, sa.Date, "date"),
    (sa.Integer, sa.Integer, "integer"),
    (sa.Double, sa.Float, "double precision"),
    (sa.JSON, sa.JSON, "json"),
    (sa.Text, sa.String, "text"),
    (sa.String, sa.String, "text"),
)
"""The contract's type, what a database may have for it, and how that is written in PostgreSQL."""


def findings(connection: Connection) -> list[Finding]:
    """Return one error per table, column or type that is not as the contract has it; more columns do no harm.

    Types are looked at on PostgreSQL alone: a column of a SQLite view has none.
    """
    inspector, theirs = sa.inspect(connection), offered(connection)
    wanted = {table.name: table for table in METADATA.sorted_tables}
    if kpi_reports.name in theirs:
        wanted[kpi_reports.name] = kpi_values
    found = []
    for name, table in sorted(wanted.items()):
        if not inspector.has_table(name):
            found.append(Finding(ERROR, name, "没有这张表，也没有同名视图"))
            continue
        held = {column["name"]: column["type"] for column in inspector.get_columns(name)}
        word = "视图" if name in theirs else "表"
        found += [
            Finding(ERROR, name, message)
            for column in table.columns
            for message in _column_messages(column, held, word, is_typed=connection.dialect.name == "postgresql")
        ]
    return found


def _column_messages(column: sa.Column[Any], held: dict[str, Any], word: str, *, is_typed: bool) -> list[str]:
    _, accepted, written = next(row for row in TYPES if isinstance(column.type, row[0]))
    if column.name not in held:
        if not column.nullable:
            return [f"{word}缺少必填列 {column.name}（{written}）"]
        return [f"{word}缺少列 {column.name}；没有这项数据时，在视图中写 NULL::{written} AS {column.name}"]
    kind = held[column.name]
    is_padded = isinstance(kind, sa.CHAR)  # blanks at the end would make codes differ
    if is_typed and (not isinstance(kind, accepted) or is_padded):
        return [f"列 {column.name} 的类型是 {str(kind).lower()}，应为 {written}"]
    return []
