"""The months of the indicators on both databases, with decoys of every kind; the demo county against a recount."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from analysis.indicators import SERIES
from analysis.scope import Scope
from analysis.signals import signal_chart, signal_grid
from queries.indicators import kpi_series
from queries.once import one_look
from queries.rankings import kpi_table
from tests.queries.conftest import BING, JIA, YI

COUNTY = "330822"
JULY, AUGUST = date(2020, 7, 1), date(2020, 8, 1)


@pytest.fixture
def figures(county, add, release):
    shared = {"unit": "%", "direction": "higher", "kind": "proportion"}
    add("kpis", {"code": "K06", "period": "flow", **shared}, {"code": "K04", "period": "state", **shared},
        {"code": "K01", "period": "to_date", "reset": "campaign", **shared})  # fmt: skip
    add("campaigns", {"code": "B", "starts_on": date(2020, 8, 12), "ends_on": date(2020, 9, 19)}, {"code": "C"})
    add("schemes", {"code": "S2019", "valid_from": date(2019, 1, 1), "valid_to": date(2019, 12, 31)},
        {"code": "S2020", "valid_from": date(2020, 1, 1)})  # fmt: skip
    for region, scheme, goal in ((COUNTY, "S2020", 90.0), (YI, "S2020", 80.0), (COUNTY, "S2019", 10.0)):
        add("kpi_weights", {"region_code": region, "scheme": scheme, "kpi_code": "K06", "weight": 1.0, "goal": goal})

    def value(region, kpi, month, x, n, **more):
        row = {"region_code": region, "kpi_code": kpi, "month": month, "numerator": x, "denominator": n}
        add("kpi_values", {**row, "value": 100 * x / n, **more})

    value(JIA, "K06", JULY, 8.0, 10.0)
    value(YI, "K06", JULY, 1.0, 10.0)
    value(BING, "K06", AUGUST, 3.0, 6.0)
    value(JIA, "K06", AUGUST, 9.0, 9.0, published_on=date(2020, 9, 10))  # after the release: not known yet
    value(JIA, "K06", date(2020, 9, 1), 5.0, 5.0)
    value(JIA, "K04", JULY, 1.0, 5.0)
    value("330824001", "K06", JULY, 0.0, 100.0)
    value(COUNTY, "K06", JULY, 0.0, 100.0)
    value(JIA, "K01", JULY, 4.0, 9.0)
    value(JIA, "K01", AUGUST, 9.0, 12.0)
    release(date(2020, 8, 31))


def _of(series, kpi, region):
    return series[(series["kpi_code"] == kpi) & (series["region_code"] == region)]


def test_the_county_is_the_sum_of_its_townships_and_stands_first(connection, figures, scope):
    series = kpi_series(connection, scope)
    assert {name: str(dtype) for name, dtype in series.dtypes.items()} == SERIES
    assert series["kpi_code"].unique().tolist() == ["K01", "K06"]
    assert series["region_code"].unique().tolist() == [COUNTY, JIA, YI, BING]
    county = _of(series, "K06", COUNTY)
    assert county["month"].tolist() == [pd.Timestamp(JULY), pd.Timestamp(AUGUST)]
    assert county["numerator"].tolist() == [9, 3]
    assert county["denominator"].tolist() == [20, 6]
    assert np.isnan(_of(series, "K06", JIA)["value"].iloc[1]), "published after the release"


def test_a_look_at_more_than_one_table_draws_the_same_months(connection, figures, scope):
    apart = kpi_series(connection, scope)
    with one_look(connection):
        kpi_table(connection, scope)
        pd.testing.assert_frame_equal(kpi_series(connection, scope), apart)


def test_a_correction_as_of_an_earlier_day_hides_nothing(connection, figures, add, scope):
    add("kpi_values", {"region_code": YI, "kpi_code": "K06", "month": AUGUST, "numerator": 2.0, "denominator": 4.0,
                       "value": 50.0, "published_on": date(2020, 8, 20)})  # fmt: skip
    add("data_releases", {"id": 99, "published_at": datetime(2020, 9, 2, tzinfo=UTC), "as_of": date(2020, 7, 31)})
    assert _of(kpi_series(connection, scope), "K06", YI)["numerator"].tolist() == [1, 2]


def test_targets_are_of_the_scheme_in_force(connection, figures, scope):
    series = kpi_series(connection, scope)
    assert [_of(series, "K06", region)["target"].iloc[0] for region in (COUNTY, JIA, YI)] == [0.9, 0.9, 0.8]


def test_a_running_total_is_told_by_month_except_where_a_campaign_begins(connection, figures, scope):
    assert _of(kpi_series(connection, scope), "K01", JIA)["value"].isna().tolist() == [True, True]


def test_a_filter_takes_townships_away_and_changes_no_figure(connection, figures, scope):
    whole = kpi_series(connection, scope)
    part = kpi_series(connection, replace(scope, townships=frozenset({YI})))
    kept = whole[whole["region_code"].isin([COUNTY, YI])].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, kept)


def test_an_earlier_day_knows_no_later_month(connection, figures, scope):
    series = kpi_series(connection, replace(scope, as_of=date(2020, 8, 30)))
    assert series["month"].unique().tolist() == [pd.Timestamp(JULY)]


def test_without_figures_the_columns_stand(connection, county, scope):
    empty = kpi_series(connection, scope)
    assert empty.empty
    assert {name: str(dtype) for name, dtype in empty.dtypes.items()} == SERIES


def test_the_demo_countys_series_are_those_of_kpi_values_and_each_chart_agrees_with_the_grid(demo_engine):
    with demo_engine.connect() as connection:
        codes = list(connection.scalars(sa.text("select code from regions where level = 'township' order by code")))
        series = kpi_series(connection, Scope(date(2020, 8, 31), frozenset(codes)))
        statement = (
            "select month, sum(numerator), sum(denominator) from kpi_values where kpi_code = 'K09' group by month"
        )
        stored = sorted(tuple(row) for row in connection.execute(sa.text(statement)))
    county = _of(series, "K09", COUNTY)
    assert county["numerator"].tolist() == [x for _, x, _ in stored]
    assert county["denominator"].tolist() == [n for _, _, n in stored]
    assert not {"K04", "K16", "K18", "K22"} & set(series["kpi_code"])
    excluded = {(codes[0], "K09", AUGUST), (COUNTY, "K06", JULY)}
    for row in signal_grid(series, excluded).iloc[::7].itertuples():
        chart = signal_chart(series, row.kpi_code, row.region_code, excluded)
        assert (chart.attrs["variation"].value, chart.attrs["assurance"].value) == (row.variation, row.assurance)
