"""Speed and size as ratios against a floor of the same run: python -m benchmarks [part ...].

Parts: pages (real Chromium, every page), scripts (the server's processor by rerun), visits, reads, region_reads (a city
and a province), ledger, checklist (a province's tasks), sessions, rival (the first page beside Superset's), loading,
documents, counts. Each prints a table; at the end comes one JSON of all, and each part's stays in benchmarks/results/.
The status is 1 where a limit is not kept.
"""

import argparse
import importlib
import os
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import RESULTS, Part, document, keep, table
from benchmarks.options import MENU, Options

PARTS = ("pages", "scripts", "visits", "reads", "region_reads", "ledger", "checklist", "sessions", "rival",
         "loading", "documents", "counts")  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, print it, keep it."""
    given = _arguments(arguments)
    options = Options(
        rounds=given.rounds,
        cases=given.cases,
        pages=tuple(given.pages),
        engines=tuple(given.engines),
        most_cases=given.most_cases,
        sessions=tuple(given.sessions),
        seconds=given.seconds,
    )
    parts = []
    for name in given.parts or PARTS:
        part = measured(name, options)
        keep(part, given.results)
        sys.stdout.write(table(part) + "\n")
        sys.stdout.flush()
        parts.append(part)
    sys.stdout.write(document(parts) + "\n")
    return int(not all(figure.holds for part in parts for figure in part.figures))


def measured(name: str, options: Options) -> Part:
    """Run one part."""
    part = importlib.import_module(f"benchmarks.{name}")
    begun, clock, load = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic(), os.getloadavg()[0]
    figures = []
    for figure in part.figures(options):
        sys.stderr.write(f"{figure.what}: {figure.median:g} {figure.unit}\n")
        figures.append(figure)
    seconds = round(time.monotonic() - clock, 1)
    return Part(name, begun, seconds, options.seed, round(load, 1), round(os.getloadavg()[0], 1), tuple(figures))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    default = Options()
    parser.add_argument("parts", nargs="*", metavar="part", help=f"any of {', '.join(PARTS)}; all without")
    parser.add_argument("--rounds", type=int, default=default.rounds, help="showings or reads of each kind")
    parser.add_argument("--cases", type=int, default=default.cases, help="of the county of scripts, visits, sessions")
    parser.add_argument("--pages", nargs="+", default=MENU, choices=MENU, metavar="page", help="rankings, signals, ...")
    parser.add_argument("--engines", nargs="+", default=default.engines, choices=default.engines)
    parser.add_argument(
        "--most-cases", type=int, default=default.most_cases, help="pages, reads: leave larger counties out"
    )
    parser.add_argument("--sessions", nargs="+", type=int, default=default.sessions)
    parser.add_argument("--seconds", type=float, default=default.seconds, help="of each stretch of sessions")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder for what was measured")
    given = parser.parse_args(arguments)
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return given


if __name__ == "__main__":
    sys.exit(main())
