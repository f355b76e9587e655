"""议程: a named plan of a meeting's slides, chosen and ordered, kept for the next time.

Who may write one is not decided here but in `meetings`, the one way in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from state import clock
from state.slide_lists import named_slides
from state.tables import AGENDAS

LONGEST_NAME = 40


@dataclass(frozen=True)
class Agenda:
    """One agenda: its name, the keys of its slides in order, and who wrote it last."""

    name: str
    slides: tuple[str, ...]
    author: str
    written_at: datetime


def agendas(connection: Connection) -> list[Agenda]:
    """Return all agendas, the newest first."""
    columns = [AGENDAS.c[name] for name in Agenda.__dataclass_fields__]
    rows = connection.execute(sa.select(*columns).order_by(AGENDAS.c.written_at.desc(), AGENDAS.c.name))
    return [Agenda(row.name, tuple(row.slides), row.author, row.written_at) for row in rows]


def save(connection: Connection, name: str, slides: Sequence[str], *, author: str) -> None:
    """Keep the agenda of that name, over the one that stood there.

    Raises
    ------
    ValueError
        For an empty or overlong name, or no slides.
    """
    said, keys = named_slides(name, slides, longest=LONGEST_NAME)
    values = {"slides": keys, "author": author, "written_at": clock.now()}
    changed = connection.execute(AGENDAS.update().where(AGENDAS.c.name == said).values(values))
    if not changed.rowcount:
        connection.execute(AGENDAS.insert().values(name=said, **values))


def remove(connection: Connection, name: str) -> bool:
    """Take an agenda away; tell whether there was one."""
    return bool(connection.execute(AGENDAS.delete().where(AGENDAS.c.name == name)).rowcount)
