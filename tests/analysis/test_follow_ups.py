from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
import pytest

from analysis.follow_ups import (
    FOLLOW_UPS,
    decisions,
    draft,
    draft_note,
    follow_up_table,
    follow_ups_finding,
    of_townships,
    pressing,
)
from analysis.weak_links.kinds import findings

AS_OF = date(2020, 8, 31)
LABELS = {"甲": "甲镇", "乙": "乙乡"}


@dataclass(frozen=True)
class _Decision:
    subject: str
    due_on: date | None
    township_code: str | None = "甲"
    reference: str = ""
    promise: str = "办结"
    owner: str = "镇长"
    raised_on: date = date(2020, 8, 3)
    done_on: date | None = None


@dataclass(frozen=True)
class _FollowUp:
    id: int
    decision: _Decision
    author: str = "行动办"
    reply: str | None = None
    replier: str | None = None


def _table(*decided: _Decision, as_of: date = AS_OF, newest: date | None = AS_OF) -> pd.DataFrame:
    return follow_up_table(
        [_FollowUp(i + 1, each) for i, each in enumerate(decided)], LABELS, as_of=as_of, newest=newest
    )


LATE = _Decision("逾期的", date(2020, 8, 30))
TODAY = _Decision("当天的", AS_OF)
SOON = _Decision("近的", date(2020, 9, 15), township_code="乙")
FAR = _Decision("远的", date(2020, 9, 16), township_code=None)
OPEN_ENDED = _Decision("无时限", None)
DONE = _Decision("办结的", date(2020, 8, 10), done_on=date(2020, 8, 20))
DONE_LATER = replace(DONE, subject="后办结的", done_on=date(2020, 8, 25))


def test_the_overdue_come_first_then_by_due_day_then_the_done_newest_first() -> None:
    table = _table(DONE, FAR, OPEN_ENDED, SOON, TODAY, LATE, DONE_LATER)
    assert list(table.columns) == list(FOLLOW_UPS)
    assert list(zip(table["subject"], table["status"], table["deadline"], strict=True)) == [
        ("逾期的", "overdue", "8月30日（逾期1天）"),
        ("当天的", "open", "8月31日（当天到期）"),
        ("近的", "open", "9月15日（还剩15天）"),
        ("远的", "open", "9月16日（还剩16天）"),
        ("无时限", "open", "—"),
        ("后办结的", "done", "8月25日销号"),
        ("办结的", "done", "8月20日销号"),
    ]
    assert table["township"].tolist()[:4] == ["甲镇", "甲镇", "乙乡", "县级"]
    assert follow_ups_finding(table) == "议定7项，已销号2项，逾期1项，办理中4项"
    assert pressing(table, AS_OF)["subject"].tolist() == ["逾期的", "当天的", "近的"]


def test_an_earlier_day_knows_nothing_of_what_came_later() -> None:
    before = _table(LATE, DONE, as_of=date(2020, 8, 15))
    assert dict(zip(before["subject"], before["status"], strict=True)) == {"逾期的": "open", "办结的": "overdue"}
    assert before["done_on"].isna().all()
    assert _table(LATE, as_of=date(2020, 8, 2)).empty


def test_on_the_newest_day_what_was_written_since_counts_too() -> None:
    late_meeting = replace(SOON, raised_on=date(2020, 9, 2), done_on=date(2020, 9, 4))
    for newest in (AS_OF, None):
        assert _table(late_meeting, newest=newest)["status"].tolist() == ["done"]
    assert _table(late_meeting, newest=date(2020, 9, 30)).empty


def test_a_reply_stands_with_its_author() -> None:
    table = follow_up_table([_FollowUp(3, LATE, reply="已办", replier="甲镇")], LABELS, as_of=AS_OF, newest=AS_OF)
    assert table[["number", "reply", "replier", "author"]].iloc[0].tolist() == [3, "已办", "甲镇", "行动办"]


def test_without_any_the_table_keeps_its_shape() -> None:
    table = _table()
    assert table.empty
    assert table.dtypes.astype(str).to_dict() == _table(LATE).dtypes.astype(str).to_dict()
    assert follow_ups_finding(table) == "没有议定事项"
    assert pressing(table, AS_OF).empty
    assert decisions(table) == {}


def test_a_filter_keeps_the_townships_asked_for() -> None:
    table = _table(LATE, SOON, FAR)
    assert of_townships(table, ["乙"], is_filtered=True)["subject"].tolist() == ["近的"]
    assert len(of_townships(table, ["甲", "乙"], is_filtered=False)) == 3


def test_a_weak_link_shows_its_most_pressing_decision() -> None:
    about = (replace(each, reference="backlog:甲") for each in (DONE, LATE, OPEN_ENDED))
    said = decisions(_table(*about, replace(OPEN_ENDED, reference="task:T1"), SOON))
    assert said == {"backlog:甲": "办结（8月30日前，镇长，逾期）", "task:T1": "办结（镇长，办理中）"}


FOUND = findings(
    [
        {"reference": "backlog:甲", "kind": "overdue", "severity": 3, "size": 1.0, "subject": "甲镇：信访积案",
         "evidence": "未化解7件中3件超期", "owner": "甲镇党委书记", "region_code": "甲"},
        {"reference": "backlog:乙", "kind": "overdue", "severity": 3, "size": 1.0, "subject": "乙乡：信访积案"},
    ]
)  # fmt: skip


def test_a_draft_starts_with_what_the_weak_link_says() -> None:
    started = draft(FOUND, "backlog:甲", as_of=AS_OF)
    evidence = started.pop("evidence")
    assert evidence == "未化解7件中3件超期"
    assert started == {
        "subject": "甲镇：信访积案", "owner": "甲镇党委书记", "township_code": "甲", "promise": "", "raised_on": AS_OF,
        "due_on": None, "done_on": None, "reference": "backlog:甲",
    }  # fmt: skip
    assert (
        draft_note(draft(FOUND, "backlog:甲", as_of=AS_OF), "backlog:甲")
        == "针对薄弱环节“甲镇：信访积案”：未化解7件中3件超期。"
    )


def test_a_draft_on_a_case_names_the_case_and_its_township() -> None:
    asked = "case:甲:BR2020-050"
    started = draft(FOUND, asked, as_of=AS_OF)
    assert [started[name] for name in ("subject", "township_code", "reference")] == ["案件BR2020-050", "甲", asked]
    assert draft_note(started, asked) == "针对“案件BR2020-050”：逐案督办。"
    for broken in ("case:甲", "case:甲:", f"case:甲:{'9' * 80}"):
        assert draft(FOUND, broken, as_of=AS_OF)["subject"] == ""


@pytest.mark.parametrize(
    ("asked", "note"), [("", ""), ("cell:T1:丙", "链接中的薄弱环节在所选日期已不存在，请直接填写事项。")]
)
def test_a_draft_without_its_weak_link_is_blank(asked: str, note: str) -> None:
    started = draft(FOUND, asked, as_of=AS_OF)
    assert (started["subject"], started["reference"], started["township_code"]) == ("", "", "")
    assert draft_note(started, asked) == note
