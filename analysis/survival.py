"""Time to close, with the cases that are still open counted as "at least this long".

Source: METHODS section 1; Kaplan and Meier 1958.
"""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

NO_MEDIAN = "尚有一半以上未办结"
_ROUNDING = 1e-12


def kaplan_meier(
    duration: npt.ArrayLike, closed: npt.ArrayLike, *, entry: npt.ArrayLike | None = None, level: float = 0.95
) -> pd.DataFrame:
    """Return the share of cases still open after each length of time.

    Parameters
    ----------
    duration : array-like
        Days from `first_opened_on` to the close, or to the as-of date for an open case; 0 = closed the same day.
    closed : array-like of bool
        Whether the case was closed then; False: still open.
    entry : array-like, optional
        Age in days at which each case came into the records; 0 = recorded from its first day. A case is at risk at t
        when entry < t <= duration, or from the very beginning when entry is 0.
    level : float
        Of the pointwise log-log interval.

    Returns
    -------
    pd.DataFrame
        One row per time at which a case closed, in order: time (float64, days), at_risk, events (int64, cases),
        survival, lower, upper (float64, 0 to 1; the interval is NaN once the curve has reached 0). No rows when nothing
        was closed.

    Raises
    ------
    ValueError
        For a missing or negative duration or entry, unequal lengths, an entry after the end, or a level outside 0..1:
        such cases are data errors, to be listed before.

    Source: METHODS section 1: S = prod(1 - d/n), S^exp(-+z sqrt(sum d/(n(n-d))) / |ln S|).
    """
    ends, is_closed = np.asarray(duration, dtype=np.float64), np.asarray(closed, dtype=bool)
    starts = np.zeros_like(ends) if entry is None else np.asarray(entry, dtype=np.float64)
    _check(ends, is_closed, starts, level)
    starts = np.where(starts == 0, -np.inf, starts)
    times, events = np.unique(ends[is_closed & (starts < ends)], return_counts=True)
    at_risk = np.searchsorted(np.sort(starts), times, side="left") - np.searchsorted(np.sort(ends), times, side="left")
    survival = np.cumprod(1 - events / at_risk)
    lower, upper = _interval(survival, at_risk, events, NormalDist().inv_cdf((1 + level) / 2))
    return pd.DataFrame(
        {
            "time": times,
            "at_risk": at_risk.astype(np.int64),
            "events": events.astype(np.int64),
            "survival": survival,
            "lower": lower,
            "upper": upper,
        }
    )


def median_time(curve: pd.DataFrame) -> float | None:
    """Return the first time with half of the cases or fewer still open; None (`NO_MEDIAN`) if there is none."""
    reached = curve.loc[curve["survival"] <= 0.5 + _ROUNDING, "time"]
    return float(reached.iloc[0]) if len(reached) else None


def _check(ends: Floats, is_closed: npt.NDArray[np.bool_], starts: Floats, level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"expected a level between 0 and 1, got {level}")
    if not ends.shape == is_closed.shape == starts.shape:
        raise ValueError(f"expected equal lengths, got {len(ends)}, {len(is_closed)} and {len(starts)}")
    is_bad = ~((starts >= 0) & (ends >= starts))
    if is_bad.any():
        raise ValueError(f"expected 0 <= entry <= duration, got {starts[is_bad].tolist()} and {ends[is_bad].tolist()}")


def _interval(
    survival: Floats, at_risk: npt.NDArray[np.intp], events: npt.NDArray[np.intp], z: float
) -> tuple[Floats, Floats]:
    """Return the log-log interval (Greenwood); NaN from the point where nobody is left."""
    is_open = survival > 0
    left = np.where(is_open, at_risk - events, 1)
    spread = z * np.sqrt(np.cumsum(events / (at_risk * left)))
    power = np.exp(spread / np.abs(np.log(np.where(is_open, survival, 0.5))))
    lower, upper = (np.where(is_open, survival**exponent, np.nan) for exponent in (power, 1 / power))
    return lower, upper
