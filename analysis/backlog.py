"""Resolution and backlog: what counts as resolved how, the headline, and a campaign against its pace line.

Source: METHODS section 1; DOMAIN "Words".
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.remembered import remembered
from analysis.rules import AGE_LIMITS

AGE_BANDS = (*(f"{low}-{high}天" for low, high in zip((0, *(a + 1 for a in AGE_LIMITS)), AGE_LIMITS, strict=False)),
             f"{AGE_LIMITS[-1]}天以上")  # fmt: skip

Counts = npt.NDArray[np.int64]
STATE_COLUMNS = ("opened_to_date", "reopened_to_date", "closings_to_date", "open", "overdue")


@dataclass(frozen=True)
class Headline:
    """The backlog in one line; `change` is against the week before (cases), `history` the open cases by week."""

    opened: int
    closed: int
    open_now: int
    overdue: int
    rate: float
    change: int | None
    closed_this_week: int | None
    history: tuple[int, ...]


@dataclass(frozen=True)
class Pace:
    """A campaign against its pace line; rates are 0 to 1, points are percentage points, NaN where unknown."""

    day: int
    days: int
    days_left: int
    rate: float
    baseline_rate: float
    expected_rate: float
    rise_points: float
    ahead_points: float
    has_begun: bool
    is_over: bool


def rate(closed: float, opened: float) -> float:
    """Return closed / opened, NaN when nothing was opened."""
    return closed / opened if opened else float("nan")


@remembered
def backlog_headline(now: pd.DataFrame, weekly: pd.DataFrame) -> Headline:
    """Sum the townships into one line.

    Parameters
    ----------
    now : pd.DataFrame
        `queries.backlog.backlog_at`: the figures come from here, never from the series.
    weekly : pd.DataFrame
        `queries.backlog.backlog_by_week` of the same scope: the change and the history. The part week counts as a week
        of its own; `change` is None before the second one.
    """
    totals = now[["opened", "closed", "open", "overdue"]].sum()
    weeks = weekly.groupby("week_end")[["open", "closed"]].sum()
    history = tuple(int(count) for count in weeks["open"])
    return Headline(
        opened=int(totals["opened"]),
        closed=int(totals["closed"]),
        open_now=int(totals["open"]),
        overdue=int(totals["overdue"]),
        rate=rate(float(totals["closed"]), float(totals["opened"])),
        change=int(totals["open"]) - history[-2] if len(history) > 1 else None,
        closed_this_week=int(weeks["closed"].iloc[-1]) if history else None,
        history=history,
    )


def campaign_pace(
    *, as_of: date, starts_on: date, ends_on: date, goal_rate: float, opened: int, closed: int, baseline_opened: int,
    baseline_closed: int,
) -> Pace:  # fmt: skip
    """Place a campaign's resolution rate against the straight line from (start, baseline rate) to (end, goal rate).

    Parameters
    ----------
    starts_on, ends_on
        The first day is day 1, the last day is day `days`.
    goal_rate : float
        In percent as stored (80), NaN for no goal: then no pace.
    opened, closed
        To date at `as_of`; baseline_opened, baseline_closed at the end of the baseline day.

    Source: METHODS section 1.
    """
    days = (ends_on - starts_on).days + 1
    today = min(max((as_of - starts_on).days + 1, 0), days)
    now, baseline = rate(closed, opened), rate(baseline_closed, baseline_opened)
    expected = expected_rate(as_of, starts_on=starts_on, ends_on=ends_on, baseline_rate=baseline, goal_rate=goal_rate)
    return Pace(
        day=today,
        days=days,
        days_left=days - today,
        rate=now,
        baseline_rate=baseline,
        expected_rate=expected,
        rise_points=(now - baseline) * 100,
        ahead_points=(now - expected) * 100,
        has_begun=as_of >= starts_on,
        is_over=as_of > ends_on,
    )


def expected_rate(day: date, *, starts_on: date, ends_on: date, baseline_rate: float, goal_rate: float) -> float:
    """Return the height (0 to 1) of the pace line at a day: flat before the start and after the end."""
    length = max((ends_on - starts_on).days, 1)
    share = min(max((day - starts_on).days / length, 0.0), 1.0)
    return baseline_rate + (goal_rate / 100 - baseline_rate) * share


def states_on(episodes: pd.DataFrame, days: pd.DatetimeIndex, townships: list[str]) -> pd.DataFrame:
    """Count the backlog at the end of given days from the episodes themselves.

    Parameters
    ----------
    episodes : pd.DataFrame
        One row per episode: township_code, episode, opened_on, due_on, closed_on (NaT = not yet, never).

    Returns
    -------
    pd.DataFrame
        One row per (township_code, day) in that order, zero-filled: opened_to_date, reopened_to_date (later episodes
        begun), closings_to_date (episodes closed), open, overdue (int64). An episode is overdue from the day after its
        `due_on` until it closes, and open = opened + reopened - closings.

    Source: METHODS section 1.
    """
    is_first = episodes["episode"] == 1
    late_from = (episodes["due_on"] + pd.Timedelta(days=1)).clip(lower=episodes["opened_on"])
    is_late = late_from.notna() & (episodes["closed_on"].isna() | (episodes["closed_on"] > late_from))

    def until(dates: pd.Series) -> Counts:
        known = dates.notna() & episodes["township_code"].isin(townships)
        place = pd.Index(townships).get_indexer(pd.Index(episodes.loc[known, "township_code"]))
        day = np.searchsorted(days.to_numpy(), dates[known].to_numpy(), side="left")
        steps = np.bincount(place * (len(days) + 1) + day, minlength=len(townships) * (len(days) + 1))
        return np.asarray(steps.reshape(len(townships), -1)[:, :-1].cumsum(axis=1).ravel(), dtype=np.int64)

    opened, reopened = until(episodes["opened_on"].where(is_first)), until(episodes["opened_on"].where(~is_first))
    closed = until(episodes["closed_on"])
    overdue = until(late_from.where(is_late)) - until(episodes["closed_on"].where(is_late))
    counts = (opened, reopened, closed, opened + reopened - closed, overdue)
    index = pd.MultiIndex.from_product([townships, days], names=["township_code", "day"])
    return pd.DataFrame(dict(zip(STATE_COLUMNS, counts, strict=True)), index=index)


def flows(states: pd.DataFrame) -> pd.DataFrame:
    """Turn states at consecutive days into flows between them.

    Parameters
    ----------
    states : pd.DataFrame
        As `states_on` gives them; before the first day there was nothing.

    Returns
    -------
    pd.DataFrame
        Indexed alike: opened (first episodes), reopened, closed (episodes closed) since the day before; open, overdue.
    """
    to_date = states[["opened_to_date", "reopened_to_date", "closings_to_date"]]
    steps = to_date.groupby(level="township_code", sort=False).diff().fillna(to_date).astype("int64")
    return steps.set_axis(["opened", "reopened", "closed"], axis=1).join(states[["open", "overdue"]])
