import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ranks import band, beats_next, competition_rank, composite_intervals, rank_intervals, weight_stability

NAN = float("nan")


def test_ties_share_the_better_place():
    assert competition_rank(pd.Series([70.0, 90.0, 70.0, 60.0])).tolist() == [2, 1, 2, 4]


def test_what_has_no_score_has_no_rank():
    found = competition_rank(pd.Series([NAN, 90.0]))
    assert np.isnan(found[0])
    assert found[1] == 1


def test_ranks_are_taken_within_each_group():
    found = competition_rank(pd.Series([1.0, 2.0, 3.0]), within=pd.Series(["镇", "乡", "镇"]))
    assert found.tolist() == [2, 1, 1]


def test_the_unrounded_scores_decide():
    assert competition_rank(pd.Series([80.04, 80.01])).tolist() == [1, 2]


def test_rank_intervals_agree_with_plain_draws():
    x, n = np.array([27, 1, 9, 50, 40]), np.array([28, 1, 10, 100, 90])
    draws = np.random.default_rng(11).beta(x + 0.5, n - x + 0.5, size=(200_000, 5))
    ranks = (-draws).argsort(axis=1).argsort(axis=1) + 1
    found = rank_intervals(x, n)
    assert found["mean_rank"].to_numpy() == pytest.approx(ranks.mean(axis=0), abs=0.03)
    assert found["low"].tolist() == np.quantile(ranks, 0.025, axis=0).tolist()
    assert found["high"].tolist() == np.quantile(ranks, 0.975, axis=0).tolist()
    assert found["first_three"].to_numpy() == pytest.approx((ranks <= 3).mean(axis=0), abs=0.01)
    assert found["last_three"].to_numpy() == pytest.approx((ranks >= 3).mean(axis=0), abs=0.01)


def test_one_of_one_does_not_surely_beat_27_of_28():
    found = rank_intervals(pd.Series([27, 1], index=["大", "小"]), pd.Series([28, 1], index=["大", "小"]))
    assert (found.loc["小", "low"], found.loc["小", "high"]) == (1, 2)
    assert found.loc["大", "mean_rank"] < found.loc["小", "mean_rank"]


def test_the_same_seed_gives_the_same_intervals_and_another_does_not():
    one, same, other = (rank_intervals([5, 6, 7], [10, 10, 10], seed=seed) for seed in (1, 1, 2))
    assert one.equals(same)
    assert not one.equals(other)


def test_a_township_without_cases_is_not_ranked():
    found = rank_intervals([5, 0, 7], [10, 0, 10])
    assert found.iloc[1].isna().all()
    assert found["high"].max() == 2
    assert rank_intervals([], []).empty


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=6))
def test_mean_ranks_add_up_to_those_of_a_ranking_without_ties(pairs):
    x, n = [a for a, _ in pairs], [a + b for a, b in pairs]
    found = rank_intervals(x, n, draws=2_000)
    kept = [trials for trials in n if trials]
    assert found["mean_rank"].sum() == pytest.approx(len(kept) * (len(kept) + 1) / 2, abs=0.02)
    assert (found["low"] <= found["mean_rank"].where(found["mean_rank"].isna(), found["high"])).sum() == len(kept)


def _judged(*rows):
    names = ["township_code", "kpi_code", "numerator", "denominator", "value", "state", "score", "weight", "goal",
             "floor", "kind", "scale"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def _proportion(township, x, n, *, weight=1.0, code="K1"):
    value = 100 * x / n
    return (
        township,
        code,
        x,
        n,
        value,
        "judged",
        min(60 + 40 * (value - 50) / 50, 100),
        weight,
        100.0,
        50.0,
        "proportion",
        100.0,
    )


def _fixed(township, score, *, weight=1.0, state="judged"):
    return township, "K2", NAN, NAN, score, state, score, weight, 100.0, 50.0, "score", 1.0


def test_the_composite_is_recomputed_in_each_draw():
    # 甲's 20/40 beats 乙's 30/40 about once in a hundred draws
    rows = [(_proportion("甲", 20, 40), _fixed("甲", 80.0)), (_proportion("乙", 30, 40), _fixed("乙", 80.0))]
    found = composite_intervals(_judged(*(row for pair in rows for row in pair)))
    theta = np.random.default_rng(1).beta([20.5, 30.5], [20.5, 10.5], size=(200_000, 2))
    line = np.clip(60 + 80 * (theta - 0.5), 0, 100)
    wins = (line[:, 0] > line[:, 1]).mean()
    assert 0.005 < wins < 0.05
    assert found.loc["甲", "mean_rank"] == pytest.approx(2 - wins, abs=0.005)
    assert (found.loc["乙", "low"], found.loc["乙", "high"]) == (1, 1)


def test_a_rate_is_drawn_from_its_count():
    def rate(township, x):
        value = 10_000 * x / 10_000
        return (
            township,
            "K1",
            x,
            10_000,
            value,
            "judged",
            60 + 40 * (110 - value) / 50,
            1.0,
            60.0,
            110.0,
            "rate",
            10_000.0,
        )

    found = composite_intervals(_judged(rate("甲", 80), rate("乙", 95)))
    draws = np.random.default_rng(1).gamma([80.5, 95.5], size=(200_000, 2))
    ahead = (np.clip(110 - draws[:, 0], -75, 50) > np.clip(110 - draws[:, 1], -75, 50)).mean()
    assert found.loc["甲", "mean_rank"] == pytest.approx(2 - ahead, abs=0.02)


def test_fixed_indicators_leave_no_doubt():
    found = composite_intervals(_judged(_fixed("甲", 80.0), _fixed("乙", 81.0), _fixed("丙", 0.0, state="unreported")))
    assert found["mean_rank"].tolist() == [2, 1, 3]
    assert (found["low"] == found["high"]).all()


def test_townships_alike_share_their_place_in_every_draw():
    found = composite_intervals(_judged(_fixed("甲", 80.0), _fixed("乙", 80.0), _fixed("丙", 70.0)))
    assert found[["mean_rank", "low", "high"]].to_numpy().tolist() == [[1, 1, 1], [1, 1, 1], [3, 3, 3]]


def test_too_little_coverage_gives_no_interval():
    rows = [
        _fixed("甲", 80.0),
        _fixed("乙", 90.0),
        _proportion("乙", 30, 40, weight=3.0),
        _proportion("甲", 3, 4, weight=3.0),
    ]
    judged = _judged(*rows)
    judged.loc[3, ["score", "state"]] = [NAN, "small"]
    found = composite_intervals(judged)
    assert found.loc["甲"].isna().all()
    assert found.loc["乙", "high"] == 1


def test_moved_weights_move_only_what_is_close():
    scores = pd.DataFrame({"K1": [90.0, 80.0, 10.0], "K2": [80.0, 90.0, 20.0]}, index=list("甲乙丙"))
    found = weight_stability(scores, {"K1": 1, "K2": 1})
    assert found.loc["丙"].tolist() == [3, 3]
    assert found.loc["甲"].tolist() == [1, 2]
    assert found.loc["乙"].tolist() == [1, 2]


def test_weight_stability_leaves_out_what_is_not_ranked():
    scores = pd.DataFrame({"K1": [90.0, NAN], "K2": [80.0, 90.0]}, index=list("甲乙"))
    found = weight_stability(scores, {"K1": 1, "K2": 1})
    assert found.loc["甲"].tolist() == [1, 1]
    assert found.loc["乙"].isna().all()
    assert weight_stability(scores.loc[["乙"]], {"K1": 1, "K2": 1}).isna().all(axis=None)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(1, 4, "明显靠前"), (1, 5, "差距不明显"), (11, 14, "明显靠后"), (10, 14, "差距不明显"), (NAN, NAN, "暂不排名")],
)
def test_a_band_lies_wholly_in_an_outer_third(low, high, expected):
    assert band(low, high, 14) == expected


def test_the_last_place_of_a_third_is_in_it():
    assert [band(1, 5, 15), band(1, 6, 15), band(11, 15, 15), band(10, 15, 15)] == [
        "明显靠前", "差距不明显", "明显靠后", "差距不明显",
    ]  # fmt: skip


def test_who_is_better_in_everything_always_beats_the_next_and_equals_in_turn():
    scores = pd.DataFrame({"K1": [60.0, 100.0, 90.0, NAN], "K2": [70.0, 0.0, 90.0, 50.0]}, index=list("丙乙甲丁"))
    found = beats_next(scores, {"K1": 1, "K2": 1})  # 甲 90, 丙 65, 乙 50; 丁 is not ranked
    assert found.index.tolist() == list("丙乙甲丁")
    assert found["甲"] == 1.0
    assert found.isna().tolist() == [False, True, False, True]
    # 丙 65 under any weights near the middle; 乙 beats it only when K1 has over 70/110 of the weight: never within 25 %
    assert found["丙"] == 1.0
    crossed = pd.DataFrame({"K1": [100.0, 0.0], "K2": [0.0, 99.9]}, index=["甲", "乙"])
    assert beats_next(crossed, {"K1": 1, "K2": 1})["甲"] == pytest.approx(0.5, abs=0.06)


def test_a_tie_is_no_staying_above():
    scores = pd.DataFrame({"K1": [80.0, 80.0]}, index=["甲", "乙"])
    assert beats_next(scores, {"K1": 1})["甲"] == 0.0
