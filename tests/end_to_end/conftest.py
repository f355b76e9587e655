"""A real server on the embedded demo county, and a real Chromium that signs in to it."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from driver import browser as chrome
from driver.browser import CHROMIUM_ARGUMENTS, chromium
from driver.server import Server
from state.demo import DEMO_PASSWORD
from tests.unrehearsed import UNREHEARSED

WAIT_MS = 30_000


@pytest.fixture(scope="module")  # not longer: while it lives, an event loop runs in this process
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        reason = "没有可用的 Chromium：浏览器测试未运行"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server"), streamlit=UNREHEARSED) as server:
        yield server


@pytest.fixture
def new_context(browser: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """Open a browser profile of its own; pages wait long and note what the console says."""
    contexts: list[BrowserContext] = []

    def open_context() -> BrowserContext:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_context: Callable[[], BrowserContext]) -> Page:
    return new_context().new_page()


@pytest.fixture
def sign_in(server: Server) -> Callable[..., Page]:
    """Go to `path`, sign in where asked, and wait for the foot of the page that was asked for."""

    def enter(page: Page, account: str = "leader", path: str = "/") -> Page:
        chrome.sign_in(page, server.url + path, account, DEMO_PASSWORD)
        return page

    return enter
