"""Recompute what is derived from the base tables, and publish it as a release."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from database.backlog import clear_states, write_states
from database.case_groups import clear_groups, write_groups
from database.case_months import clear_months, write_months
from database.checks import arithmetic, references, reporting
from database.checks.findings import ERROR, WORDS
from database.corrections import Correction, write_correction
from database.extent import Extent, extent
from database.given import Given
from database.headlines import headlines, restated
from database.involvement import clear_departments, write_departments
from database.kpi_totals import write_kpi_totals
from database.kpi_values import clear_kpi_values, copy_reports, write_kpi_values
from database.marks import Marks, base_marks, corrected_marks
from database.scores import clear_scores, write_scores
from database.tables import (
    backlog_states,
    case_months,
    data_releases,
    department_months,
    kpi_scores,
    kpi_totals,
    kpi_values,
)
from database.task_totals import write_task_totals
from database.tree import Tree, region_tree

Progress = Callable[[str, int, int], None]
"""Called with what is being done (Chinese), how much of it is done, and how much there is."""


def refresh(
    connection: Connection,
    *,
    as_of: date,
    source: str,
    note: str = "",
    since: date | None = None,
    townships: Collection[str] | None = None,
    rows: Mapping[str, int] | None = None,
    marks: Marks | None = None,
    correction: Correction | None = None,
    progress: Progress | None = None,
) -> int:
    """Recompute states, computed indicators and scores in the caller's transaction, and publish a release.

    Parameters
    ----------
    connection
        In a transaction of `database.writing.writer`: the release id is taken under the writer's lock.
    since, townships
        What may have changed since the last release: dates of cases from `since` on (None: any), in these regions
        (None: all). The result is that of a whole refresh. A case that another one repeats is a case that changed.
        Months before that of `since` keep their figures.
    rows
        Rows changed, by table, for the release.
    marks
        Those of the base tables now, where they are known already.
    correction
        The cases that changed, where nothing else did that figures depend on, and where `load` has checked them: few of
        them are taken off and added, instead of all being counted again.

    Returns
    -------
    int
        The id of the new release.

    Source: every base table, a county's kpi_reports; writes every derived table and kpi_values (computed figures, and
    reported ones where there are kpi_reports).
    """
    tell = progress or _silent
    # Before anything is read: what a county's ledger gains meanwhile then differs at the next scheduled refresh.
    last = _last_marks(connection) if since is not None or townships is not None else None
    known = corrected_marks(last, correction.marks_before, correction.marks_after) if correction and last else None
    held = marks or base_marks(connection, last, townships=townships, known=known)
    scope, tree = extent(connection, as_of=as_of, since=since, townships=townships), region_tree(connection)
    given, before = Given(connection, tree, scope), headlines(connection)
    if correction is not None and scope.is_within:
        write_correction(connection, correction, given)
    else:
        _write_regions(connection, given, tell)
    changes = scope.first_changes(tree)
    write_kpi_totals(connection, tree, changes, as_of=scope.last)
    reporting = scope.townships if correction is None or not scope.is_within else correction.reporting
    write_task_totals(connection, tree, reporting, as_of=scope.last)
    _write_scores(connection, tree, scope, changes, tell)
    checks = partial(_checks, connection, is_checked=correction is not None and _is_clean(connection))
    changed = {"rows": dict(rows or {}), "marks": held, "restated": restated(before, headlines(connection))}
    return _publish(connection, {"as_of": as_of, "source": source, "note": note, **changed}, checks)


def _write_regions(connection: Connection, given: Given, tell: Progress) -> None:
    """Write states and computed indicators region by region, children before parents."""
    if given.scope.is_whole:
        connection.execute(backlog_states.delete())
        connection.execute(kpi_totals.delete())
        clear_months(connection)
        clear_groups(connection)
        clear_departments(connection)
        clear_kpi_values(connection, given.computed)
        copy_reports(connection, given.computed)
    else:
        _forget_before(connection, given)
    for i, region in enumerate(given.regions):
        _write_region(connection, region, given)
        tell("汇总各乡镇（街道）", i + 1, len(given.regions))


def _forget_before(connection: Connection, given: Given) -> None:
    """Delete figures of months before the first case or report, which deletions may have moved on."""
    v, first = kpi_values.c, given.scope.months[0]
    connection.execute(kpi_values.delete().where(v.kpi_code.in_(list(given.computed["code"])), v.month < first))
    for table in (kpi_scores, case_months, department_months):
        connection.execute(table.delete().where(table.c.month < first))


def _write_region(connection: Connection, region: str, given: Given) -> None:
    scope, tree, below = given.scope, given.tree, given.tree.below(region)
    days, months = scope.days_of(below), scope.months_of([region])
    if scope.is_touched(below) and not scope.is_whole:
        clear_states(connection, region, scope.since)
    if scope.is_touched([region]) and not scope.is_whole:
        clear_kpi_values(connection, given.computed, region, scope.since)
        clear_months(connection, region, scope.since)
        clear_groups(connection, region, scope.since)
        clear_departments(connection, region, scope.since)
    if not days and not months:
        return
    ledger, involved = given.ledger(connection, region), given.involved(connection, region)
    write_states(connection, region, ledger, children=tree.children.get(region, []), days=days)
    write_groups(connection, region, ledger, scope.days_of([region]))
    write_months(connection, region, ledger, involved, months)
    write_departments(connection, involved, months)
    if months and tree.levels.get(region) == "township":
        write_kpi_values(connection, region, given.basis(connection, region, ledger, months), given.computed)


def _write_scores(
    connection: Connection, tree: Tree, scope: Extent, changes: Mapping[str, date], tell: Progress
) -> None:
    """Rank the townships of the counties whose figures may differ, from the first month on in which they may."""
    if scope.is_whole:
        connection.execute(kpi_scores.delete())
    elif not changes:
        return
    else:
        clear_scores(connection, tree, changes)
    months, done = [month for month in scope.months if month >= min(changes.values(), default=date.max)], count(1)
    write_scores(
        connection,
        tree,
        months,
        since=changes,
        as_of=scope.last,
        tick=lambda: tell("计算考核得分和名次", next(done), len(months)),
    )


def _last_marks(connection: Connection) -> Marks | None:
    r = data_releases.c
    marks: Marks | None = connection.scalar(sa.select(r.marks).order_by(r.id.desc()).limit(1))
    return marks


def _publish(connection: Connection, told: Mapping[str, Any], checks: Callable[[], dict[str, int]]) -> int:
    newest = connection.scalar(sa.select(sa.func.max(data_releases.c.id))) or 0
    connection.execute(data_releases.update().values(marks=sa.null()))  # the newest release's alone are compared
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    connection.execute(data_releases.insert().values(id=newest + 1, published_at=now, **told))
    is_new = data_releases.c.id == newest + 1  # reports are due for the month of this very release
    connection.execute(data_releases.update().where(is_new).values(checks=checks()))
    return newest + 1


def _checks(connection: Connection, *, is_checked: bool) -> dict[str, int]:
    """Count what the quick checks find, by severity; derived tables were computed just now.

    Where nothing was wrong before and the loader has checked what changed (`is_checked`), references are in order.
    """
    found = [] if is_checked else references.findings(connection)
    found += [*arithmetic.findings(connection), *reporting.findings(connection)]
    return {severity: sum(finding.severity == severity for finding in found) for severity in WORDS}


def _is_clean(connection: Connection) -> bool:
    """Whether the checks of the newest release found no error."""
    r = data_releases.c
    checks: dict[str, int] | None = connection.scalar(sa.select(r.checks).order_by(r.id.desc()).limit(1))
    return checks is not None and checks.get(ERROR) == 0


def _silent(what: str, done: int, total: int) -> None:
    """Say nothing."""
