"""What is stored of cases by group: the month ends before a day, and the day itself, added up.

Source: table case_groups; docs/data-contract.md.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.months import month_ends, month_start
from analysis.scope import Scope
from database.tables import backlog_states, case_groups
from queries.cases import is_whole_stream
from queries.frames import COUNT, TEXT, read_frame


class Stored(NamedTuple):
    """Counts as they stood at the end of `day`, the last that is stored: one row per group that ever had any."""

    day: date
    counts: pd.DataFrame


def stored_groups(
    connection: Connection,
    scope: Scope,
    places: Sequence[str],
    grouping: str,
    names: Sequence[str],
    *,
    with_places: bool = False,
    at_month_end: bool = False,
) -> Stored | None:
    """Return the counts of a whole stream by a grouping at the last stored day on or before the as-of day.

    Parameters
    ----------
    names
        Columns of case_groups.
    with_places
        By place too: township_code comes first.
    at_month_end
        At the last stored day that is the end of a month.

    Returns
    -------
    Stored or None
        `counts` has the value (str, NaN for none) in a column of the grouping's name, and `names` (int64). None for a
        campaign, a department or a platform, and where nothing is stored: then cases are to be counted.
    """
    days = _stored_days(connection, scope, places) if is_whole_stream(scope) and not scope.platform else None
    if days is None:
        return None
    first, last = days
    ends = month_ends(first, last)
    if at_month_end:
        if not ends:
            return None
        last = ends[-1]
    g = case_groups.c
    wanted = [*(end for end in ends if end < month_start(last)), last]
    own = (g.township_code.in_(places), g.stream == scope.stream, g.grouping == grouping, g.day.in_(wanted))
    by = [g.township_code, g.value] if with_places else [g.value]
    sums = [sa.func.sum(g[name]).label(name) for name in names]
    columns = {**{column.name: TEXT for column in by}, **dict.fromkeys(names, COUNT)}
    rows = read_frame(connection, sa.select(*by, *sums).where(*own).group_by(*by), columns)
    rows["value"] = rows["value"].where(rows["value"] != "")
    return Stored(last, rows.rename(columns={"value": grouping}))


def added(parts: Sequence[tuple[pd.DataFrame, int]], keys: Sequence[str]) -> pd.DataFrame:
    """Add up counts by their keys, each with its sign; a missing key is one of its own."""
    names = [name for name in parts[0][0].columns if name not in keys]
    signed = [rows.assign(**{name: sign * rows[name] for name in names}) for rows, sign in parts]
    return pd.concat(signed).groupby(list(keys), dropna=False, as_index=False)[names].sum()


def monthly_groups(
    connection: Connection, scope: Scope, places: Sequence[str], grouping: str, names: Sequence[str], ends: list[date]
) -> pd.DataFrame:
    """Return what some months brought, by place and value ("" for none): `names` (int64) of the rows of their ends."""
    g = case_groups.c
    own = (g.township_code.in_(places), g.stream == scope.stream, g.grouping == grouping, g.day.in_(ends))
    sums = [sa.func.sum(g[name]).label(name) for name in names]
    columns = {"value": TEXT, "township_code": TEXT, **dict.fromkeys(names, COUNT)}
    by = (g.value, g.township_code)
    return read_frame(connection, sa.select(*by, *sums).where(*own).group_by(*by), columns)


def _stored_days(connection: Connection, scope: Scope, places: Sequence[str]) -> tuple[date, date] | None:
    """Return the first stored day of a stream, and the last by the as-of day; None where groups are not stored."""
    if connection.scalar(sa.select(sa.literal(1)).select_from(case_groups).limit(1)) is None:
        return None
    s = backlog_states.c
    own = (s.region_code.in_(places), s.stream == scope.stream, s.platform == "", s.day <= scope.as_of)
    ends = (sa.func.min(s.day, type_=sa.Date()), sa.func.max(s.day, type_=sa.Date()))
    first, last = connection.execute(sa.select(*ends).where(*own)).one()
    return None if first is None else (first, last)
