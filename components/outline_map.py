"""The county's own map in place of the tiles: an area per township in its colour, its name and figure upon it.

An area is a plain link cut to shape (`clip-path`): Streamlit takes drawings out of a page's HTML, and a link cut to
shape is clicked where it is seen. The borders are a picture above; the names are the links that a keyboard reaches.
"""

import base64
from collections.abc import Collection, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from analysis.outlines import Area, Outlines, Ring
from components.theme import BLUE, GREY

_OFFERED = "_outlines"
Row = Mapping[Any, Any]


def offer_outlines(outlines: Outlines | None) -> None:
    """Let every map of this session be drawn with a county's own outlines; None for tiles."""
    st.session_state[_OFFERED] = outlines


def offered_outlines() -> Outlines | None:
    """Return the outlines that are offered, None without."""
    return st.session_state.get(_OFFERED)


def area_of(outlines: Outlines | None, row: Row) -> Area | None:
    """Return a township's area, found by its code, its name or its label; None without one."""
    if outlines is None:
        return None
    return outlines.area(*(str(row[key]) for key in ("code", "name", "short_name", "township") if row.get(key)))


def cut(area: Area) -> str:
    """Return the shape of an area for CSS: rings one after the other, so that a hole stays a hole."""
    start = area.rings[0][0]
    points = [point for ring in area.rings for point in (*ring, *([start] if ring is not area.rings[0] else []))]
    return f"clip-path:polygon(evenodd,{','.join(f'{x:g}% {y:g}%' for x, y in points)})"


def outline_map_html(
    outlines: Outlines | None, on_map: Sequence[tuple[Area, str, str]], chosen: Collection[Area], *, figure: str
) -> str:
    """Return the map: the areas, the borders, and the names on top as a list; "" without an area.

    Parameters
    ----------
    on_map
        Of each township its area, the link cut to shape, and the list item with name and figure; trusted markup.
    chosen
        The areas with a thick border.
    figure
        What the map shows, in words.
    """
    if outlines is None or not on_map:
        return ""
    links, names = "".join(link for _, link, _ in on_map), "".join(name for _, _, name in on_map)
    return (
        f'<div class="gov-outlines" style="aspect-ratio:{outlines.aspect:.3f}"><div aria-hidden="true">{links}</div>'
        f"{_borders([area for area, _, _ in on_map], chosen)}"
        f'<ul class="gov-tiles named" aria-label="{escape(figure)}">{names}</ul></div>'
    )


def _borders(areas: Sequence[Area], chosen: Collection[Area]) -> str:
    """Return the borders as an `<img>`, those of the chosen thick."""
    thin = "".join(_path(ring) for area in areas for ring in area.rings)
    thick = "".join(_path(ring) for area in chosen for ring in area.rings)
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" preserveAspectRatio="none" fill="none">'
        f'<path d="{thin}" stroke="{GREY}" stroke-width="1.2" vector-effect="non-scaling-stroke"/>'
        f'<path d="{thick}" stroke="{BLUE}" stroke-width="3.5" vector-effect="non-scaling-stroke"/></svg>'
    )
    return f'<img class="borders" alt="" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'


def _path(ring: Ring) -> str:
    return f"M{' '.join(f'{x:g},{y:g}' for x, y in ring)}Z"
