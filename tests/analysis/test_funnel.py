"""The funnel against limits worked by hand and another package's arcsine distance."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_effectsize

from analysis.funnel import CAPTION, OUTSIDE, WATCH, WITHIN, funnel, funnel_limits

COUNTS = st.lists(
    st.integers(0, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=14
)


def test_limits_around_a_quarter_worked_by_hand() -> None:
    # asin sqrt 0.25 = pi / 6 and 1 / (2 sqrt 100) = 0.05: sin^2(0.523599 -+ 0.097998), -+ 0.154512,
    # by the half-angle: (1 - cos 0.851202) / 2 = 0.17046 and so on.
    found = funnel([25, 25, 25, 25], [100, 100, 100, 100])
    assert found["proportion"].to_list() == [0.25] * 4
    assert found["z"].to_list() == pytest.approx([0.0] * 4)
    assert found["lower_95"].iloc[0] == pytest.approx(0.17046, abs=1e-5)
    assert found["upper_95"].iloc[0] == pytest.approx(0.33911, abs=1e-5)
    assert found["lower_998"].iloc[0] == pytest.approx(0.13015, abs=1e-5)
    assert found["upper_998"].iloc[0] == pytest.approx(0.39353, abs=1e-5)
    assert set(found["verdict"]) == {WITHIN}
    assert found.attrs == {"centre": 0.25, "phi": pytest.approx(0.0), "tau2": 0.0}


def test_the_spread_between_townships_worked_by_hand() -> None:
    # 50 and 0 of 100: p0 = 1/4, angles pi/4, 0 against pi/6, so z = u, -2u with u = 20 pi / 12. Quantiles 10 and 90 %
    # of two values lie a tenth of the way in: -1.7u, 0.7u. phi = (2.89 + 0.49) / 2 u^2 = 1.69 u^2.
    # w = 400 twice: tau2 = (2 phi - 1) / (800 - 400).
    u = 20 * math.pi / 12
    found = funnel([50, 0], [100, 100])
    assert found["z"].to_list() == pytest.approx([u, -2 * u])
    assert found.attrs["phi"] == pytest.approx(1.69 * u**2)
    assert found.attrs["tau2"] == pytest.approx((3.38 * u**2 - 1) / 400)
    angle = math.pi / 6 + 1.959964 * math.sqrt(0.0025 + found.attrs["tau2"])
    assert found["upper_95"].iloc[0] == pytest.approx(math.sin(min(angle, math.pi / 2)) ** 2)
    assert set(found["verdict"]) == {WITHIN}


def test_a_spread_that_chance_explains_does_not_widen_the_funnel() -> None:
    found = funnel([24, 25, 26, 25], [100, 100, 100, 100])
    assert 0 < found.attrs["phi"] < 0.75
    assert found.attrs["tau2"] == 0.0
    pd.testing.assert_frame_equal(
        found.filter(regex="_").reset_index(drop=True),
        funnel_limits([100] * 4, centre=0.25).drop(columns="n"),
    )


def test_one_township_far_out_is_singled_out_and_one_a_little_out_is_watched() -> None:
    # Twelve alike hold phi down: winsorising cuts the far ones back to their neighbours.
    x, n = [50] * 12 + [61, 75], [100] * 14
    found = funnel(x, n)
    assert found.attrs["tau2"] == 0.0
    assert list(found["verdict"]) == [WITHIN] * 12 + [WITHIN, OUTSIDE]
    assert list(funnel([50] * 12 + [64, 75], n)["verdict"]) == [WITHIN] * 12 + [WATCH, OUTSIDE]
    assert list(funnel([50] * 13 + [25], n)["verdict"]) == [WITHIN] * 13 + [OUTSIDE]


def test_the_verdict_is_that_of_the_drawn_lines() -> None:
    rng = np.random.default_rng(5)
    n = rng.integers(1, 300, 300)
    found = funnel(rng.binomial(n, rng.beta(20, 8, 300)), n)
    assert found.attrs["tau2"] > 0
    p = found["proportion"]
    is_beyond_998 = (p < found["lower_998"]) | (p > found["upper_998"])
    is_beyond_95 = (p < found["lower_95"]) | (p > found["upper_95"])
    assert 0 < is_beyond_95.sum() < 60
    assert ((found["verdict"] == OUTSIDE) == is_beyond_998).all()
    assert ((found["verdict"] != WITHIN) == is_beyond_95).all()


@pytest.mark.parametrize("n", [1, 2, 3])
def test_the_arcsine_does_not_run_past_its_ends_at_tiny_denominators(n: int) -> None:
    # At p = 0.9, n = 1 the angle is 1.249 + 0.98 > pi / 2: unclamped the upper line would come back down to 0.62.
    line = funnel_limits([n], centre=0.9).iloc[0]
    assert line["upper_95"] == 1.0
    assert line["upper_998"] == 1.0
    assert line["lower_998"] <= line["lower_95"] < 0.9
    low = funnel_limits([n], centre=0.1).iloc[0]
    assert low["lower_95"] == 0.0
    assert low["lower_998"] == 0.0
    found = funnel([n, 90], [n, 100])
    assert found["verdict"].iloc[0] == WITHIN


def test_a_township_without_cases_is_dropped_and_names_stay_with_their_rows() -> None:
    x = pd.Series([20, 0, 30, float("nan")], index=["a", "b", "c", "d"])
    n = pd.Series([100, 100, 0, 5], index=["c", "a", "b", "d"])
    found = funnel(x, n)
    assert found.index.to_list() == ["a", "c"]
    assert found["proportion"].to_list() == [0.2, 0.3]
    assert found.attrs["centre"] == 0.25
    assert [str(kind) for kind in found.dtypes] == ["float64"] * 6 + ["str"]


def test_one_township_is_its_own_centre() -> None:
    found = funnel([3], [10])
    assert found.attrs == {"centre": 0.3, "phi": pytest.approx(0.0), "tau2": 0.0}
    assert found["verdict"].to_list() == [WITHIN]
    assert found.index.to_list() == [0]


@pytest.mark.parametrize("x", [[0, 0, 0], [5, 9, 200]])
def test_nothing_and_everything_are_within(x: list[int]) -> None:
    found = funnel(x, [5, 9, 200])
    assert set(found["verdict"]) == {WITHIN}
    assert found.attrs["tau2"] == 0.0
    assert found.attrs["centre"] in (0.0, 1.0)
    assert not found.isna().any(axis=None)


def test_no_township_gives_no_rows_of_the_promised_types() -> None:
    found = funnel([0], [0])
    assert found.empty
    assert [str(kind) for kind in found.dtypes] == ["float64"] * 6 + ["str"]
    assert math.isnan(found.attrs["centre"])
    assert math.isnan(found.attrs["phi"])
    assert found.attrs["tau2"] == 0.0


@pytest.mark.parametrize(("x", "n"), [([3], [2]), ([-1], [2]), ([1, 2], [3])])
def test_a_wrong_call_is_refused(x: list[int], n: list[int]) -> None:
    with pytest.raises(ValueError, match="expected 0 <= x <= n"):
        funnel(x, n)
    with pytest.raises(KeyError):
        funnel(pd.Series([1], index=["a"]), pd.Series([2], index=["b"]))


def test_the_caption_says_what_a_gap_within_the_lines_means() -> None:
    assert CAPTION == "虚线之间的差距可能只是案件少造成的偶然；只有线外的乡镇值得专门了解"


@settings(max_examples=100, deadline=None)
@given(COUNTS)
def test_lines_are_ordered_hold_the_centre_and_lie_within_0_and_1(counts: list[tuple[int, int]]) -> None:
    found = funnel([x for x, _ in counts], [n for _, n in counts])
    centre, slack = found.attrs["centre"], 1e-9
    order = found[["lower_998", "lower_95", "upper_95", "upper_998"]].to_numpy()
    assert (np.diff(order, axis=1) >= -slack).all()
    assert ((order >= 0) & (order <= 1)).all()
    assert ((found["lower_95"] <= centre + slack) & (found["upper_95"] >= centre - slack)).all()


@settings(max_examples=100, deadline=None)
@given(COUNTS)
def test_the_distance_is_half_the_effect_size_of_another_package(counts: list[tuple[int, int]]) -> None:
    found = funnel([x for x, _ in counts], [n for _, n in counts])
    n = np.array([n for _, n in counts if n])
    if len(n):
        expected = proportion_effectsize(found["proportion"].to_numpy(), found.attrs["centre"]) * np.sqrt(n)
        np.testing.assert_allclose(found["z"], expected, atol=1e-9)


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_counting_the_other_outcome_mirrors_the_funnel(counts: list[tuple[int, int]]) -> None:
    n = [n for _, n in counts]
    found, other = funnel([x for x, _ in counts], n), funnel([n - x for x, n in counts], n)
    np.testing.assert_allclose(found["upper_998"], 1 - other["lower_998"], atol=1e-9)
    np.testing.assert_allclose(found["z"], -other["z"], atol=1e-9)
    assert found.attrs["tau2"] == pytest.approx(other.attrs["tau2"], abs=1e-9)
