"""Time to close against a published table, tables worked by hand and another package."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight

from analysis.survival import NO_MEDIAN, kaplan_meier, median_time

CASES = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=60)

# Freireich et al. 1963, 6-MP arm: weeks in remission, + = still in remission.
REMISSIONS = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"


def test_a_table_worked_by_hand() -> None:
    # Closed after 2, 4, 4, 7 days; open since 3, 4, 9. Day 2: 7 at risk, 6/7. Day 4: the open one of 4 days still
    # counts, 5 at risk, 2 close: 6/7 * 3/5 = 18/35. Day 7: 2 at risk: 9/35.
    curve = kaplan_meier([2, 4, 4, 7, 3, 4, 9], [True, True, True, True, False, False, False])
    assert list(curve.columns) == ["time", "at_risk", "events", "survival", "lower", "upper"]
    assert curve["time"].to_list() == [2, 4, 7]
    assert curve["at_risk"].to_list() == [7, 5, 2]
    assert curve["events"].to_list() == [1, 2, 1]
    assert curve["survival"].to_list() == pytest.approx([6 / 7, 18 / 35, 9 / 35])
    assert median_time(curve) == 7
    # Interval at day 4: sum d / (n (n - d)) = 1/42 + 2/15 = 0.157143, root 0.396413; |ln 18/35| = 0.664976;
    # exp(1.959964 * 0.396413 / 0.664976) = 3.2169; 0.514286 ** 3.2169 = 0.11775, ** (1 / 3.2169) = 0.81325.
    assert curve["lower"].iloc[1] == pytest.approx(0.11775, abs=1e-5)
    assert curve["upper"].iloc[1] == pytest.approx(0.81325, abs=1e-5)


def test_the_published_remission_times() -> None:
    # The table every textbook and `sts list` in Stata prints for these data (log-log intervals).
    words = REMISSIONS.split()
    curve = kaplan_meier([int(word.rstrip("+")) for word in words], [not word.endswith("+") for word in words])
    expected = [
        (6, 21, 3, 0.8571, 0.6197, 0.9516),
        (7, 17, 1, 0.8067, 0.5631, 0.9228),
        (10, 15, 1, 0.7529, 0.5032, 0.8894),
        (13, 12, 1, 0.6902, 0.4316, 0.8491),
        (16, 11, 1, 0.6275, 0.3675, 0.8049),
        (22, 7, 1, 0.5378, 0.2678, 0.7468),
        (23, 6, 1, 0.4482, 0.1881, 0.6801),
    ]
    np.testing.assert_allclose(curve.to_numpy(), expected, atol=5e-5)
    assert median_time(curve) == 23


def test_open_cases_lengthen_the_median_that_closed_ones_alone_would_give() -> None:
    closed_only = kaplan_meier([5, 6, 7], [True] * 3)
    curve = kaplan_meier([5, 6, 7, 90, 90, 90, 90], [True] * 3 + [False] * 4)
    assert median_time(closed_only) == 6
    assert median_time(curve) is None
    assert NO_MEDIAN == "尚有一半以上未办结"


def test_the_median_is_the_first_time_with_exactly_half_left() -> None:
    # The product reaches one half only up to rounding: 0.5000000000000001 at 24 cases.
    assert kaplan_meier(range(1, 25), [True] * 24)["survival"].iloc[11] > 0.5
    assert median_time(kaplan_meier(range(1, 25), [True] * 24)) == 12
    assert median_time(kaplan_meier(range(1, 11), [True] * 10)) == 5


def test_a_case_closed_the_same_day_counts_at_day_0() -> None:
    for entry in (None, [0, 0]):
        curve = kaplan_meier([0, 3], [True, True], entry=entry)
        assert curve["time"].to_list() == [0, 3]
        assert curve["at_risk"].to_list() == [2, 1]
        assert curve["survival"].to_list() == [0.5, 0.0]


def test_cases_older_than_the_records_enter_late_worked_by_hand() -> None:
    # Entering at 4: not at risk on day 4 (entry < t). Day 2: two of three, day 4: one of two; day 6: both late ones.
    curve = kaplan_meier([2, 4, 6, 8, 5], [True, True, True, True, False], entry=[0, 0, 4, 5, 0])
    assert curve["at_risk"].to_list() == [3, 2, 2, 1]
    assert curve["survival"].to_list() == pytest.approx([2 / 3, 1 / 3, 1 / 6, 0])
    ignored = kaplan_meier([2, 4, 6, 8, 5], [True, True, True, True, False])
    assert ignored["survival"].iloc[0] == pytest.approx(4 / 5)


def test_a_case_that_enters_as_it_ends_is_never_at_risk() -> None:
    curve = kaplan_meier([3, 3, 9], [True, True, False], entry=[3, 0, 0])
    assert curve["at_risk"].to_list() == [2]
    assert curve["events"].to_list() == [1]


def test_the_interval_ends_where_nobody_is_left() -> None:
    curve = kaplan_meier([1, 2], [True, True])
    assert curve["survival"].to_list() == [0.5, 0.0]
    assert curve["lower"].notna().to_list() == [True, False]
    assert curve["upper"].notna().to_list() == [True, False]


def test_a_wider_level_gives_a_wider_interval() -> None:
    cases = ([2, 4, 4, 7, 3, 4, 9], [True, True, True, True, False, False, False])
    narrow, wide = kaplan_meier(*cases, level=0.8), kaplan_meier(*cases, level=0.99)
    assert (wide["lower"] < narrow["lower"]).all()
    assert (wide["upper"] > narrow["upper"]).all()


@pytest.mark.parametrize("cases", [([], []), ([5, 8], [False, False])])
def test_nothing_closed_gives_no_rows_of_the_promised_types(cases: tuple[list[int], list[bool]]) -> None:
    curve = kaplan_meier(*cases)
    assert curve.empty
    assert [str(kind) for kind in curve.dtypes] == ["float64", "int64", "int64", "float64", "float64", "float64"]
    assert median_time(curve) is None


@pytest.mark.parametrize(
    ("duration", "closed", "options"),
    [
        ([-1, 2], [True, True], {}),
        ([float("nan"), 2], [True, True], {}),
        ([1, 2], [True], {}),
        ([1, 2], [True, True], {"entry": [3, 0]}),
        ([1, 2], [True, True], {"entry": [-1, 0]}),
        ([1, 2], [True, True], {"level": 1.0}),
    ],
)
def test_a_data_error_is_refused(duration: list[float], closed: list[bool], options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected"):
        kaplan_meier(duration, closed, **options)  # type: ignore[arg-type]


@settings(max_examples=200, deadline=None)
@given(CASES)
def test_the_curve_is_that_of_another_package(cases: list[tuple[int, bool]]) -> None:
    duration, closed = (np.array(column) for column in zip(*cases, strict=True))
    curve = kaplan_meier(duration, closed)
    assume(closed.any())
    other = SurvfuncRight(duration.astype(float), closed.astype(float))
    np.testing.assert_array_equal(curve["time"], other.surv_times)
    np.testing.assert_array_equal(curve["at_risk"], other.n_risk)
    np.testing.assert_array_equal(curve["events"], other.n_events)
    np.testing.assert_allclose(curve["survival"], other.surv_prob, atol=1e-12)
    # Its standard error is Greenwood's: S sqrt(sum d / (n (n - d))); the log-log interval follows from it.
    inside = curve["survival"] > 0
    s, se = other.surv_prob[inside], other.surv_prob_se[inside]
    power = np.exp(1.959963985 * se / s / np.abs(np.log(s)))
    np.testing.assert_allclose(curve["lower"][inside], s**power, rtol=1e-6)
    np.testing.assert_allclose(curve["upper"][inside], s ** (1 / power), rtol=1e-6)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 20), st.booleans()), min_size=1, max_size=60))
def test_late_entry_is_that_of_another_package(cases: list[tuple[int, int, bool]]) -> None:
    entry, more, closed = (np.array(column) for column in zip(*cases, strict=True))
    duration = entry + more
    assume(closed.any())
    curve = kaplan_meier(duration, closed, entry=entry)
    other = SurvfuncRight(duration.astype(float), closed.astype(float), entry=entry.astype(float))
    np.testing.assert_array_equal(curve["time"], other.surv_times)
    np.testing.assert_array_equal(curve["at_risk"], other.n_risk)
    np.testing.assert_allclose(curve["survival"], other.surv_prob, atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(CASES)
def test_the_curve_falls_within_its_interval_and_the_order_of_cases_does_not_matter(
    cases: list[tuple[int, bool]],
) -> None:
    duration, closed = zip(*cases, strict=True)
    curve = kaplan_meier(duration, closed)
    survival = curve["survival"]
    assert survival.is_monotonic_decreasing
    known = curve.dropna()
    assert ((known["lower"] <= known["survival"]) & (known["survival"] <= known["upper"])).all()
    assert ((known[["lower", "upper"]] >= 0) & (known[["lower", "upper"]] <= 1)).all(axis=None)
    pd.testing.assert_frame_equal(curve, kaplan_meier(duration[::-1], closed[::-1]))


def test_without_open_cases_the_curve_is_the_share_not_yet_closed() -> None:
    duration = np.random.default_rng(3).integers(0, 40, 200)
    curve = kaplan_meier(duration, [True] * 200)
    np.testing.assert_allclose(curve["survival"], [(duration > t).mean() for t in curve["time"]], atol=1e-12)
    assert median_time(curve) == math.floor(np.quantile(duration, 0.5, method="inverted_cdf"))
