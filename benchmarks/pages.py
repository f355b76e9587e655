"""How long pages take in a real browser, beside the same elements sent from memory: `python benchmarks/pages.py`.

The floor of a page is its own messages, kept from an earlier showing and sent again: no query, no figure, no chart is
made, only the frame around it runs. In one run each page is shown in turn as the floor (`constants`), as it is
(`page`) and with nothing remembered (`first`, as the first visitor after a release meets it). Time runs in Chromium
from the click until the last change of the page's contents, charts included; printed are the median, the best (other
work on the machine only ever adds time) and the least processor time of the page's own script. Measured are the way
from another page (`open`), choosing a township (`filter`), and each further click named in CLICKS.

`python benchmarks/pages.py rankings signals` measures these, `--cases 1000000` on a county of so many; without a name
the pages whose limit is set: a page is to appear in under 1.5 times its floor. Ends with 1 when one does so neither in
the median nor at best.
"""

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Locator, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from driver.browser import CHROMIUM_ARGUMENTS, chromium, ready, sign_in
from driver.server import Server, demo_server
from navigation import PAGES

ACCOUNT, PASSWORD = "office", "Benchmarks-2020"
LIMIT = 1.5
LIMITED = ("rankings", "signals", "backlog")
WAYS = ("constants", "page", "first")
TITLES = {Path(page.path).stem: page.title for page in PAGES}
ELSEWHERE, TOWNSHIP = "definitions", "白石"
CLICKS = {"rankings": ("指标一览表", "名次变化图", "排名")}
"""The last one leaves the page as it was."""
ROUNDS = 7
STOOD = """() => new Promise(done => {
  const began = performance.now(), body = document.querySelector('[data-testid=stMain]')
  let changed = began
  const watch = new MutationObserver(() => { changed = performance.now() })
  watch.observe(body, { childList: true, subtree: true, attributes: true, characterData: true })
  const state = () => document.querySelector('[data-testid=stApp]').dataset.testScriptState
  window.clicked.click()
  const look = setInterval(() => {
    if (state() !== 'notRunning' || changed === began || performance.now() - changed < 400) return
    clearInterval(look); watch.disconnect(); done(changed - began)
  }, 50)
})"""
"""Click what was chosen; the milliseconds until the last change, once the script rests and 400 ms pass without one."""


class Measure(NamedTuple):
    """One showing of one page."""

    page: str
    action: str
    way: str
    ms: float
    script_ms: float


def main() -> int:
    """Measure, print one line per page and action, and tell whether all stay under the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", metavar="page", help="the file's stem: rankings, signals, ...")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--cases", type=int, help="of the demo county; its usual number without")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MEASURED_FOLDER"] = folder
        measured = list(_measures(Path(folder), asked.pages or LIMITED, asked.rounds, asked.cases))
    ratios = [_say(measured, page, action) for page, action in dict.fromkeys((m.page, m.action) for m in measured)]
    return int(max(ratios) >= LIMIT)


def _measures(folder: Path, stems: tuple[str, ...] | list[str], rounds: int, cases: int | None) -> Iterator[Measure]:
    _show_as(folder, "page")
    streamlit = (str(Path(__file__).with_name("measured_streamlit.py")),)
    with (
        demo_server(folder, account=ACCOUNT, password=PASSWORD, streamlit=streamlit, cases=cases) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_ARGUMENTS)
        page = browser.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        page.set_default_timeout(60_000)
        sign_in(page, server.url, ACCOUNT, PASSWORD)
        for stem in stems:
            list(_round(page, server, stem, "page"))  # what the floor is made of
            for _ in range(rounds):
                for way in WAYS:
                    yield from _round(page, server, stem, way)
        browser.close()


def _round(page: Page, server: Server, stem: str, way: str) -> Iterator[Measure]:
    """Come to a page from another one, choose a township and leave it again, click what else there is."""
    _show_as(server.folder, "page")
    _menu_item(page, ELSEWHERE).click()
    page.locator("h1", has_text=TITLES[ELSEWHERE]).wait_for()
    ready(page)
    page.wait_for_timeout(300)
    _show_as(server.folder, way)
    body = page.get_by_test_id("stMain")
    yield _measure(page, server, _menu_item(page, stem), (stem, "open", way))
    township = page.get_by_test_id("stSidebar").get_by_role("button", name=TOWNSHIP, exact=True)
    if township.count():
        yield _measure(page, server, township, (stem, "filter", way))
        _measure(page, server, township, (stem, "", way))
    for word in CLICKS.get(stem, ()):
        yield _measure(page, server, body.get_by_role("radio", name=word).or_(body.get_by_role("button", name=word)),
                       (stem, word, way))  # fmt: skip


def _menu_item(page: Page, stem: str) -> Locator:
    """Open the menu's section of a page; return where the page is clicked."""
    section = next(shown.section for shown in PAGES if Path(shown.path).stem == stem)
    page.get_by_role("button", name=section, exact=True).click()
    return page.get_by_role("menuitem", name=TITLES[stem])


def _measure(page: Page, server: Server, clicked: Locator, what: tuple[str, str, str]) -> Measure:
    clicked.first.evaluate("it => { window.clicked = it }")
    ms = page.evaluate(STOOD)
    script = (server.folder / "runs").read_text().split()[-1]
    return Measure(*what, ms, float(script))


def _show_as(folder: Path, way: str) -> None:
    (folder / "way").write_text(way, "utf8")


def _say(measured: list[Measure], page: str, action: str) -> float:
    """Print what a page's action takes; return how many times the floor that is."""
    shown = {way: [m for m in measured if (m.page, m.action, m.way) == (page, action, way)] for way in WAYS}
    middle = {way: statistics.median(m.ms for m in shown[way]) for way in WAYS}
    best = {way: min(m.ms for m in shown[way]) for way in WAYS}
    script = {way: min(m.script_ms for m in shown[way]) for way in WAYS}
    times = "  ".join(f"{way} {middle[way]:4.0f} ms (best {best[way]:4.0f}, script {script[way]:3.0f})" for way in WAYS)
    ratio, of_best = (of["page"] / of["constants"] for of in (middle, best))
    sys.stdout.write(f"{page:<12}{action:<8} {times}  {ratio:.2f} x the floor, best {of_best:.2f} x\n")
    return min(ratio, of_best)


if __name__ == "__main__":
    sys.exit(main())
