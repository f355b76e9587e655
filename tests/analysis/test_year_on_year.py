"""Year on year against scipy's exact binomial, values worked by hand, and the Spring Festival."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binomtest

import analysis.year_on_year as year_on_year_module
from analysis.year_on_year import TOO_SHORT, change_caption, count_ratio, year_on_year


def months(values: list[float], first: str = "2018-01-01") -> pd.Series:
    return pd.Series(values, index=pd.date_range(first, periods=len(values), freq="MS", unit="s"), dtype="float64")


def test_a_ratio_worked_by_hand() -> None:
    # 0 against 5: the upper end solves (1 - p)^5 = 0.025, p = 1 - 0.025 ** 0.2 = 0.521824, p / (1 - p) = 1.091279.
    none = count_ratio(0, 5)
    assert (none.ratio, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1.091279, abs=1e-6)
    # 1 against 1: the lower end solves 1 - (1 - p)^2 = 0.025, p = 1 - sqrt 0.975 = 0.0125791, so 0.0127394; the upper
    # end is its reciprocal.
    even = count_ratio(1, 1)
    assert even.ratio == 1.0
    assert even.low == pytest.approx(0.0127394, abs=1e-7)
    assert even.high == pytest.approx(1 / 0.0127394, abs=1e-3)


def test_no_percentage_of_nothing() -> None:
    for current in (0, 7):
        found = count_ratio(current, 0)
        assert all(math.isnan(end) for end in (found.ratio, found.low, found.high))


@pytest.mark.parametrize(("current", "previous", "level"), [(-1, 2, 0.95), (1.5, 2, 0.95), (1, 2, 0.0), (1, 2, 1.0)])
def test_a_wrong_count_is_refused(current: int, previous: int, level: float) -> None:
    with pytest.raises(ValueError, match="expected"):
        count_ratio(current, previous, level=level)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 3_000), st.integers(1, 3_000), st.sampled_from([0.8, 0.95, 0.998]))
def test_the_interval_is_the_exact_one_of_scipy(current: int, previous: int, level: float) -> None:
    found = count_ratio(current, previous, level=level)
    exact = binomtest(current, current + previous).proportion_ci(level, method="exact")
    assert found.low == pytest.approx(exact.low / (1 - exact.low), rel=1e-7, abs=1e-12)
    assert found.high == pytest.approx(exact.high / (1 - exact.high), rel=1e-7)
    assert found.low <= found.ratio <= found.high


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 500), st.integers(1, 500))
def test_turning_the_counts_round_turns_the_interval_round(current: int, previous: int) -> None:
    found, turned = count_ratio(current, previous), count_ratio(previous, current)
    assert found.low == pytest.approx(1 / turned.high)
    assert found.high == pytest.approx(1 / turned.low)


@pytest.mark.parametrize(
    ("current", "previous"), [(60_000, 61_000), (1_200_000, 900_000), (3, 2_000_000), (2_000_000, 1)]
)
def test_large_counts_stay_exact(current: int, previous: int) -> None:
    found, exact = (
        count_ratio(current, previous),
        beta.ppf([0.025, 0.975], [current, current + 1], [previous + 1, previous]),
    )
    assert [found.low, found.high] == pytest.approx(exact / (1 - exact), rel=1e-8)


def test_what_an_interval_is_added_up_from_grows_with_the_deviation_not_with_the_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    added: list[int] = []
    monkeypatch.setattr(year_on_year_module.np, "cumsum", lambda terms: added.append(len(terms)) or terms.cumsum())
    for count in (10_000, 1_000_000):
        count_ratio(count, count)
    assert added[2] < 11 * added[0] < 20_000


def test_january_and_february_are_compared_together() -> None:
    # The festival fell in February 2018 and 2019's first days, in January 2020: singly 40 -> 100 and 100 -> 45.
    values = months([30, 110, 50, *[60] * 9, 40, 100, 75, *[60] * 9, 100, 45, 50])
    found = year_on_year(values)
    assert list(found.columns) == [
        "first_month", "last_month", "current", "previous", "change", "ratio", "low", "high",
    ]  # fmt: skip
    assert len(found) == 11 + 2
    first, march = found.iloc[0], found.iloc[1]
    assert (first["first_month"], first["last_month"]) == (pd.Timestamp("2019-01-01"), pd.Timestamp("2019-02-01"))
    assert (first["current"], first["previous"], first["change"]) == (140, 140, 0)
    assert (march["first_month"], march["last_month"]) == (pd.Timestamp("2019-03-01"), pd.Timestamp("2019-03-01"))
    assert march["change"] == pytest.approx(0.5)
    expected = count_ratio(75, 50)
    assert (march["ratio"], march["low"], march["high"]) == (expected.ratio, expected.low, expected.high)
    latest = found.iloc[-2]
    assert (latest["current"], latest["previous"]) == (145, 140)
    assert found["last_month"].is_monotonic_increasing


def test_a_january_waits_for_its_february() -> None:
    found = year_on_year(months([50] * 25))
    assert found["last_month"].iloc[-1] == pd.Timestamp("2019-12-01")
    assert len(year_on_year(months([50] * 26))) == len(found) + 1
    # A series that begins in February has no January to go with it.
    assert year_on_year(months([50] * 24, "2018-02-01"))["first_month"].iloc[0] == pd.Timestamp("2019-03-01")


def test_less_than_24_months_are_not_judged() -> None:
    for values in (months([]), months([50] * 23), months([50] * 23 + [float("nan")])):
        found = year_on_year(values)
        assert found.empty
        assert [str(kind) for kind in found.dtypes] == ["datetime64[s]"] * 2 + ["float64"] * 6
    assert len(year_on_year(months([50] * 24))) == 11
    assert TOO_SHORT == "数据不足两年，不作同比判断"


def test_a_missing_month_is_not_zero() -> None:
    values = months([50.0] * 36)
    values.iloc[[5, 25]] = float("nan")  # June 2018 and February 2020
    absent = values.dropna()
    for found in (year_on_year(values), year_on_year(absent)):
        rows = found.set_index("last_month")
        june, spring, july = rows.loc["2019-06-01"], rows.loc["2020-02-01"], rows.loc["2019-07-01"]
        assert np.isnan(june["previous"])
        assert np.isnan(june["change"])
        assert june["current"] == 50
        assert np.isnan(spring["current"])
        assert np.isnan(spring["ratio"])
        assert july["change"] == 0


def test_a_year_that_had_none_gives_no_percentage() -> None:
    values = months([0.0] * 12 + [7.0] * 12)
    found = year_on_year(values)
    assert found["previous"].eq(0).all()
    assert found[["change", "ratio", "low", "high"]].isna().all(axis=None)


@pytest.mark.parametrize("first", ["2018-01-02", "2018-01-31"])
def test_only_the_first_days_of_months_are_months(first: str) -> None:
    with pytest.raises(ValueError, match="first day"):
        year_on_year(pd.Series([5.0], index=[pd.Timestamp(first)]))
    with pytest.raises(ValueError, match="first day"):
        year_on_year(pd.Series([5.0, 6.0], index=[pd.Timestamp("2018-01-01")] * 2))


@pytest.mark.parametrize(
    ("current", "previous", "caption"),
    [
        (60, 50, "同比上升20.0%（60件，上年同期50件），增减在偶然波动范围内"),
        (70, 50, "同比上升40.0%（70件，上年同期50件），增减在偶然波动范围内"),  # 70 of 120: p = 0.08
        (75, 50, "同比上升50.0%（75件，上年同期50件），增减超出偶然波动范围"),  # 75 of 125: p = 0.03
        (1200, 1000, "同比上升20.0%（1,200件，上年同期1,000件），增减超出偶然波动范围"),
        (20, 60, "同比下降66.7%（20件，上年同期60件），增减超出偶然波动范围"),
        (50, 50, "同比持平（50件，上年同期50件）"),
        (3, 0, "3件，上年同期0件；上年同期为0件，不算百分比"),
        (float("nan"), 5, "有月份缺数，不作同比判断"),
    ],
)
def test_a_change_is_said_with_what_it_is_made_of(current: float, previous: float, caption: str) -> None:
    assert change_caption(current, previous) == caption
