"""What the reads of regions above the county cost, beside the same figures asked for township by township.

Demos of 98 townships in 6 counties and of 1,400 in 90 counties and 9 cities, the latter made in minutes and kept. The
region at the top is asked for, its children compared, on a stored day and on another.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection

from analysis.scope import Scope
from benchmarks.databases import county
from benchmarks.measure import Figure, figure
from benchmarks.options import Options
from database.engine import reading_engine
from queries import backlog, rankings, tasks
from queries.regions import townships
from queries.units import region_nodes

STORED, BETWEEN = date(2020, 8, 31), date(2020, 8, 28)
DEMOS = ((98, 210_000), (1_400, 300_000))
"""Townships and cases."""
LIMITS_MS = {STORED: 50.0, BETWEEN: 300.0}
READS: tuple[Callable[..., Any], ...] = (
    backlog.backlog_at, backlog.backlog_by_week, backlog.backlog_by_month, backlog.ageing, tasks.task_matrix,
    tasks.task_summary, rankings.kpi_table,
)  # fmt: skip


def figures(options: Options) -> Iterator[Figure]:
    """Return the milliseconds of each read: the processor's on SQLite, which runs in this process, else the clock's."""
    for engine in options.engines:
        for places, cases in DEMOS:
            if cases > options.most_cases:
                continue
            with county(engine, cases, townships=places) as url:
                reading = reading_engine(url)
                with reading.connect() as connection:
                    for one in _of_demo(connection, options.rounds):
                        yield figure(f"{engine}, {places} townships: {one[0]}", "ms", one[1], limit=one[2])
                reading.dispose()


def _of_demo(connection: Connection, rounds: int) -> Iterator[tuple[str, list[float], float | None]]:
    """Yield what is measured, its times and its limit; township by township there is none."""
    top = str(region_nodes(connection)["code"].iloc[0])
    codes = frozenset(townships(connection)["code"])
    for read in READS:
        for day, limit in LIMITS_MS.items():
            times = _times(connection, read, Scope(day, codes, region=top), rounds)
            yield f"{read.__name__}, by region, {'stored' if day == STORED else 'other'} day", times, limit
        yield f"{read.__name__}, by township", _times(connection, read, Scope(STORED, codes), rounds), None


def _times(connection: Connection, read: Callable[..., Any], scope: Scope, rounds: int) -> list[float]:
    clock = time.process_time if connection.dialect.name == "sqlite" else time.perf_counter
    read(connection, scope)
    found = []
    for _ in range(rounds):
        began = clock()
        read(connection, scope)
        found.append((clock() - began) * 1000)
    return found
