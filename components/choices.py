"""A page's own ways to look, beside the shared filters: rows of buttons and lists, kept in the URL by their words."""

from collections.abc import Mapping, Sequence

import streamlit as st

_PIXELS = 420


def choice(label: str, options: Sequence[str], *, key: str) -> str:
    """Show a row of buttons and return the one chosen; the first is the default and stays out of the URL.

    A value in the URL that is none of them is named, and the default shown.
    """
    for asked in st.query_params.get_all(key):
        if asked not in options:
            st.warning(f"链接中的{label}“{asked}”不存在，已按{options[0]}显示。", icon=":material/info:")
    chosen = st.segmented_control(
        label, options, default=options[0], required=True, key=key, bind="query-params", label_visibility="collapsed"
    )
    return chosen or options[0]


def pick(label: str, options: Mapping[str, str], *, key: str, placeholder: str = "") -> str | None:
    """Show a list and return the code chosen; `options` are labels by code, the URL holds the label.

    The first is the default; with a placeholder nothing is, and None comes back until something is chosen. A value in
    the URL that is none of them is named, and the default shown.
    """
    codes = list(options)
    for asked in st.query_params.get_all(key):
        if asked and asked not in options.values():
            shown = "未选择" if placeholder else options[codes[0]]
            st.warning(f"链接中的{label}“{asked}”不存在，已按{shown}显示。", icon=":material/info:")
    return st.selectbox(
        label,
        codes,
        index=None if placeholder else 0,
        format_func=options.__getitem__,
        key=key,
        placeholder=placeholder or None,
        bind="query-params",
        width=_PIXELS,
    )
