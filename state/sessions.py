"""Sessions: a random id in the browser's cookie, its hash here; idle and absolute limits; revoked by deletion."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy import Connection

from state import clock
from state.tables import ACCOUNTS, SESSIONS

IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
ACTIVITY_STEP = timedelta(minutes=1)
"""Activity is written at most once in this time, so that a look costs no write."""


@dataclass(frozen=True)
class Session:
    """A living session and whose it is."""

    hash: str
    account: str
    display_name: str
    role: str
    township_code: str | None
    department_code: str | None
    is_demo: bool
    active_at: datetime


def session_hash(session_id: str) -> str:
    """Return what is stored of a session id, and what a session is called inside the program."""
    return sha256(session_id.encode()).hexdigest()


def open_session(connection: Connection, account: str, address: str) -> str:
    """Open a session for the account and return its id, which is kept nowhere; expired sessions are swept out."""
    moment = clock.now()
    connection.execute(SESSIONS.delete().where(SESSIONS.c.expires_at <= moment))
    session_id = secrets.token_urlsafe(32)
    row = {"hash": session_hash(session_id), "account": account, "address": address, "opened_at": moment}
    row |= {"active_at": moment, "expires_at": moment + ABSOLUTE_LIMIT}
    connection.execute(SESSIONS.insert().values(row))
    return session_id


def find_session(connection: Connection, hashed: str) -> Session | None:
    """Return the living session of that hash: not revoked, idle or over, its account not disabled."""
    moment = clock.now()
    row = connection.execute(_LIVING, {"hash": hashed, "now": moment, "idle_since": moment - IDLE_LIMIT}).first()
    return None if row is None else Session(**row._mapping)


def note_activity(connection: Connection, hashed: str) -> None:
    """Write that the session is in use now."""
    connection.execute(SESSIONS.update().where(SESSIONS.c.hash == hashed).values(active_at=clock.now()))


def is_activity_due(session: Session) -> bool:
    """Tell whether the last note of activity is old enough for another."""
    return clock.now() - session.active_at >= ACTIVITY_STEP


def revoke(connection: Connection, hashed: str) -> None:
    """End the session at once."""
    connection.execute(SESSIONS.delete().where(SESSIONS.c.hash == hashed))


_LIVING = (
    sa.select(
        SESSIONS.c.hash,
        SESSIONS.c.account,
        ACCOUNTS.c.display_name,
        ACCOUNTS.c.role,
        ACCOUNTS.c.township_code,
        ACCOUNTS.c.department_code,
        ACCOUNTS.c.is_demo,
        SESSIONS.c.active_at,
    )
    .join(ACCOUNTS, ACCOUNTS.c.name == SESSIONS.c.account)
    .where(
        SESSIONS.c.hash == sa.bindparam("hash"),
        SESSIONS.c.expires_at > sa.bindparam("now"),
        SESSIONS.c.active_at > sa.bindparam("idle_since"),
        ACCOUNTS.c.disabled_at.is_(None),
    )
)
