"""Who has not reported which task and which indicator for the newest month that has ended, and who was late."""

from collections.abc import Mapping

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.months import month_of
from analysis.reporting import task_reports
from analysis.scope import Scope
from analysis.wording import month as month_words
from database.checks.findings import NOTICE, OFFICE, WARNING, Finding, Severity
from database.checks.owners import Owners
from database.tables import data_releases, regions
from queries.reporting import kpi_reports
from queries.tasks import task_matrix


def findings(connection: Connection) -> list[Finding]:
    """Return a warning per task and indicator with reports missing, and a notice per task with reports that came late.

    The department that leads the task or answers for the indicator is the one to call.
    """
    as_of = connection.scalar(sa.select(sa.func.max(data_releases.c.as_of, type_=sa.Date())))
    if as_of is None:
        return []
    names = {row.code: row.name for row in connection.execute(sa.select(regions.c.code, regions.c.name))}
    townships = connection.scalars(sa.select(regions.c.code).where(regions.c.level == "township"))
    scope, owners = Scope(as_of, frozenset(townships)), Owners(connection)
    reports = task_reports(task_matrix(connection, scope))
    missing, late = reports[~reports["is_reported"]], reports[reports["is_late"]]
    when = month_words(month_of(as_of))
    return [
        *_tasks(missing, WARNING, f"{when}未报送", names, owners),
        *_tasks(late, NOTICE, f"{when}迟报", names, owners),
        *_kpis(kpi_reports(connection, scope), when, names),
    ]


def _tasks(
    reports: pd.DataFrame, severity: Severity, what: str, names: Mapping[str, str], owners: Owners
) -> list[Finding]:
    found = []
    for code, own in reports.groupby("task_code", sort=False):
        title = own["title"].iloc[0]
        told = f"{own['number'].iloc[0]} {str(code) if pd.isna(title) else title}"
        message = f"任务{told}，{what}：{_places(own['region_code'], names)}"
        found.append(Finding(severity, "task_progress", message, len(own), owners.of("task_code", str(code))))
    return found


def _kpis(reports: pd.DataFrame, when: str, names: Mapping[str, str]) -> list[Finding]:
    found = []
    for code, own in reports[~reports["is_reported"]].groupby("kpi_code", sort=False):
        department = own["department"].iloc[0]
        message = f"指标{own['name'].iloc[0]}（{code!s}），{when}未报送：{_places(own['township_code'], names)}"
        called = OFFICE if pd.isna(department) else str(department)
        found.append(Finding(WARNING, "kpi_values", message, len(own), called))
    return found


def _places(codes: pd.Series, names: Mapping[str, str]) -> str:
    return "、".join(names.get(code, code) for code in codes)
