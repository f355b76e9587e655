"""The smallest change that lifts a rank, found again by judging the whole county anew."""

import numpy as np
import pytest

from analysis.climbs import MOVES, climb_words, climbs
from analysis.ranks import competition_rank, score_tables
from analysis.scoring import composite_score
from database.kpis import COMPUTED
from tests.judged import judged

TOWNS = tuple("甲乙丙丁戊己")


def _rank(table, town):
    return competition_rank(composite_score(*score_tables(table)))[town]


def _found(table, town):
    return climbs(table, town).set_index("kpi_code")


def test_two_more_cases_lift_by_one_place():
    values = {("甲", "K01"): (18, 20), ("乙", "K01"): (15, 20), ("丙", "K01"): (17, 20)}
    table = judged(values, {"K01": 1.0})  # floor 60, goal 90: 100, 80 and 93.3 points
    assert _found(table, "乙").loc["K01"].tolist() == [2, 2, 1]  # 17 of 20 is as good as 丙: 并列第2
    assert _found(table, "丙").loc["K01"].tolist() == [1, 1, 1]
    assert _found(table, "甲").isna().all(axis=None)


def test_fewer_is_better_for_repeats_and_suits():
    values = {
        ("甲", "K09"): (2, 20),
        ("乙", "K09"): (5, 20),
        ("甲", "K12"): (70, 10_000.0),
        ("乙", "K12"): (70, 10_000.0),
    }
    table = judged(values, {"K09": 1.0, "K12": 1.0}, townships=("甲", "乙"))
    found = _found(table, "乙")
    assert found.loc["K09", "change"] == -3
    assert np.isnan(found.loc["K12", "change"])  # full marks on suits give 8 points of 30


def test_a_numerator_can_fall_as_far_as_it_is_large():
    values = {("甲", "K09"): (6, 20), ("乙", "K09"): (16, 20)}
    assert _found(judged(values, {"K09": 1.0}, townships=("甲", "乙")), "乙").loc["K09", "change"] == -10


def test_an_unreported_indicator_offers_no_cases_to_add_though_earlier_months_are_known():
    values = {("甲", "K11"): (25, 100), ("乙", "K11"): (20, 100), ("甲", "K18"): 90.0, ("乙", "K18"): 90.0}
    table = judged(values, {"K11": 1.0, "K18": 1.0}, townships=("甲", "乙"))
    assert _found(table, "乙").loc["K11", "change"] == 5
    is_silent = (table["township_code"] == "乙") & (table["kpi_code"] == "K11")
    table.loc[is_silent, ["state", "score"]] = ["unreported", 0.0]
    assert np.isnan(_found(table, "乙").loc["K11", "change"])


def test_scores_move_in_tenths_and_counts_without_weight_do_not_appear():
    values = {("甲", "K18"): 90.0, ("乙", "K18"): 89.55, ("甲", "K21"): (7, np.nan)}
    found = _found(judged(values, {"K18": 1.0}, townships=("甲", "乙")), "乙")
    assert found.index.tolist() == ["K18"]
    assert found.loc["K18", "change"] == pytest.approx(0.5)


def test_what_cannot_be_judged_or_lift_says_so():
    values = {("甲", "K01"): (20, 20), ("乙", "K01"): (3, 3), ("甲", "K18"): 95.0, ("乙", "K18"): 80.0}
    table = judged(values, {"K01": 1.0, "K18": 9.0}, townships=("甲", "乙"))
    found = _found(table, "乙")
    assert np.isnan(found.loc["K01", "change"])
    assert found.loc["K18", "change"] == pytest.approx(15)


def test_a_township_that_is_not_ranked_has_no_way_up():
    values = {("甲", "K01"): (20, 20), ("乙", "K01"): (3, 3), ("甲", "K18"): 95.0, ("乙", "K18"): 80.0}
    assert _found(judged(values, {"K01": 3.0, "K18": 1.0}, townships=("甲", "乙")), "乙").isna().all(axis=None)


@pytest.mark.parametrize("seed", range(8))
def test_the_change_lifts_and_one_less_does_not(seed):
    rng = np.random.default_rng(seed)
    weights = {"K01": 3.0, "K09": 2.0, "K11": 2.0, "K12": 1.0}
    shares = (("K01", 0.75), ("K09", 0.2), ("K11", 0.22))
    values = {(town, code): (int(rng.binomial(n, share)), int(n)) for town in TOWNS for code, share in shares
              for n in [rng.integers(6, 50)]}  # fmt: skip
    values |= {(town, "K12"): (int(rng.integers(60, 110)), 10_000.0) for town in TOWNS}
    table = judged(values, weights, townships=TOWNS)
    lifted = 0
    for town in TOWNS:
        before = _rank(table, town)
        for code, row in _found(table, town).iterrows():
            x, n = values[town, code]
            sign = 1 if code in ("K01", "K11") else -1
            room = {"K01": n - x, "K11": n - x, "K09": x, "K12": x}[code]
            last = room if np.isnan(row["change"]) else abs(int(row["change"])) - 1
            short = judged(values | {(town, code): (x + sign * last, n)}, weights, townships=TOWNS)
            assert _rank(short, town) == before, (town, code)
            if not np.isnan(row["change"]):
                moved = judged(values | {(town, code): (x + int(row["change"]), n)}, weights, townships=TOWNS)
                assert _rank(moved, town) == row["rank_after"] == before - row["climbed"] < before, (town, code)
                lifted += 1
    assert lifted >= 5


ROW = {
    "state": "judged", "kind": "proportion", "period": "to_date", "name": "信访积案化解率", "score": 80.0, "lost": 2.0,
    "computed_from": "backlog_resolution_rate", "change": 2.0, "climbed": 1.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "再化解2件积案，可升1位"),
        ({"climbed": 3.0}, "再化解2件积案，可升3位"),
        ({"computed_from": "petitions_repeated", "period": "flow", "change": -4.0}, "近12个月若重复信访少4件，可升1位"),
        ({"computed_from": None, "name": "诉前纠纷化解率", "period": "flow"}, "近12个月若诉前化解多2件，可升1位"),
        ({"computed_from": float("nan"), "name": "某率"}, "某率计入的多2件，可升1位"),
        (
            {"computed_from": None, "name": "平安暗访得分", "kind": "score", "change": 0.7},
            "平安暗访得分提高0.7，可升1位",
        ),
        ({"change": float("nan")}, "达到目标值可加2.0分"),
        ({"change": float("nan"), "lost": 0.04, "score": 99.9}, "已接近目标值"),
        ({"change": float("nan"), "lost": 0.0, "score": 100.0}, "已达目标值"),
        ({"state": "small"}, "基数小，不计分"),
        ({"state": "unreported"}, "补报后按实际得分计"),
        ({"state": "none"}, "无此项业务，不计分"),
    ],
)
def test_the_way_up_is_said_in_words(more, words):
    assert climb_words(ROW | more) == words


def test_every_computed_indicator_that_is_judged_has_words():
    watched = {"petitions_year_on_year", "disputes_opened"}
    assert set(COMPUTED) - watched <= set(MOVES)
