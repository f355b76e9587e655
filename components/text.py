"""Sentences on a page: the finding, a note under a figure, and the definitions behind the figures."""

from collections.abc import Mapping
from html import escape

import streamlit as st


def finding(sentence: str) -> None:
    """Show the page's answer in one sentence."""
    st.html(f"<p class='gov-finding'>{escape(sentence)}</p>")


def line(sentence: str) -> None:
    """Show a further finding, below the page's answer."""
    st.html(f"<p class='gov-line'>{escape(sentence)}</p>")


def note(sentence: str) -> None:
    """Show a remark in small letters."""
    st.html(f"<p class='gov-note'>{escape(sentence)}</p>")


def definitions(known: Mapping[str, str], *names: str) -> None:
    """Show what the named figures mean, in one foldable line."""
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(known[name])}</dd>" for name in names)
    st.html(f"<details class='gov-details'><summary>口径说明</summary><dl>{rows}</dl></details>")
