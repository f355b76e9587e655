"""What a page costs that no clock can blur: queries, rows, bytes, charts; each page opened with nothing remembered.

`benchmarks/limits.csv` holds what each page may cost at most, on the demo county as it is made without options;
`python -m benchmarks counts` prints what it costs, and tests/benchmarks/ holds it to that.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.databases import county
from benchmarks.measure import Figure, figure
from benchmarks.options import DEFAULT, Options
from benchmarks.watched import ACCOUNT, PASSWORD, Watched, watched_server
from driver.visitor import Visitor

LIMITS = Path(__file__).with_name("limits.csv")
TOWNSHIP = "白石"
UNITS = {
    "queries": "queries of the shared database",
    "rows": "rows fetched from it",
    "bytes": "bytes sent over the WebSocket",
    "charts": "charts",
    "spec_bytes": "bytes of chart specifications",
}


@dataclass(frozen=True)
class Count:
    """What one page cost: queries and rows of the shared database, bytes over the WebSocket, charts and their specs."""

    queries: int
    rows: int
    bytes: int
    charts: int
    spec_bytes: int


def figures(options: Options) -> Iterator[Figure]:
    """Count every page that is asked for, beside its limits."""
    bounds = limits()
    with (
        TemporaryDirectory(prefix="counts-") as name,
        county("sqlite", options.cases) as url,
        watched_server(Path(name), url) as watched,
    ):
        for stem, count in counts(watched, options.pages).items():
            for what, value in asdict(count).items():
                limit = asdict(bounds[stem])[what] if stem in bounds else None
                yield figure(f"{stem}: {UNITS[what]}", "", [value], limit=limit)


def counts(watched: Watched, pages: Sequence[str]) -> dict[str, Count]:
    """Open each page with one township chosen; return what it cost."""
    found = {}
    with Visitor(watched.url) as visitor:
        visitor.sign_in(ACCOUNT, PASSWORD)
        watched.show_as("first")
        for stem in pages:
            asked = partial(visitor.open, "" if stem == DEFAULT else stem, township=TOWNSHIP)
            shown, run = watched.noted(asked)
            found[stem] = Count(run["queries"], run["rows"], shown.bytes, run["charts"], run["spec_bytes"])
    return found


def limits() -> dict[str, Count]:
    """Return what each page may cost at most."""
    with LIMITS.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row.pop("page"): Count(**{name: int(value) for name, value in row.items()}) for row in rows}


def grown(found: Mapping[str, Count], bounds: Mapping[str, Count]) -> list[str]:
    """Say which number of which page is over its limit, and which page has none."""
    said = [f"{stem} has no line in {LIMITS.name}" for stem in found if stem not in bounds]
    for stem, count in found.items():
        for what, most in asdict(bounds.get(stem, count)).items():
            value = asdict(count)[what]
            if value > most:
                said.append(f"{stem}: {value:,} {UNITS[what]}, at most {most:,}")
    return said
