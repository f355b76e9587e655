"""名次变化图: a year of ranks as lines, the chosen townships in colour over the others in grey."""

import altair as alt
import pandas as pd

from analysis.remembered import remembered
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import GREY, HUES, LONGEST_NAME

NEW_SCHEME = "新考核方案"


@remembered
@drawn_where_known("rank")
def bump_chart(lines: pd.DataFrame, changes: pd.DataFrame, *, finding: str, row_height: int = 30) -> alt.LayerChart:
    """Draw the rank of every township by month, the first place on top, with its name at the line's end.

    Parameters
    ----------
    lines
        `analysis.rank_lines.rank_lines`: township, month_label, rank, score, place, is_chosen, rising by month within
        each township. Missing ranks break a line.
    changes
        `analysis.rank_lines.scheme_changes`: where a dashed line says that another scheme begins.
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    months = list(dict.fromkeys(lines.sort_values("month")["month_label"]))
    places = int(lines["rank"].max())
    chosen = list(dict.fromkeys(lines.loc[lines["is_chosen"], "township"]))
    hues = dict(zip(chosen, (hue for hue in HUES if hue != GREY), strict=False))
    drawn = lines.assign(hue=lines["township"].map(hues).fillna(GREY))
    colour = alt.Color("hue:N").scale(None)  # with the data: whom the filter picks out changes no specification
    x = alt.X("month_label:O").title(None).sort(months).scale(padding=0.3)
    y = alt.Y("rank:Q").title("名次").scale(domain=[1, places], reverse=True, nice=False, padding=12)
    y = y.axis(values=list(range(1, places + 1)), format="d", grid=False)
    tooltip = [
        alt.Tooltip("township:N").title("乡镇（街道）"),
        alt.Tooltip("month_label:O").title("月份"),
        alt.Tooltip("place:N").title("名次"),
        alt.Tooltip("score:Q").title("得分").format(".1f"),
    ]
    columns = ["township", "month_label", "rank", "score", "place", "is_chosen", "hue"]
    is_chosen, is_last = "datum.is_chosen", f"datum.month_label == '{months[-1]}'"
    mark = alt.Chart()
    grey = mark.transform_filter(f"!{is_chosen}").mark_line(strokeWidth=1.5, opacity=0.45)
    bold = mark.transform_filter(is_chosen).mark_line(strokeWidth=3.5, point={"size": 90, "filled": True})
    ranks = [marks.encode(colour, alt.Detail("township:N")) for marks in (grey, bold)]
    last = mark.transform_filter(is_last).mark_text(align="left", dx=10, limit=LONGEST_NAME)
    names = last.encode(alt.Text("township:N"))
    count = lines["township"].nunique()
    layers = [
        *_scheme_lines(changes, months),
        alt.layer(*ranks, names, data=drawn[columns]).encode(x, y, tooltip=tooltip),
    ]
    return alt.LayerChart(
        layer=layers,
        height=row_height * max(places, 4),
        padding={"right": 60, "left": 5, "top": 20},
        description=text_alternative(finding, f"{count}个乡镇（街道）{len(months)}个月的名次折线"),
    )


def _scheme_lines(changes: pd.DataFrame, months: list[str]) -> list[alt.Chart]:
    """Draw a dashed line with its words at each month from which another scheme holds."""
    if changes.empty:
        return []
    rule = alt.Chart(changes[["month_label"]]).encode(alt.X("month_label:O").sort(months), tooltip=alt.value(None))
    words = rule.mark_text(text=NEW_SCHEME, y=-8, fontSize=12)
    return [rule.mark_rule(strokeDash=[4, 4], color=GREY), words]
