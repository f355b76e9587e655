"""The open cases of each township by how long they have waited."""

from collections.abc import Sequence

import altair as alt
import pandas as pd

from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import AGES, INK, LIGHT_AGES, legend_columns

ROW_HEIGHT = 26
EDGE = 0.75


@remembered
@drawn_where_known("open")
def ageing_chart(bars: pd.DataFrame, *, bands: Sequence[str], finding: str) -> alt.LayerChart:
    """Draw a bar per township from zero, the cases that have waited longest first, with their numbers.

    Parameters
    ----------
    bars
        `analysis.backlog_structure.age_bars`.
    bands
        In the order of the legend, from the youngest.
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    base = alt.Chart(bars).encode(
        alt.Y("township:N").title(None).sort(None),
        tooltip=[
            alt.Tooltip("township:N").title("乡镇（街道）"),
            alt.Tooltip("band:N").title("交办后"),
            alt.Tooltip("open:Q").title("未化解（件）"),
        ],
    )
    legend = alt.Legend(columns=legend_columns(5), symbolStrokeWidth=EDGE)
    colour = alt.Color("band:N").scale(domain=list(bands), range=list(AGES)).legend(legend)
    pieces = base.mark_bar(stroke=INK, strokeWidth=EDGE).encode(
        alt.X("start:Q").title("未化解（件）").axis(tickMinStep=1, format="d"), alt.X2("end"), colour
    )
    light = alt.FieldOneOfPredicate(field="band", oneOf=list(bands)[:LIGHT_AGES])
    number = alt.condition(light, alt.value("black"), alt.value("white"))
    numbers = base.mark_text(fontWeight="bold").encode(alt.X("middle:Q"), alt.Text("open:Q"), color=number)
    says = text_alternative(finding, f"{bars['township'].nunique()}个乡镇（街道）未化解积案按交办后天数分段的条形")
    return alt.LayerChart(layer=[pieces, numbers], height=alt.Step(ROW_HEIGHT), description=says)
