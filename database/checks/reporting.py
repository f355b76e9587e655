"""Who has not reported, and who was late, for the newest month that has ended."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.months import month_of
from analysis.rules import REPORT_DUE_DAY
from database.checks.findings import WARNING, Finding
from database.tables import data_releases, kpi_values, kpi_weights, kpis, regions, task_progress


def findings(connection: Connection) -> list[Finding]:
    """Return one warning per region with task reports missing or late, and per indicator with townships missing."""
    as_of = connection.scalar(sa.select(sa.func.max(data_releases.c.as_of, type_=sa.Date())))
    if as_of is None:
        return []
    return [*_task_reports(connection, as_of), *_kpi_reports(connection, month_of(as_of))]


def _task_reports(connection: Connection, as_of: date) -> list[Finding]:
    month, t = month_of(as_of), task_progress.c
    is_missing = sa.or_(t.actual_pct.is_(None), t.reported_on > as_of)
    is_late = sa.and_(~is_missing, t.reported_on > month.replace(day=REPORT_DUE_DAY))
    statement = (
        sa.select(regions.c.name, _number(is_missing), _number(is_late))
        .join(regions, regions.c.code == t.region_code)
        .where(t.month == month, t.planned_pct > 0)
        .group_by(regions.c.code, regions.c.name)
        .order_by(regions.c.code)
    )
    found = []
    for name, missing, late in connection.execute(statement):
        if missing:
            found.append(Finding(WARNING, "task_progress", f"{name} {_words(month)}未报送", missing))
        if late:
            found.append(Finding(WARNING, "task_progress", f"{name} {_words(month)}逾期报送", late))
    return found


def _kpi_reports(connection: Connection, month: date) -> list[Finding]:
    """Find indicators with weight that some townships reported for the month and others did not."""
    v, k = kpi_values.c, kpis.c
    weighted = sa.select(kpi_weights.c.kpi_code).where(kpi_weights.c.weight > 0)
    is_township = regions.c.level == "township"
    statement = (
        sa.select(k.code, k.name, sa.func.count())
        .join(kpi_values, v.kpi_code == k.code)
        .join(regions, regions.c.code == v.region_code)
        .where(k.computed_from.is_(None), k.code.in_(weighted), v.month == month, is_township)
        .group_by(k.code, k.name)
        .order_by(k.code)
    )
    townships = connection.scalar(sa.select(sa.func.count()).where(is_township)) or 0
    return [
        Finding(WARNING, "kpi_values", f"{code} {name} {_words(month)}有乡镇（街道）未报送", townships - reported)
        for code, name, reported in connection.execute(statement)
        if reported < townships
    ]


def _words(month: date) -> str:
    return f"{month.year}年{month.month}月"


def _number(holds: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((holds, 1), else_=0))
