"""The page of one case: its number, its facts, its episodes, the ways on."""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.case_file import case_reference
from analysis.streams import Stream
from analysis.wording import MISSING
from components.links import LEDGER, address, case_link, link_mark
from components.tables import Column
from components.township_names import township_mark

FOLLOW_UPS, TOWNSHIP = "follow_ups", "乡镇（街道）"


def number_box() -> str:
    """Show where a case number is typed, and return it; the URL holds it."""
    return str(st.text_input("案件编号", key="case", bind="query-params", max_chars=64, width=320) or "").strip()


def facts(said: Mapping[str, str]) -> None:
    """Show the facts of a case by their headings."""
    marks = {heading: township_mark(text) if heading == TOWNSHIP else escape(text) for heading, text in said.items()}
    rows = "".join(f"<div><dt>{escape(heading)}</dt><dd>{mark}</dd></div>" for heading, mark in marks.items())
    st.html(f'<dl class="gov-facts">{rows}</dl>')


def episode_columns(stream: Stream) -> tuple[Column, ...]:
    """Return the columns of a case's episodes, in the verbs of its stream."""
    return (
        Column("episode", "次数", figure="reopened"),
        Column("opened_on", f"{stream.opened}日期", is_unbroken=True),
        Column("accept_due_on", "应受理日期", is_unbroken=True),
        Column("accepted_on", "受理日期", is_unbroken=True),
        Column("due", "办理期限", figure="time_limit"),
        Column("lead", "主办单位", figure="led_by"),
        Column("leader", "包案领导" if stream.code == "petition_backlog" else "负责领导"),
        Column("departments", "涉及单位"),
        Column("closed_on", f"{stream.closed}日期", is_unbroken=True),
        Column("method", "办结方式", figure="closing_split"),
        Column("satisfaction", "满意度"),
    )


def known_columns(columns: Sequence[Column], rows: pd.DataFrame) -> list[Column]:
    """Keep the columns of which any row knows something, so that what is known has room."""
    return [column for column in columns if (rows[column.field] != MISSING).any()]


def case_ways(case: Mapping[Any, Any], *, filters: Mapping[str, Any], may_decide: bool) -> None:
    """Show the ways from a case: to the ledger, to the case it repeats, and for the office to deciding on it."""
    number = str(case["case_no"])
    ways = [("← 台账", address(LEDGER, **filters))]
    if not pd.isna(case["repeat_of"]):
        earlier = str(case["repeat_of"])
        ways.append((f"原案件 {earlier}", case_link(earlier, date.fromisoformat(filters["as_of"]))))
    if may_decide:
        reference = case_reference(str(case["township_code"]), number)
        ways.append(("记为议定事项", address(FOLLOW_UPS, **filters, reference=reference)))
    st.html(f'<nav class="gov-ways">{"".join(map(link_mark, ways))}</nav>')
