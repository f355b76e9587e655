from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine

from state import audit
from state.engine import migrate, unmigrate, writing
from state.tables import METADATA


def test_the_migrations_make_exactly_the_tables(empty_engine: Engine) -> None:
    migrate(empty_engine)
    with empty_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_drift_test_sees_a_missing_column(empty_engine: Engine) -> None:
    migrate(empty_engine)
    with writing(empty_engine) as connection:
        connection.exec_driver_sql("ALTER TABLE audit DROP COLUMN subject")
    with empty_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) != []


def test_the_way_down_leaves_nothing_and_up_again_works(empty_engine: Engine) -> None:
    migrate(empty_engine)
    unmigrate(empty_engine, "base")
    assert set(sa.inspect(empty_engine).get_table_names()) == {"alembic_version"}
    migrate(empty_engine)
    assert set(METADATA.tables) < set(sa.inspect(empty_engine).get_table_names())


def test_several_servers_may_start_at_once(empty_engine: Engine) -> None:
    with ThreadPoolExecutor(4) as pool:
        for started in [pool.submit(migrate, empty_engine) for _ in range(4)]:
            started.result()
    with empty_engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM alembic_version")) == 1


def test_threads_that_read_then_write_all_get_through(engine: Engine) -> None:
    def read_and_write(number: int) -> None:
        for _ in range(10):
            with writing(engine) as connection:
                audit.newest_acts(connection, 1)
                audit.record(connection, "test", account=None, subject=str(number))

    with ThreadPoolExecutor(6) as pool:
        for done in [pool.submit(read_and_write, number) for number in range(6)]:
            done.result()
    with engine.connect() as connection:
        assert len(audit.newest_acts(connection)) == 60
