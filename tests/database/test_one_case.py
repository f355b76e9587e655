"""One case more or less changes exactly the townships and the indicators that it should."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from database.demo import kpis as demo
from database.refresh import refresh
from database.tables import cases, kpi_scores, kpi_values, regions
from tests.conftest import add_county, adding, taken_back
from tests.database.conftest import COUNTY, TOWNSHIPS, inserting, random_cases

FIRST, SECOND = TOWNSHIPS[:2]
AS_OF, AUGUST = date(2020, 8, 31), date(2020, 8, 1)

Picture = tuple[pd.DataFrame, pd.DataFrame]
Changes = Callable[[sa.Executable], tuple[set[tuple[str, str]], set[str]]]


def _own_case(number: str, **more: Any) -> dict[str, Any]:
    """A case in FIRST that the tests change; opened in June 2020, led by the township."""
    opened = date(2020, 6, 15)
    return {"township_code": FIRST, "case_no": number, "episode": 1, "stream": "petition_backlog",
            "opened_on": opened, "first_opened_on": opened, "is_repeat": False, **more}  # fmt: skip


@pytest.fixture
def connection(kept: Connection) -> Iterator[Connection]:
    with taken_back(kept) as connection:
        yield connection


@pytest.fixture(scope="module")
def before(kept: Connection) -> Picture:
    """A county with every indicator of the demo: cells of its indicators, and its scores."""
    add_county(adding(kept))
    insert = inserting(kept)
    insert("kpis", demo.kpis().to_dict("records"))
    insert("schemes", demo.schemes().to_dict("records"))
    insert("kpi_weights", _wide_weights())
    insert("kpi_values", [{"region_code": town, "kpi_code": kpi, "month": AUGUST, "value": 90.0}
                          for town in TOWNSHIPS for kpi in ("K11", "K18", "K19")])  # fmt: skip
    kept.execute(regions.update().where(regions.c.level == "township").values(population=20_000))
    task = {"month": AUGUST, "planned_pct": 50.0, "reported_on": AUGUST}
    tasks = [{"region_code": town, "task_code": f"T{i:02d}", "actual_pct": 45.0 + i, **task}
             for town in TOWNSHIPS for i in range(8)]  # fmt: skip
    insert("task_progress", tasks)
    villages = [{"code": f"{town}{i}", "parent_code": town, "level": "village", "name": f"{town}村{i}"}
                for town in TOWNSHIPS for i in range(6)]  # fmt: skip
    insert("regions", villages)
    insert("cases", random_cases(4, count=900))
    backlog = _own_case("积案一", due_on=date(2020, 9, 1), village_code=f"{FIRST}0")
    petition = {"stream": "petition", "closed_on": date(2020, 5, 1), "opened_on": date(2020, 4, 1)}
    insert("cases", [backlog, _own_case("部门案", lead_department_code="D01"), _own_case("初访", **petition)])
    insert("cases", [_own_case("县本级案") | {"township_code": COUNTY}])
    return _picture(kept)


@pytest.fixture
def changes(connection: Connection, before: Picture) -> Changes:
    """changes(statement) -> cells of indicators and scores that it moves."""

    def moved(statement: sa.Executable) -> tuple[set[tuple[str, str]], set[str]]:
        connection.execute(statement)
        after = _picture(connection)
        return _differing(before[0], after[0]), _differing(before[1], after[1])

    return moved


def _wide_weights() -> list[dict[str, Any]]:
    """The demo's weights with ends so wide apart that no score is clipped: any change shows."""
    lower = set(demo.kpis().query("direction == 'lower'")["code"])
    rows = demo.kpi_weights([COUNTY])[["region_code", "scheme", "kpi_code", "weight"]].to_dict("records")
    ends = {True: {"goal": 0.0, "floor": 1000.0}, False: {"goal": 100.0, "floor": 0.0}}
    return [row | ends[row["kpi_code"] in lower] for row in rows]


def _picture(connection: Connection) -> Picture:
    refresh(connection, as_of=AS_OF, source="测试")
    v, s = kpi_values.c, kpi_scores.c
    values = connection.execute(sa.select(v.kpi_code, v.region_code, v.month, v.numerator, v.denominator)).all()
    scores = connection.execute(sa.select(s.region_code, s.score, s.coverage).where(s.month == AUGUST)).all()
    assert len(scores) == len(TOWNSHIPS)
    assert None not in {row.score for row in scores}, "every township is ranked, so that a change shows"
    cells = pd.DataFrame(values, columns=["kpi", "region", "month", "x", "n"]).set_index(["kpi", "region", "month"])
    return cells, pd.DataFrame(scores, columns=["region", "score", "coverage"]).set_index("region").astype(float)


def _differing(before: pd.DataFrame, after: pd.DataFrame) -> set[Any]:
    """Return where two pictures differ, months put together."""
    both = before.index.union(after.index)
    old, new = (frame.reindex(both).astype(float).fillna(-1.0) for frame in (before, after))
    keys = both[(old != new).any(axis=1)]
    return {key[:2] if isinstance(key, tuple) else key for key in keys}


def _close(number: str, **more: Any) -> sa.Executable:
    closing = {"closed_on": date(2020, 8, 20), "closing_method": "调解协议", **more}
    return cases.update().where(cases.c.case_no == number).values(**closing)


def test_closing_a_townships_case_moves_that_township_alone(changes: Changes) -> None:
    indicators, scores = changes(_close("积案一"))
    assert indicators == {("K01", FIRST), ("K02", FIRST), ("K03", FIRST), ("K04", FIRST)}
    assert scores == {FIRST}


def test_a_departments_case_is_not_held_against_the_township(changes: Changes) -> None:
    assert changes(_close("部门案")) == (set(), set())


def test_a_case_of_the_county_itself_moves_no_township(changes: Changes) -> None:
    assert changes(_close("县本级案")) == (set(), set())


def test_a_repeat_moves_the_township_that_settled_the_first_and_the_one_that_received_it(changes: Changes) -> None:
    opened = date(2020, 5, 20)
    repeat = {"township_code": SECOND, "stream": "petition", "repeat_of": "初访", "is_repeat": True,
              "opened_on": opened, "first_opened_on": opened, "due_on": None}  # fmt: skip
    indicators, scores = changes(cases.insert().values(**_own_case("重访") | repeat))
    assert indicators == {("K07", FIRST), ("K09", SECOND), ("K20", SECOND)}
    assert scores == {FIRST, SECOND}


def test_moving_a_case_moves_both_townships(changes: Changes) -> None:
    there = {"township_code": SECOND, "village_code": f"{SECOND}0"}
    indicators, scores = changes(cases.update().where(cases.c.case_no == "积案一").values(**there))
    assert {cell for cell in indicators if cell[0] != "K04"} == {("K01", FIRST), ("K01", SECOND)}
    assert ("K04", FIRST) in indicators
    assert scores == {FIRST, SECOND}


def test_nothing_changed_is_nothing_moved(changes: Changes) -> None:
    assert changes(sa.select(1)) == (set(), set())
