"""The demo's calendar: its first and last day, working days, and how busy each day is."""

from datetime import date
from zlib import crc32

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.datetime64]
Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

DEMO_AS_OF = date(2020, 8, 31)
"""The day the demo is as of: the interview appeared in late August 2020."""

FIRST_DAY = date(2018, 1, 1)
"""The first day of the demo's history."""

FIRST = np.datetime64(FIRST_DAY, "D")
LAST = np.datetime64(DEMO_AS_OF, "D")
YEARS = (2018, 2019, 2020)
SPRING_FESTIVALS = ("2018-02-16", "2019-02-05", "2020-01-25")
QUIET_SPRING = ("2020-01-26", "2020-03-08")
"""The weeks of early 2020 in which few people came to any counter (疫情影响)."""


def random(seed: int, subject: str) -> np.random.Generator:
    """Return the random numbers of one subject, the same in every process: subjects do not disturb one another."""
    return np.random.default_rng([seed, crc32(subject.encode())])


def all_days() -> Days:
    """Return every day of the history, in order."""
    return np.arange(FIRST, LAST + 1)


def weekday(days: Days) -> Counts:
    """Return 0 for Monday to 6 for Sunday."""
    return (days.astype(np.int64) + 3) % 7


def year(days: Days) -> Counts:
    """Return the calendar year of each day."""
    return days.astype("datetime64[Y]").astype(np.int64) + 1970


def busyness(*, weekend: float, quiet: float) -> Numbers:
    """Return how busy each day of the history is, an ordinary weekday being about 1.

    Parameters
    ----------
    weekend
        What a Saturday or Sunday brings, as a share of a weekday.
    quiet
        What a day of the quiet spring of 2020 brings, as a share of an ordinary one.
    """
    days = all_days()
    month = days.astype("datetime64[M]").astype(np.int64) % 12
    season = 1 + 0.10 * np.sin((month - 3) / 12 * 2 * np.pi)
    weight = season * np.where(weekday(days) >= 5, weekend, 1.0)
    for festival in SPRING_FESTIVALS:
        around = (days - np.datetime64(festival)).astype(np.int64)
        weight = weight * np.where((around >= -3) & (around <= 10), 0.3, 1.0)
    return weight * np.where(
        (days >= np.datetime64(QUIET_SPRING[0])) & (days <= np.datetime64(QUIET_SPRING[1])), quiet, 1.0
    )


def working_day_on_or_before(days: Days) -> Days:
    """Move Saturdays and Sundays back to the Friday before."""
    return days - np.maximum(weekday(days) - 4, 0)


def working_days_later(days: Days, count: int) -> Days:
    """Return the day `count` working days after each day; public holidays count as working days."""
    later: Days = np.busday_offset(days, count, roll="backward").astype("datetime64[D]")
    return later


def share_out(total: int, weights: Numbers) -> Counts:
    """Split `total` into whole numbers in proportion to `weights`, exactly (largest remainders)."""
    exact = total * weights / weights.sum()
    whole: Counts = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: total - int(whole.sum())]] += 1
    return whole
