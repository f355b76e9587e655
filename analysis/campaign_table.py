"""A campaign by township and by department: what was assigned and resolved, lately and in all, and in which order.

Source: DOMAIN "Words" and "What goes wrong"; METHODS sections 1 and 2.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.breakdown import SMALL_BASE, SMALL_MARK, by_township, total
from analysis.ranks import competition_rank
from analysis.remembered import remembered
from analysis.rules import MIN_DENOMINATOR
from analysis.wording import place, share

DAYS = 7


def recent_closings(now: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Return the episodes closed between two days, a rebound's counting too: what flowed out.

    Parameters
    ----------
    now, before : pd.DataFrame
        Two frames of `queries.backlog.backlog_at`, or of `queries.backlog_groups.backlog_by`, indexed alike by whom
        they count; whoever is missing in `before` had none.
    """
    return (_closings(now) - _closings(before).reindex(now.index).fillna(0)).astype("int64")


def recent_finding(now: pd.DataFrame, before: pd.DataFrame) -> str:
    """Say what the last seven days closed in all that is shown; a standstill is called one.

    `now` and `before` are `queries.backlog.backlog_at` at the as-of date and seven days before.
    """
    closed = int(recent_closings(now.set_index("township_code"), before.set_index("township_code")).sum())
    return f"近{DAYS}日化解{closed}件" if closed else f"近{DAYS}日没有化解一件"


@remembered
def campaign_ranks(now: pd.DataFrame) -> pd.Series:
    """Rank the townships by the resolution rate of what they lead; NaN where they lead too few.

    Parameters
    ----------
    now : pd.DataFrame
        `queries.backlog.backlog_at` of the whole set: a township filter never changes a rank.

    Returns
    -------
    pd.Series
        float64, by township_code; competition style.
    """
    led = now.set_index("township_code")[["led_closed", "led_opened"]]
    rates = led["led_closed"] / led["led_opened"].where(led["led_opened"] >= MIN_DENOMINATOR)
    return competition_rank(rates)


@remembered
def campaign_rows(now: pd.DataFrame, before: pd.DataFrame, ranks: pd.Series, labels: Mapping[str, str]) -> pd.DataFrame:
    """Put the rank, the last seven days and the caveats beside each township's figures.

    Parameters
    ----------
    now, before : pd.DataFrame
        `queries.backlog.backlog_at` of the townships shown, at the as-of date and seven days before.
    ranks : pd.Series
        `campaign_ranks` of the whole set.

    Returns
    -------
    pd.DataFrame
        `analysis.breakdown.by_township`, with rank (float64, NaN unranked), place (第2名, 并列第2, or SMALL_MARK),
        recent (int64, episodes closed in the last seven days), split (实体化解 + 依法终结); note speaks of
        what the township leads.
    """
    rows = by_township(now, labels)
    rows["rank"] = rows["township_code"].map(ranks).astype("float64")
    tied = rows["rank"].map(ranks.value_counts()).gt(1)
    places = [place(rank, is_tied=is_tied) for rank, is_tied in zip(rows["rank"], tied, strict=True)]
    rows["place"] = pd.Series(places, dtype="str").where(rows["rank"].notna(), SMALL_MARK)
    rows["note"] = rows["rank"].isna().map({True: SMALL_BASE, False: ""}).astype("str")
    recent = recent_closings(now.set_index("township_code"), before.set_index("township_code"))
    return _with_split(rows.assign(recent=rows["township_code"].map(recent)))


def campaign_total(rows: pd.DataFrame, label: str) -> dict[str, Any]:
    """Return the row that adds the townships up, as `analysis.breakdown.total`, with the last seven days."""
    whole = _with_split(pd.DataFrame([{**total(rows, label), "recent": int(rows["recent"].sum()), "place": ""}]))
    return {str(name): value for name, value in whole.iloc[0].items()}


@remembered
def department_rows(now: pd.DataFrame, before: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Put a department's name, rate and last seven days beside what it leads; what townships lead is left out.

    Parameters
    ----------
    now, before : pd.DataFrame
        `queries.backlog_groups.backlog_by` by lead department, at the as-of date and seven days before.

    Returns
    -------
    pd.DataFrame
        The rows of `now` that name a department, in its order, with department (its name), resolved (rate and x/n,
        str, SMALL_MARK where they are few), split (str) and recent (int64).
    """
    rows = now[now["value"].notna()].reset_index(drop=True)
    rows["department"] = rows["value"].map(dict(names)).fillna(rows["value"])
    small = rows["opened"].lt(MIN_DENOMINATOR)
    resolved = pd.Series([share(*x) for x in zip(rows["closed"], rows["opened"], strict=True)], dtype="str")
    recent = recent_closings(rows.set_index("value"), before[before["value"].notna()].set_index("value"))
    return _with_split(rows.assign(resolved=resolved.where(~small, resolved + SMALL_MARK), recent=recent.to_numpy()))


def department_total(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the row that adds the departments up."""
    names = ("opened", "closed", "open", "overdue", "reopened", "substantive", "lawful", "recent")
    sums = {name: int(rows[name].sum()) for name in names}
    resolved, split = share(sums["closed"], sums["opened"]), _split(sums["substantive"], sums["lawful"])
    return {"department": "合计", **sums, "resolved": resolved, "split": split}


def townships_finding(rows: pd.DataFrame) -> str:
    """Say which townships have resolved all they lead, and who still has most to do; of one alone what it leads."""
    if len(rows) == 1:
        own = rows.iloc[0]
        return f"{own['township']}主办{own['led_opened']}件，已化解{own['led_closed']}件"
    everything = rows[rows["rank"].notna() & rows["led_closed"].eq(rows["led_opened"])]
    waiting = rows[rows["open"] > 0].sort_values("open", ascending=False, kind="stable")
    names = "、".join(everything["township"].head(3))
    many = f"等{len(everything)}个乡镇（街道）" if len(everything) > 3 else ""
    said = [f"{names}{many}主办的已全部化解"] if len(everything) else []
    most = waiting.head(3)
    named = "、".join(f"{row.township}{row.open}件" for row in most.itertuples())
    word = "未化解较多的是" if len(waiting) > len(most) else "未化解的有"
    return "；".join([*said, f"{word}{named}" if len(waiting) else "已无未化解积案"])


def departments_finding(rows: pd.DataFrame) -> str:
    """Say what the departments lead and how much of it is resolved."""
    if rows.empty:
        return "没有县级机关主办的积案"
    whole = department_total(rows)
    return f"{len(rows)}个县级机关主办{whole['opened']}件，化解率{whole['resolved']}，未化解{whole['open']}件"


def _with_split(rows: pd.DataFrame) -> pd.DataFrame:
    split = [_split(*x) for x in zip(rows["substantive"], rows["lawful"], strict=True)]
    return rows.assign(split=pd.Series(split, index=rows.index, dtype="str"))


def _split(substantive: int, lawful: int) -> str:
    return f"{substantive}+{lawful}"


def _closings(frame: pd.DataFrame) -> pd.Series:
    """Return the episodes closed to date: counted, or what a township took in and no longer has."""
    return frame["closings"] if "closings" in frame else frame["opened"] + frame["reopened"] - frame["open"]
