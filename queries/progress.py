"""Plans and reports of the tasks, laid out by cell and month: what every figure about the checklist is made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select

from analysis.months import month_of
from analysis.scope import Scope
from analysis.tasks import KEYS, Progress, Reports, laid_out
from database.tables import regions as region_table
from database.tables import task_progress
from database.tables import tasks as table
from queries.frames import ROWS_AT_A_TIME, as_sent
from queries.once import once
from queries.regions import county_codes

Days = npt.NDArray[np.datetime64]
Floats = npt.NDArray[np.float64]


def progress(connection: Connection, scope: Scope, about: pd.DataFrame, townships: list[str]) -> Progress:
    """Read plans and reports up to the month of the as-of date, as they were known on that date.

    Parameters
    ----------
    about : pd.DataFrame
        The tasks in question, in order: `queries.tasks.tasks` of the same scope.
    townships
        Those in question, in the fixed order; county tasks always come.

    Source: table task_progress.
    """
    asked = ("progress", scope.as_of, scope.work_group, scope.department, scope.region, tuple(townships))
    return once(connection, asked, lambda: _progress(connection, scope, about, townships))


def _progress(connection: Connection, scope: Scope, about: pd.DataFrame, townships: list[str]) -> Progress:
    month = month_of(scope.as_of)
    counties = [row.code for row in connection.execute(county_codes(scope))]
    regions = [*sorted(counties), *townships]
    grid = _Grid(_places(about["code"].tolist()), _places(regions))
    wanted_regions = None if _are_all(connection, townships) else regions
    parts = [_nothing()]
    for rows in connection.execute(progress_statement(scope, wanted_regions)).partitions(ROWS_AT_A_TIME):
        parts.append(_read(rows, grid))
    keys, *said = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    is_known = keys >= 0
    if not is_known.all():
        keys, said = keys[is_known], [column[is_known] for column in said]
    said = _as_known(*said, scope=scope)
    later = grid.keys(*_later(connection, scope, wanted_regions))
    applies = np.zeros(len(grid.tasks) * len(grid.regions), dtype=bool)
    applies[keys], applies[later[later >= 0]] = True, True
    row = np.cumsum(applies) - 1
    return laid_out(Reports(row[keys], *said), grid.index(np.flatnonzero(applies)), about, month=month)


def progress_statement(scope: Scope, regions: list[str] | None) -> Select[Any]:
    """Select plans and reports up to the month of the as-of date, whenever they came: `_as_known` looks at that.

    `regions` None: of every region, what lies elsewhere being left to the reader.
    """
    p, month = task_progress.c, month_of(scope.as_of)
    columns = p.task_code, p.region_code, as_sent(p.month), p.planned_pct, p.actual_pct, as_sent(p.reported_on)
    return _of_cells(sa.select(*columns), scope, regions).where(p.month <= month)


def _as_known(months: Days, planned: Floats, actual: Floats, reported: Days, *, scope: Scope) -> list[Any]:
    """Return plans and reports as they were known on the as-of date: a later report does not exist yet.

    The day of a report is told of the last month alone. (Asking the database for both costs a twelfth of the reading.)
    """
    is_later = reported > np.datetime64(scope.as_of)
    is_told = ~is_later & (months == np.datetime64(month_of(scope.as_of), "M"))
    return [months, planned, np.where(is_later, np.nan, actual), np.where(is_told, reported, np.datetime64("NaT", "s"))]


def later_statement(scope: Scope, regions: list[str] | None) -> Select[Any]:
    """Select the tasks and regions that have rows of later months alone: the task applies there and has not begun."""
    p = task_progress.c
    cells = _of_cells(sa.select(p.task_code, p.region_code), scope, regions)
    return cells.group_by(p.region_code, p.task_code).having(sa.func.min(p.month) > month_of(scope.as_of))


def _of_cells(statement: Select[Any], scope: Scope, regions: list[str] | None) -> Select[Any]:
    """Keep the rows of some regions and of the tasks asked for; the table of tasks is joined where it is asked."""
    conditions = wanted(scope)
    if conditions:
        statement = statement.join_from(task_progress, table, table.c.code == task_progress.c.task_code)
    if regions is not None:
        conditions.append(task_progress.c.region_code.in_(regions))
    return statement.where(*conditions)


def _are_all(connection: Connection, townships: list[str]) -> bool:
    """Tell whether every township of the database is asked for: then a list of them only slows the reading."""
    every = sa.select(sa.func.count()).select_from(region_table).where(region_table.c.level == "township")
    return connection.scalar(every) == len(townships)


def _later(connection: Connection, scope: Scope, regions: list[str] | None) -> tuple[Sequence[str], Sequence[str]]:
    """Return the cells that have rows of later months alone, by task and region; most often there is no later month."""
    newest = connection.scalar(sa.select(sa.func.max(task_progress.c.month)))
    if newest is None or newest <= month_of(scope.as_of):
        return (), ()
    rows = connection.execute(later_statement(scope, regions)).all()
    return [row.task_code for row in rows], [row.region_code for row in rows]


class _Places(dict[str, int]):
    """The places of codes in a list, -1 for any other code."""

    def __missing__(self, code: str) -> int:
        return -1


def _places(codes: Sequence[str]) -> _Places:
    return _Places(zip(codes, range(len(codes)), strict=True))


class _Days(dict[date | str | None, int]):
    """Days as seconds since 1970, each converted once; NaT for none."""

    def __missing__(self, value: date | str | None) -> int:
        self[value] = int(np.datetime64(value, "s").astype(np.int64))
        return self[value]


@dataclass(frozen=True)
class _Grid:
    """The places of tasks and regions, by code; a cell's key is its place among tasks x regions, -1 for any other."""

    tasks: _Places
    regions: _Places
    days: _Days = field(default_factory=_Days)

    def keys(self, tasks: Sequence[str], regions: Sequence[str]) -> npt.NDArray[np.intp]:
        """Return the keys of cells, by the codes of task and region."""
        task, region = (
            np.fromiter(map(places.__getitem__, codes), np.intp, len(codes))
            for places, codes in ((self.tasks, tasks), (self.regions, regions))
        )
        return np.where((task < 0) | (region < 0), -1, task * len(self.regions) + region)

    def moments(self, days: Sequence[date | str | None]) -> npt.NDArray[np.datetime64]:
        """Return days as an array."""
        return np.fromiter(map(self.days.__getitem__, days), np.int64, len(days)).astype("datetime64[s]")

    def index(self, keys: npt.NDArray[np.intp]) -> pd.MultiIndex:
        """Return cells by the codes of task and region."""
        levels: Any = [pd.Index(list(codes), dtype="str") for codes in (self.tasks, self.regions)]
        places: Any = [keys // len(self.regions), keys % len(self.regions)]
        return pd.MultiIndex(levels, places, names=KEYS, verify_integrity=False)


def _read(rows: Sequence[Any], grid: _Grid) -> tuple[npt.NDArray[Any], ...]:
    """Return the columns of some rows as arrays: keys of cells, months, planned, actual, reported_on."""
    tasks, regions, months, planned, actual, reported = zip(*rows, strict=True)
    return (
        grid.keys(tasks, regions),
        grid.moments(months).astype("datetime64[M]"),
        np.array(planned, dtype=np.float64),
        np.array(actual, dtype=np.float64),
        grid.moments(reported),
    )


def _nothing() -> tuple[npt.NDArray[Any], ...]:
    days = np.array([], dtype="datetime64[s]")
    return np.array([], dtype=np.intp), days.astype("datetime64[M]"), np.array([]), np.array([]), days


def in_regions(scope: Scope, townships: list[str]) -> ColumnElement[bool]:
    """Keep the townships asked for, and the county, whose tasks always come back."""
    return sa.or_(task_progress.c.region_code.in_(townships), task_progress.c.region_code.in_(county_codes(scope)))


def in_text_regions(scope: Scope, townships: list[str], whole: list[str]) -> ColumnElement[bool]:
    """Keep the townships asked for; the county's own texts only where every township (`whole`) is asked for.

    Texts are rows: who may read one township's alone may not read what departments wrote about county tasks.
    """
    if set(whole) <= set(townships):
        return in_regions(scope, townships)
    return task_progress.c.region_code.in_(townships)


def wanted(scope: Scope) -> list[ColumnElement[bool]]:
    """Keep the tasks of the work group and the lead department asked for."""
    conditions = []
    if scope.work_group is not None:
        conditions.append(table.c.work_group_code == scope.work_group)
    if scope.department is not None:
        conditions.append(table.c.lead_department_code == scope.department)
    return conditions


def written(scope: Scope) -> list[ColumnElement[Any]]:
    """Return the texts of a report as they were known on the as-of date: bottleneck, countermeasure."""
    p = task_progress.c
    is_known = sa.or_(p.reported_on.is_(None), p.reported_on <= scope.as_of)
    return [sa.case((is_known, p[name]), else_=sa.null()).label(name) for name in ("bottleneck", "countermeasure")]
