"""A small component: from township to township by links and arrow keys, and tiles that filter without a page load.

Every link has an address of its own: without the script, or opened in a new tab, it leads to the same page.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from components.filters import township_labels
from components.links import township_link

_HERE = Path(__file__).parent
_KEY = "township_walk"


def township_walk(before: str = "", after: str = "", *, filters: Mapping[str, Any] | None = None) -> None:
    """Draw the links to the townships before and after, which ← and → follow too; with neither, only listen.

    Links of the page that bear data-township (components.tiles) choose that township, "" all of them.

    Parameters
    ----------
    before, after
        Labels of townships.
    filters
        What else their addresses hold, such as the as-of date.
    """
    ends = {
        name: {"label": label, "address": township_link(label, filters=filters or {})} if label else None
        for name, label in (("before", before), ("after", after))
    }
    _component()(key=_KEY, data=ends, on_township_change=_choose)


def _choose() -> None:
    """Filter by the township that was clicked or walked to; by none for ""."""
    asked = st.session_state[_KEY]["township"]
    known = {label: code for code, label in township_labels().items()}
    if asked == "" or asked in known:
        st.session_state["township"] = [known[asked]] if asked else []


@cache
def _component() -> ComponentRenderer:
    return st.components.v2.component(
        "township_walk",
        html='<nav aria-label="上一个、下一个乡镇（街道）"><a></a><a></a><span>按 ← → 键切换</span></nav>',
        css=(_HERE / "township_walk.css").read_text(encoding="utf-8"),
        js=(_HERE / "township_walk.js").read_text(encoding="utf-8"),
    )
