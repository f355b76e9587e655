from pathlib import Path

import pytest

from navigation import ALL_ROLES, PAGES, menu

ROOT = Path(__file__).parents[1]


def test_every_page_has_its_file_and_an_own_stem() -> None:
    assert all((ROOT / page.path).is_file() for page in PAGES)
    assert len({Path(page.path).stem for page in PAGES}) == len(PAGES)


MENU = {
    "总览": ["总体情况"],
    "考核": ["考核排名", "为什么排在这里", "如果调整权重", "信号", "差异判断图"],
    "任务": ["任务清单", "任务详情", "按部门、专项组", "薄弱环节"],
    "积案": ["积案化解", "台账", "百日攻坚", "积案结构", "化解用时和清零"],
    "平台": ["平台运行", "信访诉讼与平安"],
    "乡镇": ["乡镇画像"],
    "会议": ["会议材料", "会议定稿", "议定事项"],
    "数据": ["数据质量", "口径说明"],
}
MORE = {"office": {"数据": ["数据质量", "口径说明", "导入", "账号", "操作记录"]}}


@pytest.mark.parametrize("role", sorted(ALL_ROLES))
def test_the_menu_holds_the_roles_pages_by_section(role: str) -> None:
    shown = {name: [page.title for page in pages if not page.is_hidden] for name, pages in menu(role).items()}
    assert shown == {**MENU, **MORE.get(role, {})}


def test_nobody_without_a_role_has_a_menu() -> None:
    assert menu("stranger") == {}


def test_the_backlog_and_its_ledger_offer_the_stream() -> None:
    assert [page.title for page in PAGES if "stream" in page.filters] == ["积案化解", "台账"]


def test_what_another_page_leads_to_stands_in_no_menu() -> None:
    assert [page.title for page in PAGES if page.is_hidden] == ["案件", "放映"]
