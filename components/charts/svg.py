"""A chart as a drawing: the page's own specification, drawn once, at home on a light and on a dark ground."""

import json
from functools import lru_cache
from typing import Any

import altair as alt

from components.charts.drawing import drawn_svg
from components.theme import INK

_CONFIG: dict[str, Any] = {
    "background": None,
    "axis": {"labelColor": INK, "titleColor": INK, "tickColor": INK, "domainColor": INK, "gridColor": "#7d879455"},
    "legend": {"labelColor": INK, "titleColor": INK},
    "title": {"color": INK},
    "header": {"labelColor": INK, "titleColor": INK},
    "text": {"color": INK},
}


def chart_svg(chart: alt.LayerChart | alt.Chart, *, width: int, height: int | None = None, size: int = 13) -> str:
    """Return a chart as an `<svg>` that scales with the box around it; words and axes take the colour of its text.

    Parameters
    ----------
    width, height
        Of the plot in pixels of its own; without a height the chart keeps its own.
    size
        Of the letters, in the same pixels.
    """
    spec = chart.to_dict()
    spec |= {"width": width} if height is None else {"width": width, "height": height}
    letters = {"labelFontSize": size, "titleFontSize": size, "labelLimit": 20 * size}
    own = {
        **_CONFIG,
        "axis": {**_CONFIG["axis"], **letters},
        "legend": {**_CONFIG["legend"], **letters, "offset": 2 * size},
    }
    spec["config"] = _over(spec.get("config", {}), own)
    return _drawn(json.dumps(spec, ensure_ascii=False, sort_keys=True))


def _over(theme: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Put settings over the theme's, part by part."""
    parts = {name: {**theme.get(name, {}), **part} if isinstance(part, dict) else part for name, part in own.items()}
    return {**theme, **parts}


@lru_cache(maxsize=64)
def _drawn(spec: str) -> str:
    svg = drawn_svg(spec)
    return svg[svg.index("<svg") :]
