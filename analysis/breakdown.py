"""Figures broken down by township and week, with the row that adds them up: the frames that pages show.

Source: DOMAIN "A case counts once", METHODS section 1.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.backlog import Pace, campaign_pace, expected_rate, rate
from analysis.rules import MIN_DENOMINATOR
from analysis.scope import Scope
from analysis.wording import month_day

SMALL_BASE = f"基数小（不足{MIN_DENOMINATOR}件），不排名"
COUNTS = ("opened", "closed", "open", "overdue", "reopened", "substantive", "lawful",
          "led_opened", "led_closed", "department_opened", "department_closed")  # fmt: skip


def by_township(now: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Put the township's label and the caveat of small numbers beside its figures.

    Parameters
    ----------
    now : pd.DataFrame
        `queries.backlog.backlog_at`.
    labels
        The label of each township by code, in fixed order.

    Returns
    -------
    pd.DataFrame
        The rows of `now` in the fixed order, with township (the label), resolved (x/n) and note (SMALL_BASE
        or ""), all str.
    """
    frame = now.assign(township=now["township_code"].map(labels))
    frame["resolved"] = [f"{x}/{n}" for x, n in zip(now["closed"], now["opened"], strict=True)]
    frame["note"] = frame["opened"].lt(MIN_DENOMINATOR).map({True: SMALL_BASE, False: ""}).astype("str")
    order = {code: i for i, code in enumerate(labels)}
    return frame.sort_values("township_code", key=lambda codes: codes.map(order)).reset_index(drop=True)


def total(now: pd.DataFrame, label: str) -> dict[str, Any]:
    """Return the row that adds the townships up, under `label`: the counts, their rate, resolved as x/n."""
    sums: dict[str, Any] = {name: int(now[name].sum()) for name in COUNTS}
    whole = {"township": label, "rate": rate(sums["closed"], sums["opened"]), "note": ""}
    return {**sums, **whole, "resolved": f"{sums['closed']}/{sums['opened']}"}


def weekly_total(weekly: pd.DataFrame) -> pd.DataFrame:
    """Add the townships up week by week.

    Parameters
    ----------
    weekly : pd.DataFrame
        `queries.backlog.backlog_by_week`.

    Returns
    -------
    pd.DataFrame
        One row per week, rising: week_end (datetime64[s]), week (str, M月D日), opened, reopened, closed, open, overdue
        (int64). No rows for no rows.
    """
    counts = ["opened", "reopened", "closed", "open", "overdue"]
    weeks = weekly.groupby("week_end", as_index=False)[counts].sum()
    weeks.insert(1, "week", [month_day(day) for day in weeks["week_end"]])
    return weeks


def histories(weekly: pd.DataFrame, labels: Mapping[str, str]) -> dict[str, tuple[int, ...]]:
    """Return the open cases at each week's end by township label, in the fixed order."""
    series = {code: tuple(part["open"].tolist()) for code, part in weekly.groupby("township_code")}
    return {label: series[code] for code, label in labels.items() if code in series}


def at_baseline(scope: Scope, campaigns: pd.DataFrame) -> Scope:
    """Return the same scope at the baseline day of its campaign; unchanged without one."""
    return scope if scope.campaign is None else replace(scope, as_of=_own(scope, campaigns)["baseline_on"].date())


def pace(scope: Scope, campaigns: pd.DataFrame, now: pd.DataFrame, then: pd.DataFrame) -> Pace | None:
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
    return campaign_pace(
        as_of=scope.as_of,
        starts_on=own["starts_on"].date(),
        ends_on=own["ends_on"].date(),
        goal_rate=float(own["goal_rate"]),
        opened=int(now["opened"].sum()),
        closed=int(now["closed"].sum()),
        baseline_opened=int(then["opened"].sum()),
        baseline_closed=int(then["closed"].sum()),
    )


def progress(
    scope: Scope, campaigns: pd.DataFrame, weekly: pd.DataFrame, now: pd.DataFrame, then: pd.DataFrame
) -> pd.DataFrame:
    """Return a campaign's resolution rate week by week beside its pace line.

    Parameters
    ----------
    weekly : pd.DataFrame
        `backlog_by_week` of the same scope; the other frames as for `pace`.

    Returns
    -------
    pd.DataFrame
        One row per day, rising: day (datetime64[s]: the baseline day, each week's end, the last day), opened, closed
        (float64, cases to date), rate (0-1) - NaN after the as-of date - and pace (0-1, NaN without a goal).
    """
    own = _own(scope, campaigns)
    weeks = weekly_total(weekly)
    later = weeks["opened"].iloc[::-1].cumsum().shift(fill_value=0)
    opened = int(now["opened"].sum()) - later.iloc[::-1]
    rows = pd.DataFrame({"day": weeks["week_end"], "opened": opened, "closed": opened - weeks["open"]})
    start = pd.DataFrame(
        {"day": [own["baseline_on"]], "opened": [then["opened"].sum()], "closed": [then["closed"].sum()]}
    )
    rows = pd.concat([start, rows[rows["day"] > own["baseline_on"]], pd.DataFrame({"day": [own["ends_on"]]})])
    rows = rows.drop_duplicates("day").reset_index(drop=True)
    baseline = rate(float(start["closed"].iloc[0]), float(start["opened"].iloc[0]))
    line = {"starts_on": own["starts_on"].date(), "ends_on": own["ends_on"].date(), "baseline_rate": baseline}
    return rows.assign(
        rate=rows["closed"] / rows["opened"].where(rows["opened"] > 0),
        pace=[expected_rate(day.date(), goal_rate=float(own["goal_rate"]), **line) for day in rows["day"]],
    )


def _own(scope: Scope, campaigns: pd.DataFrame) -> dict[str, Any]:
    rows = campaigns[campaigns["code"] == scope.campaign].to_dict("records")
    if not rows:
        raise ValueError(f"no campaign {scope.campaign!r}")
    return {str(name): value for name, value in rows[0].items()}
