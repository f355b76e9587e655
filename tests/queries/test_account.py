"""The tests of this folder read under the account that the dashboard has on a county's PostgreSQL."""

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy import Connection


def test_reads_are_the_reader_s_and_writes_the_owner_s(connection: Connection, add: Callable[..., None]) -> None:
    if connection.dialect.name == "sqlite":
        return  # its accounts are files' rights
    account = sa.select(sa.func.current_user())
    add("departments", {"code": "D01"})
    assert connection.scalar(account) == "governance_reader"
    add("departments", {"code": "D02"})
    assert connection.scalar(account) == "governance_reader"
