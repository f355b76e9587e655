"""A county on PostgreSQL multiplied inside the server: so many of each case, so many times each stored count.

Ten million cases are thus had in minutes. What follows regions and months but not cases (indicators, scores, task
reports) stays as it was: it has as many rows as before, and its reads cost the same.
"""

import sqlalchemy as sa
from sqlalchemy import Connection, Table

from database.tables import (
    backlog_states,
    case_departments,
    case_groups,
    case_months,
    cases,
    department_months,
    regions,
)

OF_CASES = (cases, case_departments)
COUNTED = (backlog_states, case_months, case_groups, department_months)
"""Tables of which every column outside the key counts cases or episodes."""

NUMBERS = frozenset({"case_no", "repeat_of"})
MAKING_MEMORY = "1GB"
"""For building an index; in this transaction alone."""


class WronglyMultiplied(Exception):  # noqa: N818
    """The stored counts are not those of the cases."""


def multiply(connection: Connection, times: int) -> None:
    """Give every case `times - 1` copies: its number with -2, -3, ... behind it, all else the same.

    Parameters
    ----------
    connection
        To a county on PostgreSQL without views, in a transaction; VACUUM ANALYZE is the caller's.

    Raises
    ------
    WronglyMultiplied
        The newest stored day of a stream does not count what the cases say.
    """
    connection.exec_driver_sql(f"SET LOCAL maintenance_work_mem = '{MAKING_MEMORY}'")
    for table in OF_CASES:
        _copy_rows(connection, table, times)
    for table in COUNTED:
        counts = [column for column in table.c if not column.primary_key]
        connection.execute(table.update().values({column: column * times for column in counts}))
    _verify(connection)


def _copy_rows(connection: Connection, table: Table, times: int) -> None:
    """Insert the copies while no index stands, and build all of them anew."""
    for index in table.indexes:
        index.drop(connection)
    connection.execute(sa.schema.DropConstraint(table.primary_key))
    copy = sa.func.generate_series(2, times).table_valued("number").render_derived("copy")
    columns = [
        column.concat("-").concat(sa.cast(copy.c.number, sa.Text)) if column.name in NUMBERS else column
        for column in table.c
    ]
    rows = sa.select(*columns).select_from(table.join(copy, sa.true()))
    connection.execute(table.insert().from_select(list(table.c), rows))
    connection.execute(sa.schema.AddConstraint(table.primary_key))
    for index in table.indexes:
        index.create(connection)


def _verify(connection: Connection) -> None:
    """Count the first episodes begun by the newest stored day in each stream, from the cases and as stored."""
    s, c, r = backlog_states.c, cases.c, regions.c
    newest = sa.select(sa.func.max(s.day)).scalar_subquery()
    tops = sa.select(r.code).where(r.parent_code.is_(None))
    stored = (
        sa.select(s.stream, sa.func.sum(s.opened_to_date))
        .where(s.region_code.in_(tops), s.platform == "", s.day == newest)
        .group_by(s.stream)
    )
    begun = sa.select(c.stream, sa.func.count()).where(c.episode == 1, c.opened_on <= newest).group_by(c.stream)
    if sorted(connection.execute(stored).all()) != sorted(connection.execute(begun).all()):
        raise WronglyMultiplied
