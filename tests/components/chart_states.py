"""Every chart in every state a county can bring it into: the frames it is then given, and the chart."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from analysis.backlog import AGE_BANDS
from analysis.funnel_words import funnel_lines, funnel_rows
from analysis.milestones import STEPS
from analysis.wording import MISSING, place
from components import charts
from components.charts.signals import POINTS

FIRST = date(2020, 6, 12)
LONG = "开化县钱江源国家公园齐溪林场社区管理委员会街道"


class State(NamedTuple):
    """How much there is: rows, whether their names are of twenty characters and more, which measures are missing."""

    rows: int
    is_long: bool = False
    missing: str = ""


STATES = {
    "normal": State(14),
    "empty": State(0),
    "one": State(1),
    "many": State(60, is_long=True),
    "gaps": State(14, missing="every other"),
    "unknown": State(14, missing="all"),
}
HOLLOW = ("empty", "unknown")
"""The states in which there is nothing to draw."""


def named(state: State) -> list[str]:
    """Return a name per row, all different."""
    return [
        f"{LONG}{i:02d}" if state.is_long else "甲乙丙丁戊己庚辛壬癸子丑寅卯"[i % 14] + "镇" for i in range(state.rows)
    ]


def measured(state: State, values: "np.typing.ArrayLike") -> "np.typing.NDArray[np.float64]":
    """Return the values with what is missing taken out."""
    kept = np.asarray(values, dtype="float64").copy()
    if state.missing:
        kept[:: 1 if state.missing == "all" else 2] = np.nan
    return kept


def known(state: State, values: "np.typing.ArrayLike") -> "np.typing.NDArray[np.float64]":
    """Return values of which none is missing unless all are: what the frame promises."""
    return measured(state if state.missing == "all" else state._replace(missing=""), values)


def days(state: State, step: int = 7) -> "pd.Series[pd.Timestamp]":
    """Return a rising day per row."""
    return pd.Series([pd.Timestamp(FIRST + timedelta(days=step * i)) for i in range(state.rows)], dtype="datetime64[s]")


def _counts(state: State, first: int = 3) -> "np.typing.NDArray[np.int64]":
    return np.arange(first, first + state.rows) * 7 % 23


def _labels(state: State) -> list[str]:
    return [f"{day.month}月{day.day}日" for day in days(state)]


def _ageing(state: State) -> alt.LayerChart:
    rows = [
        (name, band, i % 5 + j, float(start), float(start + i % 5 + j))
        for i, name in enumerate(named(state))
        for j, (band, start) in enumerate(
            zip(reversed(AGE_BANDS), np.cumsum([0, *(i % 5 + k for k in range(4))]), strict=True)
        )
        if i % 5 + j and state.missing != "all"
    ]
    bars = pd.DataFrame(rows, columns=["township", "band", "open", "start", "end"])
    bars = bars.assign(middle=(bars["start"] + bars["end"]) / 2)
    return charts.ageing_chart(bars, bands=AGE_BANDS, finding="招贤镇积得最久")


def _backlog(state: State) -> alt.LayerChart:
    series = pd.DataFrame({"label": _labels(state), "open": known(state, 40 + _counts(state))})
    series = series.assign(
        opened=known(state, _counts(state, 1)),
        closed=known(state, _counts(state, 5)),
        overdue=measured(state, _counts(state) // 3),
        open_before=measured(state, 30 + _counts(state)),
    )
    return charts.backlog_chart(series, opened="交办", closed="化解", waiting="未化解", finding="未化解三周下降")


def _bump(state: State) -> alt.LayerChart:
    names, months = named(state), days(State(1 if state.rows == 1 else 12), 31)
    rows = [
        (name, month, f"{month.month}月", (i * 5 + j * (i % 3)) % len(names) + 1.0, i < 4)
        for i, name in enumerate(names)
        for j, month in enumerate(months)
    ]
    lines = pd.DataFrame(rows, columns=["township", "month", "month_label", "rank", "is_chosen"])
    lines = lines.assign(rank=measured(State(len(lines), missing=state.missing), lines["rank"]), score=80.0)
    lines = lines.assign(place=[place(rank) for rank in lines["rank"]], scheme="S1")
    return charts.bump_chart(lines, lines.head(1)[["month_label"]], finding="甲镇升四位")


def _campaign(state: State) -> alt.LayerChart:
    share = np.linspace(0.27, 0.81, state.rows)
    progress = pd.DataFrame({"day": days(state), "opened": 114, "closed": _counts(state)})
    progress = progress.assign(rate=known(state, share), pace=measured(state, np.linspace(0.27, 0.69, state.rows)))
    return charts.campaign_chart(progress, finding="化解率上升")


def _closing_times(state: State) -> alt.LayerChart:
    share = known(state, np.linspace(1, 0.2, state.rows))
    steps = pd.DataFrame({"days": np.arange(state.rows) * 9.0, "still_open": share})
    steps = steps.assign(lower=measured(state, (share - 0.1).clip(0)), upper=measured(state, (share + 0.1).clip(max=1)))
    return charts.closing_times_chart(steps, closed="化解", finding="半数在60天内化解")


def _funnel(state: State) -> alt.LayerChart:
    counts = pd.Series(20.0 + 3 * _counts(state)).set_axis([str(i) for i in range(state.rows)])
    judged = pd.DataFrame(
        {
            "township_code": counts.index,
            "kpi_code": "K06",
            "numerator": measured(
                state, [n * (3 + i % 4) // 10 + (n // 3 if i % 9 == 0 else 0) for i, n in enumerate(counts)]
            ),
            "denominator": counts.to_numpy(),
            "direction": "higher",
        }
    )
    rows = funnel_rows(judged, "K06", dict(zip(counts.index, named(state), strict=True)))
    return charts.funnel_chart(rows.assign(is_chosen=True), funnel_lines(rows), finding="甲镇在线外")


def _milestones(state: State) -> pd.DataFrame:
    marks = [list(STEPS.values())[i % len(STEPS)] for i in range(state.rows)]
    due = days(state).where(~np.isnan(measured(state, np.ones(state.rows))))
    return pd.DataFrame(
        {
            "step": [f"{name}验收" for name in named(state)],
            "task": [f"{i} {name}" for i, name in enumerate(named(state))],
            "begins_on": due - pd.Timedelta(days=30),
            "due_on": due,
            "said": [f"{mark.word}（6月30日）" for mark in marks],
            "word": [mark.word for mark in marks],
            "shape": [mark.shape for mark in marks],
            "row": range(state.rows),
        }
    )


def _milestone(state: State) -> alt.LayerChart:
    due = FIRST + timedelta(days=120)
    return charts.milestone_chart(_milestones(state), as_of=date(2020, 8, 31), due_on=due, finding="两个里程碑逾期")


def _timetable(state: State) -> alt.LayerChart:
    steps = _milestones(state)
    tasks = pd.DataFrame(
        {"row": range(state.rows), "label": [f"【依法善治】{i} {n}" for i, n in enumerate(named(state))]}
    )
    tasks = tasks.assign(
        starts_on=steps["due_on"] - pd.Timedelta(days=60), due_on=steps["due_on"] + pd.Timedelta(days=30)
    )
    return charts.timetable_chart(tasks, steps, as_of=date(2020, 8, 31), finding="两个里程碑逾期")


def _ranking(state: State) -> alt.LayerChart:
    rank = measured(state, np.arange(1, state.rows + 1))
    bands = ["明显靠前", "差距不明显", "明显靠后"]
    ranked = pd.DataFrame(
        {
            "township": named(state),
            "rank": rank,
            "rank_low": np.maximum(rank - 1, 1),
            "rank_high": np.minimum(rank + 2, state.rows),
        }
    )
    ranked = ranked.assign(
        score=100 - rank, coverage=1.0, band=[bands[i * 3 // max(state.rows, 1)] for i in range(state.rows)]
    )
    return charts.ranking_chart(ranked, places=state.rows, finding="甲镇领先")


def _signal(state: State) -> alt.LayerChart:
    value = measured(state, 20 + _counts(state))
    rows = pd.DataFrame({"month": days(state, 31), "value": value, "mean": 30.0, "lower": 12.0, "upper": 48.0})
    words = list(POINTS)
    rows = rows.assign(
        target=40.0,
        month_word=[f"{day.year}年{day.month}月" for day in rows["month"]],
        value_word=[MISSING if np.isnan(v) else f"{v:.0f}件" for v in value],
        basis="",
        range_word="12件至48件",
        point=[words[i % len(words)] for i in range(state.rows)],
        rule_word="",
    )
    marks = pd.DataFrame(
        {"month": rows["month"].iloc[-1:], "mark": f"{LONG}因疫情停办（行动办）"[:22], "line": 0, "is_late": True}
    )
    return charts.signal_chart(rows, marks, unit="件", is_share=False, finding="全县信访量正常波动")


def _task_progress(state: State) -> alt.LayerChart:
    planned = measured(state, np.linspace(5, 100, state.rows))
    progress = pd.DataFrame({"month": _labels(state), "planned_pct": planned, "actual_pct": (planned - 8).clip(0)})
    return charts.task_progress_chart(progress, finding="落后计划8个百分点")


def _timeliness(state: State) -> alt.LayerChart:
    rate = measured(state, 0.7 + 0.01 * _counts(state))
    rates = pd.DataFrame(
        {"label": _labels(state), "rate": rate, "words": [MISSING if np.isnan(r) else "90%（9/10）" for r in rate]}
    )
    return charts.timeliness_chart(rates, word="按期率", finding="按期率下降")


DRAWN: dict[str, Callable[[State], alt.LayerChart]] = {
    "ageing_chart": _ageing,
    "backlog_chart": _backlog,
    "bump_chart": _bump,
    "campaign_chart": _campaign,
    "closing_times_chart": _closing_times,
    "funnel_chart": _funnel,
    "milestone_chart": _milestone,
    "ranking_chart": _ranking,
    "signal_chart": _signal,
    "task_progress_chart": _task_progress,
    "timeliness_chart": _timeliness,
    "timetable_chart": _timetable,
}
