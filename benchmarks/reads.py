"""Every public read function at several sizes, on SQLite and PostgreSQL, beside a round trip that reads nothing."""

import importlib
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import Connection

import queries
from analysis.ledger import CaseFilter
from analysis.scope import Scope
from benchmarks.databases import county
from benchmarks.measure import Figure, figure
from benchmarks.options import Options
from database.engine import reading_engine
from database.tables import cases, regions

STORED_DAY, OTHER_DAY = date(2020, 8, 31), date(2020, 8, 27)
LIMITS_MS = {STORED_DAY: 50.0, OTHER_DAY: 300.0}
"""Of a county and what lies in it."""
STREAMS = ("petition_backlog", "event")
"""The one that pages open with, and the largest."""
TOWNSHIP = "330822108"
SLOW_MS = 2_000.0
"""A read that takes longer is not repeated as often."""
PARTS_OF_READS = frozenset({"is_looking", "is_settled", "ledger_places", "one_look", "township_codes", "whole_set"})
WITHOUT_A_SIZE = frozenset({"each_case", "what_if_standings"})
"""One streams the whole ledger for as long as it is, the other asks for weights that a user moves."""

Read = Callable[..., Any]


class County(NamedTuple):
    """A demo to read: engine, number of cases and of townships."""

    engine: str
    cases: int
    townships: int

    def __str__(self) -> str:
        return f"{self.engine} {self.cases:,} cases, {self.townships} townships"


COUNTIES = (
    County("sqlite", 10_000, 14),
    County("sqlite", 1_000_000, 14),
    County("sqlite", 1_000_000, 98),
    County("postgresql", 1_000_000, 14),
    County("postgresql", 1_000_000, 98),
    County("postgresql", 10_000_000, 14),
)


def figures(options: Options) -> Iterator[Figure]:
    """Measure every read in every county that is asked for."""
    for one in COUNTIES:
        if one.engine in options.engines and one.cases <= options.most_cases:
            with county(one.engine, one.cases, townships=one.townships) as url:
                engine = reading_engine(url)
                with engine.connect() as connection:
                    yield from _in_county(connection, one, options.rounds)
                engine.dispose()


def public_reads() -> dict[str, Read]:
    """Return what can be fetched: functions of queries/ that take a connection and, most, a scope."""
    found = {}
    for module in pkgutil.iter_modules(queries.__path__):
        for name, member in vars(importlib.import_module(f"queries.{module.name}")).items():
            is_own = inspect.isfunction(member) and member.__module__ == f"queries.{module.name}"
            if is_own and not name.startswith("_") and _can_be_asked(member):
                found[name] = member
    return {name: read for name, read in sorted(found.items()) if name not in PARTS_OF_READS | WITHOUT_A_SIZE}


def _can_be_asked(read: Read) -> bool:
    parameters = list(inspect.signature(read).parameters.values())
    if not parameters or parameters[0].name != "connection":
        return False
    own = [one.name for one in parameters[1:] if one.default is one.empty]
    return set(own) <= {"scope", *GIVEN}


GIVEN: dict[str, Callable[[Connection], object]] = {
    "task": lambda connection: "T01",
    "case_no": lambda connection: connection.scalar(
        sa.select(cases.c.case_no).where(cases.c.township_code == TOWNSHIP).limit(1)
    ),
    "group": lambda connection: "lead_department_code",
    "where": lambda connection: CaseFilter(),
}


def _in_county(connection: Connection, one: County, rounds: int) -> Iterator[Figure]:
    floor = [_ms(lambda: connection.execute(sa.select(sa.literal(1))).all()) for _ in range(20 * rounds)]
    known = frozenset(connection.scalars(sa.select(regions.c.code).where(regions.c.level == "township")))
    own = frozenset(connection.scalars(_of_county(TOWNSHIP)))
    places = {f"{len(known)} townships": known, "one county": own, "one township": frozenset({TOWNSHIP})}
    if own == known:
        del places["one county"]
    for name, read in public_reads().items():
        wanted = inspect.signature(read).parameters
        given = {key: value(connection) for key, value in GIVEN.items() if key in wanted}
        if "scope" not in wanted:
            times = _times(partial(read, connection, **given), rounds)
            yield figure(f"{one}: {name}", "ms", times, floor=floor, limit=LIMITS_MS[STORED_DAY])
            continue
        for day, limit in LIMITS_MS.items():
            for place, codes in places.items():
                times = _worst(connection, read, Scope(day, codes), given, rounds)
                said = f"{one}: {name}, {place}, {'stored' if day == STORED_DAY else 'other'} day"
                yield figure(said, "ms", times, floor=floor, limit=limit if codes <= own else None)


def _of_county(township: str) -> sa.Select[tuple[str]]:
    """Select the townships of the same county."""
    county = sa.select(regions.c.parent_code).where(regions.c.code == township).scalar_subquery()
    return sa.select(regions.c.code).where(regions.c.level == "township", regions.c.parent_code == county)


def _worst(connection: Connection, read: Read, scope: Scope, given: dict[str, Any], rounds: int) -> list[float]:
    """Return the times of the stream that takes longer."""
    of_streams = [
        _times(partial(read, connection, replace(scope, stream=stream), **given), rounds) for stream in STREAMS
    ]
    return max(of_streams, key=lambda times: sorted(times)[len(times) // 2])


def _times(read: Callable[[], object], rounds: int) -> list[float]:
    """Return milliseconds of a warm read."""
    first = _ms(read)
    return [_ms(read) for _ in range(rounds if first < SLOW_MS else 1)]


def _ms(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    read()
    return (time.perf_counter() - began) * 1000
