"""The audit trail: who did what, when, from where; rows are only ever added."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from state import clock
from state.tables import AUDIT


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


def newest_acts(connection: Connection, limit: int = 100) -> list[Act]:
    """Return the newest acts, newest first."""
    columns = [AUDIT.c[name] for name in Act.__dataclass_fields__]
    rows = connection.execute(sa.select(*columns).order_by(AUDIT.c.id.desc()).limit(limit))
    return [Act(**row._mapping) for row in rows]
