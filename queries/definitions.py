"""The indicators' definitions: what each one is, who answers for it, and what the scheme in force makes of it."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.scope import Scope
from database.tables import departments, kpi_weights, kpis, regions
from queries.frames import MEASURE, TEXT, read_frame
from queries.rankings import scheme_in_force

_TEXTS = (
    "code",
    "name",
    "domain",
    "unit",
    "direction",
    "kind",
    "period",
    "reset",
    "formula",
    "source",
    "computed_from",
)
KPI_DEFINITIONS = dict.fromkeys((*_TEXTS, "department"), TEXT) | dict.fromkeys(("weight", "goal", "floor"), MEASURE)


def kpi_definitions(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return what is known about every indicator.

    Returns
    -------
    pd.DataFrame
        One row per indicator, by code: code, name, domain, unit, direction, kind, period, reset, formula, source,
        computed_from, department (the responsible one's name; str, NaN unknown); weight, goal, floor (float64: the
        county's own in the scheme in force at the as-of date, NaN without).

    Source: tables kpis, departments, kpi_weights.
    """
    return read_frame(connection, kpi_definitions_statement(scheme_in_force(connection, scope)), KPI_DEFINITIONS)


def kpi_definitions_statement(scheme: str | None) -> Select[Any]:
    """Select the indicators with the name of their department and the weights of the first county."""
    w = kpi_weights.c
    county = sa.select(sa.func.min(regions.c.code)).where(regions.c.level == "county").scalar_subquery()
    is_county = sa.and_(w.kpi_code == kpis.c.code, w.scheme == scheme, w.region_code == county)
    return (
        sa.select(*(kpis.c[name] for name in _TEXTS), departments.c.name.label("department"), w.weight, w.goal, w.floor)
        .outerjoin(departments, departments.c.code == kpis.c.department_code)
        .outerjoin(kpi_weights, is_county)
        .order_by(kpis.c.code)
    )
