"""A refresh of what was touched leaves the same tables as a refresh of everything."""

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.months import months_between
from analysis.standings import draw_seed
from database import tables
from database.kpis import COMPUTED
from database.refresh import refresh
from queries.releases import newest_release
from tests.conftest import COUNTY, TOWNSHIPS
from tests.database.conftest import FIRST, random_cases

DERIVED = ("backlog_states", "case_months", "case_groups", "department_months", "kpi_values", "kpi_scores")


def snapshot(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    for name in DERIVED:
        table = tables.METADATA.tables[name]
        rows = connection.execute(sa.select(table).order_by(*table.primary_key)).all()
        found[name] = [tuple(row) for row in rows]
    return found


@pytest.fixture
def assessed(connection: Connection, county: str, add: Callable[..., None]) -> None:
    """Computed and reported indicators under a scheme with and without ends, and task reports."""
    rng = random.Random(9)
    ends: dict[str, float | None]
    for number, source in enumerate(COMPUTED):
        is_count = source == "disputes_opened"
        add("kpis", {"code": f"K{number:02d}", "computed_from": source, "unit": "件" if is_count else "%",
                     "kind": "count" if is_count else "proportion", "direction": "neutral" if is_count else "higher",
                     "period": "state" if source.startswith(("backlog", "villages")) else "flow"})  # fmt: skip
        ends = {"goal": 100, "floor": 50} if number % 2 else {"goal": None, "floor": None}
        add("kpi_weights", {"region_code": COUNTY, "scheme": "S", "kpi_code": f"K{number:02d}", "weight": 5, **ends})
    add("kpis", {"code": "R", "unit": "分", "kind": "score", "direction": "higher", "period": "state"})
    add("kpi_weights", {"region_code": COUNTY, "scheme": "S", "kpi_code": "R", "weight": 10, "goal": 100, "floor": 60})
    add("schemes", {"code": "S", "valid_from": date(2020, 4, 1)})
    for month in months_between(date(2019, 6, 1), date(2020, 8, 1)):
        for township in TOWNSHIPS:
            add("kpi_values", {"region_code": township, "kpi_code": "R", "month": month, "value": rng.uniform(50, 100)})
            add("task_progress", {"region_code": township, "task_code": "T", "month": month, "planned_pct": 50,
                                  "actual_pct": rng.choice((None, 40, 60)), "reported_on": month})  # fmt: skip


def test_a_limited_refresh_leaves_what_a_whole_one_leaves(
    connection: Connection, assessed: None, insert: Callable[..., None]
) -> None:
    rows = random_cases(21)
    late = [row for row in rows if row["township_code"] == TOWNSHIPS[1] and row["opened_on"] >= date(2020, 2, 20)]
    involved = [{**{name: row[name] for name in ("township_code", "case_no", "episode")}, "department_code": "D01"}
                for row in rows]  # fmt: skip
    insert("cases", [row for row in rows if row not in late])
    insert("case_departments", [own for own, row in zip(involved, rows, strict=True) if row not in late])
    refresh(connection, as_of=date(2020, 5, 20), source="测试")
    insert("cases", late)
    insert("case_departments", [own for own, row in zip(involved, rows, strict=True) if row in late])
    since = min(row["opened_on"] for row in late)
    repeated = {row.get("repeat_of") for row in late} - {None}
    origins = {row["township_code"] for row in rows if row["case_no"] in repeated}
    refresh(connection, as_of=date(2020, 8, 12), source="测试", since=since, townships={TOWNSHIPS[1], *origins})
    refresh(connection, as_of=date(2020, 8, 31), source="测试", townships=())
    limited = snapshot(connection)
    assert min(len(rows) for rows in limited.values()) == 15  # three townships, five scored months
    refresh(connection, as_of=date(2020, 8, 31), source="测试")
    assert snapshot(connection) == limited


def test_the_first_release_after_an_upgrade_fills_the_months_that_came_with_it(
    connection: Connection, county: str, insert: Callable[..., None]
) -> None:
    insert("cases", random_cases(5, count=60))
    refresh(connection, as_of=date(2020, 8, 31), source="测试")
    whole = snapshot(connection)["case_months"]
    connection.execute(tables.case_months.delete())
    refresh(connection, as_of=date(2020, 8, 31), source="测试", townships=())
    assert snapshot(connection)["case_months"] == whole != []


def test_a_refresh_of_the_same_rows_changes_nothing_but_the_release(
    connection: Connection, assessed: None, insert: Callable[..., None]
) -> None:
    insert("cases", random_cases(30, count=100))
    assert refresh(connection, as_of=date(2020, 8, 31), source="甲", note="乙", rows={"cases": 3}) == 1
    first = snapshot(connection)
    assert refresh(connection, as_of=date(2020, 8, 31), source="丙") == 2
    assert snapshot(connection) == first
    r = tables.data_releases.c
    release = connection.execute(sa.select(r.as_of, r.source, r.note, r.rows).where(r.id == 1)).one()
    assert tuple(release) == (date(2020, 8, 31), "甲", "乙", {"cases": 3})


def test_a_release_names_the_days_of_the_past_that_it_tells_otherwise(
    connection: Connection, county: str, insert: Callable[..., None]
) -> None:
    """A case closed on 15 May is closed on 3 May after all: the Sundays of 3 and 10 May. Later rows restate nothing."""

    def restated() -> list[list[str]]:
        return connection.scalar(sa.select(tables.data_releases.c.restated).order_by(tables.data_releases.c.id.desc()))

    one = {"township_code": TOWNSHIPS[0], "case_no": "A1", "episode": 1, "stream": "petition_backlog",
           "opened_on": date(2020, 4, 1), "due_on": date(2020, 8, 1), "closed_on": date(2020, 5, 15)}  # fmt: skip
    insert("cases", [one])
    refresh(connection, as_of=date(2020, 5, 31), source="测试")
    assert restated() == [], "the first"
    insert("cases", [{**one, "case_no": "A2", "opened_on": date(2020, 6, 3), "closed_on": None}])
    refresh(connection, as_of=date(2020, 6, 30), source="测试")
    assert restated() == [], "only new days"
    corrected = tables.cases.update().where(tables.cases.c.case_no == "A1").values(closed_on=date(2020, 5, 3))
    connection.execute(corrected)
    refresh(connection, as_of=date(2020, 6, 30), source="测试")
    (stretch,) = restated()
    assert stretch == ["2020-05-03", "2020-05-10"]
    assert newest_release(connection).restates(date(2020, 5, 10))
    assert not newest_release(connection).restates(date(2020, 4, 30))
    assert not newest_release(connection).restates(date(2020, 6, 30))


def test_the_first_refresh_is_whole_whatever_it_is_limited_to(
    connection: Connection, assessed: None, insert: Callable[..., None]
) -> None:
    insert("cases", random_cases(31, count=50))
    refresh(connection, as_of=date(2020, 8, 31), source="测试", since=date(2020, 8, 1), townships={TOWNSHIPS[0]})
    days = connection.scalars(sa.select(tables.backlog_states.c.region_code).distinct())
    assert {*TOWNSHIPS, COUNTY} <= set(days)


def test_a_county_without_cases_still_gets_a_release(connection: Connection, county: str) -> None:
    assert refresh(connection, as_of=FIRST, source="测试") == 1
    assert snapshot(connection) == {name: [] for name in DERIVED}


def test_progress_is_told_to_the_end(connection: Connection, assessed: None, insert: Callable[..., None]) -> None:
    insert("cases", random_cases(32, count=20))
    told: list[tuple[str, int, int]] = []
    refresh(connection, as_of=date(2020, 4, 30), source="测试", progress=lambda *step: told.append(step))
    assert told[-1][1] == told[-1][2] > 1
    assert len({step for step, _, _ in told}) == 2


def test_a_month_is_scored_under_the_scheme_of_its_last_day(
    connection: Connection, assessed: None, insert: Callable[..., None], add: Callable[..., None]
) -> None:
    connection.execute(tables.schemes.update().values(valid_to=date(2020, 7, 30)))
    add("schemes", {"code": "S2", "valid_from": date(2020, 7, 31)})
    add("kpi_weights", {"region_code": COUNTY, "scheme": "S2", "kpi_code": "R", "weight": 1, "goal": 100, "floor": 0})
    refresh(connection, as_of=date(2020, 8, 31), source="测试")
    s, v = tables.kpi_scores.c, tables.kpi_values.c
    schemes = dict(tuple(row) for row in connection.execute(sa.select(s.month, s.scheme)))
    assert (schemes[date(2020, 6, 1)], schemes[date(2020, 7, 1)], schemes[date(2020, 8, 1)]) == ("S", "S2", "S2")
    july = (s.month == date(2020, 7, 1), s.region_code == TOWNSHIPS[0])
    value = connection.scalar(sa.select(v.value).where(v.kpi_code == "R", v.month == date(2020, 7, 1),
                                                       v.region_code == TOWNSHIPS[0]))  # fmt: skip
    assert connection.scalar(sa.select(s.score).where(*july)) == pytest.approx(60 + 0.4 * float(value or 0))


def test_a_figure_published_after_the_as_of_day_does_not_count(
    connection: Connection, assessed: None, add: Callable[..., None]
) -> None:
    values, s = tables.kpi_values, tables.kpi_scores.c
    connection.execute(values.update().where(values.c.month == date(2020, 7, 1)).values(published_on=date(2020, 8, 20)))
    covered = sa.select(s.coverage).where(s.month == date(2020, 7, 1), s.region_code == TOWNSHIPS[0])
    refresh(connection, as_of=date(2020, 8, 19), source="测试")
    before = connection.scalar(covered)
    refresh(connection, as_of=date(2020, 8, 20), source="测试")
    assert float(connection.scalar(covered) or 0) > float(before or 0)


def test_the_seed_of_a_draw_depends_on_scheme_and_month_alone() -> None:
    assert draw_seed("S2020", date(2020, 8, 1)) == 411_601_049
    assert draw_seed("S2020", date(2020, 7, 1)) != draw_seed("S2020", date(2020, 8, 1))
