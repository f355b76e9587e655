"""A small tree worked by hand: a city of two counties, and a decoy county under another city of the same province."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection

from analysis.scope import Scope
from database import tables
from queries.backlog import ageing, backlog_at, backlog_by_week, campaign_at
from queries.rankings import kpi_table, ranking
from queries.regions import whole_counties, whole_set
from queries.tasks import task_matrix, task_summary
from queries.units import region_nodes, units
from tests.database.conftest import random_cases

PROVINCE, CITY, OTHER_CITY = "99", "9901", "9902"
EAST, WEST, DECOY = "990101", "990102", "990201"
E1, E2, W1, D1 = "990101001", "990101002", "990102001", "990201001"
AS_OF = date(2020, 8, 31)
TREE = ((PROVINCE, None, "province"), (CITY, PROVINCE, "city"), (OTHER_CITY, PROVINCE, "city"), (EAST, CITY, "county"),
        (WEST, CITY, "county"), (DECOY, OTHER_CITY, "county"), (E1, EAST, "township"), (E2, EAST, "township"),
        (W1, WEST, "township"), (D1, DECOY, "township"), ("990101001001", E1, "village"))  # fmt: skip
Add = Callable[..., None]


def _case(number: str, township: str, opened: date, closed: date | None = None, **other: Any) -> dict[str, Any]:
    return {"township_code": township, "case_no": number, "episode": 1, "stream": "petition_backlog",
            "opened_on": opened, "first_opened_on": opened, "closed_on": closed, **other}  # fmt: skip


@pytest.fixture
def tree(add: Add) -> None:
    add("regions", *({"code": code, "parent_code": parent, "level": level, "name": f"演示{code}", "sort_order": i}
                     for i, (code, parent, level) in enumerate(TREE)))  # fmt: skip
    add("campaigns", {"code": "C", "name": "攻坚", "starts_on": date(2020, 8, 1), "ends_on": date(2020, 9, 30)})
    add(
        "cases",
        _case("1", E1, date(2020, 8, 3), date(2020, 8, 20), campaign_code="C"),
        _case("2", E2, date(2020, 8, 4), due_on=date(2020, 8, 25), campaign_code="C"),
        _case("3", EAST, date(2020, 8, 5), lead_department_code="D1"),  # 县本级 of the east
        _case("4", W1, date(2020, 8, 6), date(2020, 8, 27)),
        _case("5", W1, date(2020, 8, 26), lead_department_code="D1"),
        _case("6", D1, date(2020, 8, 3), due_on=date(2020, 8, 10), campaign_code="C"),
        _case("7", D1, date(2020, 8, 12), date(2020, 8, 13), stream="event"),
    )


def _scope(region: str, townships: tuple[str, ...] = (E1, E2, W1, D1), as_of: date = AS_OF) -> Scope:
    return Scope(as_of, frozenset(townships), region=region)


def _counts(connection: Connection, scope: Scope) -> dict[str, tuple[int, ...]]:
    frame = backlog_at(connection, scope, with_county=True)
    rows = frame[["township_code", "opened", "closed", "open", "overdue", "department_opened"]]
    return {row[0]: row[1:] for row in rows.itertuples(index=False, name=None)}


@pytest.mark.parametrize("as_of", [AS_OF, date(2020, 8, 28)])  # stored, and some days after a stored one
def test_a_city_compares_its_counties_each_with_all_that_lies_in_it(
    connection: Connection, tree: None, release: Callable[..., int], as_of: date
) -> None:
    release(AS_OF)
    assert _counts(connection, _scope(CITY, as_of=as_of)) == {EAST: (3, 1, 2, 1, 1), WEST: (2, 1, 1, 0, 1)}
    assert _counts(connection, _scope(OTHER_CITY, as_of=as_of)) == {DECOY: (1, 0, 1, 1, 0)}


def test_between_stored_days_what_was_touched_is_added_to_the_region_above(
    connection: Connection, tree: None, release: Callable[..., int]
) -> None:
    release(AS_OF)  # stored before the 26th: Sunday the 23rd
    day = date(2020, 8, 26)
    assert _counts(connection, _scope(CITY, as_of=day)) == {EAST: (3, 1, 2, 1, 1), WEST: (2, 0, 2, 0, 1)}


def test_a_province_compares_its_cities_and_a_county_its_townships(
    connection: Connection, tree: None, release: Callable[..., int]
) -> None:
    release(AS_OF)
    assert _counts(connection, _scope(PROVINCE)) == {CITY: (5, 2, 3, 1, 2), OTHER_CITY: (1, 0, 1, 1, 0)}
    assert _counts(connection, _scope(EAST, (E1, E2))) == {
        E1: (1, 1, 0, 0, 0), E2: (1, 0, 1, 1, 0), EAST: (1, 0, 1, 0, 1)
    }  # fmt: skip


def test_a_region_comes_back_only_where_all_of_its_townships_are_asked_for(connection: Connection, tree: None) -> None:
    assert units(connection, _scope(CITY)).codes == [EAST, WEST]
    assert units(connection, _scope(CITY, (E1, W1))).codes == [WEST]
    assert units(connection, _scope(PROVINCE, (E1, W1, D1))).codes == [OTHER_CITY]
    assert units(connection, replace(_scope(CITY, (E1,)), region=None)).codes == [E1]
    assert units(connection, _scope(CITY)).parts == {EAST: EAST, E1: EAST, E2: EAST, WEST: WEST, W1: WEST}


def test_the_whole_set_of_a_region_is_every_township_in_it(connection: Connection, tree: None) -> None:
    assert whole_set(connection, _scope(CITY, (E1,))) == [E1, E2, W1]
    assert whole_set(connection, _scope(PROVINCE, ())) == [E1, E2, W1, D1]
    assert whole_set(connection, _scope(EAST, ())) == [E1, E2]


def test_only_a_county_is_whole_with_its_townships(connection: Connection, tree: None) -> None:
    assert whole_counties(connection, [EAST, E1, E2, D1]) == {EAST: [E1, E2], DECOY: [D1]}
    assert whole_counties(connection, [E1, W1]) == {WEST: [W1]}


def test_a_department_and_a_campaign_are_counted_and_added_up_the_tree(
    connection: Connection, tree: None, release: Callable[..., int]
) -> None:
    release(AS_OF)
    own = replace(_scope(CITY), department="D1")
    assert _counts(connection, own) == {EAST: (1, 0, 1, 0, 1), WEST: (1, 0, 1, 0, 1)}
    assert _counts(connection, replace(_scope(PROVINCE), campaign="C")) == {
        CITY: (2, 1, 1, 1, 0), OTHER_CITY: (1, 0, 1, 1, 0)
    }  # fmt: skip
    (campaign,) = campaign_at(connection, _scope(CITY)).to_dict("records")
    assert (campaign["opened"], campaign["closed"]) == (2, 1)
    weeks = backlog_by_week(connection, replace(_scope(PROVINCE), campaign="C"))
    assert weeks.groupby("township_code")["opened"].sum().to_dict() == {CITY: 2, OTHER_CITY: 1}


def test_weeks_and_ages_of_a_region_are_the_sums_of_what_lies_in_it(
    connection: Connection, tree: None, release: Callable[..., int]
) -> None:
    release(AS_OF)
    weeks = backlog_by_week(connection, _scope(CITY), with_county=True)
    assert weeks.groupby("township_code")[["opened", "closed"]].sum().to_dict("index") == {
        EAST: {"opened": 3, "closed": 1}, WEST: {"opened": 2, "closed": 1}
    }  # fmt: skip
    ages = ageing(connection, _scope(CITY), with_county=True)
    assert ages[ages["band"] == "0-30天"].set_index("township_code")["open"].to_dict() == {EAST: 2, WEST: 1}


def test_what_can_be_compared_is_every_region_above_the_townships(connection: Connection, tree: None) -> None:
    nodes = region_nodes(connection)
    assert nodes["code"].tolist() == [PROVINCE, CITY, OTHER_CITY, EAST, WEST, DECOY]
    assert nodes.loc[nodes["is_county"], "code"].tolist() == [EAST, WEST, DECOY]


def test_a_task_in_a_region_above_is_judged_by_the_means_of_its_cells_there(
    connection: Connection, tree: None, add: Add
) -> None:
    def report(task: str, region: str, planned: float, actual: float | None) -> None:
        key = {"task_code": task, "region_code": region, "month": date(2020, 8, 1)}
        add("task_progress", {**key, "planned_pct": planned, "actual_pct": actual, "reported_on": date(2020, 8, 20)})

    add("tasks", {"code": "T1", "number": 1, "title": "一", "scope": "township", "due_on": date(2020, 12, 31)},
        {"code": "T2", "number": 2, "title": "二", "scope": "county", "due_on": date(2020, 12, 31)})  # fmt: skip
    report("T1", E1, 60, 60)
    report("T1", E2, 60, 30)  # mean 45 of 60: 严重滞后
    report("T1", W1, 50, 46)  # 滞后
    report("T1", D1, 90, 0)
    report("T2", WEST, 40, 40)
    report("T2", DECOY, 40, 0)
    matrix = task_matrix(connection, _scope(CITY))
    rows = matrix[["task_code", "region_code", "planned_pct", "actual_pct", "light"]]
    assert [tuple(row) for row in rows.itertuples(index=False)] == [
        ("T1", EAST, 60, 45, "far_behind"), ("T1", WEST, 50, 46, "behind"), ("T2", WEST, 40, 40, "on_track")
    ]  # fmt: skip
    province = task_matrix(connection, _scope(PROVINCE)).set_index(["task_code", "region_code"])["light"]
    assert province.to_dict() == {  # 170 planned and 136 done in three townships of the first city
        ("T1", CITY): "far_behind", ("T1", OTHER_CITY): "far_behind",
        ("T2", CITY): "on_track", ("T2", OTHER_CITY): "far_behind",
    }  # fmt: skip
    whole = task_summary(connection, _scope(CITY)).set_index("task_code")
    assert whole["cells"].to_dict() == {"T1": 3, "T2": 1}


def test_the_indicators_of_a_region_are_the_sums_of_its_townships_and_no_scheme_ranks_it(
    connection: Connection, tree: None, add: Add, release: Callable[..., int]
) -> None:
    def value(region: str, month: int, numerator: float, denominator: float, kpi: str = "K11") -> None:
        add("kpi_values", {"region_code": region, "kpi_code": kpi, "month": date(2020, month, 1),
                           "numerator": numerator, "denominator": denominator})  # fmt: skip

    add("kpis", {"code": "K11", "name": "诉前", "unit": "%", "direction": "higher", "kind": "proportion",
                 "period": "flow"}, {"code": "K18", "name": "暗访", "unit": "分", "direction": "higher",
                 "kind": "score", "period": "state"})  # fmt: skip
    add("schemes", {"code": "S", "valid_from": date(2020, 1, 1)})
    add("kpi_weights", {"region_code": EAST, "scheme": "S", "kpi_code": "K11", "weight": 100, "goal": 100, "floor": 0})
    value(E1, 8, 1, 10)
    value(E2, 7, 5, 10)  # pooled: 6 of 20
    value(W1, 8, 8, 10)
    value(D1, 8, 10, 10)
    value(E1, 8, 90, 1, "K18")
    release(AS_OF)
    table = kpi_table(connection, _scope(CITY))
    rows = table[["kpi_code", "township_code", "numerator", "denominator", "value", "rank", "weight"]]
    assert [tuple(row) for row in rows.itertuples(index=False)] == [
        ("K11", EAST, 6, 20, 30, 2, 0), ("K11", WEST, 8, 10, 80, 1, 0)
    ]  # fmt: skip
    assert kpi_table(connection, _scope(CITY, (W1,)))["rank"].tolist() == [1], "a filter changes no rank"
    ranked = ranking(connection, _scope(CITY))
    assert ranked["township_code"].tolist() == [EAST, WEST]
    assert ranked["score"].isna().all()


@pytest.mark.parametrize("day", [date(2019, 11, 7), date(2020, 5, 31), date(2020, 8, 27)])
def test_random_cases_add_up_the_tree_to_a_recount_of_the_base_rows(
    connection: Connection, add: Add, release: Callable[..., int], day: date
) -> None:
    names = ("code", "parent_code", "level", "name")
    add("regions", *(dict(zip(names, (*place, place[0]), strict=True)) for place in TREE))
    rows = random_cases(11, count=150, regions=(E1, E2, EAST, W1, D1))
    connection.execute(tables.cases.insert(), rows)
    release(AS_OF)
    parents = {code: parent for code, parent, _ in TREE}
    begun = [row for row in rows if row["opened_on"] <= day]
    for stream in ("petition_backlog", "event"):
        newest = {row["case_no"]: row for row in begun if row["stream"] == stream}  # episodes come in order
        for region in (PROVINCE, CITY):
            want: Counter[str] = Counter()
            for row in newest.values():
                unit = row["township_code"]
                while unit is not None and parents[unit] != region:
                    unit = parents[unit]
                want[unit] += row["closed_on"] is None or row["closed_on"] > day
            frame = backlog_at(connection, replace(_scope(region, as_of=day), stream=stream))
            assert frame.set_index("township_code")["open"].to_dict() == {
                code: want[code] for code in units(connection, _scope(region)).codes
            }  # fmt: skip
