"""Derived tables against a recount from the base tables: what a view changed since the last refresh shows here."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import sqlalchemy as sa
from sqlalchemy import Connection, Table

from analysis.task_totals import KEY as TASK_KEY
from analysis.task_totals import SUMS
from database.backlog import KEY, backlog_rows, summed_rows
from database.case_groups import GROUPED, group_rows
from database.case_groups import KEY as GROUP_KEY
from database.case_months import KEY as MONTH_KEY
from database.case_months import MONTHLY, month_rows
from database.checks.findings import ADMINISTRATOR, ERROR, Finding
from database.extent import extent
from database.given import Given
from database.involvement import KEY as DEPARTMENT_KEY
from database.involvement import department_rows
from database.kpi_totals import kpi_totals_statement
from database.kpi_values import kpi_rows
from database.states import MEASURES
from database.tables import (
    backlog_states,
    case_groups,
    case_months,
    data_releases,
    department_months,
    kpi_totals,
    kpi_values,
    task_totals,
)
from database.task_totals import known_tasks, task_total_rows, told_months
from database.tree import Tree, region_tree

CLOSE = 1e-6
"""How far a recomputed measure may lie from the stored one."""


def findings(connection: Connection) -> list[Finding]:
    """Return one error per region and table whose stored rows differ from a recount."""
    newest = connection.scalar(sa.select(sa.func.max(data_releases.c.as_of, type_=sa.Date())))
    if newest is None:
        return []  # said by freshness
    tree = region_tree(connection)
    given = Given(connection, tree, extent(connection, as_of=newest))
    found, rows = [], dict[str, pd.DataFrame]()
    for region in given.regions:
        ledger = given.ledger(connection, region)
        children = [rows.pop(child) for child in tree.children.get(region, [])]
        rows[region] = summed_rows([backlog_rows(ledger, given.scope.days), *children])
        found += _compared(connection, backlog_states, region, rows[region], KEY, MEASURES)
        found += _of_place(connection, region, ledger, given)
        if tree.levels.get(region) == "township" and given.scope.months:
            values = kpi_rows(given.basis(connection, region, ledger, given.scope.months), given.computed)
            found += _compared(
                connection,
                kpi_values,
                region,
                values,
                ["kpi_code", "month"],
                ("numerator", "denominator", "value"),
                kpi_values.c.kpi_code.in_(list(given.computed["code"])),
            )
    return [*found, *_totals(connection, tree, newest)]


def _totals(connection: Connection, tree: Tree, newest: date) -> list[Finding]:
    """Compare what is stored of the regions above the townships with what is stored of their parts, and their cells."""
    about, months, found = known_tasks(connection), told_months(connection, newest), list[Finding]()
    names = ["kpi_code", "month", "numerator", "denominator"]
    for region in tree.summed():
        values = connection.execute(kpi_totals_statement(tree, region, date.min, newest)).all()
        figures = pd.DataFrame([tuple(row[1:]) for row in values], columns=names).astype({"month": "datetime64[s]"})
        found += _compared(connection, kpi_totals, region, figures, names[:2], names[2:])
        cells = task_total_rows(connection, tree, region, about, months)
        found += _compared(connection, task_totals, region, cells, TASK_KEY, SUMS)
    return found


def _of_place(connection: Connection, region: str, ledger: pd.DataFrame, given: Given) -> list[Finding]:
    """Compare what is stored of the cases that carry the region's own code, and of no other's."""
    months, involved = given.scope.months, given.involved(connection, region)
    recounts = (
        (case_months, month_rows(ledger, involved, months), MONTH_KEY, MONTHLY),
        (case_groups, group_rows(ledger, given.scope.days), GROUP_KEY, GROUPED),
        (department_months, department_rows(involved, months), DEPARTMENT_KEY, ("cases",)),
    )
    return [
        finding
        for table, rows, key, counts in recounts
        for finding in _compared(connection, table, region, rows, key, counts)
    ]


def _compared(
    connection: Connection,
    table: Table,
    region: str,
    recount: pd.DataFrame,
    key: Sequence[str],
    measures: Sequence[str],
    *where: sa.ColumnElement[bool],
) -> list[Finding]:
    names, of = [*key, *measures], next(iter(table.primary_key.columns))
    statement = sa.select(*(table.columns[name] for name in names)).where(of == region, *where)
    stored = pd.DataFrame(connection.execute(statement).all(), columns=names)
    stored = stored.astype({name: "datetime64[s]" for name in key if isinstance(table.columns[name].type, sa.Date)})
    both = recount[names].merge(stored, on=list(key), how="outer", suffixes=("", "_stored"), indicator=True)
    own = both[list(measures)].to_numpy(np.float64)
    held = both[[f"{name}_stored" for name in measures]].to_numpy(np.float64)
    is_same = np.isclose(own, held, rtol=0, atol=CLOSE, equal_nan=True).all(axis=1) & (both["_merge"] == "both")
    count = int((~is_same).sum())
    message = f"{region} 与基础数据不一致，请执行 refresh --force"
    return [Finding(ERROR, table.name, message, count, ADMINISTRATOR)] if count else []
