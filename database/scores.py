"""The table kpi_scores: the composite ranking of every county, month by month."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.kpis import judged_kpis
from analysis.months import add_months, month_end
from analysis.rules import POOLED_MONTHS
from analysis.standings import draw_seed, standings
from database.bulk import insert_frame
from database.tables import kpi_scores, kpi_values, kpi_weights, kpis, schemes
from database.tree import Tree

LOOK_BACK = 2 * POOLED_MONTHS
"""Months before the scored one whose figures it needs: the pooled ones, and as many for implied goalposts."""


def write_scores(
    connection: Connection,
    tree: Tree,
    months: Sequence[date],
    *,
    since: Mapping[str, date],
    as_of: date,
    tick: Callable[[], None] = lambda: None,
) -> None:
    """Write the rankings of some counties for `months`, what stood there being cleared away.

    Every township of a county is ranked, whichever was touched: a rank is a fact of the whole set. A month is scored
    under the scheme that is valid on its last day; a figure published after `as_of` does not exist yet.

    Parameters
    ----------
    since
        The counties to be ranked, each with the month from which it is.
    tick
        Called once per month.

    Source: tables kpi_values, kpis, kpi_weights, schemes; METHODS section 2.
    """
    if not months:
        return
    about, valid = _kpis(connection), _schemes(connection)
    weights = {code: _weights(connection, code) for code in valid["code"]}
    values = _values(connection, tree, sorted(since), add_months(months[0], -LOOK_BACK), as_of)
    for month in months:
        for scheme in _in_force(valid, month):
            for county in sorted(values):
                if since[county] <= month:
                    own = values[county]
                    _write_month(connection, scheme, month, county, tree.townships(county), about, weights[scheme], own)
        tick()


def clear_scores(connection: Connection, tree: Tree, since: Mapping[str, date]) -> None:
    """Delete the rankings of counties, of the months from the given first day of each on."""
    s = kpi_scores.c
    for month in sorted(set(since.values())):
        towns = [town for county in since if since[county] == month for town in tree.townships(county)]
        connection.execute(kpi_scores.delete().where(s.region_code.in_(towns), s.month >= month))


def _write_month(
    connection: Connection,
    scheme: str,
    month: date,
    county: str,
    townships: list[str],
    about: pd.DataFrame,
    weights: pd.DataFrame,
    values: pd.DataFrame,
) -> None:
    low = pd.Timestamp(add_months(month, -LOOK_BACK))
    window = values[values["month"] >= low]
    judged = judged_kpis(window, about, weights, month=month, county=county, townships=townships)
    if judged.empty or not (judged["weight"] > 0).any():
        return
    found = standings(judged, seed=draw_seed(scheme, month)).rename(columns={"township_code": "region_code"})
    insert_frame(connection, kpi_scores, found.assign(scheme=scheme, month=pd.Timestamp(month)))


def _kpis(connection: Connection) -> pd.DataFrame:
    names = ("code", "unit", "direction", "kind", "period", "computed_from")
    rows = connection.execute(sa.select(*(kpis.c[name] for name in names))).all()
    return pd.DataFrame(rows, columns=list(names))


def _schemes(connection: Connection) -> pd.DataFrame:
    s = schemes.c
    rows = connection.execute(sa.select(s.code, s.valid_from, s.valid_to).order_by(s.code)).all()
    return pd.DataFrame(rows, columns=["code", "valid_from", "valid_to"])


def _in_force(valid: pd.DataFrame, month: date) -> list[str]:
    """Return the schemes valid on the month's last day; open ends are open."""
    day = month_end(month)
    rows = zip(valid["code"], valid["valid_from"], valid["valid_to"], strict=True)
    return [code for code, start, end in rows if (start is None or start <= day) and (end is None or day <= end)]


def _weights(connection: Connection, scheme: str) -> pd.DataFrame:
    names = ("region_code", "kpi_code", "weight", "goal", "floor")
    statement = sa.select(*(kpi_weights.c[name] for name in names)).where(kpi_weights.c.scheme == scheme)
    frame = pd.DataFrame(connection.execute(statement).all(), columns=list(names))
    return frame.astype({"weight": "float64", "goal": "float64", "floor": "float64"})


def _values(
    connection: Connection, tree: Tree, counties: Sequence[str], since: date, as_of: date
) -> dict[str, pd.DataFrame]:
    """Read the figures of the counties' townships, known by `as_of`, of the months from `since` on: a frame each."""
    v, county = kpi_values.c, {town: county for county in counties for town in tree.townships(county)}
    statement = sa.select(v.region_code, v.kpi_code, v.month, v.numerator, v.denominator, v.value).where(
        v.month >= since, sa.or_(v.published_on.is_(None), v.published_on <= as_of)
    )
    if set(counties) != set(tree.counties()):
        statement = statement.where(v.region_code.in_(list(county)))
    names = ["region_code", "kpi_code", "month", "numerator", "denominator", "value"]
    frame = pd.DataFrame(connection.execute(statement).all(), columns=names)
    typed = frame.astype({"month": "datetime64[s]"} | dict.fromkeys(names[3:], "float64"))
    grouped = dict(iter(typed.groupby(typed["region_code"].map(county), sort=False)))
    return {code: grouped.get(code, typed.iloc[:0]) for code in counties}
