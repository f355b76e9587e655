"""Control charts against values worked by hand, the published reference and a brute-force reading of the rules."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.control_charts import (
    ASSURANCE_CAPTIONS,
    VARIATION_CAPTIONS,
    Assurance,
    Variation,
    assurance,
    drawn_limits,
    grid_caption,
    monthly_increments,
    variation,
    xmr,
)

QUIET = [10.0, 12.0] * 7  # mean 11, every moving range 2: limits 11 -+ 2.66 * 2, two-sigma lines 11 -+ 3.5467


def months(values: list[float], first: str = "2019-01-01") -> pd.Series:
    index = pd.date_range(first, periods=len(values), freq="MS", unit="s")
    return pd.Series(values, index=index, dtype="float64")


def after_quiet(*values: float, direction: str = "increase") -> pd.DataFrame:
    """Chart the given points against the limits of QUIET; only the given points come back."""
    return xmr(months([*QUIET, *values]), direction=direction, baseline_points=14).iloc[14:]


def test_limits_are_the_mean_and_2_66_mean_moving_ranges_worked_by_hand() -> None:
    chart = xmr(months(QUIET), direction="increase")
    assert list(chart.columns) == ["value", "mean", "lower", "upper", "rule", "signal"]
    assert chart["mean"].unique() == pytest.approx([11.0])
    assert chart["lower"].unique() == pytest.approx([5.68])
    assert chart["upper"].unique() == pytest.approx([16.32])
    assert set(chart["rule"]) == {"common"}
    assert set(chart["signal"]) == {"common"}


def test_a_moving_range_of_3_267_times_the_mean_or_more_is_screened_once() -> None:
    # 13 ranges of 2 and one of 28: mean 54 / 14 = 3.857, limit 12.6: the 28 goes, 2 stays. Mean 194 / 15 = 12.9333.
    chart = xmr(months([*QUIET, 40.0]), direction="increase")
    assert chart["mean"].iloc[0] == pytest.approx(194 / 15)
    assert chart["upper"].iloc[0] == pytest.approx(194 / 15 + 2.66 * 2)
    unscreened = xmr(months([*QUIET, 40.0]), direction="increase", screen=False)
    assert unscreened["mean"].iloc[0] == pytest.approx(194 / 15)
    assert unscreened["upper"].iloc[0] == pytest.approx(194 / 15 + 2.66 * 54 / 14)


def test_screening_happens_only_once() -> None:
    # Ranges 2 (13 times), 9, 40: mean 75 / 15 = 5, limit 16.3: 40 goes. The rest average 35 / 14 = 2.5, a second
    # screening at 8.17 would take the 9 as well.
    chart = xmr(months([*QUIET, 3.0, 43.0]), direction="increase")
    assert (chart["upper"] - chart["mean"]).iloc[0] == pytest.approx(2.66 * 35 / 14)


def test_a_range_just_below_the_screen_stays_and_one_above_goes() -> None:
    # 13 ranges of 1 and one of x, screened at 3.267 (13 + x) / 14: the edge is x = 42.471 / 10.733 = 3.95705.
    quiet = [0.0, 1.0] * 7
    for x, width in ((3.957, (13 + 3.957) / 14), (3.958, 1.0)):
        chart = xmr(months([*quiet, 1 - x]), direction="increase")
        assert (chart["upper"] - chart["mean"]).iloc[0] == pytest.approx(2.66 * width)


def test_the_reference_package_gives_the_same_limits() -> None:
    # NHSRplotthedots, tests/testthat/_snaps/ptd_spc_standard.md: set.seed(123); rnorm(20) -> mean 0.142, -3.01, 3.29.
    drawn = """-0.56047565 -0.23017749 1.55870831 0.07050839 0.12928774 1.71506499 0.46091621 -1.26506123 -0.68685285
    -0.44566197 1.22408180 0.35981383 0.40077145 0.11068272 -0.55584113 1.78691314 0.49785048 -1.96661716 0.70135590
    -0.47279141"""
    chart = xmr(months([float(value) for value in drawn.split()]), direction="increase")
    assert chart["mean"].iloc[0] == pytest.approx(0.142, abs=0.0005)
    assert chart["lower"].iloc[0] == pytest.approx(-3.01, abs=0.005)
    assert chart["upper"].iloc[0] == pytest.approx(3.29, abs=0.005)


def test_a_point_on_the_limit_is_not_outside_it() -> None:
    wide = [0.0, 50.0] * 7  # mean 25, limits 25 -+ 133
    chart = xmr(months([*wide, 158.0, 25.0, 158.5, 25.0, -108.5]), direction="increase", baseline_points=14).iloc[14:]
    assert list(chart["rule"]) == ["common", "common", "outside", "common", "outside"]
    assert list(chart["signal"]) == ["common", "common", "improvement", "common", "concern"]


def test_seven_rising_points_are_a_trend_and_run_one_way_whatever_their_side() -> None:
    chart = after_quiet(8, 9, 10, 11.5, 12, 13, 14)
    assert list(chart["rule"]) == ["trend"] * 7
    assert list(chart["signal"]) == ["improvement"] * 7
    assert set(after_quiet(8, 9, 10, 11.5, 12, 13, 14, direction="decrease")["signal"]) == {"concern"}
    assert set(after_quiet(8, 9, 10, 11.5, 12, 13, 14, direction="neutral")["signal"]) == {"neutral_high"}
    assert set(after_quiet(14, 13, 12, 11.5, 10, 9, 8)["signal"]) == {"concern"}


def test_a_trend_that_stays_on_the_bad_side_still_runs_the_good_way() -> None:
    low = after_quiet(7.6, 8, 8.5, 9, 9.5, 10, 10.5, 10.4)
    assert list(low["rule"].iloc[:7]) == ["trend"] * 7
    assert list(low["signal"].iloc[:7]) == ["improvement"] * 7
    high = after_quiet(14.4, 14, 13.5, 13, 12.5, 12, 11.5, 11.6)
    assert list(high["signal"].iloc[:7]) == ["concern"] * 7


def test_six_rising_points_or_a_tie_among_them_are_no_trend() -> None:
    assert "trend" not in set(after_quiet(8, 9, 10, 11.5, 12, 13)["rule"])
    assert "trend" not in set(after_quiet(8, 9, 10, 10, 12, 13, 14)["rule"])


def test_a_turning_point_belongs_to_the_run_that_ends_last() -> None:
    chart = after_quiet(8, 9, 10, 11.5, 12, 13, 14, 13, 12, 11.5, 10, 9, 8)
    assert list(chart["rule"]) == ["trend"] * 13
    assert list(chart["signal"]) == ["improvement"] * 6 + ["concern"] * 7


def test_two_of_three_marks_only_the_points_near_the_limit() -> None:
    chart = after_quiet(10, 15, 11.5, 15.5, 10)
    assert list(chart["rule"]) == ["common", "two_of_three", "common", "two_of_three", "common"]
    assert list(chart["signal"]) == ["common", "improvement", "common", "improvement", "common"]


def test_near_a_limit_begins_at_two_thirds_of_the_way() -> None:
    # Two thirds of 5.32 is 3.5467: the line is 14.5467.
    assert set(after_quiet(10, 14.54, 11.5, 14.54, 10)["rule"]) == {"common"}
    assert "two_of_three" in set(after_quiet(10, 14.55, 11.5, 14.55, 10)["rule"])


def test_two_of_three_needs_all_three_on_one_side() -> None:
    assert set(after_quiet(10, 15, 10.5, 15.5, 10)["rule"]) == {"common"}
    assert set(after_quiet(10, 15, 7, 15.5, 10)["rule"]) == {"common"}
    assert set(after_quiet(10, 15, 11, 15.5, 10)["rule"]) == {"common"}  # on the mean is on no side


def test_a_point_outside_does_not_count_as_one_of_the_two() -> None:
    assert list(after_quiet(10, 15, 17, 12, 10)["rule"]) == ["common", "common", "outside", "common", "common"]
    assert list(after_quiet(10, 15, 17, 15, 10)["rule"]) == [
        "common",
        "two_of_three",
        "outside",
        "two_of_three",
        "common",
    ]


def test_seven_points_on_one_side_are_a_shift() -> None:
    chart = after_quiet(10, 12, 11.5, 12, 11.5, 12, 11.5, 12, 10)
    assert list(chart["rule"]) == ["common", *["shift"] * 7, "common"]
    assert list(chart["signal"]) == ["common", *["improvement"] * 7, "common"]
    low = after_quiet(12, 10, 10.5, 10, 10.5, 10, 10.5, 10, 12, direction="neutral")
    assert list(low["signal"]) == ["common", *["neutral_low"] * 7, "common"]


def test_six_points_or_one_on_the_mean_are_no_shift() -> None:
    assert set(after_quiet(10, 12, 11.5, 12, 11.5, 12, 11.5, 10)["rule"]) == {"common"}
    assert set(after_quiet(10, 12, 11.5, 12, 11, 12, 11.5, 12, 10)["rule"]) == {"common"}


def test_a_point_on_a_mean_with_rounding_error_is_on_no_side() -> None:
    # The mean of seven 0.1 and seven 0.7 is 0.4 on paper, a little less in binary: 0.4 among six 0.5 breaks the run.
    values = [0.1, 0.7] * 7 + [0.1, 0.5, 0.5, 0.5, 0.4, 0.5, 0.5, 0.5, 0.1]
    chart = xmr(months(values), direction="increase", baseline_points=14)
    assert chart["mean"].iloc[0] < 0.4
    assert set(chart["rule"]) == {"common"}


def test_the_gravest_rule_stands() -> None:
    chart = after_quiet(10, 11.5, 12, 13, 14, 15, 16, 17)  # rising and high; 15 and 16 near the limit, 17 beyond
    assert list(chart["rule"]) == ["trend"] * 7 + ["outside"]
    near = after_quiet(10, 12, 11.5, 12, 15, 12, 15, 12, 10)
    assert list(near["rule"]) == ["common", "shift", "shift", "shift", "two_of_three", "shift", "two_of_three", "shift",
                                  "common"]  # fmt: skip


def test_a_point_outside_at_the_end_of_a_trend_points_to_its_own_side() -> None:
    # Rising from far below: the first lies under the lower limit, which is bad however it goes on.
    assert list(after_quiet(5, 8, 9, 10, 11.5, 12, 13)["signal"]) == ["concern", *["improvement"] * 6]


def test_fewer_than_13_points_are_not_judged() -> None:
    twelve = xmr(months([10.0, 12.0] * 6 + [float("nan")]), direction="increase", target=11)
    assert twelve["lower"].isna().all()
    assert set(twelve["rule"]) == {"common"}
    assert variation(twelve) is Variation.TOO_FEW
    assert VARIATION_CAPTIONS[variation(twelve)] == "数据不足13期，暂不判断"
    assert assurance(twelve) is Assurance.NONE
    rising = xmr(months([float(value) for value in range(12)]), direction="increase")
    assert set(rising["rule"]) == {"common"}
    assert variation(xmr(months([10.0, 12.0] * 6 + [10.0]), direction="increase")) is Variation.COMMON


@pytest.mark.parametrize("value", [0.1, 1.0, 0.0, 1 / 3])
def test_a_constant_series_has_limits_on_its_mean_and_no_signal(value: float) -> None:
    chart = xmr(months([value] * 17), direction="increase")
    assert (chart[["mean", "lower", "upper"]] == value).all(axis=None)
    assert set(chart["rule"]) == {"common"}


@pytest.mark.parametrize("value", [0.0, 1.0, 0.3])
def test_a_constant_proportion_has_limits_on_its_mean_whatever_its_denominators(value: float) -> None:
    sizes = months([10.0, 40.0] * 7)
    chart = xmr(months([value] * 14), direction="increase", denominators=sizes)
    assert (chart[["mean", "lower", "upper"]] == value).all(axis=None)
    assert set(chart["rule"]) == {"common"}


def test_a_constant_series_that_jumps_keeps_the_level_it_had_first() -> None:
    chart = xmr(months([2.0] * 7 + [1.0] * 7), direction="increase")
    assert list(chart["rule"]) == ["common"] * 7 + ["outside"] * 7
    assert list(xmr(months([2.0] * 6 + [1.0] * 8), direction="increase")["rule"]) == ["outside"] * 6 + ["common"] * 8


def test_points_that_are_never_neighbours_have_no_limits() -> None:
    chart = xmr(months([5.0, float("nan"), 9.0, float("nan")] * 7), direction="increase")
    assert chart["mean"].iloc[0] == 7.0
    assert chart["upper"].isna().all()
    assert variation(chart) is Variation.TOO_FEW


@pytest.mark.parametrize("baseline_points", [None, 13])
def test_a_new_point_that_differs_from_a_constant_series_is_outside_alone(baseline_points: int | None) -> None:
    chart = xmr(months([1.0] * 13 + [0.96]), direction="increase", baseline_points=baseline_points)
    assert list(chart["rule"]) == ["common"] * 13 + ["outside"]
    assert variation(chart) is Variation.CONCERN


def test_one_dip_in_a_constant_series_with_uneven_denominators_stands_out_alone() -> None:
    sizes = months([8, 11, 9, 14, 10, 12, 7, 13, 9, 10, 12, 8, 11, 10, 9])
    chart = xmr(months([1.0] * 10 + [0.5] + [1.0] * 4), direction="increase", denominators=sizes)
    assert list(chart["rule"]) == ["common"] * 10 + ["outside"] + ["common"] * 4


def test_a_missing_month_is_no_zero_makes_no_range_and_breaks_runs() -> None:
    values = [*QUIET[:7], float("nan"), *QUIET[7:]]
    chart = xmr(months(values), direction="increase")
    assert np.isnan(chart["value"].iloc[7])
    assert chart["mean"].iloc[0] == pytest.approx(11.0)
    assert chart["upper"].iloc[0] == pytest.approx(11 + 2.66 * 2)
    rising = [8.0, 9.0, 10.0, 11.5, float("nan"), 12.0, 13.0, 14.0]
    assert set(after_quiet(*rising)["rule"]) == {"common"}
    above = [10.0, 12.0, 11.5, 12.0, float("nan"), 12.0, 11.5, 12.0, 11.5, 10.0]
    assert set(after_quiet(*above)["rule"]) == {"common"}


def test_a_range_is_never_taken_across_a_missing_month() -> None:
    # Without the 40 the ranges are all 2; across the gap 12 -> 20 would make an 8.
    values = [*QUIET, float("nan"), 20.0, 18.0]
    assert (xmr(months(values), direction="increase").eval("upper - mean")).iloc[0] == pytest.approx(2.66 * 2)


def test_a_month_that_the_index_skips_counts_as_missing() -> None:
    series = months([*QUIET, 8.0, 9.0, 10.0, 11.5, float("nan"), 12.0, 13.0, 14.0])
    whole = xmr(series, direction="increase", baseline_points=14)
    skipped = xmr(series.dropna(), direction="increase", baseline_points=14)
    pd.testing.assert_frame_equal(skipped, whole.dropna(subset="value"), check_freq=False)
    quarters = series.set_axis(pd.date_range("2014-01-01", periods=len(series), freq="QS", unit="s")).dropna()
    pd.testing.assert_frame_equal(
        xmr(quarters, direction="increase", baseline_points=14).reset_index(drop=True), skipped.reset_index(drop=True)
    )


def test_weeks_and_plain_numbers_have_no_gaps() -> None:
    weeks = pd.Series(QUIET, index=pd.date_range("2020-01-05", periods=14, freq="W", unit="s"))
    numbers = pd.Series(QUIET)
    for series in (weeks, numbers):
        chart = xmr(series, direction="increase")
        assert chart.index.equals(series.index)
        assert chart["upper"].iloc[0] == pytest.approx(16.32)


def test_an_excluded_point_stays_drawn_and_enters_nothing() -> None:
    series = months([*QUIET[:7], 40.0, *QUIET[7:]])
    label = series.index[7]
    for excluded in (label, label.date(), "2019-08-01"):
        chart = xmr(series, direction="increase", excluded=[excluded], screen=False)
        assert chart.loc[label, "value"] == 40.0
        assert chart["mean"].iloc[0] == pytest.approx(11.0)
        assert chart["upper"].iloc[0] == pytest.approx(16.32)
        assert chart.loc[label, "rule"] == "common"
    run = months([*QUIET, 8.0, 9.0, 10.0, 11.5, 12.0, 13.0, 14.0])
    broken = xmr(run, direction="increase", baseline_points=14, excluded=[run.index[17]])
    assert set(broken["rule"]) == {"common"}


def test_limits_start_afresh_where_they_are_rebased() -> None:
    series = months([*QUIET, *[value + 20 for value in QUIET]])
    for label in (series.index[14], series.index[14].date(), "2020-02-20"):
        chart = xmr(series, direction="increase", rebase_at=[label])
        assert chart["mean"].iloc[13] == pytest.approx(11.0)
    later = xmr(series, direction="increase", rebase_at=["2020-03-20"])
    assert later["mean"].iloc[0] == pytest.approx((154 + 30) / 15)
    chart = xmr(series, direction="increase", rebase_at=[series.index[14]])
    assert chart["mean"].iloc[-1] == pytest.approx(31.0)
    assert chart["upper"].iloc[-1] == pytest.approx(31 + 2.66 * 2)
    assert set(chart["rule"]) == {"common"}
    assert "outside" in set(xmr(series, direction="increase")["rule"])


def test_a_run_does_not_reach_across_a_rebasing() -> None:
    high = [12.0, 11.5, 12.0, 11.5]
    series = months([*QUIET[:13], *high, *high, *QUIET[:13]])
    assert "shift" not in set(xmr(series, direction="increase", rebase_at=[series.index[17]])["rule"].iloc[13:17])
    assert set(xmr(series, direction="increase")["rule"].iloc[13:21]) == {"shift"}


def test_a_short_group_after_rebasing_has_its_mean_but_is_not_judged() -> None:
    series = months([*QUIET, 30.0, 31.0, 90.0])
    chart = xmr(series, direction="increase", rebase_at=[series.index[14]])
    assert chart["upper"].iloc[13] == pytest.approx(16.32)
    assert chart["mean"].iloc[14] == pytest.approx(151 / 3)
    assert chart["upper"].iloc[14:].isna().all()
    assert variation(chart) is Variation.TOO_FEW


def test_a_rebasing_outside_the_series_changes_nothing() -> None:
    series = months(QUIET)
    plain = xmr(series, direction="increase")
    for label in ("2018-01-01", "2019-01-01", "2025-01-01"):
        pd.testing.assert_frame_equal(xmr(series, direction="increase", rebase_at=[label]), plain)


def test_limits_of_proportions_follow_their_denominators_worked_by_hand() -> None:
    # n alternates 100, 400 and p 0.6, 0.55: p = 7 (60 + 220) / (7 * 500) = 0.56; sd = sqrt(0.2464 / n) = 0.049639,
    # 0.024819; z = 0.8058, -0.4029: every range 1.2087, so sigma z = 1.2087 / 1.128 = 1.07155; 3 sigmas = 0.15957 at
    # n = 100 and half of it at n = 400.
    values, sizes = months([0.6, 0.55] * 7), months([100.0, 400.0] * 7)
    chart = xmr(values, direction="increase", denominators=sizes)
    assert chart["mean"].iloc[0] == pytest.approx(0.56)
    assert chart["upper"].iloc[0] == pytest.approx(0.56 + 0.15957, abs=5e-6)
    assert chart["lower"].iloc[1] == pytest.approx(0.56 - 0.15957 / 2, abs=5e-6)
    shuffled = xmr(values, direction="increase", denominators=sizes[::-1])
    pd.testing.assert_frame_equal(shuffled, chart)
    # A low month of a small denominator is within, the same at a large one outside.
    more = xmr(
        months([*values, 0.45, 0.55, 0.6, 0.45]),
        direction="increase",
        denominators=months([*sizes, 100.0, 400.0, 100.0, 400.0]),
        baseline_points=14,
    )
    assert list(more["rule"].iloc[14:]) == ["common", "common", "common", "outside"]


def test_a_month_without_denominator_is_missing() -> None:
    values, sizes = months([0.6, 0.55] * 7 + [0.0]), months([100.0, 400.0] * 7 + [0.0])
    chart = xmr(values, direction="increase", denominators=sizes)
    assert np.isnan(chart["value"].iloc[14])
    assert chart["mean"].iloc[0] == pytest.approx(0.56)
    assert variation(chart) is Variation.COMMON


def test_drawn_limits_stay_within_what_can_happen_while_flags_do_not() -> None:
    chart = xmr(months([0.9, 1.0] * 7), direction="increase", target=1.0)  # 0.95 -+ 0.266
    assert chart["upper"].iloc[0] == pytest.approx(1.216)
    drawn = drawn_limits(chart, ceiling=1.0)
    assert drawn["upper"].unique() == pytest.approx([1.0])
    assert drawn["lower"].iloc[0] == pytest.approx(0.684)
    counts = drawn_limits(xmr(months([1.0, 5.0] * 7), direction="decrease"))
    assert counts["lower"].unique() == pytest.approx([0.0])
    assert counts["upper"].iloc[0] == pytest.approx(3 + 2.66 * 4)
    assert assurance(chart) is Assurance.CHANCE


@pytest.mark.parametrize(
    ("direction", "target", "word", "caption"),
    [
        ("increase", 17, Assurance.FAIL, "照目前做法，目标达不到"),
        ("increase", 5, Assurance.PASS, "可以稳定达到"),
        ("increase", 11, Assurance.CHANCE, "时好时坏，达标靠运气"),
        ("decrease", 17, Assurance.PASS, "可以稳定达到"),
        ("decrease", 5, Assurance.FAIL, "照目前做法，目标达不到"),
        ("neutral", 17, Assurance.NONE, ""),
        ("increase", None, Assurance.NONE, ""),
        ("increase", float("nan"), Assurance.NONE, ""),
    ],
)
def test_assurance_holds_the_target_against_the_limits(
    direction: str, target: float | None, word: Assurance, caption: str
) -> None:
    found = assurance(xmr(months(QUIET), direction=direction, target=target))
    assert found is word
    assert ASSURANCE_CAPTIONS[found] == caption


def test_a_process_that_always_meets_its_target_exactly_passes() -> None:
    assert assurance(xmr(months([1.0] * 14), direction="increase", target=1.0)) is Assurance.PASS
    assert assurance(xmr(months([0.9] * 14), direction="increase", target=1.0)) is Assurance.FAIL


def test_variation_is_that_of_the_latest_point_that_counts() -> None:
    series = months([*QUIET, 17.0, float("nan")])
    assert variation(xmr(series, direction="increase", baseline_points=14)) is Variation.IMPROVEMENT
    assert variation(xmr(series, direction="decrease", baseline_points=14)) is Variation.CONCERN
    assert variation(xmr(series, direction="neutral", baseline_points=14)) is Variation.NEUTRAL_HIGH
    excluded = xmr(series, direction="increase", baseline_points=14, excluded=[series.index[14]])
    assert variation(excluded) is Variation.COMMON
    assert variation(after_quiet(17, 11.5)) is Variation.COMMON
    last = months([*QUIET, 17.0, 30.0])
    assert variation(xmr(last, direction="increase", baseline_points=14, excluded=[last.index[15]])) is (
        Variation.IMPROVEMENT
    )


def test_every_word_has_a_caption_without_the_words_of_statistics() -> None:
    captions = [*VARIATION_CAPTIONS.values(), *ASSURANCE_CAPTIONS.values()]
    assert set(VARIATION_CAPTIONS) == set(Variation)
    assert set(ASSURANCE_CAPTIONS) == set(Assurance)
    assert not [caption for caption in captions if "显著" in caption or "置信" in caption]


def test_no_points_and_one_point_give_frames_of_the_promised_types() -> None:
    for values in ([], [5.0], [float("nan")]):
        chart = xmr(months(values), direction="increase")
        assert len(chart) == len(values)
        assert [str(kind) for kind in chart.dtypes] == ["float64"] * 4 + ["str"] * 2
        assert variation(chart) is Variation.TOO_FEW


@pytest.mark.parametrize(
    ("values", "options"),
    [
        (months(QUIET), {"direction": "higher"}),
        (months(QUIET)[::-1], {"direction": "increase"}),
        (pd.Series([1.0, 2.0], index=[5, 5]), {"direction": "increase"}),
        (months(QUIET), {"direction": "increase", "excluded": ["2031-01-01"]}),
        (months([*QUIET, float("inf")]), {"direction": "increase"}),
        (months(QUIET), {"direction": "increase", "baseline_points": 1}),
        (months(QUIET), {"direction": "increase", "denominators": months(QUIET)}),
    ],
)
def test_a_wrong_call_is_refused(values: pd.Series, options: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"expected|infinite|excluded"):
        xmr(values, **options)  # type: ignore[arg-type]


def test_increments_of_a_running_total_restart_where_it_does() -> None:
    total = months([5, 9, 9, 3, 7, float("nan"), 9], "2019-10-01")
    found = monthly_increments(total, restarts=["2020-01-01"])
    assert found.to_list() == pytest.approx([float("nan"), 4, 0, 3, 4, float("nan"), float("nan")], nan_ok=True)
    assert monthly_increments(total, restarts=["2019-10-01"]).iloc[0] == 5


def test_the_grid_says_how_many_alarms_are_chance() -> None:
    assert grid_caption(14) == "本页共14个图，即使一切正常，每月也会有约0.3个偶然报警"
    assert grid_caption(133) == "本页共133个图，即使一切正常，每月也会有约3个偶然报警"


def brute_force(points: list[float], mean: float, lower: float, upper: float) -> list[str]:
    """Read the rules off METHODS point by point and window by window."""
    width = upper - mean
    found = []
    for i, y in enumerate(points):
        sevens = [points[start : start + 7] for start in range(max(0, i - 6), i + 1) if start + 7 <= len(points)]
        threes = [points[start : start + 3] for start in range(max(0, i - 2), i + 1) if start + 3 <= len(points)]

        def near(z: float) -> bool:
            return width * 2 / 3 < abs(z - mean) <= width

        def one_side(window: list[float]) -> bool:
            return all(z > mean for z in window) or all(z < mean for z in window)

        rises = [[b - a for a, b in pairwise(window)] for window in sevens]
        if y > upper or y < lower:
            found.append("outside")
        elif any(all(step > 0 for step in steps) or all(step < 0 for step in steps) for steps in rises):
            found.append("trend")
        elif near(y) and any(one_side(window) and sum(near(z) for z in window) >= 2 for window in threes):
            found.append("two_of_three")
        else:
            found.append("shift" if any(one_side(window) for window in sevens) else "common")
    return found


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=15, max_size=40))
def test_every_rule_agrees_with_a_brute_force_reading(tail: list[int]) -> None:
    # The baseline 4, 7 has mean 5.5 and limits 5.5 -+ 7.98: no whole number lies on a line.
    points = [float(value) for value in [4, 7] * 7 + tail]
    chart = xmr(months(points), direction="increase", baseline_points=14)
    expected = brute_force(points, 5.5, 5.5 - 7.98, 5.5 + 7.98)
    assert list(chart["rule"]) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-50, 50), min_size=13, max_size=40), st.sampled_from(["increase", "decrease"]))
def test_turning_values_and_direction_round_changes_no_rule_or_signal(values: list[int], direction: str) -> None:
    other = {"increase": "decrease", "decrease": "increase"}[direction]
    series = months([float(value) for value in values])
    chart, turned = xmr(series, direction=direction), xmr(-series, direction=other)
    assert list(chart["rule"]) == list(turned["rule"])
    assert list(chart["signal"]) == list(turned["signal"])
    np.testing.assert_allclose(chart["upper"], -turned["lower"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 50), min_size=13, max_size=30), st.integers(1, 1000))
def test_the_unit_changes_no_rule(values: list[int], factor: int) -> None:
    series = months([float(value) for value in values])
    assert list(xmr(series, direction="increase")["rule"]) == list(xmr(series * factor, direction="increase")["rule"])
