"""A disk that runs full: nothing is lost, nothing half done, and it is said in Chinese; files and a real PostgreSQL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

import auth
from actions import loader
from database import contract, engine
from database.__main__ import main
from errors import DatabaseUnavailable
from gate import health
from settings import get_settings
from state import audit, clock
from state.engine import migrate
from tests.conftest import disk
from tests.test_auth import OFFICE
from tests.test_faults import Server, newest_action, opened

HEAD = "code,parent_code,level,name,short_name,kind,sort_order\n330822,,county,常山县,常山,,0"
PLACES = [f"330822{n:03d},330822,township,第{n:03d}个镇,第{n:03d}个,镇,{n}" for n in range(1, 900)]


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Let a file take all that is left of a disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(b"0" * 4096):
            pass
    try:
        yield
    finally:
        filler.unlink()


def regions(folder: Path, places: Sequence[str] = PLACES) -> str:
    """Write a file of the county and its places, and return its path."""
    file = folder / "regions.csv"
    file.write_text("\n".join([HEAD, *places]), "utf8")
    return str(file)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A PostgreSQL server whose data lie on a disk of their own, which is its folder's parent."""
    with disk(tmp_path_factory.mktemp("full") / "disk", "160m") as folder:
        (folder / "data").mkdir()
        server = Server(folder / "data")
        contract.upgrade(server.shared)
        yield server
        server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def state_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, quick_hashes: None) -> Iterator[Path]:
    """The disk on which the state database lies; either engine."""
    if request.param == "sqlite":
        folder = request.getfixturevalue("small_disk")
        monkeypatch.setenv("STATE_URL", f"sqlite:///{folder / 'state.db'}")
    else:
        server = request.getfixturevalue("server")
        folder = server.folder.parent
        monkeypatch.setenv("STATE_URL", server.own)
    get_settings.cache_clear()
    migrate(auth.state())
    yield folder
    auth.state().dispose()
    auth._state.cache_clear()
    get_settings.cache_clear()


def recorded() -> int:
    """Return how many exports the audit trail holds."""
    with auth.state().connect() as connection:
        return audit.counts(connection, audit.days_back(1)).get("exported", 0)


def exported_until_refused() -> int:
    """Return how many exports go out before one cannot be recorded: on PostgreSQL the last page is filled first."""
    for number in range(1000):
        try:
            auth.guarded(lambda: b"rows")()
        except sa.exc.OperationalError:
            return number
    raise AssertionError("the disk does not run full")


def test_a_full_disk_under_the_state_database_loses_nothing_and_lets_nothing_out_unrecorded(
    state_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed = opened("before")
    assert health.health().is_state_writable
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=5))
    monkeypatch.setattr(auth, "current_viewer", lambda: OFFICE)
    with filled(state_disk):
        assert auth.viewer_of(hashed) is not None, "activity cannot be written, which keeps nobody from looking"
        let_out = exported_until_refused()
        assert recorded() == let_out
        found = health.health()
        assert (found.is_state_reachable, found.is_state_writable) == (True, False)
    assert auth.guarded(lambda: b"rows")() == b"rows"
    assert recorded() == let_out + 1
    assert health.health().is_state_writable
    assert auth.viewer_of(hashed) is not None


def test_a_load_on_a_full_disk_leaves_the_county_as_it_was(
    small_disk: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{small_disk / 'county.db'}"
    contract.upgrade(url)
    with filled(small_disk):
        assert main(["load", regions(tmp_path), "--as-of", "2020-08-31", "--url", url]) == 2
    assert "磁盘" in capsys.readouterr().err
    assert regions_in(url) == 0


def regions_in(url: str) -> int:
    reader = engine.reading_engine(url)
    with reader.connect() as connection:
        count = connection.scalar(sa.text("SELECT count(*) FROM regions"))
    reader.dispose()
    return int(count or 0)


def test_a_load_on_postgresql_with_a_full_disk_is_told_and_loads_again_when_there_is_room(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load = ["load", "--as-of", "2020-08-31", "--url", server.shared]
    assert main([*load, regions(tmp_path, PLACES[:1])]) == 0
    with filled(server.folder.parent):
        assert main([*load, regions(tmp_path)]) == 2
        assert capsys.readouterr().err.splitlines()[-1] == "数据库无法使用（磁盘空间不足）"
        assert regions_in(server.shared) == 2, "read on, as it was"
    assert main([*load, regions(tmp_path, PLACES[:2])]) == 0
    assert regions_in(server.shared) == 3
    assert main(["check", "--url", server.shared]) == 0, capsys.readouterr().out


def test_an_import_page_on_postgresql_with_a_full_disk_says_so(
    server: Server, own_state: sa.Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("DATABASE_URL", "LOADER_URL"):
        monkeypatch.setenv(name, server.shared)
    get_settings.cache_clear()
    migrate(auth.state())
    monkeypatch.setattr(auth, "current_viewer", lambda: OFFICE)
    more = [f"{999000 + n},330822,township,又{n}个镇,又{n}个,镇,{n}" for n in range(3000)]
    file = loader.Upload("regions.csv", Path(regions(tmp_path, more)).read_bytes())
    before = regions_in(server.shared)
    with filled(server.folder.parent), pytest.raises(DatabaseUnavailable, match=r"磁盘空间不足.*没有写入任何数据"):
        loader.load_files([file], date(2020, 8, 31))
    assert newest_action() == "import_failed"
    assert regions_in(server.shared) == before


def test_postgresql_that_went_down_over_a_full_disk_comes_back_with_all_it_had_confirmed(
    server: Server, quick_hashes: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its log of changes cannot grow: it stops itself, as it must, and starts again once there is room."""
    admin = sa.create_engine(server.own, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS confirmed (number int)")
    confirmed = 0
    with filled(server.folder.parent), suppress(sa.exc.DBAPIError), admin.connect() as connection:
        while confirmed < 100:
            connection.exec_driver_sql("INSERT INTO confirmed VALUES (1)")
            confirmed += 1
            connection.exec_driver_sql("SELECT pg_switch_wal()")
    assert confirmed < 100
    admin.dispose()
    server.start()
    with admin.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM confirmed")) >= confirmed
    admin.dispose()
