"""Which figures of indicators are percentages: that depends on the indicator's unit."""

from collections.abc import Mapping

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.loading.findings import Flag, flagged
from database.tables import kpis

FIGURES = {"kpi_values": ("value",), "kpi_weights": ("goal", "floor")}
"""The columns of a table that are in the indicator's unit."""

PERCENT_SIGNS = ("%", "％")

ROUNDING = 0.006
"""How far a published value may lie from n / N: it is rounded to two decimals."""


class Units:
    """Unit and kind of every indicator, the files' word over the database's."""

    def __init__(self, connection: Connection, texts: Mapping[str, pd.DataFrame]) -> None:
        rows = connection.execute(sa.select(kpis.c.code, kpis.c.unit, kpis.c.kind)).all()
        about = pd.DataFrame(rows, columns=["code", "unit", "kind"], dtype=object).set_index("code")
        given = texts.get("kpis")
        if given is not None:
            new = given.dropna(subset="code").drop_duplicates("code").set_index("code")
            about = new.reindex(columns=["unit", "kind"]).astype(object).combine_first(about)
        self._about = about

    def percent_cells(self, table: str, text: pd.DataFrame) -> dict[str, pd.Series]:
        """Return, by column, which cells are percentages that their own row does not prove."""
        names = [name for name in FIGURES.get(table, ()) if name in text.columns]
        if not names or "kpi_code" not in text.columns:
            return {}
        is_percent = text["kpi_code"].map(self._about["unit"]).isin(PERCENT_SIGNS)
        return {name: is_percent & ~_told_by_parts(text) if name == "value" else is_percent for name in names}

    def is_share(self, codes: pd.Series) -> pd.Series:
        """Return which indicators are shares of a whole, in percent."""
        return (codes.map(self._about["kind"]) == "proportion") & codes.map(self._about["unit"]).isin(PERCENT_SIGNS)


def share_flags(frame: pd.DataFrame, units: Units) -> list[Flag]:
    """Return shares outside 0 to 100, and parts larger than their whole; `frame` is of kpi_values, typed."""
    is_share = units.is_share(frame["kpi_code"])
    flags: list[Flag] = []
    if "value" in frame.columns:
        outside = is_share & frame["value"].notna() & ~frame["value"].between(0, 100)
        flags += flagged("kpi_values", frame, outside, "value", "应在0到100之间")
    if {"numerator", "denominator"} <= set(frame.columns):
        is_above = is_share & (frame["numerator"] > frame["denominator"])
        flags += flagged("kpi_values", frame, is_above, "numerator", "分子大于分母")
    return flags


def _told_by_parts(text: pd.DataFrame) -> pd.Series:
    """Return which values are percentages beyond doubt: they equal 100 n / N of their own row."""
    if not {"numerator", "denominator", "value"} <= set(text.columns):
        return pd.Series(False, text.index)
    n, whole, value = (pd.to_numeric(text[name], errors="coerce") for name in ("numerator", "denominator", "value"))
    return ((100 * n / whole.where(whole > 0)) - value).abs() <= ROUNDING
