"""Rows that are to go: named by their key, gone with what hangs on them, kept where others still refer to them."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Table

from analysis.table_names import table_word
from database.loading.changes import held_rows
from database.loading.findings import ERROR, ROW, WARNING, Flag, flagged
from database.loading.references import REFERENCES
from database.tables import METADATA, case_departments, kpi_values, kpis

Frames = Mapping[str, pd.DataFrame]


def both_flags(given: Frames, gone: Frames) -> list[Flag]:
    """Return rows that the same load is to delete and to write."""
    flags: list[Flag] = []
    for table in given.keys() & gone.keys():
        keys = _keys(METADATA.tables[table])
        is_both = pd.MultiIndex.from_frame(gone[table][keys]).isin(pd.MultiIndex.from_frame(given[table][keys]))
        reason = "同一行既要导入又要删除"
        flags += flagged(table, gone[table], pd.Series(is_both, gone[table].index), keys[0], reason)
    return flags


def held_keys(connection: Connection, gone: Frames) -> tuple[dict[str, pd.DataFrame], list[Flag]]:
    """Return the rows that are there to be deleted, and a warning for each that is not; computed ones are not.

    Source: the tables named.
    """
    held, flags = {}, list[Flag]()
    for name, frame in gone.items():
        table = METADATA.tables[name]
        keys = _keys(table)
        there = held_rows(connection, table, frame, by=_read_by(keys))
        is_held = pd.MultiIndex.from_frame(frame[keys]).isin(pd.MultiIndex.from_frame(there[keys]))
        flags += flagged(name, frame, pd.Series(~is_held, frame.index), keys[0], "库中没有这一行，无须删除", WARNING)
        if table is kpi_values:
            is_computed = frame["kpi_code"].isin(_computed(connection))
            flags += flagged(name, frame, is_computed, "kpi_code", "这项指标由系统计算，不得删除")
        held[name] = frame[is_held].reset_index(drop=True)
    return held, flags


def without(rows: pd.DataFrame, gone: pd.DataFrame | None, table: Table) -> pd.DataFrame:
    """Return the rows of a table that are not to go."""
    if gone is None or gone.empty or rows.empty:
        return rows
    keys = _keys(table)
    is_gone = pd.MultiIndex.from_frame(rows[keys]).isin(pd.MultiIndex.from_frame(gone[keys]))
    return rows[~is_gone].reset_index(drop=True)


def delete_dependents(connection: Connection, gone: Frames) -> int:
    """Delete the departments of deleted episodes and the figures of deleted computed indicators.

    Returns
    -------
    int
        How many rows of case_departments went.
    """
    if "kpis" in gone:
        computed = sorted(set(gone["kpis"]["code"]) & _computed(connection))
        connection.execute(kpi_values.delete().where(kpi_values.c.kpi_code.in_(computed)))
    if "cases" not in gone or gone["cases"].empty:
        return 0
    d = case_departments.c
    match = (d.township_code == sa.bindparam("t"), d.case_no == sa.bindparam("n"), d.episode == sa.bindparam("e"))
    keys = gone["cases"][["township_code", "case_no", "episode"]].astype({"episode": "int64"})
    count = 0
    for t, n, e in keys.itertuples(index=False):
        count += connection.execute(case_departments.delete().where(*match), {"t": t, "n": n, "e": e}).rowcount
    return count


def missed_flags(connection: Connection, gone: Frames) -> list[Flag]:
    """Return deleted rows that others still refer to, once everything is written.

    Source: every table that refers to the deleted ones.
    """
    flags: list[Flag] = []
    for table, references in REFERENCES.items():
        for reference in references:
            frame = gone.get(reference.table)
            if frame is not None and not frame.empty:
                flags += _missed(connection, METADATA.tables[table], reference.column, reference.table, frame)
    return flags


def _missed(connection: Connection, table: Table, column: str, target: str, gone: pd.DataFrame) -> list[Flag]:
    refers = table.columns[column]
    where = [refers.in_(gone["code"].tolist())]
    if table is kpi_values:
        where.append(table.c.kpi_code.not_in(_computed(connection)))
    counts = connection.execute(sa.select(refers, sa.func.count()).where(*where).group_by(refers))
    lines = dict(zip(gone["code"], gone[ROW], strict=True))
    return [
        Flag(target, "code", f"{table_word(table.name)}还有{count}行用到它，不能删除", np.array([lines[code]]), ERROR)
        for code, count in counts
    ]


def _computed(connection: Connection) -> frozenset[str]:
    codes = connection.scalars(sa.select(kpis.c.code).where(kpis.c.computed_from.is_not(None)))
    return frozenset(codes)


def _keys(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _read_by(keys: list[str]) -> str:
    return "case_no" if "case_no" in keys else keys[0]
