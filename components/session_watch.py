"""A small component: who is signed in, a button to sign out, and a watch that leaves when the session ends."""

from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent
_WHO = (
    '<div class="who"><span></span><a href="/password" target="_self">修改密码</a>'
    '<button type="button">退出登录</button></div>'
)


def session_watch(name: str = "", fingerprint: str = "") -> None:
    """Draw the viewer's name, 修改密码 and 退出登录, and watch the session.

    The browser asks `GET /session` every 20 seconds and on focus, which is no activity. On 401 it leaves for the
    sign-in page and comes back to this URL afterwards; where the session became another one, it loads the page anew.

    Parameters
    ----------
    name
        What the viewer is called on screen.
    fingerprint
        `auth.fingerprint(viewer)`. With both left out, for somebody whose session is over, it leaves at once.
    """
    _component()(key="session_watch", data={"name": name, "session": fingerprint})


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "session_watch",
        html=_WHO,
        css=(_HERE / "session_watch.css").read_text(encoding="utf-8"),
        js=(_HERE / "session_watch.js").read_text(encoding="utf-8"),
    )
