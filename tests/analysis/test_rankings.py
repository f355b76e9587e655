from math import nan

import pandas as pd

from analysis.rankings import (
    ALL,
    among,
    chosen,
    kind_choices,
    kind_line,
    kinds_of,
    picked,
    ranked_rows,
    ranking_title,
    reasons_line,
    scheme_note,
    with_notes,
    within_kind,
)

LABELS = {"1": "天马", "2": "白石", "3": "何家", "4": "球川"}
RANKING = pd.DataFrame(
    {
        "township_code": ["1", "2", "3", "4"],
        "month": pd.Timestamp(2020, 8, 1),
        "scheme": "S2020",
        "rank": [1.0, 2.0, 2.0, nan],
        "rank_change": [2.0, -1.0, nan, nan],
        "rank_low": [1.0, 1.0, 3.0, nan],
        "rank_high": [1.0, 3.0, 3.0, nan],
        "score": [90.0, 80.0, 80.0, nan],
    }
)


def test_places_changes_and_bands_are_worded() -> None:
    rows = ranked_rows(RANKING, LABELS)
    assert list(rows["township"]) == ["天马", "白石", "何家", "球川"]
    assert list(rows["place"]) == ["第1名", "并列第2", "并列第2", "—"]
    assert list(rows["change"]) == ["▲2", "▼1", "新列入", "—"]
    assert list(rows["interval"]) == ["第1名", "第1–3名", "第3名", "—"]
    assert list(rows["band"]) == ["明显靠前", "差距不明显", "明显靠后", "暂不排名"]  # thirds of the three ranked


def test_an_unmoved_place_is_said_so() -> None:
    assert list(ranked_rows(RANKING.assign(rank_change=0.0), LABELS)["change"])[:3] == ["持平"] * 3


def test_choosing_townships_keeps_their_places() -> None:
    rows = chosen(ranked_rows(RANKING, LABELS), frozenset({"2"}))
    assert rows[["township", "place", "band"]].to_numpy().tolist() == [["白石", "并列第2", "差距不明显"]]


def test_the_title_names_month_and_scheme() -> None:
    schemes = pd.DataFrame({"code": ["S2018", "S2020"], "name": ["旧方案", "2020年考核方案"]})
    assert ranking_title(RANKING, schemes) == "考核排名 · 2020年8月 · 2020年考核方案"
    assert ranking_title(RANKING.assign(scheme=""), schemes) == "考核排名 · 2020年8月 · 没有生效的考核方案"
    assert ranking_title(RANKING.head(0), schemes) == "考核排名"


KINDS = {"1": "街道", "2": "镇", "3": "乡", "4": "镇", "5": "镇", "6": "镇"}
COUNTY = pd.DataFrame(
    {
        "township_code": ["2", "1", "5", "3", "6", "4"],
        "month": pd.Timestamp(2020, 8, 1),
        "scheme": "S2020",
        "previous_scheme": "S2020",
        "score": [90.0, 80.0, 70.0, 70.0, 60.0, nan],
        "rank": [1.0, 2.0, 3.0, 3.0, 5.0, nan],
        "previous_rank": [3.0, 1.0, nan, 2.0, 1.0, 4.0],
        "rank_change": [1.0, -1.0, nan, -1.0, -3.0, nan],
        "rank_low": [1.0, 1.0, 2.0, 2.0, 4.0, nan],
        "rank_high": [1.0, 3.0, 4.0, 4.0, 5.0, nan],
    }
)
SIX = {**LABELS, "5": "招贤", "6": "青石"}


def test_a_kind_is_ranked_among_itself_with_the_countys_range_and_place_beside_it() -> None:
    rows = within_kind(ranked_rows(COUNTY, SIX), KINDS, "镇")
    assert rows["township"].tolist() == ["白石", "招贤", "青石", "球川"]
    assert rows["place"].tolist() == ["第1名", "第2名", "第3名", "—"]
    assert rows["county_rank"].tolist()[:3] == [1, 3, 5]
    # of 白石 and 青石, ranked in both months, 青石 was first; 招贤 is new, which is no climb
    assert rows["change"].tolist() == ["▲1", "新列入", "▼1", "—"]
    assert rows["interval"].tolist() == ["第1名", "第2–4名", "第4–5名", "—"]
    assert rows["band"].tolist()[:3] == ["明显靠前", "差距不明显", "差距不明显"]


def test_ties_within_the_county_are_none_within_a_kind() -> None:
    assert ranked_rows(COUNTY, SIX)["place"].tolist()[2:4] == ["并列第3", "并列第3"]
    assert within_kind(ranked_rows(COUNTY, SIX), KINDS, "乡")["place"].tolist() == ["第1名"]


def test_all_kinds_leave_everything_as_it_is() -> None:
    rows = ranked_rows(COUNTY, SIX)
    assert within_kind(rows, KINDS, ALL) is rows


def test_a_filter_after_the_kind_changes_no_place() -> None:
    rows = chosen(within_kind(ranked_rows(COUNTY, SIX), KINDS, "镇"), frozenset({"6"}))
    assert rows[["place", "change"]].to_numpy().tolist() == [["第3名", "▼1"]]


def test_among_whom_a_place_is_is_said() -> None:
    rows = ranked_rows(COUNTY, SIX)
    assert "全县参加排名的5个乡镇（街道）" in among(rows, ALL)
    assert among(within_kind(rows, KINDS, "镇"), "镇").startswith("名次和较上月只在3个镇之间计算")
    assert kind_line(within_kind(rows, KINDS, "镇"), "镇") == "镇：白石第1名（90.0分），青石第3名（60.0分）"
    assert kind_line(within_kind(rows, KINDS, "乡"), "乡") == "乡：何家第1名（70.0分）"
    assert kind_line(rows[rows["rank"].isna()], "镇") == "所选的镇暂不排名"


def test_kinds_come_in_the_fixed_order_and_the_nameless_are_left_out() -> None:
    kinds = kinds_of(pd.DataFrame({"code": ["1", "2", "9"], "kind": ["街道", "镇", None]}))
    assert kinds == {"1": "街道", "2": "镇"}
    assert kind_choices(kinds) == [ALL, "街道", "镇"]


def test_another_scheme_than_the_month_before_is_said() -> None:
    assert scheme_note(COUNTY) == ""
    assert scheme_note(COUNTY.assign(previous_scheme="")) == ""
    assert "新的考核方案" in scheme_note(COUNTY.assign(previous_scheme="S2018"))


def test_those_not_judged_alike_are_named_together() -> None:
    missing = {"2": "基数小未计分：甲率", "1": "基数小未计分：甲率", "4": "基数小未计分：乙率"}
    rows = with_notes(ranked_rows(COUNTY, SIX), {"2": "基数小1项"}, missing)
    assert rows.set_index("township")["note"].to_dict()["白石"] == "基数小1项"
    assert reasons_line(rows) == (
        "球川——可计分权重不足80%，暂不排名；基数小未计分：乙率。白石、天马——基数小未计分：甲率。"
    )
    assert reasons_line(rows[rows["township"] == "招贤"]) == ""


def test_the_township_to_explain_is_the_first_chosen_ones_own_or_the_last_in_rank() -> None:
    rows = ranked_rows(COUNTY, SIX)
    everything = frozenset(SIX)
    assert picked(rows, everything, None) == "6", "4 has no rank"
    assert picked(rows, everything, "5") == "5"
    assert picked(rows, everything, "another county's") == "6"
    assert picked(rows, frozenset({"6", "3"}), "1") == "3"
