"""The dashboard on the demo county, seen through the one seam: who is looking."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import auth
import cache
from analysis.scope import Role, Viewer
from database.demo import create_demo
from settings import ROOT, get_settings
from state.engine import migrate

VIEWERS: dict[Role, Viewer] = {
    "leader": Viewer("leader", "县领导", "leader", "h1"),
    "office": Viewer("office", "行动办", "office", "h2"),
    "department": Viewer("department", "县信访局", "department", "h3", department_code="D04"),
    "township": Viewer("township", "招贤镇", "township", "h4", township_code="330822108"),
}


@pytest.fixture(scope="session")
def demo_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    url = f"sqlite:///{tmp_path_factory.mktemp('demo')}/demo.db"
    create_demo(url)
    return url


@pytest.fixture
def demo_county(demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Point the application at the demo county, and its own database at an empty place."""
    monkeypatch.setenv("DATABASE_URL", demo_url)
    monkeypatch.setenv("STATE_URL", f"sqlite:///{tmp_path}/state.db")
    get_settings.cache_clear()
    migrate(auth.state())
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
        app.run()
        return app if path.endswith("overview.py") else app.switch_page(path).run()

    return run
