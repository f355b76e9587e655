"""The months of every indicator, for the county and each township."""

from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.indicators import SERIES, Campaign, monthly_series
from analysis.months import month_of
from analysis.scope import Scope
from database.tables import campaigns, data_releases, kpi_values, kpis
from queries.frames import TEXT, empty_frame, read_frame
from queries.rankings import WEIGHTS, scheme_in_force, weights_statement
from queries.regions import by_county, whole_set
from queries.unit_indicators import VALUES

ABOUT = dict.fromkeys(("code", "unit", "direction", "kind", "period", "reset", "computed_from"), TEXT)


def kpi_series(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return every flow and to-date indicator by month, as a 波动判断图 draws it.

    Returns
    -------
    pd.DataFrame
        The columns of `analysis.indicators.SERIES`: one row per indicator, region (the county, whose figures are those
        of all its townships, then the townships of `scope` in the fixed order) and month up to that of the as-of date.
        Targets are the goals of the scheme in force. Without figures: no rows.

    Source: tables kpi_values, kpis, kpi_weights, campaigns; METHODS section 3.
    """
    month, whole = month_of(scope.as_of), whole_set(connection, scope)
    about = read_frame(connection, about_statement(), ABOUT)
    goals = read_frame(connection, weights_statement(scheme_in_force(connection, scope)), WEIGHTS)
    values = read_frame(connection, months_statement(month, whole), VALUES)
    running, parts = _campaigns(connection), [empty_frame(SERIES)]
    for county, codes in by_county(connection, whole).items():
        found = monthly_series(values, about, goals, last=month, county=county, townships=codes, campaigns=running)
        parts.append(found[found["region_code"].isin([county, *(scope.townships & set(codes))])])
    return pd.concat(parts, ignore_index=True)


def about_statement() -> Select[Any]:
    """Select what a series needs to know of its indicator."""
    return sa.select(*(kpis.c[name] for name in ABOUT)).order_by(kpis.c.code)


def months_statement(month: date, townships: list[str]) -> Select[Any]:
    """Select the flow and to-date figures up to a month.

    A figure published after the newest release's as-of date does not exist yet.
    """
    v = kpi_values.c
    newest = sa.select(data_releases.c.as_of).order_by(data_releases.c.id.desc()).limit(1).scalar_subquery()
    return (
        sa.select(*(v[name] for name in VALUES))
        .join_from(kpi_values, kpis, kpis.c.code == v.kpi_code)
        .where(
            v.region_code.in_(townships),
            v.month <= month,
            kpis.c.period.in_(["flow", "to_date"]),
            sa.or_(v.published_on.is_(None), v.published_on <= newest),
        )
    )


def _campaigns(connection: Connection) -> list[Campaign]:
    c = campaigns.c
    statement = sa.select(c.code, c.starts_on, c.ends_on).where(c.starts_on.is_not(None))
    return [Campaign(code, begin, end or date.max) for code, begin, end in connection.execute(statement)]
