"""The table kpi_totals: what adds up of the indicators, for every region above the townships."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.pooling import ADDED_UP
from database.tables import kpi_totals, kpi_values, kpis
from database.tree import Tree

_NAMES = ("region_code", "kpi_code", "month", "numerator", "denominator")


def write_kpi_totals(connection: Connection, tree: Tree, changes: Mapping[str, date], *, as_of: date) -> None:
    """Add up anew the counties in `changes`, each from its month on, and the regions above; all, where none stands.

    Source: tables kpi_values and kpis, figures published by `as_of`; `database.extent.Extent.first_changes`.
    """
    wanted, since = tree.summed(), dict[str, date]()
    if not wanted:
        return
    if connection.scalar(sa.select(sa.literal(1)).select_from(kpi_totals).limit(1)) is None:
        changes = dict.fromkeys(wanted, date.min)
    for county, month in changes.items():
        for region in tree.upwards_from(county):
            since[region] = min(month, since.get(region, month))
    t = kpi_totals.c
    for region in (region for region in wanted if region in since):
        connection.execute(kpi_totals.delete().where(t.region_code == region, t.month >= since[region]))
        totals = kpi_totals_statement(tree, region, since[region], as_of)
        connection.execute(kpi_totals.insert().from_select(_NAMES, totals))


def kpi_totals_statement(tree: Tree, region: str, since: date, as_of: date) -> Select[Any]:
    """Add up the figures of a region's townships and the totals of its other parts, by indicator and month."""
    v, t = kpi_values.c, kpi_totals.c
    own = (
        sa.select(v.kpi_code, v.month, v.numerator, v.denominator)
        .join_from(kpi_values, kpis, kpis.c.code == v.kpi_code)
        .where(v.region_code.in_(tree.townships(region)), v.month >= since, kpis.c.kind.in_(ADDED_UP),
               sa.or_(v.published_on.is_(None), v.published_on <= as_of))
    )  # fmt: skip
    parts = sa.select(t.kpi_code, t.month, t.numerator, t.denominator).where(
        t.region_code.in_(tree.parts(region)), t.month >= since
    )
    every = sa.union_all(own, parts).subquery().c
    sums = sa.func.sum(every.numerator), sa.func.sum(every.denominator)
    return sa.select(sa.literal(region), every.kpi_code, every.month, *sums).group_by(every.kpi_code, every.month)
