"""Episodes of cases -> the counts of a backlog at the end of each stored day; numbers in, numbers out."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.rules import AGE_LIMITS

Days = NDArray[np.int64]
"""Days since 1970-01-01."""

NEVER = 4_000_000
"""A day past every calendar: the close of an open case, the due date of one that has none."""

UNSTATED, OTHERWISE, SUBSTANTIVE, LAWFUL = -1, 0, 1, 2
"""How an episode was closed, as far as the states need to know."""

MEASURES = (
    "opened_to_date",
    "reopened_to_date",
    "closings_to_date",
    "substantive_to_date",
    "lawful_to_date",
    "led_opened_to_date",
    "led_open",
    "open",
    "overdue",
    "open_0_30",
    "open_31_60",
    "open_61_90",
    "open_91_180",
    "open_over_180",
)
AGE_BANDS = tuple(
    zip((0, *(limit + 1 for limit in AGE_LIMITS)), (*(limit + 1 for limit in AGE_LIMITS), NEVER), strict=True)
)
"""Ages in days since the first episode opened: from, and up to but without."""


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def held_until(episodes: pd.DataFrame) -> Days:
    """Return the day from which an episode is no longer its case's newest one: the next one's opening, or NEVER."""
    case, opened = episodes["case"].to_numpy(np.int64), episodes["opened"].to_numpy(np.int64)
    until: Days = np.full(case.size, NEVER, np.int64)
    has_next = case[1:] == case[:-1]
    until[:-1][has_next] = opened[1:][has_next]
    return until


def state_counts(episodes: pd.DataFrame, group: NDArray[np.int64], days: Days, *, groups: int) -> NDArray[np.int64]:
    """Count each group's cases at the end of each day.

    A case counts once: its state at a day is that of the newest episode begun by then, so an episode holds from its
    opening until the next one opens. Overdue is open after the end of the due day; age runs from the first opening.

    Parameters
    ----------
    episodes
        One row per episode, ordered by case and episode: case (int64, equal within a case only), opened,
        first_opened, closed, due (int64, days since 1970-01-01, NEVER for none), method (SUBSTANTIVE, LAWFUL or
        another), is_led (bool, the township leads).
    group
        What is counted apart (stream and platform), from 0 up to below `groups`; one for all episodes of a case.
    days
        Rising.

    Returns
    -------
    NDArray[np.int64]
        Shape (groups, days, MEASURES), cases, to date or at the day; closings are episodes closed, so that
        open = opened + reopened - closings.

    Source: METHODS section 1.
    """
    case, opened, due = (episodes[name].to_numpy() for name in ("case", "opened", "due"))
    first, method, is_led = (episodes[name].to_numpy() for name in ("first_opened", "method", "is_led"))
    closed = np.maximum(episodes["closed"].to_numpy(), opened)
    until = held_until(episodes)
    end = np.minimum(closed, until)
    never = np.full(case.size, NEVER, np.int64)
    is_first = np.ones(case.size, np.bool_)
    is_first[1:] = case[1:] != case[:-1]
    every = np.ones(case.size, np.bool_)
    spans = [
        (is_first, opened, never),
        (~is_first, opened, never),
        (every, closed, never),
        (method == SUBSTANTIVE, closed, until),
        (method == LAWFUL, closed, until),
        (is_led, opened, until),
        (is_led, opened, end),
        (every, opened, end),
        (every, np.maximum(opened, due + 1), end),
        *((every, np.maximum(opened, first + low), np.minimum(end, first + high)) for low, high in AGE_BANDS),
    ]
    counts = np.empty((groups, days.size, len(MEASURES)), np.int64)
    for k, (holds, start, stop) in enumerate(spans):
        counts[:, :, k] = spans_on(group, holds & (start < stop), start, stop, days, groups)
    return counts


def spans_on(
    group: NDArray[np.int64], holds: NDArray[np.bool_], start: Days, stop: Days, days: Days, groups: int
) -> NDArray[np.int64]:
    """Count, per group and day (rising), the spans [start, stop) that hold the day."""
    row = group[holds] * (days.size + 1)
    size = groups * (days.size + 1)
    steps = np.bincount(row + np.searchsorted(days, start[holds]), minlength=size)
    steps -= np.bincount(row + np.searchsorted(days, stop[holds]), minlength=size)
    counts: NDArray[np.int64] = steps.reshape(groups, -1)[:, :-1].cumsum(axis=1)
    return counts
