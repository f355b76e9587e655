"""Control charts (波动判断图): a month out of the ordinary, or the usual ups and downs.

Source: METHODS section 3. XmR as in NHS England's Making Data Count (NHSRplotthedots); p' of Laney 2002.
"""

from collections.abc import Hashable, Iterable
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.control_rules import MIN_POINTS, Floats, Names, Signs, baseline_limits, flags
from analysis.wording import number

MIN_MEAN_COUNT = 5
_FALSE_ALARM_SHARE = 0.02

GOOD_SIDE = {"increase": 1, "decrease": -1, "neutral": 0}
DIRECTIONS = {"higher": "increase", "lower": "decrease", "neutral": "neutral"}
"""The direction of a KPI as the table kpis has it -> as a chart takes it."""


class Variation(StrEnum):
    """What the latest point says."""

    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEUTRAL_HIGH = "neutral_high"
    NEUTRAL_LOW = "neutral_low"
    COMMON = "common"
    TOO_FEW = "too_few"
    SPARSE = "sparse"


class Assurance(StrEnum):
    """What the target may expect of the process as it runs now."""

    FAIL = "fail"
    PASS = "pass"  # noqa: S105
    CHANCE = "chance"
    NONE = "none"


SPARSE_CAPTION = f"月均不足{MIN_MEAN_COUNT}件，按季度或全县判断"
VARIATION_CAPTIONS: dict[Variation, str] = {
    Variation.COMMON: "波动属正常范围，不必逐月追问",
    Variation.IMPROVEMENT: "出现异常好转，建议总结经验",
    Variation.CONCERN: "出现异常变差，建议查明原因",
    Variation.NEUTRAL_HIGH: "出现异常偏高，升降本身不分好坏，建议了解原因",
    Variation.NEUTRAL_LOW: "出现异常偏低，升降本身不分好坏，建议了解原因",
    Variation.TOO_FEW: f"数据不足{MIN_POINTS}期，暂不判断",
    Variation.SPARSE: SPARSE_CAPTION,
}
ASSURANCE_CAPTIONS: dict[Assurance, str] = {
    Assurance.FAIL: "照目前做法，目标达不到",
    Assurance.PASS: "可以稳定达到",
    Assurance.CHANCE: "时好时坏，达标靠运气",
    Assurance.NONE: "",
}


def xmr(
    values: pd.Series,
    *,
    direction: str,
    target: float | None = None,
    rebase_at: Iterable[Hashable | date] = (),
    baseline_points: int | None = None,
    screen: bool = True,
    excluded: Iterable[Hashable | date] = (),
    denominators: pd.Series | None = None,
) -> pd.DataFrame:
    """Place each point of one series among its usual ups and downs.

    Parameters
    ----------
    values : pd.Series
        One value per month (or quarter) in date order, without the current part month; a flow, never a running total
        (see `monthly_increments`). NaN = missing: it keeps its slot, breaks runs and makes no moving range; so does a
        month that dates in the index skip.
    direction : str
        Which way is better: increase, decrease or neutral.
    target : float, optional
        For `assurance`; it moves no limit.
    rebase_at : labels of the index
        Limits start afresh from each of them; chosen by hand, never by the data.
    baseline_points : int, optional
        Only so many first points of each group set the mean and the limits.
    screen : bool
        Leave moving ranges of 3.267 times their mean or more out of it, once.
    excluded : labels of the index
        Points that stay drawn and enter no mean, moving range or run; they get no signal.
    denominators : pd.Series, optional
        Of proportions (values 0 to 1): limits are then p', wider where the denominator is small. 0 = no point.

    Returns
    -------
    pd.DataFrame
        One row per value, indexed like `values`: value, mean, lower, upper (float64, the unit of `values`, not
        clamped: see `drawn_limits`), rule (outside, trend, two_of_three, shift, common), signal (improvement, concern,
        neutral_high, neutral_low, common). A group of fewer than 13 points has a mean, NaN limits and no signal.
        `.attrs` direction, target, excluded. No rows for no values.

    Raises
    ------
    ValueError
        For an unknown direction, an index that does not rise, an excluded label that is not there, infinite values,
        proportions outside 0..1, or fewer than two baseline points.

    Source: METHODS section 3.
    """
    left_out = _labels(values.index, excluded)
    _check(values, direction, left_out, baseline_points)
    slots = _slots(values.index)
    points = values.to_numpy(dtype=np.float64, copy=True)
    sizes = None if denominators is None else _sizes(values, denominators)
    if sizes is not None:
        points[sizes == 0] = np.nan
    counted = _laid_out(np.where(values.index.isin(left_out), np.nan, points), slots)
    found = np.full((3, len(counted)), np.nan)
    rules, ways = np.full(len(counted), "common", dtype=object), np.zeros(len(counted), dtype=np.intp)
    laid_sizes = None if sizes is None else _laid_out(sizes, slots)
    for start, end in pairwise(_bounds(values.index, slots, _labels(values.index, rebase_at), len(counted))):
        group = slice(start, end)
        points_of, sizes_of = counted[None, group], None if laid_sizes is None else laid_sizes[None, group]
        centre, width = baseline_limits(points_of, sizes=sizes_of, baseline_points=baseline_points, screen=screen)
        found[0, group], found[1, group], found[2, group] = centre, centre - width[0], centre + width[0]
        rules[group], ways[group] = (each[0] for each in flags(points_of, centre, width))
    columns = {"value": points, **dict(zip(("mean", "lower", "upper"), found[:, slots], strict=True))}
    chart = pd.DataFrame({**columns, "rule": rules[slots]}, index=values.index)
    chart["signal"] = signals(rules[slots], ways[slots], good=GOOD_SIDE[direction])
    chart.attrs = {"direction": direction, "target": target, "excluded": tuple(left_out)}
    return chart.astype({"rule": "str", "signal": "str"})


def variation(chart: pd.DataFrame) -> Variation:
    """Say what the latest point of a chart of `xmr` that is neither missing nor excluded says."""
    latest = _judged(chart).tail(1)
    if latest["upper"].isna().all():
        return Variation.TOO_FEW
    return Variation(latest["signal"].iloc[0])


def assurance(chart: pd.DataFrame) -> Assurance:
    """Hold the target of a chart of `xmr` against the limits of its latest point.

    A process that never varies and sits exactly on the target passes. NONE without a target, for a neutral direction,
    and where the limits are not known.
    """
    latest = _judged(chart).tail(1)
    if latest.empty:
        return Assurance.NONE
    ends = float(latest["lower"].iloc[0]), float(latest["upper"].iloc[0])
    return assured(chart.attrs["target"], *ends, good=GOOD_SIDE[chart.attrs["direction"]])


def assured(target: float | None, lower: float, upper: float, *, good: int) -> Assurance:
    """Hold a target against limits; `good` is the side on which it is met: 1 above, -1 below, 0 neither."""
    if target is None or np.isnan(target) or good == 0 or np.isnan(upper):
        return Assurance.NONE
    if lower == upper == target:
        return Assurance.PASS
    if lower <= target <= upper:
        return Assurance.CHANCE
    return Assurance.FAIL if (target > upper) == (good > 0) else Assurance.PASS


def signals(rules: Names, ways: Signs, *, good: int | npt.NDArray[np.integer[Any]]) -> Names:
    """Return what `analysis.control_rules.flags` says; `good` as for `assured`. Arrays broadcast."""
    better = np.where(ways == good, Variation.IMPROVEMENT.value, Variation.CONCERN.value)
    neutral = np.where(ways > 0, Variation.NEUTRAL_HIGH.value, Variation.NEUTRAL_LOW.value)
    names = np.where(np.equal(good, 0), neutral, better)
    return np.where(rules == "common", Variation.COMMON.value, names).astype(object)


def drawn_limits(chart: pd.DataFrame, *, ceiling: float = np.inf) -> pd.DataFrame:
    """Return the chart with its limits clamped to what can happen: 0 to `ceiling` (1 or 100 for a proportion)."""
    return chart.assign(lower=chart["lower"].clip(0.0, ceiling), upper=chart["upper"].clip(0.0, ceiling))


def monthly_increments(to_date: pd.Series, *, restarts: Iterable[Hashable | date] = ()) -> pd.Series:
    """Return what each month added to a running total; NaN in the first month and next to a missing one.

    Parameters
    ----------
    to_date : pd.Series
        Total at each month's end, indexed by month.
    restarts : labels of the index
        Months in which the total began again from 0 (a new year or campaign).
    """
    begins = to_date.index.isin(_labels(to_date.index, restarts))
    return to_date.diff().mask(begins, to_date)


def grid_caption(charts: int) -> str:
    """Return the caution under a grid of so many charts; from one alarm on in whole ones, as they are counted."""
    expected = charts * _FALSE_ALARM_SHARE
    alarms = number(expected, digits=0 if expected >= 1 else 1)
    return f"本页共{charts}个图，即使一切正常，每月也会有约{alarms}个偶然报警"


def _check(values: pd.Series, direction: str, excluded: list[Hashable], baseline_points: int | None) -> None:
    if direction not in GOOD_SIDE:
        raise ValueError(f"expected a direction of {sorted(GOOD_SIDE)}, got {direction!r}")
    if not (values.index.is_monotonic_increasing and values.index.is_unique):
        raise ValueError(f"expected one value per date, in date order, got {values.index.tolist()}")
    if np.isinf(values.to_numpy(dtype=np.float64)).any():
        raise ValueError(f"infinite values: {values.tolist()}")
    if absent := [label for label in excluded if label not in values.index]:
        raise ValueError(f"excluded points that are not in the series: {absent}")
    if baseline_points is not None and baseline_points < 2:
        raise ValueError(f"expected two baseline points or more, got {baseline_points}")


def _labels(index: pd.Index, labels: Iterable[Hashable | date]) -> list[Hashable]:
    is_dated = isinstance(index, pd.DatetimeIndex)
    return [pd.Timestamp(label) if is_dated and isinstance(label, date | str) else label for label in labels]


def _sizes(values: pd.Series, denominators: pd.Series) -> Floats:
    """Return the denominators in the order of the values, which must be proportions; missing ones as 0."""
    sizes = denominators.reindex(values.index).fillna(0.0).to_numpy(dtype=np.float64)
    if not values.dropna().between(0.0, 1.0).all() or (sizes < 0).any():
        raise ValueError(f"expected proportions of 0 to 1, got {values.tolist()} of {denominators.tolist()}")
    return sizes


def _slots(index: pd.Index) -> Signs:
    """Return the slot of each point: a month (or quarter) that the dates of the index skip keeps an empty one."""
    if isinstance(index, pd.DatetimeIndex) and len(index) > 1:
        steps = np.diff(np.asarray(index.year * 12 + index.month, dtype=np.intp))
        if steps.min() > 0:
            return np.concatenate([[0], np.cumsum(steps // np.gcd.reduce(steps))])
    return np.arange(len(index))


def _laid_out(points: Floats, slots: Signs) -> Floats:
    laid = np.full(int(slots[-1]) + 1 if len(slots) else 0, np.nan)
    laid[slots] = points
    return laid


def _bounds(index: pd.Index, slots: Signs, rebase_at: list[Hashable], length: int) -> list[int]:
    """Return the slots at which the baseline groups begin, and the end of the last one."""
    starts = {int(index.searchsorted(label)) for label in rebase_at}  # type: ignore[call-overload]
    return sorted({0, length, *(int(slots[start]) for start in starts if start < len(slots))})


def _judged(chart: pd.DataFrame) -> pd.DataFrame:
    return chart[chart["value"].notna() & ~chart.index.isin(list(chart.attrs["excluded"]))]
