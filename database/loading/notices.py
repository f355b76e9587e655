"""What is taken and worth a second look: progress that falls, cases that move or lie in no village."""

import pandas as pd
from sqlalchemy import Connection

from database.loading.changes import held_rows, merged_rows
from database.loading.findings import ROW, WARNING, Flag, flagged
from database.loading.references import Known
from database.tables import task_progress


def falling_progress(connection: Connection, given: pd.DataFrame) -> list[Flag]:
    """Return reports whose cumulative progress is below that of an earlier month, or a later one's below theirs.

    Source: table task_progress.
    """
    names = [name for name in ("planned_pct", "actual_pct") if name in given.columns]
    held = held_rows(connection, task_progress, given, by="region_code")
    rows = merged_rows(held, given, ["region_code", "task_code", "month"])
    flags: list[Flag] = []
    for name in names:
        known = rows[rows[name].notna()]
        by_task = known.groupby(["region_code", "task_code"])
        falls = known[name] < by_task[name].shift()
        line = known[ROW].fillna(by_task[ROW].shift())
        told = known.assign(**{ROW: line})[falls & line.notna()]
        flags += flagged("task_progress", told, pd.Series(True, told.index), name, "累计进度低于上月，请核对", WARNING)
    return flags


def moved_cases(held: pd.DataFrame, whole: pd.DataFrame) -> list[Flag]:
    """Return cases that leave their township for another; they go with all their episodes."""
    before = held.groupby(["county", "case_no"])["township_code"].first()
    first = whole.drop_duplicates(["county", "case_no"])
    place = before.reindex(pd.MultiIndex.from_frame(first[["county", "case_no"]])).to_numpy(object)
    old = pd.Series(place, first.index)
    is_moved = old.notna() & (old != first["township_code"])
    reason = "案件由原乡镇（街道）转到这里，各次办理一并转来，请核对"
    return flagged("cases", first, is_moved, "township_code", reason, WARNING)


def cases_without_village(given: pd.DataFrame, known: Known) -> list[Flag]:
    """Return cases of a township that name no village: they count in no village's figure."""
    is_townships = given["township_code"].map(known.regions["level"]) == "township"
    has_none = given["village_code"].isna() if "village_code" in given.columns else pd.Series(True, given.index)
    return flagged("cases", given, is_townships & has_none, "village_code", "没有填写村（社区）", WARNING)
