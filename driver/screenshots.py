"""Sign in with real Chromium and write each page to screenshots/, light and dark: `make screenshots`.

The server runs on a free port over temporary databases of its own: a demo county, and one account for the office.
"""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from driver.browser import CHROMIUM_ARGUMENTS, chromium, sign_in, standing
from driver.server import ROOT, demo_server
from navigation import PAGES

OUTPUT = ROOT / "screenshots"
ACCOUNT, PASSWORD = "office", "Screenshots-2020"
WAIT_MS = 60_000


class View(NamedTuple):
    """One way to look at a page."""

    width: int
    height: int
    scheme: Literal["light", "dark"]

    @property
    def name(self) -> str:
        """How a picture of it is named."""
        return f"{self.width}{'-dark' if self.scheme == 'dark' else ''}"


VIEWS = [
    View(width, height, scheme)
    for width, height in ((1920, 1080), (1366, 768), (390, 844))
    for scheme in ("light", "dark")
]


def main() -> None:
    """Write every page in every view."""
    OUTPUT.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        demo_server(Path(folder), account=ACCOUNT, password=PASSWORD) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        for view in VIEWS:
            for path in pictures(browser, server.url, view):
                sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        browser.close()


def pictures(browser: Browser, url: str, view: View) -> Iterator[Path]:
    """Sign in as the office, which may open every page, and write each in one view."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height}, color_scheme=view.scheme, locale="zh-CN"
    )
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    sign_in(page, url, ACCOUNT, PASSWORD)
    for shown in PAGES:
        stem = Path(shown.path).stem
        page.goto(url if shown.is_default else f"{url}/{stem}")
        standing(page)
        _unfold(page, view)
        path = OUTPUT / f"{stem}-{view.name}.png"
        page.screenshot(path=path)
        page.set_viewport_size({"width": view.width, "height": view.height})
        yield path
    context.close()


def _unfold(page: Page, view: View) -> None:
    """Make the window as high as the page, which scrolls in a box of its own."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": view.width, "height": max(view.height, height)})
    page.wait_for_timeout(500)


if __name__ == "__main__":
    main()
