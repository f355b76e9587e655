"""What is kept before anybody asks, counted at the database."""

import gc
import weakref
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.runtime import Runtime
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

import auth
import cache
import shared_database
import warming
from analysis import remembered
from analysis.scope import Scope
from errors import Refused
from queries import ROWS
from queries.backlog import backlog_at, case_page
from queries.releases import Release
from rehearsal import rehearse
from settings import ROOT, get_settings
from state import tables
from state.engine import migrate
from tests.test_auth import LEADER


@pytest.fixture
def asked(demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The demo county behind an empty cache, seen by a leader; the statements that reach its database."""
    monkeypatch.setenv("DATABASE_URL", demo_url)
    monkeypatch.setenv("STATE_URL", f"sqlite:///{tmp_path}/state.db")
    monkeypatch.setattr(auth, "current_viewer", lambda: auth.NOBODY if auth._IS_NOBODY.get() else LEADER)
    streamlit = MagicMock(spec=Runtime)  # as AppTest's own
    streamlit.media_file_mgr = MediaFileManager(MemoryMediaFileStorage("/media"))
    streamlit.bidi_component_registry = BidiComponentManager()
    monkeypatch.setattr(Runtime, "_instance", streamlit)
    monkeypatch.setattr(PagesManager, "uses_pages_directory", False)
    _forget()
    migrate(auth.state())
    statements: list[str] = []

    def note(connection: Connection, cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    sa.event.listen(cache.engine(), "before_cursor_execute", note)
    yield statements
    auth.state().dispose()
    cache.engine().dispose()
    _forget()


def _forget() -> None:
    shared_database._contract_right_until.clear()
    get_settings.cache_clear()
    shared_database._engine.cache_clear()
    cache._result.cache_clear()
    cache._asked.clear()
    remembered.forget()


def newest() -> Release:
    found = cache.release()
    assert found is not None
    return found


def _read(asked: list[str]) -> list[str]:
    return [each for each in asked if "FROM data_releases" not in each and "alembic_version" not in each]


def _open(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def test_the_first_page_of_all_reads_nothing_but_the_newest_release(asked: list[str]) -> None:
    warming.warm_up(newest())
    asked.clear()
    assert _open().title[0].value == "总体情况"
    assert _read(asked) == []


def test_a_township_that_was_rehearsed_is_neither_read_nor_worked_out_again(asked: list[str]) -> None:
    page, filters = next(each for each in warming.programme() if each[1])
    assert (page.title, list(filters)) == ("总体情况", ["township"])
    rehearse(page, lambda: None, **filters)
    before = set(remembered._kept)
    assert len(before) > 10
    asked.clear()
    app = _open(**filters)
    assert any(filters["township"] in each.value for each in app.subheader)
    assert _read(asked) == []
    assert set(remembered._kept) == before


def test_rehearsals_leave_nothing_of_theirs_behind(asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [(page, filters) for page, filters in warming.programme() if not filters]
    stops = next(each for each in whole if each[0].title == "任务详情")  # without a task it says so and stops
    monkeypatch.setattr(cache, "_asked_at", 0.0)
    turns: list[None] = []
    for page, filters in (whole[0], stops):
        rehearse(page, lambda: turns.append(None), **filters)
    assert len(turns) > 30
    assert (cache.asked_figures(), cache._asked_at) == ([], 0.0), "nobody has asked"
    assert auth.current_viewer() is LEADER
    with auth.state().connect() as connection:
        assert connection.execute(sa.select(tables.AUDIT)).all() == []


def test_nobody_in_particular_sees_figures_and_the_rows_of_no_township(asked: list[str], scope: Scope) -> None:
    with auth.as_nobody():
        assert not cache.fetch(backlog_at, scope).empty
        with pytest.raises(Refused):
            cache.fetch(case_page, scope)
        assert auth.rows_scope(auth.NOBODY).narrow(scope).townships == frozenset()


def test_a_rehearsal_waits_while_somebody_is_served_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(warming.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(warming.time, "sleep", lambda seconds: clock.append(clock.pop() + seconds))
    monkeypatch.setattr(cache, "seconds_unasked", lambda: clock[0] - 99.9)
    wait = warming._patience(warming.QUIET_SECONDS)
    wait()
    assert clock[0] == pytest.approx(100.2, abs=warming.QUIET_SECONDS / 4)
    monkeypatch.setattr(cache, "seconds_unasked", lambda: 0.0)
    wait()
    assert clock[0] == pytest.approx(100 + warming.PATIENCE_SECONDS, abs=warming.QUIET_SECONDS / 4)


def test_a_new_release_is_asked_what_the_one_before_was_asked(asked: list[str], scope: Scope) -> None:
    before = newest()
    day = before.as_of
    then = day - timedelta(days=30)
    for as_of in (day, then):
        cache.fetch(backlog_at, Scope(as_of, scope.townships))
    cache.fetch(case_page, Scope(day, scope.townships))
    after = Release(before.id + 1, day + timedelta(days=7), before.published_at, "", "", is_demo=False)
    warming.warm_up(after, before)
    asked.clear()
    url = get_settings().database_url
    for as_of in (after.as_of, then):  # the newest day moves on, a day that was chosen stays
        cache._result(url, after.id, backlog_at, Scope(as_of, scope.townships), ())
    assert asked == []
    cache._result(url, after.id, case_page, Scope(after.as_of, scope.townships), ())
    assert asked, "rows are read when somebody with the right to them asks"


def test_nobody_s_rows_are_kept_beforehand(asked: list[str], scope: Scope) -> None:
    assert case_page in ROWS
    with pytest.raises(ValueError, match="case_page reads rows"):
        cache.warm(newest(), [(case_page, scope, ())])
    cache.fetch(case_page, scope)
    assert cache.asked_figures() == []


def test_no_more_questions_are_remembered_than_there_is_room_for(
    asked: list[str], scope: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "KEPT_QUESTIONS", 2)
    days = [date(2020, 8, day) for day in (1, 2, 1, 3)]
    for day in days:
        cache.fetch(backlog_at, Scope(day, scope.townships))
    assert [each.as_of for _, each, _ in cache.asked_figures() if each] == [days[2], days[3]]


def test_a_database_that_is_away_is_no_fault_of_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/nowhere.db")
    _forget()
    assert warming._looked(None) is None
    _forget()


def test_every_page_s_modules_can_be_imported_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    imported: list[Any] = []
    monkeypatch.setattr(warming, "import_module", imported.append)
    warming.import_pages()
    assert {"components.drawings", "components.text", "queries.backlog"} <= set(imported)


def test_what_dies_after_it_was_passed_over_is_freed_the_next_time() -> None:
    class Circle:
        def __init__(self) -> None:
            self.itself = self

    circle = Circle()
    left = weakref.ref(circle)
    warming.settle()
    assert gc.get_freeze_count()
    del circle
    gc.collect()
    assert left() is not None, "passed over"
    warming.settle()
    gone = left() is None
    gc.unfreeze()
    assert gone
