"""Villages with and without an open backlog case (无信访积案村（社区）)."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.scope import Scope
from database.tables import cases, regions
from queries.cases import is_newest, is_open
from queries.frames import COUNT, DAY, TEXT, read_frame
from queries.regions import township_codes

BACKLOG = "petition_backlog"
VILLAGE_CASES = {"township_code": TEXT, "village_code": TEXT, "opened": COUNT, "open": COUNT}
VILLAGES = {"township_code": TEXT, "village_code": TEXT, "named_on": DAY}
VILLAGE_COUNTS = {"township_code": TEXT, **dict.fromkeys(("villages", "free", "named", "cases", "placed"), COUNT)}


def village_counts(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the villages of each township, and those without an open backlog case, whoever leads it.

    Returns
    -------
    pd.DataFrame
        One row per township of `scope`, in the fixed order: township_code (str); villages, free (现无在办积案 at the
        end of the as-of date), named (已命名 by then), cases (backlog cases to date), placed (those that carry a
        village of the township), all int64. No townships: no rows.

    Source: tables regions and cases; DOMAIN "Rates in use".
    """
    codes = township_codes(connection, scope)
    known = read_frame(connection, villages_statement(codes), VILLAGES)
    counted = read_frame(connection, village_cases_statement(scope, codes), VILLAGE_CASES)
    both = known.merge(counted, on=["township_code", "village_code"], how="left")
    both["free"] = both["open"].fillna(0).eq(0)
    both["named"] = both["named_on"].le(pd.Timestamp(scope.as_of))
    villages = both.groupby("township_code").agg(
        villages=("village_code", "size"), free=("free", "sum"), named=("named", "sum"), placed=("opened", "sum")
    )
    frame = villages.assign(cases=counted.groupby("township_code")["opened"].sum()).reindex(codes).fillna(0)
    return frame.rename_axis("township_code").reset_index()[list(VILLAGE_COUNTS)].astype(VILLAGE_COUNTS)


def village_cases_statement(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Count the backlog cases of each village to and at the as-of date; null for those that carry none."""
    c, day = cases.alias("c"), scope.as_of
    return (
        sa.select(
            c.c.township_code,
            c.c.village_code,
            sa.func.count().label("opened"),
            sa.func.sum(sa.case((is_open(c, day), 1), else_=0)).label("open"),
        )
        .where(c.c.stream == BACKLOG, c.c.township_code.in_(townships), c.c.opened_on <= day, is_newest(c, day))
        .group_by(c.c.township_code, c.c.village_code)
    )


def villages_statement(townships: Sequence[str]) -> Select[Any]:
    """Select the villages of townships."""
    r = regions.c
    return (
        sa.select(r.parent_code.label("township_code"), r.code.label("village_code"), r.named_on)
        .where(r.level == "village", r.parent_code.in_(townships))
        .order_by(r.parent_code, r.code)
    )
