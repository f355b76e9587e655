"""Figures broken down by township and week, with the row that adds them up: the frames that pages show.

Source: DOMAIN "A case counts once", METHODS section 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis.backlog import Pace, campaign_pace, expected_rate, rate
from analysis.remembered import remembered
from analysis.rules import MIN_DENOMINATOR
from analysis.scope import Scope
from analysis.wording import month_day, share

YEAR_OF_WEEKS = 52
SMALL_BASE = f"基数小（不足{MIN_DENOMINATOR}件），不排名"
SMALL_MARK = "※"
ACTUAL, PACE = "实际化解率", "序时进度"
"""The two lines of a campaign's course: what `progress` calls rate and pace."""
OWN_LABEL = "县本级"
"""What carries the county's code: in no township."""

COUNTS = ("opened", "closed", "open", "overdue", "reopened", "substantive", "lawful",
          "led_opened", "led_closed", "department_opened", "department_closed")  # fmt: skip
SHARES = {
    "resolved": ("closed", "opened"),
    "led": ("led_closed", "led_opened"),
    "department": ("department_closed", "department_opened"),
}


@dataclass(frozen=True)
class CampaignNow:
    """A campaign as it stands in the townships of a scope; `goal_rate` in percent, NaN without one."""

    name: str
    ends_on: date
    goal_rate: float
    is_demo_goal: bool
    baseline_opened: int
    baseline_closed: int
    pace: Pace


@remembered
def by_township(now: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Put the township's label and the caveat of small numbers beside its figures.

    Parameters
    ----------
    now : pd.DataFrame
        `queries.backlog.backlog_at`; rows of other regions than those of `labels` are 县本级.
    labels
        The label of each township by code, in fixed order.

    Returns
    -------
    pd.DataFrame
        The rows of `now` in the fixed order, 县本级 last and left out while it has no case, with township (the label),
        resolved, led, department (rate and x/n), marked (resolved, with SMALL_MARK where numbers are small) and note
        (SMALL_BASE or ""), all str.
    """
    is_own = ~now["township_code"].isin(list(labels))
    shown = now[~is_own | now["opened"].gt(0)]
    frame = shown.assign(township=shown["township_code"].map(labels).fillna(OWN_LABEL))
    for name, (x, n) in SHARES.items():
        frame[name] = [share(*counts) for counts in zip(frame[x], frame[n], strict=True)]
    small = frame["opened"].lt(MIN_DENOMINATOR)
    frame["marked"] = frame["resolved"].where(~small, frame["resolved"] + SMALL_MARK)
    frame["note"] = small.map({True: SMALL_BASE, False: ""}).astype("str")
    order = {code: i for i, code in enumerate(labels)}
    return frame.sort_values("township_code", key=lambda codes: codes.map(order)).reset_index(drop=True)


def total(now: pd.DataFrame, label: str) -> dict[str, Any]:
    """Return the row that adds the townships up, under `label`: the counts, their rate, with x/n."""
    sums: dict[str, Any] = {name: int(now[name].sum()) for name in COUNTS}
    whole = {"township": label, "rate": rate(sums["closed"], sums["opened"]), "note": ""}
    shares = {name: share(sums[x], sums[n]) for name, (x, n) in SHARES.items()}
    return {**sums, **whole, **shares, "marked": shares["resolved"]}


@remembered
def weekly_total(weekly: pd.DataFrame) -> pd.DataFrame:
    """Add the townships up week by week.

    Parameters
    ----------
    weekly : pd.DataFrame
        `queries.backlog.backlog_by_week`.

    Returns
    -------
    pd.DataFrame
        One row per week, rising: week_end (datetime64[s]), label (str, M月D日), opened, reopened, closed, open, overdue
        (int64). No rows for no rows.
    """
    counts = ["opened", "reopened", "closed", "open", "overdue"]
    weeks = weekly.groupby("week_end", as_index=False)[counts].sum()
    weeks.insert(1, "label", [month_day(day) for day in weeks["week_end"]])
    return weeks


@remembered
def recent(weekly: pd.DataFrame, *, weeks: int = YEAR_OF_WEEKS) -> pd.DataFrame:
    """Keep the last weeks of `backlog_by_week`, a year of them by default."""
    days = weekly["week_end"].drop_duplicates().nlargest(weeks)
    return weekly[weekly["week_end"].isin(days)]


def in_newest_campaign(scope: Scope, campaigns: pd.DataFrame) -> Scope:
    """Return the same scope within the newest campaign begun by its as-of date, over or not; unchanged without one.

    Parameters
    ----------
    campaigns : pd.DataFrame
        `queries.campaigns.campaigns`, the newest first.
    """
    begun = campaigns.loc[campaigns["starts_on"] <= pd.Timestamp(scope.as_of), "code"]
    return replace(scope, campaign=str(begun.iloc[0]), platform="") if len(begun) else scope


def names_by_code(names: pd.DataFrame) -> dict[str, str]:
    """Return a frame of codes and names as a mapping."""
    return dict(zip(names["code"], names["name"], strict=True))


def days_before(scope: Scope, days: int) -> Scope:
    """Return the same scope so many days earlier."""
    return replace(scope, as_of=scope.as_of - timedelta(days=days))


def running_campaign(campaigns: pd.DataFrame, as_of: date) -> str | None:
    """Return the code of the campaign that runs on a day, of several the one begun last; None without any."""
    day = pd.Timestamp(as_of)
    running = campaigns[(campaigns["starts_on"] <= day) & (campaigns["ends_on"] >= day)]
    return None if running.empty else str(running.sort_values("starts_on", kind="stable")["code"].iloc[-1])


def at_baseline(scope: Scope, campaigns: pd.DataFrame) -> Scope:
    """Return the same scope at the baseline day of its campaign; unchanged without one."""
    return scope if scope.campaign is None else replace(scope, as_of=_own(scope, campaigns)["baseline_on"].date())


@remembered
def campaign_now(scope: Scope, campaigns: pd.DataFrame, now: pd.DataFrame, then: pd.DataFrame) -> CampaignNow | None:
    """Place the townships of a scope against the pace line of its campaign; None without a campaign.

    Parameters
    ----------
    campaigns : pd.DataFrame
        `queries.campaigns.campaigns`.
    now, then : pd.DataFrame
        `backlog_at` at the as-of date and at the campaign's baseline day.
    """
    if scope.campaign is None:
        return None
    own = _own(scope, campaigns)
    starts_on, ends_on, goal_rate = own["starts_on"].date(), own["ends_on"].date(), float(own["goal_rate"])
    baseline_opened, baseline_closed = int(then["opened"].sum()), int(then["closed"].sum())
    pace = campaign_pace(
        as_of=scope.as_of,
        starts_on=starts_on,
        ends_on=ends_on,
        goal_rate=goal_rate,
        opened=int(now["opened"].sum()),
        closed=int(now["closed"].sum()),
        baseline_opened=baseline_opened,
        baseline_closed=baseline_closed,
    )
    return CampaignNow(
        own["name"], ends_on, goal_rate, bool(own["is_demo_goal"]), baseline_opened, baseline_closed, pace
    )


@remembered
def progress(
    scope: Scope, campaigns: pd.DataFrame, weekly: pd.DataFrame, now: pd.DataFrame, then: pd.DataFrame
) -> pd.DataFrame:
    """Return the resolution rate week by week, and beside it the pace line where a campaign runs.

    Parameters
    ----------
    weekly : pd.DataFrame
        `backlog_by_week` of the same scope; the other frames as for `campaign_now`.

    Returns
    -------
    pd.DataFrame
        One row per day, rising: day (datetime64[s]: the baseline day, each week's end, the last day), opened, closed
        (float64, cases to date), rate (0-1) - NaN after the as-of date - and pace (0-1, NaN without a goal). Without a
        campaign: the weeks alone.
    """
    weeks = weekly_total(weekly)
    later = weeks["opened"].iloc[::-1].cumsum().shift(fill_value=0)
    opened = int(now["opened"].sum()) - later.iloc[::-1]
    rows = pd.DataFrame({"day": weeks["week_end"], "opened": opened, "closed": opened - weeks["open"]})
    if scope.campaign is None:
        return _with_rates(rows).assign(pace=float("nan"))
    own = _own(scope, campaigns)
    start = {"day": own["baseline_on"], "opened": int(then["opened"].sum()), "closed": int(then["closed"].sum())}
    ends = [pd.DataFrame([start]), rows[rows["day"] > own["baseline_on"]], pd.DataFrame({"day": [own["ends_on"]]})]
    rows = _with_rates(pd.concat(ends).drop_duplicates("day").reset_index(drop=True))
    line = {"starts_on": own["starts_on"].date(), "ends_on": own["ends_on"].date(),
            "baseline_rate": rate(start["closed"], start["opened"]), "goal_rate": float(own["goal_rate"])}  # fmt: skip
    return rows.assign(pace=[expected_rate(day.date(), **line) for day in rows["day"]])


def rates(progress: pd.DataFrame) -> tuple[float, ...]:
    """Return the known rates of `progress`, in its order."""
    return tuple(progress["rate"].dropna().tolist())


def _with_rates(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(rate=rows["closed"] / rows["opened"].where(rows["opened"] > 0))


def _own(scope: Scope, campaigns: pd.DataFrame) -> dict[str, Any]:
    rows = campaigns[campaigns["code"] == scope.campaign].to_dict("records")
    if not rows:
        raise ValueError(f"no campaign {scope.campaign!r}")
    return {str(name): value for name, value in rows[0].items()}
