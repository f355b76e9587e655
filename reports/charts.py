"""Every chart of a meeting's material, as the pages draw it: with the name of its file and the finding as its title."""

from collections.abc import Iterator
from typing import NamedTuple

import altair as alt
import pandas as pd

from analysis import funnel_words, signal_words
from analysis.briefing import pace_title, ranking_finding
from analysis.control_charts import Variation
from analysis.funnel import WITHIN
from analysis.indicators import SHARE
from analysis.lights import RED
from analysis.meeting.figures import Figures
from analysis.milestones import milestone_rows, steps_finding
from analysis.rank_lines import moves_finding, rank_lines, scheme_changes
from analysis.rankings import ranked_count
from analysis.signals import UNJUDGED, signal_chart, signal_grid
from analysis.streams import STREAMS
from analysis.task_book import progress_finding
from analysis.task_units import book_rows, placed_steps
from analysis.trends import WEEK, county_trend, trend_title
from components import charts

USUAL = frozenset({*UNJUDGED, Variation.COMMON.value})


class Drawn(NamedTuple):
    """One chart: what its file is called, its finding, and how it is drawn."""

    name: str
    title: str
    chart: alt.LayerChart


def drawn_charts(figures: Figures) -> list[Drawn]:
    """Return the charts that have rows.

    Of chosen townships only those funnels, control charts and tasks in which one of them stands out.
    """
    parts = (_weeks, _campaign, _ranking, _moves, _funnels, _signals, _timetable, _courses)
    return [each for part in parts for each in part(figures)]


def _weeks(figures: Figures) -> Iterator[Drawn]:
    stream, weeks = STREAMS["petition_backlog"], county_trend(figures.weekly, WEEK)
    if len(weeks):
        title, waiting = trend_title(weeks, stream), f"未{stream.closed}"
        drawn = charts.backlog_chart(weeks, opened=stream.opened, closed=stream.closed, waiting=waiting, finding=title)
        yield Drawn("积案逐周", title, drawn)


def _campaign(figures: Figures) -> Iterator[Drawn]:
    if figures.campaign_now is not None and len(figures.progress):
        title = pace_title(figures.headline, figures.campaign_now)
        yield Drawn("化解率与序时进度", title, charts.campaign_chart(figures.progress, finding=title))


def _ranking(figures: Figures) -> Iterator[Drawn]:
    places = ranked_count(figures.ranked)
    if places:
        title = f"全县{ranking_finding(figures.ranked)}"
        yield Drawn("考核排名", title, charts.ranking_chart(figures.ranked, places=places, finding=title))


def _moves(figures: Figures) -> Iterator[Drawn]:
    if figures.history["rank"].notna().any():
        kinds = dict(zip(figures.townships["code"], figures.townships["kind"], strict=True))
        picked = figures.chosen if figures.is_filtered else frozenset()
        lines = rank_lines(figures.history, figures.labels, kinds, chosen=picked)
        title = moves_finding(lines)
        yield Drawn("名次变化", title, charts.bump_chart(lines, scheme_changes(lines), finding=title))


def _funnels(figures: Figures) -> Iterator[Drawn]:
    for kpi, name in funnel_words.funnel_kpis(figures.kpis).items():
        rows = funnel_words.funnel_rows(figures.kpis, kpi, figures.labels)
        rows["is_chosen"] = rows["township_code"].isin(figures.chosen)
        shown = rows[rows["is_chosen"]]
        if not figures.is_filtered or (shown["verdict"] != WITHIN).any():
            said = funnel_words.funnel_finding(rows, shown).rstrip("。")
            drawn = charts.funnel_chart(rows, funnel_words.funnel_lines(rows), finding=said)
            yield Drawn(f"差异判断-{name}", f"{name}：{said}（{funnel_words.funnel_basis(figures.kpis, kpi)}）", drawn)


def _signals(figures: Figures) -> Iterator[Drawn]:
    series = figures.series
    if series.empty:
        return
    names = signal_words.names_of(series, figures.indicators)
    places = signal_words.places_of(series, figures.labels)
    out = series[series["is_excluded"]]
    excluded = list(zip(out["region_code"], out["kpi_code"], out["month"].dt.date, strict=True))
    for kpi, region, word in signal_grid(series, excluded)[["kpi_code", "region_code", "variation"]].to_numpy():
        is_whole = not figures.is_filtered and places[region] == signal_words.COUNTY
        is_flagged = word not in USUAL and (not figures.is_filtered or region in figures.chosen)
        if is_whole or is_flagged:
            chart = signal_chart(series, kpi, region, excluded)
            unit = signal_words.unit_of(chart, figures.indicators, kpi)
            title = signal_words.chart_finding(chart, places[region], names[kpi])
            rows, is_share = signal_words.chart_rows(chart, unit), chart.attrs["form"] == SHARE
            drawn = charts.signal_chart(rows, pd.DataFrame(), unit=unit, is_share=is_share, finding=title)
            yield Drawn(f"波动判断-{places[region]}-{names[kpi]}", title, drawn)


def _timetable(figures: Figures) -> Iterator[Drawn]:
    facts = _facts(figures)
    own = figures.steps[
        ~figures.steps["region_code"].isin(figures.names) | figures.steps["region_code"].isin(figures.chosen)
    ]
    steps = milestone_rows(own, facts, figures.labels, as_of=figures.as_of)
    books = book_rows(figures.summary, facts, steps)
    if len(books):
        said = steps_finding(steps)
        drawn = charts.timetable_chart(books, placed_steps(steps, books), as_of=figures.as_of, finding=said)
        yield Drawn("时间表", f"重点任务时间表：{said}", drawn)


def _facts(figures: Figures) -> pd.DataFrame:
    """Return the tasks as `queries.task_book.task_facts` has them, as far as a timetable needs."""
    leads = figures.departments.set_index("code")["name"]
    return (
        figures.summary.rename(columns={"task_code": "code"})
        .assign(
            work_group=figures.summary["work_group_code"].map(figures.group_names),
            lead=figures.summary["lead_department_code"].map(leads),
            responsible="",
        )
        .drop(columns="light")
    )


def _courses(figures: Figures) -> Iterator[Drawn]:
    if figures.courses.empty:
        return
    red = set(figures.matrix.loc[figures.matrix["light"].isin(RED), "task_code"])
    for task in figures.summary.to_dict("records"):
        own = figures.courses[figures.courses["task_code"] == task["task_code"]].reset_index(drop=True)
        if len(own) and (not figures.is_filtered or task["task_code"] in red):
            title = f"{task['number']} {task['title']}：{own['place'].iloc[0]}{progress_finding(own)}"
            drawn = charts.task_progress_chart(own.drop(columns=["task_code", "place"]), finding=title)
            yield Drawn(f"任务进度-{task['number']}", title, drawn)
