"""One task: planned against actual progress by month."""

import altair as alt
import pandas as pd

from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import BLUE, GREY

PLAN, ACTUAL = "计划进度", "实际进度"


@remembered
@drawn_where_known("planned_pct", "actual_pct")
def task_progress_chart(progress: pd.DataFrame, *, finding: str, height: int = 260) -> alt.LayerChart:
    """Draw the plan of the whole year as a dashed line and what was reported as a line with points, 0 to 100 %.

    Parameters
    ----------
    progress
        One row per month, rising: month (label), planned_pct, actual_pct (0-100, NaN where there is none).
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    base = alt.Chart(progress)
    x = alt.X("month:O").title(None).sort(None).axis(labelOverlap=True)
    colour = (
        alt.Color("series:N")
        .scale(domain=[PLAN, ACTUAL], range=[GREY, BLUE])
        .legend(symbolType="stroke", symbolSize=400)
    )
    dash = alt.StrokeDash("series:N").scale(domain=[PLAN, ACTUAL], range=[[6, 4], [1, 0]])
    tooltip = [
        alt.Tooltip("month:O").title("月份"),
        alt.Tooltip("planned_pct:Q").title("计划（%）").format(".1f"),
        alt.Tooltip("actual_pct:Q").title("实际（%）").format(".1f"),
    ]
    layers = [
        base.transform_calculate(series=f"'{word}'")
        .mark_line(point={"size": size})
        .encode(
            x,
            alt.Y(f"{field}:Q").title("累计进度（%）").scale(domain=[0, 100]),
            colour,
            dash,
            tooltip=tooltip,
        )
        for word, field, size in ((PLAN, "planned_pct", 25), (ACTUAL, "actual_pct", 70))
    ]
    says = text_alternative(finding, f"{len(progress)}个月的{PLAN}和{ACTUAL}折线")
    return alt.LayerChart(layer=layers, height=height, description=says)
