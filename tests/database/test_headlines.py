"""Which stored days tell otherwise after a refresh."""

from collections.abc import Callable
from datetime import date

from sqlalchemy import Connection

from database import tables
from database.headlines import headlines, restated
from tests.conftest import COUNTY, TOWNSHIPS

DAYS = [date(2020, 7, 26), date(2020, 7, 31), date(2020, 8, 2), date(2020, 8, 9), date(2020, 8, 31)]
JULY, AUGUST = date(2020, 7, 1), date(2020, 8, 1)


def _state(day: date, region: str, stream: str, waiting: int) -> dict[str, object]:
    counts = dict.fromkeys((column.name for column in tables.backlog_states.columns if not column.primary_key), 0)
    return {**counts, "region_code": region, "stream": stream, "platform": "", "day": day, "open": waiting}


def _told(connection: Connection, county: str, add: Callable[..., None]) -> None:
    """A county's backlog on five days, and two scores a month; beside it what is no headline."""
    for day in DAYS:
        for region, stream, waiting in (
            (COUNTY, "petition_backlog", 22),
            (COUNTY, "event", 900),
            (TOWNSHIPS[0], "petition_backlog", 7),
        ):
            add("backlog_states", _state(day, region, stream, waiting))
    for month in (JULY, AUGUST):
        for rank, township in enumerate(TOWNSHIPS[:2], 1):
            row = {"region_code": township, "scheme": "S", "month": month, "score": 90.0 - rank, "rank": rank}
            add("kpi_scores", {**row, "coverage": 1.0})


def test_what_stays_is_not_restated(connection: Connection, county: str, add: Callable[..., None]) -> None:
    _told(connection, county, add)
    before = headlines(connection)
    assert sorted(before) == DAYS
    events = tables.backlog_states.update().where(tables.backlog_states.c.stream == "event")
    connection.execute(events.values(open=901))
    nearly = tables.kpi_scores.update().values(score=tables.kpi_scores.c.score + 1e-10)
    connection.execute(nearly)
    assert restated(before, headlines(connection)) == []
    add("backlog_states", _state(date(2020, 9, 6), COUNTY, "petition_backlog", 9))
    assert restated(before, headlines(connection)) == [], "a new day"


def test_days_that_differ_come_in_stretches(connection: Connection, county: str, add: Callable[..., None]) -> None:
    _told(connection, county, add)
    before, s = headlines(connection), tables.backlog_states.c
    for day in (DAYS[0], DAYS[3]):
        own = (s.region_code == COUNTY, s.stream == "petition_backlog", s.day == day)
        connection.execute(tables.backlog_states.update().where(*own).values(overdue=1))
    after = headlines(connection)
    assert restated(before, after) == [["2020-07-26", "2020-07-26"], ["2020-08-09", "2020-08-09"]]
    assert restated({}, after) == [], "the first release"


def test_two_places_exchanged_restate_their_month(
    connection: Connection, county: str, add: Callable[..., None]
) -> None:
    """Scores and ranks add up to the same: 89 and 88, 1 and 2; their products do not."""
    _told(connection, county, add)
    before, k = headlines(connection), tables.kpi_scores.c
    swapped = tables.kpi_scores.update().where(k.month == JULY).values(rank=3 - k.rank)
    connection.execute(swapped)
    assert restated(before, headlines(connection)) == [["2020-07-26", "2020-07-31"]]
