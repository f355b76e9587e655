"""信访诉讼与平安 on screen: cards of the two totals and of 政企通, and the columns of its tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.county_reports import gain
from analysis.levels import LEVELS, Level
from analysis.totals import Change
from analysis.wording import month, number
from components.columns import TOWNSHIP
from components.kpi import Card
from components.marks import level_mark
from components.tables import Column, count

COMPARED = (
    Column("span", "时间"),
    Column("current", "本期（件）", count, is_number=True, figure="annual_total"),
    Column("previous", "上年同期（件）", count, is_number=True),
    Column("change_words", "同比", is_number=True, figure="year_on_year"),
    Column("interval", "同比的波动范围", is_number=True),
)
COMPARED_CAPTION = "波动范围含零的，增减可能只是偶然。"
RISKS = (
    Column("level", "等级", figure="risk_level"),
    Column("opened", "近12个月排查", count, is_number=True, figure="taken"),
    Column("in_time", "按期销号率", is_number=True, figure="in_time"),
    Column("open", "未销号", count, is_number=True, figure="open"),
    Column("overdue", "其中超期", count, is_number=True, figure="overdue"),
)
REPORTS_EXPORT = (
    Column("name", "指标"),
    Column("month", "月份", csv=lambda day: f"{day:%Y-%m}"),
    Column("value", "数值"),
    Column("unit", "单位"),
)


def total_cards(named: Mapping[str, Sequence[Change]], counts: Mapping[str, pd.Series]) -> list[Card]:
    """Return a card per total: the newest year so far, its change in words, and its last 24 months."""
    return [
        Card(
            name,
            f"{changes[0].current:,.0f}",
            "件",
            changes[0].words,
            f"{changes[0].span}；近24个月逐月走势",
            trend=tuple(counts[name].tail(24)),
            trend_says=f"{name}逐月走势",
            figure="annual_total",
        )
        for name, changes in named.items()
        if changes
    ]


def report_cards(newest: pd.DataFrame, *, figure: str) -> list[Card]:
    """Return a card per county figure (`analysis.totals.newest_reports`) with its trend."""
    return [_report(row, figure) for row in newest.to_dict("records")]


def safety_columns(judged: pd.DataFrame, domain: str) -> tuple[Column, ...]:
    """Return the columns of `analysis.totals.safety_rows`."""
    kpis = judged[judged["domain"] == domain].drop_duplicates("kpi_code")
    pairs = [
        (Column(code, name, is_number=True, figure=code), Column(f"{code}_level", "水平", html=_level, csv=_word))
        for code, name in zip(kpis["kpi_code"], kpis["name"], strict=True)
    ]
    return (TOWNSHIP, *(column for pair in pairs for column in pair))


def _report(row: Mapping[Any, Any], figure: str) -> Card:
    history = row["history"]
    if row["kind"] == "rank":
        return Card(row["name"], f"第{row['value']:.0f}", row["unit"], f"{month(row['month'])}公布", row["formula"])
    unit, said = row["unit"], f"截至{month(row['month'])}底"
    return Card(
        row["name"], number(row["value"], digits=2), unit, gain(row), said, trend=history, trend_says="逐月走势",
        figure=figure,
    )  # fmt: skip


def _level(value: Any) -> str:
    return "" if pd.isna(value) else level_mark(LEVELS[Level(value)])


def _word(value: Any) -> str:
    return "" if pd.isna(value) else LEVELS[Level(value)].word
