"""The months of every indicator, for the county and each township."""

from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.indicators import SERIES, Campaign, monthly_series
from analysis.months import month_of
from analysis.scope import Scope
from database.tables import campaigns
from queries.frames import empty_frame
from queries.kpi_months import drawn_months
from queries.rankings import indicators, weights_in_force
from queries.regions import by_county, whole_set


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
    about, goals, values = (
        indicators(connection),
        weights_in_force(connection, scope),
        drawn_months(connection, month, whole),
    )
    running, parts = _campaigns(connection), []
    for county, codes in by_county(connection, whole).items():
        found = monthly_series(values, about, goals, last=month, county=county, townships=codes, campaigns=running)
        is_whole = scope.townships.issuperset(codes)
        own = found if is_whole else found[found["region_code"].isin([county, *scope.townships])]
        parts.append(own.reset_index(drop=True))
    return parts[0] if len(parts) == 1 else pd.concat(parts or [empty_frame(SERIES)], ignore_index=True)


def _campaigns(connection: Connection) -> list[Campaign]:
    c = campaigns.c
    statement = sa.select(c.code, c.starts_on, c.ends_on).where(c.starts_on.is_not(None))
    return [Campaign(code, begin, end or date.max) for code, begin, end in connection.execute(statement)]
