"""A page's own ways to look, beside the shared filters: one row of buttons each, kept in the URL by its words."""

from collections.abc import Sequence

import streamlit as st


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
