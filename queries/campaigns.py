"""Campaigns: when they run and what they aim at."""

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from database.tables import campaigns as table
from queries.frames import DAY, MEASURE, TEXT, read_frame
from queries.once import once

CAMPAIGNS = {"code": TEXT, "name": TEXT, "starts_on": DAY, "ends_on": DAY, "baseline_on": DAY, "goal_rate": MEASURE,
             "is_demo_goal": "bool"}  # fmt: skip


def campaigns(connection: Connection) -> pd.DataFrame:
    """Return every campaign, the newest first.

    Returns
    -------
    pd.DataFrame
        One row per campaign: code, name (str), starts_on, ends_on, baseline_on (datetime64[s]), goal_rate (float64,
        percent, NaN = no pace line), is_demo_goal (bool: the goal is ours, 演示目标).

    Source: table campaigns.
    """
    return once(connection, "campaigns", lambda: read_frame(connection, campaigns_statement(), CAMPAIGNS))


def campaigns_statement() -> Select[tuple[object, ...]]:
    """Select every campaign, the newest first."""
    c = table.c
    return sa.select(
        c.code, c.name, c.starts_on, c.ends_on, c.baseline_on, c.goal_rate,
        sa.func.coalesce(c.is_demo_goal, sa.false()).label("is_demo_goal"),
    ).order_by(c.starts_on.desc().nulls_last(), c.code)  # fmt: skip
