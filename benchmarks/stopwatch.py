"""Time in a real Chromium, from a click or a navigation to the figures and to the last chart."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, StorageState, sync_playwright

from driver.browser import CHROMIUM_ARGUMENTS, chromium, ready
from navigation import PAGES

SCRIPT = Path(__file__).with_suffix(".js")
TITLES = {Path(page.path).stem: page.title for page in PAGES}
SECTIONS = {Path(page.path).stem: page.section for page in PAGES}
WAIT_MS = 60_000
CLICK = "it => window.stopwatch.click(it)"


class Stood(NamedTuple):
    """Milliseconds until the last change outside the charts, and until the last of all."""

    figures_ms: float
    last_ms: float


@contextmanager
def contexts() -> Iterator["Contexts"]:
    """Yield a maker of browser profiles of their own, whose pages carry the stopwatch."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        yield Contexts(browser)
        browser.close()


class Contexts:
    """Browser profiles, each with an empty cache and no cookie."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser

    def new(self, signed_in: StorageState | None = None) -> BrowserContext:
        """Open one, on the screen of an office computer; `signed_in` are the cookies of another."""
        context = self._browser.new_context(
            viewport={"width": 1366, "height": 768}, locale="zh-CN", storage_state=signed_in
        )
        context.set_default_timeout(WAIT_MS)
        context.add_init_script(path=SCRIPT)
        return context


def clicked(find: Callable[[], Locator]) -> Stood:
    """Click what `find` finds; return when what came of it stood. A click that a menu swallows is made again, once."""
    place = find().first
    try:
        stood = place.evaluate(CLICK)
    except Error as error:
        if "click lost" not in str(error):
            raise
        place.page.keyboard.press("Escape")
        stood = find().first.evaluate(CLICK)
    return Stood(stood["figures"], stood["last"])


def visited(page: Page, url: str) -> Stood:
    """Navigate; return when the page stood, from the beginning of the navigation."""
    page.goto(url)
    stood = page.evaluate("window.stopwatch.stands(0)")
    return Stood(stood["figures"], stood["last"])


def menu_item(page: Page, stem: str) -> Locator:
    """Open the menu's section of a page; return where the page is clicked."""
    page.get_by_role("button", name=SECTIONS[stem], exact=True).click()
    return page.get_by_role("menuitem", name=TITLES[stem], exact=True)


def go(page: Page, stem: str) -> None:
    """Go to a page and let it come to rest, unmeasured."""
    menu_item(page, stem).click()
    page.locator("h1", has_text=TITLES[stem]).first.wait_for()
    ready(page)
    page.wait_for_timeout(300)
