"""The value, the standing and the score of every indicator in every township, for one month.

Source: METHODS section 2, DOMAIN "Rates in use".
"""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from analysis.months import add_months
from analysis.ranks import competition_rank
from analysis.rules import MIN_DENOMINATOR, POOLED_MONTHS
from analysis.scoring import efficacy_score

SCALE = {"%": 100.0, "件/万人": 10_000.0}
"""What numerator / denominator is multiplied by to be in the indicator's unit; 1 for any other."""

JUDGED, UNREPORTED, SMALL, NONE = "judged", "unreported", "small", "none"
STATE_WORDS = {
    JUDGED: "",
    UNREPORTED: "未报送，计0分",
    SMALL: f"基数小（不足{MIN_DENOMINATOR}件），不排名",
    NONE: "无此项业务",
}

COLUMNS = ("township_code", "kpi_code", "numerator", "denominator", "value", "state", "score", "rank",
           "weight", "goal", "floor", "kind", "scale")  # fmt: skip


def judged_kpis(
    values: pd.DataFrame,
    kpis: pd.DataFrame,
    weights: pd.DataFrame,
    *,
    month: date,
    county: str,
    townships: Sequence[str],
) -> pd.DataFrame:
    """Judge every indicator in every township of one county for one month.

    Parameters
    ----------
    values : pd.DataFrame
        Rows of kpi_values (region_code, kpi_code, month, numerator, denominator, value): the 12 months up to `month`,
        and 12 more where goalposts are implied; other months are ignored.
    kpis : pd.DataFrame
        Rows of kpis (code, unit, direction, kind, period, computed_from).
    weights : pd.DataFrame
        Rows of kpi_weights of one scheme (region_code, kpi_code, weight, goal, floor); the county row is the default.
    month : date
        First day of the month.
    county, townships
        The whole set that is compared, in its fixed order.

    Returns
    -------
    pd.DataFrame
        One row per (kpi_code, township_code), ordered by code and as `townships`: numerator, denominator (flow
        indicators pooled over 12 months), value (in the unit), state (judged, unreported, small, none), score (0-100; 0
        for unreported, NaN for small and none, and for neutral ones), rank (1 = best, of those judged), weight (0 =
        watched only), goal, floor, kind, scale. Indicators without weight and without any township value are left out.

    Source: tables kpi_values, kpi_weights; METHODS section 2.
    """
    cells = _cells(pooled_values(values, kpis, month=month), kpis, weights, county, townships)
    cells["state"] = _states(cells)
    cells["value"] = cells["value"].where(cells["state"] != NONE)
    return _scored(_with_implied_ends(cells, values, kpis, month))[list(COLUMNS)]


def pooled_values(values: pd.DataFrame, kpis: pd.DataFrame, *, month: date) -> pd.DataFrame:
    """Return each indicator's figures as of one month: flows pooled over 12 months, others of that month alone.

    Returns
    -------
    pd.DataFrame
        One row per (region_code, kpi_code) with any value in its window: numerator, denominator, value (in the unit,
        float64, NaN unknown), is_reported (the month itself has a value), ordered by both.

    Source: table kpi_values; COUNTY "KPIs".
    """
    about = kpis.set_index("code")
    rows = values[
        (values["month"] <= pd.Timestamp(month)) & (values["month"] > pd.Timestamp(add_months(month, -POOLED_MONTHS)))
    ]
    is_now = rows["month"] == pd.Timestamp(month)
    rows = rows.assign(is_now=is_now)[is_now | (rows["kpi_code"].map(about["period"]) == "flow")]
    has_value = rows["value"].notna() | rows["numerator"].notna()
    rows = rows.assign(now=rows["value"].where(rows["is_now"]), is_reported=rows["is_now"] & has_value)
    groups = rows.groupby(["region_code", "kpi_code"])
    sums = groups[["numerator", "denominator"]].sum(min_count=1).reset_index()
    sums["now"] = groups["now"].max().to_numpy()
    sums["is_reported"] = groups["is_reported"].any().to_numpy()
    kind, scale = sums["kpi_code"].map(about["kind"]), sums["kpi_code"].map(about["unit"].map(SCALE)).fillna(1.0)
    ratio = scale * sums["numerator"] / sums["denominator"].where(sums["denominator"] > 0)
    counts = sums["numerator"].where(kind.isin(("count", "amount")))
    sums["value"] = ratio.where(kind.isin(("proportion", "rate"))).fillna(counts).fillna(sums["now"])
    return sums.drop(columns="now")


def _cells(
    pooled: pd.DataFrame, kpis: pd.DataFrame, weights: pd.DataFrame, county: str, townships: Sequence[str]
) -> pd.DataFrame:
    """Lay the figures over every township and indicator, with the weights that hold there."""
    pooled = pooled[pooled["region_code"].isin(townships)].rename(columns={"region_code": "township_code"})
    about = kpis.set_index("code")
    weighted = weights.loc[weights["weight"] > 0, "kpi_code"]
    codes = sorted({*weighted, *pooled["kpi_code"]} & set(about.index))
    grid = pd.MultiIndex.from_product([codes, list(townships)], names=["kpi_code", "township_code"])
    cells = grid.to_frame(index=False).merge(pooled, on=["kpi_code", "township_code"], how="left")
    for name in ("kind", "direction", "computed_from"):
        cells[name] = cells["kpi_code"].map(about[name])
    cells["scale"] = cells["kpi_code"].map(about["unit"].map(SCALE)).fillna(1.0)
    cells["is_reported"] = cells["is_reported"].eq(True)
    return _with_weights(cells, weights, county)


def _with_weights(cells: pd.DataFrame, weights: pd.DataFrame, county: str) -> pd.DataFrame:
    """Add weight, goal and floor: the township's own where it has one, else the county's, column by column."""
    ends = weights.set_index(["region_code", "kpi_code"])[["weight", "goal", "floor"]].astype("float64")
    default = pd.MultiIndex.from_arrays([[county] * len(cells), cells["kpi_code"]])
    own = pd.MultiIndex.from_arrays([cells["township_code"], cells["kpi_code"]])
    found = ends.reindex(own).reset_index(drop=True).fillna(ends.reindex(default).reset_index(drop=True))
    found["weight"] = found["weight"].fillna(0.0).where(cells["direction"].isin(("higher", "lower")), 0.0)
    return cells.join(found)


def _states(cells: pd.DataFrame) -> pd.Series:
    """Tell what can be said of each cell: judged, unreported (counts 0), small or none (drop out)."""
    is_reporting = cells.groupby("kpi_code")["is_reported"].transform("any")
    is_missing = cells["computed_from"].isna() & ~cells["is_reported"] & is_reporting & (cells["weight"] > 0)
    has_ratio = cells["kind"].isin(("proportion", "rate")) & cells["denominator"].notna()
    is_small = has_ratio & (cells["denominator"] > 0) & (cells["denominator"] < MIN_DENOMINATOR)
    is_stale = cells["computed_from"].isna() & ~cells["is_reported"]
    states = np.select([is_missing, is_small, cells["value"].isna() | is_stale], [UNREPORTED, SMALL, NONE], JUDGED)
    return pd.Series(states, index=cells.index)


def _with_implied_ends(cells: pd.DataFrame, values: pd.DataFrame, kpis: pd.DataFrame, month: date) -> pd.DataFrame:
    """Fill missing ends with the best and worst of the 12 months before."""
    lacks = (cells["weight"] > 0) & (cells["goal"].isna() | cells["floor"].isna())
    if not lacks.any():
        return cells
    townships, codes = set(cells["township_code"]), set(cells.loc[lacks, "kpi_code"])
    before = values[values["region_code"].isin(townships) & values["kpi_code"].isin(codes)]
    months = [pooled_values(before, kpis, month=add_months(month, -i)) for i in range(1, POOLED_MONTHS + 1)]
    seen = pd.concat(months).groupby("kpi_code")["value"].agg(["min", "max"])
    low, high = cells["kpi_code"].map(seen["min"]), cells["kpi_code"].map(seen["max"])
    is_higher = cells["direction"] == "higher"
    cells["goal"] = cells["goal"].fillna(high.where(is_higher, low).where(lacks))
    cells["floor"] = cells["floor"].fillna(low.where(is_higher, high).where(lacks))
    return cells


def _scored(cells: pd.DataFrame) -> pd.DataFrame:
    """Score each cell, and rank the townships within each indicator."""
    value, score = cells["value"].where(cells["state"] == JUDGED), pd.Series(np.nan, index=cells.index)
    for direction in ("higher", "lower"):
        mine = cells["direction"] == direction
        ends = {"goal": cells.loc[mine, "goal"], "floor": cells.loc[mine, "floor"]}
        score[mine] = efficacy_score(value[mine], **ends, direction=direction)
    sign = cells["direction"].map({"higher": 1.0, "lower": -1.0})
    rank = competition_rank(sign * value, within=cells["kpi_code"])
    return cells.assign(score=score.mask(cells["state"] == UNREPORTED, 0.0), rank=rank)
