"""口径: what a figure means, beside it as a mark or a foldable line, and whole on its own page.

Every mark leads to the page of all definitions, in a tab of its own: the filters of this one stay as they are.
"""

from collections.abc import Iterable
from html import escape
from itertools import groupby
from urllib.parse import quote

import streamlit as st

from analysis.definitions import DEFINITIONS, Definition, definition
from components.text import nothing_html

PAGE = "definitions"
"""The page of all definitions: the stem of its file is its URL."""

PARTS = (
    ("含义", "meaning"), ("公式", "formula"), ("期间", "period"), ("数据来源", "source"), ("计量单位", "unit"),
    ("方向", "direction"), ("考核规则", "rule"), ("责任单位", "department"),
)  # fmt: skip
WHOLE = ("含义", "公式")


def definition_link(figure: str) -> str:
    """Return the address of one figure's definition, by its name where it is ours: that is what the box then holds."""
    own = DEFINITIONS.get(figure)
    return f"{PAGE}?figure={quote(own.name if own else figure)}"


def help_mark(figure: str) -> str:
    """Return a small question mark that leads to the figure's definition; "" for no figure."""
    return _link(figure, "gov-help", "") if figure else ""


def term(word: str, figure: str) -> str:
    """Return a heading that leads to the definition of its figure; the word alone for no figure."""
    return _link(figure, "gov-term", word) if figure else escape(word)


def definitions(*figures: str) -> None:
    """Show what the application's own figures mean, by code, in one foldable line; each name leads to its whole text.

    Raises
    ------
    KeyError
        A code that analysis/definitions.csv does not hold.
    """
    st.html(definitions_html([definition(figure) for figure in figures]))


def definitions_html(known: Iterable[Definition]) -> str:
    """Return definitions as one foldable line."""
    if not (known := list(known)):
        return nothing_html("口径说明")
    rows = "".join(
        f'<dt><a href="{escape(definition_link(each.code))}" target="_blank">{escape(each.name)}</a></dt>'
        f"<dd>{escape(each.meaning)}<br>公式：{escape(each.formula)}</dd>"
        for each in known
    )
    more = f'<p><a href="{PAGE}" target="_blank">全部口径（可检索、可打印）</a></p>'
    return f"<details class='gov-details'><summary>口径说明</summary><dl>{rows}</dl>{more}</details>"


def definition_list(known: Iterable[Definition]) -> None:
    """Show definitions whole, by subject, for reading, searching and printing."""
    st.html(definition_list_html(known))


def definition_list_html(known: Iterable[Definition]) -> str:
    """Return definitions whole: a heading per run of one subject, an article per figure."""
    if not (known := list(known)):
        return nothing_html("相符的口径")
    sections = "".join(
        f'<section class="gov-defs"><h2>{escape(subject)}</h2>{"".join(map(_article, own))}</section>'
        for subject, own in groupby(known, lambda each: each.subject)
    )
    return f"<div>{sections}</div>"


def _article(shown: Definition) -> str:
    said = ((heading, getattr(shown, part)) for heading, part in PARTS)
    rows = "".join(
        f"<div{' class=whole' if heading in WHOLE else ''}><dt>{heading}</dt><dd>{escape(text)}</dd></div>"
        for heading, text in said
        if text
    )
    link = f'<a href="{escape(definition_link(shown.code))}" title="本条的链接">{escape(shown.name)}</a>'
    code = f" <small>{escape(shown.code)}</small>" if shown.code not in DEFINITIONS else ""
    return f"<article><h3>{link}{code}</h3><dl>{rows}</dl></article>"


def _link(figure: str, look: str, word: str) -> str:
    own = DEFINITIONS.get(figure)
    name, says = (own.name, f"{own.name}：{own.meaning}") if own else (word or figure, f"{word or figure}的口径")
    label = "" if word else f' aria-label="{escape(name)}的口径"'
    address = escape(definition_link(figure))
    return f'<a class="{look}" href="{address}" target="_blank" title="{escape(says)}"{label}>{escape(word)}</a>'
