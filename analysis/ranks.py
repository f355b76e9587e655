"""Ranks, and how sure they are.

Source: METHODS section 2; Goldstein and Spiegelhalter 1996, Mogstad et al. 2023.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.draws import STRATA, beta_strata, gamma_strata
from analysis.rules import DRAWS, WEIGHT_DRAWS, WEIGHT_SWING
from analysis.scoring import composite_score, efficacy_line, weight_frame

Floats = npt.NDArray[np.float64]
Numbers = npt.ArrayLike

AHEAD, BETWEEN, TRAILING, UNRANKED = "明显靠前", "差距不明显", "明显靠后", "暂不排名"
INTERVAL_COLUMNS = ("mean_rank", "low", "high", "first_three", "last_three")
_CHUNK = 4_000


def competition_rank(scores: pd.Series, *, within: pd.Series | None = None) -> pd.Series:
    """Rank scores from the highest, ties sharing the better place (1, 2, 2, 4); NaN where there is no score.

    Parameters
    ----------
    within : pd.Series or None
        Groups that are ranked apart, indexed like `scores`: an indicator, or a kind of township.

    Returns
    -------
    pd.Series
        float64, indexed like `scores`.
    """
    ranked = scores if within is None else scores.groupby(within)
    return ranked.rank(ascending=False, method="min")


def rank_intervals(x: Numbers, n: Numbers, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Say how sure the ranks of proportions x / n are, the highest first.

    Parameters
    ----------
    x, n : array-like
        Successes and trials, one per township; a Series keeps its index. n = 0 is not ranked.
    draws, seed
        Size and seed of the simulation; the same seed gives the same figures.

    Returns
    -------
    pd.DataFrame
        One row per township: mean_rank, low and high (2.5 and 97.5 % rank), first_three and last_three (probability of
        the first and last three places), float64; NaN where n = 0.

    Source: METHODS section 2: theta ~ Beta(x + 1/2, n - x + 1/2).
    """
    index = x.index if isinstance(x, pd.Series) else None
    seen, trials = np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64)
    frame = pd.DataFrame(
        np.nan, index=pd.RangeIndex(len(seen)) if index is None else index, columns=list(INTERVAL_COLUMNS)
    )
    kept = np.flatnonzero(trials > 0)
    tables = [beta_strata(seen[i], trials[i]) for i in kept]
    if tables:
        rng = np.random.default_rng(seed)
        chunks = (np.column_stack([_draw(table, size, rng) for table in tables]) for size in _chunks(draws))
        frame.iloc[kept] = _summary(chunks, draws, len(tables))
    return frame


def composite_intervals(judged: pd.DataFrame, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Say how sure the composite ranks are, the composite being recomputed in each draw.

    Parameters
    ----------
    judged : pd.DataFrame
        What `analysis.kpis.judged_kpis` returns, over the whole set that is ranked.

    Returns
    -------
    pd.DataFrame
        One row per township (index township_code): columns of `rank_intervals`; NaN where the coverage is too small.

    Source: METHODS section 2: proportions from Beta(x + 1/2, n - x + 1/2), rates from Gamma(x + 1/2) / exposure, other
    indicators and the zeros of unreported ones fixed.
    """
    order = judged["township_code"].drop_duplicates()
    frame = pd.DataFrame(np.nan, index=pd.Index(order, name="township_code"), columns=list(INTERVAL_COLUMNS))
    counted = judged[(judged["weight"] > 0) & judged["score"].notna()]
    ranked = composite_score(*score_tables(judged)).dropna().index
    kept = [code for code in order if code in ranked]
    if kept:
        parts = {code: _contributions(part) for code, part in counted.groupby("township_code")}
        rng = np.random.default_rng(seed)
        chunks = (np.column_stack([_composite(*parts[code], size, rng) for code in kept]) for size in _chunks(draws))
        frame.loc[kept] = _summary(chunks, draws, len(kept))
    return frame


def weight_stability(
    scores: pd.DataFrame, weights: Mapping[str, float] | pd.DataFrame, *, draws: int = WEIGHT_DRAWS, seed: int = 0
) -> pd.DataFrame:
    """Say between which places a township stays when every weight moves by up to 25 % of itself.

    Parameters
    ----------
    scores, weights
        As for `analysis.scoring.composite_score`.

    Returns
    -------
    pd.DataFrame
        One row per township, indexed like `scores`: weight_low, weight_high (5 and 95 % rank, float64); NaN where the
        coverage is too small.

    Source: METHODS section 2: w' = w (1 + U(-0.25, 0.25)), renormalised.
    """
    frame = pd.DataFrame(np.nan, index=scores.index, columns=["weight_low", "weight_high"])
    ranked, composites = _swung(scores, weights, draws, seed)
    if len(ranked):
        low, high = np.quantile(_ranks(composites), (0.05, 0.95), axis=0, method="inverted_cdf")
        frame.loc[ranked, ["weight_low", "weight_high"]] = np.column_stack([low, high])
    return frame


def beats_next(
    scores: pd.DataFrame, weights: Mapping[str, float] | pd.DataFrame, *, draws: int = WEIGHT_DRAWS, seed: int = 0
) -> pd.Series:
    """Say how often a township stays above the one next below it when every weight moves by up to 25 % of itself.

    Parameters
    ----------
    scores, weights
        As for `analysis.scoring.composite_score`.

    Returns
    -------
    pd.Series
        float64 (0 to 1), indexed like `scores`; NaN for the last and where the coverage is too small. A tie is no
        staying above.

    Source: METHODS section 2, the draws of `weight_stability`.
    """
    found = pd.Series(np.nan, index=scores.index)
    ranked, composites = _swung(scores, weights, draws, seed)
    order = np.argsort(-composite_score(scores, weights)[ranked].to_numpy(), kind="stable")
    above, below = order[:-1], order[1:]
    found.loc[ranked[above]] = (composites[:, above] > composites[:, below]).mean(axis=0)
    return found


def band(low: float, high: float, n: int) -> str:
    """Word a rank interval among `n`: 明显靠前 or 明显靠后 only when it lies wholly in the top or bottom third."""
    if np.isnan(low) or np.isnan(high):
        return UNRANKED
    if high <= n / 3:
        return AHEAD
    return TRAILING if low - 1 >= 2 * n / 3 else BETWEEN


def score_tables(judged: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn judged indicators into scores and weights, one row per township and one column per weighted KPI each."""
    counted = judged[judged["weight"] > 0]
    rows = pd.Index(judged["township_code"].drop_duplicates(), name="township_code")
    scores = counted.pivot_table(index="township_code", columns="kpi_code", values="score", dropna=False)
    weights = counted.pivot_table(index="township_code", columns="kpi_code", values="weight")
    return scores.reindex(index=rows, columns=weights.columns), weights.reindex(rows).fillna(0.0)


def _swung(
    scores: pd.DataFrame, weights: Mapping[str, float] | pd.DataFrame, draws: int, seed: int
) -> tuple[pd.Index, Floats]:
    """Return who is ranked, and their composites (draws x ranked) under moved weights."""
    ranked = composite_score(scores, weights).dropna().index
    full = weight_frame(scores, weights).loc[ranked]
    judged = scores.reindex(index=full.index, columns=full.columns)
    kept = full.where(judged.notna(), 0.0).to_numpy()
    swings = np.random.default_rng(seed).uniform(1 - WEIGHT_SWING, 1 + WEIGHT_SWING, (draws, full.shape[1]))
    return ranked, swings @ (judged.fillna(0.0).to_numpy() * kept).T / (swings @ kept.T)


def _contributions(part: pd.DataFrame) -> tuple[float, list[Floats]]:
    """Split one township's composite into its fixed sum and one table of equally likely shares per uncertain KPI."""
    shares = (part["weight"] / part["weight"].sum()).to_numpy()
    numbers = part[["numerator", "denominator", "scale", "goal", "floor", "score"]].to_numpy(dtype=np.float64)
    fixed, tables = 0.0, []
    for share, kind, state, row in zip(shares, part["kind"], part["state"], numbers, strict=True):
        x, n, scale, goal, floor, score = (float(number) for number in row)
        values = _uncertain(kind, x, n) if state == "judged" and goal != floor else None
        if values is None:
            fixed += float(share) * score
        else:
            tables.append(share * efficacy_line(values * scale, goal, floor))
    return fixed, tables


def _uncertain(kind: str, numerator: float, denominator: float) -> Floats | None:
    if kind == "proportion" and 0 <= numerator <= denominator:
        return beta_strata(numerator, denominator)
    if kind == "rate" and numerator >= 0 and denominator > 0:
        return gamma_strata(numerator) / denominator
    return None


def _composite(fixed: float, tables: list[Floats], size: int, rng: np.random.Generator) -> Floats:
    total = np.full(size, fixed)
    for table in tables:
        total += _draw(table, size, rng)
    return total


def _draw(table: Floats, size: int, rng: np.random.Generator) -> Floats:
    return table.take(np.frombuffer(rng.bytes(2 * size), dtype=np.uint16) & (STRATA - 1))


def _chunks(draws: int) -> Iterator[int]:
    for start in range(0, draws, _CHUNK):
        yield min(_CHUNK, draws - start)


def _ranks(scores: Floats) -> npt.NDArray[np.intp]:
    """Rank each row of (draws, townships) from the highest, ties sharing the better place."""
    order = np.argsort(-scores, axis=1)
    ordered = np.take_along_axis(scores, order, axis=1)
    places = np.broadcast_to(np.arange(scores.shape[1]), scores.shape).copy()
    places[:, 1:][ordered[:, 1:] == ordered[:, :-1]] = 0
    ranks = np.empty_like(places)
    np.put_along_axis(ranks, order, np.maximum.accumulate(places, axis=1) + 1, axis=1)
    return ranks


def _summary(chunks: Iterator[Floats], draws: int, n: int) -> Floats:
    """Count the places over all chunks of draws, then read mean, interval and outer thirds off the counts."""
    counts = np.zeros((n, n + 1))
    rows = np.arange(n)
    for scores in chunks:
        keys = _ranks(scores) + rows * (n + 1)
        counts += np.bincount(keys.ravel(), minlength=n * (n + 1)).reshape(n, n + 1)
    share = counts / draws
    below = share.cumsum(axis=1) + 1e-12
    low, high = (below >= 0.025).argmax(axis=1), (below >= 0.975).argmax(axis=1)
    last = share[:, max(n - 2, 0) :].sum(axis=1)
    return np.column_stack([share @ np.arange(n + 1), low, high, share[:, 1:4].sum(axis=1), last])
