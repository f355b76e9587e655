"""Every page on PostgreSQL, under the account that may do nothing but read."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

import cache
from analysis.scope import Role
from navigation import PAGES

PRESENTER = "pages/meeting/presenter.py"
"""The one page without a title of its own: its slides cover the screen, drawn by a component."""


@pytest.fixture
def demo_url(demo_postgresql_url: str) -> str:
    return demo_postgresql_url


@pytest.mark.parametrize(
    ("path", "role"), [(page.path, role) for page in PAGES for role in sorted(page.roles & {"office", "township"})]
)
def test_every_page_stands_under_the_reader_s_account(
    open_page: Callable[..., AppTest], path: str, role: Role, tmp_path: Path
) -> None:
    app = open_page(path, role)
    assert not app.exception, [e.message for e in app.exception]
    assert not app.error
    assert app.title or (path == PRESENTER and app.get("bidi_component")), "the page showed nothing"
    with cache.engine().connect() as connection:
        assert connection.scalar(sa.text("SELECT current_user")) == "governance_reader"
