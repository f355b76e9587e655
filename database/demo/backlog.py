"""The petition backlog outside the campaign: some cases come back, and one township stops closing."""

import numpy as np
import pandas as pd

from database.demo.campaign import QUIET_FROM, RISING
from database.demo.days import LAST, random

REBOUND_SHARE = 0.03


def with_rebounds(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Give a few closed cases a second episode, and end no case of the township whose backlog rises in August 2020.

    Parameters
    ----------
    frame
        Backlog cases as `database.demo.cases.stream_cases` returns them, one episode each.

    Returns
    -------
    pd.DataFrame
        One row per case and episode with the same columns, ordered by township, case and episode.
    """
    rng = random(seed, "rebounds")
    closed = frame["closed_on"].to_numpy("datetime64[D]")
    has_room = np.nan_to_num((LAST - closed).astype(float), nan=0) > 45
    back = frame[has_room & (rng.random(len(frame)) < REBOUND_SHARE)]
    opened = back["closed_on"].to_numpy("datetime64[D]") + rng.integers(20, 45, len(back))
    ended = opened + rng.integers(15, 90, len(back))
    ended[ended > LAST] = np.datetime64("NaT")
    back = back.assign(episode=2, opened_on=opened, due_on=opened + 60, closed_on=ended)
    both = pd.concat([frame, back]).sort_index(kind="stable").reset_index(drop=True)
    is_late = (both["township_code"] == RISING) & (both["closed_on"] > pd.Timestamp(QUIET_FROM))
    both.loc[is_late, "closed_on"] = pd.NaT
    both.loc[both["closed_on"].isna(), "closing_method"] = None
    ended_or_open: pd.DataFrame = both
    return ended_or_open
