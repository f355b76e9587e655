"""Several counties under a city: what concerns one leaves the others' rankings alone, and all as a recount would."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.months import months_between
from analysis.scope import Scope
from database import scores, tables
from database.load import load
from database.loading.files import Upload
from database.refresh import refresh
from queries.rankings import kpi_table
from queries.tasks import task_matrix, task_summary
from tests.conftest import COUNTY, TOWNSHIPS, add_county, adding, taken_back
from tests.database.conftest import Row, inserting, random_cases
from tests.database.test_refresh import snapshot

COUNTIES = {COUNTY: TOWNSHIPS, "330824": ("330824001", "330824002"), "330825": ("330825001", "330825002")}
TOWNS = tuple(town for towns in COUNTIES.values() for town in towns)
AS_OF = date(2020, 8, 20)
MONTHS = months_between(date(2019, 10, 1), date(2020, 7, 1))


@pytest.fixture
def connection(kept: Connection) -> Iterator[Connection]:
    with taken_back(kept) as connection:
        yield connection


@pytest.fixture(scope="module")
def city(kept: Connection) -> None:
    """Three counties with cases, reports and a scheme that implies its ends, released as of 20 August."""
    add, insert = adding(kept), inserting(kept)
    add_county(add)
    rng = random.Random(4)
    add("regions", {"code": "33", "level": "province", "name": "省"},
        {"code": "3308", "level": "city", "name": "市", "parent_code": "33"})  # fmt: skip
    kept.execute(tables.regions.update().where(tables.regions.c.code == COUNTY).values(parent_code="3308"))
    for code, towns in list(COUNTIES.items())[1:]:
        add("regions", {"code": code, "level": "county", "name": code, "parent_code": "3308"})
        add("regions", *({"code": t, "level": "township", "name": t, "parent_code": code} for t in towns))
    add("schemes", {"code": "S", "valid_from": date(2020, 5, 1)})
    add("tasks", {"code": "T"})
    about = {"K": ("backlog_resolution_rate", "proportion", "%"), "D": ("disputes_opened", "count", "件"),
             "T": ("tasks_on_schedule", "proportion", "%"), "R": (None, "score", "分"),
             "C": (None, "count", "件")}  # fmt: skip
    for code, (source, kind, unit) in about.items():
        add("kpis", {"code": code, "computed_from": source, "kind": kind, "unit": unit, "direction": "higher",
                     "period": "flow" if code == "D" else "state"})  # fmt: skip
        weights = [{"region_code": each, "scheme": "S", "kpi_code": code, "weight": 5} for each in COUNTIES]
        add("kpi_weights", *(row | ({"goal": 100, "floor": 0} if code == "K" else {}) for row in weights))
    insert("kpi_values", [{"region_code": town, "kpi_code": "R", "month": month, "value": rng.uniform(50, 100),
                           "published_on": None} for town in TOWNS for month in MONTHS])  # fmt: skip
    count = {"kpi_code": "C", "month": MONTHS[-1], "numerator": 2}
    later = {
        town: AS_OF + timedelta(60 * number) for number, town in enumerate(TOWNS)
    }  # of the first alone it is known
    insert("kpi_values", [count | {"region_code": town, "published_on": day} for town, day in later.items()])
    insert("task_progress", [report(rng, region, month) for region in (*COUNTIES, *TOWNS) for month in MONTHS])
    insert("cases", random_cases(7, count=150, regions=(*COUNTIES, *TOWNS)))
    refresh(kept, as_of=AS_OF, source="测试")


def report(rng: random.Random, region: str, month: date) -> Row:
    return {"region_code": region, "task_code": "T", "month": month, "planned_pct": rng.choice((30, 60)),
            "actual_pct": rng.choice((None, 20, 55.5, 100)),
            "reported_on": rng.choice((None, *(month + timedelta(days) for days in (24, 30, 33, 50))))}  # fmt: skip


@pytest.fixture
def ranked(city: None, monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, date]]:
    """The counties ranked since, by month."""
    seen: set[tuple[str, date]] = set()
    real = scores._write_month

    def spy(connection: Connection, scheme: str, month: date, county: str, *rest: Any) -> None:
        seen.add((county, month))
        real(connection, scheme, month, county, *rest)

    monkeypatch.setattr(scores, "_write_month", spy)
    return seen


def given(table: str, *rows: Row) -> Upload:
    return Upload(f"{table}.csv", pd.DataFrame(rows).to_csv(index=False).encode())


def new_case(town: str, opened: date) -> Row:
    return {"township_code": town, "case_no": f"新{town}", "episode": 1, "stream": "petition_backlog",
            "opened_on": opened}  # fmt: skip


def assert_recounted(connection: Connection, as_of: date) -> None:
    limited = snapshot(connection) | totals(connection)
    refresh(connection, as_of=as_of, source="重算")
    assert snapshot(connection) | totals(connection) == limited
    assert all(len(rows) > 50 for rows in totals(connection).values())


def totals(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    every = (tables.kpi_totals, tables.task_totals)
    return {table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in every}  # fmt: skip


def test_a_correction_ranks_its_own_county_from_its_month_on(
    connection: Connection, ranked: set[tuple[str, date]]
) -> None:
    load(connection, [given("cases", new_case("330824001", date(2020, 6, 3)))], as_of=AS_OF, today=AS_OF)
    assert ranked == {("330824", date(2020, 6, 1)), ("330824", date(2020, 7, 1))}
    load(connection, [given("kpi_values", {"region_code": TOWNSHIPS[0], "kpi_code": "R", "month": "2020-07-01",
                                           "value": 99})], as_of=AS_OF, today=AS_OF)  # fmt: skip
    assert {county for county, month in ranked if month == date(2020, 7, 1)} == {"330824", COUNTY}
    assert_recounted(connection, AS_OF)


def test_a_new_day_ranks_no_county_and_a_new_month_all(connection: Connection, ranked: set[tuple[str, date]]) -> None:
    day, end = date(2020, 8, 24), date(2020, 9, 2)
    load(connection, [given("cases", new_case("330824001", date(2020, 8, 21)))], as_of=day, today=day)
    assert not ranked, "no month of the case is complete"
    load(connection, [given("cases", new_case("330824002", date(2020, 7, 9)))], as_of=end, today=end)
    assert ranked == {("330824", date(2020, 7, 1)), *((county, date(2020, 8, 1)) for county in COUNTIES)}
    assert_recounted(connection, end)


DAYS = (date(2020, 6, 30), date(2020, 7, 14), date(2020, 8, 2), date(2020, 8, 19), AS_OF, date(2020, 9, 2))


def test_what_is_stored_of_a_city_is_what_adding_up_its_townships_gives_on_every_day(
    connection: Connection, city: None
) -> None:
    late = report(random.Random(1), "330825001", date(2020, 6, 1))
    late |= {"actual_pct": 90, "reported_on": date(2020, 8, 15)}
    load(connection, [given("task_progress", late)], as_of=AS_OF, today=AS_OF)
    assert_recounted(connection, AS_OF)
    scopes = [Scope(day, frozenset(TOWNS), region=region) for day in DAYS for region in ("33", "3308", COUNTY)]
    scopes.append(replace(scopes[1], townships=frozenset(COUNTIES["330824"])))
    asked = [(read, scope) for scope in scopes for read in (task_matrix, task_summary, kpi_table)]
    stored = [read(connection, scope) for read, scope in asked]
    connection.execute(tables.kpi_totals.delete())
    connection.execute(tables.task_totals.delete())
    for (read, scope), frame in zip(asked, stored, strict=True):
        assert len(frame)
        told = f"{read.__name__} {scope.region} {scope.as_of}"
        pd.testing.assert_frame_equal(frame, read(connection, scope), obj=told)
