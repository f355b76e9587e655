"""The tables over a Citus cluster: the statements, the keys, and every join that a read makes."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Select, Table, UniqueConstraint
from sqlalchemy.sql.elements import BinaryExpression, ColumnElement
from sqlalchemy.sql.selectable import CTE, Alias, FromClause, Subquery

import queries
from analysis.scope import Scope
from database.__main__ import main
from database.distribute import REGION_COLUMNS, distribution_column, distribution_statements
from database.engine import reading_engine
from database.tables import METADATA
from queries.backlog import backlog_at
from queries.regions import townships

SPREAD = {"backlog_states", "case_departments", "case_groups", "case_months", "cases", "department_months",
          "kpi_scores", "kpi_totals", "kpi_values", "milestones", "task_progress", "task_totals"}  # fmt: skip
JOINING = ("code", *REGION_COLUMNS, "unit")


def test_the_statements_spread_what_speaks_of_a_region_and_copy_the_rest() -> None:
    statements = distribution_statements()
    assert statements[0] == "SELECT create_reference_table('campaigns');"
    spread = [text for text in statements if "distributed" in text]
    assert spread[0] == "SELECT create_distributed_table('cases', 'township_code', colocate_with => 'none');"
    assert spread[1] == "SELECT create_distributed_table('backlog_states', 'region_code', colocate_with => 'cases');"
    assert {text.split("'")[1] for text in spread} == SPREAD
    assert statements == [*(text for text in statements if "reference" in text), *spread]
    assert {text.split("'")[1] for text in statements} == set(METADATA.tables)


@pytest.mark.parametrize("name", sorted(SPREAD))
def test_every_primary_and_unique_key_holds_the_distribution_column(name: str) -> None:
    table = METADATA.tables[name]
    column = table.c[distribution_column(table) or ""]
    keys = [table.primary_key, *(each for each in table.constraints if isinstance(each, UniqueConstraint))]
    keys += [index for index in table.indexes if index.unique]
    assert all(column in set(key.columns) for key in keys)


def test_a_postgresql_without_citus_is_told_apart_and_left_alone(
    demo_postgresql_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["distribute", "--url", demo_postgresql_url]) == 1
    told = capsys.readouterr()
    assert told.out.splitlines() == distribution_statements()
    assert "没有安装 Citus" in told.err


def test_sqlite_cannot_be_distributed(demo_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["distribute", "--url", demo_url]) == 2
    told = capsys.readouterr()
    assert not told.out
    assert "SQLite 是单机数据库" in told.err


def test_no_read_joins_distributed_tables_but_by_their_region(demo_url: str) -> None:
    loose: set[str] = set()
    joined = 0
    for statement in _statements(demo_url):
        for select, equal in _selects(statement):
            apart = _apart(select, equal)
            joined += len(_spread(select)) > 1
            loose |= {f"{names} in {str(select)[:300]}" for names in apart}
    assert not loose
    assert joined > 5, "the reads were walked"


def test_the_walk_finds_a_join_that_forgets_the_region() -> None:
    cases, departments = METADATA.tables["cases"], METADATA.tables["case_departments"]
    by_number = sa.select(cases.c.case_no).join(departments, departments.c.case_no == cases.c.case_no)
    whole = by_number.where(departments.c.township_code == cases.c.township_code)
    assert [_apart(select, equal) for select, equal in _selects(by_number)] == [["case_departments, cases"]]
    assert [_apart(select, equal) for select, equal in _selects(whole)] == [[]]


def _statements(url: str) -> list[Any]:
    """Return every statement that the public reads make."""
    seen: list[Any] = []
    engine = reading_engine(url)
    sa.event.listen(engine, "before_execute", lambda _, statement, *__: seen.append(statement))
    with engine.connect() as connection:
        codes = frozenset(townships(connection)["code"])
        for read in _reads():
            read(connection, Scope(date(2020, 8, 28), codes))
        backlog_at(connection, Scope(date(2020, 8, 31), codes, campaign="BRGJ2020", region="330822"))
    engine.dispose()
    return [statement for statement in seen if isinstance(statement, Select | sa.CompoundSelect)]


def _reads() -> Iterator[Callable[..., Any]]:
    """Yield every public read that takes a connection and a scope and nothing more."""
    for module in pkgutil.iter_modules(queries.__path__, "queries."):
        for name, read in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            own = [each for each in inspect.signature(read).parameters.values() if each.default is each.empty]
            is_public = not name.startswith("_") and read.__module__ == module.name
            if is_public and [each.name for each in own] == ["connection", "scope"]:
                yield read


def _selects(statement: Any, known: tuple[tuple[Any, Any], ...] = ()) -> Iterator[tuple[Select[Any], Any]]:
    """Yield each select with the equalities of region columns that hold in it, its surrounding ones included."""
    if isinstance(statement, sa.CompoundSelect):
        for part in statement.selects:
            yield from _selects(part, known)
        return
    own = (*known, *_equalities(statement))
    yield statement, own
    for inner in _inner(statement):
        yield from _selects(inner, own)


def _inner(select: Select[Any]) -> list[Any]:
    """Return the selects right within a select: subqueries, CTEs, EXISTS and scalars."""
    found, waiting = [], [*select.get_children()]
    while waiting:
        element = waiting.pop()
        if isinstance(element, Select | sa.CompoundSelect):
            found.append(element)
        elif isinstance(element, CTE | Subquery):
            found.append(element.element)
        else:
            waiting += [*element.get_children()]
    return found


def _equalities(select: Select[Any]) -> list[tuple[Any, Any]]:
    """Return the pairs of tables whose region columns a select sets equal."""
    pairs, waiting = [], [*select.get_children()]
    while waiting:
        element = waiting.pop()
        if isinstance(element, Select | sa.CompoundSelect | CTE | Subquery):
            continue
        if isinstance(element, BinaryExpression) and element.operator is sa.sql.operators.eq:
            sides = element.left, element.right
            if all(isinstance(side, ColumnElement) and getattr(side, "name", "") in JOINING for side in sides):
                pairs.append(tuple(side.table for side in sides if getattr(side, "table", None) is not None))
        waiting += [*element.get_children()]
    return [pair for pair in pairs if len(pair) == 2]  # type: ignore[misc]


def _spread(select: Select[Any]) -> list[FromClause]:
    """Return what a select takes rows from that lies on many machines."""
    return [each for each in _outermost(select.get_final_froms()) if _is_spread(each)]


def _outermost(sources: list[Any]) -> list[Any]:
    found: list[Any] = []
    for source in sources:
        if isinstance(source, sa.sql.selectable.Join):
            found += _outermost([source.left, source.right])
        else:
            found.append(source)
    return found


def _is_spread(source: Any) -> bool:
    if isinstance(source, CTE | Subquery):
        return any(_spread(select) for select, _ in _selects(source.element))
    table = source.element if isinstance(source, Alias) else source
    return isinstance(table, Table) and table.name in SPREAD


def _apart(select: Select[Any], equal: Any) -> list[str]:
    """Name the distributed tables of a select that no chain of equal regions joins to the first one."""
    spread = _spread(select)
    if len(spread) < 2:
        return []
    reached, grew = {spread[0]}, True
    while grew:
        near = {b for a, b in equal if a in reached} | {a for a, b in equal if b in reached}
        grew = not near <= reached
        reached |= near
    left = [each for each in spread if each not in reached]
    return [", ".join(sorted(str(getattr(each, "name", each)) for each in spread))] if left else []
