"""One look for page, slide and picture: eight hues, the words of the light levels, the chart theme, the style sheet.

The hues keep a contrast of at least 3:1 on the light and on the dark page background and differ in lightness, so that
one chart specification serves both and no meaning rests on colour alone. Text colours belong to the style sheet,
which uses the browser's own `light-dark()`.
"""

from functools import cache
from pathlib import Path
from typing import Any, cast

import altair as alt

BLUE = "#2f7fc1"
GREEN = "#1d9a68"
YELLOW = "#b5830a"
RED = "#d1453b"
GREY = "#7d8794"
VIOLET = "#8a63c7"
ORANGE = "#d36f2a"
TEAL = "#2596a6"
HUES = (BLUE, ORANGE, GREEN, VIOLET, YELLOW, TEAL, RED, GREY)

AGES = ("#f6dcc4", "#eeb07e", "#d97a33", "#a64e12", "#5e2a08")
"""One hue for what has waited, the darker the longer; pieces have an edge, for the ends fade into one ground each."""
LIGHT_AGES = 3
"""On so many of them numbers stand in black, on the rest in white."""

LONGEST_NAME = 110
"""Pixels a name may take within a chart: a long one is cut there and whole in the tooltip."""

FONTS = "Microsoft YaHei, PingFang SC, Noto Sans CJK SC, Source Han Sans SC, WenQuanYi Micro Hei, sans-serif"
INK = "currentColor"
"""The page's own text colour, light or dark: a canvas takes it from the element it stands in; on paper it is black."""
CHART_THEME = "governance"
STYLES = (
    "governance.css",
    "assessment/assessment.css",
    "assessment/signals.css",
    "tasks/tasks.css",
    "tasks/weak_links.css",
    "tiles.css",
    "backlog/backlog.css",
    "meeting/meeting.css",
    "print.css",
)

LEVEL_HUES = {"green": GREEN, "yellow": YELLOW, "red": RED, "grey": GREY, "none": GREY}


@alt.theme.register(CHART_THEME, enable=True)
def chart_theme() -> alt.theme.ThemeConfig:
    """Return the one Altair theme; importing this module enables it. Text and ground colours come from the page."""
    labels: dict[str, Any] = {"labelFont": FONTS, "titleFont": FONTS, "labelFontSize": 13}
    config = {
        "aria": False,  # no English label on every mark: the chart's own description says what it shows
        "font": FONTS,
        "axis": {**labels, "labelFlush": False, "titleFontSize": 13, "labelLimit": 160},
        "axisX": {"labelAngle": 0, "grid": False, "labelSeparation": 8},
        "axisY": {"labelAngle": 0, "titleAngle": 0, "titleAlign": "left", "titleAnchor": "end", "titleY": -12},
        "legend": {**labels, "orient": "top", "title": None, "symbolSize": 110, "symbolOpacity": 1},
        "title": {"font": FONTS, "fontSize": 15, "anchor": "start", "offset": 12},
        "header": labels,
        "text": {"font": FONTS, "fontSize": 13, "color": INK},
        "line": {"strokeWidth": 2.5},
        "range": {"category": list(HUES)},
        "view": {"stroke": None},
    }
    return cast("alt.theme.ThemeConfig", {"config": config})


def legend_columns(most: int) -> alt.ExprRef:
    """Return how many words of a legend stand side by side: all where there is room, three or two on a phone."""
    return alt.ExprRef(f"width < 240 ? 2 : width < {100 * most} ? 3 : {most}")


@cache
def stylesheet() -> str:
    """Return the page's style sheets as one `<style>` element."""
    texts = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in STYLES]
    return f"<style>{''.join(texts)}</style>"
