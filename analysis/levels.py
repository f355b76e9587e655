"""The level of an indicator's score: a word and a shape, so that no meaning rests on colour.

Source: METHODS section 2 (60 is the floor, 100 the goal).
"""

from enum import StrEnum
from typing import NamedTuple

import pandas as pd

from analysis.kpis import UNREPORTED
from analysis.rules import NEAR_GOAL
from analysis.scoring import FULL, PASS


class Level(StrEnum):
    """How far an indicator is, from the best to what cannot be said."""

    FULL = "full"
    NEAR = "near"
    PASSED = "passed"
    BELOW = "below"
    UNREPORTED = "unreported"
    UNJUDGED = "unjudged"


class Look(NamedTuple):
    """How a level is shown: its word, its shape, and what its colour stands for."""

    word: str
    shape: str
    colour: str


LEVELS: dict[Level, Look] = {
    Level.FULL: Look("达到目标", "✓", "green"),
    Level.NEAR: Look("接近目标", "●", "green"),
    Level.PASSED: Look("过底线", "▲", "yellow"),
    Level.BELOW: Look("低于底线", "■", "red"),
    Level.UNREPORTED: Look("未报送", "○", "grey"),
    Level.UNJUDGED: Look("不计分", "—", "none"),
}

RANGES: dict[Level, str] = {
    Level.FULL: f"{FULL:.0f}分",
    Level.NEAR: f"{NEAR_GOAL:.0f}分以上",
    Level.PASSED: f"{PASS:.0f}–{NEAR_GOAL:.0f}分",
    Level.BELOW: f"不足{PASS:.0f}分",
    Level.UNREPORTED: "计0分",
    Level.UNJUDGED: "基数小、无此项业务或监测指标",
}
"""The scores of each level, in words."""


def score_level(score: float, state: str) -> Level:
    """Return the level of one score; `state` is that of `analysis.kpis.judged_kpis`."""
    if state == UNREPORTED:
        return Level.UNREPORTED
    if pd.isna(score):
        return Level.UNJUDGED
    if score >= FULL:
        return Level.FULL
    if score >= NEAR_GOAL:
        return Level.NEAR
    return Level.PASSED if score >= PASS else Level.BELOW
