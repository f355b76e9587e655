"""Who has reported the indicators of a month; task reports are read by `queries.tasks.task_matrix`."""

from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.months import month_of
from analysis.scope import Scope
from database.tables import data_releases, departments, kpi_values, kpi_weights, kpis, regions
from queries.frames import DAY, FLAG, TEXT, read_frame
from queries.rankings import scheme_in_force
from queries.regions import township_codes

KPI_REPORTS = {"kpi_code": TEXT, "name": TEXT, "department": TEXT, "township_code": TEXT, "published_on": DAY,
               "is_reported": FLAG}  # fmt: skip


def kpi_reports(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Tell which townships have a figure of each reported indicator that counts, in the month of the as-of date.

    An indicator counts in a township where the scheme in force gives it a weight; computed ones need no report.

    Returns
    -------
    pd.DataFrame
        One row per (indicator, township of `scope`), by code and in the fixed order: kpi_code, name, department (the
        responsible one's name, NaN without), township_code (str), published_on (datetime64[s], NaT none), is_reported
        (bool: a value, or a numerator and a denominator, published by the newest release's as-of date). No scheme or no
        such indicator: no rows.

    Source: tables kpis, kpi_weights, kpi_values.
    """
    codes = township_codes(connection, scope)
    statement = kpi_reports_statement(scheme_in_force(connection, scope), month_of(scope.as_of), codes)
    frame = read_frame(connection, statement, KPI_REPORTS)
    place = frame["township_code"].map({code: i for i, code in enumerate(codes)})
    return frame.loc[frame.assign(place=place).sort_values(["kpi_code", "place"]).index].reset_index(drop=True)


def kpi_reports_statement(scheme: str | None, month: date, townships: list[str]) -> Select[Any]:
    """Select each reported indicator in each township where it has a weight, with the month's figure if it came."""
    k, v, r = kpis.c, kpi_values.c, regions.c
    own, default = kpi_weights.alias("own"), kpi_weights.alias("default_weight")
    newest = sa.select(data_releases.c.as_of).order_by(data_releases.c.id.desc()).limit(1).scalar_subquery()
    is_known = sa.or_(v.published_on.is_(None), v.published_on <= newest)
    has_figure = sa.or_(v.value.is_not(None), v.numerator.is_not(None) & v.denominator.is_not(None))
    weight = sa.func.coalesce(own.c.weight, default.c.weight)
    figure = sa.and_(v.region_code == r.code, v.kpi_code == k.code, v.month == month, is_known, has_figure)
    own_weight = sa.and_(own.c.region_code == r.code, own.c.scheme == scheme, own.c.kpi_code == k.code)
    of_county = sa.and_(
        default.c.region_code == r.parent_code, default.c.scheme == scheme, default.c.kpi_code == k.code
    )
    return (
        sa.select(
            k.code.label("kpi_code"),
            sa.func.coalesce(k.name, k.code).label("name"),
            departments.c.name.label("department"),
            r.code.label("township_code"),
            v.published_on,
            v.kpi_code.is_not(None).label("is_reported"),
        )
        .select_from(kpis)
        .join(regions, sa.true())
        .outerjoin(own, own_weight)
        .outerjoin(default, of_county)
        .outerjoin(kpi_values, figure)
        .outerjoin(departments, departments.c.code == k.department_code)
        .where(k.computed_from.is_(None), k.direction != "neutral", weight > 0, r.code.in_(townships))
    )
