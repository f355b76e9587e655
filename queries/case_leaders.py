"""包案领导: how many open cases each post holds in each township."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.scope import Scope
from database.tables import cases
from queries.cases import in_scope, is_newest, is_open, is_overdue
from queries.frames import COUNT, DAY, TEXT, read_frame
from queries.regions import township_codes

CASE_LEADERS = {"township_code": TEXT, "case_leader": TEXT, "cases": COUNT, "open": COUNT, "overdue": COUNT,
                "oldest_on": DAY}  # fmt: skip


def case_leaders(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the cases of each 包案领导 in each township: rows, fetched within the viewer's rights alone.

    Returns
    -------
    pd.DataFrame
        One row per township and post, those with the most open cases first, then by township and post: township_code,
        case_leader (str, NaN where no post is named), cases (to date, by the newest episode), open, overdue (int64),
        oldest_on (datetime64[s], the first opening of the oldest open case, NaT without one). No cases: no rows.

    Source: table cases.
    """
    return read_frame(connection, case_leaders_statement(scope, township_codes(connection, scope)), CASE_LEADERS)


def case_leaders_statement(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Count the cases of a scope by township and 包案领导."""
    c, day = cases.alias("c"), scope.as_of
    still_open, first = is_open(c, day), sa.func.coalesce(c.c.first_opened_on, c.c.opened_on)
    open_now = sa.func.sum(sa.case((still_open, 1), else_=0)).label("open")
    return (
        sa.select(
            c.c.township_code,
            c.c.case_leader,
            sa.func.count().label("cases"),
            open_now,
            sa.func.sum(sa.case((is_overdue(c, day), 1), else_=0)).label("overdue"),
            sa.func.min(sa.case((still_open, first)), type_=sa.Date()).label("oldest_on"),
        )
        .where(*in_scope(c, scope, townships), c.c.opened_on <= day, is_newest(c, day))
        .group_by(c.c.township_code, c.c.case_leader)
        .order_by(open_now.desc(), c.c.township_code, c.c.case_leader.nulls_last())
    )
