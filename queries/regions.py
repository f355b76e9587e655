"""The region tree: the county, its townships in their fixed order, its villages."""

from collections.abc import Sequence

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.scope import Scope
from database.tables import regions
from queries.frames import COUNT, MEASURE, TEXT, read_frame
from queries.once import once

COUNTY = {"code": TEXT, "name": TEXT, "short_name": TEXT, "parent_code": TEXT}
TOWNSHIPS = {"code": TEXT, "name": TEXT, "short_name": TEXT, "kind": TEXT, "tile_col": MEASURE, "tile_row": MEASURE,
             "sort_order": COUNT, "parent_code": TEXT}  # fmt: skip
_LAST = 1_000_000


def county(connection: Connection) -> pd.DataFrame:
    """Return the counties: one, but in a database of several.

    Returns
    -------
    pd.DataFrame
        One row per county, ordered by code: code, name, short_name, parent_code (str).

    Source: table regions.
    """
    c = regions.c
    statement = sa.select(c.code, c.name, c.short_name, c.parent_code).where(c.level == "county").order_by(c.code)
    return read_frame(connection, statement, COUNTY)


def townships(connection: Connection) -> pd.DataFrame:
    """Return every township in the fixed order: by sort order, then code.

    Returns
    -------
    pd.DataFrame
        One row per township: code, name, short_name, kind (街道 镇 乡), parent_code (str), tile_col, tile_row (float64,
        NaN without a place on the tile map), sort_order (int64).

    Source: table regions.
    """
    c = regions.c
    statement = sa.select(
        c.code, c.name, sa.func.coalesce(c.short_name, c.name).label("short_name"), c.kind, c.tile_col, c.tile_row,
        sort_order().label("sort_order"), c.parent_code,
    ).where(c.level == "township").order_by(sort_order(), c.code)  # fmt: skip
    return once(connection, "townships", lambda: read_frame(connection, statement, TOWNSHIPS))


def township_codes(connection: Connection, scope: Scope) -> list[str]:
    """Return the codes of the townships asked for, in the fixed order; unknown codes fall away."""
    asked = _codes(regions.c.code.in_(sorted(scope.townships)))
    return list(once(connection, ("township_codes", scope.townships), lambda: list(connection.scalars(asked))))


def whole_set(connection: Connection, scope: Scope) -> list[str]:
    """Return the codes of all townships that are compared, in the fixed order, whatever the township filter says.

    They are the townships that lie in `scope.region`, however deep; without one those of the county, when there is
    exactly one county, else those of the counties in which the townships asked for lie.
    """
    asked = ("whole_set", scope.region, None if scope.region else scope.townships)
    return list(once(connection, asked, lambda: _whole_set(connection, scope)))


def _whole_set(connection: Connection, scope: Scope) -> list[str]:
    if scope.region is not None:
        return list(connection.scalars(_codes(regions.c.parent_code.in_(within(scope.region)))))
    counties = connection.scalar(sa.select(sa.func.count()).where(regions.c.level == "county"))
    condition = sa.true() if counties == 1 else regions.c.parent_code.in_(_parents(scope))
    return list(connection.scalars(_codes(condition)))


def by_county(connection: Connection, townships: Sequence[str]) -> dict[str, list[str]]:
    """Return the townships of each county, both in the order of `townships`; "" where a township has no county."""
    statement = sa.select(regions.c.code, regions.c.parent_code).where(regions.c.code.in_(townships))
    rows = once(connection, ("parents", tuple(townships)), lambda: connection.execute(statement).all())
    parents = {row.code: row.parent_code for row in rows}
    grouped: dict[str, list[str]] = {}
    for code in townships:
        grouped.setdefault(parents[code] or "", []).append(code)
    return grouped


def whole_counties(connection: Connection, townships: Sequence[str]) -> dict[str, list[str]]:
    """Return the counties all of whose townships are among `townships`, with them in that order."""
    grouped = {code: own for code, own in by_county(connection, townships).items() if code}
    c = regions.c
    counted = (
        sa.select(c.parent_code, sa.func.count())
        .where(c.level == "township", c.parent_code.in_(list(grouped)))
        .group_by(c.parent_code)
    )
    sizes = {row[0]: row[1] for row in connection.execute(counted)}
    return {code: own for code, own in grouped.items() if len(own) == sizes.get(code)}


def county_codes(scope: Scope) -> Select[tuple[str]]:
    """Select the counties whose own rows belong to a scope: those of its region, else every county."""
    statement = sa.select(regions.c.code).where(regions.c.level == "county")
    return statement if scope.region is None else statement.where(regions.c.code.in_(within(scope.region)))


def within(region: str) -> Select[tuple[str]]:
    """Select a region and those in it that have townships or more below them."""
    r = regions.c
    found = sa.select(r.code).where(r.code == region).cte("within", recursive=True)
    deeper = sa.select(r.code).where(r.parent_code == found.c.code, r.level.not_in(("township", "village")))
    return sa.select(found.union_all(deeper).c.code)


def _parents(scope: Scope) -> Select[tuple[str | None]]:
    return sa.select(regions.c.parent_code).where(regions.c.code.in_(sorted(scope.townships)))


def _codes(condition: ColumnElement[bool]) -> Select[tuple[str]]:
    c = regions.c
    return sa.select(c.code).where(c.level == "township", condition).order_by(sort_order(), c.code)


def sort_order() -> ColumnElement[int]:
    """Return a region's place in the fixed order, those without one last."""
    return sa.func.coalesce(regions.c.sort_order, _LAST)
