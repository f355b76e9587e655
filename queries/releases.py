"""Data releases: the newest one is the data version."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection, Select

from database.tables import data_releases

DEMO_SOURCE = "演示数据"


@dataclass(frozen=True)
class Release:
    """One release of the data; a figure is identified by (as_of, release)."""

    id: int
    as_of: date
    published_at: datetime
    source: str
    note: str

    @property
    def is_demo(self) -> bool:
        """Whether the figures are those of the demo county."""
        return self.source == DEMO_SOURCE


def newest_release(connection: Connection) -> Release | None:
    """Return the release with the highest id, None before the first.

    Source: table data_releases.
    """
    row = connection.execute(_newest_release()).one_or_none()
    return None if row is None else Release(row.id, row.as_of, row.published_at, row.source or "", row.note or "")


def is_demo(connection: Connection) -> bool:
    """Tell whether the figures are those of the demo county; False before the first release.

    Source: table data_releases.
    """
    newest = newest_release(connection)
    return newest is not None and newest.is_demo


def newest_as_of(connection: Connection) -> date | None:
    """Return the largest as-of date of all releases: where a page stands without a choice; None before the first."""
    return connection.scalar(sa.select(data_releases.c.as_of).order_by(data_releases.c.as_of.desc()).limit(1))


def _newest_release() -> Select[tuple[int, date, datetime, str, str]]:
    r = data_releases.c
    return sa.select(r.id, r.as_of, r.published_at, r.source, r.note).order_by(r.id.desc()).limit(1)
