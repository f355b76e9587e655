"""What petitions have of their own: acceptance within 15 days, and repeats of earlier ones."""

import numpy as np
import pandas as pd

from database.demo.days import LAST, YEARS, Counts, Numbers, year

REPEAT_SHARE = 0.12
"""Share of petitions that repeat a closed one."""

SOON_SHARE = 0.66
"""Share of those repeats that open within 90 days of the close."""

UNLINKED_SHARE = 0.04
"""Share of the others marked as repeats of something before the records begin."""

ACCEPT_DAYS = 15


def repeat_count(counts: Counts) -> Counts:
    """Return how many petitions of each year's number are drawn as repeats."""
    return np.round(counts * REPEAT_SHARE).astype(np.int64)


def repeats(first: pd.DataFrame, count: int, quality: Numbers, rng: np.random.Generator) -> pd.DataFrame:
    """Draw `count` petitions that repeat a closed one of the same township: the weaker the township, the more.

    Parameters
    ----------
    first
        Petitions with town (position), opened and closed (datetime64).

    Returns
    -------
    pd.DataFrame
        One row per repeat: opened (5 to 300 days after the close, never after the as-of day), town, parent (position
        in `first`); no petition is repeated twice.
    """
    closed, town = first["closed"].to_numpy("datetime64[D]"), first["town"].to_numpy()
    room = np.where(np.isnat(closed), 0, (LAST - closed).astype(np.int64))
    weight = np.where(room > 5, np.clip(1.75 - 1.35 * quality, 0.2, None)[town], 1e-9)
    keys = np.log(rng.random(len(first))) / weight  # the largest keys are a draw without replacement by weight
    parent = np.sort(np.argpartition(-keys, count)[:count])
    gap = np.where(rng.random(count) < SOON_SHARE, rng.integers(5, 85, count), rng.integers(91, 300, count))
    short = 5 + np.floor(rng.random(count) * (room[parent] - 5)).astype(np.int64)
    opened = closed[parent] + np.where(gap > room[parent], short, gap)
    return pd.DataFrame({"opened": opened, "town": town[parent], "parent": parent})


def with_acceptance(frame: pd.DataFrame, level: Numbers, rng: np.random.Generator) -> pd.DataFrame:
    """Add accept_due_on, accepted_on and is_repeat; a good township accepts nearly all within 15 days.

    Parameters
    ----------
    level
        How well each township does, by township and year (see `database.demo.cases`).
    """
    size = len(frame)
    opened = frame["opened"].to_numpy("datetime64[D]")
    skill = level[frame["town"], year(opened) - YEARS[0]]
    in_time = rng.random(size) < np.clip(0.90 + 0.10 * skill, 0, 0.999)
    wait = np.where(in_time, rng.integers(0, 12, size), rng.integers(ACCEPT_DAYS + 1, 26, size))
    accepted = opened + wait
    closed = frame["closed"].to_numpy("datetime64[D]")
    accepted = np.where(closed < accepted, closed, accepted)
    accepted[accepted > LAST] = np.datetime64("NaT")
    is_repeat = (frame["parent"].to_numpy() >= 0) | (rng.random(size) < UNLINKED_SHARE)
    return frame.assign(accept_due_on=opened + ACCEPT_DAYS, accepted_on=accepted, is_repeat=is_repeat)
