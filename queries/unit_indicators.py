"""The indicators of regions above the townships: what is counted in all townships of each, added up."""

from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.months import add_months
from analysis.pooling import ADDED_UP
from analysis.rules import POOLED_MONTHS
from database.tables import data_releases, kpi_totals, kpi_values, kpis, regions
from queries.frames import read_frame
from queries.kpi_months import VALUES
from queries.units import below_region


def unit_values(connection: Connection, region: str, *, month: date) -> pd.DataFrame:
    """Return the figures of each child of a region: the sums over the townships that lie in it.

    Returns
    -------
    pd.DataFrame
        One row per (child, indicator, month), the 12 months up to `month` of flows and `month` alone of others:
        region_code, kpi_code (str), month (datetime64[s]), numerator, denominator, value (float64; value NaN).

    Source: table kpi_totals; kpi_values where nothing is stored.
    """
    stored = read_frame(connection, unit_totals_statement(region, month), VALUES)
    return stored if len(stored) else read_frame(connection, unit_values_statement(region, month), VALUES)


def unit_totals_statement(region: str, month: date) -> Select[Any]:
    """Select what `unit_values` returns, as the newest release stored it."""
    t, none = kpi_totals.c, sa.cast(sa.null(), sa.Double).label("value")
    return (
        sa.select(t.region_code, t.kpi_code, t.month, t.numerator, t.denominator, none)
        .join_from(kpi_totals, regions, regions.c.code == t.region_code)
        .join(kpis, kpis.c.code == t.kpi_code)
        .where(regions.c.parent_code == region, *_in_window(t.month, month))
    )


def _in_window(column: ColumnElement[date], month: date) -> list[ColumnElement[bool]]:
    """Keep the 12 months up to `month` of flows and `month` alone of others."""
    first = add_months(month, -POOLED_MONTHS)
    return [column > first, column <= month, sa.or_(kpis.c.period == "flow", column == month)]


def unit_values_statement(region: str, month: date) -> Select[Any]:
    """Add up what `unit_values` returns, as it was published by the newest as-of date."""
    v, below = kpi_values.c, below_region(region)
    newest = sa.select(sa.func.max(data_releases.c.as_of)).scalar_subquery()
    return (
        sa.select(below.c.unit.label("region_code"), v.kpi_code, v.month, sa.func.sum(v.numerator).label("numerator"),
                  sa.func.sum(v.denominator).label("denominator"), sa.cast(sa.null(), sa.Double).label("value"))
        .join_from(kpi_values, below, below.c.code == v.region_code)
        .join(kpis, kpis.c.code == v.kpi_code)
        .where(
            below.c.level == "township",
            kpis.c.kind.in_(ADDED_UP),
            *_in_window(v.month, month),
            sa.or_(v.published_on.is_(None), v.published_on <= newest),
        )
        .group_by(below.c.unit, v.kpi_code, v.month)
    )  # fmt: skip
