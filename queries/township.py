"""What stands behind one township's figures: its posts and size, and its villages with the backlog in each."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.scope import Scope
from database.tables import cases, regions
from queries.cases import in_scope, is_newest, is_open, is_overdue
from queries.frames import COUNT, DAY, MEASURE, TEXT, read_frame
from queries.regions import township_codes

BACKLOG = "petition_backlog"
TOWNSHIP_FACTS = {"township_code": TEXT, "name": TEXT, "kind": TEXT, "population": MEASURE, "households": MEASURE,
                  "county_leader": TEXT, "contact_department": TEXT, "villages": COUNT}  # fmt: skip
VILLAGE_BACKLOG = {"township_code": TEXT, "village_code": TEXT, "village": TEXT, "kind": TEXT, "named_on": DAY,
                   "open": COUNT, "overdue": COUNT, "oldest_on": DAY}  # fmt: skip


def township_facts(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Tell who is in charge of each township by post, and how large it is.

    Returns
    -------
    pd.DataFrame
        One row per township of `scope` in the fixed order: township_code, name, kind (str), population (persons),
        households (float64, NaN unknown), county_leader, contact_department (str, posts and bodies, NaN none), villages
        (int64, 村 and 社区).

    Source: table regions.
    """
    return read_frame(connection, facts_statement(township_codes(connection, scope)), TOWNSHIP_FACTS)


def village_backlog(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the open backlog cases of each village, whoever leads them and whatever campaign they belong to.

    Rows, not figures: fetched within the viewer's rights alone. A department sees the cases it leads.

    Returns
    -------
    pd.DataFrame
        One row per village of the townships of `scope`, most cases first, then by township and in the fixed order:
        township_code, village_code, village (name), kind (str), named_on (datetime64[s], 无信访积案村 accepted by
        then, NaT not), open, overdue (int64, cases), oldest_on (datetime64[s], first opened; NaT without an
        open case). Cases that name no village are in no row.

    Source: tables regions and cases; METHODS section 1.
    """
    own = replace(scope, stream=BACKLOG, platform="", campaign=None)
    return read_frame(connection, villages_statement(own, township_codes(connection, own)), VILLAGE_BACKLOG)


def facts_statement(townships: Sequence[str]) -> Select[Any]:
    """Select the posts and the size of townships, with their number of villages."""
    r, v = regions.c, regions.alias("v")
    villages = sa.select(sa.func.count()).where(v.c.parent_code == r.code, v.c.level == "village").scalar_subquery()
    names = ("name", "kind", "population", "households", "county_leader", "contact_department")
    return (
        sa.select(r.code.label("township_code"), *(r[name] for name in names), villages.label("villages"))
        .where(r.code.in_(townships))
        .order_by(r.sort_order.nulls_last(), r.code)
    )


def villages_statement(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Select the villages of townships with what waits in each."""
    r, c, day = regions.c, cases.alias("c"), scope.as_of
    first = sa.func.min(sa.func.coalesce(c.c.first_opened_on, c.c.opened_on), type_=sa.Date())
    late = sa.func.sum(sa.case((is_overdue(c, day), 1), else_=0))
    waiting = (
        sa.select(c.c.village_code, sa.func.count().label("open"), late.label("overdue"), first.label("oldest_on"))
        .where(*in_scope(c, scope, townships), c.c.opened_on <= day, is_open(c, day), is_newest(c, day))
        .where(c.c.village_code.is_not(None))
        .group_by(c.c.village_code)
        .subquery("waiting")
    )
    named = sa.case((r.named_on <= day, r.named_on), else_=sa.null()).label("named_on")
    count, overdue = (sa.func.coalesce(waiting.c[name], 0) for name in ("open", "overdue"))
    return (
        sa.select(
            r.parent_code.label("township_code"), r.code.label("village_code"), r.name.label("village"), r.kind,
            named, count.label("open"), overdue.label("overdue"), waiting.c.oldest_on,
        )
        .join_from(regions, waiting, waiting.c.village_code == r.code, isouter=True)
        .where(r.level == "village", r.parent_code.in_(townships))
        .order_by(count.desc(), r.parent_code, r.sort_order.nulls_last(), r.code)
    )  # fmt: skip
