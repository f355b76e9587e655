"""What the files change: their rows laid over the rows that the database holds."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Row, Table

from database.bulk import delete_keys, insert_frame
from database.loading.cells import as_column
from database.loading.findings import ROW

_SLICE = 500
_ROWS_AT_ONCE = 10_000

Written = Callable[[int], None]
"""Called with how many more rows have been written."""


@dataclass(frozen=True)
class Counts:
    """What becomes of the rows of one table; `unchanged` are rows of the files, the others whatever is written."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    deleted: int = 0

    @property
    def written(self) -> int:
        """Rows that are new, different or gone."""
        return self.added + self.changed + self.deleted


@dataclass(frozen=True)
class Changes:
    """The rows of one table that differ from what is held: `old` as held and `new` as wanted.

    Both have every column of the table. A row with one key in both is an update; in `new` alone an insert; in `old`
    alone a delete (a case that moves leaves its township).
    """

    table: Table
    old: pd.DataFrame
    new: pd.DataFrame
    counts: Counts

    def __len__(self) -> int:
        """Count the rows that are new, different or gone."""
        return len(self.old) + len(self.new)

    def write(self, connection: Connection, written: Written = lambda rows: None) -> None:
        """Delete what is held and insert what is wanted."""
        keys = [column.name for column in self.table.primary_key]
        for some in _frames(self.old[keys]):
            delete_keys(connection, self.table, some)
        for some in _frames(self.new):
            insert_frame(connection, self.table, some)
            written(len(some))


def held_rows(connection: Connection, table: Table, frame: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Read the rows of `table` whose column `by` holds a value that `frame` holds there.

    Returns
    -------
    pd.DataFrame
        Every column of the table, in the types of `database.loading.cells`.
    """
    column, wanted = table.columns[by], plain_columns(connection, table)
    values = [value for value in frame[by].unique().tolist() if value is not None]
    parts = [connection.execute(sa.select(*wanted).where(column.in_(some))).all() for some in _slices(values)]
    return typed_rows([row for part in parts for row in part], table)


def plain_columns(connection: Connection, table: Table) -> list[ColumnElement[Any]]:
    """Return the columns of a table to select: days as text on SQLite, which pandas reads much faster than Python."""
    is_text = connection.dialect.name == "sqlite"
    return [sa.type_coerce(c, sa.String) if is_text and isinstance(c.type, sa.Date) else c for c in table.columns]


def typed_rows(rows: Sequence[Row[Any]], table: Table) -> pd.DataFrame:
    """Return rows of `plain_columns` in the types of `database.loading.cells`."""
    values: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    named = zip(table.columns, values, strict=True)
    return pd.DataFrame({c.name: as_column(pd.Series(column, dtype=object), c) for c, column in named})


def merged_rows(held: pd.DataFrame, given: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Lay the given rows over the held ones: a column that the file has replaces, one that it lacks is kept.

    Returns
    -------
    pd.DataFrame
        One row per key in either, every column of `held` and ROW (NaN: not in the file), ordered by the keys.
    """
    old, new = held.set_index(list(keys)), given.set_index(list(keys))
    index = old.index.union(new.index, sort=False)
    from_old, from_new = old.index.get_indexer(index), new.index.get_indexer(index)
    is_given = pd.Series(from_new >= 0, index)
    merged: dict[str, pd.Series] = {}
    for name in old.columns:
        column = _taken(old[name], from_old, index)
        if name in new.columns:
            column = _taken(new[name].astype(old[name].dtype), from_new, index).where(is_given, column)
        merged[name] = column
    merged[ROW] = _taken(new[ROW].astype("float64"), from_new, index)
    rows = pd.DataFrame(merged, index=index).reset_index()  # a union of keys is in order only where both have some
    return rows.sort_values(list(keys), ignore_index=True)


def changes(
    table: Table, held: pd.DataFrame, wanted: pd.DataFrame, *, keys: Sequence[str] = (), given: pd.Series | None = None
) -> Changes:
    """Compare whole rows; `wanted` holds every row that is to stand in place of `held`.

    Parameters
    ----------
    keys
        What makes a row the same one though its table's key may differ (a case that moves): the table's own key if
        nothing is said.
    given
        Which rows of `wanted` are in the files: those with a ROW if nothing is said.
    """
    own = [column.name for column in table.primary_key]
    names = list(table.columns.keys())
    same_held, same_wanted = _same_rows(held, wanted, own, names)
    before = pd.MultiIndex.from_frame(held[list(keys or own)])
    after = pd.MultiIndex.from_frame(wanted[list(keys or own)])
    added = int((~after.isin(before)).sum())
    is_given = wanted[ROW].notna() if given is None else given
    counts = Counts(
        added=added,
        changed=int((~same_wanted).sum()) - added,
        unchanged=int((same_wanted & is_given).sum()),
        deleted=int((~before.isin(after)).sum()),
    )
    old, new = held.loc[~same_held, names], wanted.loc[~same_wanted, names]
    return Changes(table, old.reset_index(drop=True), new.reset_index(drop=True), counts)


def _same_rows(
    held: pd.DataFrame, wanted: pd.DataFrame, keys: Sequence[str], names: Sequence[str]
) -> tuple[pd.Series, pd.Series]:
    """Return which rows of either stand unchanged in the other."""
    place = pd.MultiIndex.from_frame(held[list(keys)]).get_indexer(pd.MultiIndex.from_frame(wanted[list(keys)]))
    is_both = place >= 0
    old, new = held.iloc[place[is_both]].reset_index(drop=True), wanted[is_both].reset_index(drop=True)
    is_same = pd.Series(True, old.index)
    for name in names:
        a, b = old[name], new[name]
        is_same &= ((a == b).fillna(False) | (a.isna() & b.isna())).astype(bool)
    same_wanted, same_held = np.zeros(len(wanted), np.bool_), np.zeros(len(held), np.bool_)
    same_wanted[is_both] = is_same
    same_held[place[is_both]] = is_same
    return pd.Series(same_held, held.index), pd.Series(same_wanted, wanted.index)


def _taken(column: pd.Series, places: NDArray[np.intp], index: pd.Index) -> pd.Series:
    """Return the values at `places`, missing where a place is -1; the type stays."""
    taken = column.reset_index(drop=True).reindex(places).astype(column.dtype)
    return taken.set_axis(index)


def _slices(values: list[object]) -> Iterator[list[object]]:
    for start in range(0, len(values), _SLICE):
        yield values[start : start + _SLICE]


def _frames(frame: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        yield frame.iloc[start : start + _ROWS_AT_ONCE]
