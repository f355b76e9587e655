"""Clearing dates against chains worked by hand and a count of every possible future."""

import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.forecast import (
    MAX_WEEKS,
    NOT_FALLING,
    TOO_FAR,
    UNRELIABLE,
    UNTESTED,
    Backtest,
    backtest,
    clearing_chances,
    clearing_forecast,
    is_falling,
    weeks_to_clear,
)


def test_closures_alone_worked_by_hand() -> None:
    # 1 or 2 a week, 3 open. After 1 week at most 2 closed; after 2: 1+2, 2+1, 2+2 of four; after 3 always 3 or more.
    assert clearing_chances([1, 2], 3, weeks=4).tolist() == pytest.approx([0, 0.75, 1, 1])
    assert weeks_to_clear([1, 2], 3) == {0.5: 2, 0.85: 3, 0.95: 3}


def test_idle_weeks_worked_by_hand() -> None:
    # 0 or 2 a week, 2 open: cleared unless every week was idle, 1 - 1/2^t: 0.5, 0.75, 0.875, 0.9375, 0.969.
    assert weeks_to_clear([0, 2], 2) == {0.5: 1, 0.85: 3, 0.95: 5}


def test_arrivals_of_the_same_week_worked_by_hand() -> None:
    # The backlog falls by 2 or rises by 1, 2 open. Week 1: 0 or 3. Week 2: 3 -> 1 or 4. Week 3: 1 -> cleared or 2,
    # 4 -> 2 or 5. Week 4: the two 2s (1/8 each) clear with 1/2. Cleared once is cleared, whatever comes after.
    chances = clearing_chances([2, 0], 2, arrivals=[0, 1], weeks=4)
    assert chances.tolist() == pytest.approx([1 / 2, 1 / 2, 5 / 8, 3 / 4])
    assert weeks_to_clear([2, 0], 2, arrivals=[0, 1])[0.5] == 1


def test_arrivals_and_closures_stay_paired_by_week() -> None:
    # Weeks with many arrivals close many: paired the backlog falls by 1 every week, shuffled it would wander.
    assert weeks_to_clear([11, 1], 5, arrivals=[10, 0]) == {0.5: 5, 0.85: 5, 0.95: 5}


def test_only_the_last_twelve_weeks_count() -> None:
    assert weeks_to_clear([100] * 30 + [1] * 12, 5) == {0.5: 5, 0.85: 5, 0.95: 5}
    assert weeks_to_clear([100] + [1] * 11, 5)[0.95] == 5
    assert weeks_to_clear([100] + [1] * 11, 5)[0.5] == 5
    assert weeks_to_clear([100, 1, 1, 1], 5)[0.5] == 3
    assert weeks_to_clear([9, *[1] * 12], 4, arrivals=[0, *[0] * 12]) == {0.5: 4, 0.85: 4, 0.95: 4}


def test_nothing_open_is_cleared_already() -> None:
    nothing = {0.5: 0, 0.85: 0, 0.95: 0}
    assert weeks_to_clear([1, 2], 0) == nothing
    assert weeks_to_clear([], 0) == nothing
    assert weeks_to_clear([1], 0, arrivals=[5]) == nothing
    assert clearing_chances([], 0, weeks=2).tolist() == [1, 1]


@pytest.mark.parametrize(
    ("closures", "arrivals"), [([0, 0, 0], None), ([], None), ([3, 5], [5, 3]), ([3, 5], [9, 3]), ([9, 0], [9, 0])]
)
def test_a_backlog_that_does_not_fall_has_no_date(closures: list[int], arrivals: list[int] | None) -> None:
    weeks = weeks_to_clear(closures, 4, arrivals=arrivals)
    assert weeks == {0.5: None, 0.85: None, 0.95: None}
    assert not is_falling(closures, arrivals=arrivals)
    found = clearing_forecast(closures, 4, arrivals=arrivals)
    assert (found.weeks, found.refusal) == (weeks, NOT_FALLING)
    assert NOT_FALLING == "按目前速度积压不会下降"


def test_only_the_last_twelve_weeks_say_whether_it_falls() -> None:
    assert not is_falling([50, *[1] * 12], arrivals=[0, *[1] * 12])
    assert is_falling([0, *[1] * 12], arrivals=[50, *[0] * 12])


def test_a_date_beyond_ten_years_is_none() -> None:
    weeks = weeks_to_clear([1, *[0] * 11], 100)
    assert weeks == {0.5: None, 0.85: None, 0.95: None}
    assert clearing_forecast([1, *[0] * 11], 100).refusal == TOO_FAR
    assert weeks_to_clear([1], MAX_WEEKS)[0.95] == MAX_WEEKS
    assert weeks_to_clear([1], MAX_WEEKS + 1)[0.5] is None


def test_half_a_chance_may_have_a_date_where_certainty_has_none() -> None:
    weeks = weeks_to_clear([3, 0], 1, arrivals=[0, 2])
    assert weeks[0.5] == 1
    assert weeks[0.95] is None or weeks[0.95] > weeks[0.85] > 1


@pytest.mark.parametrize(
    ("closures", "open_now", "arrivals"),
    [
        ([-1], 2, None),
        ([1.5], 2, None),
        ([float("nan")], 2, None),
        ([1], -1, None),
        ([1], 1.5, None),
        ([1, 2], 3, [1]),
        ([1, 2], 3, [1, -1]),
    ],
)
def test_a_wrong_call_is_refused(closures: list[float], open_now: int, arrivals: list[int] | None) -> None:
    with pytest.raises(ValueError, match="expected"):
        weeks_to_clear(closures, open_now, arrivals=arrivals)


def test_a_county_sized_backlog_is_quick() -> None:
    rng = np.random.default_rng(1)
    began = time.perf_counter()
    weeks = weeks_to_clear(rng.poisson(410, 12), 12_000, arrivals=rng.poisson(380, 12))
    assert weeks[0.5] is not None
    assert time.perf_counter() - began < 2


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=4),
    st.integers(1, 6),
    st.booleans(),
)
def test_chances_are_those_of_every_possible_future(
    weeks: list[tuple[int, int]], open_now: int, has_arrivals: bool
) -> None:
    closures = [closed for closed, _ in weeks]
    arrivals = [came for _, came in weeks] if has_arrivals else [0] * len(weeks)
    expected = []
    for length in range(1, 6):
        futures = list(product(range(len(weeks)), repeat=length))
        cleared = 0
        for future in futures:
            backlog = open_now + np.cumsum([arrivals[i] - closures[i] for i in future])
            cleared += bool((backlog <= 0).any())
        expected.append(cleared / len(futures))
    chances = clearing_chances(closures, open_now, arrivals=arrivals if has_arrivals else None, weeks=5)
    np.testing.assert_allclose(chances, expected, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 20), min_size=1, max_size=15), st.integers(0, 60), st.integers(0, 10))
def test_more_open_cases_never_clear_sooner_and_surer_is_never_sooner(
    closures: list[int], open_now: int, more: int
) -> None:
    weeks, later = weeks_to_clear(closures, open_now), weeks_to_clear(closures, open_now + more)
    for probability, week in weeks.items():
        assert (later[probability] or MAX_WEEKS + 1) >= (week or 0) or week is None
    known = [week if week is not None else MAX_WEEKS + 1 for week in weeks.values()]
    assert known == sorted(known)
    assert weeks_to_clear(closures, open_now, arrivals=[0] * len(closures)) == weeks


def test_a_steady_history_is_always_forecast() -> None:
    # 40 weeks, 12 to learn from and 4 ahead: origins after week 12, ..., 36.
    assert backtest([5] * 40, weeks=4) == Backtest(25, 25)
    assert backtest([5] * 40, weeks=4).caption == "过去25次预测中有25次落在区间内"


def test_each_forecast_knows_only_the_twelve_weeks_before_it() -> None:
    # 5 a week, from week 21 on 9: forecasts of the next week at the ends of weeks 12-19 hold; that of week 20 misses;
    # with one 9 among twelve (8 %) the 95 % end is 9, so week 21's and all later ones hold.
    assert backtest([5] * 20 + [9] * 12, weeks=1) == Backtest(20, 19)
    # Two weeks ahead, 5 a week then 10: at week 19 (15 seen) and 20 (20 seen) the band is still 10-10. At week 21 two
    # tens have a chance of 1/144, a ten and a five 22/144: the band ends at 15, 20 misses. At week 22 two tens have
    # 4/144 = 2.8 %, at 23 9/144 = 6.25 %: holds.
    assert backtest([5] * 20 + [10] * 12, weeks=2) == Backtest(19, 15)


def test_the_backtest_follows_arrivals_too() -> None:
    history = np.arange(40) % 7
    assert backtest(history + 1, weeks=3, arrivals=history) == Backtest(26, 26)
    assert backtest([5] * 40, weeks=4, arrivals=[0] * 20 + [5] * 20).hits < 25


def test_a_history_too_short_to_test_makes_no_forecast() -> None:
    assert backtest([5] * 15, weeks=4) == Backtest(0, 0)
    assert backtest([5] * 16, weeks=4) == Backtest(1, 1)
    assert backtest([], weeks=1) == Backtest(0, 0)
    assert not Backtest(0, 0).is_reliable
    with pytest.raises(ValueError, match="horizon"):
        backtest([5] * 40, weeks=0)


def test_a_date_is_shown_only_after_twenty_forecasts_of_which_three_quarters_held() -> None:
    assert Backtest(20, 15).is_reliable
    assert not Backtest(20, 14).is_reliable
    assert not Backtest(19, 19).is_reliable
    # 10 open at 5 a week: the forecast is 2 weeks, so the history is tested 2 weeks ahead.
    steady = clearing_forecast([5] * 33, 10)
    assert steady.weeks == {0.5: 2, 0.85: 2, 0.95: 2}
    assert (steady.tested, steady.refusal) == (Backtest(20, 20), "")
    assert clearing_forecast([5] * 32, 10).refusal == UNTESTED
    broken = clearing_forecast([*[5] * 12, *range(1, 24)], 40)
    assert broken.tested.forecasts >= 20
    assert broken.refusal == UNRELIABLE


def test_the_test_of_a_forecast_with_arrivals_follows_them_too() -> None:
    # Closures wander from 1 to 40, but always one more than came in: 2 open are gone in 2 weeks, as always.
    came = np.arange(40)
    found = clearing_forecast(came + 1, 2, arrivals=came)
    assert found.weeks[0.5] == 2
    assert (found.tested, found.refusal) == (Backtest(27, 27), "")


def test_an_empty_backlog_needs_no_test() -> None:
    assert clearing_forecast([], 0).refusal == ""
    assert clearing_forecast([1], 0, arrivals=[3]).refusal == ""


def test_a_nominal_ninety_per_cent_holds_about_that_often_over_a_stationary_history() -> None:
    # Twelve weeks do not know their own mean: four weeks ahead the band is expected to hold 85 % of the time.
    history = np.random.default_rng(8).poisson(20, 2_000)
    found = backtest(history, weeks=4)
    assert 0.80 < found.hits / found.forecasts < 0.92
