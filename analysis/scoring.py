"""From the value of an indicator to its score, and from scores to the composite.

Source: METHODS section 2.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.rules import MIN_COVERAGE

Floats = npt.NDArray[np.floating[Any]]
Ends = float | Floats

PASS, FULL = 60.0, 100.0
_ROUNDING = 1e-9


def efficacy_score(value: pd.Series, *, goal: float | pd.Series, floor: float | pd.Series, direction: str) -> pd.Series:
    """Score values between their floor (60) and their goal (100); below the floor the same line goes on down to 0.

    Parameters
    ----------
    value : pd.Series
        One value per township, in the unit of the ends; NaN stays NaN.
    goal, floor : float or pd.Series
        目标值 and 底线值, one for all or one per township.
    direction : {"higher", "lower"}
        Which side is better; both ends are negated for "lower".

    Returns
    -------
    pd.Series
        float64, 0 to 100, indexed like `value`. Where the ends coincide the line is a step: 100 from the goal on,
        else 0.

    Raises
    ------
    ValueError
        For another direction, or a goal on the worse side of its floor.

    Source: METHODS section 2 (功效系数法).
    """
    if direction not in ("higher", "lower"):
        raise ValueError(f"only higher or lower can be scored, not {direction!r}")
    sign = 1.0 if direction == "higher" else -1.0
    best, worst = (pd.Series(end, index=value.index, dtype="float64").to_numpy() for end in (goal, floor))
    score = signed_score(value.to_numpy(dtype=np.float64), best, worst, sign)
    return pd.Series(score, index=value.index)


def signed_score(value: Floats, goal: Ends, floor: Ends, sign: Ends) -> npt.NDArray[np.float64]:
    """Score arrays as `efficacy_score` does: `sign` is 1 where higher is better, -1 where lower is, NaN for neither.

    Raises
    ------
    ValueError
        For a goal on the worse side of its floor.
    """
    better, best, worst = sign * value, sign * np.asarray(goal), sign * np.asarray(floor)
    if np.any(best < worst):
        raise ValueError(f"the goal {goal} is worse than the floor {floor} (sign {sign})")
    line = efficacy_line(better, best, worst)
    score = np.where(best > worst, line, np.where(better >= best, FULL, 0.0))
    return np.where(np.isnan(better) | np.isnan(best) | np.isnan(worst), np.nan, score)


def efficacy_line(value: Floats, goal: Ends, floor: Ends) -> npt.NDArray[np.float64]:
    """Return 60 + 40 (value - floor) / (goal - floor), clipped to 0..100; NaN where the ends coincide."""
    width = np.asarray(goal) - np.asarray(floor)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        line = PASS + (FULL - PASS) * (value - floor) / width
    return np.where(width != 0, np.clip(line, 0.0, FULL), np.nan)


def composite_score(scores: pd.DataFrame, weights: Mapping[str, float] | pd.DataFrame) -> pd.Series:
    """Return the weighted mean of the KPI scores (0-100), one per township; NaN below 80 % of the weight.

    A KPI that was not reported must come in as 0, one that cannot be judged as NaN: it drops out with its weight.

    Parameters
    ----------
    scores : pd.DataFrame
        One row per township, one column per KPI, 0 to 100 or NaN.
    weights : mapping or pd.DataFrame
        Weight per KPI, or one row per township where townships have weights of their own. A KPI with a weight but
        without a column counts as not judged.

    Source: METHODS section 2.
    """
    full = weight_frame(scores, weights)
    judged = scores.reindex(columns=full.columns)
    kept = full.where(judged.notna(), 0.0)
    total = kept.sum(axis=1)
    mean = (judged.fillna(0.0) * kept).sum(axis=1) / total.where(total > 0)
    return mean.where(coverage(scores, weights) >= MIN_COVERAGE - _ROUNDING)


def coverage(scores: pd.DataFrame, weights: Mapping[str, float] | pd.DataFrame) -> pd.Series:
    """Return the share (0 to 1) of each township's weight that could be judged; NaN where there is no weight at all."""
    full = weight_frame(scores, weights)
    total = full.sum(axis=1)
    kept = full.where(scores.reindex(columns=full.columns).notna(), 0.0).sum(axis=1)
    return kept / total.where(total > 0)


def weight_frame(scores: pd.DataFrame, weights: Mapping[str, float] | pd.DataFrame) -> pd.DataFrame:
    """Return the weights as one row per township of `scores` and one column per KPI, missing ones as 0.

    Raises
    ------
    ValueError
        For a negative weight.
    """
    if isinstance(weights, pd.DataFrame):
        full = weights.reindex(index=scores.index).fillna(0.0).astype("float64")
    else:
        full = pd.DataFrame({code: float(weight) for code, weight in weights.items()}, index=scores.index)
    if (full < 0).any(axis=None):
        raise ValueError(f"negative weights: {full.columns[(full < 0).any()].tolist()}")
    return full
