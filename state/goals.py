"""目标要求: the goals of a campaign, a few numbered lines in the office's words, and how far each has come.

Who may write is not decided here but in `entries`, the one way in.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from state import clock
from state.tables import CAMPAIGN_GOALS

NUMBERS = (1, 2, 3, 4, 5)
"""The campaign was given five goals (五大目标要求)."""

LONGEST = {"goal": 120, "standing": 200}
"""Characters of each text."""


@dataclass(frozen=True)
class Goal:
    """One row: a goal of a campaign by its number, how far it has come ("" unsaid), who wrote it last and when."""

    campaign_code: str
    number: int
    goal: str
    standing: str
    author: str
    written_at: datetime


def goals(connection: Connection, campaign_code: str) -> list[Goal]:
    """Return the goals written down for a campaign, by number."""
    columns = [CAMPAIGN_GOALS.c[name] for name in Goal.__dataclass_fields__]
    statement = sa.select(*columns).where(CAMPAIGN_GOALS.c.campaign_code == campaign_code)
    return [Goal(*row) for row in connection.execute(statement.order_by(CAMPAIGN_GOALS.c.number))]


def write_goal(
    connection: Connection, campaign_code: str, number: int, *, goal: str, standing: str, author: str
) -> None:
    """Write a goal over the one of that number; an empty one takes the line away.

    Raises
    ------
    ValueError
        For another number, or an overlong text.
    """
    if number not in NUMBERS:
        raise ValueError(f"expected a goal of {NUMBERS}, got {number}")
    said = {name: _checked(name, text) for name, text in (("goal", goal), ("standing", standing))}
    key = sa.and_(CAMPAIGN_GOALS.c.campaign_code == campaign_code, CAMPAIGN_GOALS.c.number == number)
    connection.execute(CAMPAIGN_GOALS.delete().where(key))
    if said["goal"]:
        row = {"campaign_code": campaign_code, "number": number, "author": author, "written_at": clock.now()}
        connection.execute(CAMPAIGN_GOALS.insert().values(row | said))


def _checked(name: str, text: str) -> str:
    said = " ".join(text.split())
    if len(said) > LONGEST[name]:
        raise ValueError(f"expected {name} of at most {LONGEST[name]} characters, got {len(said)}")
    return said
