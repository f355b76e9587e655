from datetime import date, datetime

from queries.campaigns import campaigns
from queries.releases import newest_as_of, newest_release

EIGHT = datetime(2020, 9, 1, 8, 0)  # noqa: DTZ001 (the table holds local time)


def _release(add, number, as_of, source):
    add("data_releases", {"id": number, "published_at": EIGHT, "as_of": as_of, "source": source})


def test_the_newest_release_is_the_one_with_the_highest_number(connection, add):
    _release(add, 2, date(2020, 8, 31), "演示数据")
    _release(add, 10, date(2020, 7, 31), "县信访局")
    _release(add, 9, date(2020, 8, 15), None)
    found = newest_release(connection)
    assert (found.id, found.as_of, found.source, found.note, found.is_demo) == (
        10,
        date(2020, 7, 31),
        "县信访局",
        "",
        False,
    )
    assert found.published_at == EIGHT
    assert newest_as_of(connection) == date(2020, 8, 31)


def test_the_demo_is_known_by_its_source(connection, add):
    _release(add, 1, date(2020, 8, 31), "演示数据")
    assert newest_release(connection).is_demo


def test_before_the_first_release_there_is_none(connection):
    assert newest_release(connection) is None
    assert newest_as_of(connection) is None


def test_campaigns_come_newest_first_and_may_lack_what_is_not_known(connection, add):
    goal = {"goal_rate": 80.0, "is_demo_goal": True}
    add("campaigns", {"code": "甲", "name": "旧", "starts_on": date(2019, 1, 1)})
    add("campaigns", {"code": "乙", "name": "无期"})
    add("campaigns", {"code": "丙", "name": "新", "starts_on": date(2020, 6, 12), **goal})
    found = campaigns(connection).set_index("code")
    assert found.index.tolist() == ["丙", "甲", "乙"]
    assert found["is_demo_goal"].tolist() == [True, False, False]
    assert found["goal_rate"].isna().tolist() == [False, True, True]
