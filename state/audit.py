"""The audit trail: who did what, when, from where; rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection

from state import clock
from state.tables import AUDIT

KEPT_DAYS = 180
"""For how long the database itself refuses to let an act go (migration 0004)."""


@dataclass(frozen=True)
class Act:
    """One row of the trail; `account` is None for somebody who is no account."""

    at: datetime
    account: str | None
    address: str | None
    action: str
    subject: str


def record(
    connection: Connection, action: str, *, account: str | None, address: str | None = None, subject: str = ""
) -> None:
    """Add one act, for instance sign_in, sign_in_failed, sign_in_locked, sign_out, account_added, export.

    Never hand over what a stranger typed as a name: people type their password there.
    """
    row = {"at": clock.now(), "account": account, "address": address, "action": action, "subject": subject[:200]}
    connection.execute(AUDIT.insert().values(row))


@dataclass(frozen=True)
class Asked:
    """Which acts are wanted: of a span of time, of one account or all, of some kinds or all."""

    since: datetime
    until: datetime
    account: str | None = None
    actions: frozenset[str] | None = None


def days_back(days: int, *, account: str | None = None, actions: frozenset[str] | None = None) -> Asked:
    """Ask for the acts of the last days; those written while a clock ran ahead are not hidden until it is then."""
    moment = clock.now()
    return Asked(moment - timedelta(days=days), datetime.max.replace(tzinfo=moment.tzinfo), account, actions)


def acts(connection: Connection, asked: Asked, *, limit: int) -> list[Act]:
    """Return the newest acts that are asked for, newest first."""
    c = AUDIT.c
    columns = [c[name] for name in Act.__dataclass_fields__]
    chosen = sa.select(*columns).where(c.at >= asked.since, c.at < asked.until)
    if asked.account is not None:
        chosen = chosen.where(c.account == asked.account)
    if asked.actions is not None:
        chosen = chosen.where(c.action.in_(sorted(asked.actions)))
    rows = connection.execute(chosen.order_by(c.at.desc(), c.id.desc()).limit(limit))
    return [Act(**row._mapping) for row in rows]


def counts(connection: Connection, asked: Asked) -> dict[str, int]:
    """Return how many acts of each action were asked for, whatever their number."""
    c = AUDIT.c
    counted = sa.select(c.action, sa.func.count()).where(c.at >= asked.since, c.at < asked.until)
    if asked.account is not None:
        counted = counted.where(c.account == asked.account)
    if asked.actions is not None:
        counted = counted.where(c.action.in_(sorted(asked.actions)))
    return {action: int(number) for action, number in connection.execute(counted.group_by(c.action))}


def newest_acts(connection: Connection, limit: int = 100) -> list[Act]:
    """Return the newest acts, newest first."""
    columns = [AUDIT.c[name] for name in Act.__dataclass_fields__]
    rows = connection.execute(sa.select(*columns).order_by(AUDIT.c.id.desc()).limit(limit))
    return [Act(**row._mapping) for row in rows]
