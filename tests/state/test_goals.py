import pytest
from sqlalchemy import Connection

from state.goals import LONGEST, Goal, goals, write_goal
from tests.state.conftest import Clock

CAMPAIGN, OTHER = "BRGJ2020", "BRGJ2021"


def _write(db: Connection, number: int, goal: str, standing: str = "", *, campaign: str = CAMPAIGN) -> None:
    write_goal(db, campaign, number, goal=goal, standing=standing, author="行动办")


def test_goals_come_back_by_number_with_their_campaign_alone(db: Connection, time: Clock) -> None:
    _write(db, 2, "包案到人", "已落实")
    _write(db, 1, "  化解率\n达标 ")
    _write(db, 1, "另一年的", campaign=OTHER)
    assert goals(db, CAMPAIGN) == [
        Goal(CAMPAIGN, 1, "化解率 达标", "", "行动办", time.moment),
        Goal(CAMPAIGN, 2, "包案到人", "已落实", "行动办", time.moment),
    ]


def test_a_goal_is_written_over_and_taken_away(db: Connection, time: Clock) -> None:
    _write(db, 3, "旧的", "一半")
    _write(db, 3, "新的")
    _write(db, 4, "留下的")
    assert [(each.number, each.goal, each.standing) for each in goals(db, CAMPAIGN)] == [
        (3, "新的", ""),
        (4, "留下的", ""),
    ]
    _write(db, 3, "  ")
    assert [each.number for each in goals(db, CAMPAIGN)] == [4]


@pytest.mark.parametrize("number", [0, 6])
def test_there_are_five_goals(db: Connection, number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        _write(db, number, "多出的")
    assert goals(db, CAMPAIGN) == []


def test_an_overlong_text_is_refused(db: Connection) -> None:
    _write(db, 1, "字" * LONGEST["goal"], "字" * LONGEST["standing"])
    with pytest.raises(ValueError, match="goal"):
        _write(db, 2, "字" * (LONGEST["goal"] + 1))
    with pytest.raises(ValueError, match="standing"):
        _write(db, 2, "字", "字" * (LONGEST["standing"] + 1))
    assert [each.number for each in goals(db, CAMPAIGN)] == [1]
