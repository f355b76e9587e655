"""The value, the standing and the score of every indicator in every township, for one month.

Source: METHODS section 2, DOMAIN "Rates in use".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.months import add_months
from analysis.pooling import SCALE, of_kpis, pooled_values, scales
from analysis.ranks import competition_rank
from analysis.remembered import remembered
from analysis.rules import MIN_DENOMINATOR, POOLED_MONTHS
from analysis.scoring import signed_score

__all__ = ["COLUMNS", "SCALE", "STATE_WORDS", "judged_kpis", "pooled_values"]

Floats = npt.NDArray[np.float64]

JUDGED, UNREPORTED, SMALL, NONE = "judged", "unreported", "small", "none"
STATE_WORDS = {
    JUDGED: "",
    UNREPORTED: "未报送，计0分",
    SMALL: f"基数小（不足{MIN_DENOMINATOR}件），不排名",
    NONE: "无此项业务",
}

COLUMNS = ("township_code", "kpi_code", "numerator", "denominator", "value", "state", "score", "rank",
           "weight", "goal", "floor", "kind", "scale")  # fmt: skip


@remembered
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
    _fill_implied_ends(cells, values[values["region_code"].isin(townships)], kpis, month)
    score, rank = _scored(cells)
    columns: dict[str, Any] = {
        "township_code": np.tile(np.array(townships, dtype=object), len(cells.codes)),
        "kpi_code": cells.per_kpi(cells.codes),
        "numerator": cells.numerator,
        "denominator": cells.denominator,
        "value": cells.value,
        "state": cells.state,
        "score": score,
        "rank": rank,
        "weight": cells.weight,
        "goal": cells.goal,
        "floor": cells.floor,
        "kind": cells.per_kpi(cells.kind),
        "scale": cells.per_kpi(cells.scale),
    }
    return pd.DataFrame({name: _typed(columns[name]) for name in COLUMNS})


def _typed(column: npt.NDArray[Any]) -> Any:
    """Give texts the type of text; numbers stay what they are."""
    return pd.array(column, dtype="str") if column.dtype == object else column


@dataclass
class _Cells:
    """Every indicator in every township, indicator by indicator: arrays of codes x townships, flat; some per KPI."""

    codes: npt.NDArray[np.object_]
    townships: int
    kind: npt.NDArray[np.object_]
    direction: npt.NDArray[np.object_]
    is_computed: npt.NDArray[np.bool_]
    scale: Floats
    numerator: Floats
    denominator: Floats
    value: Floats
    weight: Floats
    goal: Floats
    floor: Floats
    state: npt.NDArray[np.object_]

    def per_kpi(self, column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Repeat what is said of each indicator for all of its townships."""
        return np.repeat(column, self.townships)


def _cells(
    pooled: pd.DataFrame, kpis: pd.DataFrame, weights: pd.DataFrame, county: str, townships: Sequence[str]
) -> _Cells:
    """Lay the figures over every township and indicator, with the weights that hold there."""
    among, known = set(townships), set(kpis["code"])
    rows = zip(pooled["region_code"].tolist(), pooled["kpi_code"].tolist(), strict=True)
    seen = {code for region, code in rows if region in among}
    weighted = weights["kpi_code"][weights["weight"].to_numpy() > 0].tolist()
    codes = np.array(sorted({*weighted, *seen} & known), dtype=object)
    places, count = _places(pooled, codes, townships), len(townships)
    numerator, denominator, value, reported = (
        _laid(pooled, name, places, len(codes) * count) for name in ("numerator", "denominator", "value", "is_reported")
    )
    own, default = _places(weights, codes, townships), _places(weights, codes, [county])
    weight, goal, floor = (
        _held(_laid(weights, name, own, len(codes) * count), _laid(weights, name, default, len(codes)), count)
        for name in ("weight", "goal", "floor")
    )
    direction, kind = (of_kpis(kpis, name, codes) for name in ("direction", "kind"))
    is_scored = np.repeat(np.isin(direction, ("higher", "lower")), count)
    computed = np.array([isinstance(name, str) for name in of_kpis(kpis, "computed_from", codes)], dtype=np.bool_)
    cells = _Cells(
        codes, count, kind, direction, computed, scales(kpis, codes), numerator, denominator, value,
        np.where(is_scored, np.nan_to_num(weight), 0.0), goal, floor, np.empty(0, dtype=object),
    )  # fmt: skip
    cells.state = _states(cells, reported == 1)
    cells.value = np.where(cells.state != NONE, cells.value, np.nan)
    return cells


def _places(frame: pd.DataFrame, codes: npt.NDArray[np.object_], regions: Sequence[str]) -> npt.NDArray[np.intp]:
    """Return where each row's indicator and region stand among codes x regions; -1 for rows of others."""
    code, region = ({name: i for i, name in enumerate(names)} for names in (codes, regions))
    rows = zip(frame["kpi_code"].tolist(), frame["region_code"].tolist(), strict=True)
    found = [code[k] * len(region) + region[r] if k in code and r in region else -1 for k, r in rows]
    return np.array(found, dtype=np.intp)


def _laid(frame: pd.DataFrame, name: str, places: npt.NDArray[np.intp], size: int) -> Floats:
    """Lay a column of numbers at its places, NaN where there is none."""
    laid = np.full(size + 1, np.nan)
    laid[places] = frame[name].to_numpy(dtype=np.float64)
    return laid[:-1]


def _held(own: Floats, default: Floats, townships: int) -> Floats:
    """Return each township's own figure, else its county's."""
    return np.where(np.isnan(own), np.repeat(default, townships), own)


def _states(cells: _Cells, is_reported: npt.NDArray[np.bool_]) -> npt.NDArray[np.object_]:
    """Tell what can be said of each cell: judged, unreported (counts 0), small or none (drop out)."""
    anybody = np.asarray(is_reported.reshape(len(cells.codes), cells.townships).any(axis=1))
    is_stale = ~cells.per_kpi(cells.is_computed) & ~is_reported
    is_missing = is_stale & cells.per_kpi(anybody) & (cells.weight > 0)
    is_small = cells.per_kpi(np.isin(cells.kind, ("proportion", "rate")))
    is_small &= (cells.denominator > 0) & (cells.denominator < MIN_DENOMINATOR)
    rules = [is_missing, is_small, np.isnan(cells.value) | is_stale]
    words = [np.array(word, dtype=object) for word in (UNREPORTED, SMALL, NONE, JUDGED)]
    return np.select(rules, words[:3], words[3])


def _fill_implied_ends(cells: _Cells, values: pd.DataFrame, kpis: pd.DataFrame, month: date) -> None:
    """Fill missing ends with the best and worst of the 12 months before, of the values given (those of the county)."""
    lacks = (cells.weight > 0) & (np.isnan(cells.goal) | np.isnan(cells.floor))
    if not lacks.any():
        return
    codes = set(cells.per_kpi(cells.codes)[lacks])
    before = values[values["kpi_code"].isin(codes)]
    months = [pooled_values(before, kpis, month=add_months(month, -i)) for i in range(1, POOLED_MONTHS + 1)]
    seen = pd.concat(months).groupby("kpi_code")["value"].agg(["min", "max"])
    low, high = (cells.per_kpi(seen[end].reindex(cells.codes).to_numpy(dtype=np.float64)) for end in ("min", "max"))
    is_higher = cells.per_kpi(np.isin(cells.direction, ("higher",)))
    cells.goal = np.where(lacks & np.isnan(cells.goal), np.where(is_higher, high, low), cells.goal)
    cells.floor = np.where(lacks & np.isnan(cells.floor), np.where(is_higher, low, high), cells.floor)


def _scored(cells: _Cells) -> tuple[Floats, Floats]:
    """Score each cell, and rank the townships within each indicator."""
    sides = np.select([cells.direction == "higher", cells.direction == "lower"], [1.0, -1.0], np.nan)
    value, sign = np.where(cells.state == JUDGED, cells.value, np.nan), cells.per_kpi(sides)
    score = signed_score(value, cells.goal, cells.floor, sign)
    within = pd.Series(np.repeat(np.arange(len(cells.codes)), cells.townships))
    rank = competition_rank(pd.Series(sign * value), within=within)
    return np.where(cells.state == UNREPORTED, 0.0, score), rank.to_numpy()
