"""The campaign's resolution rate against its pace line."""

import altair as alt
import pandas as pd

from analysis.breakdown import ACTUAL, PACE
from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import BLUE, ORANGE


@remembered
@drawn_where_known("rate")
def campaign_chart(progress: pd.DataFrame, *, finding: str, height: int = 300) -> alt.LayerChart:
    """Draw the resolution rate by day as a line with points and the pace as a dashed line, both from zero to 100 %.

    Parameters
    ----------
    progress
        One row per day, rising: day (datetime64), opened, closed (cases to date), rate (0-1, NaN after the as-of
        day), pace (0-1, NaN without a goal).
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    base = alt.Chart(progress).encode(alt.X("day:T").title(None).axis(format="%-m月%-d日", tickCount=8))
    tooltip = [
        alt.Tooltip("day:T").title("日期").format("%Y年%-m月%-d日"),
        alt.Tooltip("closed:Q").title("化解（件）"),
        alt.Tooltip("opened:Q").title("交办（件）"),
        alt.Tooltip("rate:Q").title("化解率").format(".1%"),
        alt.Tooltip("pace:Q").title("序时进度").format(".1%"),
    ]
    colour = alt.Color("series:N").scale(domain=[ACTUAL, PACE], range=[BLUE, ORANGE])
    rate = alt.Y("rate:Q").title("化解率").scale(domain=[0, 1]).axis(format="%")
    actual = base.transform_calculate(series=f"'{ACTUAL}'").mark_line(point={"size": 55})
    pace = base.transform_calculate(series=f"'{PACE}'").mark_line(strokeDash=[6, 4], strokeWidth=2)
    layers = [pace.encode(alt.Y("pace:Q"), colour, tooltip=tooltip), actual.encode(rate, colour, tooltip=tooltip)]
    says = text_alternative(finding, f"{progress['rate'].notna().sum()}个日期的{ACTUAL}和{PACE}折线")
    return alt.LayerChart(layer=layers, height=height, description=says)
