"""Headline cards and small multiples: one block of HTML each, because eight separate widgets cost more than a chart."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import isfinite
from typing import Literal

import streamlit as st

from analysis.wording import MISSING
from components.definitions import help_mark
from components.text import nothing_html
from components.theme import BLUE, GREY
from components.township_names import township_address

Tone = Literal["", "green", "yellow", "red", "grey"]
WIDTH, HEIGHT = 160, 36


@dataclass(frozen=True)
class Card:
    """One headline figure: its label, the figure with its unit, a sentence, and a foot with the caveat or n/N.

    `trend` is drawn as a small line from zero; `tone` colours the upper edge only: the sentence carries the meaning.
    `marks` are lights with their counts, trusted markup from components.lights. `figure` is the code of the figure's
    definition (analysis/definitions.csv, or an indicator's own): a question mark leads to it.
    """

    label: str
    value: str
    unit: str = ""
    note: str = ""
    foot: str = ""
    trend: Sequence[float] = ()
    trend_says: str = ""
    marks: Sequence[str] = ()
    tone: Tone = ""
    is_wide: bool = False
    figure: str = ""


@dataclass(frozen=True)
class Multiple:
    """One cell of a row of small multiples: a name, the figure now, its history, and a line below.

    `plan` is a dashed line on the same scale, which may run further; `mark` trusted markup; `address` what the name
    leads to.
    """

    name: str
    now: str
    history: Sequence[float]
    note: str = ""
    plan: Sequence[float] = ()
    mark: str = ""
    address: str = ""


def sparkline(
    values: Sequence[float],
    *,
    plan: Sequence[float] = (),
    top: float | None = None,
    hue: str = BLUE,
    height: int = HEIGHT,
) -> str:
    """Draw `values` over a zero base as the data URI of an image; a missing value breaks the line.

    `top` fixes the scale, so that several lines can be compared; the default is the largest value. `plan` is dashed
    behind them, from the same start. Fewer than two finite values in all give "".
    """
    finite = [v for v in (*values, *plan) if isfinite(v)]
    if len(finite) < 2:
        return ""
    ceiling = (max(finite) if top is None else top) or 1
    step = WIDTH / (max(len(values), len(plan)) - 1)
    floor = height - 2
    dashed = _line(plan, step, floor, (height - 5) / ceiling)
    lines = _line(values, step, floor, (height - 5) / ceiling)
    if dashed:
        lines = f'<g stroke="{GREY}" stroke-width="1.5" stroke-dasharray="4 3">{dashed}</g>{lines}'
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" preserveAspectRatio="none">'
        f'<path d="M0 {floor + 1}H{WIDTH}" stroke="#7d8794" stroke-width="1" opacity=".5"/>'
        f'<g fill="none" stroke="{hue}" stroke-width="2.5">{lines}</g></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _line(values: Sequence[float], step: float, floor: float, scale: float) -> str:
    """Draw the runs of finite values as polylines; a run of one is a short dash."""
    runs: list[list[tuple[float, float]]] = [[]]
    for i, v in enumerate(values):
        if isfinite(v):
            runs[-1].append((i * step, floor - scale * v))
        elif runs[-1]:
            runs.append([])
    points = (" ".join(f"{x:.1f},{y:.1f}" for x, y in _visible(run)) for run in runs if run)
    return "".join(f'<polyline vector-effect="non-scaling-stroke" points="{each}"/>' for each in points)


def _visible(run: list[tuple[float, float]]) -> list[tuple[float, float]]:
    (x, y) = run[0]
    return run if len(run) > 1 else [(max(x - 4, 0), y), (x + 4, y)]


def cards_html(cards: Sequence[Card]) -> str:
    """Return the cards as one list of articles, everything escaped."""
    if not cards:
        return nothing_html("可以显示的数字")
    return f'<div class="gov-cards">{"".join(map(_card, cards))}</div>'


def kpi_cards(cards: Sequence[Card]) -> None:
    """Show the headline cards."""
    st.html(cards_html(cards))


def multiples_html(cells: Sequence[Multiple]) -> str:
    """Return small multiples on one common scale from zero, with that scale's top named in every cell's text."""
    if not cells:
        return nothing_html("可以比较的乡镇（街道）")
    top = max((v for cell in cells for v in (*cell.history, *cell.plan) if isfinite(v)), default=0.0)
    return f'<div class="gov-grid">{"".join(_multiple(cell, top) for cell in cells)}</div>'


def township_cells(trends: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> list[Multiple]:
    """Return a cell per township (`analysis.trends.township_trends`): the last figure, the line, the year before."""
    return [_trend_cell(label, now, before) for label, (now, before) in trends.items()]


def _trend_cell(label: str, now: Sequence[float], before: Sequence[float]) -> Multiple:
    known = [value for value in now if isfinite(value)]
    said = (f"{known[-1]:,.0f}", f"期内最高{max(known):,.0f}件") if known else (MISSING, "")
    plan = before if any(map(isfinite, before)) else ()
    return Multiple(label, said[0], now, said[1], plan=plan, address=township_address(label))


def small_multiples(cells: Sequence[Multiple]) -> None:
    """Show the small multiples."""
    st.html(multiples_html(cells))


def _card(card: Card) -> str:
    classes = " ".join(filter(None, ("gov-card", card.tone, "wide" if card.is_wide else "")))
    unit = f"<small>{escape(card.unit)}</small>" if card.unit else ""
    note = f'<div class="note">{escape(card.note)}</div>' if card.note else ""
    marks = f'<div class="marks">{"".join(f"<span>{mark}</span>" for mark in card.marks)}</div>' if card.marks else ""
    foot = f'<div class="foot">{escape(card.foot)}</div>' if card.foot else ""
    return (
        f'<article class="{classes}"><h3>{_label(card)}</h3>'
        f'<div class="value">{escape(card.value)}{unit}</div>'
        f"{note}{marks}{_image(sparkline(card.trend), card.trend_says)}{foot}</article>"
    )


def _label(card: Card) -> str:
    """Return a card's label with its question mark, which never stands alone on a line."""
    first, last = card.label[:-1], card.label[-1:]
    return f"{escape(first)}<span>{escape(last)}{help_mark(card.figure)}</span>" if card.figure else escape(card.label)


def _multiple(cell: Multiple, top: float) -> str:
    line = _image(sparkline(cell.history, plan=cell.plan, top=top, height=44), f"{cell.name}走势")
    note = f"<p>{cell.mark}{escape(cell.note)}</p>" if cell.note or cell.mark else ""
    name = (
        f'<a href="{escape(cell.address)}" target="_self">{escape(cell.name)}</a>'
        if cell.address
        else escape(cell.name)
    )
    head = f'<header><span title="{escape(cell.name)}">{name}</span><b>{escape(cell.now)}</b></header>'
    return f'<div class="gov-cell">{head}{line}{note}</div>'


def _image(source: str, says: str) -> str:
    return f'<img src="{source}" alt="{escape(says)}">' if source else ""
