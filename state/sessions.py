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
PRESENTER_LIMIT = timedelta(hours=4)
"""For how long a session lives on without a look while its presenter is open: a meeting looks at one slide for long."""
ABSOLUTE_LIMIT = timedelta(hours=12)
ACTIVITY_STEP = timedelta(minutes=1)
"""Activity is written at most once in this time, so that a look costs no write."""
CLOCK_SLACK = timedelta(minutes=5)
"""How far servers' clocks may differ; a session from further ahead was opened while a clock was wrong, and is over."""


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
    must_change_password: bool
    password_changed_at: datetime
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
    limits = {"now": moment, "ahead": moment + CLOCK_SLACK}
    limits |= {"idle_since": moment - IDLE_LIMIT, "presenting_since": moment - PRESENTER_LIMIT}
    row = connection.execute(_LIVING, {"hash": hashed, **limits}).first()
    return None if row is None else Session(**row._mapping)


@dataclass(frozen=True)
class Opened:
    """A session as the office sees it: whose, from where, since when; without what would open it."""

    account: str
    address: str
    opened_at: datetime
    active_at: datetime


def living_sessions(connection: Connection, account: str | None = None) -> list[Opened]:
    """Return the living sessions, of one account or of all, by account and opening."""
    moment = clock.now()
    columns = [SESSIONS.c[name] for name in Opened.__dataclass_fields__]
    living = sa.select(*columns).where(
        SESSIONS.c.expires_at > moment,
        SESSIONS.c.opened_at <= moment + CLOCK_SLACK,
        SESSIONS.c.active_at <= moment + CLOCK_SLACK,
        sa.or_(
            SESSIONS.c.active_at > moment - IDLE_LIMIT,
            SESSIONS.c.presenting_at > moment - PRESENTER_LIMIT,
        ),
    )
    own = living if account is None else living.where(SESSIONS.c.account == account)
    rows = connection.execute(own.order_by(SESSIONS.c.account, SESSIONS.c.opened_at))
    return [Opened(**row._mapping) for row in rows]


def note_activity(connection: Connection, hashed: str) -> None:
    """Write that the session is in use now."""
    connection.execute(SESSIONS.update().where(SESSIONS.c.hash == hashed).values(active_at=clock.now()))


def note_presenting(connection: Connection, hashed: str, *, is_presenting: bool) -> None:
    """Write that the session is in the presenter now, or has left it; either is activity."""
    moment = clock.now()
    values = {"active_at": moment, "presenting_at": moment if is_presenting else None}
    connection.execute(SESSIONS.update().where(SESSIONS.c.hash == hashed).values(values))


def is_activity_due(session: Session) -> bool:
    """Tell whether the last note of activity is old enough for another."""
    return clock.now() - session.active_at >= ACTIVITY_STEP


def revoke(connection: Connection, hashed: str) -> None:
    """End the session at once."""
    connection.execute(SESSIONS.delete().where(SESSIONS.c.hash == hashed))


def revoke_all(connection: Connection, account: str) -> int:
    """End every session of the account at once; return how many there were."""
    return int(connection.execute(SESSIONS.delete().where(SESSIONS.c.account == account)).rowcount)


_LIVING = (
    sa.select(
        SESSIONS.c.hash,
        SESSIONS.c.account,
        ACCOUNTS.c.display_name,
        ACCOUNTS.c.role,
        ACCOUNTS.c.township_code,
        ACCOUNTS.c.department_code,
        ACCOUNTS.c.is_demo,
        ACCOUNTS.c.must_change_password,
        ACCOUNTS.c.password_changed_at,
        SESSIONS.c.active_at,
    )
    .join(ACCOUNTS, ACCOUNTS.c.name == SESSIONS.c.account)
    .where(
        SESSIONS.c.hash == sa.bindparam("hash"),
        SESSIONS.c.expires_at > sa.bindparam("now"),
        sa.or_(
            SESSIONS.c.active_at > sa.bindparam("idle_since"),
            SESSIONS.c.presenting_at > sa.bindparam("presenting_since"),
        ),
        SESSIONS.c.opened_at <= sa.bindparam("ahead"),
        SESSIONS.c.active_at <= sa.bindparam("ahead"),
        ACCOUNTS.c.disabled_at.is_(None),
    )
)
