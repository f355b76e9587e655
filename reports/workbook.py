"""The workbook behind a meeting: a sheet for each table, native charts beside them, the definitions last."""

import pandas as pd

from analysis.breakdown import recent, weekly_total
from analysis.definitions import catalogue, definition_table
from analysis.lights import LIGHTS
from analysis.meeting import frames, task_frames
from analysis.meeting.figures import Figures
from analysis.meeting.material import Material
from analysis.meeting.tables import BACKLOG, DAY, RATE, SCORE, TOWNSHIP, Column, counted, rate, score, short_day
from analysis.weak_links.briefing import HEADINGS
from analysis.wording import moment
from components.sheets import Plot, Sheet, workbook_bytes
from components.theme import BLUE, GREEN, GREY, ORANGE, RED
from reports.hues import LIGHT_HUES

_DAY = Column("day", "日期", write=short_day, number_format=DAY)
_RATE = Column("rate", "化解率", write=rate, is_number=True, number_format=RATE)
_PACE = Column("pace", "序时进度", write=rate, is_number=True, number_format=RATE)
_NUMBER = "#,##0.##"


def workbook(material: Material) -> bytes:
    """Return the workbook as .xlsx; a table without rows keeps its headings."""
    figures = material.figures
    parts = [_about(figures), *_backlog(figures), *_tasks(figures), *_assessment(figures), *_rest(material)]
    known = definition_table(catalogue(figures.indicators, as_of=figures.as_of))
    names = {
        "code": "代码",
        "name": "名称",
        "subject": "类别",
        "meaning": "含义",
        "formula": "公式",
        "period": "期间",
        "source": "数据来源",
        "unit": "计量单位",
        "direction": "方向",
        "rule": "考核规则",
        "department": "责任单位",
    }
    parts.append(Sheet("口径说明", known, tuple(Column(field, heading) for field, heading in names.items())))
    return workbook_bytes(parts, title=f"{figures.county}（{figures.stamp}）")


def _about(figures: Figures) -> Sheet:
    rows = [
        ("县", figures.county),
        ("截至", f"{figures.as_of:%Y-%m-%d}"),
        ("范围", figures.place),
        ("数据批次", str(figures.release)),
        ("数据来源", figures.source),
        ("发布时间", moment(figures.published_at)),
        ("性质", "演示数据，不是真实情况" if figures.is_demo else "正式数据"),
        ("说明", "各表为看板同一口径的数字；口径见最后一张表。图为原生图表，可直接编辑。"),
    ]
    return Sheet(
        "说明", pd.DataFrame(rows, columns=["what", "value"]), (Column("what", "项目"), Column("value", "内容"))
    )


def _backlog(figures: Figures) -> list[Sheet]:
    towns = frames.township_rows(figures)
    weeks = weekly_total(recent(figures.weekly))
    by_township = Plot("column", "township", {"opened": BLUE, "closed": GREEN}, "各乡镇（街道）交办、化解（件）")
    by_week = Plot("line", "week_end", {"open": BLUE, "overdue": RED}, "各周末未化解和超期（件）")
    pace = Plot("line", "day", {"rate": BLUE, "pace": ORANGE}, "化解率与序时进度", number_format="0%", top=1)
    week_columns = (
        Column("week_end", "周末", number_format=DAY),
        *(counted(*each) for each in (("opened", "交办"), ("reopened", "反弹"), ("closed", "化解"))),
        counted("open", "未化解"),
        counted("overdue", "其中超期"),
    )
    leads = (
        counted("led_opened", "乡镇主办交办"),
        counted("led_closed", "乡镇主办化解"),
        counted("department_opened", "县级机关主办交办"),
        counted("department_closed", "县级机关主办化解"),
    )
    ages = (Column("band", "交办后天数"), counted("open", "未化解"))
    aged = (
        TOWNSHIP,
        Column("lead", "主办"),
        counted("open", "未化解"),
        counted("overdue", "其中超期"),
        Column("oldest_on", "最早交办", number_format=DAY),
    )
    return [
        Sheet("积案化解", towns, (*BACKLOG, *leads, Column("note", "说明")), by_township),
        Sheet("积案逐周", weeks, week_columns, by_week),
        Sheet(
            "序时进度",
            figures.progress,
            (_DAY, counted("opened", "交办"), counted("closed", "化解"), _RATE, _PACE),
            pace,
        ),
        Sheet("交办后天数", frames.age_rows(figures), ages, Plot("column", "band", {"open": BLUE}, "未化解积案（件）")),
        Sheet("久未化解", frames.aged_rows(figures), aged),
    ]


def _tasks(figures: Figures) -> list[Sheet]:
    lights = task_frames.lights_by_group(figures)
    hues = {light.value: LIGHT_HUES[light] for light in LIGHTS if light.value in lights}
    columns = (
        Column("work_group", "专项组"),
        *(counted(each, LIGHTS[each].word) for each in LIGHTS if each.value in hues),
    )
    whole = (
        Column("task", "重点任务"),
        Column("work_group", "专项组"),
        Column("lead", "牵头单位"),
        Column("light_word", "亮灯"),
        _percent("planned_pct", "计划进度（%）"),
        _percent("actual_pct", "实际进度（%）"),
        Column("due_on", "完成时限", number_format=DAY),
        counted("cells", "项次"),
        counted("red_cells", "红灯项次"),
        counted("unreported_cells", "未报项次"),
    )
    red = (
        Column("task", "重点任务"),
        Column("place", "乡镇（街道）"),
        Column("work_group", "专项组"),
        Column("light_word", "亮灯"),
        Column("progress", "计划 / 实际"),
        Column("due_on", "完成时限", number_format=DAY),
        Column("reported_on", "报送日期", number_format=DAY),
    )
    return [
        Sheet("重点任务", task_frames.task_rows(figures), whole),
        Sheet("专项组亮灯", lights, columns, Plot("bar", "work_group", hues, "各专项组任务亮灯", is_stacked=True)),
        Sheet("红灯事项", task_frames.cell_rows(figures), red),
    ]


def _assessment(figures: Figures) -> list[Sheet]:
    ranking = (
        Column("place", "名次"),
        TOWNSHIP,
        _score("score", "综合得分"),
        Column("change", "较上月"),
        Column("interval", "名次范围"),
        Column("band", "判断"),
        Column("coverage", "指标覆盖", write=rate, is_number=True, number_format="0%"),
    )
    kpis = figures.kpis[figures.kpis["township_code"].isin(figures.chosen)]
    kpis = kpis.assign(township=kpis["township_code"].map(figures.names))
    judged = (
        Column("kpi_code", "代码"),
        Column("name", "指标"),
        TOWNSHIP,
        _plain("numerator", "分子"),
        _plain("denominator", "分母"),
        _plain("value", "数值"),
        Column("unit", "单位"),
        _plain("weight", "权重"),
        _score("score", "得分"),
        _plain("rank", "名次"),
    )
    plot = Plot("bar", "township", {"score": BLUE}, "综合得分（分）", number_format="0", top=100)
    return [Sheet("考核排名", frames.ranking_rows(figures), ranking, plot), Sheet("考核指标", kpis, judged)]


def _rest(material: Material) -> list[Sheet]:
    figures = material.figures
    issues = tuple(
        Column(field, heading, number_format="0" if field == "place" else "") for field, heading in HEADINGS.items()
    )
    decided = (
        Column("subject", "事项"),
        Column("township", "乡镇（街道）"),
        Column("promise", "议定内容"),
        Column("owner", "责任"),
        Column("raised_on", "议定日期", number_format=DAY),
        Column("due_on", "时限", number_format=DAY),
        Column("done_on", "销号日期", number_format=DAY),
        Column("reply", "答复"),
    )
    streams = (
        Column("named", "类别"),
        counted("opened", "今年新增"),
        counted("closed", "今年办结"),
        counted("open", "未办结"),
        counted("overdue", "其中超期"),
        Column("kept_up", "近12个月"),
    )
    values = (
        Column("name", "指标"),
        _plain("value", "数值"),
        Column("unit", "单位"),
        Column("month", "月份", number_format="yyyy-mm"),
        Column("formula", "口径"),
    )
    plot = Plot("column", "named", {"opened": BLUE, "closed": GREEN, "open": GREY}, "今年新增、办结与未办结（件）")
    return [
        Sheet("薄弱环节", material.issues, issues),
        Sheet("议定事项", material.rows.follow_ups, decided),
        Sheet("平台运行", frames.stream_rows(figures), streams, plot),
        Sheet("县级指标", figures.county_values, values),
    ]


def _percent(field: str, heading: str) -> Column:
    return Column(field, heading, write=score, is_number=True, number_format=SCORE)


def _score(field: str, heading: str) -> Column:
    return Column(field, heading, write=score, is_number=True, number_format=SCORE)


def _plain(field: str, heading: str) -> Column:
    return Column(field, heading, is_number=True, number_format=_NUMBER)
