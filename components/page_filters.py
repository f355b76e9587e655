"""Filters of some pages only, in the sidebar below the shared ones: lists kept in the URL by their words.

dashboard.py builds them from frames it read; components.filters draws them, says them in the chip and clears them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from analysis.lights import LIGHTS

WORK_GROUP, DEPARTMENT, LIGHT = "work_group", "department", "light"
ALL = "全部"


@dataclass(frozen=True)
class PageFilter:
    """One filter: its key in the URL, its label, the labels to choose from by code; one of them, or several."""

    key: str
    label: str
    options: Mapping[str, str]
    is_many: bool = False


def light_filter() -> PageFilter:
    """Return the filter of lights, by their words."""
    return PageFilter(LIGHT, "亮灯", {light.value: mark.word for light, mark in LIGHTS.items()}, is_many=True)


def draw(own: PageFilter) -> None:
    """Draw a filter; none chosen means all."""
    codes = list(own.options)
    if own.is_many:
        st.multiselect(
            own.label, codes, format_func=own.options.__getitem__, key=own.key, bind="query-params", placeholder=ALL
        )
    else:
        st.selectbox(own.label, codes, None, own.options.__getitem__, key=own.key, bind="query-params", placeholder=ALL)


def chosen(own: PageFilter) -> tuple[str, ...]:
    """Return the codes chosen, in the order of the options; none for all."""
    value = st.session_state.get(own.key)
    picked = value if isinstance(value, list | tuple) else [value]
    return tuple(code for code in own.options if code in picked)


def said(own: PageFilter) -> str:
    """Return what is chosen in words; "" for all."""
    return "、".join(own.options[code] for code in chosen(own))


def clear(own: PageFilter) -> None:
    """Choose all again; for a callback."""
    st.session_state[own.key] = [] if own.is_many else None


def unknown(own: PageFilter, query: Mapping[str, Sequence[str]]) -> str:
    """Return a sentence that names the values in the URL that cannot be chosen; "" without any."""
    asked = [text for text in query.get(own.key, ()) if text]
    lost = [text for text in asked if text not in own.options.values()]
    if not lost:
        return ""
    rest = "其余所选照常显示" if len(lost) < len(asked) else "已显示全部"
    return f"链接中的{own.label}“{'、'.join(lost)}”不存在，{rest}。"
