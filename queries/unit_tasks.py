"""The checklist of regions above the townships, as it is stored added up; None where it is not."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis.lights import Light
from analysis.months import add_months, month_of
from analysis.scope import Scope
from analysis.task_totals import COUNTS, SUMS
from analysis.tasks import KEYS
from database.tables import task_totals
from database.tables import tasks as table
from queries.frames import COUNT, DAY, MEASURE, TEXT, read_frame
from queries.progress import wanted

TOTALS = {"region_code": TEXT, "task_code": TEXT, "month": DAY, **dict.fromkeys(SUMS, MEASURE),
          **dict.fromkeys(COUNTS, COUNT), "reported_on": DAY, "light": TEXT}  # fmt: skip


def unit_cells(
    connection: Connection, scope: Scope, about: pd.DataFrame, regions: Sequence[str]
) -> pd.DataFrame | None:
    """Return what `analysis.tasks.unit_lights` does, of the rows stored for `regions`; None where none are.

    Parameters
    ----------
    about : pd.DataFrame
        The tasks in question, in order: `queries.tasks.tasks` of the same scope.

    Source: table task_totals.
    """
    now = _now(connection, scope, about, regions)
    if now is None:
        return None
    actual, names = now["actual_pct"], ["planned_pct", "actual_pct"]
    columns = [*KEYS, *names, "last_actual_pct", "reported_on", "light", "previous_light"]
    return now.assign(last_actual_pct=actual)[columns]


def unit_summary(connection: Connection, scope: Scope, about: pd.DataFrame) -> pd.DataFrame | None:
    """Return what `analysis.tasks.task_lights` does, of the rows stored for `scope.region`; None where none are.

    Source: table task_totals.
    """
    now = None if scope.region is None else _now(connection, scope, about, [scope.region])
    names = ["task_code", "planned_pct", "actual_pct", "light", "previous_light"]
    return None if now is None else now[[*names, "cells", "red_cells", "unreported_cells"]]


def totals_statement(scope: Scope, regions: Sequence[str]) -> Select[Any]:
    """Select the rows of the month of the as-of date and of the one before, as far as they were known, rising."""
    t, month = task_totals.c, month_of(scope.as_of)
    statement = sa.select(*(t[name] for name in TOTALS))
    if conditions := wanted(scope):
        statement = statement.join_from(task_totals, table, table.c.code == t.task_code)
    conditions += [t.region_code.in_(regions), t.month.in_([add_months(month, -1), month]), t.known_on <= scope.as_of]
    return statement.where(*conditions).order_by(t.known_on)


def _now(connection: Connection, scope: Scope, about: pd.DataFrame, regions: Sequence[str]) -> pd.DataFrame | None:
    """Return the newest row of each region and task in the month of the as-of date, with means and the light before.

    None where nothing is stored of that month: it is not complete, lies before the first, or nothing was refreshed yet.
    """
    read = read_frame(connection, totals_statement(scope, regions), TOTALS)
    rows = read.drop_duplicates([*KEYS, "month"], keep="last")
    is_now = rows["month"] == pd.Timestamp(month_of(scope.as_of))
    now, before = rows[is_now], rows[~is_now]
    if now.empty:
        return None
    lights = before.set_index(KEYS)["light"]
    keys = pd.MultiIndex.from_frame(now[KEYS])
    missing = "" if before.empty else Light.NOT_STARTED.value
    now = now.assign(
        planned_pct=now["planned_total"] / now["planned_cells"],
        actual_pct=now["actual_total"] / now["planned_cells"],
        previous_light=lights.reindex(keys).fillna(missing).array,
    )
    return _in_order(now, {"task_code": about["code"].tolist(), "region_code": regions})


def _in_order(frame: pd.DataFrame, orders: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    places = {name: {code: i for i, code in enumerate(codes)} for name, codes in orders.items()}
    return frame.sort_values(list(orders), key=lambda column: column.map(places[str(column.name)]), ignore_index=True)
