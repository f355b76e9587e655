"""What a county's view cannot promise by itself: keys that stand once, required values, allowed values."""

from collections.abc import Iterator

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, FromClause

from database.checks.findings import ERROR, Finding
from database.loading.cells import as_column
from database.loading.rules import CHECKS
from database.offered import kpi_reports, offered
from database.tables import METADATA, kpi_values, kpis


def findings(connection: Connection) -> list[Finding]:
    """Return one error per offered view and kind of wrong row; tables of ours enforce these rules on their own."""
    found: list[Finding] = []
    for name in sorted(offered(connection)):
        is_reports = name == kpi_reports.name
        table = kpi_values if is_reports else METADATA.tables[name]
        source: FromClause = kpi_reports if is_reports else table
        found += [Finding(ERROR, name, message, count) for message, count in _wrong(connection, source, table) if count]
        if is_reports:
            found += _reports(connection)
    return found


def _wrong(connection: Connection, source: FromClause, table: sa.Table) -> Iterator[tuple[str, int]]:
    keys = [column.name for column in table.primary_key]
    twice = sa.select(*(source.c[key] for key in keys)).group_by(*(source.c[key] for key in keys))
    yield f"{'、'.join(keys)} 相同的行不止一行", _count(connection, twice.having(sa.func.count() > 1).subquery())
    for column in table.columns:
        if not column.nullable:
            empty = source.c[column.name].is_(None)
            yield f"{column.name} 必填，不能为空", _count(connection, source, empty)
    for name, check in CHECKS.get(table.name, {}).items():
        held = source.c[name]
        rows = connection.execute(sa.select(held, sa.func.count()).where(held.is_not(None)).group_by(held)).all()
        values = as_column(pd.Series([row[0] for row in rows], dtype=object), table.columns[name])
        is_right = check(values).check_output if rows else []
        yield f"{name} {check.error}", sum(int(row[1]) for row, right in zip(rows, is_right, strict=True) if not right)


def _reports(connection: Connection) -> list[Finding]:
    """Compare the reported figures with those that the last refresh copied."""
    names = kpi_values.columns.keys()
    computed = kpi_reports.c.kpi_code.in_(sa.select(kpis.c.code).where(kpis.c.computed_from.is_not(None)))
    reported = sa.select(*(kpi_reports.c[name] for name in names)).where(~computed)
    copied = sa.select(*(kpi_values.c[name] for name in names))
    told = (
        ("这些指标由系统计算，不采用 kpi_reports 中的数", _count(connection, kpi_reports, computed)),
        ("填报数与最近一次汇总不同，请执行 refresh", _count(connection, reported.except_(copied).subquery())),
    )
    return [Finding(ERROR, kpi_reports.name, message, count) for message, count in told if count]


def _count(connection: Connection, source: FromClause, *where: sa.ColumnElement[bool]) -> int:
    return connection.scalar(sa.select(sa.func.count()).select_from(source).where(*where)) or 0
