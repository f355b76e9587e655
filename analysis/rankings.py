"""The composite ranking as it is shown: places, changes and bands in words beside the figures.

Source: METHODS section 2; COUNTY "Conventions".
"""

from collections.abc import Mapping

import pandas as pd

from analysis.ranks import band
from analysis.wording import MISSING, month, place, places

UP, DOWN, SAME, NEW = "▲", "▼", "持平", "新列入"


def ranked_rows(ranking: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Word every township's place.

    Parameters
    ----------
    ranking : pd.DataFrame
        `queries.rankings.ranking` over the whole set: the bands are thirds of those ranked.
    labels
        The label of each township by code.

    Returns
    -------
    pd.DataFrame
        The rows of `ranking`, with township (the label), is_tied (bool), place (第2名, 并列第2, — for 暂不排名), change
        (▲2 climbed, ▼1 fell, 持平, 新列入, — without a rank), interval (第1–4名) and band (str).
    """
    ranked = int(ranking["rank"].notna().sum())
    frame = ranking.assign(township=ranking["township_code"].map(labels))
    frame["is_tied"] = frame["rank"].duplicated(keep=False) & frame["rank"].notna()
    frame["place"] = [place(rank, is_tied=tied) for rank, tied in zip(frame["rank"], frame["is_tied"], strict=True)]
    frame["change"] = [_change(rank, step) for rank, step in zip(frame["rank"], frame["rank_change"], strict=True)]
    ends = list(zip(frame["rank_low"], frame["rank_high"], strict=True))
    frame["interval"] = [places(low, high) for low, high in ends]
    frame["band"] = [band(low, high, ranked) for low, high in ends]
    return frame


def ranking_title(ranking: pd.DataFrame, schemes: pd.DataFrame) -> str:
    """Name the month and the scheme that a ranking is of: 考核排名 · 2020年8月 · 2020年考核方案."""
    if ranking.empty:
        return "考核排名"
    names = schemes.set_index("code")["name"].to_dict()
    scheme = names.get(ranking["scheme"].iloc[0], "没有生效的考核方案")
    return f"考核排名 · {month(ranking['month'].iloc[0])} · {scheme}"


def chosen(rows: pd.DataFrame, townships: frozenset[str]) -> pd.DataFrame:
    """Keep the townships asked for; places stay those of the whole set."""
    return rows[rows["township_code"].isin(townships)].reset_index(drop=True)


def _change(rank: float, climbed: float) -> str:
    if pd.isna(rank):
        return MISSING
    if pd.isna(climbed):
        return NEW
    return SAME if climbed == 0 else f"{UP if climbed > 0 else DOWN}{abs(climbed):.0f}"
