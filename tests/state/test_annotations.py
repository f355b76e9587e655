from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from state.annotations import LONGEST, Annotation, Place, annotations, explain, reply, withdraw
from state.engine import migrate, unmigrate
from tests.state.conftest import Clock

HERE = Place("330822111", "K06", date(2020, 2, 1))
OTHERS = [
    Place("330822001", "K06", date(2020, 2, 1)),
    Place("330822111", "K05", date(2020, 2, 1)),
    Place("330822111", "K06", date(2020, 3, 1)),
]


def _explained(db: Connection) -> None:
    for place in (HERE, *OTHERS):
        explain(db, place, reason="疫情影响", is_excluded=True, author="行动办")


def test_a_reason_comes_back_with_its_author_and_moment(db: Connection, time: Clock) -> None:
    explain(db, HERE, reason="  疫情\n 影响 ", is_excluded=True, author="行动办")
    assert annotations(db) == [Annotation(HERE, "疫情 影响", True, "行动办", time.moment, None, None, None)]


def test_a_second_reason_replaces_the_first_and_keeps_the_reply(db: Connection, time: Clock) -> None:
    _explained(db)
    assert reply(db, HERE, text="已补办", replier="球川镇")
    begun = time.moment
    time.pass_(hours=1)
    explain(db, HERE, reason="机构改革", is_excluded=False, author="政法委")
    (found,) = [each for each in annotations(db) if each.place == HERE]
    assert found == Annotation(HERE, "机构改革", False, "政法委", time.moment, "已补办", "球川镇", begun)


def test_each_way_of_writing_touches_one_place_alone(db: Connection, time: Clock) -> None:
    _explained(db)
    before = {each.place: each for each in annotations(db)}
    explain(db, HERE, reason="机构改革", is_excluded=False, author="政法委")
    reply(db, HERE, text="已补办", replier="球川镇")
    after = {each.place: each for each in annotations(db)}
    assert [after[place] == before[place] for place in OTHERS] == [True] * 3
    assert withdraw(db, HERE)
    assert [each.place for each in annotations(db)] == sorted(OTHERS, key=lambda p: tuple(vars(p).values()))


def test_without_an_annotation_there_is_nothing_to_reply_to_or_to_withdraw(db: Connection, time: Clock) -> None:
    assert not reply(db, HERE, text="已补办", replier="球川镇")
    assert not withdraw(db, HERE)
    assert annotations(db) == []


@pytest.mark.parametrize("text", ["", " \n", "长" * (LONGEST + 1)])
def test_empty_and_overlong_texts_are_not_written(db: Connection, time: Clock, text: str) -> None:
    with pytest.raises(ValueError, match="characters"):
        explain(db, HERE, reason=text, is_excluded=False, author="行动办")
    explain(db, HERE, reason="长" * LONGEST, is_excluded=False, author="行动办")
    with pytest.raises(ValueError, match="characters"):
        reply(db, HERE, text=text, replier="球川镇")


def test_the_table_goes_and_comes_without_touching_the_accounts(engine: Engine) -> None:
    unmigrate(engine, "state0001")
    assert "annotations" not in sa.inspect(engine).get_table_names()
    assert "accounts" in sa.inspect(engine).get_table_names()
    migrate(engine)
    assert "annotations" in sa.inspect(engine).get_table_names()
