"""平台运行 on screen: the cards, the table of channels and of townships, in the words of each stream."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from analysis.services import APPEALS, CENTRE, CENTRE_PARTS, FOUR, Channel, CommandCentre
from analysis.streams import FOUR_PLATFORMS, PENDING_PLATFORM
from analysis.wording import percent, share
from components.columns import TOWNSHIP
from components.kpi import Card
from components.links import address, link_mark
from components.tables import Column, count

PAGE = "services"

TABLE_CAPTION = (
    "单位：件。含县级机关主办和县本级；“受理”“办结”按各类事项用各自的说法。按期率＝按期办结÷当期到期或办结；满意率＝（满意＋基本满意）÷参评；"
    "百分数后为件数。点事项看走势、乡镇（街道）和部门。"
)

_MEASURES = (
    Column("closed", "办结", count, is_number=True),
    Column("in_time", "按期率", is_number=True, figure="in_time"),
    Column("open", "未办结", count, is_number=True, figure="open"),
    Column("overdue", "其中超期", count, is_number=True, figure="overdue"),
    Column("content", "满意率（参评）", is_number=True, figure="satisfaction"),
    Column("shared_words", "涉及部门（多部门）", is_number=True, figure="involved"),
)
_TAKEN = (
    Column("opened", "受理", count, is_number=True, figure="taken"),
    Column("opened_before", "上年同期", count, is_number=True),
)


def _linked(value: tuple[str, str, str]) -> str:
    """Return an item with its link, and below it the words in which its stream is counted."""
    text, target, words = value
    name = link_mark((text, target)) if target else escape(text)
    return f'{name}<small class="gov-below">{escape(words)}</small>'


CHANNELS = (
    Column("linked", "平台 · 事项", html=_linked),
    *_TAKEN,
    *_MEASURES,
)
CHANNELS_EXPORT = (
    Column("group", "平台"),
    Column("part", "事项"),
    *_TAKEN,
    Column("closed", "办结"),
    Column("closed_in_time", "按期办结"),
    Column("late", "逾期"),
    Column("rated", "参评"),
    Column("satisfied", "满意和基本满意"),
    Column("ended", "有办结方式"),
    Column("settled", "调解成功（实体办结）"),
    Column("involved", "涉及部门"),
    Column("shared", "多部门"),
    Column("open", "未办结"),
    Column("overdue", "其中超期"),
)


TOWNSHIPS_EXPORT = (Column("township", "乡镇（街道）"), *CHANNELS_EXPORT[2:])


def service_cards(table: pd.DataFrame, centre: CommandCentre) -> list[Card]:
    """Return the cards: the mediation centre, the four platforms' events, 慢城通, and the command centre.

    Parameters
    ----------
    table
        `analysis.services.channel_table`.
    """
    own = table[table["group"] == CENTRE]
    disputes = own[own["stream"] == "dispute"].sum(numeric_only=True)
    success = share(disputes["settled"], disputes["ended"])
    events = table[(table["group"] == FOUR) & (table["stream"] == "event")]
    appeals = table[table["group"] == APPEALS]
    live = "已接入各平台数据" if centre.is_live else centre.note.removeprefix(PENDING_PLATFORM)
    return [
        _card(CENTRE, own, f"矛盾纠纷调解成功率{success}"),
        _card(f"{FOUR}·治理事件", events, f"按时办结率{_in_time(events)}"),
        _card(f"{APPEALS}·群众诉求", appeals, f"按时反馈率{_in_time(appeals)}"),
        Card(PENDING_PLATFORM, centre.word, "", live, "统筹四平台、智慧城管、应急联动", tone="grey"),
    ]


def channel_rows(table: pd.DataFrame, listed: Sequence[Channel], filters: Mapping[str, Any]) -> pd.DataFrame:
    """Add linked (text, address, words) to `analysis.services.channel_table`: each row leads to its part."""
    targets = [address(PAGE, **{**filters, "channel": channel.label}) if channel.platform else "" for channel in listed]
    labels = [channel.label for channel in listed]
    words = [f"{_aside(channel)}{channel.stream.opened}→{channel.stream.closed}" for channel in listed]
    return table.assign(linked=pd.Series(list(zip(labels, targets, words, strict=True)), dtype=object))


def township_columns(channel: Channel) -> tuple[Column, ...]:
    """Return the columns of a channel's townships, in the words of its stream."""
    stream = channel.stream
    success = (Column("success", stream.rate, is_number=True),) if stream.code == "dispute" else ()
    words = {"closed": stream.closed, "open": f"未{stream.closed}", "opened": stream.opened}
    words |= {} if stream.code == "dispute" else {"in_time": stream.rate}
    named = [
        Column(c.field, words.get(c.field, c.heading), c.write, c.html, c.is_number) for c in (*_TAKEN, *_MEASURES)
    ]
    return (TOWNSHIP, *named[:4], *success, *named[4:])


def channel_options(listed: Sequence[Channel]) -> dict[str, str]:
    """Return what may be chosen, labels by code; what is on no platform has no part of the page of its own."""
    return {channel.code: channel.label for channel in listed if channel.platform}


DEPARTMENTS = (
    Column("department", "部门"),
    Column("cases", "涉及件数", count, is_number=True, figure="involved"),
)


def _aside(channel: Channel) -> str:
    """Say which part of the mediation centre, or that it is one of the four platforms, before a channel's words."""
    if channel.platform == CENTRE:
        return f"{CENTRE_PARTS.get(channel.stream.code, '')}，"
    return f"{FOUR}，" if channel.platform in FOUR_PLATFORMS else ""


def _card(label: str, rows: pd.DataFrame, note: str) -> Card:
    waiting, late = rows["open"].sum(), rows["overdue"].sum()
    rated = rows["rated"].sum()
    content = f"；满意率{percent(rows['satisfied'].sum() / rated)}（参评{rated:,}件）" if rated else ""
    foot = f"未办结{waiting:,}件，{f'超期{late:,}件' if late else '无超期'}{content}"
    return Card(label, f"{rows['opened'].sum():,}", "件", note, foot, tone="yellow" if late else "green")


def _in_time(rows: pd.DataFrame) -> str:
    return share(rows["closed_in_time"].sum(), rows["closed_in_time"].sum() + rows["late"].sum())
