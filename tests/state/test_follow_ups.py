from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from state.engine import migrate, unmigrate
from state.follow_ups import LONGEST, Decision, FollowUp, change, find_follow_up, follow_ups, record, reply
from tests.state.conftest import Clock

QIUCHUAN, ZHAOXIAN = "330822111", "330822108"
DECIDED = Decision(
    subject="球川镇：信访积案",
    promise="9月10日前化解3件超期积案",
    owner="球川镇党委书记",
    raised_on=date(2020, 8, 31),
    due_on=date(2020, 9, 10),
    township_code=QIUCHUAN,
    reference=f"backlog:{QIUCHUAN}",
)
OTHER = replace(DECIDED, subject="招贤镇：任务", township_code=ZHAOXIAN, reference="")
COUNTY = replace(DECIDED, subject="接口改造", owner="县大数据中心", township_code=None, due_on=None)


def test_a_decision_comes_back_as_it_was_written(db: Connection, time: Clock) -> None:
    number = record(db, replace(DECIDED, promise="  9月10日前\n化解 "), author="行动办")
    kept = replace(DECIDED, promise="9月10日前 化解")
    assert follow_ups(db) == [FollowUp(number, kept, "行动办", time.moment, None, None, None)]
    assert find_follow_up(db, number) == follow_ups(db)[0]
    assert find_follow_up(db, number + 1) is None


def test_one_township_has_its_own_alone(db: Connection, time: Clock) -> None:
    for decision in (DECIDED, OTHER, COUNTY):
        record(db, decision, author="行动办")
    assert [each.decision for each in follow_ups(db, township_code=QIUCHUAN)] == [DECIDED]
    assert [each.decision.subject for each in follow_ups(db)] == ["球川镇：信访积案", "招贤镇：任务", "接口改造"]


def test_a_change_keeps_the_reply_and_touches_no_other(db: Connection, time: Clock) -> None:
    mine, other = (record(db, decision, author="行动办") for decision in (DECIDED, OTHER))
    begun = time.moment
    assert reply(db, mine, text="已化解2件", replier="球川镇")
    time.pass_(days=3)
    done = replace(DECIDED, done_on=date(2020, 9, 3))
    assert change(db, mine, done, author="政法委")
    assert find_follow_up(db, mine) == FollowUp(mine, done, "政法委", time.moment, "已化解2件", "球川镇", begun)
    assert find_follow_up(db, other) == FollowUp(other, OTHER, "行动办", begun, None, None, None)


def test_what_is_not_there_is_neither_changed_nor_answered(db: Connection, time: Clock) -> None:
    number = record(db, DECIDED, author="行动办")
    assert not change(db, number + 1, OTHER, author="行动办")
    assert not reply(db, number + 1, text="已办", replier="球川镇")
    assert [each.decision for each in follow_ups(db)] == [DECIDED]


@pytest.mark.parametrize("name", ["subject", "promise", "owner"])
def test_a_text_must_say_something_and_not_too_much(db: Connection, time: Clock, name: str) -> None:
    def written(text: str) -> Decision:
        changed: Any = {name: text}
        return replace(DECIDED, **changed)

    for text in (" \n", "长" * (LONGEST[name] + 1)):
        with pytest.raises(ValueError, match=name):
            record(db, written(text), author="行动办")
    assert record(db, written("长" * LONGEST[name]), author="行动办")


@pytest.mark.parametrize("text", ["", "长" * (LONGEST["reply"] + 1)])
def test_a_reply_must_say_something_and_not_too_much(db: Connection, time: Clock, text: str) -> None:
    number = record(db, DECIDED, author="行动办")
    with pytest.raises(ValueError, match="reply"):
        reply(db, number, text=text, replier="球川镇")


@pytest.mark.parametrize("name", ["due_on", "done_on"])
def test_nothing_is_due_or_done_before_the_meeting(db: Connection, time: Clock, name: str) -> None:
    before: Any = {name: date(2020, 8, 30)}
    same_day: Any = {name: date(2020, 8, 31)}
    with pytest.raises(ValueError, match="2020-08-31"):
        record(db, replace(DECIDED, **before), author="行动办")
    assert record(db, replace(DECIDED, **same_day), author="行动办")


def test_the_step_goes_down_and_up_and_leaves_the_rest(engine: Engine) -> None:
    unmigrate(engine, "state0002")
    tables = set(sa.inspect(engine).get_table_names())
    assert "follow_ups" not in tables
    assert {"annotations", "accounts"} <= tables
    migrate(engine)
    assert "follow_ups" in sa.inspect(engine).get_table_names()
