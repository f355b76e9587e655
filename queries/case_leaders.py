"""包案领导: how many open cases each post holds in each township."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import CTE, Connection, Select

from analysis.scope import Scope
from database.tables import cases
from queries.cases import cases_counted, in_scope, open_episodes, touched_between
from queries.frames import COUNT, DAY, TEXT, read_frame
from queries.group_states import added, stored_groups
from queries.regions import township_codes

CASE_LEADERS = {"township_code": TEXT, "case_leader": TEXT, "cases": COUNT, "open": COUNT, "overdue": COUNT,
                "oldest_on": DAY}  # fmt: skip
_KEYS = ["township_code", "case_leader"]
_WAITING = {name: kind for name, kind in CASE_LEADERS.items() if name != "cases"}


def case_leaders(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the cases of each 包案领导 in each township: rows, fetched within the viewer's rights alone.

    Returns
    -------
    pd.DataFrame
        One row per township and post, those with the most open cases first, then by township and post: township_code,
        case_leader (str, NaN where no post is named), cases (to date, by the newest episode), open, overdue (int64),
        oldest_on (datetime64[s], the first opening of the oldest open case, NaT without one). No cases: no rows.

    Source: table case_groups, with the cases touched since the last stored day, and table cases for the open ones;
    table cases alone for a campaign, a department or a platform.
    """
    places = township_codes(connection, scope)
    ever = _cases(connection, scope, places)
    waiting = read_frame(connection, case_leaders_statement(scope, places), _WAITING)
    both = ever.merge(waiting, on=_KEYS, how="left").fillna({"open": 0, "overdue": 0})
    both = both[both["cases"] > 0].astype(CASE_LEADERS)[list(CASE_LEADERS)]
    return both.sort_values(["open", *_KEYS], ascending=[False, True, True], ignore_index=True)


def case_leaders_statement(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Count the open cases of a scope by township and 包案领导."""
    c = open_episodes(in_scope(cases, scope, townships), scope.as_of)
    first = sa.func.coalesce(c.c.first_opened_on, c.c.opened_on)
    keys = (c.c.township_code, c.c.case_leader)
    return sa.select(
        *keys,
        sa.func.count().label("open"),
        sa.func.sum(sa.case((c.c.due_on < scope.as_of, 1), else_=0)).label("overdue"),
        sa.func.min(first, type_=sa.Date()).label("oldest_on"),
    ).group_by(*keys)


def _cases(connection: Connection, scope: Scope, places: Sequence[str]) -> pd.DataFrame:
    """Count the cases to date by township and post: township_code, case_leader (str), cases (int64)."""
    stored = stored_groups(connection, scope, places, "case_leader", ("cases",), with_places=True)
    if stored is None:
        return _counted(connection, scope, places, scope.as_of)
    if stored.day == scope.as_of:
        return stored.counts
    touched = touched_between(scope, places, stored.day, scope.as_of, with_ages=False)
    now, then = (_counted(connection, scope, places, day, touched) for day in (scope.as_of, stored.day))
    return added([(stored.counts, 1), (now, 1), (then, -1)], _KEYS)


def _counted(
    connection: Connection, scope: Scope, places: Sequence[str], day: date, touched: CTE | None = None
) -> pd.DataFrame:
    statement = cases_counted(scope, places, day, touched, by=_KEYS, names=("opened_to_date",))
    rows = read_frame(connection, statement, {**dict.fromkeys(_KEYS, TEXT), "opened_to_date": COUNT})
    return rows.rename(columns={"opened_to_date": "cases"})
