"""How long documents take: a deck of 25 slides, each other kind, and a pack for every township of the demo county.

The floor is an empty file of the same kind by the same library, and for packs what they are made from, read in vain.
Each is made in this process and timed by its processor and by the clock; the clock is the one that the limit is for.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import vl_convert
import xlsxwriter
from pptx import Presentation
from sqlalchemy import Connection

from analysis.breakdown import running_campaign
from analysis.follow_ups import follow_up_table
from analysis.meeting.material import Material, Rows
from analysis.meeting.plan import Item, default_plan
from analysis.scope import Rights, Scope
from benchmarks.measure import Figure, figure
from benchmarks.options import Options
from database.demo import create_demo
from database.engine import reading_engine
from queries.campaigns import campaigns
from queries.meeting import meeting_figures
from queries.regions import townships
from queries.tasks import task_list
from queries.weak_links import pressing_cases
from reports.bulletin import bulletin
from reports.packs import How, write_packs
from reports.pictures import picture_archive
from reports.slides import deck
from reports.workbook import workbook

AS_OF = date(2020, 8, 31)
SLIDES, DECK_SECONDS, PACKS_SECONDS = 25, 10.0, 120.0
LEAST_CHART = (
    '{"mark": "bar", "data": {"values": [{"a": 1}]}, "encoding": {"x": {"field": "a", "type": "quantitative"}}}'
)


def figures(options: Options) -> Iterator[Figure]:
    """Return seconds of the clock and of the processor for each kind of document and for all packs."""
    with TemporaryDirectory(prefix="benchmark-") as name:
        address = f"sqlite:///{name}/demo.db"
        create_demo(address)
        engine = reading_engine(address)
        with engine.connect() as connection:
            codes = list(townships(connection)["code"])
            whole = material(connection, frozenset(codes))
            plan = plan_of(whole, SLIDES)
            kinds: dict[str, tuple[Callable[[], object], Callable[[], object], float | None]] = {
                f"deck of {SLIDES} slides": (lambda: deck(whole, plan), _empty_deck, DECK_SECONDS),
                "bulletin": (lambda: bulletin(whole), _empty_paper, None),
                "workbook": (lambda: workbook(whole), _empty_book, None),
                "pictures": (lambda: picture_archive(whole), _least_picture, None),
            }
            for what, (make, nothing, limit) in kinds.items():
                yield from _both(what, make, nothing, rounds=options.rounds, limit=limit)
            packs, read = lambda: _packs(connection, codes, Path(name)), lambda: _read(connection, codes)
            yield from _both(f"{len(codes)} packs", packs, read, rounds=1, limit=PACKS_SECONDS)
        engine.dispose()


def material(connection: Connection, chosen: frozenset[str]) -> Material:
    """Return what the documents of some townships are made from, with every right."""
    scope = Scope(AS_OF, chosen, campaign=running_campaign(campaigns(connection), AS_OF))
    county = replace(scope, townships=frozenset(townships(connection)["code"]))
    decided = follow_up_table([], {}, as_of=AS_OF, newest=AS_OF)
    rows = Rows(task_list(connection, county), pressing_cases(connection, county), decided, {})
    return Material(meeting_figures(connection, scope, with_courses=True), rows, Rights())


def plan_of(whole: Material, slides: int) -> Sequence[Item]:
    """Return a plan whose deck has so many slides: the meeting's own order with as many townships as it takes.

    Raises
    ------
    RuntimeError
        No number of townships gives as many.
    """
    codes = list(whole.figures.names)
    for count in range(len(codes) + 1):
        plan = default_plan(codes[:count])
        if len(Presentation(BytesIO(deck(whole, plan))).slides) == slides:
            return plan
    raise RuntimeError(f"expected a deck of {slides} slides, found none")


def _both(
    what: str, make: Callable[[], object], nothing: Callable[[], object], *, rounds: int, limit: float | None
) -> Iterator[Figure]:
    made, floor = [_timed(make) for _ in range(rounds)], [_timed(nothing) for _ in range(rounds)]
    yield figure(f"{what}, clock", "s", [own[0] for own in made], floor=[own[0] for own in floor], limit=limit)
    yield figure(f"{what}, processor", "s", [own[1] for own in made], floor=[own[1] for own in floor])


def _timed(make: Callable[[], object]) -> tuple[float, float]:
    clock, spent = time.perf_counter(), time.process_time()
    make()
    return time.perf_counter() - clock, time.process_time() - spent


def _packs(connection: Connection, codes: list[str], folder: Path) -> None:
    with TemporaryDirectory(dir=folder) as out:
        faults = write_packs(_materials(connection, codes), Path(out), How(), done=lambda: None)
    if faults:
        raise RuntimeError("; ".join(faults))


def _read(connection: Connection, codes: list[str]) -> None:
    for _ in _materials(connection, codes):
        pass


def _materials(connection: Connection, codes: list[str]) -> Iterator[Material]:
    return (material(connection, frozenset({code})) for code in codes)


def _empty_deck() -> None:
    Presentation().save(BytesIO())


def _empty_paper() -> None:
    docx.Document().save(BytesIO())


def _empty_book() -> None:
    with xlsxwriter.Workbook(BytesIO(), {"in_memory": True}) as book:
        book.add_worksheet()


def _least_picture() -> None:
    vl_convert.vegalite_to_png(LEAST_CHART)
