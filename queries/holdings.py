"""What the shared database holds: rows of each table, and how new they are."""

from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Column, CompoundSelect, Connection, Select

from analysis.streams import STREAMS
from database.tables import (
    METADATA,
    backlog_states,
    cases,
    data_releases,
    kpi_scores,
    kpi_values,
    milestones,
    task_progress,
)
from queries.frames import COUNT, DAY, TEXT, read_frame

HOLDINGS = {"table": TEXT, "rows": COUNT, "newest": DAY}
DATED: dict[str, Column[date]] = {
    "task_progress": task_progress.c.reported_on,
    "milestones": milestones.c.done_on,
    "kpi_values": kpi_values.c.month,
    "cases": cases.c.opened_on,
    "backlog_states": backlog_states.c.day,
    "kpi_scores": kpi_scores.c.month,
    "data_releases": data_releases.c.as_of,
}
"""The column that tells how new a table's rows are; `newest_cases` tells it of each stream."""


def holdings(connection: Connection) -> pd.DataFrame:
    """Count the rows of every table, and find its newest day.

    Returns
    -------
    pd.DataFrame
        One row per table of the contract, in the order of its definition: table (str), rows (int64), newest
        (datetime64[s]; of indicators the first day of a month; NaT for tables without dates, and for empty ones).
        Base tables have as many rows as the newest release counted.

    Source: every table; the marks of data_releases.
    """
    published = _published_rows(connection)
    statements = [holding_statement(name, published.get(name)) for name in METADATA.tables]
    return pd.concat([read_frame(connection, each, HOLDINGS) for each in statements], ignore_index=True)


def newest_cases(connection: Connection) -> pd.DataFrame:
    """Find the newest case of every stream that has any.

    Returns
    -------
    pd.DataFrame
        One row per stream, in their order: stream (str), newest (datetime64[s], the newest opened_on). No cases: no
        rows.

    Source: table cases.
    """
    found = read_frame(connection, newest_cases_statement(), {"stream": TEXT, "newest": DAY})
    return found.dropna(subset=["newest"]).reset_index(drop=True)


def newest_cases_statement() -> CompoundSelect[Any]:
    """Select each stream with its newest day, one look into the index each: grouping would read every case."""
    c = cases.c
    newest = {code: sa.select(sa.func.max(c.opened_on, type_=sa.Date())).where(c.stream == code) for code in STREAMS}
    return sa.union_all(
        *(
            sa.select(sa.literal(code).label("stream"), day.scalar_subquery().label("newest"))
            for code, day in newest.items()
        )
    )


def holding_statement(name: str, rows: int | None = None) -> Select[Any]:
    """Select one table's name, its number of rows (counted where it is not known) and its newest day."""
    source: sa.FromClause | None = METADATA.tables[name]
    newest: sa.ColumnElement[Any] = sa.cast(sa.null(), sa.Date())
    if name == cases.name and rows is not None:
        source = newest_cases_statement().subquery()
        newest = sa.func.max(source.c.newest, type_=sa.Date())
    elif name in DATED:
        newest = sa.func.max(DATED[name], type_=sa.Date())
    elif rows is not None:
        source = None
    count = sa.func.count() if rows is None else sa.literal(rows)
    told = sa.select(sa.literal(name).label("table"), count.label("rows"), newest.label("newest"))
    return told if source is None else told.select_from(source)


def _published_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows of each base table the newest release counted: counting them again is slow.

    Of kpi_values it counted those that were reported alone.
    """
    r = data_releases.c
    marks = connection.scalar(sa.select(r.marks).order_by(r.id.desc()).limit(1)) or {}
    return {
        name: sum(int(rows) for rows, _ in of_regions.values())
        for name, of_regions in marks.items()
        if name != kpi_values.name
    }
