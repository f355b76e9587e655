"""How long cases take: from the first opening to the newest episode's close, counted by pairs of days."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.scope import Scope
from database.tables import cases
from queries.cases import in_scope, is_newest, known
from queries.frames import COUNT, DAY, read_frame
from queries.regions import township_codes, whole_counties

CASE_TIMES = {"first_opened_on": DAY, "closed_on": DAY, "cases": COUNT}


def case_times(connection: Connection, scope: Scope, *, with_county: bool = False) -> pd.DataFrame:
    """Count the cases of a scope by the day of their first opening and that of their close.

    Parameters
    ----------
    with_county : bool
        Whether 县本级 counts too where all townships of the county are asked for.

    Returns
    -------
    pd.DataFrame
        One row per pair of days, in order: first_opened_on, closed_on (datetime64[s]; NaT, last, while the newest
        episode is open at the as-of date), cases (int64). No cases: no rows.

    Source: table cases; METHODS section 1.
    """
    townships = township_codes(connection, scope)
    places = [*townships, *(whole_counties(connection, townships) if with_county else ())]
    return read_frame(connection, case_times_statement(scope, places), CASE_TIMES)


def case_times_statement(scope: Scope, places: Sequence[str]) -> Select[Any]:
    """Count the cases of a scope by first opening and close, each by its newest episode."""
    c, day = cases.alias("c"), scope.as_of
    first = sa.func.coalesce(c.c.first_opened_on, c.c.opened_on).label("first_opened_on")
    closed = known(c.c.closed_on, c, day)
    return (
        sa.select(first, closed, sa.func.count().label("cases"))
        .where(*in_scope(c, scope, places), c.c.opened_on <= day, is_newest(c, day))
        .group_by(first, closed)
        .order_by(first, closed.nulls_last())
    )
