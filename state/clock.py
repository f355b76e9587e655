"""The one clock of accounts, sessions, attempts and audit; tests replace `now` here and nothing else."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)
