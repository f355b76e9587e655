"""How many cases are still open after so many days."""

import altair as alt
import pandas as pd

from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import BLUE, GREY


@remembered
@drawn_where_known("still_open")
def closing_times_chart(steps: pd.DataFrame, *, closed: str, finding: str, height: int = 300) -> alt.LayerChart:
    """Draw the share still open by days since the first opening, as steps from 100 % with the 95 % range behind them.

    Parameters
    ----------
    steps
        `analysis.clearing.curve_steps`. `closed` is the stream's own verb.
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    base = alt.Chart(steps).encode(
        alt.X("days:Q").title("交办后天数").axis(format="d", values=alt.ExprRef("sequence(0, domain('x')[1] + 1, 30)"))
    )
    tooltip = [
        alt.Tooltip("days:Q").title("交办后天数").format("d"),
        alt.Tooltip("still_open:Q").title(f"仍未{closed}").format(".1%"),
        alt.Tooltip("lower:Q").title("95%范围下限").format(".1%"),
        alt.Tooltip("upper:Q").title("95%范围上限").format(".1%"),
    ]
    share = alt.Y("still_open:Q").title(f"仍未{closed}").scale(domain=[0, 1]).axis(format="%")
    band = base.mark_area(opacity=0.22, color=BLUE, interpolate="step-after").encode(alt.Y("lower:Q"), alt.Y2("upper"))
    line = base.mark_line(color=BLUE, interpolate="step-after").encode(share, tooltip=tooltip)
    half = alt.Chart(pd.DataFrame({"half": [0.5]})).mark_rule(color=GREY, strokeDash=[5, 4]).encode(alt.Y("half:Q"))
    longest = 0 if steps.empty else steps["days"].max()
    says = text_alternative(finding, f"交办后0至{longest:.0f}天仍未{closed}的比例及其95%范围")
    return alt.LayerChart(layer=[band, half, line], height=height, description=says)
