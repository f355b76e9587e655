"""The rules that hold between the episodes of a case, and where a case lies."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.loading.changes import held_rows, merged_rows
from database.loading.deletions import without
from database.loading.findings import ROW, Flag, flagged
from database.tables import case_departments, cases

KEYS = ("county", "case_no", "episode")
GIVEN = "__given"
"""Column that says which episodes are in the files."""

STEADY = {"stream": "业务类型", "platform": "平台", "campaign_code": "专项行动"}
"""What is the same in every episode of a case."""


def held_cases(connection: Connection, given: pd.DataFrame, counties: Mapping[str, str]) -> pd.DataFrame:
    """Read every episode of the cases that are given, wherever in their county they lie; adds the county."""
    held = held_rows(connection, cases, given, by="case_no")
    held["county"] = held["township_code"].map(counties).fillna(held["township_code"])
    wanted = pd.MultiIndex.from_frame(_with_county(given, counties)[["county", "case_no"]])
    is_ours = pd.MultiIndex.from_frame(held[["county", "case_no"]]).isin(wanted)
    return held[is_ours].reset_index(drop=True)


def whole_cases(
    held: pd.DataFrame, given: pd.DataFrame, gone: pd.DataFrame, counties: Mapping[str, str]
) -> pd.DataFrame:
    """Lay the given episodes over the held ones: a case moves with all its episodes, and knows its first day.

    Parameters
    ----------
    gone
        The keys of episodes that are to be deleted, and ROW.

    Returns
    -------
    pd.DataFrame
        One row per episode of every case given and left, ordered by county, case_no and episode: the columns of cases,
        county, ROW (of an episode that is not in the file: that of the case's first row there) and GIVEN.
    """
    merged = merged_rows(without(held, gone, cases), _with_county(given, counties), KEYS)
    is_given = merged[ROW].notna()
    by_case = [merged["county"], merged["case_no"]]
    given_to = merged["township_code"].where(is_given).groupby(by_case).transform("first")
    merged["township_code"] = given_to.where(~is_given & given_to.notna(), merged["township_code"])
    merged[ROW] = merged[ROW].fillna(merged.groupby(by_case)[ROW].transform("min"))
    merged[ROW] = merged[ROW].fillna(_lines_by_case(merged, _with_county(gone, counties)))
    merged["first_opened_on"] = merged["opened_on"].groupby(by_case).transform("first")
    merged["due_is_default"] = merged["due_is_default"].fillna(False)
    merged[GIVEN] = is_given
    return merged


def twice_flags(given: pd.DataFrame, counties: Mapping[str, str]) -> list[Flag]:
    """Return episodes of one case number that stand in two townships of one county."""
    is_twice = _with_county(given, counties).duplicated(list(KEYS))
    return flagged("cases", given, is_twice, "case_no", "同一案件编号在本县出现了两次")


def episode_flags(whole: pd.DataFrame) -> list[Flag]:
    """Return cases whose episodes do not follow each other, or do not agree on what never changes."""
    by_case = whole.groupby(["county", "case_no"])
    number = by_case.cumcount() + 1
    flags = flagged("cases", whole, whole["episode"] != number, "episode", "办理次数应从1起连续编号")
    last_close, is_later = by_case["closed_on"].shift(), number > 1
    overlaps = is_later & (last_close.isna() | (whole["opened_on"] < last_close))
    flags += flagged("cases", whole, overlaps, "opened_on", "上一次尚未办结，不能再次登记")
    starts = np.flatnonzero(number == 1)
    place = starts[np.cumsum(number == 1) - 1]
    for name, word in {"township_code": "乡镇（街道）", **STEADY}.items():
        first = pd.Series(whole[name].to_numpy(object)[place], whole.index)
        differs = ~((whole[name] == first) | (whole[name].isna() & first.isna()))
        flags += flagged("cases", whole, differs, name, f"同一案件各次的{word}应相同")
    return flags


def repeat_flags(given: pd.DataFrame, connection: Connection) -> list[Flag]:
    """Return petitions that say to repeat themselves or a case that nobody knows."""
    if "repeat_of" not in given.columns:
        return []
    named = given[given["repeat_of"].notna()]
    held = held_rows(connection, cases, named.assign(case_no=named["repeat_of"]), by="case_no")["case_no"]
    known = np.union1d(held.to_numpy(str), given["case_no"].to_numpy(str))
    is_unknown = ~named["repeat_of"].isin(known)
    flags = flagged("cases", named, is_unknown, "repeat_of", "没有这个案件编号")
    return flags + flagged("cases", named, named["repeat_of"] == named["case_no"], "repeat_of", "案件不能重复自己")


def move_departments(connection: Connection, held: pd.DataFrame, whole: pd.DataFrame) -> None:
    """Take the departments of moved cases along to their new township."""
    new = dict(zip(zip(whole["county"], whole["case_no"], strict=True), whole["township_code"], strict=True))
    rows = held[["county", "case_no", "township_code"]].drop_duplicates().itertuples(index=False)
    places = ((no, old, new.get((county, no), old)) for county, no, old in rows)
    moves = [{"case": no, "old": old, "new": now} for no, old, now in places if now != old]
    if moves:
        d = case_departments.c
        statement = case_departments.update().where(
            d.case_no == sa.bindparam("case"), d.township_code == sa.bindparam("old")
        )
        connection.execute(statement.values(township_code=sa.bindparam("new")), moves)


def _lines_by_case(rows: pd.DataFrame, gone: pd.DataFrame) -> pd.Series:
    """Return the line that deletes an episode of the row's case; missing where none does."""
    lines = gone.groupby(["county", "case_no"])[ROW].min()
    found = lines.reindex(pd.MultiIndex.from_frame(rows[["county", "case_no"]]))
    return pd.Series(found.to_numpy("float64"), rows.index)


def _with_county(given: pd.DataFrame, counties: Mapping[str, str]) -> pd.DataFrame:
    return given.assign(county=given["township_code"].map(counties).fillna(given["township_code"]))
