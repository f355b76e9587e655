"""The composite ranking of one month: everything that a row of kpi_scores holds."""

import zlib
from datetime import date

import pandas as pd

from analysis.ranks import competition_rank, composite_intervals, score_tables, weight_stability
from analysis.rules import DRAWS
from analysis.scoring import composite_score, coverage


def standings(judged: pd.DataFrame, *, draws: int = DRAWS, seed: int = 0) -> pd.DataFrame:
    """Return score, rank and how sure the rank is, for every township of the compared set.

    Parameters
    ----------
    judged : pd.DataFrame
        What `analysis.kpis.judged_kpis` returns for the whole set: never a part of it.
    draws, seed
        Of the rank interval.

    Returns
    -------
    pd.DataFrame
        One row per township in the order of `judged`: township_code (str), score (0-100), rank (1 = first), coverage
        (0-1), rank_low, rank_high, first_three, last_three, weight_low, weight_high (float64). Score, rank and
        intervals are NaN below 80 % coverage. No rows for no townships.

    Source: METHODS section 2.
    """
    scores, weights = score_tables(judged)
    composite = composite_score(scores, weights)
    found = pd.DataFrame(
        {"score": composite, "rank": competition_rank(composite), "coverage": coverage(scores, weights)}
    )
    intervals = composite_intervals(judged, draws=draws, seed=seed)
    names = {"low": "rank_low", "high": "rank_high", "first_three": "first_three", "last_three": "last_three"}
    found = found.join(intervals[list(names)].rename(columns=names))
    return found.join(weight_stability(scores, weights, seed=seed)).rename_axis("township_code").reset_index()


def draw_seed(scheme: str, month: date) -> int:
    """Return the seed of the rank interval: the same for a scheme and month on every machine."""
    return zlib.crc32(f"{scheme}/{month.isoformat()}".encode())
