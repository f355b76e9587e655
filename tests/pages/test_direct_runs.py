"""dashboard.py and each page file run by themselves, past app.py and its gate: nobody looks, so nothing is shown."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import auth
from navigation import PAGES
from settings import ROOT

FILES = ["dashboard.py", *(page.path for page in PAGES)]
KNOWN = "天马"
"""A township, named on every page that a viewer sees."""


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_run_by_itself_shows_nothing(
    demo_county: None, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: None)
    shown = AppTest.from_file(str(ROOT / file), default_timeout=30).run()
    assert [error.value for error in shown.error] == ([] if file == "dashboard.py" else ["登录已失效，请重新登录。"])
    assert not shown.exception
    assert file == "dashboard.py" or len(shown.main.children) == 1, "the sentence alone"
    assert KNOWN not in str(shown.main) + str(shown.sidebar)


def test_what_the_test_above_must_not_find_is_there_for_a_viewer(open_page: Callable[..., AppTest]) -> None:
    shown = open_page("pages/overview/overview.py", "leader")
    assert KNOWN in str(shown.main) + str(shown.sidebar)


def test_python_itself_runs_no_page(demo_url: str, tmp_path: Path) -> None:
    """There st.stop() stops nothing: what is behind it must not run either."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "DATABASE_URL": demo_url,
        "STATE_URL": f"sqlite:///{tmp_path / 'state.db'}",
    }
    command = [sys.executable, ROOT / "pages" / "backlog" / "backlog.py"]
    told = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "Refused: 登录已失效，请重新登录。" in told.stderr
    assert KNOWN not in told.stdout + told.stderr
