"""The first page on 1,000,000 cases beside Apache Superset's dashboard, machine told from machine by a plain page.

Superset 6.1 over PostgreSQL with 1,000,000 cases, nine charts and a township filter, was measured for the design on a
machine where `plain_page.py`, a page of constants, took what PLAIN says (../shared/DESIGN.md, Speed and size). That
page is measured again beside ours: a limit is how many times its time ours may take, which no machine's speed moves.
Cold is with nothing remembered, warm with what was shown before.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import BrowserContext, Locator, Page

from benchmarks.databases import MILLION, county
from benchmarks.measure import Figure, figure
from benchmarks.options import Options
from benchmarks.stopwatch import Contexts, Stood, clicked, contexts, visited
from benchmarks.watched import ACCOUNT, PASSWORD, Watched, watched_server
from driver.browser import sign_in
from driver.server import Server

SCRIPT = str(Path(__file__).with_name("plain_page.py").relative_to(Path(__file__).resolve().parents[1]))
CHOICES = ("白石", "招贤")


class Times(NamedTuple):
    """Milliseconds, or times as quick: from the filter to the figures and to the last chart, and of a whole visit."""

    figures: float
    last_chart: float
    visit: float


PLAIN = Times(266, 471, 1_300)
SUPERSET = {"cold": Times(1_700, 1_700, 3_500), "warm": Times(1_100, 1_100, 2_300)}
"""Its charts come one by one: the design gives one time from the filter, that of the last."""
QUICKER = {"cold": Times(4, 2.5, 2), "warm": Times(3, 1.8, 1.5)}


def figures(options: Options) -> Iterator[Figure]:
    """Measure changes of the filter and visits, of the plain page and of ours cold and warm, in turn."""
    with (
        TemporaryDirectory(prefix="rival-") as name,
        TemporaryDirectory(prefix="plain-") as plain_name,
        county(options.engines[-1], min(MILLION, options.most_cases)) as url,
        watched_server(Path(name), url) as watched,
        Server(Path(plain_name), script=SCRIPT) as plain,
        contexts() as browser,
    ):
        ours, constants = _signed_in(browser, watched), browser.new()
        met: dict[str, list[Times]] = defaultdict(list)
        for number in range(options.rounds + 1):  # the first round is for the servers to get to know what is asked
            round_of = {"plain": _met(constants, plain.url)}
            for state in ("cold", "remembering", "warm"):
                watched.show_as("first" if state == "cold" else "page", "rival")
                round_of[state] = _met(ours, watched.url)
            for what, times in round_of.items():
                met[what] += [times] if number else []
    for state in SUPERSET:
        for place, what in enumerate(("filter to figures", "filter to last chart", "visit to last chart")):
            limit = SUPERSET[state][place] / QUICKER[state][place] / PLAIN[place]
            floor = [times[place] for times in met["plain"]]
            yield figure(
                f"{state}: {what}", "ms", [times[place] for times in met[state]], floor=floor, ratio_limit=limit
            )


def _signed_in(browser: Contexts, watched: Watched) -> BrowserContext:
    context = browser.new()
    page = context.new_page()
    sign_in(page, watched.url, ACCOUNT, PASSWORD)
    page.close()
    return context


def _met(context: BrowserContext, url: str) -> Times:
    """Visit a page in a tab of its own, and change the township twice."""
    page = context.new_page()
    visit = visited(page, url)
    changes = [clicked(_township(page, name)) for name in CHOICES]
    page.close()
    slowest = Stood(*(max(of) for of in zip(*changes, strict=True)))
    return Times(slowest.figures_ms, slowest.last_ms, visit.last_ms)


def _township(page: Page, name: str) -> Callable[[], Locator]:
    return partial(page.get_by_test_id("stSidebar").get_by_role, "button", name=name, exact=True)
