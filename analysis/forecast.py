"""When the backlog will be cleared, and whether such forecasts were right before.

Each coming week is taken to be like one of the last 12 full weeks, every one of them equally likely; from that the
distribution is worked out exactly, without simulation. Source: METHODS section 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

WEEKS = 12
PROBABILITIES = (0.5, 0.85, 0.95)
MAX_WEEKS = 520
"""Ten years: a date beyond that is no date."""
MIN_ORIGINS = 20
MIN_HIT_SHARE = 0.75
BAND = (0.05, 0.95)

NOT_FALLING = "按目前速度积压不会下降"
TOO_FAR = "按目前速度十年内难以清零，不报日期"
UNTESTED = f"可供检验的历史预测不足{MIN_ORIGINS}次，只说方向，不报日期"
UNRELIABLE = "过去的预测命中率偏低，只说方向，不报日期"
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Backtest:
    """How many of the forecasts made in the past held, out of a nominal 90 %."""

    forecasts: int
    hits: int

    @property
    def is_reliable(self) -> bool:
        """Whether a date may be shown: 20 forecasts or more, of which 75 % or more held."""
        return self.forecasts >= MIN_ORIGINS and self.hits >= MIN_HIT_SHARE * self.forecasts

    @property
    def caption(self) -> str:
        """How often it held, in words."""
        return f"过去{self.forecasts}次预测中有{self.hits}次落在区间内"


@dataclass(frozen=True)
class Clearing:
    """When the backlog will be cleared, how such forecasts fared, and why no date may be shown ("" where one may)."""

    weeks: dict[float, int | None]
    tested: Backtest
    refusal: str


def clearing_forecast(closures: npt.ArrayLike, open_now: int, *, arrivals: npt.ArrayLike | None = None) -> Clearing:
    """Forecast the clearing of a backlog, test that forecast as far ahead as its own median, and say if it stands.

    Parameters
    ----------
    closures, arrivals
        As for `weeks_to_clear`, over the whole history.
    open_now : int
        Cases open at the end of the last week.

    Source: METHODS section 1.
    """
    weeks = weeks_to_clear(closures, open_now, arrivals=arrivals)
    median = weeks[PROBABILITIES[0]]
    tested = backtest(closures, weeks=median, arrivals=arrivals) if median else Backtest(0, 0)
    if median == 0:
        return Clearing(weeks, tested, "")
    if not is_falling(closures, arrivals=arrivals):
        return Clearing(weeks, tested, NOT_FALLING)
    if median is None:
        return Clearing(weeks, tested, TOO_FAR)
    doubt = UNTESTED if tested.forecasts < MIN_ORIGINS else UNRELIABLE
    return Clearing(weeks, tested, "" if tested.is_reliable else doubt)


def weeks_to_clear(
    closures: npt.ArrayLike, open_now: int, *, arrivals: npt.ArrayLike | None = None
) -> dict[float, int | None]:
    """Return the weeks after which the backlog is cleared with probability 0.5, 0.85 and 0.95.

    Parameters
    ----------
    closures : array-like of int
        Episodes closed in each full week, oldest first; the last 12 count, fewer if there are fewer. For the county or
        a campaign's cohort: a township with a handful of cases gets its ageing list instead.
    open_now : int
        Cases open at the end of the last of those weeks.
    arrivals : array-like of int, optional
        Cases opened or reopened in the same weeks; without them the set is closed, like a campaign's.

    Returns
    -------
    dict
        Probability -> weeks (0 = cleared already), None where it is not reached within ten years, and everywhere when
        arrivals keep up with closures. Whether a date may be shown at all: `clearing_forecast`.

    Raises
    ------
    ValueError
        For a negative or broken count, or weeks of arrivals that do not match those of closures.

    Source: METHODS section 1: exact convolution; with arrivals a Markov chain on (arrivals, closures) of the same week.
    """
    if open_now < 0 or open_now != int(open_now):
        raise ValueError(f"expected a whole number of open cases, got {open_now}")
    changes = _changes(closures, arrivals)[-WEEKS:]
    found: dict[float, int | None] = dict.fromkeys(PROBABILITIES)
    if open_now == 0:
        return dict.fromkeys(PROBABILITIES, 0)
    if changes.sum() <= 0:
        return found
    for week, chance in enumerate(_chances(changes, int(open_now)), start=1):
        for probability in PROBABILITIES:
            if found[probability] is None and chance >= probability - _ROUNDING:
                found[probability] = week
        if found[PROBABILITIES[-1]] is not None:
            break
    return found


def clearing_chances(
    closures: npt.ArrayLike, open_now: int, *, weeks: int, arrivals: npt.ArrayLike | None = None
) -> Floats:
    """Return P(cleared by the end of week t) for t = 1 to `weeks`, as `weeks_to_clear` works with; it never falls."""
    changes = _changes(closures, arrivals)[-WEEKS:]
    if open_now == 0 or len(changes) == 0:
        return np.full(weeks, float(open_now == 0))
    return np.fromiter((chance for _, chance in zip(range(weeks), _chances(changes, open_now), strict=False)), float)


def backtest(closures: npt.ArrayLike, *, weeks: int, arrivals: npt.ArrayLike | None = None) -> Backtest:
    """Make the forecast again at each past week and count how often it held.

    A forecast at the end of a week uses the 12 weeks up to it and says between which numbers (5 to 95 %) the backlog
    will have fallen after so many weeks more: the same statement as a band of clearing dates, but its outcome is known
    whether or not the backlog was ever cleared.

    Parameters
    ----------
    closures, arrivals
        As for `weeks_to_clear`, over the whole history.
    weeks : int
        How far ahead; the longer, the less twelve weeks know: over a stationary history about 85 % hold at 4 weeks,
        75 % at 12.

    Raises
    ------
    ValueError
        For a horizon below one week, or as for `weeks_to_clear`.

    Source: METHODS section 1 (rolling origins).
    """
    if weeks < 1:
        raise ValueError(f"expected a horizon of a week or more, got {weeks}")
    changes = _changes(closures, arrivals)
    hits = forecasts = 0
    for origin in range(WEEKS, len(changes) - weeks + 1):
        low, high = _band(changes[origin - WEEKS : origin], weeks)
        forecasts += 1
        hits += low <= int(changes[origin : origin + weeks].sum()) <= high
    return Backtest(forecasts, hits)


def is_falling(closures: npt.ArrayLike, *, arrivals: npt.ArrayLike | None = None) -> bool:
    """Tell whether the last 12 weeks closed more than came in."""
    return bool(_changes(closures, arrivals)[-WEEKS:].sum() > 0)


def _changes(closures: npt.ArrayLike, arrivals: npt.ArrayLike | None) -> Counts:
    """Return by how many cases the backlog fell in each week."""
    closed = np.asarray(closures, dtype=np.float64)
    came = np.zeros_like(closed) if arrivals is None else np.asarray(arrivals, dtype=np.float64)
    if closed.shape != came.shape:
        raise ValueError(f"expected arrivals of the same weeks, got {closed.shape} and {came.shape}")
    for counts in (closed, came):
        if not ((counts >= 0) & (counts == np.floor(counts))).all():
            raise ValueError(f"expected whole numbers of cases, got {counts.tolist()}")
    return (closed - came).astype(np.int64)


def _chances(changes: Counts, open_now: int) -> Iterator[float]:
    """Yield P(cleared by the end of week t) for t = 1, 2, ...; cleared once is cleared."""
    steps, counts = np.unique(changes, return_counts=True)
    growth = max(0, -int(steps[0]))
    backlog = np.zeros(open_now + 1)
    backlog[open_now] = 1.0
    cleared = 0.0
    for _ in range(MAX_WEEKS):
        after = np.zeros(len(backlog) + growth)
        for step, share in zip(steps.tolist(), (counts / len(changes)).tolist(), strict=True):
            cleared += share * float(backlog[: step + 1].sum()) if step > 0 else 0.0
            kept = backlog[max(step + 1, 1) :]
            start = max(step + 1, 1) - step
            after[start : start + len(kept)] += share * kept
        backlog = after
        yield cleared


def _band(changes: Counts, weeks: int) -> tuple[int, int]:
    """Return the 5 and 95 % points of the fall over so many weeks, each drawn from `changes`."""
    lowest = int(changes.min())
    one = np.bincount(changes - lowest) / len(changes)
    total = np.ones(1)
    for _ in range(weeks):
        total = np.convolve(total, one)
    below = np.cumsum(total) + _ROUNDING
    low, high = (int(np.searchsorted(below, p)) + lowest * weeks for p in BAND)
    return low, high
