from datetime import date

import pandas as pd
import pytest

from analysis.case_file import (
    case_facts,
    case_finding,
    case_reference,
    decided_on,
    episode_rows,
    episodes_finding,
)
from analysis.case_words import Names, case_headings, case_table, case_words, count_words
from analysis.streams import STREAMS

AS_OF = date(2020, 8, 31)
NAMES = Names({"t1": "天马"}, {"v1": "东村"}, {"D18": "县自然资源局"}, {"B": "百日攻坚"}, STREAMS["petition_backlog"])
CASE = {
    "township_code": "t1", "case_no": "甲1", "episode": 2, "village_code": "v1", "category": "征地拆迁",
    "channel": None, "platform": float("nan"), "level": None, "lead_department_code": "D18", "case_leader": None,
    "repeat_of": None, "opened_on": pd.Timestamp("2020-08-01"), "first_opened_on": pd.Timestamp("2020-06-02"),
    "due_on": pd.Timestamp("2020-08-11"), "closed_on": pd.NaT, "closing_method": None, "satisfaction": float("nan"),
    "is_open": True, "is_overdue": True, "campaign_code": "B", "is_repeat": 0.0,
}  # fmt: skip


def test_a_case_is_said_whole() -> None:
    said = case_words(CASE, NAMES, AS_OF)
    assert list(said) == list(case_headings(NAMES.stream))
    assert {name: value for name, value in said.items() if value != ""} == {
        "case_no": "甲1", "township": "天马", "village": "东村", "category": "征地拆迁", "lead": "县自然资源局",
        "episode": 2, "opened_on": date(2020, 8, 1), "first_opened_on": date(2020, 6, 2), "due_on": date(2020, 8, 11),
        "standing": "超期", "age_days": 90, "repeat": "否", "campaign": "百日攻坚",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"is_overdue": False}, "standing", "在办"),
        ({"is_overdue": False, "is_open": False, "closed_on": date(2020, 6, 12)}, "standing", "已结"),
        ({"closed_on": date(2020, 6, 12)}, "age_days", 10),
        ({"lead_department_code": None}, "lead", "乡镇主办"),
        ({"lead_department_code": "D99"}, "lead", "D99"),
        ({"township_code": "county"}, "township", "县本级"),
        ({"satisfaction": 3.0}, "satisfaction", "不满意"),
        ({"is_repeat": None}, "repeat", ""),
    ],
)
def test_each_part_of_a_case_is_said(change: dict, field: str, expected: object) -> None:
    assert case_words({**CASE, **change}, NAMES, AS_OF)[field] == expected


def test_a_page_says_how_late_each_case_is() -> None:
    page = pd.DataFrame([CASE, {**CASE, "is_overdue": False}])
    assert case_table(page, NAMES, AS_OF)["late_days"].tolist() == [20, 0]


def test_a_count_that_stopped_is_said_to_be_more() -> None:
    assert count_words(9292, is_capped=False) == "9,292件"
    assert count_words(1000, is_capped=True) == "超过1,000件"


@pytest.fixture
def episodes() -> pd.DataFrame:
    first = {**CASE, "episode": 1, "opened_on": pd.Timestamp("2020-06-02"), "closed_on": pd.Timestamp("2020-07-01"),
             "closing_method": "调解协议", "satisfaction": 1.0, "lead_department_code": None}  # fmt: skip
    common = {"stream": "petition_backlog", "accept_due_on": pd.NaT, "accepted_on": pd.NaT, "due_is_default": True}
    frame = pd.DataFrame([{**first, **common}, {**CASE, **common}])
    return frame.drop(columns=["is_open", "is_overdue"])


def test_the_finding_of_a_case_says_since_when_and_how_often(episodes: pd.DataFrame) -> None:
    assert case_finding(episodes, NAMES, AS_OF) == "天马：信访积案在办90天，超期20天，第2次交办（反弹1次）"
    assert case_finding(episodes[:1], NAMES, AS_OF) == "天马：信访积案29天化解"
    assert case_finding(episodes, NAMES, date(2020, 8, 11)) == "天马：信访积案在办70天，第2次交办（反弹1次）"


def test_the_facts_of_a_case_hold_what_is_known(episodes: pd.DataFrame) -> None:
    facts = case_facts(episodes, NAMES, AS_OF)
    assert facts["首次交办日期"] == "2020年6月2日"
    assert facts["天数"] == "90天"
    assert not {"渠道", "办理期限", "化解日期"} & set(facts)


def test_every_episode_says_who_took_part_and_how_it_ended(episodes: pd.DataFrame) -> None:
    involved = pd.DataFrame({"episode": [1, 1], "code": ["D1", "D2"], "name": ["甲局", "乙局"]})
    rows = episode_rows(episodes, involved, NAMES).to_dict("records")
    assert [row["departments"] for row in rows] == ["甲局、乙局", "—"]
    assert [row["lead"] for row in rows] == ["乡镇主办", "县自然资源局"]
    assert [(row["closed_on"], row["method"], row["satisfaction"]) for row in rows] == [
        ("2020年7月1日", "调解协议", "满意"), ("—", "—", "—"),
    ]  # fmt: skip
    assert rows[1]["due"] == "2020年8月11日（按规定推算）"


def test_the_episodes_title_says_how_often_it_closed_and_since_when_it_waits(episodes: pd.DataFrame) -> None:
    assert episodes_finding(episodes, NAMES, AS_OF) == "交办2次：化解1次，第2次在办30天"
    late = episodes.assign(due_on=pd.Timestamp("2020-06-30"))
    assert episodes_finding(late, NAMES, AS_OF) == "交办2次：化解1次（1次超期），第2次在办30天"
    assert episodes_finding(episodes[:1].assign(due_on=pd.NaT), NAMES, AS_OF) == "交办1次：化解1次"
    assert episodes_finding(episodes[1:], NAMES, AS_OF) == "交办1次：第2次在办30天"


def test_what_was_decided_on_a_case_and_on_its_townships_backlog_belongs_to_it(episodes: pd.DataFrame) -> None:
    references = [case_reference("t1", "甲1"), "backlog:t1", case_reference("t1", "甲2"), "backlog:t2", ""]
    decided = pd.DataFrame({"reference": references})
    assert decided_on(decided, episodes)["reference"].tolist() == references[:2]
