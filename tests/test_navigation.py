from pathlib import Path

import pytest

from navigation import ALL_ROLES, PAGES, menu

ROOT = Path(__file__).parents[1]


def test_every_page_has_its_file_and_an_own_stem() -> None:
    assert all((ROOT / page.path).is_file() for page in PAGES)
    assert len({Path(page.path).stem for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("role", sorted(ALL_ROLES))
def test_the_menu_holds_the_roles_pages_by_section(role: str) -> None:
    found = {name: [page.title for page in pages] for name, pages in menu(role).items()}
    assert next(iter(found)) == "总览"
    assert found["考核"] == ["考核排名", "为什么排在这里", "如果调整权重", "信号", "差异判断图"]
    assert ("导入" in found["数据"]) == (role == "office")
    own = [page for page in PAGES if role in page.roles]
    assert sum(map(len, found.values())) == len(own), "a section stands once, with all of its pages"


def test_nobody_without_a_role_has_a_menu() -> None:
    assert menu("stranger") == {}


def test_only_the_backlog_offers_the_stream() -> None:
    assert [page.title for page in PAGES if "stream" in page.filters] == ["积案化解"]
