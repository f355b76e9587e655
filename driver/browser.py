"""The Chromium that looks at the dashboard."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

SETTLING_MS = 700
"""What charts take to fit their boxes once they are drawn."""

CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return an installed Chromium, the system's or Playwright's; None where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    downloaded = Path.home().glob(".cache/ms-playwright/chromium-*/chrome-linux*/chrome")
    return next((path for path in (*map(shutil.which, names), *map(str, downloaded)) if path), None)


def sign_in(page: "Page", url: str, account: str, password: str) -> None:
    """Fill in the form at `url`, which may be any page's, and wait until the page asked for stands."""
    page.goto(url)
    page.fill("input[name=account]", account)
    page.fill("input[name=password]", password)
    page.keyboard.press("Enter")
    ready(page)


def ready(page: "Page") -> "Page":
    """Wait until the page has run to its foot and stands still."""
    page.wait_for_selector("footer.gov-foot")
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    return page


def standing(page: "Page") -> "Page":
    """Wait until the page is ready and each of its charts is drawn."""
    ready(page)
    for chart in page.locator(".stVegaLiteChart").all():
        chart.locator("canvas, svg").first.wait_for()
    page.wait_for_timeout(SETTLING_MS)
    return page
