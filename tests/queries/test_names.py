from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

from database.tables import backlog_states
from queries.names import department_names, first_day, scheme_names, work_group_names

Add = Callable[..., None]


def test_work_groups_stand_in_their_order_and_without_a_name_bear_their_code(connection: Connection, add: Add) -> None:
    add("work_groups", {"code": "G1", "sort_order": 2, "name": "平安综治"}, {"code": "G2", "sort_order": 1})
    add("work_groups", {"code": "G0", "name": "未排序"})
    assert work_group_names(connection).to_numpy().tolist() == [["G2", "G2"], ["G1", "平安综治"], ["G0", "未排序"]]


def test_departments_and_schemes_stand_by_code(connection: Connection, add: Add) -> None:
    add("departments", {"code": "D02", "name": "县委组织部"}, {"code": "D01"})
    add("schemes", {"code": "S2", "name": "2020年考核方案"}, {"code": "S1"})
    assert department_names(connection).to_numpy().tolist() == [["D01", "D01"], ["D02", "县委组织部"]]
    assert scheme_names(connection).to_numpy().tolist() == [["S1", "S1"], ["S2", "2020年考核方案"]]


def test_the_first_day_is_the_countys_own(connection: Connection, add: Add, county: str) -> None:
    assert first_day(connection) is None
    counts = {c.name: 0 for c in backlog_states.columns if c.name not in ("region_code", "stream", "platform", "day")}
    rows = [
        (county, "event", "", date(2018, 1, 14)),
        (county, "petition", "", date(2018, 1, 7)),
        (county, "petition", "慢城通", date(2017, 1, 1)),
        ("330822001", "petition", "", date(2016, 1, 1)),
    ]
    keys = ("region_code", "stream", "platform", "day")
    add("backlog_states", *({**dict(zip(keys, row, strict=True)), **counts} for row in rows))
    assert first_day(connection) == date(2018, 1, 7)
