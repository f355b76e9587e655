"""Signing in and out, and asking whether one still is: the routes that are the gate's own."""

from asyncio import sleep
from dataclasses import dataclass
from math import ceil
from urllib.parse import quote

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from auth import COOKIE, fingerprint, must_change_password, state, viewer_of
from gate.caller import caller_address, caller_session, is_own_origin
from gate.forms import TOKEN_COOKIE, form_fields, form_token, is_own_form, own_destination, set_cookie
from gate.middleware import VIEWER
from gate.notices import notice, sign_in_form
from settings import get_settings
from state import accounts, attempts, audit, sessions
from state.engine import writing

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
        is_held = viewer is None and hashed and await run_in_threadpool(must_change_password, hashed)
    except SQLAlchemyError:
        return notice(503)
    if viewer is not None:
        return RedirectResponse(destination, 303)
    if is_held:
        return RedirectResponse(f"/password?next={quote(destination, safe='')}", 303)
    return _form(request, destination, note=_NOTES.get(request.query_params.get("note", ""), ""))


async def sign_in(request: Request) -> Response:
    """Check name and password; open a session and go where the visitor was heading."""
    form = await form_fields(request)
    if form is None:
        return notice(400)
    destination, account = own_destination(form.get("next", "")), form.get("account", "").strip()[:64]
    if not is_own_form(request, form.get("token", "")):
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
    set_cookie(response, request, COOKIE, outcome.session_id)
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


async def presenting(request: Request) -> Response:
    """Note that the session presents a meeting (PUT), so that it idles out later, or does no longer (DELETE)."""
    if not is_own_origin(request):
        return notice(403)
    viewer = request.scope[VIEWER]
    await run_in_threadpool(_note_presenting, viewer.session_hash, is_presenting=request.method == "PUT")
    return JSONResponse({"session": fingerprint(viewer)})


ROUTES = (
    Route("/sign-in", show_form, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/session", session, methods=["GET"]),
    Route("/session", presenting, methods=["PUT", "DELETE"]),
)


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
    token = form_token(request)
    response = sign_in_form(
        token=token, destination=destination, account=account, fault=fault, note=note, status=status
    )
    set_cookie(response, request, TOKEN_COOKIE, token, path="/sign-in")
    return response


def _note_presenting(session_hash: str, *, is_presenting: bool) -> None:
    with writing(state()) as connection:
        sessions.note_presenting(connection, session_hash, is_presenting=is_presenting)
