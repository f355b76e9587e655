"""The scheduled refresh: a release only where the base tables hold something else than at the last one."""

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from database.marks import base_marks, changed_regions, changes_told
from database.offered import kpi_reports, offered
from database.refresh import Progress, refresh
from database.tables import cases, data_releases, kpi_values, task_progress

SOURCE = "定时汇总"
"""The source of the first release where nobody loaded anything."""


@dataclass(frozen=True)
class Refreshed:
    """What a scheduled refresh found: the newest release now, whether it is a new one, and what had changed."""

    release: int
    as_of: date
    is_new: bool
    changes: str


def refresh_if_changed(
    connection: Connection,
    *,
    today: date,
    as_of: date | None = None,
    note: str = "",
    is_forced: bool = False,
    progress: Progress | None = None,
) -> Refreshed:
    """Publish a whole refresh when rows differ from those of the newest release, or the as-of day is a new one.

    Marks tell where rows differ, not which; a case may repeat one of another township, so nothing less than a whole
    refresh is sure to equal a recount.

    Parameters
    ----------
    connection
        In a transaction of `database.writing.writer`.
    as_of
        Default: the newest opened, accepted, closed, reported or published day of the base tables that is not after
        `today`, or the newest as-of day so far where that is later.
    is_forced
        Publish, changed or not.

    Source: every base table, data_releases.
    """
    r = data_releases.c
    earlier = connection.execute(sa.select(r.id, r.as_of, r.source, r.marks).order_by(r.id.desc())).all()
    newest = earlier[0] if earlier else None
    end = as_of or _newest_day(connection, today, [row.as_of for row in earlier])
    marks = base_marks(connection)
    changed = changed_regions(newest.marks, marks) if newest and newest.marks else {}
    is_unchanged = newest and newest.marks and not changed and end in {row.as_of for row in earlier}
    if newest and is_unchanged and not is_forced:
        return Refreshed(newest.id, newest.as_of, is_new=False, changes="")
    changes = changes_told(connection, changed)
    release = refresh(
        connection,
        as_of=end,
        source=(newest and newest.source) or SOURCE,
        note=note or (f"变化：{changes}" if changes else ""),
        marks=marks,
        progress=progress,
    )
    return Refreshed(release, end, is_new=True, changes=changes)


def _newest_day(connection: Connection, today: date, earlier: list[date]) -> date:
    """Return the newest day on which something happened, as far as the base tables and the releases know."""
    reports = kpi_reports if kpi_reports.name in offered(connection) else kpi_values
    happened = (
        *(cases.c[name] for name in ("opened_on", "accepted_on", "closed_on")),
        task_progress.c.reported_on,
        reports.c.published_on,
    )
    newest = [connection.scalar(sa.select(sa.func.max(day, type_=sa.Date())).where(day <= today)) for day in happened]
    return max([*(day for day in newest if day), *earlier], default=today)
