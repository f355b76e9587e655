"""The figures of indicators by township and month: what a month is judged by, and what a 波动判断图 draws.

A figure published after the newest as-of date does not exist yet; the scores were computed so.
"""

from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.months import add_months
from analysis.rules import POOLED_MONTHS
from database.tables import data_releases, kpi_values, kpis
from queries.frames import DAY, MEASURE, TEXT, as_sent, read_frame
from queries.once import is_looking, once

VALUES = {"region_code": TEXT, "kpi_code": TEXT, "month": DAY, "numerator": MEASURE, "denominator": MEASURE,
          "value": MEASURE}  # fmt: skip


def drawn_months(connection: Connection, month: date, townships: list[str]) -> pd.DataFrame:
    """Return the figures that series are drawn from: flow and to-date indicators, every month up to one.

    Who looks at more than one table of indicators reads all of them once; they hold a few figures that nothing draws.

    Returns
    -------
    pd.DataFrame
        One row per (township, indicator, month) with a figure, unordered: region_code, kpi_code (str), month
        (datetime64[s]), numerator, denominator, value (float64).

    Source: table kpi_values.
    """
    if is_looking(connection):
        return _every_month(connection, month, townships)
    return read_frame(connection, drawn_statement(month, townships), VALUES)


def judged_months(connection: Connection, month: date, townships: list[str], *, with_year_before: bool) -> pd.DataFrame:
    """Return the figures that a month's judgement needs: the pooled months, as many more for implied goalposts.

    Returns
    -------
    pd.DataFrame
        As `drawn_months`.

    Source: table kpi_values.
    """
    if not is_looking(connection):
        return read_frame(connection, judged_statement(month, townships, with_year_before=with_year_before), VALUES)
    every = _every_month(connection, month, townships)
    return every[every["month"] > pd.Timestamp(_before(month, with_year_before=with_year_before))]


def months_statement(month: date, townships: list[str]) -> Select[Any]:
    """Select every figure of some townships up to a month."""
    v = kpi_values.c
    newest = sa.select(sa.func.max(data_releases.c.as_of)).scalar_subquery()
    is_known = sa.or_(v.published_on.is_(None), v.published_on <= newest)
    columns = (as_sent(v.month).label(name) if name == "month" else v[name] for name in VALUES)
    return sa.select(*columns).where(v.region_code.in_(townships), v.month <= month, is_known)


def drawn_statement(month: date, townships: list[str]) -> Select[Any]:
    """Select of `months_statement` what series are drawn from."""
    of_kpi = kpis.c.code == kpi_values.c.kpi_code
    return months_statement(month, townships).join(kpis, of_kpi).where(kpis.c.period.in_(["flow", "to_date"]))


def judged_statement(month: date, townships: list[str], *, with_year_before: bool) -> Select[Any]:
    """Select of `months_statement` what a month's judgement needs."""
    v = kpi_values.c
    is_used = sa.or_(kpis.c.period == "flow", v.month == month, sa.literal(with_year_before))
    return (
        months_statement(month, townships)
        .join(kpis, kpis.c.code == v.kpi_code)
        .where(v.month > _before(month, with_year_before=with_year_before), is_used)
    )


def _every_month(connection: Connection, month: date, townships: list[str]) -> pd.DataFrame:
    asked = ("kpi months", month, tuple(townships))
    return once(connection, asked, lambda: read_frame(connection, months_statement(month, townships), VALUES))


def _before(month: date, *, with_year_before: bool) -> date:
    """Return the month before the first that a judgement needs."""
    return add_months(month, -POOLED_MONTHS * (2 if with_year_before else 1))
