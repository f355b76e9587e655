"""The pictures of the user guide and the README, as the office sees the demo county: `make pictures`."""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from driver.browser import CHROMIUM_ARGUMENTS, chromium, sign_in, standing
from driver.server import ROOT, Server
from navigation import PAGES
from state.demo import DEMO_PASSWORD

OUTPUT = ROOT / "docs" / "pictures"
DESK, PHONE = (1366, 768), (390, 844)
WAIT_MS = 60_000
QUALITY = 75

LEADERS = ("overview", "rankings", "tasks", "backlog", "campaign", "weak_links")
OFFICES = ("meeting", "importing", "quality", "signals", "users", "township", "standing", "ledger", "departments")
SHOWN = (*LEADERS, *OFFICES, "services")


def main() -> None:
    """Write each picture that a document shows."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        with Server(Path(folder)) as server:
            page = browser.new_page(locale="zh-CN")
            page.set_default_timeout(WAIT_MS)
            sign_in(page, server.url, "office", DEMO_PASSWORD)
            for stem in SHOWN:
                _write(page, f"{server.url}/{_address(stem)}", stem, DESK)
            _write(page, server.url, "phone", PHONE)
        browser.close()


def _address(stem: str) -> str:
    """Return where the page of this file stem stands; the default page has no name of its own."""
    (page,) = (page for page in PAGES if Path(page.path).stem == stem)
    return "" if page.is_default else stem


def _write(page: Page, url: str, name: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(url)
    standing(page)
    picture = Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    path = OUTPUT / f"{name}.webp"
    picture.save(path, quality=QUALITY, method=6)
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
