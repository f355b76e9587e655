"""如果: other weights, moved by hand, and the ranks they would make; nothing of it is stored.

A weight that was moved stays where it was put; those not touched share what is left of 100 in the proportions of the
scheme. A setting is written as text (K01-20_K16-5) and so fits into a link.
Source: METHODS section 2 (what-if).
"""

from collections.abc import Mapping
from math import floor

import pandas as pd

from analysis.ranks import UNRANKED, competition_rank, score_tables
from analysis.rules import WEIGHT_SWING
from analysis.scoring import composite_score, coverage
from analysis.wording import MISSING, month, number

WHOLE = 100.0
Weights = Mapping[str, float]
_STEPS_PER_POINT = 10

RULE = "调过的指标保持所设的权重，没有调过的按方案的比例分摊剩下的，合计始终是100。"
HOW_TO_READ = (
    f"移动滑块，名次立刻按新权重重排。{RULE}",
    "较方案：▲为按新权重比按方案前进的名次，▼为后退的名次；只在两边都排名的乡镇（街道）之间比；月份和指标得分都一样，只有权重不同。",
    "名次范围、权重浮动后的名次要用重新计算算出：前者看案件多少的偶然，后者看权重再上下浮动25%时名次会不会变。",
    "这里的设置不保存、不影响考核，只在本页和复制的链接里；用恢复方案权重一键还原。",
)


def scheme_weights(kpis: pd.DataFrame, judged: pd.DataFrame) -> dict[str, float]:
    """Return the scheme's weights by indicator, as shares of 100.

    Parameters
    ----------
    kpis
        `queries.definitions.kpi_definitions`: the county's own weights.
    judged
        `queries.rankings.kpi_table`: only an indicator that counts in some township has a weight to move.
    """
    counted = judged.loc[judged["weight"] > 0, "kpi_code"].unique()
    own = kpis[kpis["code"].isin(counted) & (kpis["weight"] > 0)]
    total = own["weight"].sum()
    return {code: float(WHOLE * weight / total) for code, weight in zip(own["code"], own["weight"], strict=True)}


def full_weights(scheme: Weights, moved: Weights) -> dict[str, float]:
    """Return all weights, which sum to 100: those moved as they are, the others in the scheme's proportions.

    Where none is left to share, the moved ones are scaled to 100; all at 0 leave the scheme.
    """
    rest = sum(weight for code, weight in scheme.items() if code not in moved)
    if rest > 0:
        left = WHOLE - sum(moved.values())
        return {code: moved[code] if code in moved else left * scheme[code] / rest for code in scheme}
    total = sum(moved.values())
    return {code: WHOLE * moved[code] / total for code in scheme} if total > 0 else dict(scheme)


def moved_to(scheme: Weights, moved: Weights, code: str, weight: float) -> dict[str, float]:
    """Return the weights moved by hand after one more: those moved before give way when there is not enough left.

    Raises
    ------
    KeyError
        The scheme has no such indicator.
    ValueError
        The weight is not within 0 to 100.
    """
    scheme[code]
    if not 0 <= weight <= WHOLE:
        raise ValueError(f"expected a weight of 0 to {WHOLE:.0f}, got {weight}")
    set_to = round(weight, 1)
    others = {other: value for other, value in moved.items() if other != code}
    total = sum(others.values())
    if set_to + total > WHOLE:
        others = {other: _tenths(value * (WHOLE - set_to) / total) for other, value in others.items()}
    return {each: {**others, code: set_to}[each] for each in scheme if each in others or each == code}


def written(moved: Weights) -> str:
    """Write a setting for a link: K01-20_K16-5.5; "" for the scheme's own."""
    return "_".join(f"{code}-{number(weight, digits=1)}" for code, weight in moved.items())


def parsed(text: str, scheme: Weights) -> dict[str, float] | None:
    """Read a setting from a link; None where it cannot be one of this scheme's."""
    moved: dict[str, float] = {}
    for part in filter(None, text.split("_")):
        code, _, figure = part.rpartition("-")
        if code not in scheme or code in moved or not figure.replace(".", "", 1).isdigit():
            return None
        moved[code] = float(figure)
    is_fine = sum(moved.values()) <= WHOLE and written(moved) == text
    return {code: moved[code] for code in scheme if code in moved} if is_fine else None


def reweighted(judged: pd.DataFrame, scheme: Weights, weights: Weights) -> pd.DataFrame:
    """Return `queries.rankings.kpi_table` with other weights.

    A township's own weight keeps its proportion to the county's.
    """
    factors = judged["kpi_code"].map({code: weights[code] / scheme[code] for code in scheme})
    return judged.assign(weight=(judged["weight"] * factors).fillna(0.0))


def reranked(ranking: pd.DataFrame, judged: pd.DataFrame, sure: pd.DataFrame | None = None) -> pd.DataFrame:
    """Rank the townships anew, beside the rank they hold under the scheme.

    Parameters
    ----------
    ranking
        `queries.rankings.ranking` over the whole set.
    judged
        `reweighted` over the whole set.
    sure
        `queries.what_if.what_if_standings` under the same weights, where they were computed.

    Returns
    -------
    pd.DataFrame
        One row per township, by the new rank, those not ranked last: township_code, month, scheme (str), score, rank,
        coverage; scheme_score, previous_rank (under the scheme), rank_change (places climbed against it, among those
        ranked both ways), rank_low, rank_high, weight_low, weight_high, beats_next (float64, NaN where not computed).
    """
    scores, weights = score_tables(judged)
    composite = composite_score(scores, weights)
    frame = ranking[["township_code", "month", "scheme"]].assign(
        scheme_score=ranking["score"], previous_rank=ranking["rank"]
    )
    found = {"score": composite, "rank": competition_rank(composite), "coverage": coverage(scores, weights)}
    for name, figures in found.items():
        frame[name] = figures.reindex(frame["township_code"]).to_numpy()
    both = frame["previous_rank"].notna() & frame["rank"].notna()
    climbed = competition_rank(frame.loc[both, "scheme_score"]) - competition_rank(frame.loc[both, "score"])
    frame["rank_change"] = climbed.reindex(frame.index)
    named = frame["township_code"]
    for name in ("rank_low", "rank_high", "weight_low", "weight_high", "beats_next"):
        frame[name] = float("nan") if sure is None else sure.set_index("township_code")[name].reindex(named).to_numpy()
    return frame.sort_values(["rank", "previous_rank"], kind="stable", ignore_index=True)


def what_if_finding(rows: pd.DataFrame, moved: Weights) -> str:
    """Say who climbs and who falls, those who climb first."""
    if not moved:
        return "权重与方案相同，名次就是考核名次；移动滑块看名次怎样变化。"
    climbed, fell = rows[rows["rank_change"] > 0], rows[rows["rank_change"] < 0]
    parts = [_moves(climbed, "前进"), _moves(fell, "后退")]
    if not any(parts) and rows["rank"].notna().equals(rows["previous_rank"].notna()):
        return "按调整后的权重，名次没有变化。"
    same = int((rows["rank_change"] == 0).sum())
    rest = "其余" if any(parts) else ""
    parts.append(f"{rest}{same}个乡镇（街道）名次不变" if same else "")
    lost = int((rows["rank"].isna() & rows["previous_rank"].notna()).sum())
    parts.append(f"{lost}个乡镇（街道）可计分的权重不足，{UNRANKED}" if lost else "")
    return f"按调整后的权重，{'；'.join(filter(None, parts))}。"


def what_if_note(moved: Weights, *, is_sure: bool) -> str:
    """Say what the table shows, and what has to be asked for."""
    said = RULE if moved else "现在是方案的权重。"
    if not is_sure:
        return f"{said}名次范围和权重浮动后的名次点重新计算得出。"
    swing = f"各项权重再上下浮动{WEIGHT_SWING:.0%}"
    return f"{said}权重浮动：{swing}，该乡镇（街道）排名所在的范围；高于下一名：这样浮动时，仍在现在下一名之前的比例。"


def what_if_title(ranking: pd.DataFrame, schemes: pd.DataFrame) -> str:
    """Name the month and the scheme whose weights are moved."""
    names = schemes.set_index("code")["name"].to_dict()
    scheme = names.get(ranking["scheme"].iloc[0], "没有生效的考核方案")
    return f"如果调整权重 · {month(ranking['month'].iloc[0])} · {scheme}"


def weight_range(low: float, high: float) -> str:
    """Say between which places a township stays when the weights swing: 第2–4名."""
    if pd.isna(low):
        return MISSING
    return f"第{low:.0f}名" if low == high else f"第{low:.0f}–{high:.0f}名"


def _moves(rows: pd.DataFrame, verb: str) -> str:
    steps = rows.assign(step=rows["rank_change"].abs()).sort_values("step", ascending=False, kind="stable")
    named = [f"{name}{step:.0f}名" for name, step in zip(steps["township"], steps["step"], strict=True)]
    return f"{verb}的有{'、'.join(named)}" if named else ""


def _tenths(weight: float) -> float:
    """Round down to a tenth, so that no sum exceeds the whole."""
    return floor(weight * _STEPS_PER_POINT + 1e-9) / _STEPS_PER_POINT
