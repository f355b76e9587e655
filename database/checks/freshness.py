"""Data that have stopped coming: no release, an old as-of day, a stream without new cases."""

from datetime import date, timedelta

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.rules import SILENT_DAYS, STALE_DAYS
from analysis.streams import STREAMS
from analysis.wording import day
from database.checks.findings import ADMINISTRATOR, NOTICE, OFFICE, WARNING, Finding
from database.checks.owners import Owners
from database.tables import data_releases
from queries.holdings import newest_cases
from queries.releases import is_demo


def findings(connection: Connection, *, today: date | None = None) -> list[Finding]:
    """Return a warning for a database without a release or with an old one, and a notice per stream that fell silent.

    Parameters
    ----------
    today
        The newest as-of day is held against it; None, or demo data, which stand still: against nothing.

    Source: tables data_releases, cases, kpis.
    """
    newest = connection.scalar(sa.select(sa.func.max(data_releases.c.as_of, type_=sa.Date())))
    if newest is None:
        return [Finding(WARNING, "data_releases", "还没有发布过数据", 0, ADMINISTRATOR)]
    found = []
    if today is not None and (today - newest).days > STALE_DAYS and not is_demo(connection):
        message = f"最新数据截至{day(newest)}，距今{(today - newest).days}天"
        found.append(Finding(WARNING, "data_releases", message, 1, OFFICE))
    return [*found, *_silent_streams(connection, newest)]


def _silent_streams(connection: Connection, as_of: date) -> list[Finding]:
    owners, newest = Owners(connection), newest_cases(connection)
    silent = newest[newest["newest"] < pd.Timestamp(as_of - timedelta(days=SILENT_DAYS))]
    return [
        Finding(NOTICE, "cases", f"{STREAMS[stream].name}自{day(last)}之后没有新登记", 0, owners.of("stream", stream))
        for stream, last in zip(silent["stream"], silent["newest"], strict=True)
        if stream in STREAMS
    ]
