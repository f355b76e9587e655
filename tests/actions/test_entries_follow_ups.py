"""Who may write down, change and answer what a meeting decided: asked of the live viewer on every call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import Engine

import auth
from actions import entries
from analysis.scope import Viewer
from auth import guarded
from errors import Refused, SignedOut
from state.audit import newest_acts
from state.follow_ups import Decision, FollowUp

QIUCHUAN, ZHAOXIAN = "330822111", "330822108"
LEADER = Viewer("wang", "县领导", "leader", "a" * 64)
OFFICE = Viewer("zhao", "行动办", "office", "b" * 64)
DEPARTMENT = Viewer("sun", "县信访局", "department", "c" * 64, department_code="D04")
TOWNSHIP = Viewer("li", "球川镇", "township", "d" * 64, township_code=QIUCHUAN)
MINE = Decision(
    subject="球川镇：信访积案",
    promise="9月10日前化解3件超期积案",
    owner="球川镇党委书记",
    raised_on=date(2020, 8, 31),
    due_on=date(2020, 9, 10),
    township_code=QIUCHUAN,
    reference=f"backlog:{QIUCHUAN}",
)
NEIGHBOURS = replace(MINE, subject="招贤镇：任务", township_code=ZHAOXIAN, reference="")
COUNTYS = replace(MINE, subject="接口改造", owner="县大数据中心", township_code=None, reference="task:T29")

pytestmark = pytest.mark.usefixtures("own_state")
As = Callable[[Viewer | None], None]


@pytest.fixture
def as_(monkeypatch: pytest.MonkeyPatch) -> As:
    return lambda viewer: monkeypatch.setattr(auth, "current_viewer", lambda: viewer)


@pytest.fixture
def decided(as_: As) -> list[int]:
    """Three decisions of the office's: a township's, its neighbour's, the county's own."""
    as_(OFFICE)
    return [entries.record_follow_up(decision) for decision in (MINE, NEIGHBOURS, COUNTYS)]


def _stored(as_: As) -> list[FollowUp]:
    as_(OFFICE)
    return entries.follow_ups()


def test_the_office_records_changes_and_marks_done(as_: As, decided: list[int]) -> None:
    done = replace(MINE, promise="9月5日前化解", done_on=date(2020, 9, 4))
    entries.change_follow_up(decided[0], done)
    found = _stored(as_)
    assert [each.decision for each in found] == [done, NEIGHBOURS, COUNTYS]
    assert {each.author for each in found} == {"行动办"}


@pytest.mark.parametrize("viewer", [LEADER, DEPARTMENT, TOWNSHIP], ids=lambda viewer: viewer.role)
def test_nobody_else_records_or_changes_anything(as_: As, decided: list[int], viewer: Viewer) -> None:
    before = _stored(as_)
    as_(viewer)
    for decision in (MINE, NEIGHBOURS, COUNTYS):
        with pytest.raises(Refused):
            entries.record_follow_up(decision)
        with pytest.raises(Refused):
            guarded(entries.record_follow_up)(decision)
    for number in decided:
        with pytest.raises(Refused):
            entries.change_follow_up(number, replace(MINE, done_on=date(2020, 9, 1)))
        with pytest.raises(Refused):
            guarded(entries.change_follow_up)(number, replace(MINE, done_on=date(2020, 9, 1)))
    assert _stored(as_) == before


def test_a_township_reads_and_answers_its_own_alone(as_: As, decided: list[int]) -> None:
    as_(TOWNSHIP)
    assert [each.decision for each in entries.follow_ups()] == [MINE]
    entries.reply_to_follow_up(decided[0], "已化解2件")
    for number in (*decided[1:], max(decided) + 1):
        with pytest.raises(Refused):
            entries.reply_to_follow_up(number, "代为答复")
        with pytest.raises(Refused):
            guarded(entries.reply_to_follow_up)(number, "代为答复")
    found = _stored(as_)
    assert [each.decision for each in found] == [MINE, NEIGHBOURS, COUNTYS]
    assert [(each.reply, each.replier) for each in found] == [("已化解2件", "球川镇"), (None, None), (None, None)]


@pytest.mark.parametrize("viewer", [LEADER, DEPARTMENT, OFFICE], ids=lambda viewer: viewer.role)
def test_the_others_read_all_and_answer_none(as_: As, decided: list[int], viewer: Viewer) -> None:
    as_(viewer)
    assert [each.decision for each in entries.follow_ups()] == [MINE, NEIGHBOURS, COUNTYS]
    for number in decided:
        with pytest.raises(Refused):
            entries.reply_to_follow_up(number, "代为答复")
    assert [each.reply for each in _stored(as_)] == [None, None, None]


def test_a_button_made_for_the_office_serves_no_other_session(as_: As, decided: list[int]) -> None:
    as_(OFFICE)
    record, change = guarded(entries.record_follow_up), guarded(entries.change_follow_up)
    as_(TOWNSHIP)
    with pytest.raises(SignedOut):
        record(MINE)
    with pytest.raises(SignedOut):
        change(decided[0], replace(MINE, done_on=date(2020, 9, 1)))
    assert [each.decision for each in _stored(as_)] == [MINE, NEIGHBOURS, COUNTYS]


@pytest.mark.parametrize("name", ["subject", "promise", "owner"])
@pytest.mark.parametrize("text", ["", "联系13812345678"])
def test_no_text_is_empty_or_names_a_person(as_: As, decided: list[int], name: str, text: str) -> None:
    changed = replace(MINE, **{name: text})
    as_(OFFICE)
    with pytest.raises(Refused, match="说明"):
        entries.record_follow_up(changed)
    with pytest.raises(Refused, match="说明"):
        entries.change_follow_up(decided[0], changed)
    as_(TOWNSHIP)
    with pytest.raises(Refused, match="说明"):
        entries.reply_to_follow_up(decided[0], text)
    assert [each.decision for each in _stored(as_)] == [MINE, NEIGHBOURS, COUNTYS]


def test_what_is_not_there_is_not_changed(as_: As, decided: list[int]) -> None:
    with pytest.raises(Refused, match="没有这条"):
        entries.change_follow_up(max(decided) + 1, MINE)


def test_without_a_viewer_nothing_is_read_or_written(as_: As, decided: list[int]) -> None:
    as_(None)
    for call in (
        entries.follow_ups,
        lambda: entries.record_follow_up(MINE),
        lambda: entries.change_follow_up(decided[0], MINE),
        lambda: entries.reply_to_follow_up(decided[0], "已办"),
    ):
        with pytest.raises(SignedOut):
            call()


def test_every_entry_leaves_its_line_and_a_refused_one_none(own_state: Engine, as_: As, decided: list[int]) -> None:
    entries.change_follow_up(decided[0], replace(MINE, promise="另定"))
    entries.change_follow_up(decided[0], replace(MINE, done_on=date(2020, 9, 4)))
    as_(TOWNSHIP)
    entries.reply_to_follow_up(decided[0], "已办")
    with pytest.raises(Refused):
        entries.reply_to_follow_up(decided[1], "已办")
    with pytest.raises(Refused):
        entries.record_follow_up(MINE)
    with own_state.connect() as connection:
        acts = [(act.account, act.action, act.subject) for act in reversed(newest_acts(connection))]
    assert acts == [
        ("zhao", "follow_up_recorded", f"backlog:{QIUCHUAN} {QIUCHUAN}"),
        ("zhao", "follow_up_recorded", f" {ZHAOXIAN}"),
        ("zhao", "follow_up_recorded", "task:T29 "),
        ("zhao", "follow_up_changed", str(decided[0])),
        ("zhao", "follow_up_done", str(decided[0])),
        ("li", "follow_up_replied", str(decided[0])),
    ]
