"""Names by code: work groups, departments, weight schemes; and the first day with figures."""

from datetime import date

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from database.tables import backlog_states, departments, regions, schemes, tasks, work_groups
from queries.frames import TEXT, read_frame
from queries.once import once

NAMES = {"code": TEXT, "name": TEXT}


def work_group_names(connection: Connection) -> pd.DataFrame:
    """Return every special work group in its order: code, name (str); a group without a name bears its code.

    Source: table work_groups.
    """
    c = work_groups.c
    name = sa.func.coalesce(c.name, c.code).label("name")
    return read_frame(connection, sa.select(c.code, name).order_by(c.sort_order.nulls_last(), c.code), NAMES)


def department_names(connection: Connection) -> pd.DataFrame:
    """Return every department by code: code, name (str); a department without a name bears its code.

    Source: table departments.
    """
    c = departments.c
    statement = sa.select(c.code, sa.func.coalesce(c.name, c.code).label("name")).order_by(c.code)
    return once(connection, "departments", lambda: read_frame(connection, statement, NAMES))


def lead_department_names(connection: Connection) -> pd.DataFrame:
    """Return every department that leads a task, by code: code, name (str); one without a name bears its code.

    Source: tables tasks and departments.
    """
    t, d = tasks.c, departments.c
    name = sa.func.coalesce(d.name, t.lead_department_code).label("name")
    statement = (
        sa.select(t.lead_department_code.label("code"), name)
        .distinct()
        .join_from(tasks, departments, d.code == t.lead_department_code, isouter=True)
        .where(t.lead_department_code.is_not(None))
        .order_by(t.lead_department_code)
    )
    return read_frame(connection, statement, NAMES)


def scheme_names(connection: Connection) -> pd.DataFrame:
    """Return every weight scheme by code: code, name (str); a scheme without a name bears its code.

    Source: table schemes.
    """
    c = schemes.c
    return read_frame(
        connection, sa.select(c.code, sa.func.coalesce(c.name, c.code).label("name")).order_by(c.code), NAMES
    )


def first_day(connection: Connection) -> date | None:
    """Return the first day whose backlog is stored for a county; None without any.

    Source: table backlog_states.
    """
    s = backlog_states.c
    counties = sa.select(regions.c.code).where(regions.c.level == "county")
    found: date | None = connection.scalar(
        sa.select(sa.func.min(s.day)).where(s.region_code.in_(counties), s.platform == "")
    )
    return found
