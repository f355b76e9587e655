"""What stands on each slide: native charts and tables from the frames of `analysis.meeting`, nothing computed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd

from analysis.breakdown import recent, weekly_total
from analysis.follow_ups import STATUS_MARKS, Status
from analysis.lights import LIGHTS, Light
from analysis.meeting import frames
from analysis.meeting.material import Material
from analysis.meeting.plan import Item, Topic
from analysis.meeting.slides import AGED_DAYS, backlog_words, city_places
from components.charts.campaign import ACTUAL, PACE
from components.theme import BLUE, GREEN, GREY, ORANGE, RED, VIOLET, YELLOW
from reports.tables import TOWNSHIP, Column, count, counted, long_day, score

Kind = Literal["columns", "stacked_bars", "bars", "lines"]
LIGHT_HUES = {
    Light.DONE: GREEN,
    Light.ON_TRACK: "#7cc4a6",
    Light.DUE_SOON: "#e3c56b",
    Light.MADE_UP: "#cfa83a",
    Light.BEHIND: YELLOW,
    Light.FAR_BEHIND: "#e2857c",
    Light.OVERDUE: RED,
    Light.UNREPORTED: GREY,
    Light.UNREPORTED_AGAIN: VIOLET,
    Light.NOT_STARTED: "#c9ced6",
}
"""Ten lights side by side in one bar: shades of the levels' hues, each named in the legend."""


LISTED, ASKED_OF_ONE = 10, 4
"""So many red cells are listed beside their chart, and so many weak links on a township's own slide."""


@dataclass(frozen=True)
class Series:
    """One series of a chart: its name, a value per category (None for a missing one), its colour."""

    name: str
    values: tuple[float | None, ...]
    hue: str
    is_dashed: bool = False


@dataclass(frozen=True)
class Chart:
    """A native chart; `number_format` is that of values and axis, `top` the axis's end; dates are spaced by days."""

    kind: Kind
    heading: str
    categories: tuple[str | date, ...]
    series: tuple[Series, ...]
    number_format: str = "#,##0"
    top: float | None = None
    has_labels: bool = True


@dataclass(frozen=True)
class Table:
    """A table with its heading."""

    heading: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Content:
    """What stands under a slide's title: a chart, a table or both, the chart on `share` of the width; a line below."""

    chart: Chart | None = None
    table: Table | None = None
    share: float = 0.55
    note: str = ""


def content_of(material: Material, item: Item) -> Content | None:
    """Return what stands on a slide; None where there is nothing to show, so that the slide falls away.

    The cover holds its title alone.
    """
    if item.topic is Topic.TOWNSHIP:
        return _township(material, item.township)
    return _CONTENTS[item.topic](material)


def _cover(_: Material) -> Content:
    return Content()


def _decided(material: Material) -> Content | None:
    table = material.rows.follow_ups
    if table.empty:
        return None
    shown = table.assign(state=[_status(each) for each in table["status"]])
    columns = (
        Column("state", "状态", 1.1),
        Column("subject", "事项", 2.4),
        Column("township", "乡镇（街道）", 1.2),
        Column("promise", "议定内容", 3.2),
        Column("owner", "责任", 1.8),
        Column("deadline", "时限", 2.0),
    )
    return Content(table=Table("", shown, columns))


def _overview(material: Material) -> Content:
    rows = frames.township_rows(material.figures)
    series = (_series("交办", rows["opened"], BLUE), _series("化解", rows["closed"], GREEN))
    chart = Chart("columns", "各乡镇（街道）交办、化解（件）", tuple(rows["short"]), series)
    columns = (Column("what", "指标", 1.5), Column("value", "数值", 1.6, is_number=True))
    return Content(chart, Table("", frames.key_figures(material.figures), columns), share=0.62)


def _campaign(material: Material) -> Content:
    figures = material.figures
    if figures.campaign_now is None:
        return _weeks(material)
    rows = figures.progress
    series = (_series(ACTUAL, rows["rate"], BLUE), _series(PACE, rows["pace"], ORANGE, is_dashed=True))
    days = tuple(day.date() for day in rows["day"])
    chart = Chart("lines", "化解率与序时进度", days, series, "0%", top=1.0, has_labels=False)
    late = frames.township_rows(figures).sort_values("open", ascending=False, kind="stable")
    late = late[late["open"] > 0]
    columns = (
        TOWNSHIP,
        counted("open", "未化解", 1.2),
        counted("overdue", "超期", 1.0),
        Column("resolved", "化解率", 2.9, is_number=True),
    )
    goal = "目标为演示目标。" if figures.campaign_now.is_demo_goal else ""
    table = Table("未化解的乡镇（街道）", late, columns) if len(late) else None
    return Content(chart, table, share=0.6, note=f"序时进度为动员会日到结束日的直线；横轴右端为结束日。{goal}")


def _weeks(material: Material) -> Content:
    rows = weekly_total(recent(material.figures.weekly, weeks=26))
    series = (_series("未化解", rows["open"], BLUE),)
    return Content(Chart("columns", "各周末未化解积案（件）", tuple(rows["label"]), series, has_labels=False))


def _tasks(material: Material) -> Content:
    figures = material.figures
    rows = frames.lights_by_group(figures)
    lights = [light for light in LIGHTS if light.value in rows]
    series = tuple(_series(frames.light_word(light), rows[light.value], LIGHT_HUES[light]) for light in lights)
    unit = "项次" if figures.is_filtered else "项"
    chart = Chart("stacked_bars", f"各专项组任务亮灯（{unit}）", tuple(rows["work_group"]), series)
    columns = (
        Column("light_word", "亮灯", 1.5),
        Column("task", "重点任务", 3.6),
        Column("lead", "牵头单位", 1.6),
        Column("progress", "计划 / 实际", 1.8, is_number=True),
    )
    pressing = frames.pressing_tasks(figures)
    table = Table("未达序时和临期的任务（全县）", pressing, columns) if len(pressing) else None
    return Content(chart, table, share=0.42)


def _work_groups(material: Material) -> Content | None:
    groups = frames.red_by_group(material.figures)
    if groups.empty:
        return None
    chart = Chart("bars", "各专项组红灯（个）", tuple(groups["work_group"]), (_series("红灯", groups["red"], RED),))
    columns = (
        Column("light_word", "亮灯", 1.5),
        Column("task", "重点任务", 3.2),
        Column("place", "乡镇（街道）", 1.4),
        Column("progress", "计划 / 实际", 1.5, is_number=True),
        Column("reported", "报送", 1.35),
        Column("deadline", "时限", 1.35),
    )
    cells = frames.cell_rows(material.figures)
    heading = "红灯事项" if len(cells) <= LISTED else f"红灯事项（差距最大的{LISTED}个，共{len(cells)}个）"
    return Content(chart, Table(heading, cells.head(LISTED), columns), share=0.3)


def _ranking(material: Material) -> Content | None:
    rows = frames.ranking_rows(material.figures)
    known = rows.dropna(subset=["score"])
    if known.empty:
        return None
    series = (_series("综合得分", known["score"], BLUE),)
    chart = Chart("bars", "综合得分（分）", tuple(known["township"]), series, "0.0", top=100)
    columns = (
        Column("place", "名次", 1.1, is_number=True),
        Column("township", "乡镇（街道）", 1.5),
        Column("score", "得分", 0.9, score, is_number=True),
        Column("change", "较上月", 0.9, is_number=True),
        Column("interval", "名次范围", 1.4, is_number=True),
        Column("band", "判断", 1.4),
    )
    note = "名次在全县范围内计算；名次范围为偶然波动可能的名次。"
    return Content(chart, Table("", rows, columns), share=0.42, note=note)


def _weak_links(material: Material) -> Content | None:
    issues = frames.with_deadlines(material, material.issues)
    if issues.empty:
        return None
    columns = (
        Column("place", "序号", 0.6, count, is_number=True),
        Column("weight_word", "程度", 0.7),
        Column("subject", "事项", 2.3),
        Column("evidence", "依据", 3.2),
        Column("owner", "责任", 2.0),
        Column("measure", "对策措施", 2.6),
        Column("deadline", "时限", 1.3),
    )
    return Content(table=Table("", issues, columns))


def _asked(material: Material) -> Content | None:
    rows = frames.asked_rows(material)
    if rows.empty:
        return None
    columns = (
        Column("place", "序号", 0.6, count, is_number=True),
        Column("subject", "事项", 3.0),
        Column("matter", "提请明确", 3.4),
        Column("owner", "牵头", 2.8),
        Column("deadline", "时限", 1.3),
    )
    return Content(table=Table("", rows, columns))


def _aged(material: Material) -> Content:
    ages, rows = frames.age_rows(material.figures), frames.aged_rows(material.figures)
    series = (_series("未化解", ages["open"], BLUE),)
    chart = Chart("columns", "未化解积案按交办后天数（件）", tuple(ages["band"]), series)
    columns = (
        TOWNSHIP,
        Column("lead", "主办", 2.4),
        counted("open", f"超{AGED_DAYS}天", 1.2),
        counted("overdue", "超期", 1.0),
        Column("oldest_on", "最早交办", 2.5, long_day),
    )
    table = Table("", rows, columns) if len(rows) else None
    return Content(chart, table, share=0.45, note="县级机关主办的案件不计入对乡镇（街道）的评价。")


def _services(material: Material) -> Content:
    rows = frames.stream_rows(material.figures)
    series = (_series("今年新增", rows["opened"], BLUE), _series("今年办结", rows["closed"], GREEN))
    chart = Chart("bars", "今年新增、办结（件）", tuple(rows["short"]), series)
    columns = (
        Column("named", "类别", 2.5),
        counted("opened", "新增", 0.9),
        counted("closed", "办结", 0.9),
        counted("open", "未办结", 0.9),
        counted("overdue", "超期", 0.7),
        Column("kept_up", "近12个月", 3.2),
    )
    said = frames.said_values(material.figures, "政企通")
    return Content(chart, Table("", rows, columns), share=0.36, note=f"{said}。" if said else "")


def _safety(material: Material) -> Content | None:
    rows, places = frames.score_rows(material.figures), city_places(material.figures)
    names = [name for name in rows.columns if name != "township"]
    if not names:
        columns = (Column("what", "全市排名", 2.4), Column("value", "位次", 0.8, _place))
        return Content(table=Table("", places, columns)) if len(places) else None
    series = (_series(names[0], rows[names[0]], BLUE),)
    chart = Chart("bars", f"{names[0]}（分）", tuple(rows["township"]), series, "0.0", top=100)
    scores = (Column(name, name, 1.4, score, is_number=True) for name in names)
    said = "，".join(f"{what}全市{_place(n)}" for what, n in zip(places["what"], places["value"], strict=True))
    return Content(chart, Table("", rows, (TOWNSHIP, *scores)), share=0.55, note=f"{said}。" if said else "")


def _township(material: Material, code: str) -> Content:
    figures = material.figures
    weakest = frames.weakest_kpis(figures, code)
    series = (
        _series(figures.names[code], weakest["own"], ORANGE),
        _series("全县平均", weakest["mean"], GREY),
    )
    heading = "得分较低的指标（分，60分为底线）"
    chart = Chart("bars", heading, tuple(weakest["name"]), series, "0", top=100) if len(weakest) else None
    issues = material.issues_of(code).head(ASKED_OF_ONE)
    columns = (
        Column("subject", "问题", 2.2),
        Column("evidence", "数据", 2.8),
        Column("bottleneck", "原因", 2.0),
        Column("measure", "对策措施", 2.0),
    )
    table = Table("请其说明", issues, columns) if len(issues) else None
    return Content(chart, table, share=0.4, note=f"{backlog_words(figures, code)}。")


def _series(name: str, values: Iterable[Any], hue: str, *, is_dashed: bool = False) -> Series:
    return Series(name, tuple(None if pd.isna(value) else float(value) for value in values), hue, is_dashed)


def _status(status: str) -> str:
    word, shape, _ = STATUS_MARKS[Status(status)]
    return f"{shape} {word}"


def _place(value: float) -> str:
    return f"第{value:.0f}"


_CONTENTS: dict[Topic, Callable[[Material], Content | None]] = {
    Topic.COVER: _cover,
    Topic.DECIDED: _decided,
    Topic.OVERVIEW: _overview,
    Topic.CAMPAIGN: _campaign,
    Topic.TASKS: _tasks,
    Topic.WORK_GROUPS: _work_groups,
    Topic.RANKING: _ranking,
    Topic.WEAK_LINKS: _weak_links,
    Topic.AGED: _aged,
    Topic.SERVICES: _services,
    Topic.SAFETY: _safety,
    Topic.ASKED: _asked,
}
