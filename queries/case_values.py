"""What the ledger can be filtered by: the words that the cases of a stream bear, and the villages of its townships."""

from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.scope import Scope
from database.tables import cases, departments, regions
from queries.frames import TEXT, read_frame

VALUED = ("platform", "category", "channel", "level", "lead_department_code", "case_leader", "closing_method")
CASE_VALUES = {"field": TEXT, "value": TEXT, "label": TEXT}
VILLAGE_NAMES = {"code": TEXT, "township_code": TEXT, "name": TEXT}
LOOKED_AT = 8_000
"""The newest episodes whose words are offered: all of a small stream, and enough of a large one."""


def case_values(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return the words that the newest LOOKED_AT episodes of a stream bear, whatever the townships.

    Returns
    -------
    pd.DataFrame
        One row per column of VALUED and value, ordered by both: field, value, label (str; a department's name, else
        the value). A leader is named by the post.

    Source: tables cases and departments.
    """
    c = cases.c
    newest = (
        sa.select(*(c[name] for name in VALUED))
        .where(c.stream == scope.stream, c.opened_on <= scope.as_of)
        .order_by(c.opened_on.desc())
        .limit(LOOKED_AT)
    )
    found = read_frame(connection, newest, dict.fromkeys(VALUED, TEXT))
    names = {row.code: row.name for row in connection.execute(sa.select(departments.c.code, departments.c.name))}
    rows: list[dict[str, Any]] = [
        {"field": name, "value": value, "label": names.get(value) or value if name == "lead_department_code" else value}
        for name in VALUED
        for value in sorted(found[name].dropna().unique())
    ]
    return pd.DataFrame(rows, columns=list(CASE_VALUES)).astype(CASE_VALUES)


def village_names(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return the villages of the townships asked for, by township and the fixed order: code, township_code, name (str).

    Source: table regions.
    """
    r = regions.c
    statement = (
        sa.select(r.code, r.parent_code.label("township_code"), r.name)
        .where(r.level == "village", r.parent_code.in_(sorted(scope.townships)))
        .order_by(r.parent_code, r.sort_order.nulls_last(), r.code)
    )
    return read_frame(connection, statement, VILLAGE_NAMES)
