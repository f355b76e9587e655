"""The dashboard on the demo county, seen through the one seam: who is looking."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import auth
import cache
from analysis.scope import Role, Viewer
from settings import ROOT, get_settings

VIEWERS: dict[Role, Viewer] = {
    "leader": Viewer("leader", "县领导", "leader", "h1"),
    "office": Viewer("office", "行动办", "office", "h2"),
    "department": Viewer("department", "县信访局", "department", "h3", department_code="D04"),
    "township": Viewer("township", "招贤镇", "township", "h4", township_code="330822108"),
}


@pytest.fixture
def demo_county(demo_url: str, empty_state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Point the application at the demo county, and its own database at an empty place."""
    monkeypatch.setenv("DATABASE_URL", demo_url)
    monkeypatch.setenv("STATE_URL", f"sqlite:///{shutil.copy(empty_state, tmp_path / 'state.db')}")
    get_settings.cache_clear()
    yield
    auth.state().dispose()
    cache.engine().dispose()
    get_settings.cache_clear()


@pytest.fixture
def open_page(demo_county: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """Open a page as a role: open_page("pages/tasks/tasks.py", "township", township="天马")."""

    def run(path: str, role: Role = "leader", **query: str | list[str]) -> AppTest:
        monkeypatch.setattr(auth, "current_viewer", lambda: VIEWERS[role])
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=30)
        app.query_params.update(query)
        return (app if path.endswith("overview.py") else app.switch_page(path)).run()

    return run
