"""Agendas and frozen meetings in the state database, and sessions that present."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from state import agendas, snapshots
from state.agendas import Agenda
from state.engine import migrate, unmigrate
from state.sessions import find_session, living_sessions, note_activity, note_presenting, open_session, session_hash
from state.snapshots import Snapshot
from tests.state.conftest import Clock

KEPT: dict[str, Any] = {"as_of": date(2020, 8, 31), "release": 7, "slides": ["cover", "ranking"], "author": "行动办"}


def test_an_agenda_keeps_its_slides_in_order_and_is_written_over(db: Connection, time: Clock) -> None:
    agendas.save(db, "  月度 \n推进会 ", ["ranking", "cover"], author="行动办")
    agendas.save(db, "其他", ["tasks"], author="行动办")
    begun = time.moment
    time.pass_(hours=1)
    agendas.save(db, "月度 推进会", ["cover"], author="县领导")
    assert agendas.agendas(db) == [
        Agenda("月度 推进会", ("cover",), "县领导", time.moment),
        Agenda("其他", ("tasks",), "行动办", begun),
    ]


def test_an_agenda_is_taken_away_alone(db: Connection, time: Clock) -> None:
    for name in ("甲", "乙"):
        agendas.save(db, name, ["cover"], author="行动办")
    assert agendas.remove(db, "甲")
    assert not agendas.remove(db, "甲")
    assert [each.name for each in agendas.agendas(db)] == ["乙"]


@pytest.mark.parametrize(("name", "slides"), [(" ", ["cover"]), ("长" * 41, ["cover"]), ("甲", [])])
def test_an_agenda_has_a_name_and_slides(db: Connection, time: Clock, name: str, slides: list[str]) -> None:
    with pytest.raises(ValueError, match="expected"):
        agendas.save(db, name, slides, author="行动办")


def test_a_frozen_meeting_comes_back_byte_for_byte(db: Connection, time: Clock) -> None:
    first = snapshots.freeze(db, " 推进会 ", b"\x00\xffone", **KEPT)
    second = snapshots.freeze(db, "推进会", b"two", **KEPT)
    assert [each.id for each in snapshots.snapshots(db)] == [second, first]
    kept = Snapshot(first, "推进会", date(2020, 8, 31), 7, ("cover", "ranking"), "行动办", time.moment)
    assert snapshots.snapshots(db)[1] == kept
    assert (snapshots.content(db, first), snapshots.content(db, second)) == (b"\x00\xffone", b"two")
    assert snapshots.content(db, second + 1) is None


@pytest.mark.parametrize(("title", "slides"), [("", ["cover"]), ("长" * 81, ["cover"]), ("会", [])])
def test_a_frozen_meeting_has_a_title_and_slides(db: Connection, time: Clock, title: str, slides: list[str]) -> None:
    with pytest.raises(ValueError, match="expected"):
        snapshots.freeze(db, title, b"", **{**KEPT, "slides": slides})
    assert snapshots.snapshots(db) == []


@pytest.mark.usefixtures("people")
def test_a_presenting_session_idles_out_after_four_hours_only(db: Connection, time: Clock) -> None:
    shown, other = (session_hash(open_session(db, "li", "10.0.0.1")) for _ in range(2))
    note_presenting(db, shown, is_presenting=True)
    time.pass_(hours=3, minutes=59)
    assert find_session(db, shown) is not None
    assert find_session(db, other) is None
    assert len(living_sessions(db)) == 1
    time.pass_(minutes=1)
    assert find_session(db, shown) is None
    assert living_sessions(db) == []


@pytest.mark.usefixtures("people")
def test_who_has_left_the_presenter_idles_out_as_ever(db: Connection, time: Clock) -> None:
    hashed = session_hash(open_session(db, "li", "10.0.0.1"))
    note_presenting(db, hashed, is_presenting=True)
    note_presenting(db, hashed, is_presenting=False)
    time.pass_(minutes=29)
    assert find_session(db, hashed) is not None
    time.pass_(minutes=2)
    assert find_session(db, hashed) is None


@pytest.mark.usefixtures("people")
def test_presenting_outlives_no_twelve_hours(db: Connection, time: Clock) -> None:
    hashed = session_hash(open_session(db, "li", "10.0.0.1"))
    for _ in range(4):
        note_presenting(db, hashed, is_presenting=True)
        note_activity(db, hashed)
        time.pass_(hours=3)
    assert find_session(db, hashed) is None


def test_the_step_goes_down_and_up_and_leaves_the_rest(engine: Engine) -> None:
    unmigrate(engine, "state0005")
    assert not {"agendas", "snapshots"} & set(sa.inspect(engine).get_table_names())
    assert "presenting_at" not in {column["name"] for column in sa.inspect(engine).get_columns("sessions")}
    migrate(engine)
    assert {"agendas", "snapshots"} <= set(sa.inspect(engine).get_table_names())
