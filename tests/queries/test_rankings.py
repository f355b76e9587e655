"""Two months of a county of three townships, under two schemes."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import sqlalchemy as sa

from analysis.scope import Scope
from queries.indicators import kpi_series
from queries.once import one_look
from queries.rankings import kpi_table, rank_history, ranking, scheme_in_force

COUNTY, JIA, YI, BING = "330822", "330822001", "330822104", "330822200"
JULY, AUGUST = date(2020, 7, 1), date(2020, 8, 1)


@pytest.fixture
def schemes(county, add):
    add("schemes", {"code": "S2019", "valid_from": date(2019, 1, 1), "valid_to": date(2019, 12, 31)},
        {"code": "S2020", "valid_from": date(2020, 1, 1)})  # fmt: skip


@pytest.fixture
def scores(schemes, add):
    def score(region, month, value, rank, scheme="S2020", **more):
        add("kpi_scores", {"region_code": region, "scheme": scheme, "month": month, "score": value, "rank": rank,
                           "coverage": 1.0, **more})  # fmt: skip

    score(JIA, JULY, 70.0, 2)
    score(YI, JULY, 90.0, 1)
    score(BING, JULY, None, None, coverage=0.5)
    score(
        JIA,
        AUGUST,
        80.0,
        2,
        rank_low=1.0,
        rank_high=3.0,
        first_three=1.0,
        last_three=0.9,
        weight_low=1.0,
        weight_high=2.0,
    )
    score(YI, AUGUST, 75.0, 3)
    score(BING, AUGUST, 95.0, 1)
    score(JIA, AUGUST, 1.0, 9, scheme="S2019")
    score(JIA, date(2020, 9, 1), 2.0, 9)
    score("330824001", AUGUST, 99.0, 1)


def test_townships_come_by_rank_with_that_of_the_month_before(connection, scores, scope):
    found = ranking(connection, scope).set_index("township_code")
    assert found.index.tolist() == [BING, JIA, YI]
    assert found["rank"].tolist() == [1, 2, 3]
    assert found["score"].tolist() == [95, 80, 75]
    assert found.loc[JIA, "previous_rank"] == 2
    assert found.loc[YI, "previous_rank"] == 1
    assert np.isnan(found.loc[BING, "previous_rank"])
    assert found["month"].unique().tolist() == [pd.Timestamp(AUGUST)]
    assert found["scheme"].unique().tolist() == ["S2020"]
    assert found.loc[JIA, ["rank_low", "rank_high", "first_three", "last_three"]].tolist() == [1, 3, 1, 0.9]
    assert found.loc[JIA, ["weight_low", "weight_high"]].tolist() == [1, 2]


def test_a_newcomer_neither_climbs_nor_pushes_others_down(connection, scores, scope):
    found = ranking(connection, scope).set_index("township_code")
    assert np.isnan(found.loc[BING, "rank_change"])
    assert found.loc[JIA, "rank_change"] == 1  # of the two ranked in both months, from second to first
    assert found.loc[YI, "rank_change"] == -1


@pytest.mark.parametrize("size", [1, 2])
def test_a_filter_takes_rows_away_and_changes_no_rank(connection, scores, scope, size):
    whole = ranking(connection, scope)
    for codes in combinations((JIA, YI, BING), size):
        part = ranking(connection, replace(scope, townships=frozenset(codes)))
        pd.testing.assert_frame_equal(part, whole[whole["township_code"].isin(codes)].reset_index(drop=True))


def test_what_is_not_ranked_comes_last_with_its_coverage(connection, scores, scope):
    found = ranking(connection, replace(scope, as_of=date(2020, 8, 30)))
    assert found["township_code"].tolist() == [YI, JIA, BING]
    assert found["coverage"].tolist() == [1, 1, 0.5]
    assert np.isnan(found["rank"].iloc[2])
    assert found["previous_rank"].isna().all()


def test_without_scores_every_township_still_has_its_row(connection, county, scope):
    found = ranking(connection, scope)
    assert found["township_code"].tolist() == [JIA, YI, BING]
    assert found[["score", "rank"]].isna().all(axis=None)
    assert found["scheme"].tolist() == ["", "", ""]
    assert ranking(connection, replace(scope, townships=frozenset())).empty


def test_the_scheme_in_force_at_the_months_end_is_meant_unless_another_is_asked_for(connection, schemes, scope):
    assert scheme_in_force(connection, scope) == "S2020"
    assert scheme_in_force(connection, replace(scope, as_of=date(2020, 1, 30))) == "S2019"
    assert scheme_in_force(connection, replace(scope, scheme="S2019")) == "S2019"
    assert scheme_in_force(connection, replace(scope, as_of=date(2018, 6, 30))) is None


def test_the_history_ends_with_the_month_of_the_date(connection, scores, scope):
    found = rank_history(connection, replace(scope, townships=frozenset({JIA, YI})))
    assert found["township_code"].tolist() == [JIA, JIA, YI, YI]
    assert found["month"].tolist() == [pd.Timestamp(JULY), pd.Timestamp(AUGUST)] * 2
    assert found["rank"].tolist() == [2, 2, 1, 3]


def test_each_month_of_the_history_stands_under_its_own_scheme(connection, scores, add, scope):
    for scheme, month, rank in (("S2019", date(2019, 12, 1), 3), ("S2020", date(2019, 12, 1), 9),
                                ("S2019", date(2020, 1, 1), 9), ("S2020", date(2020, 1, 1), 1)):  # fmt: skip
        add("kpi_scores", {"region_code": JIA, "scheme": scheme, "month": month, "score": 50.0, "rank": rank})
    found = rank_history(connection, replace(scope, townships=frozenset({JIA})))
    assert found["scheme"].tolist() == ["S2019", "S2020", "S2020", "S2020"]
    assert found["rank"].tolist() == [3, 1, 2, 2]
    assert len(rank_history(connection, replace(scope, townships=frozenset({JIA})), months=2)) == 2
    asked = rank_history(connection, replace(scope, townships=frozenset({JIA}), scheme="S2019"))
    assert asked["rank"].tolist() == [3, 9, 9]


def test_the_month_before_is_ranked_under_the_scheme_in_force_then(connection, schemes, add, scope):
    for scheme, month, score, rank in (("S2019", date(2019, 12, 1), 80.0, 1), ("S2020", date(2019, 12, 1), 10.0, 2),
                                       ("S2020", date(2020, 1, 1), 70.0, 1)):  # fmt: skip
        add("kpi_scores", {"region_code": JIA, "scheme": scheme, "month": month, "score": score, "rank": rank})
    found = ranking(connection, replace(scope, as_of=date(2020, 1, 31))).set_index("township_code")
    assert found.loc[JIA, ["scheme", "previous_scheme", "previous_rank", "rank_change"]].tolist() == [
        "S2020",
        "S2019",
        1,
        0,
    ]


@pytest.fixture
def figures(schemes, add, release):
    shared = {"unit": "%", "direction": "higher", "kind": "proportion", "period": "state", "domain": "积案"}
    add("kpis", {"code": "K04", "name": "无积案村占比", **shared})
    add("kpis", {**shared, "code": "K18", "name": "暗访得分", "unit": "分", "kind": "score"})
    for scheme, kpi, weight, goal, floor in (
        ("S2020", "K04", 3.0, 95.0, 75.0),
        ("S2020", "K18", 1.0, 95.0, 80.0),
        ("S2019", "K04", 9.0, 10.0, 0.0),
    ):
        ends = {"weight": weight, "goal": goal, "floor": floor}
        add("kpi_weights", {"region_code": COUNTY, "scheme": scheme, "kpi_code": kpi, **ends})

    def value(region, kpi, month, **figures):
        add("kpi_values", {"region_code": region, "kpi_code": kpi, "month": month, **figures})

    value(JIA, "K04", AUGUST, numerator=16.0, denominator=20.0)
    value(YI, "K04", AUGUST, numerator=18.0, denominator=20.0)
    value(BING, "K04", AUGUST, numerator=4.0, denominator=4.0)
    value(JIA, "K04", JULY, numerator=1.0, denominator=20.0)
    value("330824001", "K04", AUGUST, numerator=20.0, denominator=20.0)
    value(JIA, "K18", AUGUST, value=95.0)
    value(BING, "K18", AUGUST, value=80.0)
    value(YI, "K18", AUGUST, value=90.0, published_on=date(2020, 9, 10))
    release(date(2020, 8, 31))


def test_each_indicator_shows_its_figures_score_and_rank(connection, figures, scope):
    table = kpi_table(connection, scope).set_index(["kpi_code", "township_code"])
    first = table.loc[("K04", JIA)]
    assert first[["numerator", "denominator", "value", "score", "rank", "weight"]].tolist() == [16, 20, 80, 70, 2, 3]
    assert first[["name", "unit", "direction", "state"]].tolist() == ["无积案村占比", "%", "higher", "judged"]
    assert table.loc[("K04", BING), "state"] == "small"
    assert table.loc[("K18", YI), ["state", "score"]].tolist() == ["unreported", 0]  # published after the release
    assert table.index.tolist() == [(k, t) for k in ("K04", "K18") for t in (JIA, YI, BING)]


def test_a_look_at_more_than_one_table_judges_the_same_figures(connection, figures, scope):
    apart = kpi_table(connection, scope)
    with one_look(connection):
        kpi_series(connection, scope)
        pd.testing.assert_frame_equal(kpi_table(connection, scope), apart)


def test_indicators_and_ranking_agree(connection, figures, scope):
    found = ranking(connection, scope).set_index("township_code")
    # 甲 (3 x 70 + 100) / 4, 乙 (3 x 90 + 0) / 4; 丙 keeps a quarter of the weight
    assert found.loc[JIA, ["score", "rank"]].tolist() == [77.5, 1]
    assert found.loc[YI, ["score", "rank"]].tolist() == [67.5, 2]
    assert found.loc[BING, "coverage"] == 0.25
    assert np.isnan(found.loc[BING, "score"])


def test_a_filter_changes_no_indicators_rank(connection, figures, scope):
    whole = kpi_table(connection, scope)
    part = kpi_table(connection, replace(scope, townships=frozenset({JIA})))
    pd.testing.assert_frame_equal(part, whole[whole["township_code"] == JIA].reset_index(drop=True))


def test_without_figures_the_columns_stand(connection, county, scope):
    empty = kpi_table(connection, scope)
    assert empty.empty
    assert {"kpi_code", "township_code", "numerator", "denominator", "value", "score", "rank"} <= set(empty.columns)


def test_in_the_demo_county_no_filter_changes_a_rank(demo_engine):
    with demo_engine.connect() as connection:
        codes = list(connection.scalars(sa.text("select code from regions where level = 'township' order by code")))
        whole = Scope(as_of=date(2020, 8, 31), townships=frozenset(codes))
        for read in (ranking, kpi_table):
            everything = read(connection, whole)
            for chosen in (codes[:1], codes[3:7]):
                part = read(connection, replace(whole, townships=frozenset(chosen)))
                kept = everything[everything["township_code"].isin(chosen)].reset_index(drop=True)
                pd.testing.assert_frame_equal(part, kept)
