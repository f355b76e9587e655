"""议定事项: what a meeting decided on a weak link, by whom and until when, with the township's reply.

Who may write which part is not decided here but in `entries`, the one way in.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Row

from state import clock
from state.tables import FOLLOW_UPS

LONGEST = {"subject": 120, "reference": 80, "promise": 200, "owner": 80, "reply": 200}
"""Characters of each text."""


@dataclass(frozen=True)
class Decision:
    """What the office writes down: the matter, what was promised, by whom, until when, and when it was done.

    `reference` names the weak link it is about ("" for none), `township_code` the township concerned (None for the
    county's own matters), `raised_on` the day of the meeting.
    """

    subject: str
    promise: str
    owner: str
    raised_on: date
    due_on: date | None = None
    done_on: date | None = None
    township_code: str | None = None
    reference: str = ""


@dataclass(frozen=True)
class FollowUp:
    """One row: the decision with who wrote it last, and the reply, if any, with its author's name on screen."""

    id: int
    decision: Decision
    author: str
    written_at: datetime
    reply: str | None
    replier: str | None
    replied_at: datetime | None


def follow_ups(connection: Connection, *, township_code: str | None = None) -> list[FollowUp]:
    """Return all follow-ups, or those of one township, in the order in which they were written down."""
    statement = sa.select(*_DECIDED, *_REST).order_by(FOLLOW_UPS.c.id)
    if township_code is not None:
        statement = statement.where(FOLLOW_UPS.c.township_code == township_code)
    return [_follow_up(row) for row in connection.execute(statement)]


def find_follow_up(connection: Connection, number: int) -> FollowUp | None:
    """Return one follow-up by its number, or None."""
    row = connection.execute(sa.select(*_DECIDED, *_REST).where(FOLLOW_UPS.c.id == number)).first()
    return None if row is None else _follow_up(row)


def record(connection: Connection, decision: Decision, *, author: str) -> int:
    """Write a decision down and return its number.

    Raises
    ------
    ValueError
        For a text that is empty (subject, promise, owner) or too long, or a day before the meeting.
    """
    values = _checked(decision) | {"author": author, "written_at": clock.now()}
    return int(connection.execute(FOLLOW_UPS.insert().values(values).returning(FOLLOW_UPS.c.id)).scalar_one())


def change(connection: Connection, number: int, decision: Decision, *, author: str) -> bool:
    """Write a decision over the one that stood there, its reply staying; tell whether there was one.

    Raises
    ------
    ValueError
        As `record`.
    """
    values = _checked(decision) | {"author": author, "written_at": clock.now()}
    return bool(connection.execute(FOLLOW_UPS.update().where(FOLLOW_UPS.c.id == number).values(values)).rowcount)


def reply(connection: Connection, number: int, *, text: str, replier: str) -> bool:
    """Write the township's reply; tell whether there was something to reply to.

    Raises
    ------
    ValueError
        For an empty or overlong text.
    """
    values = {"reply": _text("reply", text, is_required=True), "replier": replier, "replied_at": clock.now()}
    return bool(connection.execute(FOLLOW_UPS.update().where(FOLLOW_UPS.c.id == number).values(values)).rowcount)


_DECIDED = [FOLLOW_UPS.c[name] for name in Decision.__dataclass_fields__]
_REST = [FOLLOW_UPS.c[name] for name in FollowUp.__dataclass_fields__ if name != "decision"]


def _follow_up(row: Row[Any]) -> FollowUp:
    said = dict(row._mapping)
    decision = Decision(**{name: said.pop(name) for name in Decision.__dataclass_fields__})
    return FollowUp(decision=decision, **said)


def _checked(decision: Decision) -> dict[str, Any]:
    required = {"subject", "promise", "owner"}
    texts = {
        name: _text(name, getattr(decision, name), is_required=name in required) for name in (*required, "reference")
    }
    days = [day for day in (decision.due_on, decision.done_on) if day is not None]
    if any(day < decision.raised_on for day in days):
        raise ValueError(f"expected days on or after {decision.raised_on}, got {days}")
    return vars(decision) | texts


def _text(name: str, text: str, *, is_required: bool) -> str:
    said = " ".join(text.split())
    if len(said) > LONGEST[name] or (is_required and not said):
        raise ValueError(f"expected {name} of 1 to {LONGEST[name]} characters, got {len(said)}")
    return said
