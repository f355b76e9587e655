"""The campaign on screen: its townships and departments as tables, and whether it or the whole stream is shown."""

from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from analysis.breakdown import SMALL_BASE, SMALL_MARK
from analysis.campaign_table import (
    DAYS,
    campaign_total,
    department_total,
    departments_finding,
    townships_finding,
)
from analysis.scope import Scope
from analysis.streams import Stream
from analysis.trends import Period
from components.choices import choice
from components.columns import TOWNSHIP
from components.tables import Column, count, html_table, rate
from components.workbook import Sheets

CAMPAIGN, WHOLE = "攻坚交办的积案", "全部信访积案"
BY_LEAD: dict[str, Any] = {"group": "lead_department_code", "with_county": True}


def cohort(scope: Scope) -> Scope:
    """Let the viewer see the whole stream where a campaign is preselected; return what is asked for."""
    if scope.campaign is None:
        return scope
    return scope if choice("统计范围", (CAMPAIGN, WHOLE), key="cohort") == CAMPAIGN else replace(scope, campaign=None)


_COUNTS = (
    Column("opened", "交办", count, is_number=True, figure="opened"),
    Column("closed", "化解", count, is_number=True, figure="closed"),
    Column("recent", f"近{DAYS}日", count, is_number=True, figure="recent_closings"),
    Column("open", "未化解", count, is_number=True, figure="open"),
    Column("overdue", "超期", count, is_number=True, figure="overdue"),
    Column("resolved", "化解率", is_number=True, figure="resolution_rate"),
    Column("split", "实体+依法", is_number=True, figure="closing_split"),
    Column("reopened", "反弹", count, is_number=True, figure="reopened"),
)
_FIGURES = (
    Column("opened", "交办"),
    Column("closed", "化解"),
    Column("recent", f"近{DAYS}日化解"),
    Column("open", "未化解"),
    Column("overdue", "其中超期"),
    Column("rate", "化解率", csv=rate),
    Column("substantive", "实体化解"),
    Column("lawful", "依法终结"),
    Column("reopened", "反弹"),
)

CAMPAIGN_TOWNSHIPS = (
    TOWNSHIP,
    Column("place", "名次", is_number=True, figure="campaign_rank"),
    *_COUNTS,
    Column("led", "乡镇主办", is_number=True, figure="led_by"),
    Column("department", "县级机关主办", is_number=True),
)
_RANK_NOTE = "名次只按乡镇主办的化解率排，按全县计算"
_UNITS = f"单位：件。近{DAYS}日为近{DAYS}日化解，实体+依法为实体化解与依法终结，百分数为化解率，括号内为化解/交办"
CAMPAIGN_CAPTION = f"{_UNITS}。{_RANK_NOTE}；{SMALL_MARK} 乡镇主办{SMALL_BASE}。"
CAMPAIGN_EXPORT = (
    TOWNSHIP,
    Column("rank", "名次"),
    *_FIGURES,
    Column("led_opened", "乡镇主办交办"),
    Column("led_closed", "乡镇主办化解"),
    Column("department_opened", "县级机关主办交办"),
    Column("department_closed", "县级机关主办化解"),
    Column("note", "说明"),
)

_DEPARTMENT = Column("department", "主办单位")
CAMPAIGN_DEPARTMENTS = (_DEPARTMENT, *_COUNTS)
DEPARTMENTS_CAPTION = f"{_UNITS}。县级机关主办的积案不计入所在乡镇的名次；{SMALL_MARK} {SMALL_BASE}。"
DEPARTMENTS_EXPORT = (_DEPARTMENT, *_FIGURES)


def trend_export(stream: Stream) -> tuple[Column, ...]:
    """Return the columns of the trend's download, in the stream's own verbs."""
    waiting = f"未{stream.closed}"
    return (
        Column("label", "期末"),
        Column("opened", stream.opened),
        Column("reopened", "反弹"),
        Column("closed", stream.closed),
        Column("open", waiting),
        Column("overdue", "其中超期"),
        Column("open_before", f"上年同期{waiting}"),
    )


def trends_title(measure: str, period: Period, trend: pd.DataFrame) -> str:
    """Say what the small multiples below the county's line (`analysis.trends.county_trend`) show."""
    dashed = "，虚线为上年同期" if trend["open_before"].notna().any() else ""
    return f"各乡镇（街道）逐{period.word}{measure}件数（同一刻度{dashed}）"


def townships_table(rows: pd.DataFrame, *, where: str) -> None:
    """Show the campaign's townships (`analysis.campaign_table.campaign_rows`), the finding above."""
    st.subheader(townships_finding(rows))
    html_table(rows, CAMPAIGN_TOWNSHIPS, total=campaign_total(rows, where), caption=CAMPAIGN_CAPTION)


def departments_table(rows: pd.DataFrame) -> None:
    """Show the departments' own cases (`analysis.campaign_table.department_rows`), the finding as the title."""
    st.subheader(departments_finding(rows))
    if len(rows):
        html_table(rows, CAMPAIGN_DEPARTMENTS, total=department_total(rows), caption=DEPARTMENTS_CAPTION)


def campaign_sheets(townships: pd.DataFrame, departments: pd.DataFrame) -> Sheets:
    """Return the campaign's sheets of the download."""
    return {"乡镇（街道）": (townships, CAMPAIGN_EXPORT), "县级机关": (departments, DEPARTMENTS_EXPORT)}
