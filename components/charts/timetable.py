"""Timetables (时间表): a task's milestones, or many tasks with theirs, against today and their due days."""

from datetime import date

import altair as alt
import pandas as pd

from analysis.milestones import STEPS
from analysis.remembered import remembered
from analysis.wording import month_day
from components.charts.empty_chart import drawn_where_known
from components.charts.text_alternative import text_alternative
from components.theme import BLUE, GREY, LEVEL_HUES, RED

SHAPES = {"✓": "circle", "■": "square", "▲": "triangle-up", "○": "diamond"}
WORDS = [mark.word for mark in STEPS.values()]
HUES = [LEVEL_HUES[mark.level] for mark in STEPS.values()]
ROW = 42
TODAY, DUE = "截至", "完成时限"
_LIMIT = alt.ExprRef("width - 8")
"""A text is cut where the picture ends and whole in the tooltip."""


@remembered
@drawn_where_known("due_on")
def milestone_chart(steps: pd.DataFrame, *, as_of: date, due_on: date | None, finding: str) -> alt.LayerChart:
    """Draw a task's milestones as bars from the one before to their own due day, today and the task's due day as lines.

    Parameters
    ----------
    steps
        One row per milestone in the order shown: step, begins_on, due_on (datetime64), said (its state in words),
        shape, word (of STEPS).
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    rows = steps.assign(place=range(len(steps)), text=steps["shape"] + " " + steps["step"] + "　" + steps["said"])
    base = alt.Chart(rows).encode(alt.Y("place:O").title(None).axis(None))
    colour = alt.Color("word:N").scale(domain=WORDS, range=HUES).legend(None)  # the words stand beside the bars
    x = alt.X("begins_on:T").title(None).axis(format="%-m月", tickCount="month", grid=True)
    tooltip = [
        alt.Tooltip("step:N").title("里程碑"),
        alt.Tooltip("due_on:T").title("时限").format("%Y年%-m月%-d日"),
        alt.Tooltip("said:N").title("情况"),
    ]
    bars = base.mark_bar(height=10, cornerRadius=3, yOffset=9).encode(x, alt.X2("due_on:T"), colour, tooltip=tooltip)
    texts = base.mark_text(align="left", dy=-8, limit=_LIMIT).encode(
        alt.Text("text:N"), x=alt.value(4), tooltip=tooltip
    )
    layers = [_lines(as_of, due_on), bars, texts]
    says = text_alternative(finding, f"{len(steps)}个里程碑的起止和情况，{TODAY}{month_day(as_of)}")
    return alt.LayerChart(layer=layers, height=alt.Step(ROW), description=says)


@remembered
@drawn_where_known("due_on")
def timetable_chart(tasks: pd.DataFrame, steps: pd.DataFrame, *, as_of: date, finding: str) -> alt.LayerChart:
    """Draw tasks as bars from their start to their due day, with their milestones on them and today as a line.

    Parameters
    ----------
    tasks
        One row per task in the order shown: row (its place, 0 on), label, starts_on, due_on (datetime64).
    steps
        One row per milestone: row (of its task), task, step, due_on, said, word (a word of STEPS).
    finding
        What the chart shows, in a sentence: the title above it, said to who cannot see the chart.
    """
    y = alt.Y("row:O").title(None).axis(None)
    x = (
        alt.X("starts_on:T")
        .title(None)
        .axis(format="%-m月", tickCount="month", grid=True, orient="top", labelPadding=30, ticks=False, domain=False)
    )
    base = alt.Chart(tasks)
    bars = base.mark_bar(height=6, cornerRadius=3, opacity=0.45, color=BLUE, yOffset=8).encode(x, alt.X2("due_on:T"), y)
    texts = base.mark_text(align="left", dy=-7, limit=_LIMIT).encode(
        y, alt.Text("label:N"), x=alt.value(4), tooltip=alt.Tooltip("label:N").title("任务")
    )
    tooltip = [
        alt.Tooltip("task:N").title("任务"),
        alt.Tooltip("step:N").title("里程碑"),
        alt.Tooltip("due_on:T").title("时限").format("%Y年%-m月%-d日"),
        alt.Tooltip("said:N").title("情况"),
    ]
    shapes = [SHAPES[mark.shape] for mark in STEPS.values()]
    points = (
        alt.Chart(steps)
        .mark_point(filled=True, size=110, opacity=1, yOffset=8)
        .encode(
            alt.X("due_on:T"),
            y,
            alt.Color("word:N").scale(domain=WORDS, range=HUES),
            alt.Shape("word:N").scale(domain=WORDS, range=shapes),
            tooltip=tooltip,
        )
    )
    says = text_alternative(finding, f"{len(tasks)}项任务的起止和{len(steps)}个里程碑，{TODAY}{month_day(as_of)}")
    layers = [_lines(as_of, None), bars, points, texts]
    return alt.LayerChart(layer=layers, height=alt.Step(34), description=says)


def _lines(as_of: date, due_on: date | None) -> alt.LayerChart:
    """Return today and a due day as lines across the chart, each with its word above."""
    days = [(TODAY, as_of, GREY)] + ([(DUE, due_on, RED)] if due_on is not None else [])
    layers = []
    for i, (word, day, hue) in enumerate(days):
        base = alt.Chart(pd.DataFrame({"day": [pd.Timestamp(day)], "said": [f"{word}{month_day(day)}"]}))
        x = alt.X("day:T")
        layers += [
            base.mark_rule(color=hue, strokeDash=[4, 3], strokeWidth=2).encode(x),
            base.mark_text(dy=-8 - 16 * i, fontWeight="bold").encode(x, alt.Text("said:N"), y=alt.value(0)),
        ]
    return alt.LayerChart(layer=layers)
