"""The table kpi_scores: the composite ranking of every county, month by month."""

from collections.abc import Callable, Sequence
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
    as_of: date,
    tick: Callable[[], None] = lambda: None,
) -> None:
    """Write the ranking of every county for `months`, what stood there being cleared away.

    Every township of a county is ranked, whichever was touched: a rank is a fact of the whole set. A month is scored
    under the scheme that is valid on its last day; a figure published after `as_of` does not exist yet.

    Parameters
    ----------
    tick
        Called once per month.

    Source: tables kpi_values, kpis, kpi_weights, schemes; METHODS section 2.
    """
    if not months:
        return
    about, valid = _kpis(connection), _schemes(connection)
    weights = {code: _weights(connection, code) for code in valid["code"]}
    values = _values(connection, add_months(months[0], -LOOK_BACK), as_of)
    for month in months:
        for scheme in _in_force(valid, month):
            for county in tree.counties():
                _write_month(connection, scheme, month, county, tree.townships(county), about, weights[scheme], values)
        tick()


def clear_scores(connection: Connection, since: date | None) -> None:
    """Delete the rankings of the months from `since` (a first day) on, or of all months."""
    connection.execute(kpi_scores.delete().where(*([] if since is None else [kpi_scores.c.month >= since])))


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
    window = values[(values["month"] >= low) & values["region_code"].isin(townships)]
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


def _values(connection: Connection, since: date, as_of: date) -> pd.DataFrame:
    v = kpi_values.c
    statement = sa.select(v.region_code, v.kpi_code, v.month, v.numerator, v.denominator, v.value).where(
        v.month >= since, sa.or_(v.published_on.is_(None), v.published_on <= as_of)
    )
    names = ["region_code", "kpi_code", "month", "numerator", "denominator", "value"]
    frame = pd.DataFrame(connection.execute(statement).all(), columns=names)
    return frame.astype(
        {"month": "datetime64[s]", "numerator": "float64", "denominator": "float64", "value": "float64"}
    )
