"""A county multiplied inside PostgreSQL holds what a refresh of its cases stores; wrong counts are told."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from benchmarks.multiplied import COUNTED, OF_CASES, WronglyMultiplied, multiply
from database.refresh import refresh
from database.tables import backlog_states, case_departments, cases
from tests.conftest import COUNTY
from tests.database.conftest import LAST, random_cases

TIMES, COPIES = 3, ("", "-2", "-3")
pytestmark = pytest.mark.parametrize("connection", ["postgresql"], indirect=True)


@pytest.fixture
def counted(connection: Connection, county: str) -> Connection:
    """A county with cases of all streams, two departments involved in each, before any refresh."""
    rows = random_cases(17, count=150)
    columns = {name for row in rows for name in row}
    connection.execute(cases.insert(), [{name: row.get(name) for name in columns} for row in rows])
    for code in ("D01", "D02"):
        c = sa.select(cases.c.township_code, cases.c.case_no, cases.c.episode, sa.literal(code))
        connection.execute(case_departments.insert().from_select(list(case_departments.c), c))
    return connection


def test_what_is_multiplied_is_what_a_refresh_stores(counted: Connection) -> None:
    refresh(counted, as_of=LAST, source="x")
    before = shape(counted)
    multiply(counted, TIMES)
    after, multiplied = shape(counted), stored(counted)
    assert after == {name: (rows * TIMES, *keys) for name, (rows, *keys) in before.items()}
    assert all(multiplied.values())
    refresh(counted, as_of=LAST, source="x")
    assert stored(counted) == multiplied
    number, of = cases.c.case_no, cases.c.repeat_of
    repeats = {row.case_no: row.repeat_of for row in counted.execute(sa.select(number, of).where(of.is_not(None)))}
    known = {name: repeated for name, repeated in repeats.items() if "-" not in name}
    assert (
        repeats == {f"{name}{copy}": f"{repeated}{copy}" for name, repeated in known.items() for copy in COPIES} != {}
    )


def test_counts_that_are_not_those_of_the_cases_are_told(counted: Connection) -> None:
    key = {"region_code": COUNTY, "stream": "event", "platform": "", "day": LAST}
    counts = {column.name: 1 for column in backlog_states.c if not column.primary_key}
    counted.execute(backlog_states.insert(), key | counts)
    with pytest.raises(WronglyMultiplied):
        multiply(counted, TIMES)


def stored(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the tables of counts."""
    return {
        table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
        for table in COUNTED
    }


def shape(connection: Connection) -> dict[str, tuple[Any, ...]]:
    """Return rows, primary key and indexes of the tables of cases."""
    inspector = sa.inspect(connection)
    return {
        table.name: (
            connection.scalar(sa.select(sa.func.count()).select_from(table)),
            inspector.get_pk_constraint(table.name),
            inspector.get_indexes(table.name),
        )
        for table in OF_CASES
    }
