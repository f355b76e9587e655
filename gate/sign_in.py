"""Signing in and out, and asking whether one still is: the routes that are the gate's own."""

import secrets
from asyncio import sleep
from dataclasses import dataclass
from math import ceil
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from auth import COOKIE, fingerprint, state, viewer_of
from gate.caller import caller_address, caller_session, is_https, is_own_origin
from gate.middleware import VIEWER, page_path
from gate.notices import notice, sign_in_form
from settings import get_settings
from state import accounts, attempts, audit, sessions
from state.engine import writing

TOKEN_COOKIE = "dashboard_sign_in"  # noqa: S105
MAX_FORM_BYTES = 16_384
_NOTES = {"out": "您已退出登录。", "over": "登录已失效，请重新登录。"}
_WRONG = "账号或密码不正确。"
_STALE = "登录页面已过期，或浏览器未允许 Cookie，请重新登录。"


@dataclass(frozen=True)
class Outcome:
    """What came of one attempt: a session id, or a sentence."""

    session_id: str | None = None
    fault: str = ""
    status: int = 401
    retry_seconds: int = 0


async def show_form(request: Request) -> Response:
    """Show the form, or go on where the browser is signed in already."""
    destination = own_destination(request.query_params.get("next", ""))
    try:
        hashed = caller_session(request)
        viewer = await run_in_threadpool(viewer_of, hashed, is_activity=False) if hashed else None
    except SQLAlchemyError:
        return notice(503)
    if viewer is not None:
        return RedirectResponse(destination, 303)
    return _form(request, destination, note=_NOTES.get(request.query_params.get("note", ""), ""))


async def sign_in(request: Request) -> Response:
    """Check name and password; open a session and go where the visitor was heading."""
    form = await _form_fields(request)
    if form is None:
        return notice(400)
    destination, account = own_destination(form.get("next", "")), form.get("account", "").strip()[:64]
    if not _is_own_form(request, form.get("token", "")):
        return _form(request, destination, fault=_STALE, status=403)
    try:
        outcome = await _attempt(account, form.get("password", ""), caller_address(request), caller_session(request))
    except SQLAlchemyError:
        return notice(503)
    if outcome.session_id is None:
        response = _form(request, destination, account=account, fault=outcome.fault, status=outcome.status)
        if outcome.retry_seconds:
            response.headers["Retry-After"] = str(outcome.retry_seconds)
        return response
    response = RedirectResponse(destination, 303)
    _set_cookie(response, request, COOKIE, outcome.session_id)
    response.delete_cookie(TOKEN_COOKIE, path="/sign-in")
    return response


async def sign_out(request: Request) -> Response:
    """End the session at once; only a page of this host may ask for it."""
    if not is_own_origin(request):
        return notice(403)
    await run_in_threadpool(_end, request.scope[VIEWER].session_hash, request.scope[VIEWER].account)
    response = RedirectResponse("/sign-in?note=out", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


async def session(request: Request) -> Response:
    """Say which session this is; the gate has answered 401 when there is none. Asking is no activity."""
    return JSONResponse({"session": fingerprint(request.scope[VIEWER])})


def own_destination(given: str) -> str:
    """Return `given` if it is a page of this server, with its query; "/" for anything else (open redirect)."""
    if any(ord(character) < 0x20 or character == "\\" for character in given):
        return "/"
    try:
        parts = urlsplit(given)
    except ValueError:
        return "/"
    path = page_path(parts.path) if given.startswith("/") and not parts.scheme and not parts.netloc else None
    if path is None:
        return "/"
    return f"{path}?{parts.query}" if parts.query else path


ROUTES = (
    Route("/sign-in", show_form, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/session", session, methods=["GET"]),
)


def _is_own_form(request: Request, given: str) -> bool:
    """Tell whether our own page sent the form: by its Origin, or where a client sends none, by the token.

    The token alone would turn away a browser that opens several tabs at once, as each gets a cookie of its own.
    """
    if "origin" in request.headers:
        return is_own_origin(request)
    token = request.cookies.get(TOKEN_COOKIE, "")
    return bool(token) and secrets.compare_digest(token.encode(), given.encode())


async def _attempt(account: str, password: str, address: str, old_session: str | None) -> Outcome:
    """Count, check and answer one attempt; the same for a wrong password, an unknown and a disabled account."""
    admission = await run_in_threadpool(_admit, account, address)
    if admission.is_locked:
        seconds = ceil(admission.wait.total_seconds())
        sentence = f"尝试次数过多，请在 {ceil(seconds / 60)} 分钟后再试。"
        return Outcome(fault=sentence, status=429, retry_seconds=seconds)
    await sleep(admission.delay_seconds)  # before the check: a quick answer must not tell a right guess
    return await run_in_threadpool(_check, account, password, address, old_session)


def _admit(account: str, address: str) -> attempts.Admission:
    with writing(state()) as connection:
        admission = attempts.admit(connection, account, address)
        if admission.is_locked:
            audit.record(connection, "sign_in_locked", account=_known(connection, account), address=address)
        return admission


def _check(account: str, password: str, address: str, old_session: str | None) -> Outcome:
    with state().connect() as connection:
        with_demo = get_settings().is_embedded_demo
        found = accounts.authenticated(connection, account, password, with_demo=with_demo)
    with writing(state()) as connection:
        if found is None:
            audit.record(connection, "sign_in_failed", account=_known(connection, account), address=address)
            return Outcome(fault=_WRONG)
        attempts.succeed(connection, account, address)
        audit.record(connection, "sign_in", account=found.name, address=address)
        if old_session is not None:
            sessions.revoke(connection, old_session)
        return Outcome(session_id=sessions.open_session(connection, found.name, address))


def _known(connection: Connection, account: str) -> str | None:
    """Return the name if an account bears it: what else was typed may be a password."""
    return account if accounts.find_account(connection, account) else None


def _end(session_hash: str, account: str) -> None:
    with writing(state()) as connection:
        sessions.revoke(connection, session_hash)
        audit.record(connection, "sign_out", account=account)


def _form(
    request: Request, destination: str, *, account: str = "", fault: str = "", note: str = "", status: int = 200
) -> Response:
    token = request.cookies.get(TOKEN_COOKIE) or secrets.token_urlsafe(24)
    response = sign_in_form(
        token=token, destination=destination, account=account, fault=fault, note=note, status=status
    )
    _set_cookie(response, request, TOKEN_COOKIE, token, path="/sign-in")
    return response


def _set_cookie(response: Response, request: Request, name: str, value: str, path: str = "/") -> None:
    response.set_cookie(name, value, path=path, httponly=True, samesite="lax", secure=is_https(request))


async def _form_fields(request: Request) -> dict[str, str] | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return None
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        return None
    return {name: values[0] for name, values in fields.items()}
