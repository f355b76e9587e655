"""波动判断图: the months of one indicator in one place, with what is usual for it."""

import altair as alt
import pandas as pd

from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import BLUE, GREEN, GREY, ORANGE, VIOLET, legend_columns

POINTS = {
    "正常": (GREY, "circle"),
    "异常好转": (BLUE, "cross"),
    "异常变差": (ORANGE, "triangle-up"),
    "异常偏高": (VIOLET, "square"),
    "异常偏低": (VIOLET, "diamond"),
    "不计入": (GREEN, "circle"),
}
_DRAWN = ("month", "value", "mean", "lower", "upper", "target", "month_word", "value_word", "basis", "range_word",
          "point", "rule_word")  # fmt: skip
_FIRST_LINE, _LINE = 6, 17
_EARLY_SHARE, _LATE_SHARE = 0.33, 0.5
"""How much of the width a note's words may take to the right of their month and, in the last third, to the left."""


@remembered
@drawn_where_known("value")
def signal_chart(
    rows: pd.DataFrame, marks: pd.DataFrame, *, unit: str, is_share: bool, finding: str, height: int = 340
) -> alt.LayerChart:
    """Draw each month as a dot over its usual range, with mean and target, and the notes at their months.

    Parameters
    ----------
    rows
        `analysis.signal_words.chart_rows`, by month.
    marks
        `analysis.annotations.chart_marks`.
    unit
        Of the values; a share is drawn in percent.
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    x = alt.X("month:T").title(None).scale(padding=10).axis(format="%Y年%-m月", tickCount=8, grid=False)
    y = alt.Y("value:Q").title(None if is_share else unit).scale(zero=False)
    y = y.axis(format="%") if is_share else y
    base = alt.Chart().encode(
        x, tooltip=_tooltip()
    )  # the data stand once, on the whole: Altair writes out each layer's
    usual = base.mark_area(color=GREY, opacity=0.16).encode(alt.Y("lower:Q"), alt.Y2("upper:Q"))
    mean = base.mark_line(color=GREY, strokeWidth=1.5).encode(alt.Y("mean:Q"))
    target = base.mark_line(color=GREEN, strokeWidth=2, strokeDash=[7, 4]).encode(alt.Y("target:Q"))
    line = base.mark_line(color=BLUE, strokeWidth=1.5, opacity=0.55).encode(y)
    present = [word for word in POINTS if (rows["point"] == word).any()]
    colour = alt.Color("point:N").scale(domain=present, range=[POINTS[word][0] for word in present])
    colour = colour.legend(columns=legend_columns(6))
    shape = alt.Shape("point:N").scale(domain=present, range=[POINTS[word][1] for word in present])
    filled = base.transform_filter("datum.point != '不计入'").mark_point(size=95, filled=True, opacity=1)
    hollow = base.transform_filter("datum.point == '不计入'").mark_point(size=95, filled=False, strokeWidth=2)
    dots = [each.encode(y, colour, shape) for each in (filled, hollow)]
    layers = [usual, mean, target, line, *dots, *_notes(marks)]
    says = text_alternative(finding, f"{rows['value'].notna().sum()}个月的数值，和平均水平、正常范围、目标")
    return alt.LayerChart(data=rows[list(_DRAWN)], layer=layers, height=height, description=says)


def _notes(marks: pd.DataFrame) -> list[alt.Chart]:
    """Draw a line at each noted month with its words on top, to the left of the line where the chart ends."""
    if marks.empty:
        return []
    base = alt.Chart(marks).encode(alt.X("month:T"), tooltip=alt.Tooltip("mark:N").title("情况说明"))
    rule = base.mark_rule(color=GREEN, strokeDash=[2, 3])
    words = [
        base.transform_filter(f"{'' if is_late else '!'}datum.is_late && datum.line == {line}")
        .mark_text(
            align="right" if is_late else "left",
            dx=-5 if is_late else 5,
            y=_FIRST_LINE + line * _LINE,
            fontSize=12,
            limit=alt.ExprRef(f"width * {_LATE_SHARE if is_late else _EARLY_SHARE}"),
        )
        .encode(alt.Text("mark:N"))
        for is_late, line in sorted(
            {(bool(late), int(row)) for late, row in zip(marks["is_late"], marks["line"], strict=True)}
        )
    ]
    return [rule, *words]


def _tooltip() -> list[alt.Tooltip]:
    titles = {"month_word": "月份", "value_word": "当月值", "basis": "分子/分母"}
    titles |= {"range_word": "正常范围", "point": "判断", "rule_word": "依据"}
    return [alt.Tooltip(f"{field}:N").title(title) for field, title in titles.items()]
