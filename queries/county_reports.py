"""What is reported for the county as a whole: 政企通, places in the city."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.months import month_of
from analysis.scope import Scope
from database.tables import data_releases, kpi_values, kpis
from queries.frames import DAY, MEASURE, TEXT, read_frame
from queries.regions import county_codes

COUNTY_REPORTS = {"kpi_code": TEXT, "name": TEXT, "domain": TEXT, "unit": TEXT, "kind": TEXT, "formula": TEXT,
                  "month": DAY, "value": MEASURE}  # fmt: skip


def county_reports(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return the figures that are reported for the county itself, month by month.

    The township, stream and other filters do not apply.

    Returns
    -------
    pd.DataFrame
        One row per indicator and month up to that of the as-of date, by code and month: kpi_code, name, domain, unit,
        kind, formula (str), month (datetime64[s], first day), value (float64). A figure published after the newest
        release's as-of date does not exist yet; one without a value has no row.

    Source: tables kpis and kpi_values.
    """
    return read_frame(connection, reports_statement(scope), COUNTY_REPORTS)


def reports_statement(scope: Scope) -> Select[Any]:
    """Select the reported indicators of the county, with their months."""
    v, k = kpi_values.c, kpis.c
    newest = sa.select(data_releases.c.as_of).order_by(data_releases.c.id.desc()).limit(1).scalar_subquery()
    return (
        sa.select(v.kpi_code, k.name, k.domain, k.unit, k.kind, k.formula, v.month, v.value)
        .join_from(kpi_values, kpis, k.code == v.kpi_code)
        .where(
            v.region_code.in_(county_codes(scope)),
            k.computed_from.is_(None),
            v.value.is_not(None),
            v.month <= month_of(scope.as_of),
            sa.or_(v.published_on.is_(None), v.published_on <= newest),
        )
        .order_by(v.kpi_code, v.month)
    )
