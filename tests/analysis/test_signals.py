"""The grid of many series judged at once, against `xmr` for each of them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.indicators import SERIES
from analysis.signals import GRID, concerns, signal_chart, signal_grid

FIRST = pd.Timestamp("2018-01-01")
FLAT = [20.0, 22, 19, 21, 20, 18, 22, 21, 19, 20, 21, 20, 19, 21, 20]


def _one(kpi: str, region: str, values: list[float], **more: object) -> pd.DataFrame:
    months = pd.date_range(FIRST, periods=len(values), freq="MS").astype("datetime64[s]")
    columns = {"form": "count", "direction": "higher", "target": np.nan, "is_sparse": False}
    columns |= {"numerator": values, "denominator": np.nan, "value": values, **more}
    frame = pd.DataFrame({"month": months, **columns}).assign(kpi_code=kpi, region_code=region)
    return frame[list(SERIES)].astype(SERIES)


def _series(*parts: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True)


def _said(grid: pd.DataFrame) -> list[str]:
    return grid["variation"].tolist()


def test_each_series_has_its_latest_word() -> None:
    grid = signal_grid(
        _series(
            _one("K05", "a", [*FLAT, 20]),
            _one("K05", "b", [*FLAT, 40]),
            _one("K06", "a", [*FLAT, 40], direction="lower"),
            _one("K06", "b", [*FLAT, 40], direction="neutral"),
            _one("K07", "a", [*FLAT, 1], direction="neutral"),
            _one("K07", "b", [*FLAT, 1], direction="lower"),
        )
    )
    assert _said(grid) == ["common", "improvement", "concern", "neutral_high", "neutral_low", "improvement"]
    assert grid[["kpi_code", "region_code"]].agg("".join, axis=1).tolist() == [
        "K05a", "K05b", "K06a", "K06b", "K07a", "K07b"
    ]  # fmt: skip
    assert grid["value"].tolist() == [20, 40, 40, 40, 1, 1]
    assert grid["month"].unique().tolist() == [pd.Timestamp("2019-04-01")]


def test_an_older_alarm_is_not_the_word_of_the_latest_month() -> None:
    assert _said(signal_grid(_one("K05", "a", [*FLAT, 40, 20, 21]))) == ["common"]


def test_a_target_beyond_the_limits_is_met_or_missed_whatever_the_month() -> None:
    targets = {"fail": 40.0, "pass": 5.0, "chance": 20.0, "none": np.nan}
    parts = [_one("K05", hope, [*FLAT, 20], target=target) for hope, target in targets.items()]
    assert signal_grid(_series(*parts))["assurance"].tolist() == list(targets)


def test_twelve_months_or_too_few_cases_give_no_word_and_no_hope() -> None:
    grid = signal_grid(
        _series(
            _one("K05", "short", [np.nan] * 4 + FLAT[:12], target=99.0),
            _one("K05", "none", [np.nan] * 16),
            _one("K05", "sparse", [*FLAT, 40], is_sparse=True, target=99.0),
            _one("K05", "enough", [np.nan] * 3 + FLAT[:13], target=99.0),
        )
    )
    assert _said(grid) == ["too_few", "too_few", "sparse", "common"]
    assert grid["assurance"].tolist() == ["none", "none", "none", "fail"]
    assert grid["month"].isna().tolist() == [False, True, False, False]


def test_an_excluded_month_enters_nothing_and_the_one_before_is_the_latest() -> None:
    series = _series(_one("K05", "a", [*FLAT, 40]), _one("K05", "b", [*FLAT, 40]))
    grid = signal_grid(series, {("a", "K05", date(2019, 4, 1)), ("b", "K06", date(2019, 4, 1))})
    assert _said(grid) == ["common", "improvement"]
    assert grid["month"].tolist() == [pd.Timestamp("2019-03-01"), pd.Timestamp("2019-04-01")]
    assert grid["value"].tolist() == [20, 40]


def test_an_excluded_month_stays_drawn_and_leaves_the_mean() -> None:
    series = _one("K05", "a", [*FLAT, 400])
    chart = signal_chart(series, "K05", "a", {("a", "K05", date(2019, 4, 1)), ("b", "K05", date(2018, 1, 1))})
    assert chart["value"].iloc[-1] == 400
    assert chart["is_excluded"].tolist() == [False] * 15 + [True]
    assert chart["mean"].iloc[0] == pytest.approx(np.mean(FLAT))
    assert chart["signal"].iloc[-1] == "common"


def test_limits_are_drawn_within_what_can_happen() -> None:
    shares = [0.9, 0.95, 1.0, 0.9, 1.0, 0.85, 0.95, 1.0, 0.9, 0.95, 1.0, 0.9, 0.95]
    chart = signal_chart(_one("K06", "a", shares, form="share", denominator=20.0), "K06", "a")
    assert chart["upper"].max() == 1.0
    changes = [-50.0, 10, -20, 30, 5, -10, 0, 20, -30, 15, 5, -5, 10]
    assert signal_chart(_one("K20", "a", changes, form="rate"), "K20", "a")["lower"].max() < 0
    counts = [3.0, 9, 1, 8, 2, 7, 9, 3, 1, 8, 2, 9, 4]
    assert signal_chart(_one("K21", "a", counts), "K21", "a")["lower"].tolist() == [0.0] * 13


def test_a_sparse_series_is_drawn_as_points_alone() -> None:
    chart = signal_chart(_one("K05", "a", [*FLAT, 40], is_sparse=True), "K05", "a")
    assert chart[["mean", "lower", "upper"]].isna().all(axis=None)
    assert set(chart["signal"]) == {"common"}
    assert chart.attrs["variation"].value == "sparse"


def test_no_run_reaches_from_one_series_into_the_next() -> None:
    ends_high, begins_high = [20.0, 22] * 6 + [22.0] * 4, [22.0] * 4 + [20.0, 22] * 6
    alone = [_said(signal_grid(_one("K05", "a", values))) for values in (ends_high, begins_high)]
    both = signal_grid(_series(_one("K05", "a", ends_high), _one("K05", "b", begins_high)))
    assert alone == [["common"], ["common"]]
    assert _said(both) == ["common", "common"]


def test_a_share_of_few_cases_may_stray_further_than_one_of_many() -> None:
    shares = [0.5, 0.52, 0.48, 0.51, 0.49, 0.5, 0.52, 0.48, 0.51, 0.5, 0.49, 0.5, 0.51, 0.49, 0.8]
    many, few = ([400.0] * 14 + [last] for last in (400.0, 4.0))
    parts = [_one("K06", str(n[-1]), shares, form="share", denominator=n) for n in (many, few)]
    assert _said(signal_grid(_series(*parts))) == ["improvement", "common"]


def test_no_series_make_an_empty_grid() -> None:
    empty = signal_grid(_one("K05", "a", []))
    assert empty.empty
    assert {name: str(dtype) for name, dtype in empty.dtypes.items()} == GRID


COUNTS = st.one_of(st.integers(0, 60).map(float), st.just(np.nan))
LONG = st.lists(COUNTS, min_size=18, max_size=18)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(LONG, LONG, st.sampled_from(["higher", "lower", "neutral"])), min_size=1, max_size=5))
def test_the_grid_says_of_each_series_what_its_own_chart_says(
    given_series: list[tuple[list[float], list[float], str]],
) -> None:
    parts = []
    for i, (values, sizes, direction) in enumerate(given_series):
        parts.append(_one("K05", str(i), values, direction=direction, target=30.0))
        n = np.array(sizes)
        share = np.where(n > 0, np.fmin(np.nan_to_num(values), n), np.nan) / np.where(n > 0, n, 1.0)
        parts.append(_one("K06", str(i), list(share), form="share", denominator=n, direction=direction, target=0.5))
    series, excluded = _series(*parts), {("0", "K05", date(2018, 3, 1)), ("0", "K06", date(2019, 6, 1))}
    found = concerns(series, excluded).set_index(["kpi_code", "region_code"])
    for row in signal_grid(series, excluded).itertuples():
        chart = signal_chart(series, row.kpi_code, row.region_code, excluded)
        said = chart.attrs["variation"].value, chart.attrs["assurance"].value
        assert said == (row.variation, row.assurance)
        is_concern = row.variation == "concern" and row.month == chart["month"].iloc[-1]
        assert ((row.kpi_code, row.region_code) in found.index) == is_concern
        if is_concern:
            _is_of_chart(found.loc[(row.kpi_code, row.region_code)], chart)


def _is_of_chart(concern: pd.Series, chart: pd.DataFrame) -> None:
    latest = chart.iloc[-1]
    assert concern["rule"] == latest["rule"]
    for name in ("value", "mean", "numerator", "denominator"):
        assert concern[name] == pytest.approx(latest[name], nan_ok=True)
    assert concern["reach"] == pytest.approx(latest["upper"] - latest["mean"])
    since = chart["month"].searchsorted(concern["since"])
    assert (chart["signal"].iloc[since:] == "concern").all()
    assert since == 0 or chart["signal"].iloc[since - 1] != "concern"


def test_a_concern_holds_since_the_first_of_the_last_bad_months() -> None:
    falling = [*FLAT, 30.0, 20.0, 2.0, 3.0]
    found = concerns(_series(_one("K05", "a", [*FLAT, 20, 20, 20, 20]), _one("K05", "b", falling)))
    assert found[["region_code", "rule", "month", "since", "value"]].to_numpy().tolist() == [
        ["b", "outside", pd.Timestamp("2019-07-01"), pd.Timestamp("2019-06-01"), 3.0]
    ]
    assert concerns(_one("K05", "b", falling, is_sparse=True)).empty
    assert concerns(_one("K05", "b", falling), {("b", "K05", date(2019, 7, 1))}).empty
    assert concerns(_one("K05", "a", [])).empty
