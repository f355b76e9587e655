"""A small component: 复制链接, the address of this page with its filters and the as-of date in full."""

from datetime import date
from functools import cache
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

_HERE = Path(__file__).parent
_BUTTON = '<div class="who"><button type="button" aria-live="polite">复制链接</button></div>'


def copy_link(as_of: date | None) -> None:
    """Draw the button; `as_of` is the day of the figures on the page, None where the page has no such day."""
    _component()(key="copy_link", data={"asOf": as_of.isoformat() if as_of else ""})


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "copy_link",
        html=_BUTTON,
        css=(_HERE / "session_watch.css").read_text(encoding="utf-8"),
        js=(_HERE / "copy_link.js").read_text(encoding="utf-8"),
    )
