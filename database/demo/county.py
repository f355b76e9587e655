"""Fill a database with the demo county: base tables first, then everything derived, in one transaction."""

from collections.abc import Callable, Iterator
from itertools import chain

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database import tables
from database.bulk import insert_frame
from database.contract import upgrade
from database.demo.backlog import with_rebounds
from database.demo.campaign import campaign_cases, campaigns, joined_elsewhere, resolved_shares
from database.demo.cases import case_counts, involved_departments, stream_cases
from database.demo.days import DEMO_AS_OF, Counts
from database.demo.departments import departments, work_groups
from database.demo.indicators import reported_values
from database.demo.kpis import kpi_weights, kpis, schemes
from database.demo.progress import task_progress
from database.demo.regions import Places, places, regions
from database.demo.streams import STREAMS
from database.demo.tasks import milestones, task_departments, tasks
from database.engine import writing_engine
from database.offered import offered
from database.refresh import refresh
from database.writing import writer

Progress = Callable[[str, int, int], None]
Part = tuple[str, pd.DataFrame]

DEMO_SOURCE = "演示数据"
"""The source of every release of a demo; whoever holds another one is not overwritten."""

FEWEST_CASES = 1_000
SLICE = 50_000


class ForeignData(Exception):  # noqa: N818
    """The database holds rows that are not a demo's, or views of a county's ledger."""

    def __init__(self) -> None:
        super().__init__("数据库中已有数据，且不是演示数据，未做任何改动")


def create_demo(
    url: str,
    *,
    cases: int | None = None,
    townships: int = 14,
    seed: int = 2020,
    progress: Progress | None = None,
) -> None:
    """Create the tables where they are missing and fill them with the demo county, replacing an older demo.

    Parameters
    ----------
    url
        `sqlite:///path` or `postgresql://...`.
    cases
        How many cases in all, the campaign's 114 among them; None: about 30,000 for each county.
    townships
        14 (the county), 98 (with 5 invented counties) or 1400 (with 89).
    seed
        The same seed gives the same rows, in any process; published figures hold for every seed.
    progress
        Called with a step's name, how much of it is done and how much there is.

    Raises
    ------
    ValueError
        `cases` below 1000, or a number of townships that is not offered.
    ForeignData
        The database holds rows whose newest release is not a demo's, or a county's views.
    database.writing.Busy
        Another writer is at work.
    """
    tell = progress or _silent
    frames = demo_frames(cases=cases, townships=townships, seed=seed)
    upgrade(url)
    engine = writing_engine(url)
    try:
        with writer(engine) as connection:
            _clear(connection)
            rows = _fill(connection, frames, tell)
            tell("计算派生数据", 0, 1)
            refresh(connection, as_of=DEMO_AS_OF, source=DEMO_SOURCE, note=f"演示县，随机种子 {seed}", rows=rows)
            tell("计算派生数据", 1, 1)
    finally:
        engine.dispose()


def demo_frames(*, cases: int | None = None, townships: int = 14, seed: int = 2020) -> Iterator[Part]:
    """Return the rows of every base table, part by part, made as they are asked for.

    Returns
    -------
    Iterator[Part]
        Table name and frame with columns of that table; `cases` and `case_departments` come once for each stream.

    Raises
    ------
    ValueError
        `cases` below 1000, or a number of townships that is not offered.
    """
    if cases is not None and cases < FEWEST_CASES:
        raise ValueError(f"案件总数不能少于 {FEWEST_CASES}，收到 {cases}")
    tree = regions(townships, seed)
    where = places(tree, seed)
    campaign = campaign_cases(where, dict(zip(tree["code"], tree["kind"], strict=True)), seed)
    counts = case_counts(None if cases is None else cases - campaign["case_no"].nunique(), townships)
    return chain(_base_parts(tree, where, campaign, seed), _case_parts(campaign, where, counts, seed))


def _silent(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def _clear(connection: Connection) -> None:
    """Empty a database that holds a demo; leave an empty one alone, refuse any other."""
    newest = sa.select(tables.data_releases.c.source).order_by(tables.data_releases.c.id.desc()).limit(1)
    is_demo = connection.scalar(newest) == DEMO_SOURCE
    is_filled = any(_has_rows(connection, table) for table in tables.METADATA.sorted_tables)
    if offered(connection) or (is_filled and not is_demo):
        raise ForeignData
    for table in tables.METADATA.sorted_tables:
        if table is not tables.data_releases:
            connection.execute(table.delete())


def _has_rows(connection: Connection, table: sa.Table) -> bool:
    return connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first() is not None


def _fill(connection: Connection, frames: Iterator[Part], tell: Progress) -> dict[str, int]:
    """Insert every part in slices; return the number of rows by table."""
    rows: dict[str, int] = {}
    for name, frame in frames:
        table = tables.METADATA.tables[name]
        for start in range(0, len(frame), SLICE):
            rows[name] = rows.get(name, 0) + insert_frame(connection, table, frame.iloc[start : start + SLICE])
            tell(f"写入 {name}", min(start + SLICE, len(frame)), len(frame))
    return rows


def _base_parts(tree: pd.DataFrame, where: Places, campaign: pd.DataFrame, seed: int) -> Iterator[Part]:
    yield "regions", tree
    yield "departments", departments()
    yield "work_groups", work_groups()
    yield "campaigns", campaigns()
    yield "tasks", tasks()
    yield "task_departments", task_departments()
    yield "task_progress", task_progress(where, resolved_shares(campaign), seed)
    yield "milestones", milestones()
    yield "kpis", kpis()
    yield "kpi_values", reported_values(where, seed)
    yield "schemes", schemes()
    yield "kpi_weights", kpi_weights(list(dict.fromkeys(where.counties)))


def _case_parts(campaign: pd.DataFrame, where: Places, counts: dict[str, Counts], seed: int) -> Iterator[Part]:
    for frame in _case_frames(campaign, where, counts, seed):
        yield "cases", frame
        yield "case_departments", involved_departments(frame, seed)


def _case_frames(campaign: pd.DataFrame, where: Places, counts: dict[str, Counts], seed: int) -> Iterator[pd.DataFrame]:
    yield campaign
    for stream in STREAMS:
        frame = stream_cases(stream, counts[stream.name], where, seed)
        yield joined_elsewhere(with_rebounds(frame, seed)) if stream.name == "petition_backlog" else frame
