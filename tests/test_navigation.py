from pathlib import Path

import pytest

from navigation import ALL_ROLES, PAGES, menu

ROOT = Path(__file__).parents[1]


def test_every_page_has_its_file_and_an_own_stem() -> None:
    assert all((ROOT / page.path).is_file() for page in PAGES)
    assert len({Path(page.path).stem for page in PAGES}) == len(PAGES)


@pytest.mark.parametrize("role", sorted(ALL_ROLES))
def test_the_menu_holds_the_roles_pages_by_section(role: str) -> None:
    assert {name: [page.title for page in pages] for name, pages in menu(role).items()} == {
        "总览": ["总体情况"], "考核": ["考核排名"], "任务": ["任务清单"], "积案": ["积案化解"]
    }  # fmt: skip


def test_nobody_without_a_role_has_a_menu() -> None:
    assert menu("stranger") == {}


def test_only_the_backlog_offers_the_stream() -> None:
    assert [page.title for page in PAGES if "stream" in page.filters] == ["积案化解"]
