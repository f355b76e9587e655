import pandas as pd
import pytest

from analysis.neighbourhood import (
    BETTER,
    EQUAL,
    WORSE,
    beside_words,
    circle_of,
    compared,
    mean_beside,
    score_words,
    share_beside,
)
from tests.judged import judged

NAN = float("nan")
# 甲 beside 乙; 丙 touches at a corner only; 丁 of another county would stand beside 甲; 戊 has no place.
PLACES = pd.DataFrame(
    [
        ("甲", "镇", 0, 0, "县"),
        ("乙", "镇", 1, 0, "县"),
        ("丙", "乡", 1, 1, "县"),
        ("丁", "镇", 0, 1, "邻县"),
        ("戊", None, NAN, NAN, "县"),
    ],
    columns=["code", "kind", "tile_col", "tile_row", "parent_code"],
)
VALUES = {
    ("甲", "K01"): (8, 10), ("乙", "K01"): (30, 60), ("丙", "K01"): (3, 4), ("丙", "K09"): (1, 10),
    ("甲", "K09"): (1, 10), ("乙", "K09"): (9, 30), ("甲", "K12"): (20, 10_000.0), ("乙", "K12"): (10, 10_000.0),
    ("丙", "K12"): (30, 10_000.0),
    ("甲", "K18"): 90.0, ("乙", "K18"): 80.0, ("甲", "K21"): (100, NAN), ("丙", "K21"): (50, NAN),
}  # fmt: skip
JUDGED = judged(VALUES, {"K01": 5.0, "K09": 3.0, "K12": 2.0, "K18": 1.0})


def test_a_circle_is_county_kind_and_the_tiles_beside() -> None:
    circle = circle_of(PLACES, "甲")
    assert circle.county == {"甲", "乙", "丙", "戊"}
    assert circle.kin == {"甲", "乙"}
    assert circle.neighbours == {"乙"}
    assert circle_of(PLACES, "乙").neighbours == {"甲", "丙"}


def test_a_township_without_kind_and_place_stands_alone() -> None:
    circle = circle_of(PLACES, "戊")
    assert (circle.kind, circle.kin, circle.neighbours) == ("", {"戊"}, frozenset())
    with pytest.raises(ValueError, match="己"):
        circle_of(PLACES, "己")


def test_rates_are_added_up_and_scores_are_means() -> None:
    rows = compared(JUDGED, circle_of(PLACES, "甲")).set_index("kpi_code")
    # 41/74, 38/70, 30/60 of the county, of the towns and of the neighbour; not the mean of 80, 50 and 75.
    assert rows.loc["K01", ["county", "kin", "neighbours"]].tolist() == pytest.approx(
        [100 * 41 / 74, 100 * 38 / 70, 50]
    )
    assert rows.loc["K12", ["county", "kin"]].tolist() == pytest.approx([20.0, 15.0])
    assert rows.loc["K18", ["county", "kin", "neighbours"]].tolist() == [85.0, 85.0, 80.0]  # 丙 did not report
    assert rows.loc["K21", ["county", "neighbours"]].tolist() == pytest.approx([75.0, NAN], nan_ok=True)
    assert rows.loc["K01", "county_words"] == "55.4%"
    assert rows.loc["K01", "basis"] == "8/10"


def test_the_verdict_knows_the_side_and_says_the_same_for_the_same() -> None:
    rows = compared(JUDGED, circle_of(PLACES, "甲")).set_index("kpi_code")["verdict"]
    assert rows["K01"] == BETTER  # higher is better: 80 against 55.4
    assert rows["K09"] == BETTER  # lower is better: 10 against 22
    assert rows["K12"] == EQUAL
    assert rows["K21"] == ""  # no side
    other = compared(JUDGED, circle_of(PLACES, "乙")).set_index("kpi_code")["verdict"]
    assert (other["K01"], other["K09"]) == (WORSE, WORSE)
    assert compared(JUDGED, circle_of(PLACES, "丙")).set_index("kpi_code").loc["K01", "verdict"] == ""  # 基数小


def test_shares_and_means_beside() -> None:
    now = pd.DataFrame(
        {"township_code": ["甲", "乙", "丙"], "closed": [8, 1, 0], "opened": [10, 10, 0], "s": [1, NAN, 4]}
    )
    circle = circle_of(PLACES, "甲")
    shares = share_beside(now, "closed", "opened", circle)
    assert (shares.county, shares.kin, shares.neighbours) == (0.45, 0.45, 0.1)
    means = mean_beside(now, "s", circle)
    assert (means.county, means.kin) == (2.5, 1.0)
    assert beside_words(means, circle, score_words) == "全县2.5分，镇1分"  # no neighbour has a figure
