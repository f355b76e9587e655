"""One case whole: its episodes, and the departments involved in each."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection

from analysis.scope import Scope
from database.tables import case_departments, cases, departments
from queries.case_conditions import ledger_places
from queries.cases import is_newest, known
from queries.frames import COUNT, DAY, FLAG, MEASURE, TEXT, read_frame

CASE_EPISODES = {"township_code": TEXT, "case_no": TEXT, "episode": COUNT, "stream": TEXT, "campaign_code": TEXT,
                 "village_code": TEXT, "category": TEXT, "channel": TEXT, "platform": TEXT, "level": TEXT,
                 "lead_department_code": TEXT, "case_leader": TEXT, "repeat_of": TEXT, "is_repeat": MEASURE,
                 "opened_on": DAY, "first_opened_on": DAY, "accept_due_on": DAY, "accepted_on": DAY, "due_on": DAY,
                 "due_is_default": FLAG, "closed_on": DAY, "closing_method": TEXT,
                 "satisfaction": MEASURE}  # fmt: skip
CASE_DEPARTMENTS = {"episode": COUNT, "code": TEXT, "name": TEXT}
_LATER = ("closed_on", "closing_method", "satisfaction")


def case_episodes(connection: Connection, scope: Scope, *, case_no: str) -> pd.DataFrame:
    """Return the episodes of one case begun by the as-of date, what came later being unknown.

    A case is found in the townships of the scope, of whatever stream; with a department only where that one leads its
    newest episode, and then all its episodes come.

    Returns
    -------
    pd.DataFrame
        One row per episode, in order: the columns of CASE_EPISODES (str, NaN none; days datetime64[s], NaT none;
        closed_on, closing_method and satisfaction missing while open). No such case: no rows.

    Source: table cases.
    """
    c, day = cases.c, scope.as_of
    first = sa.func.coalesce(c.first_opened_on, c.opened_on).label("first_opened_on")
    shown = {
        "first_opened_on": first,
        "due_is_default": sa.func.coalesce(c.due_is_default, sa.false()).label("due_is_default"),
        "accepted_on": sa.case((c.accepted_on <= day, c.accepted_on), else_=sa.null()).label("accepted_on"),
        **{name: known(c[name], cases, day) for name in _LATER},
    }
    statement = sa.select(*(shown[name] if name in shown else c[name] for name in CASE_EPISODES))
    found = statement.where(*_of_case(connection, scope, case_no)).order_by(c.township_code, c.episode)
    return read_frame(connection, found, CASE_EPISODES)


def involved_departments(connection: Connection, scope: Scope, *, case_no: str) -> pd.DataFrame:
    """Return the departments involved in the episodes of one case, found as `case_episodes` finds it.

    Returns
    -------
    pd.DataFrame
        One row per episode and department, in order: episode (int64), code, name (str, the code where it has none).

    Source: tables case_departments and departments.
    """
    c, d = cases.c, case_departments.c
    same = sa.and_(d.township_code == c.township_code, d.case_no == c.case_no, d.episode == c.episode)
    name = sa.func.coalesce(departments.c.name, d.department_code).label("name")
    statement = (
        sa.select(d.episode, d.department_code.label("code"), name)
        .join_from(cases, case_departments, same)
        .join(departments, departments.c.code == d.department_code, isouter=True)
        .where(*_of_case(connection, scope, case_no))
        .order_by(d.episode, d.department_code)
    )
    return read_frame(connection, statement, CASE_DEPARTMENTS)


def _of_case(connection: Connection, scope: Scope, case_no: str) -> list[ColumnElement[bool]]:
    c: Any = cases.c
    conditions = [
        c.case_no == case_no, c.township_code.in_(ledger_places(connection, scope)), c.opened_on <= scope.as_of,
    ]  # fmt: skip
    if scope.department is None:
        return conditions
    newest = cases.alias("newest")
    led = sa.exists().where(
        newest.c.township_code == c.township_code, newest.c.case_no == c.case_no, newest.c.opened_on <= scope.as_of,
        newest.c.lead_department_code == scope.department, is_newest(newest, scope.as_of),
    )  # fmt: skip
    return [*conditions, led]
