"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite, plain values either way."""

from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Table


def insert_frame(connection: Connection, table: Table, frame: pd.DataFrame) -> int:
    """Insert every row of `frame`; its columns are columns of `table`, absent ones stay null.

    Dates may be datetime64 of any unit; NaN, NaT and None become null; a float column goes whole into an integer one.

    Returns
    -------
    int
        The number of rows inserted.

    Raises
    ------
    ValueError
        A column that the table does not have.
    """
    unknown = set(frame.columns) - set(table.columns.keys())
    if unknown:
        raise ValueError(f"{table.name} has no columns {sorted(unknown)}")
    if frame.empty:
        return 0
    values = [_plain(frame[name], table.columns[name].type) for name in frame.columns]
    rows = list(zip(*values, strict=True))
    preparer = connection.dialect.identifier_preparer
    target = preparer.format_table(table)
    names = ", ".join(preparer.format_column(table.columns[name]) for name in frame.columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"COPY {target} ({names}) FROM STDIN", rows)
    else:
        marks = ", ".join("?" * len(frame.columns))
        connection.exec_driver_sql(f"INSERT INTO {target} ({names}) VALUES ({marks})", rows)  # noqa: S608
    return len(rows)


def delete_keys(connection: Connection, table: Table, keys: pd.DataFrame) -> None:
    """Delete the rows that hold what a row of `keys` does; its columns are columns of `table`, with nothing missing."""
    if keys.empty:
        return
    match = [table.columns[name] == sa.bindparam(f"key_{name}") for name in keys.columns]
    connection.execute(table.delete().where(*match), plain_rows(keys, table, prefix="key_"))


def plain_rows(frame: pd.DataFrame, table: Table, *, prefix: str = "") -> list[dict[str, Any]]:
    """Return the rows of a frame without anything missing, as a statement over `table` takes them."""
    values = [_plain_values(frame[name], table.columns[name].type) for name in frame.columns]
    names = [f"{prefix}{name}" for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*values, strict=True)]


def _plain_values(column: pd.Series, kind: Any) -> list[Any]:
    if isinstance(kind, sa.Date):
        return [day.date() for day in column]
    return column.astype("int64").tolist() if isinstance(kind, sa.Integer) else list(column)


def _copy(connection: Connection, statement: str, rows: list[tuple[Any, ...]]) -> None:
    driver: Any = connection.connection.driver_connection
    errors: Any = connection.dialect.loaded_dbapi
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except errors.Error as error:  # past SQLAlchemy, which would have made its own of it
        raise sa.exc.DBAPIError.instance(statement, None, error, errors.Error, hide_parameters=True) from error


def _plain(column: pd.Series, kind: Any) -> list[Any]:
    """Return the values as str, int, float, bool or None: ISO text for dates, which both databases read."""
    missing = column.isna().to_numpy()
    if isinstance(kind, sa.Date):
        plain = np.datetime_as_string(pd.to_datetime(column).to_numpy("datetime64[D]")).astype(object)
    elif isinstance(kind, sa.Integer):
        plain = column.mask(missing, 0).astype("int64").to_numpy().astype(object)
    elif isinstance(kind, sa.Boolean):
        plain = column.mask(missing, False).astype(bool).to_numpy().astype(object)
    else:
        plain = column.to_numpy(object, copy=True)
    plain[missing] = None
    values: list[Any] = plain.tolist()
    return values
