"""What the server's processor does in one rerun of a page: query, figures, charts, sending and the rest.

A visitor without a screen changes the township on every page; the server's own processor time is split by a sampler.
"""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.databases import county
from benchmarks.measure import Figure, figure
from benchmarks.options import DEFAULT, Options
from benchmarks.watched import ACCOUNT, PASSWORD, Watched, watched_server
from driver.visitor import Visitor

TOWNSHIPS = ("白石", "招贤")
KINDS = ("query", "figures", "charts", "layout", "sending")
SAID = {"split": "remembered", "rehearsed": "rehearsed for nobody", "first": "nothing remembered"}


def figures(options: Options) -> Iterator[Figure]:
    """Measure the processor time of reruns, warm, rehearsed and with nothing remembered, and split the warm one."""
    with (
        TemporaryDirectory(prefix="scripts-") as name,
        county("sqlite", options.cases) as url,
        watched_server(Path(name), url) as watched,
        Visitor(watched.url) as visitor,
    ):
        visitor.sign_in(ACCOUNT, PASSWORD)
        for stem in options.pages:
            yield from _of_page(visitor, watched, stem, options.rounds)


def _of_page(visitor: Visitor, watched: Watched, stem: str, rounds: int) -> Iterator[Figure]:
    watched.show_as("page")
    watched.noted(lambda: visitor.open("" if stem == DEFAULT else stem))
    for township in TOWNSHIPS:
        watched.show_as("page", f"{stem}:{township}")
        watched.noted(partial(visitor.run, township=township))
    runs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for _ in range(rounds):
        for way in ("constants", *SAID):
            for township in TOWNSHIPS:
                watched.show_as(way, f"{stem}:{township}")
                runs[way].append(watched.noted(partial(visitor.run, township=township))[1])
    floor = [run["script_ms"] for run in runs["constants"]]
    for way, said in SAID.items():
        yield figure(f"{stem}: script, {said}", "ms", [run["script_ms"] for run in runs[way]], floor=floor)
    yield from _split(stem, runs["split"])
    for what in ("queries", "rows"):
        yield figure(f"{stem}: {what}, nothing remembered", what, [run[what] for run in runs["first"]])


def _split(stem: str, runs: Sequence[dict[str, Any]]) -> Iterator[Figure]:
    """Share the time of the runs out by what they were at, but for the tidying of memory, which is timed itself."""
    at = sum((Counter(run["at"]) for run in runs), Counter[str]())
    working = statistics.median(run["script_ms"] - run["collecting_ms"] for run in runs)
    for kind in KINDS:
        yield figure(f"{stem}: of that {kind}", "ms", [working * at[kind] / max(1, at.total())])
    yield figure(f"{stem}: of that collecting unused memory", "ms", [run["collecting_ms"] for run in runs])
