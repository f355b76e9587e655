"""Names in place of codes: an office writes 天马街道 and 县信访局, the tables hold their codes."""

from collections.abc import Mapping

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database import tables
from database.loading.cells import mapped
from database.loading.columns import folded
from database.loading.findings import ROW, Flag, flagged
from database.loading.references import REFERENCES

AMBIGUOUS = "有几个同名的，请填代码"
NAME_COLUMNS = {"tasks": ("title",), "regions": ("name", "short_name")}
"""Columns that name a row of a table; `name` where nothing else is said."""


class Names:
    """The codes that names stand for, in the database and in the files; read when asked for."""

    def __init__(self, connection: Connection, texts: Mapping[str, pd.DataFrame]) -> None:
        self._connection, self._texts = connection, texts
        self._rows: dict[str, pd.DataFrame] = {}

    def coded(self, table: str, text: pd.DataFrame) -> tuple[pd.DataFrame, list[Flag]]:
        """Put codes in place of names in every column that refers to another table.

        Returns
        -------
        pd.DataFrame
            `text`; a name that nobody bears stays as it is.
        list[Flag]
            Names that several bear.
        """
        flags: list[Flag] = []
        for reference in REFERENCES.get(table, ()):
            if reference.column in text.columns:
                within = text.get("township_code") if reference.column == "village_code" else None
                codes = self._codes(reference.table, text[reference.column], within=within)
                is_ambiguous = codes == AMBIGUOUS
                flags += flagged(table, text, is_ambiguous, reference.column, AMBIGUOUS)
                text = text.assign(**{reference.column: codes.where(~is_ambiguous, text[reference.column])})
        return text, flags

    def _codes(self, table: str, values: pd.Series, *, within: pd.Series | None) -> pd.Series:
        rows = self._named(table)
        unknown = values.notna() & ~values.isin(rows["code"])
        if not unknown.any() or rows.empty:
            return values
        if within is not None:
            return _villages(rows, values, within, unknown)
        if table == "regions":
            rows = rows[rows["level"] != "village"]
        known = _one_code(rows, [rows["name"].map(folded)])
        return mapped(values, {value: known.get(folded(value), value) for value in values[unknown].unique()})

    def _named(self, table: str) -> pd.DataFrame:
        """One row per name of the table's rows: code, name; of regions parent_code and level too."""
        if table not in self._rows:
            name_columns = NAME_COLUMNS.get(table, ("name",))
            about = ("parent_code", "level") if table == "regions" else ()
            c = tables.METADATA.tables[table].c
            wanted = ["code", *name_columns, *about]
            found = self._connection.execute(sa.select(*(c[name] for name in wanted))).all()
            held = pd.DataFrame(found, columns=wanted)
            given = self._texts.get(table, pd.DataFrame(columns=[*wanted, ROW])).reindex(columns=wanted)
            rows = pd.concat([held[~held["code"].isin(given["code"])], given]).astype(object)
            parts = [rows.assign(name=rows[name])[["code", "name", *about]] for name in name_columns]
            self._rows[table] = pd.concat(parts).dropna(subset=["code", "name"]).drop_duplicates()
        return self._rows[table]


def _villages(rows: pd.DataFrame, values: pd.Series, within: pd.Series, unknown: pd.Series) -> pd.Series:
    """Look up villages by name among those of the row's own township."""
    villages = rows[rows["level"] == "village"]
    known = _one_code(villages, [villages["parent_code"], villages["name"].map(folded)])
    asked = pd.DataFrame({"place": within[unknown], "name": values[unknown]})
    found = [known.get((place, folded(name)), name) for place, name in asked.itertuples(index=False)]
    coded = values.copy()
    coded[unknown] = found
    return coded


def _one_code(rows: pd.DataFrame, by: list[pd.Series]) -> dict[object, str]:
    """Return the code of each name; AMBIGUOUS where several rows bear it."""
    codes = rows["code"].groupby(by).agg(["first", "nunique"])
    return dict(zip(codes.index, codes["first"].where(codes["nunique"] == 1, AMBIGUOUS), strict=True))
