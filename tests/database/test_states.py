"""Derived states equal a recount from base rows, written here without the code under test."""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from database.refresh import refresh
from database.states import MEASURES
from database.tables import backlog_states
from tests.conftest import COUNTY, TOWNSHIPS
from tests.database.conftest import FIRST, LAST, random_cases

Row = dict[str, Any]
SUBSTANTIVE = {"问题解决到位", "调解协议", "帮扶救助", "政策解释息诉"}
LAWFUL = {"听证终结", "复查复核三级终结", "涉法涉诉终结"}


def recount(rows: list[Row], day: date) -> dict[str, int]:
    """Count one group's cases at the end of `day`, one case at a time."""
    found = dict.fromkeys(MEASURES, 0)
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["opened_on"] <= day:
            by_case[row["case_no"]].append(row)
    for episodes in by_case.values():
        newest = max(episodes, key=lambda row: row["episode"])
        found["opened_to_date"] += 1
        found["reopened_to_date"] += len(episodes) - 1
        found["closings_to_date"] += sum(bool(row["closed_on"]) and row["closed_on"] <= day for row in episodes)
        is_closed = newest["closed_on"] is not None and newest["closed_on"] <= day
        is_led = newest["lead_department_code"] is None
        found["led_opened_to_date"] += is_led
        found["substantive_to_date"] += is_closed and newest["closing_method"] in SUBSTANTIVE
        found["lawful_to_date"] += is_closed and newest["closing_method"] in LAWFUL
        if is_closed:
            continue
        found["open"] += 1
        found["led_open"] += is_led
        found["overdue"] += newest["due_on"] is not None and newest["due_on"] < day
        age = (day - newest["first_opened_on"]).days
        bands = (("open_0_30", 30), ("open_31_60", 60), ("open_61_90", 90), ("open_91_180", 180))
        found[next((name for name, limit in bands if age <= limit), "open_over_180")] += 1
    return found


def stored(connection: Connection) -> dict[tuple[str, str, str, date], dict[str, int]]:
    rows = connection.execute(sa.select(backlog_states)).mappings().all()
    return {
        (row["region_code"], row["stream"], row["platform"], row["day"]): {name: row[name] for name in MEASURES}
        for row in rows
    }


def expected(rows: list[Row], days: set[date]) -> dict[tuple[str, str, str, date], dict[str, int]]:
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        for region in {row["township_code"], COUNTY}:
            for platform in {row["platform"] or "", ""}:
                groups[region, row["stream"], platform].append(row)
    return {
        (*group, day): recount(members, day)
        for group, members in groups.items()
        for day in days
        if day >= min(row["opened_on"] for row in members)
    }


def calendar(*as_ofs: date) -> set[date]:
    """Every Sunday, month end and as-of day up to the last one."""
    days = {FIRST + timedelta(days=i) for i in range((max(as_ofs) - FIRST).days + 1)}
    return {day for day in days if day.weekday() == 6 or (day + timedelta(days=1)).day == 1 or day in as_ofs}


@pytest.mark.parametrize("seed", [1, 2])
def test_states_equal_a_recount_on_every_stored_day(
    connection: Connection, county: str, insert: Callable[..., None], seed: int
) -> None:
    rows = random_cases(seed)
    insert("cases", rows)
    as_of = date(2020, 8, 26)  # a Wednesday: stored because a release is as of it
    refresh(connection, as_of=as_of, source="测试")
    assert stored(connection) == expected([row for row in rows if row["opened_on"] <= as_of], calendar(as_of))


def test_open_is_opened_plus_reopened_minus_closings(
    connection: Connection, county: str, insert: Callable[..., None]
) -> None:
    insert("cases", random_cases(3))
    refresh(connection, as_of=LAST, source="测试")
    states = stored(connection)
    assert len(states) > 1000
    for state in states.values():
        assert state["open"] == state["opened_to_date"] + state["reopened_to_date"] - state["closings_to_date"]


def test_the_county_is_its_townships_plus_the_cases_without_one(
    connection: Connection, county: str, insert: Callable[..., None]
) -> None:
    rows = random_cases(4)
    insert("cases", rows)
    refresh(connection, as_of=LAST, source="测试")
    states = stored(connection)
    own = {row["case_no"] for row in rows if row["township_code"] == COUNTY and row["stream"] == "dispute"}
    opened = [states[code, "dispute", "", LAST]["opened_to_date"] for code in (COUNTY, *TOWNSHIPS)]
    assert own
    assert opened[0] - sum(opened[1:]) == len(own)


def test_a_rebound_replaces_the_state_of_its_case(
    connection: Connection, county: str, add_cases: Callable[..., None]
) -> None:
    first = {
        "case_no": "甲",
        "opened_on": date(2020, 1, 6),
        "closed_on": date(2020, 2, 3),
        "closing_method": "调解协议",
    }
    again = {"case_no": "甲", "episode": 2, "opened_on": date(2020, 3, 1), "first_opened_on": date(2020, 1, 6),
             "lead_department_code": "D04", "due_on": date(2020, 3, 29)}  # fmt: skip
    add_cases(first, again, {"stream": "dispute", "opened_on": date(2020, 1, 6)})
    refresh(connection, as_of=date(2020, 4, 5), source="测试")
    states = stored(connection)
    resolved = states[TOWNSHIPS[0], "petition_backlog", "", date(2020, 2, 9)]
    assert (resolved["open"], resolved["substantive_to_date"], resolved["led_opened_to_date"]) == (0, 1, 1)
    due_day = states[TOWNSHIPS[0], "petition_backlog", "", date(2020, 3, 29)]
    assert (due_day["open"], due_day["overdue"], due_day["substantive_to_date"], due_day["open_61_90"]) == (1, 0, 0, 1)
    last = states[TOWNSHIPS[0], "petition_backlog", "", date(2020, 4, 5)]
    assert (last["opened_to_date"], last["reopened_to_date"], last["closings_to_date"]) == (1, 1, 1)
    assert (last["led_opened_to_date"], last["led_open"], last["overdue"], last["open_61_90"]) == (0, 0, 1, 1)


@pytest.mark.parametrize("number", range(2))
def test_a_limited_refresh_gives_what_a_whole_one_gives(
    connection: Connection, county: str, insert: Callable[..., None], number: int
) -> None:
    """Later cases of some townships come with later releases; each time the tables equal a recount."""
    seed = 2 * number + (connection.dialect.name == "postgresql")
    rng = random.Random(seed)
    rows = random_cases(10 + seed)
    held = [row for row in rows if row["township_code"] != TOWNSHIPS[0] or row["opened_on"] < date(2020, 3, 1)]
    late = [row for row in rows if row not in held]
    insert("cases", held)
    as_ofs = [date(2020, 5, 13), date(2020, 7, 31)]
    refresh(connection, as_of=as_ofs[0], source="测试")
    insert("cases", late)
    since = min([row["opened_on"] for row in late], default=None)
    refresh(connection, as_of=as_ofs[1], source="测试", since=since, townships={TOWNSHIPS[0]})
    rewound = rng.choice((date(2020, 7, 1), date(2020, 3, 3)))  # an as-of day before the newest one: one day more
    refresh(connection, as_of=rewound, source="测试", townships=set())
    days = calendar(*as_ofs, rewound)
    assert stored(connection) == expected([row for row in rows if row["opened_on"] <= as_ofs[1]], days)
