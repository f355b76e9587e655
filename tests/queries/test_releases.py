from datetime import date, datetime

import pandas as pd

from queries.campaigns import campaigns
from queries.releases import is_demo, newest_as_of, newest_release, releases

EIGHT = datetime(2020, 9, 1, 8, 0)  # noqa: DTZ001 (the table holds local time)


def _release(add, number, as_of, source):
    add("data_releases", {"id": number, "published_at": EIGHT, "as_of": as_of, "source": source})


def test_the_newest_release_is_the_one_with_the_highest_number(connection, add):
    _release(add, 2, date(2020, 8, 31), "县大数据中心")
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


def test_what_is_loaded_into_the_demo_leaves_it_a_demo(connection, add):
    _release(add, 1, date(2020, 8, 31), "演示数据")
    _release(add, 2, date(2020, 9, 30), "cases.csv")
    assert newest_release(connection).is_demo
    assert is_demo(connection)


def test_releases_come_newest_first_with_what_was_changed_and_found(connection, add):
    _release(add, 1, date(2020, 8, 31), "演示数据")
    add("data_releases", {"id": 2, "published_at": EIGHT, "as_of": date(2020, 9, 30), "source": "cases.csv",
                          "note": "九月", "rows": {"cases": 3, "kpi_values": 4, "cases.deleted": 1, "cases.skipped": 9},
                          "checks": {"error": 1, "warning": 2, "notice": 5}})  # fmt: skip
    assert releases(connection).to_dict("records") == [
        {"id": 2, "changed": 7, "published_at": EIGHT, "as_of": pd.Timestamp(2020, 9, 30), "source": "cases.csv",
         "note": "九月", "errors": 1, "warnings": 2, "notices": 5},
        {"id": 1, "changed": 0, "published_at": EIGHT, "as_of": pd.Timestamp(2020, 8, 31), "source": "演示数据",
         "note": "", "errors": 0, "warnings": 0, "notices": 0},
    ]  # fmt: skip
    assert releases(connection, limit=1)["id"].tolist() == [2]


def test_without_a_release_there_is_no_row_and_the_types_stay(connection):
    found = releases(connection)
    assert found.empty
    assert str(found["published_at"].dtype) == "datetime64[s]"


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
