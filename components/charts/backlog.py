"""The county's backlog by week: how many wait, how many came and went."""

import altair as alt
import pandas as pd

from components.theme import BLUE, GREEN, ORANGE


def backlog_chart(weekly: pd.DataFrame, *, opened: str, closed: str, waiting: str, height: int = 320) -> alt.LayerChart:
    """Draw what waits at each week's end as an area from zero, with the week's openings and closings as bars.

    Parameters
    ----------
    weekly
        One row per week, rising, of a year at most: week (str, the week's last day as M月D日), open, opened, closed
        (cases). `opened`, `closed` and `waiting` are the stream's own words for them.
    """
    colour = alt.Color("series:N").scale(domain=[waiting, opened, closed], range=[BLUE, ORANGE, GREEN])
    base = alt.Chart(weekly)
    x = alt.X("week:O").title(None).sort(None).axis(labelOverlap=True)
    side = alt.XOffset("series:N").scale(domain=[opened, closed])
    tooltip = [
        alt.Tooltip("week:N").title("截至"),
        alt.Tooltip("open:Q").title(f"{waiting}（件）"),
        alt.Tooltip("opened:Q").title(f"本周{opened}（件）"),
        alt.Tooltip("closed:Q").title(f"本周{closed}（件）"),
    ]
    line = (
        base.transform_calculate(series=f"'{waiting}'")
        .mark_line(point={"size": 45})
        .encode(x, alt.Y("open:Q").title("件").scale(zero=True), colour, tooltip=tooltip)
    )
    bars = [
        base.transform_calculate(series=f"'{word}'")
        .mark_bar()
        .encode(x, side, alt.Y(f"{field}:Q").scale(zero=True), colour, tooltip=tooltip)
        for field, word in (("opened", opened), ("closed", closed))
    ]
    return alt.LayerChart(layer=[*bars, line], height=height)
