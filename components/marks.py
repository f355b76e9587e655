"""Small graphics inside a table's cell: a score against its 60-point line, a rank within its range, a change, a gap.

Each stands beside its number in the same cell: the graphic adds, the number says. Trusted markup.
"""

from html import escape
from math import isnan
from typing import Any, NamedTuple

from analysis.levels import Look
from analysis.rankings import DOWN, UP
from analysis.scoring import FULL, PASS
from analysis.wording import MISSING, place, places
from components.definitions import term

BAND_LOOKS = {"明显靠前": "ahead", "明显靠后": "trailing"}


class Range(NamedTuple):
    """A rank, the range of ranks it may hold by chance, the places there are, and the band's word."""

    rank: float
    low: float
    high: float
    places: int
    band: str


def score_mark(value: Any) -> str:
    """Return a score of 0 to 100 as a bar with a line at 60, and its number."""
    if isnan(value):
        return MISSING
    look = "pass" if value >= PASS else "below"
    bar = f'<span class="gov-bar {look}"><i style="width:{100 * value / FULL:.1f}%"></i></span>'
    return f'<span class="gov-measure">{bar}<b>{value:.1f}</b></span>'


def range_mark(shown: Range) -> str:
    """Return a rank as a dot over its range among all places, with faint lines at the thirds, and its words."""
    if isnan(shown.rank) or isnan(shown.low):
        return MISSING
    look = BAND_LOOKS.get(shown.band, "between")
    low, high, dot = (_along(rank, shown.places) for rank in (shown.low, shown.high, shown.rank))
    bar = f'<i style="left:{low:.1f}%;width:{max(high - low, 0):.1f}%"></i><u style="left:{dot:.1f}%"></u>'
    says = f"{place(shown.rank)}，名次范围{places(shown.low, shown.high)}，{shown.band}"
    track = f'<span class="gov-track {look}" title="{escape(says)}">{bar}</span>'
    return f'<span class="gov-measure">{track}<b>{escape(places(shown.low, shown.high))}</b></span>'


def change_mark(said: Any) -> str:
    """Return the words of a rank's change, coloured where it climbed or fell."""
    look = {UP: "gov-up", DOWN: "gov-down"}.get(str(said)[:1], "")
    return f'<span class="{look}">{escape(str(said))}</span>'


class Points(NamedTuple):
    """Points of a gap: in words, their share of it in words, the number, the widest of the table, whose gain it is."""

    words: str
    share: str
    value: float
    widest: float
    is_lead: bool = False


def gap_mark(shown: Points) -> str:
    """Return points of a gap as a bar from the middle, to the right what widens it; without a bar where it is NaN."""
    bar, look = "", "none"
    if not isnan(shown.value) and shown.widest > 0:
        width = 50 * min(abs(shown.value) / shown.widest, 1)
        left = 50 if shown.value >= 0 else 50 - width
        look = "loss" if (shown.value >= 0) != shown.is_lead else "gain"
        bar = f'<i style="left:{left:.1f}%;width:{width:.1f}%"></i>'
    said = f"<b>{escape(shown.words)}<small>{escape(shown.share)}</small></b>"
    return f'<span class="gov-measure"><span class="gov-diverging {look}">{bar}</span>{said}</span>'


def whole(said: Any) -> str:
    """Return words that stay on one line."""
    return f'<span class="gov-whole">{escape(str(said))}</span>'


def two_lines(shown: tuple[str, str, str]) -> str:
    """Return a text with a smaller one below it; the text leads to the definition of its figure, where it has one."""
    text, below, figure = shown
    return f'{term(text, figure)}<small class="gov-below">{escape(below)}</small>'


def note_mark(shown: tuple[str, str]) -> str:
    """Return few words that say the whole when pointed at."""
    words, whole = shown
    return f'<span class="gov-aside" title="{escape(whole)}">{escape(words)}</span>'


def level_mark(look: Look) -> str:
    """Return a level's shape and word in its colour."""
    return f'<span class="light {look.colour}"><span class="shape">{look.shape}</span> {escape(look.word)}</span>'


def _along(rank: float, places: int) -> float:
    """Return where a rank stands on a track of all places, in percent."""
    return 100 * (rank - 0.5) / max(places, 1)
