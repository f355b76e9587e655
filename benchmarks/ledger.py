"""The ledger at a million cases on SQLite: every order and every filter, first page, deep page and count.

Processor time, the better of two: what the machine does beside it blurs the clock more.
"""

import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import product
from typing import Any, get_args

import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.ledger import TOWNSHIP_LED, CaseFilter, Order, State
from analysis.scope import Scope
from benchmarks.databases import county
from benchmarks.measure import Figure, figure
from benchmarks.options import Options
from benchmarks.reads import LIMITS_MS, STORED_DAY, STREAMS, TOWNSHIP
from database.engine import reading_engine
from database.tables import cases, regions
from queries.ledger import case_count, case_page
from queries.ledger_order import ORDERS, Key

CASES = 1_000_000
VALUED = {"category": "category", "channel": "channel", "level": "level", "lead": "lead_department_code",
          "leader": "case_leader", "village": "village_code", "method": "closing_method",
          "satisfaction": "satisfaction", "is_repeat": "is_repeat"}  # fmt: skip
"""Filters of one value by the column that holds it: the rarest and the most frequent are asked for."""

RANGES = {
    "on a day": (date(2020, 3, 10), date(2020, 3, 10)),
    "since 2020": (date(2020, 1, 1), None),
    "until 2018": (None, date(2018, 12, 31)),
}
AGES = {"days over 180": (180, None), "days over 20": (20, None), "days 10 to 12": (10, 12)}
DEEP = date(2019, 6, 14)


def figures(options: Options) -> Iterator[Figure]:
    """Measure each filter in all orders, and tell the slowest of each; the floor reads nothing."""
    with county("sqlite", min(CASES, options.most_cases)) as url:
        engine = reading_engine(url)
        with engine.connect() as connection:
            floor = [_ms(lambda: connection.execute(sa.select(sa.literal(1))).all()) for _ in range(20)]
            for stream, (day, limit) in product(STREAMS, LIMITS_MS.items()):
                for name, where in filters(connection, stream).items():
                    for kind, (said, times) in _slowest(connection, stream, day, where).items():
                        what = f"{stream}, {name}, {kind}: slowest {said}, {day:%d %B}"
                        yield figure(what, "ms", times, floor=floor, limit=limit)
        engine.dispose()


def filters(connection: Connection, stream: str) -> dict[str, CaseFilter]:
    """Return what is asked of a stream: every filter of the ledger, with values that it has."""
    found: dict[str, CaseFilter] = {"nothing asked": CaseFilter()}
    found |= {f"state {state}": CaseFilter(state=state) for state in get_args(State) if state != "all"}
    for name, column in VALUED.items():
        ranked = _by_frequency(connection, stream, cases.c[column])
        if ranked:
            rare, most = ({name: ranked[place]} for place in (0, -1))
            found |= {f"{name}, rarest": _filter(rare), f"{name}, most frequent": _filter(most)}
    for name, (said, ends) in product(("opened", "due", "closed", "first"), RANGES.items()):
        found[f"{name} {said}"] = _filter({f"{name}_from": ends[0], f"{name}_to": ends[1]})
    for said, (least, most_days) in AGES.items():
        found[said] = CaseFilter(age_from=least, age_to=most_days)
    for said in ("no such", "0001", "2"):
        found[f"number holds {said}"] = CaseFilter(number=said)
    repeated = connection.scalar(sa.select(cases.c.repeat_of).where(cases.c.repeat_of.is_not(None)).limit(1))
    others = {"lead": TOWNSHIP_LED, "is_again": True, "repeat_of": repeated or "none"}
    return found | {f"{name} {value}": _filter({name: value}) for name, value in others.items()}


def _by_frequency(connection: Connection, stream: str, column: Any) -> list[Any]:
    statement = sa.select(column).where(cases.c.stream == stream, column.is_not(None)).group_by(column)
    return list(connection.scalars(statement.order_by(sa.func.count(), column)))


def _filter(asked: dict[str, Any]) -> CaseFilter:
    return CaseFilter(**asked)


def _slowest(connection: Connection, stream: str, day: date, where: CaseFilter) -> dict[str, tuple[str, list[float]]]:
    """Return of pages and of counts the slowest read in words with its milliseconds; another day's in all townships."""
    known = frozenset(connection.scalars(sa.select(regions.c.code).where(regions.c.level == "township")))
    places = {"in all townships": known}
    places |= {"in one township": frozenset({TOWNSHIP})} if day == STORED_DAY else {}
    number = _middle(connection, stream)
    found: dict[str, tuple[str, list[float]]] = {}
    for place, codes in places.items():
        scope = Scope(day, codes, stream=stream)
        reads: list[tuple[str, str, Callable[[], object]]] = [
            ("count", place, partial(case_count, connection, scope, where=where))
        ]
        for order, falling in product(ORDERS, (True, False)):
            page = partial(case_page, connection, scope, where=where, order_by=order, descending=falling)
            for said, key in _keys(order, where.state, number).items():
                way = f"by {order} {'falling' if falling else 'rising'}, {said}, {place}"
                reads.append(("page", way, partial(page, after=key)))
        for kind, said, read in reads:
            times = _times(read, LIMITS_MS[day])
            if kind not in found or min(times) > min(found[kind][1]):
                found[kind] = said, times
    return {kind: (said, [min(times)]) for kind, (said, times) in found.items()}


def _middle(connection: Connection, stream: str) -> str:
    """Return the number of a case from the middle of the record."""
    numbers = sa.select(cases.c.case_no).where(cases.c.stream == stream, cases.c.opened_on >= DEEP)
    return str(connection.scalar(numbers.order_by(cases.c.opened_on).limit(1)))


def _keys(order: Order, state: State, number: str) -> dict[str, Key | None]:
    """Return where pages of an order begin: at the first case, deep in the record, among cases without its day."""
    later: Key = (None, TOWNSHIP, number)
    if order in ("case_no", "township_code"):
        return {"first": None, "deep": later}
    keys: dict[str, Key | None] = {"first": None, "deep": (DEEP, TOWNSHIP, number)}
    has_undated = order == "due_on" or (state == "all" and order in ("closed_on", "age"))
    return keys | ({"without its day": later} if has_undated else {})


def _times(read: Callable[[], object], limit: float) -> list[float]:
    """Return the milliseconds of a read, twice more where the first is over its limit."""
    first = _ms(read)
    return [first] if first <= limit else [first, _ms(read), _ms(read)]


def _ms(read: Callable[[], object]) -> float:
    began = time.process_time()
    read()
    return (time.process_time() - began) * 1000
