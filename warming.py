"""What the first viewer would wait for, done before anybody asks: at the start, and after each new release.

A thread of its own: it imports what the pages import, rehearses the pages for nobody in particular (figures, never
rows) while nobody is served, and goes through the memory three times a minute, which Streamlit would do after every run
(`runner.postScriptGC` in .streamlit/config.toml).
"""

import ast
import ctypes
import gc
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module

from sqlalchemy.exc import SQLAlchemyError

import cache
from cache import Question
from components.filter_choices import township_names
from errors import DataError
from navigation import ALL_ROLES, PAGES, Page
from queries.regions import townships
from queries.releases import Release
from queries.units import region_nodes
from rehearsal import rehearse
from settings import ROOT

START_SECONDS = 1.0
"""How long the server has the processor for itself at its start."""
LOOK_SECONDS = 5.0
"""How often the newest release is looked for."""
SETTLE_SECONDS = 20.0
"""How often memory is gone through: Streamlit's own habit, after every run, took 100 to 160 ms of each."""
FOR_EACH_TOWNSHIP = ("总体情况", "考核排名", "任务清单", "积案化解", "乡镇画像", "百日攻坚", "薄弱环节", "信号")
"""The pages that a leader turns over township by township, by title. 放映 is not rehearsed: what draws its charts (V8)
takes 70 MB for good, and its figures are those of 会议材料."""
MANY_TOWNSHIPS = 30
"""Of more townships none is rehearsed by itself: nobody turns them all over."""
FIRST_SECONDS = 30.0
"""How long after the start only the first page is rehearsed: whoever waited for the server comes before all others."""
CALM_SECONDS, QUIET_SECONDS, PATIENCE_SECONDS = 2.0, 0.3, 3.0
"""How long nobody must have asked for anything before a rehearsal begins, and goes on; how long each waits for that."""
_LOG = logging.getLogger(__name__)
_ALLOCATOR = ctypes.CDLL(None)
_ONE_HEAP, _LARGE_APART = (-8, 1), (-3, 128 * 1024)
"""M_ARENA_MAX and M_MMAP_THRESHOLD of mallopt(3): each run is a thread, and a heap for each would never be whole again;
a threshold that is set stays, so that large pieces go back to the system at once. Together 50 MB of 500."""


def start() -> None:
    """Begin, beside the server; the thread ends with the process. A C library that can is told to spare memory."""
    if hasattr(_ALLOCATOR, "mallopt"):
        for option, value in (_ONE_HEAP, _LARGE_APART):
            _ALLOCATOR.mallopt(option, value)
    threading.Thread(target=_watch, name="warming", daemon=True).start()


def warm_up(newest: Release, before: Release | None = None) -> None:
    """Keep what is asked for first of a release: the first page, and what was asked of the release before.

    Parameters
    ----------
    before
        The release that was kept until now: what was asked of it is asked again, as of the new day where it was asked
        as of its newest. None at the start.

    Raises
    ------
    errors.DataError
        The shared database cannot be read.
    """
    page, filters = next(programme(), (None, {}))
    if page is not None:
        rehearse(page, _patience(QUIET_SECONDS), **filters)
    if before is not None:
        cache.warm(newest, _again(newest, before))


def programme() -> Iterator[tuple[Page, dict[str, str]]]:
    """Yield pages with their filters, in the order in which they are likely to be asked for.

    Raises
    ------
    errors.DataError
        The shared database cannot be read.
    """
    with cache.reading() as connection:
        places, counties = townships(connection), int(region_nodes(connection)["is_county"].sum())
    if counties != 1 or places.empty:  # above one county a viewer chooses first
        return
    names = list(township_names(places, None).values())
    opened = [page for page in PAGES if page.roles == ALL_ROLES and not page.is_hidden and "township" in page.filters]
    yield from ((page, {}) for page in sorted(opened, key=lambda page: not page.is_default))
    if len(names) <= MANY_TOWNSHIPS:
        leading = [page for page in opened if page.title in FOR_EACH_TOWNSHIP]
        yield from ((page, {"township": name}) for page in leading for name in names)


def import_pages() -> None:
    """Import the modules that the pages import, so that nobody's first page waits for them."""
    for page in PAGES:
        for node in ast.parse((ROOT / page.path).read_text("utf8")).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                import_module(node.module)


def settle() -> None:
    """Free what is no longer used, and let Python's collector pass over what is: it stays for good, or for long.

    What was passed over and has died meanwhile, closed sessions above all, is freed at the next call. The C library,
    where it can, gives back to the system what was freed.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    if hasattr(_ALLOCATOR, "malloc_trim"):
        _ALLOCATOR.malloc_trim(0)


def _watch() -> None:
    time.sleep(START_SECONDS)
    import_pages()
    begun = time.monotonic()
    known: Release | None = None
    left: Iterator[tuple[Page, dict[str, str]]] = iter(())
    looked_at = settled_at = float("-inf")
    while True:
        if time.monotonic() - looked_at >= LOOK_SECONDS:
            before, known = known, _looked(known)
            left, looked_at = left if known == before else programme(), time.monotonic()
        is_over = time.monotonic() - begun < FIRST_SECONDS or not _rehearsed_next(left)
        if time.monotonic() - settled_at >= SETTLE_SECONDS:
            settle()
            settled_at = time.monotonic()
        if is_over:
            time.sleep(LOOK_SECONDS)


def _looked(known: Release | None) -> Release | None:
    """Look for a new release and warm up for it; return the release that is kept now."""
    try:
        newest = cache.release()
        if newest is not None and newest != known:
            warm_up(newest, known)
            return newest
    except (DataError, SQLAlchemyError) as error:  # told to who asks for a page
        _LOG.info("nothing to warm up: %s", type(error).__name__)
    return known


def _rehearsed_next(left: Iterator[tuple[Page, dict[str, str]]]) -> bool:
    """Rehearse the next page of a programme, whatever comes of it; tell whether there was one."""
    try:
        page, filters = next(left)
        _patience(CALM_SECONDS)()
        rehearse(page, _patience(QUIET_SECONDS), **filters)
    except StopIteration:
        return False
    except (DataError, SQLAlchemyError) as error:  # told to who asks for a page
        _LOG.info("not rehearsed: %s", type(error).__name__)
    except Exception:
        _LOG.exception("a page failed while it was rehearsed")
    return True


def _patience(quiet: float) -> Callable[[], None]:
    """Return what waits while somebody is served, so long in all: who is served all the time needs it warmed up too."""
    until = time.monotonic() + PATIENCE_SECONDS

    def wait() -> None:
        while cache.seconds_unasked() < quiet and time.monotonic() < until:
            time.sleep(QUIET_SECONDS / 4)

    return wait


def _again(newest: Release, before: Release) -> Iterable[Question]:
    """Yield what was asked of the release before, the last first."""
    for query, scope, parameters in reversed(cache.asked_figures()):
        is_newest = scope is not None and scope.as_of == before.as_of
        yield query, replace(scope, as_of=newest.as_of) if scope is not None and is_newest else scope, parameters
