"""数据质量: its cards, and the columns of its tables."""

from collections.abc import Hashable, Mapping
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.reporting import Reported
from analysis.streams import STREAMS
from analysis.table_names import table_word
from analysis.wording import MISSING, day, fraction, moment, month, month_day
from components.kpi import Card, Tone
from components.tables import Column, count, html_table
from components.township_names import township_mark

MONTHLY = ("kpi_values", "kpi_scores")
MARKS = {"错误": ("■", "red"), "警告": ("▲", "yellow"), "提醒": ("●", "grey")}


def severity_mark(word: Any) -> str:
    """Return a severity as trusted markup: shape and word in the colour of its level."""
    shape, level = MARKS[str(word)]
    return f'<span class="light {level}"><span class="shape">{shape}</span> {escape(str(word))}</span>'


def whole_day(value: Any) -> str:
    """Write a date as 2020年8月31日; missing as a dash."""
    return MISSING if pd.isna(value) else day(value)


def stream_word(value: Any) -> str:
    """Write a stream's name; an unknown one bears its code."""
    return STREAMS[value].name if value in STREAMS else str(value)


TASK_REPORTS = (
    Column("region", "乡镇（街道）", html=township_mark),
    Column("due", "应报（项）", count, is_number=True, figure="reporting"),
    Column("came", "已报", count, is_number=True),
    Column("late", "其中迟报", count, is_number=True),
    Column("missing", "未报", count, is_number=True),
    Column("missing_tasks", "未报送的任务"),
)
KPI_REPORTS = (
    Column("kpi", "指标"),
    Column("department", "责任单位"),
    Column("due", "应报（个）", count, is_number=True, figure="kpi_reporting"),
    Column("came", "已报", count, is_number=True),
    Column("missing", "未报", count, is_number=True),
    Column("missing_regions", "未报送的乡镇（街道）"),
)
FINDINGS = (
    Column("severity", "程度", html=severity_mark, figure="check"),
    Column("table", "数据表"),
    Column("message", "问题"),
    Column("count", "涉及行数", count, is_number=True),
    Column("department", "请联系"),
)
HOLDINGS = (
    Column("table", "数据表", table_word, csv=table_word),
    Column("rows", "行数", count, is_number=True, figure="rows"),
    Column("newest_said", "最新业务日期"),
)
STREAM_DAYS = (
    Column("stream", "事项类别", stream_word, csv=stream_word),
    Column("newest", "最新登记日", whole_day, csv=whole_day),
)
RELEASES = (
    Column("id", "批次", count, figure="release"),
    Column("published_at", "发布时间", moment, csv=moment),
    Column("as_of", "截至", whole_day, csv=whole_day, figure="as_of"),
    Column("source", "来源"),
    Column("changed", "变动行数", count, is_number=True),
    Column("errors", "错误", count, is_number=True, figure="check"),
    Column("warnings", "警告", count, is_number=True),
    Column("notices", "提醒", count, is_number=True),
    Column("note", "说明"),
)


def holding_rows(held: pd.DataFrame) -> pd.DataFrame:
    """Put the newest day into words: `newest_said`, of monthly tables the month."""
    said = [
        month(newest) if table in MONTHLY and pd.notna(newest) else whole_day(newest)
        for table, newest in zip(held["table"], held["newest"], strict=True)
    ]
    return held.assign(newest_said=pd.Series(said, dtype="str"))


def newest_days(streams: pd.DataFrame, held: pd.DataFrame) -> None:
    """Show how new each kind of case is, and beside it how much each table holds, in two columns of about its length.

    Parameters
    ----------
    streams, held
        `queries.holdings.newest_cases` and `holding_rows`.
    """
    half = (len(held) + 1) // 2
    left, middle, right = st.columns(3)
    with left:
        html_table(streams, STREAM_DAYS, caption="各类事项最新一件的登记日。")
    with middle:
        html_table(held.head(half), HOLDINGS)
    with right:
        html_table(held.tail(len(held) - half), HOLDINGS)


def quality_cards(
    newest: Mapping[Hashable, Any], tasks: Reported, kpis: Reported, found: Mapping[str, int], *, when: str
) -> list[Card]:
    """Return the cards of 数据质量: how new the data are, what was reported, what the checks found.

    Parameters
    ----------
    newest
        The newest row of `queries.releases.releases`.
    found
        `database.check.counts_by_severity`.
    when
        The month that reports are due for, in words.
    """
    errors, *rest = found.items()
    others = "、".join(f"{word}{n}处" for word, n in rest if n)
    tone: Tone = "red" if errors[1] else "yellow" if found["警告"] else "green"
    return [
        Card(
            "最新数据截至",
            month_day(newest["as_of"]),
            f"{newest['as_of'].year}年",
            f"第{newest['id']}批，{moment(newest['published_at'])}发布",
            f"来源：{newest['source'] or '未注明'}",
            figure="release",
        ),
        _reported_card(f"{when}任务报送", tasks, "reporting"),
        _reported_card(f"{when}指标报送", kpis, "kpi_reporting"),
        Card("数据核对", f"{errors[1]}", "处错误", others or "没有警告和提醒", tone=tone, figure="check"),
    ]


def _reported_card(label: str, counts: Reported, figure: str) -> Card:
    late = f"，迟报{counts.late}项次" if counts.late else ""
    said = f"未报{counts.missing}项次{late}" if counts.missing else f"已全部报送{late}"
    tone: Tone = "yellow" if counts.missing else "green"
    if not counts.due:
        return Card(label, MISSING, "", "本月没有应报的", figure=figure)
    return Card(label, fraction(counts.came, counts.due), "项次", said, tone=tone, figure=figure)
