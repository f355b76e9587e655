"""The task reports of one township, month by month as each month's end knew them, for the indicators of the tasks."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.kpis.basis import Floats, month_number, month_starts
from database.states import NEVER, Days, day_number
from database.tables import task_progress

_MANY_MONTHS = 100_000
"""More months than any calendar here has: task number times this plus month is one rising key."""


def township_reports(connection: Connection, township: str, months: Sequence[date], as_of: date) -> pd.DataFrame:
    """Lay a township's task reports out by task and month, as the checklist shows them at each month's end.

    A report dated after the month's end, or after `as_of`, does not exist yet. Plans are cumulative: a month without a
    row keeps the last plan, and counts as done where the task had reached 100 before, else as not reported.

    Returns
    -------
    pd.DataFrame
        One row per task and month of `months` from the task's first row on: month (int64, since 1970-01), planned,
        actual (float64, NaN for none), reported (int64, day since 1970-01-01, NEVER for none), is_due (bool, false once
        nothing is left to report).

    Source: table task_progress; DOMAIN "Lights". The same as `analysis.tasks.progress_by_month`.
    """
    t = task_progress.c
    statement = (
        sa.select(t.task_code, t.month, t.planned_pct, t.actual_pct, t.reported_on)
        .where(t.region_code == township, t.month <= months[-1])
        .order_by(t.task_code, t.month)
    )
    columns: list[Any] = list(zip(*connection.execute(statement), strict=True)) or [()] * 5
    wanted = month_number(_days(months))
    task = np.unique(np.array(columns[0], dtype=object), return_inverse=True)[1].astype(np.int64)
    month, reported = month_number(_days(columns[1])), _days(columns[4])
    planned, actual = (np.array(column, np.float64) for column in columns[2:4])
    asked = np.repeat(np.unique(task), wanted.size), np.tile(wanted, np.unique(task).size)
    row = np.searchsorted(task * _MANY_MONTHS + month, asked[0] * _MANY_MONTHS + asked[1], side="right") - 1
    begun = row >= 0
    begun[begun] = task[row[begun]] == asked[0][begun]
    row, now = row[begun], asked[1][begun]
    end = np.minimum(month_starts(now + 1) - 1, day_number(as_of))
    is_own = month[row] == now
    known = _known(actual[row], reported[row], end)
    carried = np.where(known >= 100, known, np.nan)
    return pd.DataFrame(
        {
            "month": now,
            "planned": planned[row],
            "actual": np.where(is_own, known, carried),
            "reported": np.where(is_own, reported[row], NEVER),
            "is_due": is_own | np.isnan(carried),
        }
    )


def _known(actual: Floats, reported: Days, end: Days) -> Floats:
    """Return what was reported by `end`; a report without its date is known."""
    return np.where((reported == NEVER) | (reported <= end), actual, np.nan)


def _days(days: Sequence[date | None]) -> Days:
    """Return days since 1970-01-01, NEVER for none."""
    found = np.array(days, "datetime64[D]")
    return np.where(np.isnat(found), NEVER, found.astype(np.int64))
