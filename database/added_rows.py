"""Counts added to stored rows: what a correction changes, without reading what stands."""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from database.bulk import plain_rows


def add_rows(connection: Connection, table: Table, change: pd.DataFrame, counts: Sequence[str]) -> None:
    """Add to stored rows; a row without any count does not stand.

    Parameters
    ----------
    table
        Its primary key, which begins with a region and ends with a day or month, says which row is meant.
    change
        The columns of the table, to be added up by its key; `counts` may be below 0.
    """
    keys = [column.name for column in table.primary_key]
    change = change.groupby(keys, as_index=False)[list(counts)].sum()
    change = change[(change[list(counts)] != 0).any(axis=1)]
    if change.empty:
        return
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
    added = {name: table.c[name] + insert.excluded[name] for name in counts}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=added), plain_rows(change, table))
    day = next(column for column in table.primary_key if isinstance(column.type, sa.Date))
    first = next(iter(table.primary_key))
    connection.execute(
        table.delete().where(
            first.in_(list(change[first.name].unique())),
            day >= change[day.name].min().date(),
            *(table.c[name] == 0 for name in counts),
        )
    )
