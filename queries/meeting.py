"""What a meeting is shown: every figure of its slides and documents, read in one go."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Select

from analysis import breakdown
from analysis.meeting.figures import Figures
from analysis.months import month_of
from analysis.rules import AGE_LIMITS
from analysis.scope import Scope
from analysis.signals import Excluded
from analysis.streams import STREAMS
from analysis.task_book import task_courses as courses
from database.tables import cases, kpi_values, kpis
from queries.backlog import DAYS_OF_A_WEEK, ageing, backlog_at, backlog_by_week
from queries.backlog_states import states_of_streams
from queries.campaigns import campaigns
from queries.cases import in_scope, open_episodes
from queries.definitions import kpi_definitions
from queries.frames import COUNT, DAY, MEASURE, TEXT, read_frame
from queries.indicators import kpi_series
from queries.milestones import milestones
from queries.names import department_names, work_group_names
from queries.once import one_look
from queries.rankings import kpi_table, rank_history, ranking
from queries.regions import county, county_codes, township_codes, townships, whole_set
from queries.releases import newest_release
from queries.task_book import task_facts, task_plans
from queries.task_months import cell_months, task_months
from queries.tasks import task_matrix, task_summary
from queries.weak_links import weak_links

AGED = {"township_code": TEXT, "department_code": TEXT, "open": COUNT, "overdue": COUNT, "oldest_on": DAY}
STREAM_YEAR = {"stream": TEXT, "platform": TEXT, "opened": COUNT, "closed": COUNT, "open": COUNT, "overdue": COUNT}
COUNTY_VALUES = {"kpi_code": TEXT, "name": TEXT, "unit": TEXT, "kind": TEXT, "domain": TEXT, "formula": TEXT,
                 "month": DAY, "value": MEASURE}  # fmt: skip
COURSES = {"task_code": TEXT, "place": TEXT, "month": TEXT, "planned_pct": MEASURE, "actual_pct": MEASURE}
MEDIATION = ("dispute", "矛调中心")
"""The mediation centre's own disputes: a stream on one platform."""


def meeting_figures(
    connection: Connection, scope: Scope, *, excluded: Excluded = (), with_courses: bool = False
) -> Figures:
    """Read everything a meeting is shown that is open to all.

    Parameters
    ----------
    scope
        As of which day, which townships, which campaign (None: the whole backlog).
    excluded
        What annotations take out of the control charts (`queries.weak_links.weak_links`).
    with_courses
        Read series and courses too, which only pictures are made of: without them a page is there sooner.

    Raises
    ------
    ValueError
        There is no release: nothing to show.

    Source: the readers that `analysis.meeting.material.Figures` names.
    """
    with one_look(connection):
        figures = _figures(connection, scope, excluded)
        if not with_courses:
            return figures
        series = _marked(kpi_series(connection, scope), excluded)
        return replace(figures, series=series, courses=task_courses(connection, scope))


def _figures(connection: Connection, scope: Scope, excluded: Excluded) -> Figures:
    """Read all but series and courses."""
    newest, known = newest_release(connection), campaigns(connection)
    if newest is None:
        raise ValueError("expected a release, got none")
    places = townships(connection)
    whole = replace(scope, townships=frozenset(places["code"]))
    return Figures(
        as_of=scope.as_of,
        release=newest.id,
        published_at=newest.published_at,
        source=newest.source,
        is_demo=newest.is_demo,
        county="、".join(county(connection)["name"]),
        chosen=scope.townships & whole.townships,
        campaign=scope.campaign or "",
        townships=places[["code", "name", "short_name", "kind"]],
        campaigns=known,
        now=backlog_at(connection, scope),
        then=backlog_at(connection, breakdown.at_baseline(scope, known)),
        weekly=backlog_by_week(connection, scope),
        in_campaign=backlog_at(connection, whole),
        all_cases=backlog_at(connection, replace(whole, campaign=None)),
        matrix=task_matrix(connection, scope),
        summary=task_summary(connection, scope),
        work_groups=work_group_names(connection),
        departments=department_names(connection),
        ranking=ranking(connection, whole),
        kpis=kpi_table(connection, whole),
        weak_links=weak_links(connection, whole, excluded=excluded),
        aged=aged(connection, scope),
        streams=stream_years(connection, scope),
        county_values=county_values(connection, whole),
        steps=milestones(connection, whole),
        before=backlog_at(connection, replace(scope, as_of=scope.as_of - timedelta(days=DAYS_OF_A_WEEK))),
        ages=ageing(connection, scope),
        history=rank_history(connection, whole),
        indicators=kpi_definitions(connection, whole),
    )


def task_courses(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Lay plan and actual progress of every task out by month, as the page of one task draws them.

    Returns
    -------
    pd.DataFrame
        One row per task and month of its plan, by task number and month: task_code, place (str: the one township of
        `scope`, else 全县平均 or 县级), month (str, 8月), planned_pct, actual_pct (float64, NaN not planned, not
        reported); tasks without a plan are left out.

    Source: tables tasks and task_progress; `analysis.task_book.task_courses`.
    """
    places = townships(connection)
    labels = {code: name for code, name in zip(places["code"], places["name"], strict=True) if code in scope.townships}
    with one_look(connection):
        cells, whole = cell_months(connection, scope), task_months(connection, scope)
        plans = task_plans(connection, replace(scope, townships=frozenset(places["code"])))
        found = courses(task_facts(connection, scope), cells, whole, plans, labels)
    return found.astype(COURSES)


def _marked(series: pd.DataFrame, excluded: Excluded) -> pd.DataFrame:
    """Mark the months that annotations take out."""
    out = set(excluded)
    keys = zip(series["region_code"], series["kpi_code"], series["month"].dt.date, strict=True)
    return series.assign(is_excluded=[key in out for key in keys])


def aged(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count the open cases of long standing (more than the second age limit) by township and lead department.

    Returns
    -------
    pd.DataFrame
        One row per township and department with any, by both: township_code, department_code (str, "" led by the
        township), open, overdue (int64, cases), oldest_on (datetime64[s]: the day the oldest was first opened).

    Source: table cases; the age counts from the first opening, as in `queries.backlog.ageing`.
    """
    return read_frame(connection, aged_statement(scope, township_codes(connection, scope)), AGED)


def aged_statement(scope: Scope, codes: list[str]) -> Select[Any]:
    """Select the counts of `aged`."""
    c, day = open_episodes(in_scope(cases, scope, codes), scope.as_of), scope.as_of
    first = sa.func.coalesce(c.c.first_opened_on, c.c.opened_on)
    department = sa.func.coalesce(c.c.lead_department_code, "").label("department_code")
    late = sa.func.sum(sa.case((c.c.due_on < day, 1), else_=0)).label("overdue")
    return (
        sa.select(
            c.c.township_code,
            department,
            sa.func.count().label("open"),
            late,
            sa.func.min(first, type_=sa.Date()).label("oldest_on"),
        )
        .where(first < day - timedelta(days=AGE_LIMITS[1]))
        .group_by(c.c.township_code, department)
        .order_by(c.c.township_code, department)
    )


def stream_years(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Count what each stream took in and closed since the year began, and what waits; the mediation centre's apart.

    Returns
    -------
    pd.DataFrame
        One row per stream in their order, then the mediation centre's disputes: stream, platform (str, "" all),
        opened, closed (this year), open, overdue (at the day; int64, cases), of the townships of `scope`.

    Source: table backlog_states.
    """
    before = date(scope.as_of.year - 1, 12, 31)
    (stream, platform), parts = MEDIATION, []
    for key, streams in (("", list(STREAMS)), (platform, [stream])):
        own = replace(scope, platform=key, campaign=None)
        now, then = (_by_stream(connection, replace(own, as_of=day), streams) for day in (scope.as_of, before))
        figures = {"opened": now["opened"] - then["opened"], "closed": now["closed"] - then["closed"]}
        parts.append(now.assign(**figures, platform=key).reset_index()[list(STREAM_YEAR)])
    return pd.concat(parts, ignore_index=True).astype(STREAM_YEAR)


def _by_stream(connection: Connection, scope: Scope, streams: list[str]) -> pd.DataFrame:
    """Count each stream to (opened, closed) and at (open, overdue) the as-of date of a scope, over its townships."""
    state = states_of_streams(connection, scope, streams).groupby(level="stream", sort=False).sum()
    opened, still_open = state["opened_to_date"], state["open"]
    known = state[["open", "overdue"]].assign(opened=opened, closed=opened - still_open)
    return known.reindex(streams, fill_value=0)


def county_values(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Return what is reported for the county as a whole: amounts, counts and places in the city's ranking.

    Returns
    -------
    pd.DataFrame
        One row per indicator that no township has, by code: kpi_code, name, unit, kind, domain, formula (str), month
        (datetime64[s], the newest one up to that of the as-of date), value (float64).

    Source: tables kpi_values and kpis.
    """
    statement = county_values_statement(scope, whole_set(connection, scope))
    found = read_frame(connection, statement, COUNTY_VALUES)
    return found.drop_duplicates("kpi_code", keep="last").reset_index(drop=True)


def county_values_statement(scope: Scope, codes: list[str]) -> Select[Any]:
    """Select the county's own figures by indicator and month, those of townships apart."""
    v, k = kpi_values.c, kpis.c
    of_townships = sa.select(v.kpi_code).where(v.region_code.in_(codes)).distinct()
    return (
        sa.select(v.kpi_code, k.name, k.unit, k.kind, k.domain, k.formula, v.month, v.value)
        .join_from(kpi_values, kpis, k.code == v.kpi_code)
        .where(
            v.region_code.in_(county_codes(scope)),
            v.month <= month_of(scope.as_of),
            v.kpi_code.not_in(of_townships),
            v.value.is_not(None),
        )
        .order_by(v.kpi_code, v.month)
    )
