"""Fifty people for half an hour: python -m benchmarks.soak [--minutes 30] [--sessions 50] [--output FILE].

A server of its own on a demo county, and visitors without a screen: each signs in, opens pages of its role one after
another, changes filters as a person does, now and then closes the page, now and then signs out and in again. What must
hold: nothing said in red, no run that does not end, no refused request, and memory that is flat after the first half.
The status is 1 where it does not hold.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread

from driver.server import ROOT, Server
from driver.visitor import Visitor
from navigation import menu
from state.accounts import Account, add_account
from state.engine import migrate, state_engine, writing

PASSWORD = "Long-Walk-30-Min"  # noqa: S105
ROLES = ("leader", "office", "department", "township")
PLACES: dict[str, tuple[str | None, str | None]] = {"department": (None, "D04"), "township": ("330822111", None)}
TOWNSHIPS = ("球川", "天马", "招贤", "芳村", "青石")
DAYS = ("2020-08-31", "2020-07-31", "2020-06-30")
THINK_SECONDS = (6.0, 14.0)
SAMPLE_SECONDS = 5.0
MOST_GROWTH = 1.10
"""Of memory between the middle of the time and its end."""


@dataclass
class Tally:
    """What the visitors met; several threads add to it."""

    seconds: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    sign_ins: int = 0
    _lock: Lock = field(default_factory=Lock, repr=False)

    def add(self, seconds: float, faults: Sequence[str]) -> None:
        """Count one run."""
        with self._lock:
            self.seconds.append(seconds)
            self.faults += faults

    def signed_in(self) -> None:
        """Count one sign-in."""
        with self._lock:
            self.sign_ins += 1


@dataclass(frozen=True)
class Result:
    """What came of it: runs, faults, seconds of a run, megabytes of the server over time."""

    begun: str
    minutes: float
    sessions: int
    sign_ins: int
    runs: int
    faults: tuple[str, ...]
    median_seconds: float
    p95_seconds: float
    worst_seconds: float
    memory_mb: tuple[int, ...]
    growth: float

    @property
    def holds(self) -> bool:
        """Whether every visitor was let in, nothing failed and memory is flat."""
        is_peopled = self.runs > 0 and self.sign_ins >= self.sessions
        return is_peopled and not self.faults and self.growth <= MOST_GROWTH


def main(arguments: Sequence[str] | None = None) -> int:
    """Run it, print and write what came of it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--output", type=Path)
    given = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="soak-") as name:
        result = soak(Path(name), minutes=given.minutes, sessions=given.sessions)
    report = markdown(result)
    print(report)  # noqa: T201
    if given.output:
        given.output.parent.mkdir(parents=True, exist_ok=True)
        given.output.write_text(report, "utf8")
    return 0 if result.holds else 1


def soak(folder: Path, *, minutes: float, sessions: int) -> Result:
    """Let visitors walk about a server in `folder` and return what they met."""
    server = Server(folder, {"DATABASE_URL": f"sqlite:///{folder / 'county.db'}"})
    command = [sys.executable, "-m", "database", "demo", "--url", server.settings["DATABASE_URL"]]
    subprocess.run(command, cwd=ROOT, env=server.environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    add_accounts(server, sessions)
    tally, over, memory = Tally(), Event(), []
    begun = datetime.now(UTC)
    with server:
        _warm(server.url)
        walkers = [Thread(target=_walk, args=(server.url, i, tally, over), daemon=True) for i in range(sessions)]
        until = time.monotonic() + minutes * 60
        for walker in walkers:
            walker.start()
        while time.monotonic() < until:
            over.wait(min(SAMPLE_SECONDS, max(0.1, until - time.monotonic())))
            memory.append(megabytes(server))
        over.set()
        for walker in walkers:
            walker.join(90)
        tally.faults += [f"visitor {i}: never came back" for i, walker in enumerate(walkers) if walker.is_alive()]
        tally.faults += [f"server: {line}" for line in server.log.splitlines() if '"level": "ERROR"' in line]
    return _result(begun, minutes, sessions, tally, memory)


def markdown(result: Result) -> str:
    """Return the result as a document."""
    times = (result.median_seconds, result.p95_seconds, result.worst_seconds)
    verdict = "holds" if result.holds else "does not hold"
    faults = "\n".join(f"- {fault}" for fault in result.faults[:50]) or "- none"
    return f"""# Soak of {result.minutes:g} minutes with {result.sessions} signed-in sessions: {verdict}

`make soak`, begun {result.begun}. Visitors without a screen over HTTP and WebSocket, on the same machine as the server.

| measure | value |
| --- | --- |
| sign-ins | {result.sign_ins:,} |
| script runs | {result.runs:,} |
| seconds of a run, median / 95th percentile / worst | {" / ".join(map(str, times))} |
| server memory, MB, in ten steps | {", ".join(map(str, _tenths(result.memory_mb)))} |
| memory at the end over the middle | {result.growth} (at most {MOST_GROWTH}) |

Faults (red sentences, unfinished runs, refused requests, errors in the log):

{faults}

<!-- {json.dumps(asdict(result), ensure_ascii=False)} -->
"""


def _result(begun: datetime, minutes: float, sessions: int, tally: Tally, memory: Sequence[int]) -> Result:
    seconds = sorted(tally.seconds) or [0.0]
    fifth = max(1, len(memory) // 5)
    middle = statistics.median(memory[len(memory) // 2 - fifth // 2 :][:fifth])
    return Result(
        begun=begun.isoformat(timespec="seconds"),
        minutes=minutes,
        sessions=sessions,
        sign_ins=tally.sign_ins,
        runs=len(tally.seconds),
        faults=tuple(tally.faults),
        median_seconds=round(statistics.median(seconds), 3),
        p95_seconds=round(seconds[int(len(seconds) * 0.95)], 3),
        worst_seconds=round(seconds[-1], 3),
        memory_mb=tuple(memory),
        growth=round(statistics.median(memory[-fifth:]) / middle, 3),
    )


def _walk(url: str, number: int, tally: Tally, over: Event) -> None:
    """Be one visitor until it is over; whatever fails is put down, and the visitor begins anew."""
    chance, role = random.Random(number), ROLES[number % len(ROLES)]  # noqa: S311
    pages = ["" if page.is_default else Path(page.path).stem for pages in menu(role).values() for page in pages]
    over.wait(number * 0.3)
    while not over.is_set():
        try:
            with Visitor(url) as visitor:
                visitor.sign_in(f"{role}{number}", PASSWORD)
                tally.signed_in()
                _stroll(visitor, pages, chance, tally, over)
                visitor.sign_out()
        except Exception as error:  # whatever it is: a visitor that dies unheard would be a session nobody misses
            tally.add(0.0, [f"{role}{number}: {type(error).__name__} {error}"])
            over.wait(5)


def _warm(url: str) -> None:
    """Open every page once, so that what is loaded at a page's first showing is not taken for growth."""
    with Visitor(url) as visitor:
        visitor.sign_in("office1", PASSWORD)
        for pages in menu("office").values():
            for page in pages:
                visitor.open("" if page.is_default else Path(page.path).stem)


def _stroll(visitor: Visitor, pages: Sequence[str], chance: random.Random, tally: Tally, over: Event) -> None:
    """Open a dozen pages and change filters on each, then go."""
    for _ in range(12):
        page = chance.choice(pages)
        shown = visitor.open(page)
        tally.add(shown.seconds, [f"/{page}: {fault}" for fault in shown.faults])
        for _ in range(chance.randint(1, 4)):
            if over.wait(chance.uniform(*THINK_SECONDS)):
                return
            query = {"township": chance.choice(TOWNSHIPS), "as_of": chance.choice(DAYS)}
            shown = visitor.run(**query)
            lost = [] if "gov-foot" in shown.text else ["no foot"]
            tally.add(shown.seconds, [f"/{page} {query}: {fault}" for fault in (*shown.faults, *lost)])


def add_accounts(server: Server, sessions: int) -> None:
    """Add one account for each session: leader0, office1, department2, township3, leader4 and so on."""
    engine = state_engine(server.environment["STATE_URL"])
    migrate(engine)
    with writing(engine) as connection:
        for number in range(sessions):
            role = ROLES[number % len(ROLES)]
            township, department = PLACES.get(role, (None, None))
            add_account(connection, Account(f"{role}{number}", f"访客{number}", role, township, department), PASSWORD)
    engine.dispose()


def megabytes(server: Server) -> int:
    """Return the memory that the server holds now."""
    if server.process is None:
        return 0
    status = Path(f"/proc/{server.process.pid}/status").read_text("utf8")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024


def _tenths(values: Sequence[int]) -> list[int]:
    step = max(1, len(values) // 10)
    return [round(statistics.median(values[i : i + step])) for i in range(0, len(values), step)]


if __name__ == "__main__":
    sys.exit(main())
