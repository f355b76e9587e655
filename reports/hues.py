"""The colours of a document's native charts: the theme's hues by name, and ten lights side by side in one bar."""

from analysis.lights import Light
from analysis.meeting.parts import Tone
from components.theme import BLUE, GREEN, GREY, ORANGE, RED, VIOLET, YELLOW

LIGHT_HUES = {
    Light.DONE: GREEN,
    Light.ON_TRACK: "#7cc4a6",
    Light.DUE_SOON: "#e3c56b",
    Light.MADE_UP: "#cfa83a",
    Light.BEHIND: YELLOW,
    Light.FAR_BEHIND: "#e2857c",
    Light.OVERDUE: RED,
    Light.UNREPORTED: GREY,
    Light.UNREPORTED_AGAIN: VIOLET,
    Light.NOT_STARTED: "#c9ced6",
}
"""Shades of the levels' hues, each named in the legend."""

_HUES = {"blue": BLUE, "green": GREEN, "orange": ORANGE, "red": RED, "grey": GREY}


def tone_hue(tone: Tone) -> str:
    """Return the colour of a tone."""
    return LIGHT_HUES[tone] if isinstance(tone, Light) else _HUES[tone]
