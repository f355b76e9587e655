"""Year on year (同比): whether a month's count changed by more than chance makes it.

Source: METHODS section 5; the conditional test of two Poisson counts (Przyborowski and Wilenski 1940), its interval by
Clopper and Pearson 1934.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.wording import percent

Floats = npt.NDArray[np.float64]

MIN_MONTHS = 24
TOO_SHORT = "数据不足两年，不作同比判断"
NO_BASE = "上年同期为0件，不算百分比"
SPRING_NOTE = "春节在一、二月间移动，两月合并比较"
_STEPS, _EXACT = 50, 1e-14
_DEVIATIONS, _LEAST_TERMS = 12, 40
_COLUMNS = {
    **dict.fromkeys(("first_month", "last_month"), "datetime64[s]"),
    **dict.fromkeys(("current", "previous", "change", "ratio", "low", "high"), "float64"),
}


@dataclass(frozen=True)
class Ratio:
    """A count as a multiple of an earlier one, with its interval; NaN throughout where the earlier one is 0."""

    ratio: float
    low: float
    high: float


@lru_cache(maxsize=4096)
def count_ratio(current: int, previous: int, *, level: float = 0.95) -> Ratio:
    """Return current / previous with the exact interval of the ratio of the rates behind the two counts.

    Given their sum the first count is binomial; the ends of its Clopper-Pearson interval, p, become p / (1 - p).

    Raises
    ------
    ValueError
        For a negative or broken count, or a level outside 0..1.

    Source: METHODS section 5.
    """
    if min(current, previous) < 0 or current != int(current) or previous != int(previous):
        raise ValueError(f"expected whole numbers of cases, got {current} and {previous}")
    if not 0 < level < 1:
        raise ValueError(f"expected a level between 0 and 1, got {level}")
    if previous == 0:
        return Ratio(math.nan, math.nan, math.nan)
    x, n, tail = int(current), int(current + previous), (1 - level) / 2
    low = _success_rate(x, n, tail) if x else 0.0
    high = 1 - _success_rate(n - x, n, tail)
    return Ratio(x / previous, low / (1 - low), high / (1 - high))


def year_on_year(counts: pd.Series, *, level: float = 0.95) -> pd.DataFrame:
    """Compare each month with the same month of the year before, January and February taken together.

    Parameters
    ----------
    counts : pd.Series
        Cases of a flow in each full month (no part month), indexed by the first day of the month; NaN or absent =
        missing.

    Returns
    -------
    pd.DataFrame
        One row per month whose counterpart lies in the series, in order, one for January and February together:
        first_month, last_month (datetime64[s]), current, previous (float64, cases, NaN when a month is missing),
        change (current / previous - 1), ratio, low, high (float64, NaN when previous is 0 or a count is missing). No
        rows with less than 24 months of data (say `TOO_SHORT`); a January without its February waits for it.

    Raises
    ------
    ValueError
        When the index is not the first days of months, each once.

    Source: METHODS section 5.
    """
    monthly = _by_month(counts)
    rows = []
    if monthly.notna().sum() >= MIN_MONTHS:
        for months in _periods(monthly.index[12:]):
            current = _total(monthly, months)
            previous = _total(monthly, [month - pd.DateOffset(years=1) for month in months])
            rows.append((months[0], months[-1], current, previous, *_compared(current, previous, level)))
    return pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)


def change_caption(current: float, previous: float, *, level: float = 0.95) -> str:
    """Say a change year on year with what it is made of, and whether chance alone would explain it."""
    if math.isnan(current) or math.isnan(previous):
        return "有月份缺数，不作同比判断"
    made_of = f"{current:,.0f}件，上年同期{previous:,.0f}件"
    if previous == 0:
        return f"{made_of}；{NO_BASE}"
    found = count_ratio(int(current), int(previous), level=level)
    if current == previous:
        return f"同比持平（{made_of}）"
    word = "上升" if current > previous else "下降"
    is_chance = found.low <= 1 <= found.high
    verdict = "增减在偶然波动范围内" if is_chance else "增减超出偶然波动范围"
    return f"同比{word}{percent(abs(found.ratio - 1))}（{made_of}），{verdict}"


def _compared(current: float, previous: float, level: float) -> tuple[float, float, float, float]:
    if math.isnan(current) or math.isnan(previous):
        return (math.nan,) * 4
    found = count_ratio(int(current), int(previous), level=level)
    return found.ratio - 1, found.ratio, found.low, found.high


def _by_month(counts: pd.Series) -> pd.Series:
    """Return the counts over every month from the first to the last, missing ones as NaN."""
    index = pd.DatetimeIndex(counts.index)
    if not index.is_unique or not (index == index.to_period("M").to_timestamp()).all():
        raise ValueError(f"expected the first day of each month once, got {list(counts.index)}")
    monthly = counts.astype("float64").set_axis(index).sort_index()
    return monthly if monthly.empty else monthly.asfreq("MS")


def _periods(months: pd.Index) -> list[list[pd.Timestamp]]:
    """Return the months singly, January and February as one; one of the two alone is left out."""
    present = set(months)
    found = []
    for month in months:
        if month.month > 2:
            found.append([month])
        elif month.month == 2 and (january := month - pd.DateOffset(months=1)) in present:
            found.append([january, month])
    return found


def _total(monthly: pd.Series, months: list[pd.Timestamp]) -> float:
    return float(monthly.loc[months].sum(skipna=False))


def _success_rate(x: int, n: int, tail: float) -> float:
    """Solve P(X >= x) = tail for the success rate p of n trials, x >= 1, tail < 1/2, by Newton's method.

    In log p, log P(X >= x) rises and is concave: from p = x / n, beyond the solution, the steps close in on it. Down
    there the chance of x is the largest of those added up, and nothing is left of them beyond twelve deviations.
    """
    if x == n:
        return float(tail ** (1 / n))
    seen = np.arange(x, min(n, x + _LEAST_TERMS + math.ceil(_DEVIATIONS * math.sqrt(x * (n - x) / n))) + 1)
    of_x = math.lgamma(n + 1) - math.lgamma(x + 1) - math.lgamma(n - x + 1)
    ways = of_x + np.cumsum(np.log(np.concatenate([[1.0], (n - seen[:-1]) / seen[1:]])))
    rate = x / n
    for _ in range(_STEPS):
        chances = np.exp(ways + seen * math.log(rate) + (n - seen) * math.log1p(-rate))
        at_least = float(chances.sum())
        step = math.log(at_least / tail) * at_least / (x * float(chances[0]))
        rate *= math.exp(-step)
        if abs(step) < _EXACT:
            break
    return rate
