"""Who is looking, what they may see, and callables that ask again when they are called."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from functools import lru_cache, wraps
from pathlib import Path
from typing import NoReturn, ParamSpec, TypeVar, cast

import streamlit as st
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from analysis.scope import Rights, Role, Scope, Viewer
from errors import Refused, SignedOut
from navigation import PAGES
from settings import ROOT, get_settings
from state import audit, clock, sessions
from state.engine import state_engine, writing

COOKIE = "dashboard_session"
_LOG = logging.getLogger(__name__)
_BOUND = "_bound_session"
_ACTING: ContextVar[str | None] = ContextVar("acting_session", default=None)
_PAGE: ContextVar[str] = ContextVar("page_title", default="")
_IS_NOBODY: ContextVar[bool] = ContextVar("is_nobody", default=False)

NOBODY = Viewer(account="nobody", name="", role="township", session_hash="", township_code="")
"""Who looks while a page is rehearsed: the figures that are open to all, and the rows of no township."""

P = ParamSpec("P")
T = TypeVar("T")


def current_viewer() -> Viewer | None:
    """Return who is looking now, from the cookie of this very connection; None when the session is over.

    Every other rule asks here, on every run, fragment and call; tests replace this function and nothing else.
    """
    if _IS_NOBODY.get():
        return NOBODY
    hashed = _session_hash()
    return None if hashed is None else viewer_of(hashed)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Let what runs in here, in this thread, see NOBODY as the viewer: no session opens it, and it opens no rows."""
    token = _IS_NOBODY.set(True)
    try:
        yield
    finally:
        _IS_NOBODY.reset(token)


def viewer_of(session_hash: str, *, is_activity: bool = True) -> Viewer | None:
    """Return the viewer of a living session, or None; demo accounts live on the embedded demo only.

    A session whose password must be changed first is nobody's: it opens the page for that (gate.password) and no other.

    Parameters
    ----------
    is_activity
        Whether this look keeps the session from idling out.
    """
    session = living_session(session_hash)
    if session is None or _is_password_due(session):
        return None
    if is_activity and sessions.is_activity_due(session):
        _note_activity(session_hash)
    return Viewer(
        account=session.account,
        name=session.display_name,
        role=cast("Role", session.role),
        session_hash=session_hash,
        township_code=session.township_code,
        department_code=session.department_code,
    )


def living_session(session_hash: str) -> sessions.Session | None:
    """Return the living session of that hash, whether or not its password must be changed first; or None."""
    with state().connect() as connection:
        session = sessions.find_session(connection, session_hash)
    return None if session is None or (session.is_demo and not get_settings().is_embedded_demo) else session


def must_change_password(session_hash: str) -> bool:
    """Tell whether there is such a session and it may do nothing before its password is changed."""
    session = living_session(session_hash)
    return session is not None and _is_password_due(session)


def require_viewer(file: str) -> Viewer:
    """Return the viewer of the page in `file`; without one, or without the right to the page, say so and stop it.

    Raises
    ------
    ValueError
        The file is no page of navigation.PAGES.
    """
    path = Path(file).resolve().relative_to(ROOT).as_posix()
    page = next((page for page in PAGES if page.path == path), None)
    if page is None:
        raise ValueError(f"{path} is not in navigation.PAGES")
    viewer = current_viewer()
    if viewer is None:
        _stop(SignedOut.sentence)
    elif viewer.role not in page.roles:
        note_refusal(viewer, page.title)
        _stop("您没有权限打开这个页面。")
    _PAGE.set(page.title)
    return viewer


def note_refusal(viewer: Viewer, subject: str) -> None:
    """Put down in the audit trail that somebody asked for more than the rights allow."""
    try:
        with writing(state()) as connection:
            audit.record(connection, "refused", account=viewer.account, subject=subject)
    except SQLAlchemyError as error:  # refused all the same
        _LOG.warning("refusal not written: %s", type(error).__name__)


def figures_scope(viewer: Viewer) -> Rights:
    """Return which figures may be read: those of every township, by every role."""
    return Rights()


def rows_scope(viewer: Viewer) -> Rights:
    """Return which rows may be read: leader and office all, a department its own, a township its own."""
    if viewer.role == "township":
        return Rights(townships=frozenset({cast("str", viewer.township_code)}))
    if viewer.role == "department":
        return Rights(department=cast("str", viewer.department_code))
    return Rights()


def guarded(function: Callable[P, T], scope: Scope | None = None, *, is_rows: bool = True) -> Callable[P, T]:
    """Wrap a callable for `download_button(data=...)` or `on_click`, which run outside the page that made it.

    The session of the viewer is kept; when the callable is called, that session must still live, be that of the
    connection if there is one, and still cover the scope. Inside, `cache.fetch` sees this viewer. Bytes that it
    returns are a file that leaves the dashboard: put down in the audit trail, or not handed out.

    Parameters
    ----------
    scope
        What the callable reads or exports; None when it reads nothing that rights narrow.
    is_rows
        Whether it hands out rows (rows_scope) or figures only (figures_scope).

    Raises
    ------
    errors.SignedOut
        Here, and from the callable: there is no viewer, or no longer the same.
    errors.Refused
        From the callable: the scope goes beyond the rights.
    """
    maker = current_viewer()
    if maker is None:
        raise SignedOut
    kept, page = maker.session_hash, _PAGE.get()

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        with _acting(kept):
            viewer = current_viewer()
            if viewer is None or viewer.session_hash != kept:
                raise SignedOut
            rights = rows_scope(viewer) if is_rows else figures_scope(viewer)
            if scope is not None and not rights.cover(scope):
                note_refusal(viewer, page)
                raise Refused
            result = function(*args, **kwargs)
            if isinstance(result, bytes):
                _note_export(viewer, page, scope)
            return result

    return call


def bind_session(viewer: Viewer) -> None:
    """Tie Streamlit's session state to the viewer's session, and clear everything when it was another's.

    A WebSocket that reconnects with another user's cookie resumes the first user's state: dashboard.py calls this
    first on every run.
    """
    if st.session_state.get(_BOUND, viewer.session_hash) != viewer.session_hash:
        st.session_state.clear()
    st.session_state[_BOUND] = viewer.session_hash


def fingerprint(viewer: Viewer) -> str:
    """Return a mark by which the browser notices that its session became another; it opens nothing."""
    return viewer.session_hash[:16]


def state() -> Engine:
    """Return the engine on the state database."""
    return _state(get_settings().state_url)


@lru_cache(maxsize=2)
def _state(url: str) -> Engine:
    return state_engine(url)


def _is_password_due(session: sessions.Session) -> bool:
    """Tell whether the password was set by somebody else, or is older than DASHBOARD_PASSWORD_DAYS."""
    days = get_settings().password_days
    is_old = bool(days) and clock.now() - session.password_changed_at >= timedelta(days=days)
    return session.must_change_password or (is_old and not session.is_demo)


def _note_activity(session_hash: str) -> None:
    try:
        with writing(state()) as connection:
            sessions.note_activity(connection, session_hash)
    except SQLAlchemyError as error:  # full or read-only: who is known goes on looking, until the session idles out
        _LOG.warning("activity not written: %s", type(error).__name__)


def _note_export(viewer: Viewer, page: str, scope: Scope | None) -> None:
    said = page if scope is None else f"{page} 截至{scope.as_of:%Y-%m-%d} {len(scope.townships)}个乡镇"
    with writing(state()) as connection:
        audit.record(connection, "exported", account=viewer.account, subject=said)


def _session_hash() -> str | None:
    kept, of_cookie = _ACTING.get(), _cookie_hash()
    if kept and of_cookie and kept != of_cookie:
        return None
    return kept or of_cookie


def _cookie_hash() -> str | None:
    if get_script_run_ctx(suppress_warning=True) is None:  # a deferred download runs with no context at all
        return None
    session_id = st.context.cookies.get(COOKIE)
    return sessions.session_hash(session_id) if session_id else None


@contextmanager
def _acting(session_hash: str) -> Iterator[None]:
    token = _ACTING.set(session_hash)
    try:
        yield
    finally:
        _ACTING.reset(token)


def _stop(sentence: str) -> NoReturn:
    st.error(sentence)
    st.stop()
    raise Refused(sentence)  # run by Python itself, st.stop() stops nothing
