"""The first visit: a shared database with its tables and nothing in them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import auth
from database.__main__ import main as database
from settings import get_settings
from state.engine import migrate

Open = Callable[..., AppTest]


@pytest.fixture
def empty_county(open_page: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Open:
    url = f"sqlite:///{tmp_path}/county.db"
    assert not database(["upgrade", "--url", url])
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("LOADER_URL", url)
    get_settings.cache_clear()
    migrate(auth.state())
    return open_page


def test_every_page_says_what_to_do_and_the_import_does_it(empty_county: Open) -> None:
    overview = empty_county("pages/overview/overview.py", "office")
    assert [each.value for each in overview.error] == [
        "共享数据库中还没有数据：请行动办在“数据—导入”中上传台账，或请管理员用命令导入；导入后刷新本页。"
    ]
    assert not overview.title
    importing = empty_county("pages/data/importing.py", "office")
    assert [each.value for each in importing.title] == ["导入"]
    assert len(importing.error) == len(importing.file_uploader) == 1
