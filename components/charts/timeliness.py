"""The share in time of each month, from the limit that the data need up to 100 %."""

import altair as alt
import pandas as pd

from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import BLUE


@remembered
@drawn_where_known("rate")
def timeliness_chart(rates: pd.DataFrame, *, word: str, finding: str, height: int = 220) -> alt.LayerChart:
    """Draw the in-time rate by month as a line with points; the scale ends at 100 % and says where it begins.

    Parameters
    ----------
    rates
        One row per month, rising: label (str), rate (0-1), words (str, the rate with x/n).
    word
        What the rate is called.
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    low = max(0, int(rates["rate"].min() * 10) - 1) / 10
    tooltip = [alt.Tooltip("label:N").title("月份"), alt.Tooltip("words:N").title(word)]
    x = alt.X("label:O").title(None).sort(None).axis(labelOverlap=True)
    y = alt.Y("rate:Q").title(f"{word}（纵轴从{low:.0%}起）").scale(domain=[low, 1], zero=False).axis(format="%")
    base = alt.Chart(rates).encode(x, y, tooltip=tooltip)
    line, points = base.mark_line(color=BLUE), base.mark_point(color=BLUE, filled=True, size=50)
    says = text_alternative(finding, f"{len(rates)}个月的{word}折线")
    return alt.LayerChart(layer=[line, points], height=height, description=says)
