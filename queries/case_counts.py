"""How many cases are in hand in each township, by category.

The counts are open to all; who may not see the cases gets small ones hidden (`analysis.suppression`).
"""

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.ledger import CaseFilter
from analysis.scope import Scope
from database.tables import cases
from queries.case_conditions import case_conditions, found_first, is_settled
from queries.frames import COUNT, TEXT, read_frame
from queries.group_states import stored_groups
from queries.regions import township_codes

OPEN_BY_CATEGORY = {"township_code": TEXT, "category": TEXT, "open": COUNT}


def open_by_category(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the cases open at the end of the as-of date by township and category.

    Returns
    -------
    pd.DataFrame
        One row per township and category that has any, ordered by both: township_code, category (str, "" where none is
        stated), open (int64, cases). None open: no rows.

    Source: table case_groups where the day is stored; else table cases.
    """
    c = cases.c
    places = township_codes(connection, scope)
    stored = stored_groups(connection, scope, places, "category", ["open"], with_places=True)
    if stored is not None and stored.day == scope.as_of:
        known = stored.counts[stored.counts["open"] > 0].fillna({"category": ""})
        return known.sort_values(["township_code", "category"], ignore_index=True)
    settled = is_settled(connection, scope)
    waiting = CaseFilter(state="open")
    found = found_first(connection, scope, waiting)
    conditions = case_conditions(scope, places, waiting, settled=settled, index="other", found=found)
    category = sa.func.coalesce(c.category, "").label("category")
    statement = (
        sa.select(c.township_code, category, sa.func.count().label("open"))
        .where(*conditions)
        .group_by(c.township_code, category)
        .order_by(c.township_code, category)
    )
    return read_frame(connection, statement, OPEN_BY_CATEGORY)
