"""What stands on each slide, for the deck and the presenter alike: the chart as numbers, the table, the line below.

Nothing is computed here, and nothing drawn: `reports.slides` and `components.meeting.slides` do that, each its own way.
"""

from collections.abc import Callable

from analysis.breakdown import ACTUAL, PACE, recent, weekly_total
from analysis.follow_ups import STATUS_MARKS, Status
from analysis.meeting import frames
from analysis.meeting.material import Material
from analysis.meeting.parts import Chart, Content, Table, series_of
from analysis.meeting.plan import Item, Topic
from analysis.meeting.tables import TOWNSHIP, Column, count, counted, long_day, score
from analysis.meeting.task_contents import tasks_content, work_groups_content
from analysis.meeting.titles import AGED_DAYS, backlog_words, city_places
from analysis.weak_links.remarks import NONE_YET

ASKED_OF_ONE = 4
"""So many weak links stand on a township's own slide."""
TO_EXPLAIN = "请说明"


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
    series = (series_of("交办", rows["opened"], "blue"), series_of("化解", rows["closed"], "green"))
    chart = Chart("columns", "各乡镇（街道）交办、化解（件）", tuple(rows["short"]), series)
    columns = (Column("what", "指标", 1.5), Column("value", "数值", 1.6, is_number=True))
    return Content(chart, Table("", frames.key_figures(material.figures), columns), share=0.62)


def _campaign(material: Material) -> Content:
    figures = material.figures
    if figures.campaign_now is None:
        return _weeks(material)
    rows = figures.progress
    series = (series_of(ACTUAL, rows["rate"], "blue"), series_of(PACE, rows["pace"], "orange", is_dashed=True))
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
    series = (series_of("未化解", rows["open"], "blue"),)
    return Content(Chart("columns", "各周末未化解积案（件）", tuple(rows["label"]), series, has_labels=False))


def _ranking(material: Material) -> Content | None:
    rows = frames.ranking_rows(material.figures)
    known = rows.dropna(subset=["score"])
    if known.empty:
        return None
    series = (series_of("综合得分", known["score"], "blue"),)
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
    series = (series_of("未化解", ages["open"], "blue"),)
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
    series = (series_of("今年新增", rows["opened"], "blue"), series_of("今年办结", rows["closed"], "green"))
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
    series = (series_of(names[0], rows[names[0]], "blue"),)
    chart = Chart("bars", f"{names[0]}（分）", tuple(rows["township"]), series, "0.0", top=100)
    scores = (Column(name, name, 1.4, score, is_number=True) for name in names)
    said = "，".join(f"{what}全市{_place(n)}" for what, n in zip(places["what"], places["value"], strict=True))
    brief = _reached(material, str(places["domain"].iloc[0])) if len(places) else None
    return Content(chart, Table("", rows, (TOWNSHIP, *scores)), brief, share=0.55, note=f"{said}。" if said else "")


def _reached(material: Material, domain: str) -> Table | None:
    rows = frames.reached_rows(material.figures, domain)
    columns = (
        Column("name", "指标"),
        Column("goal", "目标", is_number=True),
        Column("mean", "乡镇（街道）平均", is_number=True),
        Column("reached", "达到目标的乡镇（街道）", is_number=True),
    )
    return Table("", rows, columns) if len(rows) else None


def _township(material: Material, code: str) -> Content:
    figures = material.figures
    weakest = frames.weakest_kpis(figures, code)
    series = (
        series_of(figures.names[code], weakest["own"], "orange"),
        series_of("全县平均", weakest["mean"], "grey"),
    )
    heading = "得分较低的指标（分，60分为底线）"
    chart = Chart("bars", heading, tuple(weakest["name"]), series, "0", top=100) if len(weakest) else None
    issues = material.issues_of(code).head(ASKED_OF_ONE)
    is_silent = (issues["bottleneck"] == "") & (issues["measure"] == NONE_YET)
    issues = issues.assign(bottleneck=issues["bottleneck"].mask(is_silent, TO_EXPLAIN))
    columns = (
        Column("subject", "问题", 2.2),
        Column("evidence", "数据", 2.8),
        Column("bottleneck", "原因", 2.0),
        Column("measure", "对策措施", 2.0),
    )
    table = Table("请其说明", issues, columns) if len(issues) else None
    return Content(chart, table, share=0.4, note=f"{backlog_words(figures, code)}。")


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
    Topic.TASKS: tasks_content,
    Topic.WORK_GROUPS: work_groups_content,
    Topic.RANKING: _ranking,
    Topic.WEAK_LINKS: _weak_links,
    Topic.AGED: _aged,
    Topic.SERVICES: _services,
    Topic.SAFETY: _safety,
    Topic.ASKED: _asked,
}
