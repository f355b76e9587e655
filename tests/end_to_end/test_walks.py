"""The four questions of a leader, each answered at most three clicks from the first page; and by keys alone."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

from driver.browser import ready, sign_in
from driver.server import Server
from state.demo import DEMO_PASSWORD
from tests.end_to_end.conftest import WAIT_MS

pytestmark = pytest.mark.browser

MOST_CLICKS = 3
FOCUSED = """() => {
  const own = document.activeElement, style = getComputedStyle(own)
  const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
  const text = own.getAttribute("aria-label") || own.textContent
  return [own.matches(%r), text.trim(), isSeen]
}"""


class Walk:
    """Someone on the first page who counts the clicks."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.clicks = page, 0
        page.goto(url)
        ready(page)

    def click(self, selector: str, text: str) -> None:
        self.clicks += 1
        assert self.clicks <= MOST_CLICKS
        self.page.locator(selector, has_text=text).first.click()

    def choose(self, section: str, title: str) -> None:
        """Open a page by the menu: two clicks."""
        self.click("[data-testid=stTopNavSection]", section)
        self.click("[data-testid=stTopNavDropdownLink]", title)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(title)


@pytest.fixture(scope="module")
def leader(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    sign_in(page, server.url, "leader", DEMO_PASSWORD)
    yield page
    context.close()


def test_who_trails_and_why(leader: Page, server: Server) -> None:
    walk = Walk(leader, server.url)
    expect(leader.locator(".gov-line", has_text="考核排名")).to_contain_text("球川明显靠后")
    walk.click(".gov-tiles a.name", "球川")
    walk.click("a", "逐项看为什么排在这里")
    expect(leader.get_by_role("heading", level=1)).to_contain_text("球川为什么排在这里")
    expect(leader.locator(".gov-finding")).to_contain_text("主要差在重点任务序时完成率")


def test_which_tasks_are_red_in_qiuchuan(leader: Page, server: Server) -> None:
    walk = Walk(leader, server.url)
    walk.click(".gov-tiles li:has-text('球川') a.figure", "")
    leader.wait_for_url("**township=*")
    walk.choose("任务", "任务清单")
    expect(leader.get_by_role("heading", name="最多的是球川（9个）")).to_be_visible()
    rows = leader.locator("table:not(.gov-matrix) tbody tr", has_text="球川")
    assert rows.count() == 9
    assert all("■" in text for text in rows.all_inner_texts())


def test_whether_the_backlog_is_on_pace_for_day_100(leader: Page, server: Server) -> None:
    walk = Walk(leader, server.url)
    expect(leader.locator(".gov-cards")).to_contain_text("第81天")
    expect(leader.locator(".gov-cards")).to_contain_text("领先序时10.9个百分点")
    walk.choose("积案", "百日攻坚")
    expect(leader.locator(".gov-finding").first).to_contain_text("动员会起第81天，还剩19天，未化解22件（领先序时")


def test_the_slides_are_taken_away(leader: Page, server: Server) -> None:
    walk = Walk(leader, server.url)
    walk.choose("会议", "会议材料")
    with leader.expect_download() as taken:
        walk.click("[data-testid=stDownloadButton] button", "幻灯片（PPT）")
    with ZipFile(Path(taken.value.path())) as deck:
        assert "ppt/presentation.xml" in deck.namelist()


def test_filter_tiles_and_matrix_are_used_by_keys_alone(leader: Page, server: Server) -> None:
    Walk(leader, server.url)
    _tab_to(leader, "button[data-variant=pills]", 5)
    for _ in range(4):
        leader.keyboard.press("ArrowRight")
    leader.keyboard.press("Space")
    leader.wait_for_url("**township=*")
    ready(leader)
    _tab_to(leader, ".gov-tiles a.figure", 70)
    leader.keyboard.press("Enter")
    ready(leader)
    leader.goto(f"{server.url}/tasks")
    ready(leader)
    _tab_to(leader, ".gov-matrix a.light", 60)
    leader.keyboard.press("Enter")
    leader.wait_for_url("**/task?**")


def _tab_to(page: Page, selector: str, most: int) -> None:
    """Press Tab until such an element has the focus, which can be seen."""
    told: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        is_there, text, is_seen = page.evaluate(FOCUSED % selector)
        if is_there:
            assert is_seen, text
            return
        told.append(text[:12])
    raise AssertionError(told)
