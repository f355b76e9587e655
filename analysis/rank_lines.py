"""名次变化图: the ranks of a year as lines, who moved most, and since when another scheme holds.

Source: table kpi_scores, through `queries.rankings.rank_history`.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.rankings import ALL, DOWN, UP
from analysis.ranks import UNRANKED, competition_rank
from analysis.wording import month, place

MOVERS = 2
"""So many climbers and so many fallers are picked out where nobody is chosen."""
HIGHLIGHTED = 8
"""As many lines as there are hues."""


def rank_lines(
    history: pd.DataFrame,
    labels: Mapping[str, str],
    kinds: Mapping[str, str],
    *,
    kind: str = ALL,
    chosen: frozenset[str] = frozenset(),
) -> pd.DataFrame:
    """Lay the ranks of the months out for the chart.

    Parameters
    ----------
    history
        `queries.rankings.rank_history` over the whole set.
    labels, kinds
        Label and kind of each township by code.
    kind
        Ranks are those among the townships of this kind, or of ALL.
    chosen
        The townships to pick out, at most HIGHLIGHTED of them; empty: those that climbed and fell most.

    Returns
    -------
    pd.DataFrame
        One row per (township, month), as in `history`: township_code, township (label), month (datetime64[s]),
        month_label (9月; the year stands with the first month and each January), rank (float64, NaN for 暂不排名),
        score, scheme, place (第3名), is_chosen (bool).
    """
    own = history if kind == ALL else history[history["township_code"].map(kinds) == kind]
    rank = competition_rank(own["score"], within=own["month"])
    lines = own.assign(township=own["township_code"].map(labels), rank=rank, place=[place(value) for value in rank])
    names = _month_labels(lines["month"])
    lines["month_label"] = lines["month"].map(names)
    picked = chosen & set(lines["township_code"]) or {str(code) for code in movers(lines)["township_code"]}
    known = [code for code in lines["township_code"].unique() if code in picked][:HIGHLIGHTED]
    return lines.assign(is_chosen=lines["township_code"].isin(known)).reset_index(drop=True)


def movers(lines: pd.DataFrame) -> pd.DataFrame:
    """Return who climbed and who fell most between the first and the last month with a rank.

    Returns
    -------
    pd.DataFrame
        Up to MOVERS climbers, the largest climb first, then as many fallers likewise: township_code, township, first,
        last (ranks), climbed (places, negative for a fall).
    """
    ranked = lines.dropna(subset=["rank"]).sort_values("month", kind="stable")
    by_township = ranked.groupby(["township_code", "township"], sort=False)["rank"]
    moved = pd.DataFrame({"first": by_township.first(), "last": by_township.last()}).reset_index()
    moved["climbed"] = moved["first"] - moved["last"]
    up = moved[moved["climbed"] > 0].sort_values("climbed", ascending=False, kind="stable").head(MOVERS)
    down = moved[moved["climbed"] < 0].sort_values("climbed", kind="stable").head(MOVERS)
    return pd.concat([up, down], ignore_index=True)


def moves_finding(lines: pd.DataFrame) -> str:
    """Say how the lines picked out have moved: 天马由第9名升至第5名（▲4）."""
    if lines.empty:
        return ""
    chosen = lines[lines["is_chosen"]].groupby("township", sort=False)
    said = [said for _, said in sorted((_moved(name, own) for name, own in chosen), key=lambda moved: -moved[0])]
    span = f"{month(lines['month'].min())}至{month(lines['month'].max())}"
    return f"{span}：{'；'.join(said)}" if said else f"{span}：名次没有变化"


def scheme_changes(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the months from which another scheme holds than the month before: month, month_label, scheme."""
    months = lines.drop_duplicates("month").sort_values("month")[["month", "month_label", "scheme"]]
    before = months["scheme"].shift()
    return months[before.notna() & (before != months["scheme"])].reset_index(drop=True)


def _moved(name: object, own: pd.DataFrame) -> tuple[float, str]:
    """Return the places climbed and the words for them."""
    ranks = own.sort_values("month")["rank"].dropna()
    if ranks.empty:
        return 0.0, f"{name}{UNRANKED}"
    first, last = float(ranks.iloc[0]), float(ranks.iloc[-1])
    if first == last:
        return 0.0, f"{name}保持{place(last)}"
    way, mark = ("升至", UP) if last < first else ("降至", DOWN)
    return first - last, f"{name}由{place(first)}{way}{place(last)}（{mark}{abs(first - last):.0f}）"


def _month_labels(months: pd.Series) -> dict[pd.Timestamp, str]:
    distinct = sorted(months.unique())
    return {day: month(day) if i == 0 or day.month == 1 else f"{day.month}月" for i, day in enumerate(distinct)}
