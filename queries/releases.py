"""Data releases: the newest one is the data version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from database.tables import data_releases
from queries.frames import COUNT, DAY, TEXT

DEMO_SOURCE = "演示数据"
RELEASES = {"id": COUNT, "changed": COUNT, "published_at": DAY, "as_of": DAY, "source": TEXT, "note": TEXT,
            "errors": COUNT, "warnings": COUNT, "notices": COUNT}  # fmt: skip


@dataclass(frozen=True)
class Release:
    """One release of the data; a figure is identified by (as_of, release).

    `is_demo`: the county is the demo county, whatever was loaded into it since. `restated`: the stretches of days whose
    headline figures differ from those of the release before.
    """

    id: int
    as_of: date
    published_at: datetime
    source: str
    note: str
    is_demo: bool
    restated: tuple[tuple[date, date], ...] = ()

    def restates(self, day: date) -> bool:
        """Whether the headline figures of a day are others than in the release before."""
        return any(first <= day <= last for first, last in self.restated)


def newest_release(connection: Connection) -> Release | None:
    """Return the release with the highest id, None before the first.

    Source: table data_releases.
    """
    row = connection.execute(_NEWEST).one_or_none()
    if row is None:
        return None
    stretches = tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in row.restated or ())
    return Release(row.id, row.as_of, row.published_at, row.source or "", row.note or "", bool(row.is_demo), stretches)


def releases(connection: Connection, *, limit: int = 12) -> pd.DataFrame:
    """Return the newest releases, newest first.

    Returns
    -------
    pd.DataFrame
        One row per release: id, changed (rows that the load changed), errors, warnings, notices (what the checks found
        then; 0 where none were made), all int64; published_at (datetime64[s], UTC), as_of (datetime64[s]), source, note
        (str, "" for none). No release: no rows.

    Source: table data_releases.
    """
    r = data_releases.c
    columns = (r.id, r.published_at, r.as_of, r.source, r.note, r.rows, r.checks)
    found = connection.execute(sa.select(*columns).order_by(r.id.desc()).limit(limit)).all()
    rows = [
        (r.id, _changed(r.rows), r.published_at, r.as_of, r.source or "", r.note or "", *_counts(r.checks))
        for r in found
    ]
    return pd.DataFrame(rows, columns=list(RELEASES)).astype(RELEASES)


def is_demo(connection: Connection) -> bool:
    """Tell whether the figures are those of the demo county; False before the first release.

    Source: table data_releases.
    """
    newest = newest_release(connection)
    return newest is not None and newest.is_demo


def newest_as_of(connection: Connection) -> date | None:
    """Return the largest as-of date of all releases: where a page stands without a choice; None before the first."""
    return connection.scalar(sa.select(data_releases.c.as_of).order_by(data_releases.c.as_of.desc()).limit(1))


def _newest_release() -> Select[Any]:
    """Build the statement once: it is the one that every run of every page begins with."""
    r, any_release = data_releases.c, data_releases.alias("any_release")
    is_demo = sa.exists().where(any_release.c.source == DEMO_SOURCE)
    columns = (r.id, r.as_of, r.published_at, r.source, r.note, r.restated, is_demo.label("is_demo"))
    return sa.select(*columns).order_by(r.id.desc()).limit(1)


_NEWEST = _newest_release()


def _changed(rows: Mapping[str, int] | None) -> int:
    """Add the rows up; keys with a point tell deleted and skipped ones apart and are no further rows."""
    return sum(count for table, count in (rows or {}).items() if "." not in table)


def _counts(checks: Mapping[str, int] | None) -> list[int]:
    return [(checks or {}).get(severity, 0) for severity in ("error", "warning", "notice")]
