import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.scoring import composite_score, coverage, efficacy_score


def _score(*values, goal, floor, direction):
    return efficacy_score(pd.Series(values, dtype="float64"), goal=goal, floor=floor, direction=direction).tolist()


def test_the_floor_scores_60_and_the_goal_100():
    assert _score(60, 75, 90, 95, goal=90, floor=60, direction="higher") == [60, 80, 100, 100]


def test_below_the_floor_the_same_line_goes_down_to_0():
    assert _score(45, 15, 10, goal=90, floor=60, direction="higher") == [40, 0, 0]


def test_where_lower_is_better_both_ends_are_negated():
    assert _score(0, 5, 10, 20, 25, 40, goal=0, floor=10, direction="lower") == [100, 80, 60, 20, 0, 0]


def test_a_missing_value_stays_missing():
    found = _score(np.nan, 90, goal=90, floor=60, direction="higher")
    assert np.isnan(found[0])
    assert found[1] == 100


def test_ends_may_differ_by_township():
    values = pd.Series([80.0, 80.0], index=["甲", "乙"])
    goals = pd.Series([80.0, 100.0], index=["甲", "乙"])
    assert efficacy_score(values, goal=goals, floor=60.0, direction="higher").to_dict() == {"甲": 100.0, "乙": 80.0}


def test_ends_that_coincide_leave_a_step():
    assert _score(90, 89, goal=90, floor=90, direction="higher") == [100, 0]
    assert _score(90, 91, goal=90, floor=90, direction="lower") == [100, 0]


def test_without_ends_there_is_no_score():
    assert np.isnan(_score(90, goal=np.nan, floor=60, direction="higher")).all()


@pytest.mark.parametrize(("goal", "floor", "direction"), [(60, 90, "higher"), (10, 0, "lower"), (90, 60, "neutral")])
def test_ends_the_wrong_way_round_are_refused(goal, floor, direction):
    with pytest.raises(ValueError, match=r"worse|neutral"):
        _score(70, goal=goal, floor=floor, direction=direction)


VALUE = st.floats(-1e6, 1e6)


@given(VALUE, VALUE, st.floats(-100, 100), st.floats(0, 100), st.sampled_from(["higher", "lower"]))
def test_a_better_value_never_lowers_a_score(one, other, floor, width, direction):
    sign = 1 if direction == "higher" else -1
    worse, better = sorted((one, other), key=lambda value: sign * value)
    low, high = _score(worse, better, goal=floor + sign * width, floor=floor, direction=direction)
    assert 0 <= low <= high <= 100


SCORES = pd.DataFrame(
    {"K1": [100.0, 50.0, np.nan], "K2": [50.0, 0.0, 80.0], "K3": [70.0, np.nan, 90.0]}, index=list("甲乙丙")
)


def test_the_composite_weighs_what_was_judged():
    found = composite_score(SCORES, {"K1": 5, "K2": 4, "K3": 1})
    assert found["甲"] == pytest.approx((500 + 200 + 70) / 10)
    assert found["乙"] == pytest.approx(250 / 9)  # K2 was not reported and counts as 0, K3 cannot be judged
    assert np.isnan(found["丙"])  # half of the weight is gone


def test_exactly_80_per_cent_of_the_weight_is_enough():
    one_gone = SCORES.loc[["乙"]]
    assert composite_score(one_gone, {"K1": 7, "K2": 1, "K3": 2}).notna().all()
    assert composite_score(one_gone, {"K1": 7, "K2": 0.99, "K3": 2}).isna().all()
    assert composite_score(one_gone, {"K1": 0.7, "K2": 0.1, "K3": 0.2}).notna().all()


def test_a_weight_without_a_column_counts_as_not_judged():
    assert coverage(SCORES[["K1"]], {"K1": 3, "K9": 1})["甲"] == 0.75
    assert composite_score(SCORES[["K1"]], {"K1": 3, "K9": 1}).isna().all()


def test_a_column_without_weight_changes_nothing():
    assert composite_score(SCORES, {"K1": 1, "K2": 1}).equals(composite_score(SCORES[["K1", "K2"]], {"K1": 1, "K2": 1}))


def test_townships_may_have_weights_of_their_own():
    weights = pd.DataFrame({"K1": [1.0, 0.0], "K2": [1.0, 1.0]}, index=["甲", "乙"])
    found = composite_score(SCORES.loc[["甲", "乙"]], weights)
    assert found.to_dict() == {"甲": 75.0, "乙": 0.0}


def test_without_any_weight_there_is_nothing_to_rank():
    assert composite_score(SCORES, {}).isna().all()
    assert coverage(SCORES, {"K1": 0.0}).isna().all()


def test_a_negative_weight_is_refused():
    with pytest.raises(ValueError, match="K2"):
        composite_score(SCORES, {"K1": 1, "K2": -1})


@given(st.lists(st.floats(0, 100), min_size=4, max_size=4), st.integers(0, 3), st.floats(0, 100))
def test_a_better_score_never_lowers_the_composite(scores, which, better):
    frame = pd.DataFrame([scores, scores], columns=list("abcd"))
    frame.iloc[1, which] = max(better, scores[which])
    before, after = composite_score(frame, {"a": 1, "b": 2, "c": 3, "d": 4})
    assert after >= before - 1e-9
