"""Sentences on a page: the finding, a further line, a note under a figure."""

from html import escape

import streamlit as st


def finding(sentence: str) -> None:
    """Show the page's answer in one sentence."""
    st.html(f"<p class='gov-finding'>{escape(sentence)}</p>")


def line(sentence: str) -> None:
    """Show a further finding, below the page's answer; nothing for an empty one."""
    if sentence:
        st.html(f"<p class='gov-line'>{escape(sentence)}</p>")


def note(sentence: str) -> None:
    """Show a remark in small letters; nothing for an empty one."""
    if sentence:
        st.html(f"<p class='gov-note'>{escape(sentence)}</p>")


def nothing_html(what: str) -> str:
    """Return the sentence that stands in place of a list or table of nothing."""
    return f"<p class='gov-note'>没有{escape(what)}。</p>"


def how_to_read(*sentences: str) -> None:
    """Show how a chart is read, in one foldable line; a paragraph per sentence."""
    said = "".join(f"<p>{escape(sentence)}</p>" for sentence in sentences)
    st.html(f"<details class='gov-details gov-how'><summary>怎么看</summary>{said}</details>")
