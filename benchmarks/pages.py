"""Every page in a real browser, beside the same elements sent from memory.

The floor of a page is its own messages, kept from an earlier showing and sent again: no query, no figure, no chart is
made, only the frame around it runs. In one run each page is shown in turn as the floor (`constants`), as it is (`page`)
and with nothing remembered (`first`, as the first visitor after a release meets it). Time runs in Chromium from the
click until the last change outside the charts (figures) and the last of all (last chart). Measured are the way from
another page and choosing a township, in a small county and in the largest.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Error, Locator, Page

from benchmarks.databases import county
from benchmarks.measure import Figure, figure
from benchmarks.options import Options
from benchmarks.stopwatch import Stood, clicked, contexts, go, menu_item, visited
from benchmarks.watched import ACCOUNT, PASSWORD, Watched, watched_server
from driver.browser import sign_in

WAYS = ("constants", "page", "first")
SAID = {"page": "remembered", "first": "nothing remembered"}
MOST_TIMES_FLOOR = 1.5
TOWNSHIP = "白石"
COUNTIES = (("sqlite", 1_000), ("postgresql", 10_000_000))

Times = dict[tuple[str, str], list[Stood]]


def figures(options: Options) -> Iterator[Figure]:
    """Measure every page that is asked for in both counties: two actions, two marks, against the floor."""
    for engine, cases in COUNTIES:
        if engine in options.engines and cases <= options.most_cases:
            yield from _in_county(engine, cases, options)


def _in_county(engine: str, cases: int, options: Options) -> Iterator[Figure]:
    with (
        TemporaryDirectory(prefix="pages-") as name,
        county(engine, cases) as url,
        watched_server(Path(name), url) as watched,
        contexts() as browser,
    ):
        page = browser.new().new_page()
        sign_in(page, watched.url, ACCOUNT, PASSWORD)
        for stem in options.pages:
            for one in _of_page(page, watched, stem, options.rounds):
                yield replace(one, what=f"{cases:,} cases: {one.what}")


def _of_page(page: Page, watched: Watched, stem: str, rounds: int) -> Iterator[Figure]:
    times: Times = defaultdict(list)
    _whole_round(page, watched, stem, "page")  # what the floor is made of, and what is remembered
    for _ in range(rounds):
        for way in WAYS:
            for action, stood in _whole_round(page, watched, stem, way):
                times[action, way].append(stood)
        _whole_round(page, watched, stem, "page")  # remembers again what `first` has forgotten
    for action in dict.fromkeys(action for action, _ in times):
        floor = times[action, "constants"]
        for way, said in SAID.items():
            limit = MOST_TIMES_FLOOR if way == "page" else None
            for mark, place in (("figures", 0), ("last chart", 1)):
                yield figure(
                    f"{stem}: {action} to {mark}, {said}",
                    "ms",
                    [stood[place] for stood in times[action, way]],
                    floor=[stood[place] for stood in floor],
                    ratio_limit=limit,
                )


def _whole_round(page: Page, watched: Watched, stem: str, way: str) -> list[tuple[str, Stood]]:
    """Return a round; one that breaks off is told and made again, once, in a page that was loaded anew."""
    try:
        return list(_round(page, watched, stem, way))
    except Error as error:
        sys.stderr.write(f"{stem}, {way}: {error}\n")
        watched.show_as("page", "elsewhere")
        visited(page, watched.url)
        return list(_round(page, watched, stem, way))


def _round(page: Page, watched: Watched, stem: str, way: str) -> Iterator[tuple[str, Stood]]:
    """Come to a page from another one, choose a township and leave it again."""
    watched.show_as("page", "elsewhere")
    go(page, "quality" if stem == "definitions" else "definitions")
    yield "page change", _shown(watched, way, f"{stem}:open", partial(menu_item, page, stem))
    township = page.get_by_test_id("stSidebar").get_by_role("button", name=TOWNSHIP, exact=True)
    if township.count():
        yield "filter change", _shown(watched, way, f"{stem}:filter", lambda: township)
        _shown(watched, way, f"{stem}:back", lambda: township)


def _shown(watched: Watched, way: str, label: str, find: Callable[[], Locator]) -> Stood:
    watched.show_as(way, label)
    return clicked(find)
