"""差异判断图: the townships' proportions against what small numbers alone explain."""

import altair as alt
import pandas as pd

from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import BLUE, GREY, LONGEST_NAME, ORANGE, YELLOW

VERDICTS = {"线内": (BLUE, "circle"), "值得关注": (YELLOW, "square"), "线外": (ORANGE, "diamond")}
_DRAWN = ("township", "numerator", "denominator", "proportion", "basis", "value_word", "range_95", "range_998",
          "verdict", "judgement", "is_chosen")  # fmt: skip


@remembered
@drawn_where_known("proportion")
def funnel_chart(rows: pd.DataFrame, lines: pd.DataFrame, *, finding: str, height: int = 420) -> alt.LayerChart:
    """Draw each township by its denominator and proportion within the dashed lines; only outliers are named.

    Parameters
    ----------
    rows
        `analysis.funnel_words.funnel_rows` of the whole set, with is_chosen (bool): the others stand faint behind.
    lines
        `analysis.funnel_words.funnel_lines` of the whole set.
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    x = (
        alt.X("n:Q")
        .title("件数（分母）")
        .axis(format="d", tickMinStep=1, tickCount=10)
        .scale(zero=False, nice=False, padding=8)
    )
    y = alt.Y("proportion:Q").title(None).axis(format="%").scale(zero=False)
    behind = alt.Chart(lines).encode(x, tooltip=alt.value(None))
    edges = [
        behind.mark_line(color=GREY, strokeDash=dash, strokeWidth=width).encode(alt.Y(f"{end}_{name}:Q"))
        for name, dash, width in (("95", [3, 4], 1.2), ("998", [8, 5], 2.2))
        for end in ("lower", "upper")
    ]
    centre = behind.mark_line(color=GREY, strokeWidth=1.5).encode(alt.Y("centre:Q"))
    colour = alt.Color("verdict:N").scale(domain=list(VERDICTS), range=[hue for hue, _ in VERDICTS.values()])
    shape = alt.Shape("verdict:N").scale(domain=list(VERDICTS), range=[shape for _, shape in VERDICTS.values()])
    base = alt.Chart().encode(alt.X("denominator:Q"), y, tooltip=_tooltip())
    faint = alt.Opacity("is_chosen:N").scale(domain=[True, False], range=[1, 0.25]).legend(None)
    dots = base.mark_point(size=130, filled=True).encode(colour, shape, faint)
    names = base.transform_filter("datum.verdict != '线内' && datum.is_chosen").mark_text(
        dy=-15, fontWeight="bold", limit=LONGEST_NAME
    )
    words = names.encode(alt.Text("township:N"))
    shown = rows.dropna(subset="proportion")[list(_DRAWN)]
    says = text_alternative(finding, f"{len(shown)}个乡镇（街道）的比例，和随件数收窄的95%、99.8%界限")
    return alt.LayerChart(data=shown, layer=[*edges, centre, dots, words], height=height, description=says)


def _tooltip() -> list[alt.Tooltip]:
    titles = {"township": "乡镇（街道）", "value_word": "比例", "basis": "分子/分母", "judgement": "判断"}
    titles |= {"range_95": "细虚线之间", "range_998": "粗虚线之间"}
    return [alt.Tooltip(f"{field}:N").title(title) for field, title in titles.items()]
