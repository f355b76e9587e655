"""The only cache, and the choke point of rights: every page reads the shared database through `fetch`."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar, cast

import pandas as pd
from streamlit.runtime.scriptrunner import get_script_run_ctx

import auth
from analysis.scope import Scope, Viewer
from errors import DatabaseEmpty, Refused, SignedOut
from queries import ROWS
from queries.once import Kept, sharing
from queries.releases import Release, newest_release
from settings import get_settings
from shared_database import engine, reading

__all__ = [
    "Question",
    "asked_figures",
    "engine",
    "fetch",
    "fetch_anew",
    "reading",
    "release",
    "seconds_unasked",
    "warm",
]

KEPT_RESULTS = 512
KEPT_QUESTIONS = 256
"""How many of the figures asked for last are worked out again for a new release, before anybody asks."""
_run = threading.local()
"""What the run in this thread stands on: `mark` is the run, `release` what it read from `url`, `kept` what its reads
share; `viewed` is the run in which `viewer` was found."""
_asked: "OrderedDict[Question, None]" = OrderedDict()
"""The figures asked for last, the newest at the end; never rows."""
_asked_lock = threading.Lock()
_asked_at = time.monotonic()
"""When anybody asked for anything last; at first, when the server began."""

T = TypeVar("T")
Question = tuple[Callable[..., Any], Scope | None, tuple[tuple[str, Any], ...]]
"""A query, its scope and its further arguments."""


def fetch(query: Callable[..., T], scope: Scope | None = None, **parameters: Any) -> T:
    """Return what `query(connection, scope, **parameters)` reads, from memory while the data version stands.

    Parameters
    ----------
    query
        A public read of queries/; those in `queries.ROWS` are held to rows_scope, the others to figures_scope.
    scope
        Left out for reads that take none.
    **parameters
        Further arguments of the query; hashable.

    Returns
    -------
    T
        The query's result; a frame is the caller's own to change.

    Raises
    ------
    errors.SignedOut, errors.Refused
        There is no viewer, or the scope goes beyond the viewer's rights.
    errors.DatabaseUnavailable, errors.DatabaseEmpty, errors.ContractOlder, errors.ContractNewer
        The shared database cannot be read.
    ValueError
        Rows are read without a scope.
    """
    viewer = _check_rights(query, scope)
    newest = _release_of_run()
    if newest is None:
        raise DatabaseEmpty
    url, question = get_settings().database_url, (query, scope, tuple(sorted(parameters.items())))
    result = _result(url, newest.id, *question)
    if viewer is not auth.NOBODY:
        _note_question(question)
    # a whole copy: a shallow one would leave a weak reference in what is kept, and hundreds of them stay
    return cast("T", result.copy()) if isinstance(result, pd.DataFrame) else result


def fetch_anew(query: Callable[..., T], scope: Scope | None = None, **parameters: Any) -> T:
    """Return what `fetch` would, read now and not remembered: for checks whether what is remembered still holds.

    Raises
    ------
    errors.DashboardError
        As `fetch`.
    """
    _check_rights(query, scope)
    with reading() as connection:
        return query(connection, *(() if scope is None else (scope,)), **parameters)


def asked_figures() -> list[Question]:
    """Return which figures were asked for last, the oldest first."""
    with _asked_lock:
        return list(_asked)


def seconds_unasked() -> float:
    """Return for how long nobody has asked for anything."""
    return time.monotonic() - _asked_at


def warm(newest: Release, questions: Iterable[Question]) -> None:
    """Keep the answers to questions about figures, for nobody in particular: `fetch` hands them out within rights.

    Raises
    ------
    ValueError
        A question is about rows.
    errors.DataError
        The shared database cannot be read.
    """
    for query, scope, parameters in questions:
        if query in ROWS:
            raise ValueError(f"{query.__name__} reads rows, which somebody with the right to them asks for")
        _result(get_settings().database_url, newest.id, query, scope, parameters)


def release() -> Release | None:
    """Return the newest data release, read anew on each call: its id is the data version; None before the first.

    What the rest of this run of the page fetches is of the same release.
    """
    with reading() as connection:
        newest = newest_release(connection)
    _run.mark, _run.url, _run.release, _run.kept = _mark_of_run(), get_settings().database_url, newest, {}
    return newest


def _check_rights(query: Callable[..., Any], scope: Scope | None) -> Viewer:
    viewer = _viewer_of_run()
    if viewer is None:
        raise SignedOut
    is_rows = query in ROWS
    if scope is None:
        if is_rows:
            raise ValueError(f"{query.__name__} reads rows and needs a scope")
        return viewer
    rights = auth.rows_scope(viewer) if is_rows else auth.figures_scope(viewer)
    if not rights.cover(scope):
        raise Refused
    return viewer


def _note_question(question: Question) -> None:
    global _asked_at
    _asked_at = time.monotonic()
    if question[0] in ROWS:
        return
    with _asked_lock:
        _asked[question] = None
        _asked.move_to_end(question)
        if len(_asked) > KEPT_QUESTIONS:
            _asked.popitem(last=False)


def _release_of_run() -> Release | None:
    """Return the release that this run of a page stands on, read once; outside a run the newest, read now."""
    return cast("Release | None", _run.release) if _is_of_run() else release()


def _is_of_run() -> bool:
    mark = _mark_of_run()
    return mark is not None and getattr(_run, "mark", None) is mark and _run.url == get_settings().database_url


def _viewer_of_run() -> Viewer | None:
    """Return who is looking, found out once in each run and fragment of a page, and anew at every call outside one."""
    mark = _mark_of_run()
    if mark is None or getattr(_run, "viewed", None) is not mark:
        _run.viewed, _run.viewer = mark, auth.current_viewer()
    return cast("Viewer | None", _run.viewer)


def _mark_of_run() -> object:
    """Return an object that Streamlit makes anew for each run, also of a fragment; None outside a run."""
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else context.cursors


@lru_cache(maxsize=KEPT_RESULTS)
def _result(
    url: str, version: int, query: Callable[..., T], scope: Scope | None, parameters: tuple[tuple[str, Any], ...]
) -> T:
    kept: Kept | None = _run.kept if _is_of_run() else None
    with reading() as connection, sharing(connection, kept):
        return query(connection, *(() if scope is None else (scope,)), **dict(parameters))
