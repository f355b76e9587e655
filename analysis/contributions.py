"""Why a township stands where it stands: what each indicator adds to its score, and the gap to the place above.

Source: METHODS section 2 (contribution).
"""

from dataclasses import dataclass

import pandas as pd

from analysis.ranks import score_tables
from analysis.remembered import remembered
from analysis.scoring import composite_score


@dataclass(frozen=True)
class Gap:
    """What lies between a township and the one it is compared with.

    `rival` is the township one place above; for the first place the one below, which `is_lead` says; "" when there is
    none. `points` is the difference of the two composites, never negative; NaN without a rival. `rows` has one row per
    weighted indicator, its largest share of the gap first: the columns of `contributions`, rival_score,
    rival_contribution, gap (points; positive widens it; they add up to `points`), gap_share (0-1, of what widens it;
    NaN for what does not), float64.
    """

    township: str
    rival: str
    is_lead: bool
    points: float
    rows: pd.DataFrame


def contributions(judged: pd.DataFrame) -> pd.DataFrame:
    """Split every township's composite into what each indicator adds to it.

    Parameters
    ----------
    judged : pd.DataFrame
        What `analysis.kpis.judged_kpis` returns, over the whole set.

    Returns
    -------
    pd.DataFrame
        The rows of weighted indicators in their order, with share (0-1, of all the township's weight), contribution and
        lost (points, float64; share times score, and times what is missing to 100). An indicator that could not be
        judged drops out with its weight, which is the same as scoring the township's own mean: that is what it
        contributes, and nothing is lost on it. A township's contributions add up to its composite.
    """
    counted = judged[judged["weight"] > 0]
    by_township = counted["township_code"]
    kept = counted["weight"].where(counted["score"].notna(), 0.0)
    sums = (kept * counted["score"].fillna(0.0)).groupby(by_township).transform("sum")
    kept_sum, total = (
        kept.groupby(by_township).transform("sum"),
        counted["weight"].groupby(by_township).transform("sum"),
    )
    share, score = counted["weight"] / total, counted["score"].fillna(sums / kept_sum.where(kept_sum > 0))
    lost = (share * (100.0 - score)).where(counted["score"].notna(), 0.0)
    return counted.assign(share=share, contribution=share * score, lost=lost)


@remembered
def gap_of(judged: pd.DataFrame, township: str) -> Gap:
    """Compare a township with the one a place above, indicator by indicator.

    Parameters
    ----------
    judged : pd.DataFrame
        What `analysis.kpis.judged_kpis` returns, over the whole set.
    township
        Its code. Without a rank of its own nobody stands above it: the rows then come by the points lost.
    """
    parts = contributions(judged)
    composites = composite_score(*score_tables(judged))
    rival, is_lead = _rival(composites, township)
    own = parts[parts["township_code"] == township]
    other = parts[parts["township_code"] == rival].set_index("kpi_code")[["score", "contribution"]]
    rows = own.join(other.add_prefix("rival_"), on="kpi_code")
    points = abs(composites[rival] - composites[township]) if rival else float("nan")
    # An indicator weighted for the rival alone is no row of the township's: it stays in the points, in no share.
    sign = -1.0 if is_lead else 1.0
    rows["gap"] = sign * (rows["rival_contribution"].fillna(0.0) - rows["contribution"]) if rival else float("nan")
    widening = rows["gap"].where(rows["gap"] > 0)
    rows["gap_share"] = widening / widening.sum()
    order = ["gap", "weight"] if rival else ["lost", "weight"]
    rows = rows.sort_values([*order, "kpi_code"], ascending=[False, False, True], ignore_index=True)
    return Gap(township, rival, is_lead, points, rows)


def _rival(composites: pd.Series, township: str) -> tuple[str, bool]:
    """Return the nearest township with a higher score; for the first place the nearest other one, and that it leads."""
    own = composites.get(township)
    if own is None or pd.isna(own):
        return "", False
    others = composites.drop(township).dropna()
    above = others[others > own]
    if not above.empty:
        return str(above.idxmin()), False
    return ("", False) if others.empty else (str(others.idxmax()), True)
