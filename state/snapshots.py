"""会议定稿: what a meeting saw, kept as it was; rows are only ever added.

The content is what `analysis.meeting.freezing` made of the meeting's material; it is nothing but bytes here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from state import clock
from state.slide_lists import named_slides
from state.tables import SNAPSHOTS

LONGEST_TITLE = 80


@dataclass(frozen=True)
class Snapshot:
    """A frozen meeting without its content: its number, title, which figures it saw, its slides, who froze it when."""

    id: int
    title: str
    as_of: date
    release: int
    slides: tuple[str, ...]
    author: str
    frozen_at: datetime


def snapshots(connection: Connection) -> list[Snapshot]:
    """Return all frozen meetings, the newest first."""
    columns = [SNAPSHOTS.c[name] for name in Snapshot.__dataclass_fields__]
    rows = connection.execute(sa.select(*columns).order_by(SNAPSHOTS.c.id.desc()))
    return [Snapshot(**{**row._mapping, "slides": tuple(row.slides)}) for row in rows]


def content(connection: Connection, number: int) -> bytes | None:
    """Return what was frozen under a number, or None."""
    return connection.scalar(sa.select(SNAPSHOTS.c.content).where(SNAPSHOTS.c.id == number))


def freeze(
    connection: Connection, title: str, frozen: bytes, *, as_of: date, release: int, slides: Sequence[str], author: str
) -> int:
    """Keep a meeting and return its number.

    Raises
    ------
    ValueError
        For an empty or overlong title, or no slides.
    """
    said, keys = named_slides(title, slides, longest=LONGEST_TITLE)
    row = {"title": said, "as_of": as_of, "release": release, "slides": keys, "content": frozen}
    row |= {"author": author, "frozen_at": clock.now()}
    return int(connection.execute(SNAPSHOTS.insert().values(row).returning(SNAPSHOTS.c.id)).scalar_one())
