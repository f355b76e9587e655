"""Many signed-in people at once over real WebSockets: how long a change of filters takes, and what each one costs.

Everyone signs in and opens a page before the clock starts. Then each changes township or day, at a person's pace, and
afterwards without a pause (closed loop). The floor is one person alone in a closed loop on the same server. Visitors
share the machine's cores with the server, so its share is less than the whole. At last ten people use two servers of
one state database, as behind the proxy: one process runs Python on one core.
"""

import random
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread

from benchmarks.databases import county
from benchmarks.measure import Figure, figure, quantile
from benchmarks.options import Options
from benchmarks.soak import DAYS, PASSWORD, ROLES, TOWNSHIPS, add_accounts, megabytes
from driver.server import Server
from driver.visitor import NotServed, Visitor

WALKED = ("", "rankings", "tasks", "weak_links", "backlog", "services", "township", "signals")
THINK_SECONDS = (5.0, 15.0)
NO_PAUSE = (0.0, 0.0)
PACES = {"at a person's pace": THINK_SECONDS, "closed loop": NO_PAUSE}
MOST_P95_MS = 1_000.0
LIMITED_SESSIONS = 50
MOST_SESSION_MB, MOST_SERVER_MB = 2.0, 400.0
BOTH, LEAST_CHANGES = 10, 35.0
"""Ten times what Superset serves to ten users on two cores (../shared/DESIGN.md, Speed and size)."""


@dataclass
class Met:
    """What the visitors of one stretch met."""

    ms: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    lock: Lock = field(default_factory=Lock, repr=False)


def figures(options: Options) -> Iterator[Figure]:
    """Measure growing numbers of sessions on one server."""
    with TemporaryDirectory(prefix="sessions-") as name, county("sqlite", options.cases) as url:
        server = Server(Path(name), {"DATABASE_URL": url})
        add_accounts(server, max(options.sessions))
        with server, ExitStack() as opened:
            visitors = [opened.enter_context(Visitor(server.url)) for _ in range(max(options.sessions))]
            _open(visitors[:1], 0)
            _warm(visitors[0])
            floor = _stretch(visitors[:1], 10.0, NO_PAUSE, options.seed).ms
            memory = {1: float(megabytes(server))}
            for number in sorted(options.sessions):
                _open(visitors[max(memory) : number], max(memory))
                for said, think in PACES.items():
                    met = _stretch(visitors[:number], options.seconds, think, options.seed + number)
                    is_limited = (number, think) == (LIMITED_SESSIONS, THINK_SECONDS)
                    yield from _of_stretch(f"{number} sessions {said}", met, floor, is_limited=is_limited)
                memory[number] = float(megabytes(server))
                yield _of_server(number, memory)
            yield _per_session(memory)
    yield from _of_two_servers(options)


def _of_two_servers(options: Options) -> Iterator[Figure]:
    """Yield what a change takes of a second when two servers share the visitors, without a pause, and the errors."""
    with (
        TemporaryDirectory(prefix="first-") as one,
        TemporaryDirectory(prefix="second-") as other,
        county("sqlite", options.cases) as url,
        ExitStack() as opened,
    ):
        first = Server(Path(one), {"DATABASE_URL": url})
        second = Server(Path(other), {"DATABASE_URL": url, "STATE_URL": first.environment["STATE_URL"]})
        add_accounts(first, BOTH)
        servers = [opened.enter_context(server) for server in (first, second)]
        visitors = [opened.enter_context(Visitor(servers[number % 2].url)) for number in range(BOTH)]
        _open(visitors, 0)
        for visitor in visitors[:2]:
            _warm(visitor)
        _stretch(visitors, options.seconds, NO_PAUSE, options.seed)  # both servers get to know what is asked
        met = _stretch(visitors, options.seconds, NO_PAUSE, options.seed + 1)
    said = f"{BOTH} sessions on two servers closed loop"
    each = met.seconds / max(1, len(met.ms)) * 1000
    yield figure(f"{said}: each change, of a second", "ms", [each], limit=1000 / LEAST_CHANGES)
    yield figure(f"{said}: errors", "errors", [float(len(met.errors))], limit=0)


def _of_stretch(said: str, met: Met, floor: Sequence[float], *, is_limited: bool) -> Iterator[Figure]:
    yield figure(f"{said}: a change", "ms", met.ms or [0.0], floor=floor)
    beneath = [quantile(floor, 0.95)]
    limit = MOST_P95_MS if is_limited else None
    yield figure(f"{said}: 95th percentile", "ms", [quantile(met.ms, 0.95)], floor=beneath, limit=limit)
    yield figure(f"{said}: changes a second", "changes", [len(met.ms) / met.seconds])
    told = f" ({statistics.mode(met.errors)})" if met.errors else ""
    yield figure(f"{said}: errors{told}", "errors", [float(len(met.errors))], limit=0)


def _of_server(number: int, memory: dict[int, float]) -> Figure:
    limit = MOST_SERVER_MB if number == LIMITED_SESSIONS else None
    return figure(f"{number} sessions: the server's memory", "MB", [memory[number]], floor=[memory[1]], limit=limit)


def _per_session(memory: dict[int, float]) -> Figure:
    """Return what each further session adds, between the fewest and the most."""
    fewest, most = sorted(memory)[1 if len(memory) > 2 else 0], max(memory)
    added = (memory[most] - memory[fewest]) / max(1, most - fewest)
    return figure(f"memory of each further session, {fewest} to {most}", "MB", [added], limit=MOST_SESSION_MB)


def _open(visitors: Sequence[Visitor], first: int) -> None:
    """Sign in and open a page, one after another."""
    for number, visitor in enumerate(visitors, first):
        visitor.sign_in(f"{ROLES[number % len(ROLES)]}{number}", PASSWORD)
        visitor.open(WALKED[number % len(WALKED)])


def _warm(visitor: Visitor) -> None:
    """Show every page once and come back to the first."""
    for stem in (*WALKED[1:], WALKED[0]):
        visitor.open(stem)


def _stretch(visitors: Sequence[Visitor], seconds: float, think: tuple[float, float], seed: int) -> Met:
    met, began = Met(), time.monotonic()
    walkers = [
        Thread(target=_walk, args=(visitor, met, began + seconds, think, random.Random(f"{seed} {number}")))  # noqa: S311
        for number, visitor in enumerate(visitors)
    ]
    for walker in walkers:
        walker.start()
    for walker in walkers:
        walker.join()
    met.seconds = time.monotonic() - began
    return met


def _walk(visitor: Visitor, met: Met, until: float, think: tuple[float, float], chance: random.Random) -> None:
    """Change a filter until the time is over."""
    time.sleep(chance.uniform(0, think[1]))
    while time.monotonic() < until:
        faults: Sequence[str]
        try:
            shown = visitor.run(township=chance.choice(TOWNSHIPS), as_of=chance.choice(DAYS))
            seconds, faults = shown.seconds, shown.faults
        except NotServed as error:
            seconds, faults = 0.0, [str(error)]
        with met.lock:
            met.errors += faults
            if not faults:
                met.ms.append(seconds * 1000)
        if faults:
            return
        time.sleep(chance.uniform(*think))
