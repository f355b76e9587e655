"""Sign in with real Chromium and write each page to screenshots/, light and dark: `make screenshots`.

The server runs on a free port over temporary databases of its own: a demo county, and one account for the office.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from navigation import PAGES

ROOT = Path(__file__).resolve().parent
OUTPUT = ROOT / "screenshots"
START_SECONDS = 120
ACCOUNT, PASSWORD = "office", "Screenshots-2020"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


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
    with server() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        for view in VIEWS:
            for path in pictures(browser, url, view):
                sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        browser.close()


def pictures(browser: Browser, url: str, view: View) -> Iterator[Path]:
    """Sign in as the office, which may open every page, and write each in one view."""
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height}, color_scheme=view.scheme, locale="zh-CN"
    )
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.fill("input[name=account]", ACCOUNT)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    for shown in PAGES:
        stem = Path(shown.path).stem
        page.goto(url if shown.is_default else f"{url}/{stem}")
        _wait(page)
        _unfold(page, view)
        path = OUTPUT / f"{stem}-{view.name}.png"
        page.screenshot(path=path)
        page.set_viewport_size({"width": view.width, "height": view.height})
        yield path
    context.close()


@contextmanager
def server() -> Iterator[str]:
    """Run the dashboard on a free port; yield its address."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        urls = {name: f"sqlite:///{folder}/{name.lower()}.db" for name in ("DATABASE_URL", "STATE_URL")}
        environment = {**os.environ, **urls}
        _run("-m", "database", "demo", "--url", urls["DATABASE_URL"], environment=environment)
        _run("-m", "accounts", "add", ACCOUNT, "--role", "office", "--display-name", "行动办（演示）",
             environment=environment, typed=f"{PASSWORD}\n")  # fmt: skip
        command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            _await_health(url, process)
            yield url
        finally:
            process.terminate()
            process.wait()


def chromium() -> str | None:
    """Return an installed Chromium; None for Playwright's own."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def _run(*arguments: str, environment: dict[str, str], typed: str = "") -> None:
    subprocess.run(  # noqa: S603
        [sys.executable, *arguments], cwd=ROOT, env=environment, input=typed, text=True, check=True, stdout=sys.stderr
    )


def _wait(page: Page) -> None:
    """Wait until the page stands: its foot, its charts, and no run under way."""
    page.wait_for_selector(".gov-foot", timeout=60_000)
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    for chart in page.locator(".stVegaLiteChart").all():
        chart.locator("canvas, svg").first.wait_for()
    page.wait_for_timeout(700)


def _unfold(page: Page, view: View) -> None:
    """Make the window as high as the page, which scrolls in a box of its own."""
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size({"width": view.width, "height": max(view.height, height)})
    page.wait_for_timeout(500)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_health(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{url}/_stcore/health", timeout=2):  # noqa: S310
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.3)
    raise SystemExit("看板没有启动，请查看上面的输出。")


if __name__ == "__main__":
    main()
