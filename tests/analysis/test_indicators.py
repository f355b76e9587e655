"""Two townships and their county by hand; a third region, a state indicator and a month too late are decoys."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.indicators import SERIES, Campaign, monthly_series

COUNTY, JIA, YI, DECOY = "33", "33a", "33b", "44a"
KPIS = pd.DataFrame(
    [
        ("K01", "%", "higher", "proportion", "to_date", "campaign", "backlog"),
        ("K02", "%", "higher", "proportion", "to_date", "campaign", None),
        ("K06", "%", "higher", "proportion", "flow", "never", "petitions"),
        ("K12", "件/万人", "lower", "rate", "flow", "never", "suits"),
        ("K18", "分", "higher", "score", "state", "never", None),
        ("K20", "%", "neutral", "rate", "flow", "never", "petitions"),
        ("K21", "件", "neutral", "count", "flow", "never", "disputes"),
    ],
    columns=["code", "unit", "direction", "kind", "period", "reset", "computed_from"],
)
GOALS = pd.DataFrame(
    [(COUNTY, "K06", 90.0), (YI, "K06", 80.0), (COUNTY, "K12", 60.0), (COUNTY, "K01", 90.0), (DECOY, "K06", 1.0)],
    columns=["region_code", "kpi_code", "goal"],
)


def _values(*rows: tuple[str, str, str, float, float, float]) -> pd.DataFrame:
    names = ["region_code", "kpi_code", "month", "numerator", "denominator", "value"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(month=pd.to_datetime(frame["month"]).astype("datetime64[s]"))


def _series(values: pd.DataFrame, last: date = date(2020, 3, 1), **more: object) -> pd.DataFrame:
    options = {"last": last, "county": COUNTY, "townships": [JIA, YI], **more}
    return monthly_series(values, KPIS, GOALS, **options)


def _of(series: pd.DataFrame, kpi: str, region: str) -> pd.DataFrame:
    return series[(series["kpi_code"] == kpi) & (series["region_code"] == region)].reset_index(drop=True)


FLOWS = _values(
    (JIA, "K06", "2020-01-01", 8, 10, 80),
    (YI, "K06", "2020-01-01", 1, 2, 50),
    (JIA, "K06", "2020-03-01", 9, 9, 100),
    (DECOY, "K06", "2020-01-01", 0, 99, 0),
    (JIA, "K06", "2020-04-01", 0, 7, 0),
    (JIA, "K18", "2020-01-01", np.nan, np.nan, 95),
    (JIA, "K12", "2020-01-01", 20, 2000, 100),
    (YI, "K12", "2020-01-01", 4, 1000, 40),
    (JIA, "K20", "2020-01-01", -5, 10, -50),
    (YI, "K20", "2020-01-01", 2, 10, 20),
    (JIA, "K21", "2020-01-01", 12, np.nan, 12),
    (YI, "K21", "2020-02-01", 3, np.nan, 3),
)


def test_there_is_a_row_for_each_flow_or_running_indicator_region_and_month() -> None:
    series = _series(FLOWS)
    assert {name: str(dtype) for name, dtype in series.dtypes.items()} == SERIES
    assert series["kpi_code"].drop_duplicates().tolist() == ["K06", "K12", "K20", "K21"]
    assert series["region_code"].tolist()[:9] == [COUNTY] * 3 + [JIA] * 3 + [YI] * 3
    assert series["month"].tolist()[:3] == list(pd.date_range("2020-01-01", periods=3, freq="MS"))
    assert len(series) == 4 * 3 * 3


def test_a_share_is_of_cases_and_the_countys_of_all_its_townships() -> None:
    series = _series(FLOWS)
    jia, county = _of(series, "K06", JIA), _of(series, "K06", COUNTY)
    assert jia["form"].unique().tolist() == ["share"]
    assert jia["value"].tolist()[::2] == [0.8, 1.0]
    assert np.isnan(jia["value"][1]), "a month without a figure is no 0"
    assert county.loc[0, ["numerator", "denominator", "value"]].tolist() == [9, 12, 0.75]
    assert np.isnan(county["value"][1])


def test_targets_are_the_townships_own_else_the_countys_in_the_unit_drawn() -> None:
    series = _series(FLOWS)
    found = [_of(series, "K06", region)["target"].iloc[0] for region in (COUNTY, JIA, YI)]
    assert found == [0.9, 0.9, 0.8]
    assert _of(series, "K12", JIA)["target"].iloc[0] == 60
    assert _of(series, "K21", JIA)["target"].isna().all()


def test_rates_and_counts_keep_their_unit() -> None:
    series = _series(FLOWS)
    assert _of(series, "K12", COUNTY)["value"][0] == pytest.approx(24 / 3000 * 10_000)
    assert _of(series, "K20", COUNTY)["value"][0] == pytest.approx(-15)
    assert _of(series, "K21", COUNTY)["value"].tolist()[:2] == [12, 3]
    assert _of(series, "K21", JIA)["form"].unique().tolist() == ["count"]


def test_few_cases_a_month_make_a_series_sparse_whatever_it_draws() -> None:
    sparse = (
        _series(FLOWS).drop_duplicates(["kpi_code", "region_code"]).set_index(["kpi_code", "region_code"])["is_sparse"]
    )
    assert not sparse["K06", JIA], "9.5 a month in the denominator"
    assert sparse["K06", YI]
    assert not sparse["K12", JIA]
    assert sparse["K12", YI], "4 suits, whatever the residents"
    assert not sparse["K20", JIA], "5 cases this year, 10 the year before"
    assert sparse["K21", YI]


def _totals(kpi: str, *totals: float, first: str = "2019-11-01") -> pd.DataFrame:
    months = pd.date_range(first, periods=len(totals), freq="MS")
    rows = [(JIA, kpi, str(m.date()), x, 20, 5 * x) for m, x in zip(months, totals, strict=True) if not np.isnan(x)]
    return _values(*rows)


def test_a_running_total_gives_what_each_month_added_and_begins_from_0_in_january() -> None:
    found = _of(_series(_totals("K01", 4, 7, 2, 2, 5)), "K01", JIA)
    assert found["form"].unique().tolist() == ["increment"]
    assert np.isnan(found["value"][0]), "what stood there before the records is not known"
    assert found["value"].tolist()[1:] == [3, 2, 0, 3]
    assert found["target"].isna().all(), "a goal for the rate is none for what a month adds"
    assert found["numerator"].equals(found["value"])


def test_where_a_campaign_begins_or_ends_what_the_month_added_cannot_be_told() -> None:
    campaign = Campaign("B", date(2020, 1, 12), date(2020, 2, 29))
    found = _of(_series(_totals("K01", 4, 7, 9, 12, 30, 31), date(2020, 4, 1), campaigns=[campaign]), "K01", JIA)
    assert found["value"].isna().tolist() == [True, False, True, False, True, False]
    assert found["value"][[1, 3, 5]].tolist() == [3, 3, 1]


def test_a_computed_total_without_a_figure_is_0_and_a_reported_one_is_unknown() -> None:
    gap = (4.0, 6.0, 1.0, float("nan"), 5.0)
    computed, reported = (_of(_series(_totals(kpi, *gap)), kpi, JIA) for kpi in ("K01", "K02"))
    assert computed["value"].tolist()[2:] == [1, -1, 5]
    assert reported["value"].isna().tolist() == [True, False, False, True, True]


def test_a_proportion_of_which_only_the_value_is_known_is_drawn_as_it_is() -> None:
    found = _of(_series(_values((JIA, "K06", "2020-01-01", np.nan, np.nan, 93.0))), "K06", JIA)
    assert found["form"].unique().tolist() == ["rate"]
    assert found["value"][0] == 93
    assert found["target"][0] == 90


def test_without_figures_the_columns_stand() -> None:
    empty = _series(FLOWS.head(0))
    assert empty.empty
    assert {name: str(dtype) for name, dtype in empty.dtypes.items()} == SERIES
