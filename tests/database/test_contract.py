"""Upgrade, downgrade and drift, on both engines; one writer at a time; a reader that cannot write."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from database import contract, tables
from database.contract import ContractState, Unfit, contract_state, downgrade, upgrade
from database.engine import reading_engine, writing_engine
from database.writing import Busy, writer

ROOT = Path(__file__).parents[2]
DEPARTMENT = {"code": "D01", "name": "县委政法委"}
REGION = {"region_code", "township_code"}


def state(url: str) -> ContractState:
    engine = reading_engine(url)
    try:
        with engine.connect() as connection:
            return contract_state(connection)
    finally:
        engine.dispose()


def differences(engine: Engine, metadata: sa.MetaData) -> list[object]:
    with engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_the_migrations_make_the_tables_and_take_them_away_again(url: str) -> None:
    upgrade(url)
    assert state(url) is ContractState.ok
    upgrade(url)  # a second time changes nothing
    engine = writing_engine(url)
    names = set(sa.inspect(engine).get_table_names())
    assert names == {*tables.METADATA.tables, "alembic_version"}
    downgrade(url, "base")
    assert sa.inspect(engine).get_table_names() == ["alembic_version"]
    assert state(url) is ContractState.empty
    upgrade(url)
    assert state(url) is ContractState.ok
    engine.dispose()


def test_the_migrations_and_the_tables_do_not_drift_apart(engine: Engine) -> None:
    assert differences(engine, tables.METADATA) == []
    other = sa.MetaData(naming_convention=tables.METADATA.naming_convention)
    for table in tables.METADATA.sorted_tables:
        table.to_metadata(other)
    other.tables["cases"].append_column(sa.Column("new", sa.Integer))
    assert len(differences(engine, other)) == 1


def test_an_unknown_or_earlier_revision_is_told_apart(engine: Engine, url: str) -> None:
    with writer(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    assert state(url) is ContractState.newer
    with writer(engine) as connection:
        connection.execute(sa.text("DELETE FROM alembic_version"))
    assert state(url) is ContractState.empty


def test_an_earlier_known_revision_is_older_until_the_upgrade(url: str) -> None:
    upgrade(url, "0001")
    assert state(url) is ContractState.older
    upgrade(url)
    assert state(url) is ContractState.ok


def test_a_database_newer_than_the_program_is_not_touched(engine: Engine, url: str) -> None:
    with writer(engine) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unfit, match="请升级本程序"):
        upgrade(url)


def test_the_migrations_run_from_any_folder(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "contract.db"
    command = [sys.executable, "-m", "database", "upgrade", "--url", f"sqlite:///{target}"]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert state(f"sqlite:///{target}") is ContractState.ok


@pytest.mark.parametrize(
    "table",
    [table for table in tables.METADATA.sorted_tables if REGION & set(table.columns.keys())],
    ids=lambda table: table.name,
)
def test_every_key_holds_the_region_first_where_the_table_has_one(table: sa.Table) -> None:
    region = REGION & set(table.columns.keys())
    keys = [table.primary_key, *(c for c in table.constraints if isinstance(c, sa.UniqueConstraint))]
    keys += [index for index in table.indexes if index.unique]
    for key in keys:
        assert region <= set(key.columns.keys()), key
    assert table.primary_key.columns.keys()[0] in region


def test_a_second_writer_is_told_to_wait_and_nothing_of_a_failed_one_stays(engine: Engine, url: str) -> None:
    other = writing_engine(url)

    def fail_while_another_waits() -> None:
        with writer(engine) as connection:
            connection.execute(tables.departments.insert().values(DEPARTMENT))
            with pytest.raises(Busy, match="正在导入，请稍后"), writer(other):
                pass
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_while_another_waits()
    with writer(other) as connection:  # the lock is free again
        assert connection.scalar(sa.select(sa.func.count()).select_from(tables.departments)) == 0
    other.dispose()


def test_readers_go_on_reading_what_is_committed_while_a_writer_writes(engine: Engine, url: str) -> None:
    reader = reading_engine(url)
    count = sa.select(sa.func.count()).select_from(tables.departments)
    with reader.connect() as reading:
        with writer(engine) as connection:
            connection.execute(tables.departments.insert().values(DEPARTMENT))
            assert reading.scalar(count) == 0
        reading.rollback()
        assert reading.scalar(count) == 1
    reader.dispose()


def test_the_reading_engine_cannot_write(engine: Engine, url: str) -> None:
    reader = reading_engine(url)
    with pytest.raises(sa.exc.DBAPIError, match=r"readonly|read-only"), reader.begin() as connection:
        connection.execute(tables.departments.insert().values(DEPARTMENT))
    reader.dispose()


def test_the_reading_engine_makes_no_file(tmp_path: Path) -> None:
    engine = reading_engine(f"sqlite:///{tmp_path}/absent.db")
    with pytest.raises(sa.exc.OperationalError):
        engine.connect()
    assert list(tmp_path.iterdir()) == []
    engine.dispose()


def test_a_failed_migration_leaves_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("alembic.op.create_index", fail)
    with pytest.raises(ZeroDivisionError):
        upgrade(url)
    engine = reading_engine(url)
    assert sa.inspect(engine).get_table_names() == []
    engine.dispose()


def test_other_databases_are_refused() -> None:
    with pytest.raises(sa.exc.ArgumentError, match="mysql"):
        reading_engine("mysql://root@localhost/x")


def test_bulk_rows_come_back_as_they_went_in(connection: Connection) -> None:
    import pandas as pd

    from database.bulk import insert_frame

    frame = pd.DataFrame({
        "township_code": ["甲", "乙"], "case_no": ["a\tb\\n", "c,'\""], "episode": [1.0, 2.0],
        "stream": ["petition", "event"], "opened_on": pd.to_datetime(["2020-08-31", "1999-12-31"]),
        "closed_on": pd.to_datetime(["2020-09-01", None]), "satisfaction": [None, 3.0], "is_repeat": [True, None],
    })  # fmt: skip
    assert insert_frame(connection, tables.cases, frame) == 2
    c = tables.cases.c
    rows = connection.execute(
        sa.select(
            c.township_code, c.case_no, c.episode, c.opened_on, c.closed_on, c.satisfaction, c.is_repeat
        ).order_by(c.episode)
    ).all()
    assert [tuple(row) for row in rows] == [
        ("甲", "a\tb\\n", 1, date(2020, 8, 31), date(2020, 9, 1), None, True),
        ("乙", "c,'\"", 2, date(1999, 12, 31), None, 3, None),
    ]
    with pytest.raises(ValueError, match="petitioner"):
        insert_frame(connection, tables.cases, pd.DataFrame({"petitioner": ["x"]}))


def test_the_newest_revision_is_known_without_asking_alembic() -> None:
    assert ScriptDirectory(str(contract.MIGRATIONS)).get_current_head() == contract.VERSION


def test_a_load_does_not_import_what_only_upgrades_and_reports_need() -> None:
    unneeded = "{'alembic', 'xlsxwriter'}"
    script = f"import sys, database.commands, database.load_command; print(sorted(sys.modules.keys() & {unneeded}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
