"""What would move a township up: the smallest change of one indicator that lifts its rank, all else unchanged.

Source: METHODS section 2; the search recomputes score, composite and rank for every candidate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.kpis import JUDGED, NONE, SMALL, UNREPORTED
from analysis.ranks import score_tables
from analysis.remembered import remembered
from analysis.scoring import FULL, composite_score, signed_score

Floats = npt.NDArray[np.float64]

SCORE_STEP = 0.1
"""Scores are searched in tenths of a point."""

DIRECTIONS = {"higher": 1.0, "lower": -1.0}
COLUMNS = ("kpi_code", "change", "rank_after", "climbed")
_LEAST_SAID = 0.05  # points that are not rounded to 0.0
_NO = (np.nan, np.nan, np.nan)
_UNJUDGED = {UNREPORTED: "补报后按实际得分计", SMALL: "基数小，不计分", NONE: "无此项业务，不计分"}

MOVES = {
    "backlog_resolution_rate": "再化解{n}件积案",
    "backlog_substantive_share": "积案实体化解多{n}件",
    "backlog_rebound_rate": "积案反弹少{n}件",
    "villages_without_backlog": "再清零{n}个村（社区）的积案",
    "petitions_accepted_in_time": "信访及时受理多{n}件",
    "petitions_closed_in_time": "信访按期办结多{n}件",
    "petitions_settled_at_once": "初次信访一次性化解多{n}件",
    "petitions_satisfied": "信访满意（含基本满意）多{n}件",
    "petitions_repeated": "重复信访少{n}件",
    "disputes_settled": "纠纷调解成功多{n}件",
    "suits_per_resident": "新收民事案件少{n}件",
    "events_closed_in_time": "四平台事件按时办结多{n}件",
    "appeals_answered_in_time": "群众诉求按时反馈多{n}件",
    "risks_cleared": "风险隐患销号多{n}件",
    "tasks_on_schedule": "再有{n}项任务达到计划",
    "reports_in_time": "任务按时报送多{n}项",
    "诉前纠纷化解率": "诉前化解多{n}件",
}
"""Value of kpis.computed_from, or the name of a reported indicator -> what the township would have to do, {n} times."""


@remembered
def climbs(judged: pd.DataFrame, township: str) -> pd.DataFrame:
    """Find, for each weighted indicator of a township, the smallest change that lifts its rank by one place or more.

    Parameters
    ----------
    judged : pd.DataFrame
        Rows as in `queries.rankings.kpi_table`, over the whole set.
    township
        Its code.

    Returns
    -------
    pd.DataFrame
        One row per weighted indicator of the township, in its order: kpi_code (str), change (float64, signed: of the
        numerator in whole cases for proportions and rates, of the value in tenths for scores; NaN where no change
        within the denominator lifts it), rank_after, climbed (places, float64). Not ranked, or first: all NaN.

    Source: METHODS section 2.
    """
    scores, weights = score_tables(judged)
    composites = composite_score(scores, weights)
    own = judged[(judged["township_code"] == township) & (judged["weight"] > 0)].reset_index(drop=True)
    before = float(composites.get(township, np.nan))
    others = composites.drop(township, errors="ignore").dropna().to_numpy()
    kept = own["weight"].where(own["score"].notna(), 0.0)
    rest = (kept * own["score"].fillna(0.0)).sum() - kept * own["score"]
    found = [_NO] * len(own)
    if not np.isnan(before) and (others > before).any():
        rows = zip(own.to_dict("records"), rest, kept, strict=True)
        found = [_smallest(row, _Composite(low, weight, kept.sum()), before, others) for row, low, weight in rows]
    frame = pd.DataFrame(found, columns=list(COLUMNS[1:]), dtype="float64").assign(kpi_code=own["kpi_code"])
    return frame[list(COLUMNS)]


def climb_words(row: Mapping[Any, Any]) -> str:
    """Say what would lift the rank: 再化解2件积案，可升1位; or what there is to win where nothing does.

    Parameters
    ----------
    row
        An indicator of `analysis.contributions.gap_of` with computed_from and its row of `climbs`.
    """
    if row["state"] in _UNJUDGED:
        return _UNJUDGED[row["state"]]
    if not np.isnan(row["change"]):
        past = "近12个月若" if row["period"] == "flow" else ""
        return f"{past}{_move(row)}，可升{row['climbed']:.0f}位"
    if row["lost"] < _LEAST_SAID:
        return "已达目标值" if row["score"] >= FULL else "已接近目标值"
    return f"达到目标值可加{row['lost']:.1f}分"


def _move(row: Mapping[Any, Any]) -> str:
    size = abs(row["change"])
    if row["kind"] not in ("proportion", "rate"):
        return f"{row['name']}{'提高' if row['change'] > 0 else '降低'}{size:.1f}"
    said = MOVES.get(row["computed_from"]) or MOVES.get(row["name"])
    otherwise = f"{row['name']}计入的{'多' if row['change'] > 0 else '少'}{{n}}件"
    return (said or otherwise).format(n=f"{size:.0f}")


@dataclass(frozen=True)
class _Composite:
    """A township's composite as a function of one indicator's score: the rest of the sum, its weight, all weight."""

    rest: float
    weight: float
    total: float

    def at(self, scores: Floats) -> Floats:
        """Return the composite with each of `scores` in place of the indicator's own."""
        composites: Floats = (self.rest + self.weight * scores) / self.total
        return composites


def _smallest(
    row: Mapping[Any, Any], composite: _Composite, before: float, others: Floats
) -> tuple[float, float, float]:
    """Return the change of one indicator, the rank after it, and the places climbed; NaN where there is none."""
    changes, values = _candidates(row)
    after = composite.at(signed_score(values, row["goal"], row["floor"], DIRECTIONS[row["direction"]]))
    better = (others > before).sum()
    better_after = others.size - np.searchsorted(np.sort(others), after, side="right")
    lifting = np.flatnonzero(better_after < better)
    if row["state"] != JUDGED or not lifting.size:
        return _NO
    first = lifting[0]
    return float(changes[first]), float(better_after[first] + 1), float(better - better_after[first])


def _candidates(row: Mapping[Any, Any]) -> tuple[Floats, Floats]:
    """Return the possible changes towards the better, the smallest first, and the values they lead to."""
    sign = DIRECTIONS[row["direction"]]
    if row["kind"] in ("proportion", "rate"):
        x, n, scale = row["numerator"], row["denominator"], row["scale"]
        room = x if sign < 0 else (n if row["kind"] == "proportion" else row["goal"] * n / scale + 1) - x
        changes = sign * np.arange(1, np.floor(np.nan_to_num(room)) + 1)
        return changes, scale * (x + changes) / n
    room = np.nan_to_num(sign * (row["goal"] - row["value"]))
    steps = np.arange(1, np.ceil(round(room / SCORE_STEP, 6)) + 1)
    return sign * steps * SCORE_STEP, row["value"] + sign * steps * SCORE_STEP
