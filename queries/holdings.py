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
        The cases are those that the newest release counted.

    Source: every table; the marks of data_releases.
    """
    published = _published_cases(connection)
    statements = {name: holding_statement(name) for name in METADATA.tables}
    if published is not None:
        statements[cases.name] = _published_statement(published)
    parts = [read_frame(connection, statement, HOLDINGS) for statement in statements.values()]
    return pd.concat(parts, ignore_index=True)


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


def holding_statement(name: str) -> Select[Any]:
    """Select one table's name, its number of rows and its newest day."""
    table = METADATA.tables[name]
    newest = sa.func.max(DATED[name], type_=sa.Date()) if name in DATED else sa.cast(sa.null(), sa.Date())
    columns: list[sa.ColumnElement[Any]] = [sa.literal(name).label("table"), sa.func.count().label("rows")]
    return sa.select(*columns, newest.label("newest")).select_from(table)


def _published_cases(connection: Connection) -> int | None:
    """Return how many cases the newest release counted, None where that is not known: counting them again is slow."""
    r = data_releases.c
    marks = connection.scalar(sa.select(r.marks).order_by(r.id.desc()).limit(1)) or {}
    return sum(int(rows) for rows, _ in marks[cases.name].values()) if cases.name in marks else None


def _published_statement(rows: int) -> Select[Any]:
    """Select of the cases what `holding_statement` does of another table."""
    newest = newest_cases_statement().subquery().c.newest
    day = sa.func.max(newest, type_=sa.Date()).label("newest")
    columns: list[sa.ColumnElement[Any]] = [sa.literal(cases.name).label("table"), sa.literal(rows).label("rows"), day]
    return sa.select(*columns)
