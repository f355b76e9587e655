"""Hand-worked indicators of one county of three townships; 丁 lies in another county."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.kpis import judged_kpis, pooled_values
from analysis.standings import standings

NAN = float("nan")
AUGUST = date(2020, 8, 1)
KPIS = pd.DataFrame(
    [
        ("K01", "%", "higher", "proportion", "flow", "computed"),
        ("K02", "%", "lower", "proportion", "state", "computed"),
        ("K03", "件/万人", "lower", "rate", "flow", "computed"),
        ("K04", "分", "higher", "score", "state", None),
        ("K05", "件", "neutral", "count", "flow", "computed"),
        ("K06", "%", "higher", "proportion", "flow", None),
    ],
    columns=["code", "unit", "direction", "kind", "period", "computed_from"],
)


def _values(*rows):
    columns = ["region_code", "kpi_code", "month", "numerator", "denominator", "value"]
    frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[3:], "float64"))
    return frame.assign(month=pd.to_datetime(frame["month"]).astype("datetime64[s]"))


def _weights(*rows):
    return pd.DataFrame(rows, columns=["region_code", "kpi_code", "weight", "goal", "floor"])


def _judged(values, weights, townships=("甲", "乙", "丙")):
    found = judged_kpis(values, KPIS, weights, month=AUGUST, county="县", townships=townships)
    return found.set_index(["kpi_code", "township_code"])


def test_flows_are_pooled_over_twelve_months_and_states_are_not():
    values = _values(
        ("甲", "K01", "2019-08-01", 100, 100, NAN),  # the thirteenth month
        ("甲", "K01", "2019-09-01", 4, 10, NAN),
        ("甲", "K01", "2020-08-01", 5, 8, NAN),
        ("甲", "K01", "2020-09-01", 50, 50, NAN),  # not yet
        ("甲", "K02", "2020-07-01", 9, 10, NAN),  # an older state
        ("甲", "K02", "2020-08-01", 1, 10, NAN),
        ("甲", "K03", "2020-08-01", 30, 5_000, NAN),
        ("甲", "K05", "2020-07-01", 7, NAN, 7),
        ("甲", "K05", "2020-08-01", 5, NAN, 5),
        ("甲", "K04", "2020-08-01", NAN, NAN, 91.5),
    )
    found = pooled_values(values, KPIS, month=AUGUST).set_index("kpi_code")
    assert found.loc["K01", ["numerator", "denominator", "value"]].tolist() == [9, 18, 50]
    assert found.loc["K02", ["numerator", "denominator", "value"]].tolist() == [1, 10, 10]
    assert found.loc["K03", "value"] == 60
    assert found.loc["K05", "value"] == 12
    assert found.loc["K04", "value"] == 91.5
    assert found["is_reported"].all()


def test_nothing_known_gives_no_rows():
    assert pooled_values(_values(), KPIS, month=AUGUST).empty
    assert _judged(_values(), _weights()).empty


def test_values_are_scored_and_ranked_in_the_direction_that_is_better():
    values = _values(
        ("甲", "K01", "2020-08-01", 18, 20, NAN),
        ("乙", "K01", "2020-08-01", 15, 20, NAN),
        ("甲", "K02", "2020-08-01", 2, 20, NAN),
        ("乙", "K02", "2020-08-01", 1, 20, NAN),
        ("丁", "K01", "2020-08-01", 20, 20, NAN),
    )
    found = _judged(values, _weights(("县", "K01", 1, 90, 60), ("县", "K02", 1, 0, 10)))
    assert found.loc[("K01", "甲"), ["score", "rank"]].tolist() == [100, 1]
    assert found.loc[("K01", "乙"), ["score", "rank"]].tolist() == [80, 2]
    assert found.loc[("K02", "甲"), ["score", "rank"]].tolist() == [60, 2]
    assert found.loc[("K02", "乙"), ["score", "rank"]].tolist() == [80, 1]
    assert found.loc[("K01", "丙"), "state"] == "none"


def test_four_cases_are_too_few_to_judge_and_five_are_enough():
    values = _values(("甲", "K01", "2020-08-01", 4, 4, NAN), ("乙", "K01", "2020-08-01", 5, 5, NAN))
    found = _judged(values, _weights(("县", "K01", 1, 90, 60)))
    assert found.loc[("K01", "甲"), "state"] == "small"
    assert np.isnan(found.loc[("K01", "甲"), "score"])
    assert np.isnan(found.loc[("K01", "甲"), "rank"])
    assert found.loc[("K01", "甲"), "value"] == 100  # still shown
    assert found.loc[("K01", "乙"), ["state", "score", "rank"]].tolist() == ["judged", 100, 1]


def test_not_reporting_scores_0_only_where_others_reported():
    weights = _weights(("县", "K04", 1, 95, 80), ("县", "K06", 1, 30, 15))
    values = _values(
        ("甲", "K04", "2020-08-01", NAN, NAN, 95),
        ("乙", "K06", "2020-07-01", 30, 100, NAN),  # a report of the month before does not help
        ("甲", "K06", "2020-08-01", 30, 100, NAN),
    )
    found = _judged(values, weights)
    assert found.loc[("K04", "乙"), ["state", "score"]].tolist() == ["unreported", 0]
    assert found.loc[("K06", "乙"), ["state", "score"]].tolist() == ["unreported", 0]
    assert np.isnan(found.loc[("K06", "乙"), "rank"])
    nobody = _judged(_values(("甲", "K04", "2020-07-01", NAN, NAN, 95)), weights)
    assert (nobody["state"] == "none").all()
    assert nobody["score"].isna().all()


def test_a_computed_indicator_without_business_drops_out():
    found = _judged(_values(("甲", "K01", "2020-08-01", 9, 10, NAN)), _weights(("县", "K01", 1, 90, 60)))
    assert found.loc[("K01", "乙"), "state"] == "none"
    assert np.isnan(found.loc[("K01", "乙"), "score"])


def test_a_township_overrides_the_county_column_by_column():
    values = _values(*((t, "K01", "2020-08-01", 9, 10, NAN) for t in ("甲", "乙")))
    weights = _weights(("县", "K01", 2, 90, 60), ("甲", "K01", NAN, 100, NAN), ("丁", "K01", 9, 50, 40))
    found = _judged(values, weights)
    assert found.loc[("K01", "甲"), ["weight", "goal", "floor", "score"]].tolist() == [2, 100, 60, 90]
    assert found.loc[("K01", "乙"), ["weight", "goal", "floor", "score"]].tolist() == [2, 90, 60, 100]


def test_a_watched_indicator_has_a_value_but_neither_weight_nor_score():
    values = _values(("甲", "K05", "2020-08-01", 5, NAN, 5))
    found = _judged(values, _weights(("县", "K05", 3, 10, 0)))
    assert found.loc[("K05", "甲"), ["value", "weight"]].tolist() == [5, 0]
    assert found[["score", "rank"]].isna().all(axis=None)


def test_without_ends_the_best_and_worst_of_the_year_before_are_the_goalposts():
    values = _values(
        ("甲", "K02", "2019-07-01", 20, 20, NAN),  # too old
        ("甲", "K02", "2019-08-01", 8, 20, NAN),
        ("丙", "K02", "2020-07-01", 2, 20, NAN),
        ("丁", "K02", "2020-07-01", 0, 20, NAN),  # another county
        ("甲", "K02", "2020-08-01", 5, 20, NAN),
        ("乙", "K02", "2020-08-01", 1, 20, NAN),
    )
    found = _judged(values, _weights(("县", "K02", 1, NAN, NAN)))
    assert found.loc[("K02", "甲"), ["goal", "floor", "score"]].tolist() == [10, 40, 80]
    assert found.loc[("K02", "乙"), "score"] == 100


def test_a_ranking_holds_score_coverage_rank_and_how_sure_it_is():
    values = _values(
        ("甲", "K01", "2020-08-01", 180, 200, NAN),
        ("乙", "K01", "2020-08-01", 120, 200, NAN),
        ("丙", "K01", "2020-08-01", 3, 3, NAN),
        ("甲", "K04", "2020-08-01", NAN, NAN, 95),
        ("丙", "K04", "2020-08-01", NAN, NAN, 95),
    )
    judged = _judged(values, _weights(("县", "K01", 3, 90, 60), ("县", "K04", 1, 95, 80))).reset_index()
    found = standings(judged).set_index("township_code")
    assert found.index.tolist() == ["甲", "乙", "丙"]
    assert found.loc["甲", ["score", "rank", "coverage", "rank_low", "rank_high"]].tolist() == [100, 1, 1, 1, 1]
    assert found.loc["乙", ["score", "rank", "coverage"]].tolist() == [45, 2, 1]  # (3 x 60 + 0 for silence) / 4
    assert found.loc["丙", "coverage"] == 0.25
    assert found.drop(columns="coverage").loc["丙"].isna().all()
    assert (found.loc["甲", "weight_low"], found.loc["甲", "weight_high"]) == (1, 1)


def test_two_townships_alike_share_their_rank():
    values = _values(*((t, "K01", "2020-08-01", 9, 10, NAN) for t in ("甲", "乙", "丙")))
    judged = _judged(values, _weights(("县", "K01", 1, 100, 60))).reset_index()
    found = standings(judged)
    assert found["rank"].tolist() == [1, 1, 1]
    assert found["rank_low"].tolist() == [1, 1, 1]
    assert found["rank_high"].tolist() == [3, 3, 3]
    assert standings(judged).equals(found)


def test_the_ranking_of_no_townships_has_no_rows():
    empty = judged_kpis(_values(), KPIS, _weights(("县", "K01", 1, 90, 60)), month=AUGUST, county="县", townships=())
    assert standings(empty).empty


@pytest.mark.parametrize("share", [0.79, 0.8])
def test_less_than_80_per_cent_of_the_weight_is_not_ranked(share):
    values = _values(("甲", "K01", "2020-08-01", 9, 10, NAN))
    weights = _weights(("县", "K01", share, 90, 60), ("县", "K02", 1 - share, 0, 10))
    found = standings(_judged(values, weights).reset_index()).set_index("township_code")
    assert np.isnan(found.loc["甲", "score"]) == (share < 0.8)
