"""What the first viewer would wait for, done before anybody asks: at the start, and after each new release.

A thread of its own: it imports what the pages import, keeps the county's figures (never rows), and goes through the
memory once a minute, which Streamlit would do after every run (`runner.postScriptGC` in .streamlit/config.toml).
"""

import ast
import ctypes
import gc
import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from importlib import import_module

from sqlalchemy.exc import SQLAlchemyError

import cache
from analysis.breakdown import at_baseline, running_campaign
from analysis.scope import Scope
from cache import Question
from errors import DataError
from navigation import PAGES
from queries.backlog import backlog_at, backlog_by_week, campaign_at
from queries.campaigns import campaigns
from queries.names import first_day
from queries.rankings import kpi_table, ranking
from queries.regions import townships
from queries.releases import Release, is_demo, newest_as_of
from queries.tasks import task_matrix, task_summary
from queries.units import region_nodes
from queries.weak_links import weak_links
from settings import ROOT

START_SECONDS = 1.0
"""How long the server has the processor for itself at its start."""
LOOK_SECONDS = 5.0
"""How often the newest release is looked for."""
SETTLE_SECONDS = 60.0
"""How often memory is gone through: Streamlit's own habit, after every run, took 100 to 160 ms of each."""
ON_EVERY_PAGE = (townships, region_nodes, campaigns, first_day, newest_as_of, is_demo)
OF_THE_COUNTY = (ranking, kpi_table, task_matrix, task_summary, backlog_at, campaign_at)
OF_THE_CAMPAIGN = (backlog_at, backlog_by_week, task_matrix, task_summary, ranking, kpi_table, campaign_at)
_LOG = logging.getLogger(__name__)
_TRIM = getattr(ctypes.CDLL(None), "malloc_trim", None)


def start() -> None:
    """Begin, beside the server; the thread ends with the process."""
    threading.Thread(target=_watch, name="warming", daemon=True).start()


def warm_up(newest: Release, before: Release | None = None) -> None:
    """Keep the figures of a release that are likely to be asked for.

    Parameters
    ----------
    before
        The release that was kept until now: what was asked of it is asked again, as of the new day where it was asked
        as of its newest. None at the start: the first page over the whole county.

    Raises
    ------
    errors.DataError
        The shared database cannot be read.
    """
    cache.warm(newest, _opening(newest) if before is None else _again(newest, before))


def import_pages() -> None:
    """Import the modules that the pages import, so that nobody's first page waits for them."""
    for page in PAGES:
        for node in ast.parse((ROOT / page.path).read_text("utf8")).body:
            if isinstance(node, ast.ImportFrom) and node.module:
                import_module(node.module)


def settle() -> None:
    """Free what is no longer used, and let Python's collector pass over what is: it stays for good, or for long.

    The C library, where it can, gives back to the system what was freed: each run is a thread with a heap of its own.

    What was passed over and has died meanwhile, closed sessions above all, is freed at the next call.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    if _TRIM is not None:
        _TRIM(0)


def _watch() -> None:
    time.sleep(START_SECONDS)
    import_pages()
    known: Release | None = None
    settled_at = float("-inf")
    while True:
        known = _looked(known)
        if time.monotonic() - settled_at >= SETTLE_SECONDS:
            settle()
            settled_at = time.monotonic()
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


def _opening(newest: Release) -> Iterable[Question]:
    """Yield what the first page asks for over the whole county."""
    cache.warm(newest, [(query, None, ()) for query in ON_EVERY_PAGE])
    with cache.reading() as connection:
        places, known, day = townships(connection), campaigns(connection), newest_as_of(connection)
        counties = int(region_nodes(connection)["is_county"].sum())
    if day is None or counties > 1:  # above one county a viewer chooses first
        return
    county = Scope(day, frozenset(places["code"]))
    yield weak_links, county, (("excluded", frozenset()),)
    yield from ((query, county, ()) for query in OF_THE_COUNTY)
    campaign = running_campaign(known, day)
    if campaign is not None:
        running = replace(county, campaign=campaign)
        yield from ((query, running, ()) for query in OF_THE_CAMPAIGN)
        yield backlog_at, at_baseline(running, known), ()


def _again(newest: Release, before: Release) -> Iterable[Question]:
    """Yield what was asked of the release before, the last first."""
    for query, scope, parameters in reversed(cache.asked_figures()):
        is_newest = scope is not None and scope.as_of == before.as_of
        yield query, replace(scope, as_of=newest.as_of) if scope is not None and is_newest else scope, parameters
