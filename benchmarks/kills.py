"""kill -9 at random moments of a load and of a refresh: python -m benchmarks.kills [--times 20].

Each time a command is started on a copy of the demo county, killed after a random part of the time that it takes when
left alone, and what stands afterwards is checked: base rows and derived figures agree, and are either all those of
before or all those of after. The status is 1 where they are not.
"""

import argparse
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from database.check import check, errors
from database.demo import create_demo
from database.engine import reading_engine
from database.tables import cases, data_releases
from driver.server import ROOT

CASE = "township_code,case_no,episode,stream,opened_on\n330822111,杀{number:04d},1,petition_backlog,2020-08-30\n"


@dataclass(frozen=True)
class Kill:
    """One command that was killed: after how long, whether it had come through, and what is wrong since."""

    command: str
    seconds: float
    came_through: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _Held:
    releases: int
    rows: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, print a line for each, and say whether all was well."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="kills-") as name:
        source = Path(name) / "demo.db"
        create_demo(f"sqlite:///{source}")
        found = kills(source, Path(name), times=given.times, seed=9)
    print("# kill -9 at random moments of a load and a refresh\n")  # noqa: T201
    print("`make soak`: a SQLite demo county; full check after each; rows and figures all of before or all of after.\n")  # noqa: T201
    print("| command | killed after | had come through | problems since |\n| --- | --- | --- | --- |")  # noqa: T201
    for kill in found:
        print(f"| {kill.command} | {kill.seconds:.2f} s | {kill.came_through} | {'; '.join(kill.problems) or 'none'} |")  # noqa: T201
    return int(any(kill.problems for kill in found))


def kills(source: Path, folder: Path, *, times: int, seed: int) -> list[Kill]:
    """Kill a load and a refresh by turns on a copy of the SQLite county `source`; return what came of each."""
    county = folder / "killed.db"
    shutil.copy(source, county)
    url, chance = f"sqlite:///{county}", random.Random(seed)  # noqa: S311
    file = folder / "cases.csv"
    file.write_text(CASE.format(number=0), "utf8")
    commands = (["refresh", "--force"], ["load", str(file)])
    whole = [_seconds(url, command) for command in commands]
    found = []
    for number in range(1, times + 1):
        file.write_text(CASE.format(number=number), "utf8")
        turn = number % 2
        found.append(_killed(url, commands[turn], chance.uniform(0.3, 1.0) * whole[turn]))
    return found


def _killed(url: str, command: Sequence[str], seconds: float) -> Kill:
    before = _held(url)
    process = _start(url, command)
    time.sleep(seconds)
    process.kill()
    process.wait(30)
    after, is_load = _held(url), command[0] == "load"
    came_through = after.releases > before.releases
    problems = _errors(url)
    if came_through != (after.rows > before.rows) and is_load:
        problems.append(f"rows {before.rows} -> {after.rows}, releases {before.releases} -> {after.releases}")
    return Kill(command[0], seconds, came_through, tuple(problems))


def _seconds(url: str, command: Sequence[str]) -> float:
    begun = time.monotonic()
    process = _start(url, command)
    if process.wait(600) != 0:
        raise RuntimeError(f"{command[0]} fails even when it is left alone")
    return time.monotonic() - begun


def _start(url: str, command: Sequence[str]) -> "subprocess.Popen[bytes]":
    words = [sys.executable, "-m", "database", command[0], "--url", url, *command[1:]]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(words, cwd=ROOT, stdout=quiet, stderr=quiet)  # noqa: S603


def _held(url: str) -> _Held:
    engine = reading_engine(url)
    with engine.connect() as connection:
        counts = [connection.scalar(sa.select(sa.func.count()).select_from(table)) for table in (data_releases, cases)]
    engine.dispose()
    return _Held(*(int(count or 0) for count in counts))


def _errors(url: str) -> list[str]:
    """Return what the full check calls an error: derived figures that are not those of the rows, above all."""
    engine = reading_engine(url)
    with engine.connect() as connection:
        found = check(connection, today=date(2020, 9, 1))
    engine.dispose()
    return [str(finding) for finding in errors(found)]


if __name__ == "__main__":
    sys.exit(main())
