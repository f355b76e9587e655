"""情况说明: why a figure of a region and month is as it is, in the office's words, with the township's reply.

Who may write which part is not decided here but in `entries`, the one way in.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from state import clock
from state.tables import ANNOTATIONS

LONGEST = 200
"""Characters of a reason or a reply."""


@dataclass(frozen=True)
class Place:
    """What is written about: an indicator of a region in a month (its first day)."""

    region_code: str
    kpi_code: str
    month: date


@dataclass(frozen=True)
class Annotation:
    """One row: reason and exclusion with their author's name on screen, and the reply, if any, with its own."""

    place: Place
    reason: str
    is_excluded: bool
    author: str
    written_at: datetime
    reply: str | None
    replier: str | None
    replied_at: datetime | None


def annotations(connection: Connection) -> list[Annotation]:
    """Return all annotations by region, indicator and month."""
    keys = [ANNOTATIONS.c[name] for name in Place.__dataclass_fields__]
    said = [ANNOTATIONS.c[name] for name in Annotation.__dataclass_fields__ if name != "place"]
    rows = connection.execute(sa.select(*keys, *said).order_by(*keys))
    return [Annotation(Place(*row[: len(keys)]), *row[len(keys) :]) for row in rows]


def explain(connection: Connection, place: Place, *, reason: str, is_excluded: bool, author: str) -> None:
    """Write the reason beside a figure, over the one that stood there; a reply to it stays.

    Raises
    ------
    ValueError
        For an empty or overlong reason.
    """
    said = {"reason": _checked(reason), "is_excluded": is_excluded, "author": author, "written_at": clock.now()}
    changed = connection.execute(ANNOTATIONS.update().where(_is_at(place)).values(said))
    if not changed.rowcount:
        connection.execute(ANNOTATIONS.insert().values(vars(place) | said))


def reply(connection: Connection, place: Place, *, text: str, replier: str) -> bool:
    """Write the reply to an annotation; tell whether there was one to reply to.

    Raises
    ------
    ValueError
        For an empty or overlong text.
    """
    said = {"reply": _checked(text), "replier": replier, "replied_at": clock.now()}
    return bool(connection.execute(ANNOTATIONS.update().where(_is_at(place)).values(said)).rowcount)


def withdraw(connection: Connection, place: Place) -> bool:
    """Take an annotation away, reply and all; tell whether there was one."""
    return bool(connection.execute(ANNOTATIONS.delete().where(_is_at(place))).rowcount)


def _checked(text: str) -> str:
    said = " ".join(text.split())
    if not 0 < len(said) <= LONGEST:
        raise ValueError(f"expected 1 to {LONGEST} characters, got {len(said)}")
    return said


def _is_at(place: Place) -> ColumnElement[bool]:
    return sa.and_(*(ANNOTATIONS.c[name] == value for name, value in vars(place).items()))
