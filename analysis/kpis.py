"""The value, the standing and the score of every indicator in every township, for one month.

Source: METHODS section 2, DOMAIN "Rates in use".
"""

from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.months import add_months
from analysis.ranks import competition_rank
from analysis.rules import MIN_DENOMINATOR, POOLED_MONTHS
from analysis.scoring import efficacy_score

Floats = npt.NDArray[np.float64]

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
    about = kpis.set_index("code")[["period", "kind", "unit"]]
    rows, is_now = _in_window(values, about, month)
    figures = {name: rows[name].to_numpy(dtype=np.float64) for name in ("numerator", "denominator", "value")}
    pairs = pd.MultiIndex.from_arrays([rows["region_code"], rows["kpi_code"]])
    keys = pairs.unique().sort_values()
    group = keys.get_indexer(pairs)
    region, code = keys.get_level_values(0), keys.get_level_values(1)
    numerator, denominator = (_sums(figures[name], group, len(keys)) for name in ("numerator", "denominator"))
    own = _sums(np.where(is_now, figures["value"], np.nan), group, len(keys))
    has_value = is_now & ~(np.isnan(figures["value"]) & np.isnan(figures["numerator"]))
    kind = about["kind"].reindex(code).to_numpy()
    ratio = _scales(about, code) * numerator / np.where(denominator > 0, denominator, np.nan)
    has_ratio = np.isin(kind, ("proportion", "rate")) & ~np.isnan(ratio)
    has_count = np.isin(kind, ("count", "amount")) & ~np.isnan(numerator)
    return pd.DataFrame(
        {
            "region_code": region,
            "kpi_code": code,
            "numerator": numerator,
            "denominator": denominator,
            "value": np.select([has_ratio, has_count], [ratio, numerator], own),
            "is_reported": np.bincount(group, has_value, len(keys)) > 0,
        }
    )


def _in_window(values: pd.DataFrame, about: pd.DataFrame, month: date) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """Keep the month's rows and, for flows, those of the 11 months before; tell which are the month's own."""
    first, now = (np.datetime64(day, "s") for day in (add_months(month, 1 - POOLED_MONTHS), month))
    months = values["month"].to_numpy(dtype="datetime64[s]")
    flows = set(about.index[about["period"] == "flow"])
    is_earlier = (months >= first) & (months < now) & values["kpi_code"].isin(flows).to_numpy()
    is_used = (months == now) | is_earlier
    return values[is_used], months[is_used] == now


def _sums(numbers: Floats, group: npt.NDArray[np.intp], groups: int) -> Floats:
    """Sum each group's numbers, NaN where it has none."""
    is_known = ~np.isnan(numbers)
    totals = np.bincount(group, np.where(is_known, numbers, 0.0), groups)
    return np.where(np.bincount(group, is_known, groups) > 0, totals, np.nan)


def _scales(about: pd.DataFrame, codes: Iterable[str]) -> Floats:
    """Return what n / N is multiplied by, for each code."""
    scale = {code: SCALE.get(unit, 1.0) for code, unit in about["unit"].items()}
    return np.array([scale.get(code, 1.0) for code in codes], dtype=np.float64)


def _cells(
    pooled: pd.DataFrame, kpis: pd.DataFrame, weights: pd.DataFrame, county: str, townships: Sequence[str]
) -> pd.DataFrame:
    """Lay the figures over every township and indicator, with the weights that hold there."""
    about = kpis.set_index("code")
    seen = pooled.loc[pooled["region_code"].isin(set(townships)), "kpi_code"]
    weighted = weights.loc[weights["weight"] > 0, "kpi_code"]
    codes = sorted({*weighted, *seen} & set(about.index))
    keys = [(township, code) for code in codes for township in townships]
    column = {"township_code": [key[0] for key in keys], "kpi_code": [key[1] for key in keys]}
    own = _taken(pooled, ("numerator", "denominator", "value", "is_reported"), keys)
    ends = _taken(weights, ("weight", "goal", "floor"), keys)
    default = _taken(weights, ("weight", "goal", "floor"), [(county, code) for _, code in keys])
    held = {name: np.where(np.isnan(ends[name]), default[name], ends[name]) for name in ends}
    named = {name: about[name].reindex(column["kpi_code"]).array for name in ("kind", "direction", "computed_from")}
    cells = pd.DataFrame({**column, **own, **held, **named, "scale": _scales(about, column["kpi_code"])})
    cells["is_reported"] = cells["is_reported"] == 1
    cells["weight"] = cells["weight"].fillna(0.0).where(cells["direction"].isin(("higher", "lower")), 0.0)
    return cells


def _taken(frame: pd.DataFrame, names: Sequence[str], keys: Iterable[tuple[str, str]]) -> dict[str, Floats]:
    """Return columns of a frame as floats at the given (region_code, kpi_code), NaN where it has none."""
    place = {key: i for i, key in enumerate(zip(frame["region_code"], frame["kpi_code"], strict=True))}
    at = [place.get(key, -1) for key in keys]
    return {name: np.append(frame[name].to_numpy(dtype=np.float64), np.nan)[at] for name in names}


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
    sign = np.select([cells["direction"] == "higher", cells["direction"] == "lower"], [1.0, -1.0], np.nan)
    rank = competition_rank(sign * value, within=cells["kpi_code"])
    return cells.assign(score=score.mask(cells["state"] == UNREPORTED, 0.0), rank=rank)
