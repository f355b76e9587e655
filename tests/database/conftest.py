"""A county with random cases, tasks and indicators, for recounts."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from database import tables
from database.contract import upgrade
from database.engine import writing_engine
from tests.conftest import COUNTY, TOWNSHIPS

STREAMS = ("petition_backlog", "petition", "dispute", "event", "appeal", "risk", "litigation")
PLATFORMS = (None, "综治工作", "市场监管", "矛调中心")
METHODS = ("问题解决到位", "调解协议", "听证终结", "涉法涉诉终结")
FIRST, LAST = date(2019, 1, 7), date(2020, 8, 31)

Row = dict[str, Any]


def random_cases(seed: int, *, count: int = 400, regions: tuple[str, ...] = (COUNTY, *TOWNSHIPS)) -> list[Row]:
    """Cases of 1 to 3 episodes that do not overlap; some open, overdue, reopened on the day of the close."""
    rng = random.Random(seed)
    rows = []
    for number in range(count):
        stream = rng.choice(STREAMS)
        case = {"township_code": rng.choice(regions), "case_no": f"甲{number:05d}", "stream": stream,
                "platform": rng.choice(PLATFORMS), "is_repeat": rng.random() < 0.2,
                "campaign_code": "BRGJ" if stream == "petition_backlog" and rng.random() < 0.5 else None}  # fmt: skip
        if stream == "petition" and rng.random() < 0.2:
            case["repeat_of"] = f"甲{rng.randrange(count):05d}"
        rows += _episodes(rng, case)
    return rows


def _episodes(rng: random.Random, case: Row) -> list[Row]:
    rows: list[Row] = []
    opened = first = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
    for episode in range(1, rng.choice((1, 1, 2, 3)) + 1):
        closed = opened + timedelta(days=rng.choice((0, 1, 20, 60, 200)))
        is_open = rng.random() < 0.3 or closed > LAST
        rows.append(case | {
            "episode": episode, "opened_on": opened, "first_opened_on": first,
            "closed_on": None if is_open else closed,
            "closing_method": None if is_open else rng.choice(METHODS),
            "lead_department_code": rng.choice((None, None, "D01")),
            "due_on": rng.choice((None, opened + timedelta(days=rng.randrange(90)))),
            "accept_due_on": opened + timedelta(days=15),
            "accepted_on": rng.choice((None, opened + timedelta(days=rng.randrange(30)))),
            "satisfaction": None if is_open else rng.choice((None, 1, 2, 3)),
        })  # fmt: skip
        if is_open:
            break
        opened = closed + timedelta(days=rng.choice((0, 1, 30)))
        if opened > LAST:
            break
    return rows


@pytest.fixture
def insert(connection: Connection) -> Callable[[str, list[Row]], None]:
    """Insert many rows at once; columns that a row lacks are null."""
    return inserting(connection)


def inserting(connection: Connection) -> Callable[[str, list[Row]], None]:
    """Return what inserts many rows at once."""

    def rows_into(table: str, rows: list[Row]) -> None:
        columns = {name for row in rows for name in row}
        full = [{name: row.get(name) for name in columns} for row in rows]
        connection.execute(tables.METADATA.tables[table].insert(), full)

    return rows_into


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Any) -> str:
    """The address of an empty database of its own, on either engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/own.db"
    own: str = request.getfixturevalue("own_postgresql_url")
    return own


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """A writing engine on an empty database of the newest contract."""
    upgrade(url)
    engine = writing_engine(url)
    yield engine
    engine.dispose()
