import numpy as np
import pandas as pd
import pytest

from analysis.climbs import climbs
from analysis.contributions import gap_of
from analysis.explanation import (
    basis_words,
    climbing_line,
    explained_rows,
    explanation_finding,
    explanation_line,
    explanation_title,
    heat_rows,
    missing_counts,
    missing_words,
    trailing_line,
    value_words,
)
from analysis.rankings import ranked_rows
from tests.judged import judged

WEIGHTS = {"K01": 3.0, "K18": 1.0}
VALUES = {("甲", "K01"): (18, 20), ("乙", "K01"): (15, 20), ("丙", "K01"): (4, 4),
          ("甲", "K18"): 80.0, ("乙", "K18"): 87.5, ("丙", "K18"): 95.0}  # fmt: skip
TABLE = judged(VALUES, WEIGHTS)
NAN = float("nan")
RANKED = ranked_rows(
    pd.DataFrame({
        "township_code": ["甲", "乙", "丙"], "month": pd.Timestamp(2020, 8, 1), "scheme": "S2020",
        "score": [90.0, 80.0, NAN], "rank": [1.0, 2.0, NAN], "rank_change": [0.0, 1.0, NAN],
        "rank_low": [1.0, 1.0, NAN], "rank_high": [1.0, 2.0, NAN],
        "coverage": [1.0, 1.0, 0.25],
    }),
    {"甲": "天马", "乙": "白石", "丙": "何家"},
)  # fmt: skip


def _rows(town, table=TABLE):
    gap = gap_of(table, town)
    return gap, explained_rows(gap, climbs(table, town))


def test_the_finding_says_place_gap_and_causes():
    said = explanation_finding(gap_of(TABLE, "乙"), RANKED)
    assert said == "白石第2名，80.0分，比天马（第1名，90.0分）低10.0分，主要差在信访积案化解率（15.0分）"


def test_the_first_place_leads():
    said = explanation_finding(gap_of(TABLE, "甲"), RANKED)
    assert said == "天马第1名，90.0分，领先白石（第2名，80.0分）10.0分，主要领先在信访积案化解率（15.0分）"


def test_those_that_clearly_trail_hear_why_and_no_one_else():
    assert trailing_line(TABLE, RANKED, RANKED) == "", "both ranges reach the first place"
    trailing = RANKED.assign(band=["明显靠前", "明显靠后", "暂不排名"])
    assert trailing_line(TABLE, trailing, trailing) == explanation_finding(gap_of(TABLE, "乙"), RANKED)
    assert trailing_line(TABLE, trailing, trailing[:1]) == "", "not one of those that are told of"


def test_a_township_without_a_rank_hears_why():
    assert explanation_finding(gap_of(TABLE, "丙"), RANKED) == "何家暂不排名：可计分的指标只占权重的25%，不足80%"
    assert explanation_line(RANKED, "丙") == ""


def test_how_sure_the_place_is_stands_below():
    assert explanation_line(RANKED, "乙") == "名次范围第1–2名（差距不明显），指标覆盖100%。"


def test_the_title_keeps_month_and_scheme():
    title = explanation_title(RANKED, "乙", title="考核排名 · 2020年8月 · 2020年考核方案")
    assert title == "白石为什么排在这里 · 2020年8月 · 2020年考核方案"


def test_rows_are_worded():
    _, rows = _rows("乙")
    worded = ["name", "value_words", "basis", "terms", "score_note", "gap_words", "share_words", "move"]
    assert rows.iloc[0][worded].tolist() == [
        "信访积案化解率", "75.0%", "15/20", "权重3，目标90，底线60", "",
        "+15.0", "占落后的100%", "再化解2件积案，可升1位",
    ]  # fmt: skip
    assert rows.iloc[1][["value_words", "basis", "gap_words", "share_words"]].tolist() == ["87.5分", "", "−5.0", ""]


def test_the_nearest_way_up_stands_over_the_rows():
    assert climbing_line(*_rows("乙")) == "最近的升位办法：再化解2件积案，可升1位（其他指标、其他乡镇不变）。"
    assert climbing_line(*_rows("甲")) == ""
    assert climbing_line(*_rows("丙")) == ""


def test_where_one_indicator_is_not_enough_a_few_together_are_named():
    values = {("甲", "K01"): (20, 20), ("甲", "K09"): (0, 20), ("甲", "K18"): 95.0,
              ("乙", "K01"): (12, 20), ("乙", "K09"): (6, 20), ("乙", "K18"): 85.0}  # fmt: skip
    table = judged(values, {"K01": 2.0, "K09": 1.0, "K18": 1.0}, townships=("甲", "乙"))
    gap, rows = _rows("乙", table)  # 甲 100; 乙 60, 60 and 73.3 points
    assert rows["change"].isna().all()
    assert climbing_line(gap, rows) == "各项指标都达到目标值也升不了位。"
    values[("甲", "K18")] = 80.0
    gap, rows = _rows("乙", judged(values, {"K01": 2.0, "K09": 1.0, "K18": 1.0}, townships=("甲", "乙")))
    assert gap.points == pytest.approx(90 - (2 * 60 + 60 + 220 / 3) / 4)
    assert climbing_line(gap, rows) == (
        "单独一项升不了位；信访积案化解率、重复信访率达到目标值，合计可加30.0分，即可升位（其他不变）。"
    )


def test_what_is_missing_is_named_with_its_reason():
    assert missing_words(TABLE) == {"丙": "基数小（不足5件）未计分：信访积案化解率"}
    assert missing_counts(TABLE) == {"丙": "基数小1项"}
    silent = judged({("甲", "K18"): 90.0, ("甲", "K01"): (9, 10)}, WEIGHTS)
    assert missing_words(silent)["乙"] == "无此项业务未计分：信访积案化解率；未报送（计0分）：平安暗访得分"
    assert missing_counts(silent)["乙"] == "无此业务1项；未报送1项，计0分"
    assert "甲" not in missing_words(silent)


@pytest.mark.parametrize(
    ("row", "value", "basis"),
    [
        ({"kind": "proportion", "unit": "%", "value": 80.0, "numerator": 8.0, "denominator": 10.0}, "80.0%", "8/10"),
        ({"kind": "rate", "unit": "件/万人", "value": 76.14, "numerator": 305.0, "denominator": 40_000.0},
         "76.1件/万人", "305件"),
        ({"kind": "score", "unit": "分", "value": 93.4, "numerator": NAN, "denominator": 118.0}, "93.4分", "样本118"),
        ({"kind": "count", "unit": "件", "value": 1234.0, "numerator": 1234.0, "denominator": NAN}, "1,234件", ""),
        ({"kind": "proportion", "unit": "%", "value": NAN, "numerator": NAN, "denominator": NAN}, "—", ""),
    ],
)  # fmt: skip
def test_values_are_said_with_what_they_are_made_of(row, value, basis):
    assert (value_words(row), basis_words(row)) == (value, basis)


def test_the_cells_of_the_heat_table_follow_the_order_of_places():
    cells = heat_rows(TABLE, RANKED.iloc[[1, 0]])
    assert cells["township"].tolist() == ["白石", "天马"] * 2
    assert cells["kpi_code"].tolist() == ["K01", "K01", "K18", "K18"]
    assert np.isclose(cells["value"].iloc[0], 75)
