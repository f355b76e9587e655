"""A township beside its county, the townships of its kind and those beside it on the tile map.

Source: METHODS section 2; DESIGN "Pages".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.explanation import basis_words, value_words
from analysis.kpis import JUDGED, SMALL, STATE_WORDS
from analysis.levels import score_level
from analysis.pooling import SCALE
from analysis.remembered import remembered
from analysis.wording import number

BETTER, EQUAL, WORSE = "better", "equal", "worse"
VERDICTS = {
    BETTER: ("好于全县", "✓", "green"),
    EQUAL: ("与全县持平", "●", "grey"),
    WORSE: ("不及全县", "▲", "yellow"),
}
"""How a township's figure stands beside its county's: word, shape, and what the colour stands for."""

TOGETHER_NOTE = (
    "全县、同类和相邻的比率按分子、分母分别相加，得分和件数为各乡镇（街道）平均；全县和同类含本地，相邻不含。"
)
_RATIOS = ("proportion", "rate")


@dataclass(frozen=True)
class Circle:
    """Whom a township is compared with, by code.

    `county`: the townships of its county, and `kin`: those of its kind, both with itself; `neighbours`: those beside
    it on the tile map.
    """

    township: str
    kind: str
    county: frozenset[str]
    kin: frozenset[str]
    neighbours: frozenset[str]


@dataclass(frozen=True)
class Beside:
    """One figure of the county, of the township's kind and of its neighbours; NaN where there is none."""

    county: float
    kin: float
    neighbours: float


@remembered
def circle_of(townships: pd.DataFrame, township: str) -> Circle:
    """Find whom a township is compared with.

    Parameters
    ----------
    townships
        `queries.regions.townships`. A township without a place on the tile map has no neighbours.

    Raises
    ------
    ValueError
        There is no such township.
    """
    rows = townships[townships["code"] == township]
    if rows.empty:
        raise ValueError(f"no township {township!r}")
    own = rows.iloc[0]
    same = townships[townships["parent_code"] == own["parent_code"]]
    steps = (same["tile_col"] - own["tile_col"]).abs() + (same["tile_row"] - own["tile_row"]).abs()
    kin = frozenset({township}) if pd.isna(own["kind"]) else frozenset(same.loc[same["kind"] == own["kind"], "code"])
    kind = "" if pd.isna(own["kind"]) else str(own["kind"])
    return Circle(township, kind, frozenset(same["code"]), kin, frozenset(same.loc[steps == 1, "code"]))


def share_beside(counts: pd.DataFrame, x: str, n: str, circle: Circle) -> Beside:
    """Add up two counts (columns `x` and `n` by township_code) over each set, and divide: 0 to 1."""

    def share(codes: frozenset[str]) -> float:
        own = counts[counts["township_code"].isin(codes)]
        whole = float(own[n].sum())
        return float(own[x].sum()) / whole if whole else float("nan")

    return Beside(share(circle.county), share(circle.kin), share(circle.neighbours))


def mean_beside(rows: pd.DataFrame, name: str, circle: Circle) -> Beside:
    """Return the mean of a column over each set, by township_code; missing ones are passed over."""

    def mean(codes: frozenset[str]) -> float:
        return float(rows.loc[rows["township_code"].isin(codes), name].mean())

    return Beside(mean(circle.county), mean(circle.kin), mean(circle.neighbours))


def beside_words(figures: Beside, circle: Circle, write: Callable[[float], str]) -> str:
    """Say the three figures: 全县80.7%，镇78.0%，相邻81.5%."""
    parts = [("全县", figures.county), (circle.kind, figures.kin), ("相邻", figures.neighbours)]
    return "，".join(f"{word}{write(value)}" for word, value in parts if word and not pd.isna(value))


@remembered
def compared(judged: pd.DataFrame, circle: Circle) -> pd.DataFrame:
    """Put each indicator of a township beside those of its county, kind and neighbours.

    Parameters
    ----------
    judged : pd.DataFrame
        `queries.rankings.kpi_table` over the whole set.

    Returns
    -------
    pd.DataFrame
        The township's rows of `judged`, weighted indicators first, with county, kin, neighbours (float64, in the unit:
        numerators and denominators added up for proportions and rates, else the mean; townships that did not report or
        have no such business are in none), value_words, basis, county_words, kin_words, neighbours_words (str), level
        (a `Level`), state_words and verdict (BETTER, EQUAL, WORSE as shown; "" where it cannot be said).
    """
    own = judged[judged["township_code"] == circle.township]
    own = pd.concat([own[own["weight"] > 0], own[own["weight"] == 0]]).reset_index(drop=True)
    known = judged[judged["state"].isin([JUDGED, SMALL])]
    sets = {"county": circle.county, "kin": circle.kin, "neighbours": circle.neighbours}
    for name, codes in sets.items():
        among = known[known["township_code"].isin(codes)]
        figures = {code: _together(rows) for code, rows in among.groupby("kpi_code")}
        own[name] = own["kpi_code"].map(figures).astype("float64")
    records = own.to_dict("records")
    said = {f"{name}_words": [value_words({**row, "value": row[name]}) for row in records] for name in sets}
    return own.assign(
        value_words=[value_words(row) for row in records],
        basis=[basis_words(row) for row in records],
        **said,
        level=[score_level(row["score"], row["state"]).value for row in records],
        state_words=own["state"].map(STATE_WORDS),
        verdict=[_verdict(row) for row in records],
    )


def score_words(value: float) -> str:
    """Write a score with one decimal and its unit."""
    return f"{number(value, digits=1)}分"


def _together(rows: pd.DataFrame) -> float:
    """Return one indicator's figure over several townships, in its unit."""
    first = rows.iloc[0]
    if first["kind"] not in _RATIOS:
        return float(rows["value"].mean())
    both = rows[rows["numerator"].notna() & (rows["denominator"] > 0)]
    whole = float(both["denominator"].sum())
    return SCALE.get(first["unit"], 1.0) * float(both["numerator"].sum()) / whole if whole else float("nan")


def _verdict(row: Mapping[Any, Any]) -> str:
    """Compare as shown: what reads the same is the same."""
    if row["direction"] not in ("higher", "lower") or row["state"] != JUDGED or pd.isna(row["county"]):
        return ""
    gap = round(row["value"], 1) - round(row["county"], 1)
    if gap == 0:
        return EQUAL
    return BETTER if (gap > 0) == (row["direction"] == "higher") else WORSE
