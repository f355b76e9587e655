"""What every benchmark shares: a figure with its spread and its floor, on which machine, kept and told in words."""

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
PACKAGES = ("streamlit", "altair", "sqlalchemy", "pandas", "numpy", "psycopg")


@dataclass(frozen=True)
class Figure:
    """One measured figure: the median of so many times with its quartiles, beside a floor of the same run.

    `limit` bounds the median in `unit`; `ratio_limit` bounds how many times the floor it may be.
    """

    what: str
    unit: str
    median: float
    lower: float
    upper: float
    times: int
    floor: float | None = None
    limit: float | None = None
    ratio_limit: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the floor it is."""
        return round(self.median / self.floor, 2) if self.floor else None

    @property
    def holds(self) -> bool:
        """Whether it keeps its limits; without one it does."""
        is_small = self.limit is None or self.median <= self.limit
        return is_small and (self.ratio_limit is None or self.ratio is None or self.ratio <= self.ratio_limit)


@dataclass(frozen=True)
class Part:
    """What one part of the benchmarks came to, and when, where and under which load that was."""

    part: str
    begun: str
    seconds: float
    seed: int
    load_before: float
    load_after: float
    figures: tuple[Figure, ...]


def figure(
    what: str,
    unit: str,
    values: Iterable[float],
    *,
    floor: Iterable[float] = (),
    limit: float | None = None,
    ratio_limit: float | None = None,
) -> Figure:
    """Return the median and the quartiles of `values`, with the median of `floor`."""
    known, beneath = sorted(values), sorted(floor)
    middle = statistics.median(known)
    spread = statistics.quantiles(known, n=4, method="inclusive") if len(known) > 1 else [middle] * 3
    base = round(statistics.median(beneath), 3) if beneath else None
    rounded = [round(value, 3) for value in (middle, spread[0], spread[2])]
    return Figure(what, unit, rounded[0], rounded[1], rounded[2], len(known), base, limit, ratio_limit)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the values lie; 0 of none."""
    known = sorted(values)
    return known[min(len(known) - 1, int(len(known) * share))] if known else 0.0


def machine() -> dict[str, str | int]:
    """Return processor, cores and memory of this machine."""
    described = Path("/proc/cpuinfo").read_text("utf8") if Path("/proc/cpuinfo").exists() else ""
    models = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count() or 1,
        "memory_mb": memory,
        "system": platform.platform(),
    }


def versions() -> dict[str, str]:
    """Return which programs and which commit were measured."""
    told = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    changed = subprocess.run(["git", "status", "--short"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    commit = told.stdout.strip() + (" with uncommitted changes" if changed.stdout.strip() else "")
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}, "commit": commit}


def document(parts: Sequence[Part]) -> str:
    """Return parts as one JSON."""
    told = [
        {
            **asdict(part),
            "figures": [{**asdict(one), "ratio": one.ratio, "holds": one.holds} for one in part.figures],
        }
        for part in parts
    ]
    return json.dumps({"machine": machine(), "versions": versions(), "parts": told}, ensure_ascii=False, indent=1)


def keep(part: Part, folder: Path = RESULTS) -> Path:
    """Write a part to `<day>-<part>.json` in `folder`; a second one of the day replaces the first."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y-%m-%d}-{part.part}.json"
    path.write_text(document([part]) + "\n", "utf8")
    return path


def table(part: Part) -> str:
    """Return a part as a Markdown table in words, and what does not hold."""
    lines = [
        f"## {part.part}: {part.seconds:.0f} s, load {part.load_before:.1f} to {part.load_after:.1f}, seed {part.seed}",
        "",
        "| what | median | quartiles | floor | times the floor | limit |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
        *(_line(one) for one in part.figures),
        "",
    ]
    failing = [one.what for one in part.figures if not one.holds]
    lines.append(f"Beyond its limit: {'; '.join(failing)}." if failing else "Every limit is kept.")
    return "\n".join(lines) + "\n"


def _line(one: Figure) -> str:
    limits = [] if one.limit is None else [f"{one.limit:g} {one.unit}"]
    limits += [] if one.ratio_limit is None else [f"{one.ratio_limit:g} x the floor"]
    judged = f"{' and '.join(limits)}: {'kept' if one.holds else 'NOT KEPT'}" if limits else ""
    ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
    floor = "" if one.floor is None else f"{one.floor:g}"
    spread = f"{one.lower:g} to {one.upper:g}" if one.times > 1 else ""
    return f"| {one.what} | {one.median:g} {one.unit} | {spread} | {floor} | {ratio} | {judged} |"
