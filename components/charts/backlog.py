"""The county's backlog by week or month: how many wait and are overdue, how many came and went, the year before."""

from functools import lru_cache

import altair as alt
import pandas as pd

from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import BLUE, GREEN, GREY, ORANGE, RED, legend_columns

OVERDUE, BEFORE = "其中超期", "上年同期"
_LINES = {"open_before": (GREY, [5, 4]), "overdue": (RED, [2, 2])}
"""The lines beside what waits, where they are known: hue and dashes."""


@remembered
@drawn_where_known("open")
def backlog_chart(
    series: pd.DataFrame,
    *,
    opened: str,
    closed: str,
    waiting: str,
    finding: str,
    period: str = "周",
    height: int = 320,
) -> alt.LayerChart:
    """Draw what waits at each period's end as a line from zero, with the period's openings and closings as bars.

    Parameters
    ----------
    series
        One row per period, rising, few enough for a picture: label (str, the period's name or last day), open, opened,
        closed (cases), and where they are to be drawn overdue (a line of its own) and open_before (dashed: what waited
        a year earlier, NaN where unknown). `opened`, `closed` and `waiting` are the stream's own words for them.
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    period
        The word for one period.
    """
    known = [field for field in _LINES if field in series and series[field].notna().any()]
    chart = _spec(opened, closed, waiting, period, tuple(known)).copy(deep=False)
    chart.data, chart.height = series, height
    chart.description = text_alternative(
        finding, f"{len(series)}{'个' if period == '月' else ''}{period}的{waiting}、{opened}和{closed}件数"
    )
    return chart


@lru_cache(maxsize=32)
def _spec(opened: str, closed: str, waiting: str, period: str, known: tuple[str, ...]) -> alt.LayerChart:
    """Return the chart without its data: the same for every township, and built once."""
    base = alt.Chart()
    x = alt.X("label:O").title(None).sort(None).axis(labelOverlap=True)
    names = {"open_before": f"{BEFORE}{waiting}", "overdue": OVERDUE}
    lines = {field: names[field] for field in known}
    words = {waiting: BLUE, opened: ORANGE, closed: GREEN, **{names[field]: _LINES[field][0] for field in known}}
    colour = (
        alt.Color("series:N").scale(domain=list(words), range=list(words.values())).legend(columns=legend_columns(5))
    )
    side = alt.XOffset("series:N").scale(domain=[opened, closed])
    tooltip = [
        alt.Tooltip("label:N").title("截至" if period == "周" else "月份"),
        alt.Tooltip("open:Q").title(f"{waiting}（件）"),
        *(alt.Tooltip(f"{field}:Q").title(f"{word}（件）") for field, word in lines.items()),
        alt.Tooltip("opened:Q").title(f"本{period}{opened}（件）"),
        alt.Tooltip("closed:Q").title(f"本{period}{closed}（件）"),
    ]

    def line(field: str, word: str) -> alt.Chart:
        mark = base.transform_calculate(series=f"'{word}'")
        dash = _LINES[field][1] if field in _LINES else None
        drawn: alt.Chart = mark.mark_line(strokeDash=dash) if dash else mark.mark_line(point={"size": 45})
        return drawn.encode(x, alt.Y(f"{field}:Q").title("件").scale(zero=True), colour, tooltip=tooltip)

    bars = [
        base.transform_calculate(series=f"'{word}'")
        .mark_bar()
        .encode(x, side, alt.Y(f"{field}:Q").scale(zero=True), colour, tooltip=tooltip)
        for field, word in (("opened", opened), ("closed", closed))
    ]
    return alt.LayerChart(layer=[*bars, *(line(field, word) for field, word in (*lines.items(), ("open", waiting)))])
