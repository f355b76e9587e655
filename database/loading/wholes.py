"""The rules between rows: keys once, names once within a parent, a tree without circles, periods apart."""

import pandas as pd
from sqlalchemy import Connection, Table

from database.loading.changes import held_rows, merged_rows
from database.loading.columns import fields
from database.loading.findings import ROW, Flag, flagged
from database.loading.references import LEVELS, Known
from database.tables import cases, schemes


def key_flags(table: Table, frame: pd.DataFrame) -> list[Flag]:
    """Return each row whose key stands in an earlier row of the files."""
    keys = [column.name for column in table.primary_key]
    is_twice = frame.duplicated(keys) & frame[keys].notna().all(axis=1)
    headers = {field.column: field.header for field in fields(table.name)}
    same = "、".join(headers[key] for key in keys)
    return flagged(table.name, frame, is_twice, keys[0], f"与前面的行重复（{same}相同）")


def region_flags(held: pd.DataFrame, frame: pd.DataFrame, known: Known) -> list[Flag]:
    """Return names that stand twice under one parent, and regions that do not lie below a higher level."""
    merged = merged_rows(held, frame, ["code"])
    is_twice = merged.duplicated(["parent_code", "name"], keep=False) & merged["parent_code"].notna()
    rank = {level: place for place, level in enumerate(LEVELS)}
    own = frame["level"].map(rank)
    flags = flagged("regions", merged, is_twice & merged[ROW].notna(), "name", "同一上级区域下已有这个名称")
    if "parent_code" in frame.columns:
        parent = frame["parent_code"].map(known.regions["level"]).map(rank)
        flags += flagged("regions", frame, parent >= own, "parent_code", "上级区域的层级应高于本区域")
    return flags


def scheme_flags(held: pd.DataFrame, frame: pd.DataFrame) -> list[Flag]:
    """Return schemes whose period overlaps another's; an open end has no end."""
    merged = merged_rows(held, frame, ["code"])
    start = merged["valid_from"].fillna(pd.Timestamp.min.ceil("D").as_unit("s"))
    end = merged["valid_to"].fillna(pd.Timestamp.max.floor("D").as_unit("s"))
    overlaps = [int(((start <= last) & (end >= first)).sum()) > 1 for first, last in zip(start, end, strict=True)]
    is_wrong = pd.Series(overlaps, merged.index, dtype=bool) & merged[ROW].notna()
    return flagged("schemes", merged, is_wrong, "valid_from", "与另一方案的有效期重叠")


def case_department_flags(frame: pd.DataFrame, whole: pd.DataFrame | None, connection: Connection) -> list[Flag]:
    """Return rows that name an episode which is neither held nor in the files."""
    keys = ["township_code", "case_no", "episode"]
    held = held_rows(connection, cases, frame, by="case_no")[keys]
    if whole is not None:
        held = pd.concat([held[~held["case_no"].isin(whole["case_no"])], whole[keys]])
    is_known = pd.MultiIndex.from_frame(frame[keys]).isin(pd.MultiIndex.from_frame(held))
    is_unknown = pd.Series(~is_known, frame.index)
    return flagged("case_departments", frame, is_unknown, "case_no", "该乡镇（街道）没有这一次办理的案件")


def table_flags(table: Table, frame: pd.DataFrame, known: Known, held: pd.DataFrame) -> list[Flag]:
    """Return what is wrong between the rows of a small table, the held ones included."""
    if table.name == "regions":
        return region_flags(held, frame, known)
    return scheme_flags(held, frame) if table is schemes else []
