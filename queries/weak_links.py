"""The weak links of the whole county: found in the checklist, among the cases, among the indicators.

Each is found over the whole set and told in numbers alone; `analysis.weak_links` puts them in order and picks those of
some townships. What was written about them, and who leads a case, are rows: `queries.tasks.task_list`,
`pressing_cases`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import product, starmap
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.rules import AGED_DAYS, LONG_AGED_DAYS
from analysis.scope import Scope
from analysis.signals import Excluded
from analysis.streams import SERVED
from analysis.weak_links import ranked
from analysis.weak_links.cases import BACKLOG, case_weak_links
from analysis.weak_links.indicators import Indicator, indicator_weak_links
from analysis.weak_links.kinds import Names, head_post
from analysis.weak_links.tasks import task_weak_links
from database.tables import backlog_states, cases, regions
from queries.cases import Cases, in_scope, open_episodes
from queries.frames import COUNT, DAY, FLAG, TEXT, read_frame
from queries.indicators import kpi_series
from queries.names import department_names
from queries.once import once, one_look
from queries.progress import progress
from queries.rankings import indicators, kpi_table
from queries.regions import township_codes, whole_set
from queries.service_states import waiting
from queries.tasks import tasks

OTHERS = SERVED
"""The streams whose overdue cases are told together; a suit has no time limit that a township could keep."""

_COUNTS = ("open", "overdue", "aged", "long_aged", "department_overdue", "department_aged")
PRESSING = {"township_code": TEXT, **dict.fromkeys(_COUNTS, COUNT), "overdue_on": DAY, "oldest_on": DAY}
WAITS = {"stream": TEXT, "township_code": TEXT, "open": COUNT, "overdue": COUNT}
PRESSING_CASES = {"township_code": TEXT, "case_no": TEXT, "case_leader": TEXT, "lead_department_code": TEXT,
                  "first_opened_on": DAY, "due_on": DAY, "is_overdue": FLAG}  # fmt: skip


def weak_links(connection: Connection, scope: Scope, *, excluded: Excluded = ()) -> pd.DataFrame:
    """Find every weak link of the whole set, whatever townships are asked for, each subject once, the worst first.

    Parameters
    ----------
    excluded : hashable collection of (region code, indicator code, month)
        What annotations take out of the control charts.

    Returns
    -------
    pd.DataFrame
        `analysis.weak_links.ranked` of all that is found: the columns of WEAK_LINKS. Nothing found: no rows.

    Source: `found_in_tasks`, `found_in_cases`, `found_in_indicators`.
    """
    with one_look(connection):
        in_indicators = found_in_indicators(connection, scope, excluded=excluded)
        return ranked([found_in_tasks(connection, scope), found_in_cases(connection, scope), in_indicators])


def found_in_tasks(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Find the weak links in the checklist of the whole set, whatever townships, group or department are asked for.

    Returns
    -------
    pd.DataFrame
        The columns of `analysis.weak_links.WEAK_LINKS`, as `analysis.weak_links.tasks.task_weak_links` finds them.

    Source: tables tasks and task_progress; DOMAIN "Lights".
    """
    wide = replace(scope, work_group=None, department=None)
    about = tasks(connection, wide)
    known = progress(connection, wide, about, whole_set(connection, wide))
    return task_weak_links(known, about, _names(connection), as_of=scope.as_of)


def found_in_cases(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Find the weak links among the cases of the whole set: whole streams, whatever campaign or platform is asked for.

    Returns
    -------
    pd.DataFrame
        The columns of `analysis.weak_links.WEAK_LINKS`, as `analysis.weak_links.cases.case_weak_links` finds them.

    Source: table cases for the backlog; table backlog_states for the other streams.
    """
    whole = whole_set(connection, scope)
    wide = replace(scope, townships=frozenset(whole), platform="", campaign=None, department=None)
    own = replace(wide, stream=BACKLOG)
    pressing = read_frame(connection, pressing_statement(own, whole), PRESSING)
    return case_weak_links(pressing, _others(connection, wide, whole), _names(connection), as_of=scope.as_of)


def found_in_indicators(connection: Connection, scope: Scope, *, excluded: Excluded = ()) -> pd.DataFrame:
    """Find the weak links among the indicators of the whole set.

    Parameters
    ----------
    excluded : tuple of (region code, indicator code, month)
        What annotations take out of the control charts.

    Returns
    -------
    pd.DataFrame
        The columns of `analysis.weak_links.WEAK_LINKS`, as `analysis.weak_links.indicators.indicator_weak_links` finds
        them.

    Source: tables kpi_values and kpis; METHODS sections 3 and 4.
    """
    wide = replace(scope, townships=frozenset(whole_set(connection, scope)))
    with one_look(connection):
        series, table, known = kpi_series(connection, wide), kpi_table(connection, wide), indicators(connection)
    said = zip(*(known[name].fillna("").tolist() for name in ("name", "unit", "department")), strict=True)
    about = dict(zip(known["code"].tolist(), starmap(Indicator, said), strict=True))
    return indicator_weak_links(series, table, about, _names(connection), excluded=excluded)


def pressing_cases(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return the backlog cases that are overdue or have waited too long, with who leads each.

    Rows, not figures: fetched within the viewer's rights alone.

    Returns
    -------
    pd.DataFrame
        One row per case, the oldest first: township_code, case_no, case_leader, lead_department_code (str, NaN none),
        first_opened_on, due_on (datetime64[s]), is_overdue (bool). No such cases: no rows.

    Source: table cases.
    """
    own = replace(scope, stream=BACKLOG, platform="", campaign=None)
    return read_frame(connection, pressing_cases_statement(own, township_codes(connection, own)), PRESSING_CASES)


def pressing_statement(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Count the open cases of a stream by township, and those of them that are overdue or have waited too long."""
    c, day = open_episodes(in_scope(cases, scope, townships), scope.as_of), scope.as_of
    first, late = _first_day(c), c.c.due_on < day
    aged, long_aged = _is_older(first, day, AGED_DAYS), _is_older(first, day, LONG_AGED_DAYS)
    is_led_above = c.c.lead_department_code.is_not(None)
    conditions = (sa.true(), late, aged, long_aged, sa.and_(late, is_led_above), sa.and_(aged, is_led_above))
    counts = [
        sa.func.sum(sa.case((is_so, 1), else_=0)).label(name) for name, is_so in zip(_COUNTS, conditions, strict=True)
    ]
    earliest = [
        sa.func.min(sa.case((is_so, column)), type_=sa.Date()).label(name)
        for name, is_so, column in (("overdue_on", late, c.c.due_on), ("oldest_on", aged, first))
    ]
    return sa.select(c.c.township_code, *counts, *earliest).group_by(c.c.township_code).order_by(c.c.township_code)


def pressing_cases_statement(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Select the open cases of a stream that are overdue or have waited too long."""
    c, day = open_episodes(in_scope(cases, scope, townships), scope.as_of), scope.as_of
    first, late = _first_day(c), c.c.due_on < day
    is_late = sa.func.coalesce(late, sa.false()).label("is_overdue")
    return (
        sa.select(
            c.c.township_code,
            c.c.case_no,
            c.c.case_leader,
            c.c.lead_department_code,
            first.label("first_opened_on"),
            c.c.due_on,
            is_late,
        )
        .where(sa.or_(late, _is_older(first, day, AGED_DAYS)))
        .order_by(first, c.c.township_code, c.c.case_no)
    )


def stored_statement(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Select what waits of every other stream in each township, where the as-of day is stored."""
    s = backlog_states.c
    own = (s.region_code.in_(townships), s.stream.in_(OTHERS), s.platform == "", s.day == scope.as_of)
    return sa.select(s.stream, s.region_code.label("township_code"), s.open, s.overdue).where(*own)


def clear_statement(scope: Scope, townships: Sequence[str]) -> Select[Any]:
    """Select the last stored day on which nothing was overdue, of each township and other stream."""
    s = backlog_states.c
    return (
        sa.select(s.region_code.label("township_code"), s.stream, sa.func.max(s.day, type_=sa.Date()).label("day"))
        .where(
            s.region_code.in_(townships),
            s.stream.in_(OTHERS),
            s.platform == "",
            s.day <= scope.as_of,
            s.overdue == 0,
        )
        .group_by(s.region_code, s.stream)
    )


def _others(connection: Connection, scope: Scope, whole: Sequence[str]) -> pd.DataFrame:
    """Count the overdue cases of every other stream, with the day from which there was always one."""
    counts = read_frame(connection, stored_statement(scope, whole), WAITS)
    if len(counts) < len(OTHERS) * len(whole):
        summed = waiting(connection, whole, scope.as_of).groupby(["stream", "township_code"]).sum()
        counts = summed.reset_index().astype(WAITS)
    place = {key: i for i, key in enumerate(product(OTHERS, whole))}
    late = counts[counts["overdue"] > 0]
    keys = list(zip(late["stream"].tolist(), late["township_code"].tolist(), strict=True))
    clear = {(row.stream, row.township_code): row.day for row in connection.execute(clear_statement(scope, whole))}
    first = np.array([clear.get(key) for key in keys], dtype="datetime64[D]") + np.timedelta64(1, "D")
    order = np.argsort([place[key] for key in keys])
    return late.assign(overdue_from=first.astype("datetime64[s]")).take(order).reset_index(drop=True)


def _names(connection: Connection) -> Names:
    return once(connection, "names of weak links", lambda: _read_names(connection))


def _read_names(connection: Connection) -> Names:
    r = regions.c
    places = connection.execute(sa.select(r.code, r.name, r.kind).where(r.level == "township")).all()
    bodies = department_names(connection)
    return Names(
        {code: name for code, name, _ in places},
        {code: head_post(name, kind) for code, name, kind in places},
        dict(zip(bodies["code"], bodies["name"], strict=True)),
    )


def _first_day(c: Cases) -> ColumnElement[date]:
    """Return the day a case was first opened; a view may lack first_opened_on for a first episode."""
    return sa.func.coalesce(c.c.first_opened_on, c.c.opened_on)


def _is_older(first: ColumnElement[date], day: date, days: int) -> ColumnElement[bool]:
    return first < day - timedelta(days=days)
