"""The composite ranking: where each township stands and how sure that is."""

import altair as alt
import pandas as pd

from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import BLUE, GREY, ORANGE

BANDS = {"明显靠前": (BLUE, "triangle-up"), "差距不明显": (GREY, "circle"), "明显靠后": (ORANGE, "triangle-down")}


@remembered
@drawn_where_known("rank")
def ranking_chart(ranked: pd.DataFrame, *, places: int, finding: str, row_height: int = 26) -> alt.LayerChart:
    """Draw each township's rank as a dot over the range of ranks it may hold by chance, in rank order.

    Parameters
    ----------
    ranked
        One row per township: township (label), rank, rank_low, rank_high, score (0-100), coverage (0-1), band (a key
        of BANDS). Rows without a rank draw nothing.
    places
        How many townships are ranked in all: the width of the scale.
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    known = ranked.dropna(subset=["rank"])
    order = list(known.sort_values(["rank", "township"])["township"])
    base = alt.Chart(known).encode(alt.Y("township:N").title(None).sort(order))
    x = (
        alt.X("rank:Q")
        .title("名次（横线为偶然波动可能的名次范围）")
        .scale(domain=[1, max(places, 2)], nice=False, padding=14)
    )
    x = x.axis(tickMinStep=1, format="d", orient="top", grid=True)
    colour = alt.Color("band:N").scale(domain=list(BANDS), range=[hue for hue, _ in BANDS.values()])
    shape = alt.Shape("band:N").scale(domain=list(BANDS), range=[shape for _, shape in BANDS.values()])
    tooltip = [
        alt.Tooltip("township:N").title("乡镇（街道）"),
        alt.Tooltip("rank:Q").title("名次"),
        alt.Tooltip("rank_low:Q").title("可能最前").format(".0f"),
        alt.Tooltip("rank_high:Q").title("可能最后").format(".0f"),
        alt.Tooltip("score:Q").title("得分").format(".1f"),
        alt.Tooltip("coverage:Q").title("指标覆盖").format(".0%"),
        alt.Tooltip("band:N").title("判断"),
    ]
    ranges = base.mark_rule(strokeWidth=5, opacity=0.4, strokeCap="round").encode(
        alt.X("rank_low:Q").scale(zero=False), alt.X2("rank_high:Q"), colour, tooltip=tooltip
    )
    dots = base.mark_point(size=130, filled=True, opacity=1).encode(x, colour, shape, tooltip=tooltip)
    says = text_alternative(finding, f"{len(known)}个乡镇（街道）的名次，和偶然波动可能的名次范围")
    return alt.LayerChart(layer=[ranges, dots], height=alt.Step(row_height), description=says)
