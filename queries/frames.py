"""The one way from a statement to a frame with promised types."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select
from sqlalchemy.sql.selectable import CompoundSelect

Statement = Select[Any] | CompoundSelect[Any]

DAY, COUNT, MEASURE, TEXT, FLAG = "datetime64[s]", "int64", "float64", "str", "bool"
ROWS_AT_A_TIME = 500
"""Many rows at once make Python's collector look through all of them again and again: up to three times as slow."""


def read_frame(connection: Connection, statement: Statement, columns: Mapping[str, str]) -> pd.DataFrame:
    """Run a statement and give its rows the promised types, the same on every database.

    Parameters
    ----------
    columns : mapping
        Name and dtype of each column, in the order of the statement: datetime64[s] (dates, None becomes NaT), int64
        (counts), float64 (measures, None becomes NaN), str (None becomes NaN), bool.

    Returns
    -------
    pd.DataFrame
        One row per row of the statement, in its order; without rows, the same columns and dtypes.

    Raises
    ------
    ValueError
        When the statement's columns are not the promised ones.
    """
    result = connection.execute(statement)
    if list(result.keys()) != list(columns):
        raise ValueError(f"promised {list(columns)}, got {list(result.keys())}")
    parts = [list(zip(*rows, strict=True)) for rows in result.partitions(ROWS_AT_A_TIME)]
    values = [list(chain.from_iterable(column)) for column in zip(*parts, strict=True)] or [[] for _ in columns]
    typed = {name: _typed(value, dtype) for (name, dtype), value in zip(columns.items(), values, strict=True)}
    return pd.DataFrame(typed, index=pd.RangeIndex(len(values[0])))


def as_sent(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """Select days as the driver has them, texts or dates: the few distinct ones are converted here, once each."""
    return sa.type_coerce(day, sa.String)


def empty_frame(columns: Mapping[str, str]) -> pd.DataFrame:
    """Return no rows with the promised types."""
    return pd.DataFrame({name: _typed([], dtype) for name, dtype in columns.items()})


def _typed(values: Sequence[Any], dtype: str) -> Any:
    if dtype == DAY:
        return _days(values)
    if dtype in (COUNT, MEASURE, FLAG):
        return np.array(values, dtype=dtype)
    return pd.array(values, dtype="str")


def _days(values: Sequence[Any]) -> Any:
    """Convert each distinct date once: a column of dates holds few of them, and one by one they are slow."""
    places = {value: i for i, value in enumerate(dict.fromkeys(values))}
    distinct = np.array(list(places), dtype="datetime64[D]").astype(DAY)
    return distinct[np.fromiter(map(places.__getitem__, values), dtype=np.intp, count=len(values))]
