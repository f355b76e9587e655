from datetime import date

import pandas as pd

from analysis import backlog_structure as structure
from analysis.backlog import AGE_BANDS

LABELS = {"2": "白石", "1": "天马"}


def _ages(**counts: list[int]) -> pd.DataFrame:
    rows = [(code[1:], band, n) for code, own in counts.items() for band, n in zip(AGE_BANDS, own, strict=True)]
    return pd.DataFrame(rows, columns=["township_code", "band", "open"])


AGES = _ages(t1=[2, 0, 1, 3, 1], t2=[0, 0, 0, 0, 0], tC=[0, 1, 0, 0, 0])


def test_bars_lie_end_to_end_from_the_oldest_on() -> None:
    bars = structure.age_bars(AGES, LABELS)
    assert bars["township"].tolist() == ["天马"] * 4 + ["县本级"]
    assert bars["band"].tolist() == ["180天以上", "91-180天", "61-90天", "0-30天", "31-60天"]
    assert bars[["start", "end", "middle"]].to_numpy().tolist() == [
        [0, 1, 0.5], [1, 4, 2.5], [4, 5, 4.5], [5, 7, 6], [0, 1, 0.5],
    ]  # fmt: skip
    assert structure.age_bars(AGES.assign(open=0), LABELS).empty


def test_the_download_holds_every_band() -> None:
    table = structure.age_table(AGES, LABELS)
    assert table["township"].tolist() == ["天马", "白石", "县本级"]
    assert table.loc[0, [*AGE_BANDS, "open"]].tolist() == [2, 0, 1, 3, 1, 7]


def test_the_finding_says_what_has_waited_long() -> None:
    assert structure.ageing_finding(AGES) == "未化解8件，交办超过90天4件（50.0%），其中超过180天1件"
    assert structure.ageing_finding(_ages(t1=[1, 1, 1, 0, 0])) == "未化解3件，交办都不超过90天"
    assert structure.ageing_finding(_ages(t1=[0, 0, 1, 1, 0])) == "未化解2件，交办超过90天1件（50.0%）"
    assert structure.ageing_finding(AGES.assign(open=0)) == "没有未化解的积案"


def test_the_oldest_are_said_with_what_is_overdue_of_them() -> None:
    oldest = pd.DataFrame({"age_days": [112, 98, 98], "is_overdue": [False, True, True]})
    assert structure.oldest_finding(oldest) == "最久的已交办112天；下列3件中超期2件"
    assert structure.oldest_finding(oldest.head(1)) == "最久的已交办112天；下列1件中没有超期的"
    assert structure.oldest_finding(oldest.head(0)) == "没有可以列出的未化解积案"


GROUPS = pd.DataFrame(
    {"value": ["征地拆迁", "医疗卫生", float("nan")], "opened": [40, 3, 9], "closed": [38, 0, 9], "open": [2, 3, 0],
     "overdue": [1, 0, 0]}
)  # fmt: skip


def test_groups_stand_by_what_waits_and_hide_nothing_from_those_with_the_right() -> None:
    rows = structure.group_rows(GROUPS, is_hidden=False)
    assert rows["name"].tolist() == ["医疗卫生", "征地拆迁", "未注明"]
    assert rows["assigned"].tolist() == ["3", "40", "9"]
    assert rows["resolved"].tolist() == ["0.0%（0/3）", "95.0%（38/40）", "100.0%（9/9）"]
    said = structure.groups_finding(rows, "类别", is_hidden=False)
    assert said == "类别：未化解较多的是医疗卫生3件、征地拆迁2件"


def test_without_the_right_only_what_was_assigned_is_told_small_counts_hidden() -> None:
    rows = structure.group_rows(GROUPS, is_hidden=True)
    assert dict(zip(rows["name"], rows["assigned"], strict=True)) == {
        "征地拆迁": "40", "未注明": "<5", "医疗卫生": "<5",
    }  # fmt: skip
    assert rows["name"].tolist() == ["征地拆迁", "医疗卫生", "未注明"], "the order must not tell what is hidden"
    assert structure.groups_finding(rows, "类别", is_hidden=True) == ("全县类别：交办较多的是征地拆迁")


LEADERS = pd.DataFrame(
    {"township_code": ["1", "1", "2"], "case_leader": ["镇长", None, "党委书记"], "open": [2, 1, 0],
     "overdue": [1, 0, 0], "oldest_on": pd.to_datetime(["2020-06-01", "2020-08-30", None])}
)  # fmt: skip


def test_leaders_stand_with_what_they_hold_and_how_long() -> None:
    rows = structure.leader_rows(LEADERS, LABELS, as_of=date(2020, 8, 31))
    assert rows[["township", "leader", "open", "oldest_days"]].to_numpy().tolist() == [
        ["天马", "镇长", 2, 91], ["天马", "未注明", 1, 1],
    ]  # fmt: skip
    assert structure.leaders_finding(rows) == "1位包案领导手上有未化解积案2件，1件未注明包案领导"
    assert structure.leaders_finding(rows.head(1)) == "1位包案领导手上有未化解积案2件"
    assert structure.leaders_finding(rows.tail(1)) == "1件未注明包案领导"
    assert structure.leaders_finding(rows.head(0)) == "没有未化解的积案需要包案"


VILLAGES = pd.DataFrame(
    {"township_code": ["2", "1"], "villages": [10, 20], "free": [10, 17], "named": [1, 3], "cases": [0, 9],
     "placed": [0, 6]}
)  # fmt: skip


def test_villages_stand_with_shares_and_add_up() -> None:
    rows = structure.village_rows(VILLAGES, LABELS)
    assert rows["clear"].tolist() == ["100.0%（10/10）", "85.0%（17/20）"]
    assert rows["stated"].tolist() == ["—", "66.7%（6/9）"]
    total = structure.village_total(rows, "全县")
    assert (total["clear"], total["named"], total["stated"]) == ("90.0%（27/30）", 4, "66.7%（6/9）")
    assert structure.villages_finding(rows) == "现无在办积案的村（社区）90.0%（27/30），已命名“无信访积案村（社区）”4个"
    assert structure.villages_finding(rows.head(0)) == "没有村（社区）资料"


def test_a_village_named_later_bears_no_mark_yet() -> None:
    villages = pd.DataFrame(
        {"township_code": ["1", "1", "1", "2"], "village_code": ["b", "a", "c", "d"],
         "village": ["乙村", "甲村", "丙村", "丁村"], "open": [0, 0, 1, 2],
         "named_on": pd.to_datetime(["2020-08-31", "2020-09-01", None, "2020-01-01"])}
    )  # fmt: skip
    lists = structure.clear_lists(villages, LABELS, as_of=date(2020, 8, 31))
    assert lists == [("白石", "—"), ("天马", "甲村、乙村★")]
