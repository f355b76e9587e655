"""The lights of the tasks, always word, shape and colour together: one, and counts of them."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from analysis.lights import LIGHTS, Light
from components.text import nothing_html


def light_mark(light: Any) -> str:
    """Return a light as trusted markup: shape and word in the colour of its level."""
    style = LIGHTS[Light(light)]
    parts = f'<span class="shape">{style.shape}</span> <span class="word">{escape(style.word)}</span>'
    return f'<span class="light {style.level}">{parts}</span>'


def narrow_mark(light: Any, address: str = "") -> str:
    """Return a light for a narrow cell, with a shorter word for small screens; a link where there is an address."""
    style = LIGHTS[Light(light)]
    short = "" if style.short == style.word else f'<span class="short">{escape(style.short)}</span>'
    word = f'<span class="word{" long" if short else ""}">{escape(style.word)}</span>{short}'
    inner = f'<span class="shape">{style.shape}</span> {word}'
    if not address:
        return f'<span class="light {style.level}">{inner}</span>'
    return f'<a class="light {style.level}" href="{escape(address)}" target="_self">{inner}</a>'


def light_word(light: Any) -> str:
    """Return the word of a light."""
    return LIGHTS[Light(light)].word


def counted_marks(counts: Mapping[Light, int]) -> list[str]:
    """Return each light that occurs, with how often, as trusted markup."""
    return [f"{light_mark(light)}<b>{counts[light]}</b>" for light in LIGHTS if counts.get(light)]


def counts_html(counts: Mapping[Light, int]) -> str:
    """Return how many there are of each light, worst last, as one line of words; a light with none is left out."""
    if not any(counts.values()):
        return nothing_html("可以亮灯的任务")
    return f'<ul class="gov-counts">{"".join(f"<li>{item}</li>" for item in counted_marks(counts))}</ul>'


def light_counts(counts: Mapping[Light, int]) -> None:
    """Show how many there are of each light."""
    st.html(counts_html(counts))
