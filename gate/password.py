"""Changing one's own password: when one likes, and before anything else where somebody else has set it or it is old."""

from asyncio import sleep
from math import ceil

from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from auth import COOKIE, living_session, must_change_password, state
from gate.caller import caller_address, caller_session
from gate.forms import TOKEN_COOKIE, form_fields, form_token, is_own_form, own_destination, set_cookie
from gate.notices import notice, password_form
from state import accounts, attempts, audit, sessions
from state.accounts import AccountError
from state.engine import writing
from state.sessions import Session

PATH = "/password"
_DUE = "首次登录、密码由他人设置或使用已满期限，须先修改密码才能继续。"
_STALE = "页面已过期，或浏览器未允许 Cookie，请重新填写。"


async def show_form(request: Request) -> Response:
    """Show the form to whoever has a session; others are sent to sign in."""
    destination = own_destination(request.query_params.get("next", ""))
    try:
        session = await run_in_threadpool(_session, request)
        is_due = session is not None and await run_in_threadpool(must_change_password, session.hash)
    except SQLAlchemyError:
        return notice(503)
    if session is None:
        return RedirectResponse("/sign-in", 303)
    return _form(request, session, destination, note=_DUE if is_due else "")


async def change(request: Request) -> Response:
    """Take the new password if the present one is right; every session of the account ends and a new one opens."""
    form = await form_fields(request)
    if form is None:
        return notice(400)
    destination = own_destination(form.get("next", ""))
    try:
        session = await run_in_threadpool(_session, request)
    except SQLAlchemyError:
        return notice(503)
    if session is None:
        return RedirectResponse("/sign-in?note=over", 303)
    try:
        if not is_own_form(request, form.get("token", "")):
            return _form(request, session, destination, fault=_STALE, status=403)
        changed = await _changed(session, form, caller_address(request))
    except AccountError as error:
        return _form(request, session, destination, fault=str(error), status=422)
    except SQLAlchemyError:
        return notice(503)
    response = RedirectResponse(destination, 303)
    set_cookie(response, request, COOKIE, changed)
    response.delete_cookie(TOKEN_COOKIE, path=PATH)
    return response


ROUTES = (
    Route(PATH, show_form, methods=["GET"]),
    Route(PATH, change, methods=["POST"]),
)


def _session(request: Request) -> Session | None:
    hashed = caller_session(request)
    return living_session(hashed) if hashed else None


async def _changed(session: Session, form: dict[str, str], address: str) -> str:
    """Return the id of the new session.

    Raises
    ------
    AccountError
        The present password is wrong or was tried too often, or the new one is not taken.
    """
    if session.is_demo:
        raise AccountError("演示账号的密码是公开的，不能修改。")
    new = form.get("password", "")
    if new != form.get("again", ""):
        raise AccountError("两次输入的新密码不一致。")
    admission = await run_in_threadpool(_admit, session.account, address)
    if admission.is_locked:
        raise AccountError(f"尝试次数过多，请在 {ceil(admission.wait.total_seconds() / 60)} 分钟后再试。")
    await sleep(admission.delay_seconds)
    return await run_in_threadpool(_change, session, form.get("current", ""), new, address)


def _admit(account: str, address: str) -> attempts.Admission:
    with writing(state()) as connection:
        return attempts.admit(connection, account, address)


def _change(session: Session, current: str, new: str, address: str) -> str:
    name = session.account
    with state().connect() as connection:
        is_right = accounts.authenticated(connection, name, current, with_demo=session.is_demo) is not None
    if not is_right:
        with writing(state()) as connection:
            audit.record(connection, "password_change_failed", account=name, address=address)
        raise AccountError("现在的密码不正确。")
    with writing(state()) as connection:
        attempts.succeed(connection, name, address)
    with writing(state()) as connection:
        accounts.change_password(connection, name, new)
        audit.record(connection, "password_changed", account=name, address=address)
        return sessions.open_session(connection, name, address)


def _form(
    request: Request, session: Session, destination: str, *, fault: str = "", note: str = "", status: int = 200
) -> Response:
    token = form_token(request)
    response = password_form(
        token=token, destination=destination, account=session.account, fault=fault, note=note, status=status
    )
    set_cookie(response, request, TOKEN_COOKIE, token, path=PATH)
    return response
