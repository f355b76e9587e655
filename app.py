"""The server: the gate before Streamlit, the sign-in routes, the error boundary. Run by `streamlit run app.py`."""

import sys
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

import warming
from analysis.outlines import UnusableMap, read_outlines
from auth import state
from database.demo import ensure_demo
from gate import exports, health, password, sign_in
from gate.boundary import tell
from gate.headers import Headers
from gate.logs import write_json_lines
from gate.middleware import Gate
from settings import EMBEDDED_DEMO, ROOT, get_settings
from state.accounts import ROLE_NAMES
from state.demo import DEMO_PASSWORD, ensure_demo_accounts
from state.engine import migrate, writing


def prepare() -> None:
    """Make ready what the server needs: settings, state database and, with no DATABASE_URL, the demo county."""
    write_json_lines()
    settings = get_settings()
    _examine_map(settings.township_map)
    migrate(state())
    exports.clear_left()
    if settings.is_embedded_demo:
        ensure_demo(EMBEDDED_DEMO, _say)
        _offer_demo_accounts()
    address = st.get_option("server.address") or "localhost"
    host = "localhost" if address in ("127.0.0.1", "0.0.0.0") else address  # noqa: S104
    _say(f"看板地址：http://{host}:{st.get_option('server.port')}")


def _examine_map(path: Path | None) -> None:
    """End the start with one sentence where the county's own map cannot be drawn."""
    try:
        if path is not None:
            read_outlines(path)
    except UnusableMap as error:
        raise SystemExit(f"无法启动：设置 DASHBOARD_TOWNSHIP_MAP {error}。") from None


def _offer_demo_accounts() -> None:
    with writing(state()) as connection:
        offered = ensure_demo_accounts(connection)
    _say("演示账号（仅限内置演示数据，密码均为 " + DEMO_PASSWORD + "）：")
    for account in offered:
        _say(f"  {account.name:<12}{ROLE_NAMES[account.role]}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


prepare()
warming.start()

# Streamlit's legacy mode would serve files under pages/ by itself, past dashboard.py, to the first visitor after a
# restart; nothing but this class attribute closes it before st.navigation has run once.
PagesManager.uses_pages_directory = False

# uvicorn would name itself in every answer; Streamlit hands no option through, and the server stands already.
setattr(uvicorn.Config, "encoded_headers", property(lambda config: [], lambda config, headers: None))  # noqa: B010

app = st.App(
    ROOT / "dashboard.py",
    routes=(*sign_in.ROUTES, *password.ROUTES, *health.ROUTES, *exports.ROUTES),
    middleware=[Middleware(Headers), Middleware(Gate)],
    on_script_error=tell,
)
