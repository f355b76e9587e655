"""What may be chosen for a run of the benchmarks."""

from dataclasses import dataclass, field
from pathlib import Path

from navigation import PAGES

SEED = 2020
DEFAULT = next(Path(page.path).stem for page in PAGES if page.is_default)
MENU = tuple(Path(page.path).stem for page in PAGES if not page.is_hidden)


@dataclass(frozen=True)
class Options:
    """How often and on what is measured."""

    rounds: int = 5
    cases: int = 30_000
    pages: tuple[str, ...] = MENU
    engines: tuple[str, ...] = ("sqlite", "postgresql")
    most_cases: int = 10_000_000
    sessions: tuple[int, ...] = (10, 30, 50, 100)
    seconds: float = 60.0
    seed: int = field(default=SEED)
