"""What is compared: the townships of a county, or the regions right below a city or province, each as a whole.

Source: table regions; docs/decisions/0012-regions-above.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import CTE, Connection

from analysis.scope import Scope
from database.tables import regions
from queries.frames import COUNT, FLAG, TEXT, read_frame
from queries.regions import sort_order, township_codes

NODES = {"code": TEXT, "name": TEXT, "short_name": TEXT, "parent_code": TEXT, "level": TEXT, "is_county": FLAG,
         "sort_order": COUNT}  # fmt: skip


@dataclass(frozen=True)
class Units:
    """The regions that rows are about, in the fixed order.

    `parts` tells of every region whose own rows count for a unit which one that is; it is empty where townships are
    compared, each of which stands for itself.
    """

    codes: list[str]
    parts: Mapping[str, str] = field(default_factory=dict)

    def regions(self) -> list[str]:
        """Return the codes under which the rows of base tables stand."""
        return list(self.parts) or self.codes

    def unit_of(self, codes: pd.Series) -> pd.Series:
        """Return the unit to which each region's rows belong."""
        return codes.map(self.parts).astype(codes.dtype) if self.parts else codes


def units(connection: Connection, scope: Scope) -> Units:
    """Return what a scope compares: townships, or the children of a region that has no townships of its own.

    A child comes back where all of its townships are asked for: its own row is read then, not those of its townships.
    """
    if scope.region is None:
        return Units(township_codes(connection, scope))
    below = below_region(scope.region)
    rows = connection.execute(sa.select(below).order_by(below.c.place, below.c.unit, below.c.code)).all()
    if any(row.code == row.unit and row.level == "township" for row in rows):
        return Units(township_codes(connection, scope))
    missing = {row.unit for row in rows if row.level == "township" and row.code not in scope.townships}
    parts = {row.code: row.unit for row in rows if row.unit not in missing}
    return Units(list(dict.fromkeys(parts.values())), parts)


def children(connection: Connection, region: str) -> list[str]:
    """Return the regions right below a region, in the fixed order: the whole set compared above the counties."""
    r = regions.c
    statement = sa.select(r.code).where(r.parent_code == region, r.level != "village")
    return list(connection.scalars(statement.order_by(sort_order(), r.code)))


def below_region(region: str) -> CTE:
    """Select the regions in a region, down to the townships: unit (the child in which it lies), code, level, place."""
    r = regions.c
    top = sa.select(r.code.label("unit"), r.code, r.level, sort_order().label("place"))
    found = top.where(r.parent_code == region, r.level != "village").cte("below", recursive=True)
    deeper = sa.select(found.c.unit, r.code, r.level, found.c.place)
    return found.union_all(deeper.where(r.parent_code == found.c.code, r.level != "village"))


def region_nodes(connection: Connection) -> pd.DataFrame:
    """Return every region that has regions to compare: those above the townships, parents first.

    Returns
    -------
    pd.DataFrame
        One row per county and per region above: code, name, short_name, parent_code (str, NaN none), level,
        is_county (bool: its children are townships), sort_order (int64), in the fixed order.

    Source: table regions.
    """
    r, child = regions.c, regions.alias("child").c
    has_townships = sa.exists().where(child.parent_code == r.code, child.level == "township").label("is_county")
    statement = (
        sa.select(r.code, r.name, sa.func.coalesce(r.short_name, r.name).label("short_name"), r.parent_code, r.level,
                  has_townships, sort_order().label("sort_order"))
        .where(r.level.not_in(("township", "village")))
        .order_by(sort_order(), r.code)
    )  # fmt: skip
    return read_frame(connection, statement, NODES)


def folded(counts: pd.DataFrame, parts: Mapping[str, str], codes: Sequence[str]) -> pd.DataFrame:
    """Add up the counts of `parts` (township_code and numbers) by unit; without parts they stay as they are."""
    if not parts:
        return counts
    unit = counts["township_code"].map(parts)
    return counts.assign(township_code=unit)[unit.isin(list(codes))].groupby("township_code", as_index=False).sum()
