"""The gate: every request and WebSocket is let through, sent to sign in, or turned away, before Streamlit sees it."""

from typing import cast
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from analysis.scope import Viewer
from auth import note_refusal, viewer_of
from gate.caller import caller_session, is_own_origin
from gate.front_page import FRONT_PAGE, STATIC
from gate.notices import notice
from navigation import PAGES, Page

METHODS = {
    "/sign-in": {"GET", "HEAD", "POST"},
    "/password": {"GET", "HEAD", "POST"},
    "/sign-out": {"POST"},
    "/session": {"GET", "PUT", "DELETE"},
    "/health": {"GET", "HEAD"},
}
"""Our own routes; asked otherwise they would fall through to Streamlit's page for everything."""
OPEN = frozenset({"/_stcore/health", "/health", "/sign-in", "/password"})
"""What answers without a session; /password looks at the session itself."""
CLOSED = frozenset({"/session", "/sign-out", "/_stcore/host-config"})
CLOSED_PREFIXES = ("/export/", "/media/", "/component/", "/_stcore/upload_file/", "/_stcore/bidi-components/")
SOCKET = "/_stcore/stream"
VIEWER = "dashboard.viewer"
"""Key of the viewer in the ASGI scope of whatever the gate let through."""

_FILES = frozenset("/" + file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*.*")) - {"/index.html"}
_PAGES = {"/" + page.path.rsplit("/", 1)[-1].removesuffix(".py"): page for page in PAGES}
_CANONICAL = {path: "/" if page.is_default else path for path, page in _PAGES.items()} | {"/": "/"}
_DEFAULT = next(page for page in PAGES if page.is_default)


class Gate:
    """ASGI middleware: a session, and the right to the page, before anything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the connection through or answer in its place."""
        if scope["type"] == "http" and scope["method"] not in METHODS.get(scope["path"], {scope["method"]}):
            await notice(405)(scope, receive, send)
            return
        if scope["type"] == "lifespan" or _is_open(scope):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        answer: Response | None
        try:
            viewer = await _viewer(connection, is_activity=_page(scope["path"]) is not None)
        except SQLAlchemyError:  # the state database is away: nobody can be known
            viewer, answer = None, notice(503)
        else:
            answer = _answer(connection, viewer)
            scope[VIEWER] = viewer
        if viewer is not None and answer is not None and answer.status_code == 403:
            await run_in_threadpool(note_refusal, viewer, scope["path"])
        if scope["type"] == "websocket" and answer is not None:
            await send({"type": "websocket.close", "code": 1008})
            return
        await (self._app if answer is None else answer)(scope, receive, send)


def page_path(path: str) -> str | None:
    """Return the path at which Streamlit serves the page asked for, or None where there is no page."""
    return _CANONICAL.get(path.rstrip("/") or "/")


def _is_open(scope: Scope) -> bool:
    path = scope["path"]
    return scope["type"] == "http" and (path in OPEN or (path.startswith("/static/") and path in _FILES))


def _answer(connection: HTTPConnection, viewer: Viewer | None) -> Response | None:
    """Return what the gate itself answers, or None to let the connection through."""
    path = connection.scope["path"]
    if connection.scope["type"] == "websocket":
        is_let_in = viewer is not None and path == SOCKET and is_own_origin(connection)
        return None if is_let_in else notice(401)
    page = _page(path)
    is_known = page is not None or path in CLOSED or path in _FILES or path.startswith(CLOSED_PREFIXES)
    if viewer is None:
        return _stranger(connection, page, is_known=is_known or path.startswith("/_stcore/"))
    if not is_known:
        return notice(404)
    if page is None:
        is_fetch = path.startswith("/export/") and connection.scope["method"] not in ("GET", "HEAD")
        return notice(405) if is_fetch else None
    if viewer.role not in page.roles:
        return notice(403)
    if connection.scope["method"] not in ("GET", "HEAD"):
        return notice(405)
    canonical = cast("str", page_path(path))
    if path != canonical:
        return RedirectResponse(_with_query(canonical, connection), 303)
    return HTMLResponse(FRONT_PAGE)


def _stranger(connection: HTTPConnection, page: Page | None, *, is_known: bool) -> Response:
    if page is not None and _is_navigation(connection):
        asked = _with_query(cast("str", page_path(connection.scope["path"])), connection)
        return RedirectResponse(f"/sign-in?next={quote(asked, safe='')}", 303)
    return notice(401 if is_known else 404)


def _is_navigation(connection: HTTPConnection) -> bool:
    """Tell whether a person opens a page: anything else must not be answered with a sign-in page to save or parse."""
    if connection.scope["method"] != "GET":
        return False
    mode = connection.headers.get("sec-fetch-mode")
    return mode == "navigate" if mode else "text/html" in connection.headers.get("accept", "")


def _page(path: str) -> Page | None:
    trimmed = path.rstrip("/")
    return _PAGES.get(trimmed) if trimmed else (_DEFAULT if path == "/" else None)


def _with_query(path: str, connection: HTTPConnection) -> str:
    query = connection.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


async def _viewer(connection: HTTPConnection, *, is_activity: bool) -> Viewer | None:
    hashed = caller_session(connection)
    return await run_in_threadpool(viewer_of, hashed, is_activity=is_activity) if hashed else None
