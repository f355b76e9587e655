"""The composite ranking as it is shown: places, changes and bands in words beside the figures.

Source: METHODS section 2; COUNTY "Conventions".
"""

from collections.abc import Mapping

import pandas as pd

from analysis.ranks import UNRANKED, band, competition_rank
from analysis.remembered import remembered
from analysis.rules import MIN_COVERAGE
from analysis.wording import MISSING, month, place, places

ALL = "全部"
UP, DOWN, SAME, NEW = "▲", "▼", "持平", "新列入"


@remembered
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
        The rows of `ranking`, with township (the label), county_rank (= rank), is_tied (bool), place (第2名, 并列第2, —
        for 暂不排名), change (▲2 climbed, ▼1 fell, 持平, 新列入, — without a rank), interval (第1–4名) and band (str).
    """
    ranked = ranked_count(ranking)
    frame = _placed(ranking.assign(township=ranking["township_code"].map(labels), county_rank=ranking["rank"]))
    ends = list(zip(frame["rank_low"], frame["rank_high"], strict=True))
    frame["interval"] = [places(low, high) for low, high in ends]
    frame["band"] = [band(low, high, ranked) for low, high in ends]
    return frame


def within_kind(rows: pd.DataFrame, kinds: Mapping[str, str], kind: str) -> pd.DataFrame:
    """Rank the townships of one kind among themselves; scores, ranges and bands stay those of the whole set.

    Parameters
    ----------
    rows : pd.DataFrame
        `ranked_rows` over the whole set: it holds the whole of the kind.
    kinds
        街道, 镇 or 乡 by township code.
    kind
        One of them; ALL leaves everything as it is.

    Returns
    -------
    pd.DataFrame
        The rows of that kind in rank order, with rank, rank_change, is_tied, place and change within the kind;
        county_rank, previous_rank, rank_low and rank_high over the whole set.
    """
    if kind == ALL:
        return rows
    own = rows[rows["township_code"].map(kinds) == kind].reset_index(drop=True)
    now, before = own["county_rank"], own["previous_rank"]
    both = now.notna() & before.notna()
    climbed = competition_rank(-before[both]) - competition_rank(-now[both])
    frame = own.assign(rank=competition_rank(-now), rank_change=climbed.reindex(own.index))
    return _placed(frame)


@remembered
def with_notes(rows: pd.DataFrame, counts: Mapping[str, str], missing: Mapping[str, str]) -> pd.DataFrame:
    """Add note (str, few words) and reason (str): what each township was not judged on.

    Parameters
    ----------
    counts, missing
        `analysis.explanation.missing_counts` and `missing_words`.
    """
    note, reason = (rows["township_code"].map(said).fillna("") for said in (counts, missing))
    return rows.assign(note=note, reason=reason)


def reasons_line(rows: pd.DataFrame) -> str:
    """Say who was not judged on what, those alike together, 暂不排名 first; "" when there is nobody."""
    said = []
    for is_ranked, own in rows[rows["reason"] != ""].groupby(rows["rank"].notna()):
        for reason, alike in own.groupby("reason", sort=False)["township"]:
            why = "" if is_ranked else f"可计分权重不足{MIN_COVERAGE:.0%}，{UNRANKED}；"
            said.append(f"{'、'.join(alike)}——{why}{reason}。")
    return "".join(said)


def kind_choices(kinds: Mapping[str, str]) -> list[str]:
    """Return ALL and the kinds that there are, in fixed order."""
    return [ALL, *dict.fromkeys(kinds.values())]


def kinds_of(townships: pd.DataFrame) -> dict[str, str]:
    """Return the kind of each township by code, in fixed order; one that names none is left out."""
    known = townships.dropna(subset=["kind"])
    return dict(zip(known["code"], known["kind"], strict=True))


def among(rows: pd.DataFrame, kind: str) -> str:
    """Say among whom the places of `rows` are, and what stays the county's.

    Parameters
    ----------
    rows
        The whole of the set, before any township filter.
    """
    ranked = ranked_count(rows)
    if kind == ALL:
        return f"名次在全县参加排名的{ranked}个乡镇（街道）中计算，按未四舍五入的得分，不随乡镇筛选变化。"
    return (
        f"名次和较上月只在{ranked}个{kind}之间计算（同类单独排名）；全县名次、名次范围和判断仍在全县范围内计算，"
        "不随乡镇筛选变化。"
    )


def ranked_count(rows: pd.DataFrame) -> int:
    """Return how many have a rank."""
    return int(rows["rank"].notna().sum())


def kind_line(rows: pd.DataFrame, kind: str) -> str:
    """Say who is first and last of those shown of a kind, without the county's ranges: 镇：青石第1名（95.3分）."""
    known = rows.dropna(subset=["rank"])
    if known.empty:
        return f"所选的{kind}{UNRANKED}"
    ends = known if len(known) == 1 else known.iloc[[0, -1]]
    return f"{kind}：{'，'.join(f'{row.township}{row.place}（{row.score:.1f}分）' for row in ends.itertuples())}"


def scheme_note(ranking: pd.DataFrame) -> str:
    """Say that the scheme is another one than the month before; "" when it is not."""
    first = ranking.iloc[0]
    is_new = first["previous_scheme"] and first["scheme"] != first["previous_scheme"]
    return "本月起执行新的考核方案，与上月相比的名次变化含有方案调整的影响。" if is_new else ""


def picked(rows: pd.DataFrame, townships: frozenset[str], own: str | None) -> str:
    """Return the township to explain: the first in rank of those chosen; of all, the viewer's own, else the last."""
    chosen_rows = rows[rows["township_code"].isin(townships)]
    if len(chosen_rows) < len(rows):
        return str(chosen_rows["township_code"].iloc[0])
    ranked = chosen_rows[chosen_rows["rank"].notna()] if chosen_rows["rank"].notna().any() else chosen_rows
    return own if own and own in set(rows["township_code"]) else str(ranked["township_code"].iloc[-1])


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


def _placed(frame: pd.DataFrame) -> pd.DataFrame:
    """Word the ranks of a set and how they changed."""
    frame["is_tied"] = frame["rank"].duplicated(keep=False) & frame["rank"].notna()
    frame["place"] = [place(rank, is_tied=tied) for rank, tied in zip(frame["rank"], frame["is_tied"], strict=True)]
    frame["change"] = [_change(rank, step) for rank, step in zip(frame["rank"], frame["rank_change"], strict=True)]
    return frame


def _change(rank: float, climbed: float) -> str:
    if pd.isna(rank):
        return MISSING
    if pd.isna(climbed):
        return NEW
    return SAME if climbed == 0 else f"{UP if climbed > 0 else DOWN}{abs(climbed):.0f}"
