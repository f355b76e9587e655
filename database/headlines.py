"""What the first page tells of each stored day, before and after a refresh: where it differs, the past was restated."""

from collections.abc import Mapping
from datetime import date
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.months import month_start
from database.tables import backlog_states, kpi_scores, regions

Headlines = Mapping[date, tuple[Any, ...]]
"""Stored day -> what its headline figures add up to."""
_DIGITS = 6
"""Scores are compared to so many: the order in which they were added up shows only behind them."""


def headlines(connection: Connection) -> Headlines:
    """Add up the counties' 信访积案 by day, and the scores and ranks of the month.

    Source: tables backlog_states, kpi_scores, regions.
    """
    s, k = backlog_states.c, kpi_scores.c
    counties = sa.select(regions.c.code).where(regions.c.level == "county")
    told = (s.opened_to_date, s.reopened_to_date, s.closings_to_date, s.open, s.overdue)
    states = sa.select(s.day, *map(sa.func.sum, told)).where(
        s.region_code.in_(counties), s.stream == "petition_backlog", s.platform == ""
    )
    placed = (k.score, k.rank, k.score * k.rank)
    scores = sa.select(k.month, sa.func.count(), *map(sa.func.sum, placed)).group_by(k.month)
    of_months = {
        row[0]: tuple(None if one is None else round(float(one), _DIGITS) for one in row[1:])
        for row in connection.execute(scores)
    }
    return {
        row[0]: (*map(int, row[1:]), of_months.get(month_start(row[0])))
        for row in connection.execute(states.group_by(s.day))
    }


def restated(before: Headlines, after: Headlines) -> list[list[str]]:
    """Return the first and last day of each stretch of stored days that tell otherwise now, rising, as ISO dates.

    A day that was not stored before is new, not restated.
    """
    stretches = groupby(sorted(before), key=lambda day: before[day] != after.get(day))
    found = [list(days) for differs, days in stretches if differs]
    return [[days[0].isoformat(), days[-1].isoformat()] for days in found]
