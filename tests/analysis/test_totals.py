import math

import pandas as pd
import pytest

from analysis import totals
from tests.judged import judged

NAN = float("nan")


def _counts(first: str, *values: float) -> pd.Series:
    return pd.Series(values, index=pd.date_range(first, periods=len(values), freq="MS"), dtype="float64")


TWO_YEARS = _counts("2018-01", *[100.0] * 12, *[80.0] * 12, *[60.0] * 8)


def test_months_are_full_ones_over_all_regions() -> None:
    series = pd.DataFrame({
        "township_code": ["甲", "乙", "甲", "甲"], "opened": [3, 4, 5, 9], "is_partial": [False, False, False, True],
        "month_end": pd.to_datetime(["2020-06-30", "2020-06-30", "2020-07-31", "2020-08-15"]),
    })  # fmt: skip
    counts = totals.monthly_counts(series)
    assert counts.to_dict() == {pd.Timestamp("2020-06-01"): 7.0, pd.Timestamp("2020-07-01"): 5.0}


def test_a_year_so_far_is_compared_with_the_same_months() -> None:
    newest, whole, first = totals.year_changes(TWO_YEARS)
    assert (newest.span, newest.current, newest.previous) == ("2020年1—8月", 480.0, 640.0)
    assert (whole.span, whole.current, whole.previous) == ("2019年全年", 960.0, 1200.0)
    assert newest.words == "同比下降25.0%（480件，上年同期640件），增减超出偶然波动范围"
    assert math.isnan(first.previous)
    assert first.words == "数据不足两年，不作同比判断"


def test_a_part_year_at_the_start_is_compared_with_nothing() -> None:
    (late, _) = totals.year_changes(_counts("2018-03", *[10.0] * 22))
    assert math.isnan(late.previous)


def test_january_alone_waits_for_february() -> None:
    assert totals.year_changes(_counts("2018-01", *[10.0] * 25))[0].words == "一月单独不作比较，待二月一并"


def test_the_table_has_years_then_months_with_intervals() -> None:
    rows = totals.compared(totals.year_changes(TWO_YEARS), TWO_YEARS)
    assert rows["span"].tolist()[:4] == ["2020年1—8月", "2019年全年", "2018年全年", "2020年8月"]
    assert "2020年1—2月" in rows["span"].tolist()
    assert rows["change_words"].tolist()[:3] == ["下降25.0%", "下降20.0%", "—"]
    low, high = rows["interval"].iloc[0].split("至")
    assert low.startswith("−3")
    assert high.startswith("−1")
    assert totals.month_rows(_counts("2020-01", 1.0, 2.0)).empty


def test_the_finding_and_the_year_in_which_both_fell() -> None:
    small = _counts("2018-01", *[2.0] * 12, *[1.0] * 12, *[1.0] * 8)
    named = {"信访总量": totals.year_changes(TWO_YEARS), "诉讼总量": totals.year_changes(small)}
    assert totals.totals_finding(named) == (
        "信访总量2020年1—8月480件，同比下降25.0%；诉讼总量2020年1—8月8件，同比持平（在偶然波动范围内）"
    )
    assert totals.both_fell(named) == "2019年信访总量、诉讼总量两下降。"
    assert totals.both_fell({**named, "诉讼总量": totals.year_changes(_counts("2018-01", *[1.0] * 32))}) == ""
    assert totals.totals_finding({"信访总量": []}) == "没有信访、诉讼记录"


def test_the_epidemic_is_named_where_its_year_is_shown() -> None:
    assert "疫情" in totals.notes(totals.year_changes(TWO_YEARS))
    assert "疫情" not in totals.notes(totals.year_changes(_counts("2022-01", *[1.0] * 24)))


def test_the_months_title_says_the_newest_month_and_how_many_fell() -> None:
    rows = pd.DataFrame({
        "span": ["2020年8月", "2020年7月", "2020年6月"], "current": [1183.0, 171.0, 169.0],
        "previous": [970.0, 170.0, 0.0], "change_words": ["上升22.0%", "下降0.6%", "—"],
    })  # fmt: skip
    assert totals.months_finding("诉讼", rows) == "诉讼2020年8月1,183件，同比上升22.0%；近3期中1期同比下降"
    assert totals.months_finding("诉讼", rows.tail(1)) == "诉讼2020年6月169件，上年同期没有"
    assert totals.months_finding("诉讼", rows.head(0)) == "诉讼数据不足两年，不作同比判断"


def test_townships_stand_with_value_sample_and_level() -> None:
    table = judged({("甲", "K18"): 95.0, ("乙", "K18"): 70.0}, {"K18": 1.0}).assign(domain="平安建设")
    rows = totals.safety_rows(table, {"乙": "白石", "甲": "天马"}, "平安建设")
    assert rows[["township", "K18", "K18_level"]].to_numpy().tolist() == [
        ["白石", "70.0", "below"],
        ["天马", "95.0", "full"],
    ]
    assert totals.safety_rows(table.head(0), {"甲": "天马"}, "平安建设").empty


def test_risks_add_up_by_level_the_gravest_first() -> None:
    found = pd.DataFrame({"level": ["", "一般", "重大", "重大"], "township_code": ["甲", "甲", "甲", "乙"],
                          "opened": [1, 5, 2, 3], "closed_in_time": [0, 4, 2, 2], "late": [0, 1, 0, 1],
                          "open": [1, 0, 0, 1], "overdue": [0, 0, 0, 1]})  # fmt: skip
    rows = totals.risk_rows(found)
    assert rows[["level", "opened", "in_time", "open"]].to_numpy().tolist() == [
        ["重大", 5, "80.0%（4/5）", 1],
        ["一般", 5, "80.0%（4/5）", 0],
        ["未分级", 1, "—", 1],
    ]
    assert rows["overdue"].sum() == pytest.approx(1)


def test_the_title_over_the_risks_says_how_many_are_open_and_of_which_level() -> None:
    rows = pd.DataFrame({"level": ["重大", "较大", "一般"], "open": [1, 4, 0]})
    assert totals.risk_finding(rows) == "风险隐患未销号5件，最多的是较大（4件）、重大（1件）"
    assert totals.risk_finding(rows.assign(open=0)) == totals.risk_finding(rows.head(0)) == "没有未销号的风险隐患"
