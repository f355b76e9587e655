"""What the files change: their rows laid over the rows that the database holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Table

from database.bulk import insert_frame
from database.loading.cells import as_column
from database.loading.findings import ROW

_SLICE = 500


@dataclass(frozen=True)
class Changes:
    """The rows of one table that differ from what is held: `old` as held and `new` as wanted.

    Both have every column of the table. A row with one key in both is an update; in `new` alone an insert; in `old`
    alone a delete (a case that moves leaves its township).
    """

    table: Table
    old: pd.DataFrame
    new: pd.DataFrame

    def __len__(self) -> int:
        """Count the rows that are new or different."""
        return len(self.new)

    def write(self, connection: Connection) -> None:
        """Delete what is held and insert what is wanted."""
        keys = [column.name for column in self.table.primary_key]
        if not self.old.empty:
            match = [self.table.columns[name] == sa.bindparam(f"key_{name}") for name in keys]
            values = [_parameters(keys, row, self.table) for row in self.old[keys].itertuples(index=False)]
            connection.execute(self.table.delete().where(*match), values)
        insert_frame(connection, self.table, self.new)


def held_rows(connection: Connection, table: Table, frame: pd.DataFrame, *, by: str) -> pd.DataFrame:
    """Read the rows of `table` whose column `by` holds a value that `frame` holds there.

    Returns
    -------
    pd.DataFrame
        Every column of the table, in the types of `database.loading.cells`.
    """
    column = table.columns[by]
    rows = [
        row
        for some in _slices([value for value in frame[by].unique().tolist() if value is not None])
        for row in connection.execute(sa.select(table).where(column.in_(some)))
    ]
    found = pd.DataFrame(rows, columns=table.columns.keys())
    return pd.DataFrame({name: as_column(found[name], table.columns[name]) for name in found.columns})


def merged_rows(held: pd.DataFrame, given: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Lay the given rows over the held ones: a column that the file has replaces, one that it lacks is kept.

    Returns
    -------
    pd.DataFrame
        One row per key in either, every column of `held` and ROW (NaN: not in the file), ordered by the keys.
    """
    old, new = held.set_index(list(keys)), given.set_index(list(keys))
    index = old.index.union(new.index)
    is_given = index.isin(new.index)
    merged = pd.DataFrame(index=index)
    for name in old.columns:
        column = old[name].reindex(index)
        if name in new.columns:
            column = new[name].reindex(index).where(is_given, column)
        merged[name] = column.astype(old[name].dtype)
    merged[ROW] = new[ROW].reindex(index)
    return merged.reset_index()


def changes(table: Table, held: pd.DataFrame, wanted: pd.DataFrame) -> Changes:
    """Compare whole rows by the table's key; `wanted` holds every row that is to stand in place of `held`."""
    keys = [column.name for column in table.primary_key]
    names = list(table.columns.keys())
    old, new = held.set_index(keys, drop=False), wanted.set_index(keys, drop=False)
    both = old.index.intersection(new.index)
    is_same = pd.Series(True, index=both)
    for name in names:
        a, b = old.loc[both, name], new.loc[both, name]
        is_same &= ((a == b).fillna(False) | (a.isna() & b.isna())).astype(bool)
    same = both[is_same.to_numpy(bool)]
    return Changes(
        table,
        old.loc[~old.index.isin(same), names].reset_index(drop=True),
        new.loc[~new.index.isin(same), names].reset_index(drop=True),
    )


def _slices(values: list[object]) -> Iterator[list[object]]:
    for start in range(0, len(values), _SLICE):
        yield values[start : start + _SLICE]


def _parameters(keys: Sequence[str], row: Sequence[object], table: Table) -> dict[str, object]:
    """Turn one row's keys into what the driver takes."""
    found: dict[str, object] = {}
    for name, value in zip(keys, row, strict=True):
        if isinstance(value, pd.Timestamp):
            found[f"key_{name}"] = value.date()
        elif isinstance(table.columns[name].type, sa.Integer) and isinstance(value, float):
            found[f"key_{name}"] = int(value)
        else:
            found[f"key_{name}"] = value
    return found
