"""Weights moved by hand over three indicators of 50, 30 and 20."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.what_if import (
    full_weights,
    moved_to,
    parsed,
    reranked,
    reweighted,
    scheme_weights,
    weight_range,
    what_if_finding,
    written,
)

SCHEME = {"K01": 50.0, "K02": 30.0, "K03": 20.0}


def test_the_schemes_weights_are_shares_of_100_of_what_counts() -> None:
    kpis = pd.DataFrame({"code": ["K01", "K02", "K03", "K20"], "weight": [4.0, 4.0, np.nan, 9.0]})
    judged = pd.DataFrame({"kpi_code": ["K01", "K02", "K03", "K20"], "weight": [4.0, 5.0, 1.0, 0.0]})
    assert scheme_weights(kpis, judged) == {"K01": 50.0, "K02": 50.0}


def test_untouched_weights_share_the_rest_in_the_schemes_proportions() -> None:
    assert full_weights(SCHEME, {}) == SCHEME
    assert full_weights(SCHEME, {"K01": 0.0}) == {"K01": 0.0, "K02": 60.0, "K03": 40.0}
    assert full_weights(SCHEME, {"K01": 75.0, "K02": 20.0}) == {"K01": 75.0, "K02": 20.0, "K03": 5.0}


def test_where_all_were_moved_they_are_scaled_and_all_at_0_leave_the_scheme() -> None:
    assert full_weights(SCHEME, {"K01": 20.0, "K02": 20.0, "K03": 10.0}) == {"K01": 40.0, "K02": 40.0, "K03": 20.0}
    assert full_weights(SCHEME, dict.fromkeys(SCHEME, 0.0)) == SCHEME


def test_the_weight_moved_last_stands_and_those_moved_before_give_way() -> None:
    first = moved_to(SCHEME, {}, "K02", 60.0)
    assert first == {"K02": 60.0}
    assert moved_to(SCHEME, first, "K01", 40.0) == {"K01": 40.0, "K02": 60.0}
    assert moved_to(SCHEME, first, "K01", 70.0) == {"K01": 70.0, "K02": 30.0}
    assert moved_to(SCHEME, first, "K02", 10.04) == {"K02": 10.0}
    halves = {"K02": 50.0, "K03": 50.0}
    assert moved_to(SCHEME, halves, "K01", 0.1) == {"K01": 0.1, "K02": 49.9, "K03": 49.9}, "never more than 100"


@pytest.mark.parametrize(
    ("code", "weight", "error"), [("K09", 1.0, KeyError), ("K01", -1.0, ValueError), ("K01", 101.0, ValueError)]
)
def test_a_wrong_move_is_refused(code: str, weight: float, error: type[Exception]) -> None:
    with pytest.raises(error):
        moved_to(SCHEME, {}, code, weight)


@given(st.lists(st.tuples(st.sampled_from(list(SCHEME)), st.floats(0, 100)), max_size=8))
def test_however_weights_are_moved_they_sum_to_100_and_the_link_brings_them_back(
    moves: list[tuple[str, float]],
) -> None:
    moved: dict[str, float] = {}
    for code, weight in moves:
        moved = moved_to(SCHEME, moved, code, weight)
    weights = full_weights(SCHEME, moved)
    assert sum(weights.values()) == pytest.approx(100)
    assert min(weights.values()) >= 0
    assert parsed(written(moved), SCHEME) == moved


def test_a_setting_reads_as_it_is_written() -> None:
    assert written({"K01": 20.0, "K03": 5.5}) == "K01-20_K03-5.5"
    assert parsed("", SCHEME) == {}


@pytest.mark.parametrize(
    "text",
    ["K09-5", "K01", "K01-", "K01-x", "K01--5", "K01-60_K02-50", "K01-5_K01-6", "K01-5.555", "K01-nan", "K01-1.2.3"],
)
def test_what_cannot_be_a_setting_is_none(text: str) -> None:
    assert parsed(text, SCHEME) is None


JUDGED = pd.DataFrame(
    {
        "township_code": ["a", "b", "c"] * 3,
        "kpi_code": ["K01"] * 3 + ["K02"] * 3 + ["K03"] * 3,
        "score": [100.0, 60, 80, 0, 90, 80, 50, 50, np.nan],
        "weight": [50.0, 50, 50, 30, 30, 60, 20, 20, 20],
    }
)
RANKING = pd.DataFrame(
    {
        "township_code": ["c", "b", "a"],
        "month": pd.Timestamp("2020-08-01"),
        "scheme": "S2020",
        "score": [80.0, 67.0, 60.0],
        "rank": [1.0, 2.0, 3.0],
    }
)


def test_a_townships_own_weight_keeps_its_proportion() -> None:
    found = reweighted(JUDGED, SCHEME, {"K01": 80.0, "K02": 15.0, "K03": 5.0})
    assert found["weight"].tolist() == [80, 80, 80, 15, 15, 30, 5, 5, 5]
    assert JUDGED["weight"].tolist()[:3] == [50, 50, 50], "the table given is not changed"


def test_the_schemes_weights_give_the_schemes_ranks() -> None:
    rows = reranked(RANKING, reweighted(JUDGED, SCHEME, SCHEME))
    assert rows["township_code"].tolist() == ["c", "b", "a"]
    assert rows["score"].tolist() == pytest.approx([80, 67, 60])
    assert rows["rank_change"].tolist() == [0, 0, 0]
    assert rows[["rank_low", "weight_low", "beats_next"]].isna().all(axis=None)


def test_other_weights_give_other_ranks_beside_the_old() -> None:
    rows = reranked(RANKING, reweighted(JUDGED, SCHEME, {"K01": 90.0, "K02": 5.0, "K03": 5.0}))
    # a (90 x 100 + 5 x 0 + 5 x 50) / 100, b (90 x 60 + 5 x 90 + 5 x 50) / 100, c 80 on what is judged
    assert rows.set_index("township_code")["score"].to_dict() == pytest.approx({"a": 92.5, "c": 80.0, "b": 61.0})
    assert rows["township_code"].tolist() == ["a", "c", "b"]
    assert rows["previous_rank"].tolist() == [3, 1, 2]
    assert rows["rank_change"].tolist() == [2, -1, -1]
    assert rows["scheme_score"].tolist() == [60, 80, 67]


def test_who_drops_out_moves_nobody() -> None:
    rows = reranked(RANKING, reweighted(JUDGED, SCHEME, {"K01": 10.0, "K02": 10.0, "K03": 80.0}))
    assert rows["township_code"].tolist()[-1] == "c"
    assert rows["rank"].isna().tolist() == [False, False, True]
    assert rows["rank_change"].tolist()[:2] == [0, 0], "second and third of three are first and second of two"
    assert np.isnan(rows["rank_change"].iloc[2])
    named = rows.assign(township=rows["township_code"])
    assert (
        what_if_finding(named, {"K03": 80.0})
        == "按调整后的权重，2个乡镇（街道）名次不变；1个乡镇（街道）可计分的权重不足，暂不排名。"
    )


def test_how_sure_the_ranks_are_stands_at_its_township() -> None:
    ranges = {"rank_low": [1.0, 2, 3], "rank_high": [4.0, 5, 6], "weight_low": [7.0, 8, 9], "weight_high": [1.0, 1, 1]}
    sure = pd.DataFrame({"township_code": ["a", "b", "c"], **ranges, "beats_next": [0.5, np.nan, 1]})
    rows = reranked(RANKING, reweighted(JUDGED, SCHEME, SCHEME), sure).set_index("township_code")
    assert rows["rank_low"].to_dict() == {"c": 3, "b": 2, "a": 1}
    assert rows.loc["c", ["rank_high", "weight_low", "beats_next"]].tolist() == [6, 9, 1]


def test_the_finding_names_climbers_first_and_the_furthest_before_the_others() -> None:
    rows = pd.DataFrame({"township": list("甲乙丙丁"), "rank_change": [1.0, -3, 2, 0], "rank": [1.0, 2, 3, 4]})
    rows["previous_rank"] = rows["rank"]
    said = what_if_finding(rows, {"K01": 1.0})
    assert said == "按调整后的权重，前进的有丙2名、甲1名；后退的有乙3名；其余1个乡镇（街道）名次不变。"
    still = rows.assign(rank_change=0.0)
    assert what_if_finding(still, {"K01": 1.0}) == "按调整后的权重，名次没有变化。"
    assert what_if_finding(still, {}).startswith("权重与方案相同")


def test_a_range_of_places_is_said() -> None:
    assert [weight_range(2.0, 4.0), weight_range(3.0, 3.0), weight_range(np.nan, np.nan)] == ["第2–4名", "第3名", "—"]
