"""The reader's and the loader's accounts of deploy/roles.sql, on a real PostgreSQL: what each may do, and no more."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

import queries
from analysis.scope import Scope
from database import tables
from database.__main__ import main
from database.contract import upgrade
from database.engine import reading_engine
from settings import ROOT
from tests.conftest import COUNTY, TOWNSHIPS, as_role, grant_roles, run_sql

READER, LOADER = "governance_reader", "governance_loader"
EVERY_TABLE = sorted(tables.METADATA.tables)
REGIONS = f"code,parent_code,level,name\n{COUNTY},,county,常山县\n{TOWNSHIPS[0]},{COUNTY},township,天马街道\n"
CASES = f"township_code,case_no,episode,stream,opened_on\n{TOWNSHIPS[0]},甲,1,event,2020-08-30\n"


@pytest.fixture
def url(own_postgresql_url: str) -> str:
    """A database of the newest contract, its rights given twice over: the file may be repeated."""
    upgrade(own_postgresql_url)
    grant_roles(own_postgresql_url)
    grant_roles(own_postgresql_url)
    return own_postgresql_url


@pytest.fixture
def connected(url: str) -> Iterator[Callable[[str], Connection]]:
    """Connect as a role, with nothing of ours in between that would refuse a write."""
    engines: list[sa.Engine] = []

    def connect(role: str) -> Connection:
        engines.append(sa.create_engine(as_role(url, role), poolclass=sa.NullPool))
        return engines[-1].connect()

    yield connect
    for engine in engines:
        engine.dispose()


def refusal(connection: Connection, statement: str, *, is_stubborn: bool) -> str:
    """Return the server's SQLSTATE for a statement that must not succeed, also when its author asks to write."""
    with connection.begin():
        if is_stubborn:
            connection.exec_driver_sql("SET TRANSACTION READ WRITE")
        with pytest.raises(sa.exc.DBAPIError) as refused, connection.begin_nested():
            connection.exec_driver_sql(statement)
    state: str = refused.value.orig.sqlstate  # type: ignore[union-attr]
    return state


def writes(table: sa.Table) -> list[str]:
    column = next(iter(table.columns)).name
    return [
        f"INSERT INTO {table.name} SELECT * FROM {table.name}",
        f"UPDATE {table.name} SET {column} = {column}",
        f"DELETE FROM {table.name}",
        f"TRUNCATE {table.name}",
        f"DROP TABLE {table.name}",
        f"ALTER TABLE {table.name} ADD COLUMN x integer",
        f"SELECT * FROM {table.name} FOR UPDATE",
        f"CREATE INDEX ON {table.name} ({column})",
    ]


READ_ONLY, FORBIDDEN = "25006", "42501"
MAKING = ["CREATE TABLE x (a integer)", "CREATE TEMP TABLE x (a integer)", "CREATE SCHEMA x",
          "CREATE VIEW x AS SELECT 1", "CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
          "CREATE ROLE x", "CREATE SEQUENCE s"]  # fmt: skip


@pytest.mark.parametrize("is_stubborn", [False, True], ids=["as it comes", "asking to write"])
def test_the_reader_is_refused_every_write(connected: Callable[[str], Connection], *, is_stubborn: bool) -> None:
    statements = [statement for table in tables.METADATA.sorted_tables for statement in writes(table)]
    with connected(READER) as connection:
        for statement in [*statements, *MAKING, "DELETE FROM alembic_version"]:
            state = refusal(connection, statement, is_stubborn=is_stubborn)
            assert state == FORBIDDEN or (not is_stubborn and state == READ_ONLY), (state, statement)


def test_the_reader_cannot_be_written_through_the_application_s_engine(url: str) -> None:
    engine = reading_engine(as_role(url, READER))
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT current_user")) == READER
        with pytest.raises(sa.exc.DBAPIError):
            connection.execute(tables.departments.insert().values(code="D01"))
    engine.dispose()


def test_the_reader_s_transactions_are_read_only_and_end_in_time(connected: Callable[[str], Connection]) -> None:
    with connected(READER) as connection:
        settings = {
            name: connection.scalar(sa.text(f"SHOW {name}"))
            for name in ("default_transaction_read_only", "statement_timeout", "idle_in_transaction_session_timeout")
        }
    assert settings == {
        "default_transaction_read_only": "on",
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "1min",
    }


@pytest.mark.parametrize("table", [*EVERY_TABLE, "alembic_version"])
def test_every_table_has_its_rights(connected: Callable[[str], Connection], table: str) -> None:
    held = sa.text("SELECT has_table_privilege(:role, :table, :right)")
    with connected(READER) as connection:
        rights = {
            (role, right): connection.scalar(held, {"role": role, "table": table, "right": right})
            for role in (READER, LOADER)
            for right in ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
        }
    given = {key for key, is_given in rights.items() if is_given}
    loads = set() if table == "alembic_version" else {(LOADER, right) for right in ("INSERT", "UPDATE", "DELETE")}
    assert given == {(READER, "SELECT"), (LOADER, "SELECT"), *loads}


def test_the_loader_loads_and_refreshes(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "regions.csv").write_text(REGIONS, encoding="utf-8")
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    loader = as_role(url, LOADER)
    assert main(["load", "--url", loader, str(tmp_path / "regions.csv"), str(tmp_path / "cases.csv")]) == 0
    (tmp_path / "cases.csv").write_text(CASES.replace("event", "dispute"), encoding="utf-8")
    assert main(["load", "--url", loader, str(tmp_path / "cases.csv")]) == 0, "a correction deletes and inserts"
    assert main(["refresh", "--url", loader, "--force"]) == 0
    assert "第3批，截至2020-08-30" in capsys.readouterr().out
    assert main(["check", "--url", as_role(url, READER)]) == 0, "checking needs no more than reading"
    assert main(["refresh", "--url", as_role(url, READER), "--force"]) == 2
    assert "数据库无法使用" in capsys.readouterr().err


def test_the_loader_owns_nothing(connected: Callable[[str], Connection]) -> None:
    schemas = [write for table in tables.METADATA.sorted_tables for write in writes(table)
               if write.startswith(("TRUNCATE", "DROP", "ALTER", "CREATE"))]  # fmt: skip
    with connected(LOADER) as connection:
        for statement in [*schemas, *MAKING, "UPDATE alembic_version SET version_num = '0'"]:
            assert refusal(connection, statement, is_stubborn=True) == FORBIDDEN, statement


def test_behind_views_neither_account_reaches_the_ledger(own_postgresql_url: str) -> None:
    example = ROOT / "deploy" / "example"
    run_sql(own_postgresql_url, *((example / name).read_text("utf8") for name in ("ledger.sql", "views.sql")))
    upgrade(own_postgresql_url)
    grant_roles(own_postgresql_url)
    assert main(["refresh", "--url", as_role(own_postgresql_url, LOADER), "--as-of", "2020-08-31"]) == 0
    for role in (READER, LOADER):
        engine = sa.create_engine(as_role(own_postgresql_url, role))
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SELECT count(*) FROM cases")) == 6
            connection.rollback()
            for statement in ("SELECT * FROM taizhang.t_anjian", "DELETE FROM campaigns", "DELETE FROM departments"):
                assert refusal(connection, statement, is_stubborn=True) == FORBIDDEN
        engine.dispose()


def public_reads() -> list[Callable[..., Any]]:
    """Every read that a page can fetch: further parameters have defaults."""
    modules = [importlib.import_module(f"queries.{found.name}") for found in pkgutil.iter_modules(queries.__path__)]
    own = [
        read
        for module in modules
        for name, read in inspect.getmembers(module, inspect.isfunction)
        if read.__module__ == module.__name__ and not name.startswith("_")
    ]
    return [read for read in own if "connection" in needs(read) and needs(read) <= {"connection", "scope"}]


def needs(read: Callable[..., Any]) -> set[str]:
    parameters = inspect.signature(read).parameters
    return {name for name, parameter in parameters.items() if parameter.default is parameter.empty}


@pytest.mark.parametrize("read", public_reads(), ids=lambda read: read.__name__)
def test_every_public_read_works_under_the_reader_s_account(read: Callable[..., Any], demo_postgresql_url: str) -> None:
    engine = reading_engine(demo_postgresql_url)
    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT current_user")) == READER
        codes = connection.scalars(sa.select(tables.regions.c.code).where(tables.regions.c.level == "township"))
        scope = Scope(as_of=date(2020, 8, 26), townships=frozenset(codes), campaign="BRGJ2020", scheme="S2020")
        assert read(connection, *([scope] if "scope" in needs(read) else [])) is not None
    engine.dispose()


def test_the_reads_that_pages_stand_on_are_among_them() -> None:
    names = {read.__name__ for read in public_reads()}
    assert {"backlog_at", "case_page", "task_matrix", "ranking", "kpi_table", "townships", "newest_release"} <= names
