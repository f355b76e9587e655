"""Which departments are involved in cases: table department_months, and their part of case_months."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.months import month_start
from database.added_rows import add_rows
from database.bulk import insert_frame
from database.tables import case_departments, cases, department_months

KEY = ["stream", "platform", "department_code", "month"]
INVOLVED = ("involved", "shared")
_COLUMNS = ["township_code", "stream", "platform", "case_no", "department_code", "month"]
_SLICE = 500


def involvement(
    connection: Connection, *, until: date, place: str | None = None, case_nos: Sequence[str] = ()
) -> pd.DataFrame:
    """Read the departments of first episodes begun by `until`, of a place or of some cases.

    Returns
    -------
    pd.DataFrame
        One row per case and department: township_code, stream, platform ("" none), case_no, department_code (str),
        month (datetime64[s], the first day of the month of opening).

    Source: tables cases and case_departments.
    """
    asked = _statement().where(cases.c.opened_on <= until)
    if place is not None:
        found = connection.execute(asked.where(case_departments.c.township_code == place)).all()
    else:
        slices = (case_nos[start : start + _SLICE] for start in range(0, len(case_nos), _SLICE))
        found = [row for some in slices for row in connection.execute(asked.where(cases.c.case_no.in_(some)))]
    frame = pd.DataFrame(found, columns=_COLUMNS)
    months = frame["month"].to_numpy("datetime64[M]").astype("datetime64[s]")
    return frame.fillna({"platform": ""}).assign(month=months)


def department_rows(involved: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Count `involvement` by department: township_code, KEY and cases (int64), one row where there is any."""
    own = involved[involved["month"].isin(np.array(months, "datetime64[s]"))]
    return own.groupby(["township_code", *KEY], as_index=False).size().rename(columns={"size": "cases"})


def involved_rows(involved: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Count cases with a department (involved), with two or more (shared; int64) by township_code to month."""
    own = involved[involved["month"].isin(np.array(months, "datetime64[s]"))]
    keys = ["township_code", "stream", "platform", "month"]
    each = own.groupby([*keys, "case_no"], as_index=False).size()
    counted = each.assign(involved=1, shared=(each["size"] > 1).astype("int64"))
    return counted.groupby(keys, as_index=False)[list(INVOLVED)].sum()


def write_departments(connection: Connection, involved: pd.DataFrame, months: Sequence[date]) -> None:
    """Write a place's rows of department_months, what stood there being cleared away."""
    insert_frame(connection, department_months, department_rows(involved, months))


def clear_departments(connection: Connection, place: str | None = None, since: date | None = None) -> None:
    """Delete the rows of a place or of all, of the months from `since` on or of all."""
    d = department_months.c
    narrower = [] if place is None else [d.township_code == place]
    narrower += [] if since is None else [d.month >= month_start(since)]
    connection.execute(department_months.delete().where(*narrower))


def change_departments(connection: Connection, change: pd.DataFrame) -> None:
    """Add rows of `department_rows` to those that stand."""
    add_rows(connection, department_months, change, ("cases",))


def _statement() -> Select[Any]:
    c, d = cases.c, case_departments.c
    is_same = sa.and_(d.township_code == c.township_code, d.case_no == c.case_no, d.episode == c.episode)
    columns = (c.township_code, c.stream, c.platform, c.case_no, d.department_code, c.opened_on)
    return sa.select(*columns).join_from(cases, case_departments, is_same).where(c.episode == 1, d.episode == 1)
