"""Marks: what the base tables hold, so short that it can be kept with a release and compared with the next."""

from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, FromClause
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from analysis.table_names import table_word
from database.kpis import COMPUTED
from database.offered import BASE_NAMES, kpi_reports, offered
from database.tables import METADATA, case_departments, cases, kpi_values, kpis, regions

Marks = Mapping[str, Mapping[str, Sequence[int | str]]]
"""Table -> region ("" where rows have none) -> [number of rows, digest of the rows in any order]."""

REGION_COLUMNS = ("region_code", "township_code")
_SLICE = 500
TOLD_PLACES = 5
"""How many regions are told by name."""


def base_marks(
    connection: Connection,
    before: Marks | None = None,
    *,
    townships: Collection[str] | None = None,
    known: Marks | None = None,
) -> dict[str, dict[str, Sequence[int | str]]]:
    """Return the marks of every base table; of kpi_values the reported figures, from kpi_reports where it is offered.

    Parameters
    ----------
    before
        The marks of the release before, when less than a whole refresh follows: what it does not look at keeps the
        marks of then. That is all that a county offers, and every region but `townships` (None: any may be touched).
    known
        Marks of tables that need not be read.
    """
    _teach(connection)
    theirs = offered(connection)
    found: dict[str, dict[str, Sequence[int | str]]] = {}
    for name in sorted(BASE_NAMES | {kpi_values.name}):
        is_theirs = name in theirs or (name == kpi_values.name and kpi_reports.name in theirs)
        source = kpi_reports if is_theirs and name == kpi_values.name else METADATA.tables[name]
        if known is not None and name in known:
            found[name] = dict(known[name])
        elif before is None or name not in before:
            found[name] = _marks(connection, source)
        elif is_theirs:
            found[name] = dict(before[name])
        else:
            touched = before[name] if townships is None else {"", *townships}
            kept = {region: mark for region, mark in before[name].items() if region not in touched}
            found[name] = kept | _marks(connection, source, townships)
    return found


def case_marks(connection: Connection, case_nos: Sequence[str]) -> dict[str, dict[str, Sequence[int | str]]]:
    """Mark the rows of some cases and of their departments."""
    _teach(connection)
    found: dict[str, dict[str, Sequence[int | str]]] = {}
    for table in (cases, case_departments):
        parts = [
            _marks(connection, table, where=(table.c.case_no.in_(case_nos[start : start + _SLICE]),))
            for start in range(0, len(case_nos), _SLICE)
        ]
        found[table.name] = {}
        for part in parts:
            found[table.name] = _added(found[table.name], part, 1)
    return found


def corrected_marks(before: Marks, was: Marks, now: Marks) -> dict[str, dict[str, Sequence[int | str]]]:
    """Return the marks of tables of which rows that had the marks `was` have the marks `now`."""
    return {name: _added(_added(before[name], was[name], -1), now[name], 1) for name in was.keys() & before.keys()}


def changed_regions(before: Marks, now: Marks) -> dict[str, list[str]]:
    """Return, for each table whose rows differ, the regions in which they do ("" where rows have none)."""
    found = {}
    for table in sorted({*before, *now}):
        old, new = before.get(table, {}), now.get(table, {})
        differing = [region for region in sorted({*old, *new}) if old.get(region) != new.get(region)]
        if differing:
            found[table] = differing
    return found


def changes_told(connection: Connection, changed: Mapping[str, list[str]]) -> str:
    """Say in Chinese which tables changed, and in which regions.

    Source: table regions, for their names.
    """
    names = {row.code: row.name for row in connection.execute(sa.select(regions.c.code, regions.c.name))}
    told = []
    for table, codes in changed.items():
        places = [names.get(code, code) for code in codes if code]
        more = f"等{len(places)}个区域" if len(places) > TOLD_PLACES else ""
        listed = "、".join(places[:TOLD_PLACES]) + more
        told.append(f"{table_word(table)}（{listed}）" if places else table_word(table))
    return "，".join(told)


class _RowsDigest(FunctionElement[str]):
    """The sum of 64-bit hashes of rows: the same for the same rows in any order."""

    inherit_cache = True
    type = sa.Text()


@compiles(_RowsDigest, "postgresql")
def _on_postgresql(element: Any, compiler: Any, **options: Any) -> str:
    return f"sum(hash_record_extended(ROW({compiler.process(element.clauses, **options)}), 0))::text"


@compiles(_RowsDigest, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **options: Any) -> str:
    return f"rows_digest({compiler.process(element.clauses, **options)})"


class _Digest:
    """What SQLite calls for `rows_digest`."""

    def __init__(self) -> None:
        self._sum = 0

    def step(self, *values: Any) -> None:
        """Add one row."""
        self._sum += int.from_bytes(blake2b(repr(values).encode(), digest_size=8).digest(), "big")

    def finalize(self) -> str:
        """Return the sum of all."""
        return str(self._sum)


def _teach(connection: Connection) -> None:
    """Make `rows_digest` known to a SQLite connection; once, since a function in use cannot be made anew."""
    if connection.dialect.name == "sqlite" and not connection.info.get("knows_rows_digest"):
        driver: Any = connection.connection.driver_connection
        driver.create_aggregate("rows_digest", -1, _Digest)
        connection.info["knows_rows_digest"] = True


def _added(
    marks: Mapping[str, Sequence[int | str]], others: Mapping[str, Sequence[int | str]], sign: int
) -> dict[str, Sequence[int | str]]:
    """Add marks of further rows, or take them off; a region without rows has none."""
    none: Sequence[int | str] = [0, "0"]
    found: dict[str, Sequence[int | str]] = {}
    for region in {*marks, *others}:
        (count, digest), (more, other) = marks.get(region, none), others.get(region, none)
        if rows := int(count) + sign * int(more):
            found[region] = [rows, str(int(digest) + sign * int(other))]
    return found


def _marks(
    connection: Connection,
    source: FromClause,
    townships: Collection[str] | None = None,
    where: Sequence[ColumnElement[bool]] = (),
) -> dict[str, Sequence[int | str]]:
    """Mark one table, as a whole or, where it has regions, in these alone."""
    region = next((source.c[name] for name in REGION_COLUMNS if name in source.c), sa.null())
    statement = sa.select(region, sa.func.count(), _RowsDigest(*source.c)).select_from(source)
    if "kpi_code" in source.c and "value" in source.c:
        computed = sa.select(kpis.c.code).where(kpis.c.computed_from.in_(COMPUTED))
        statement = statement.where(source.c.kpi_code.not_in(computed))
    if isinstance(region, sa.ColumnClause):
        wanted = () if townships is None else (region.in_(townships),)
        statement = statement.where(*wanted, *where).group_by(region)
    rows = connection.execute(statement)
    return {str(code or ""): [int(count), digest] for code, count, digest in rows if count}
