from math import nan

import pytest

from analysis.levels import LEVELS, RANGES, Level, score_level


@pytest.mark.parametrize(
    ("score", "state", "level"),
    [
        (100.0, "judged", Level.FULL), (99.9, "judged", Level.NEAR), (80.0, "judged", Level.NEAR),
        (79.9, "judged", Level.PASSED), (60.0, "judged", Level.PASSED), (59.9, "judged", Level.BELOW),
        (0.0, "judged", Level.BELOW), (0.0, "unreported", Level.UNREPORTED), (nan, "small", Level.UNJUDGED),
        (nan, "none", Level.UNJUDGED), (nan, "judged", Level.UNJUDGED),
    ],
)  # fmt: skip
def test_each_score_has_its_level(score: float, state: str, level: Level) -> None:
    assert score_level(score, state) is level


def test_every_level_has_a_word_and_a_shape_of_its_own() -> None:
    assert len({look.word for look in LEVELS.values()}) == len({look.shape for look in LEVELS.values()}) == len(Level)
    assert set(RANGES) == set(LEVELS) == set(Level)
