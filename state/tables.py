"""The tables of the state database; the migrations beside it create them, a test compares both."""

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Column, Date, DateTime, Dialect, ForeignKey, Index, Integer, MetaData, String, Table

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware moment, stored as UTC without zone, so that SQLite and PostgreSQL give the same back."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC without zone."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("name", String(20), primary_key=True),
    Column("display_name", String(40), nullable=False),
    Column("role", String(10), nullable=False),
    Column("township_code", String(12)),
    Column("department_code", String(12)),
    Column("password_hash", String(60), nullable=False),
    Column("is_demo", sa.Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("password_changed_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Column("must_change_password", sa.Boolean, nullable=False, server_default=sa.false()),
)
"""One row per account."""

FORMER_PASSWORDS = Table(
    "former_passwords",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("account", String(20), ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("password_hash", String(60), nullable=False),
)
"""One row per password that an account has or had, newest last; only the newest few are kept."""

SESSIONS = Table(
    "sessions",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("account", String(20), ForeignKey("accounts.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("address", String(45), nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("active_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("presenting_at", UtcDateTime),
)
"""One row per living session; revoking one deletes its row. In the presenter it idles out later: presenting_at."""

SIGN_IN_ATTEMPTS = Table(
    "sign_in_attempts",
    METADATA,
    Column("kind", String(10), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("locked_until", UtcDateTime),
)
"""One row per counter: kind pair (account and address), address, or account; the subject is a hash of its text.

One more of kind asked: when the monitoring last asked whether this database takes writes."""

AUDIT = Table(
    "audit",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("account", String(20)),
    Column("address", String(45)),
    Column("action", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Index("ix_audit_at", "at"),
    Index("ix_audit_account", "account"),
)
"""One row per act, only ever added to (triggers of migration 0004); it outlives the account it names."""

ANNOTATIONS = Table(
    "annotations",
    METADATA,
    Column("region_code", String(12), primary_key=True),
    Column("kpi_code", String(32), primary_key=True),
    Column("month", Date, primary_key=True),
    Column("reason", String(200), nullable=False),
    Column("is_excluded", sa.Boolean, nullable=False),
    Column("author", String(40), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("reply", String(200)),
    Column("replier", String(40)),
    Column("replied_at", UtcDateTime),
)
"""One row per region, indicator and month (its first day): 情况说明, why a figure is as it is, and the reply to it."""

FOLLOW_UPS = Table(
    "follow_ups",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("reference", String(80), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("township_code", String(12), index=True),
    Column("raised_on", Date, nullable=False),
    Column("promise", String(200), nullable=False),
    Column("owner", String(80), nullable=False),
    Column("due_on", Date),
    Column("done_on", Date),
    Column("author", String(40), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
    Column("reply", String(200)),
    Column("replier", String(40)),
    Column("replied_at", UtcDateTime),
)
"""One row per 议定事项: what a meeting decided, for whom and until when, and the township's reply."""

CAMPAIGN_GOALS = Table(
    "campaign_goals",
    METADATA,
    Column("campaign_code", String(32), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("goal", String(120), nullable=False),
    Column("standing", String(200), nullable=False),
    Column("author", String(40), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
)
"""One row per campaign and number: a goal of the campaign in the office's words, and how far it has come."""

AGENDAS = Table(
    "agendas",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("slides", sa.JSON, nullable=False),
    Column("author", String(40), nullable=False),
    Column("written_at", UtcDateTime, nullable=False),
)
"""One row per 议程: a plan of a meeting's slides, as a list of their keys in order."""

SNAPSHOTS = Table(
    "snapshots",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("title", String(80), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("release", Integer, nullable=False),
    Column("slides", sa.JSON, nullable=False),
    Column("content", sa.LargeBinary, nullable=False),
    Column("author", String(40), nullable=False),
    Column("frozen_at", UtcDateTime, nullable=False),
)
"""One row per 会议定稿, only ever added to: a meeting's figures, rows and slides as they were, in compressed text."""
