"""Whom to call about a row: the department that answers for its stream, indicator or task.

The department of a stream is that of the indicators computed from it: their domain is the stream's name.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, FromClause, Select, Table

from analysis.streams import STREAMS
from database.checks.findings import OFFICE, Finding, Severity
from database.tables import departments, kpis, tasks

KEYS = ("kpi_code", "task_code", "stream")
"""Columns by which a table's rows are somebody's, the first that it has."""


class Owners:
    """The departments by name, and what each of them answers for; read once when asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, key: str, value: str | None) -> str:
        """Return who answers for rows whose column `key` (of KEYS) holds `value`; the office where nobody does."""
        if key not in KEYS:
            return OFFICE
        known = self._kpis if key == "kpi_code" else self._tasks if key == "task_code" else self._streams
        return known.get(value or "", OFFICE)

    @cached_property
    def _kpis(self) -> Mapping[str, str]:
        return self._named(sa.select(kpis.c.code, departments.c.name), kpis.c.department_code)

    @cached_property
    def _tasks(self) -> Mapping[str, str]:
        return self._named(sa.select(tasks.c.code, departments.c.name), tasks.c.lead_department_code)

    @cached_property
    def _streams(self) -> Mapping[str, str]:
        """The department that answers for the first indicator of each stream's domain."""
        names = {stream.short_name: stream.code for stream in STREAMS.values()}
        statement = (
            sa.select(kpis.c.domain, departments.c.name)
            .join(departments, departments.c.code == kpis.c.department_code)
            .where(kpis.c.domain.in_(list(names)), departments.c.name.is_not(None))
            .order_by(kpis.c.code.desc())
        )
        return {names[domain]: name for domain, name in self._connection.execute(statement)}

    def _named(self, statement: Select[Any], department: ColumnElement[Any]) -> Mapping[str, str]:
        joined = statement.join(departments, departments.c.code == department).where(departments.c.name.is_not(None))
        return {row.code: row.name for row in self._connection.execute(joined)}


def owner_key(table: Table) -> str:
    """Return the column by which a table's rows are somebody's; "" where they are the office's."""
    return next((key for key in KEYS if key in table.columns), "")


def counts_of(table: Table, *where: ColumnElement[bool], source: FromClause | None = None) -> Select[Any]:
    """Select (owner key, number of rows) of a table, or of a join with it, where `where` holds."""
    key = table.columns.get(owner_key(table))
    column = sa.literal("") if key is None else key
    statement = sa.select(column, sa.func.count()).select_from(table if source is None else source).where(*where)
    return statement if key is None else statement.group_by(column)


def found_by_owner(
    connection: Connection, owners: Owners, severity: Severity, table: Table, message: str, statement: Select[Any]
) -> list[Finding]:
    """Return one finding per department; `statement` gives (owner key, number of rows)."""
    counts: dict[str, int] = {}
    for value, count in connection.execute(statement):
        owner = owners.of(owner_key(table), value)
        counts[owner] = counts.get(owner, 0) + count
    return [Finding(severity, table.name, message, counts[owner], owner) for owner in sorted(counts) if counts[owner]]
