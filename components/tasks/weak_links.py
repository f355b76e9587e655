"""薄弱环节 as a list, the worst first: what, where, in which numbers, since when, whose, what is being done.

Each leads to the page where it can be seen, and for the office to writing down what the meeting decides on it.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.rules import OVERVIEW_ITEMS
from analysis.streams import STREAMS
from analysis.weak_links import KIND_WORDS, WEIGHTS, Kind, Severity
from analysis.weak_links.briefing import HEADINGS
from analysis.weak_links.remarks import NONE_YET
from components.links import BACKLOG, TASKS, address, task_link
from components.page_filters import PageFilter
from components.tables import Column
from components.text import nothing_html

KIND = "kind"
PAGE, FOLLOW_UPS, SIGNALS, FUNNEL = "weak_links", "follow_ups", "signals", "funnel"
WHOLE_COUNTY = "全县"

Filters = Mapping[str, str | Sequence[str]]

WEAK_LINKS = tuple(Column(field, heading, is_number=field == "place") for field, heading in HEADINGS.items())


def kind_filter() -> PageFilter:
    """Return the filter of kinds, by their words."""
    return PageFilter(KIND, "类别", {kind.value: word for kind, word in KIND_WORDS.items()}, is_many=True)


def target(row: Mapping[Any, Any], labels: Mapping[str, str], filters: Filters) -> str:
    """Return the address of the page where a weak link can be seen, in its township, the other filters kept."""
    label = labels.get(row["region_code"], "")
    own = {**filters, "township": label} if label else filters
    if row["task_code"]:
        return task_link(row["task_code"], label, filters=filters)
    if row["stream"]:
        named = {} if row["stream"] == "petition_backlog" else {"stream": STREAMS[row["stream"]].name}
        return address(BACKLOG, **own, **named)
    if row["kpi_code"] and row["kind"] == Kind.FUNNEL:
        return address(FUNNEL, kpi=row["title"], **own)
    if row["kpi_code"]:
        return address(SIGNALS, kpi=row["title"], place=label or WHOLE_COUNTY, **filters)
    return address(TASKS, **own)


def weak_links_html(
    rows: pd.DataFrame, labels: Mapping[str, str], filters: Filters, *, is_brief: bool = False, may_decide: bool = False
) -> str:
    """Return weak links as an ordered list.

    Parameters
    ----------
    rows
        `analysis.weak_links.briefing.weak_link_rows`; in brief, `analysis.weak_links.ranked` will do.
    labels
        Of townships, by code.
    filters
        What the addresses keep (`components.filters.link_filters`).
    is_brief
        One line of numbers each, without what is being done.
    may_decide
        Whether each leads on to writing down what the meeting decides on it.
    """
    if rows.empty:
        return nothing_html("薄弱环节")
    items = [_item(row, target(row, labels, filters), filters, is_brief, may_decide) for row in rows.to_dict("records")]
    return f'<ol class="gov-weak{" brief" if is_brief else ""}">{"".join(items)}</ol>'


def weak_links(rows: pd.DataFrame, labels: Mapping[str, str], filters: Filters, **how: bool) -> None:
    """Show weak links as a list."""
    st.html(weak_links_html(rows, labels, filters, **how))


def foremost_links(found: pd.DataFrame, labels: Mapping[str, str], filters: Filters, *, count: int) -> None:
    """Show the first few of a meeting's weak links in brief, and where all `count` of them stand."""
    if found.empty:
        return
    listed = weak_links_html(found.head(OVERVIEW_ITEMS), labels, filters, is_brief=True)
    link = f'<a class="gov-link" href="{escape(address(PAGE, **filters))}" target="_self">全部薄弱环节（{count}个）</a>'
    st.html(f'{listed}<p class="gov-line">{link}</p>')


def _item(row: Mapping[Any, Any], href: str, filters: Filters, is_brief: bool, may_decide: bool) -> str:
    weight = WEIGHTS[Severity(row["severity"])]
    mark = f'<span class="light {weight.level}"><span class="shape">{weight.shape}</span> {weight.word}</span>'
    words = "、".join(KIND_WORDS[Kind(kind)] for kind in row["kinds"].split(","))
    head = (
        f'<header>{mark}<b class="kind">{escape(words)}</b>'
        f'<a class="gov-link" href="{escape(href)}" target="_self">{escape(row["subject"])}</a></header>'
    )
    said = f'<p class="evidence">{escape(row["evidence"])}</p>'
    if is_brief:
        owner = f'<p class="about">{_about("责任", row["owner"])}</p>'
        return f'<li class="{weight.level}">{head}{said}{owner}</li>'
    about = [
        _about(HEADINGS["since_said"], row["since_said"]),
        _about("责任", row["owner"]),
        _about("瓶颈", row["bottleneck"]),
        _about("对策", row["measure"]),
        _about("议定", row["decided"]),
    ]
    more = f'<p class="about">{"".join(about)}{_decide(row, filters, may_decide)}</p>'
    return f'<li class="{weight.level}">{head}{said}{more}</li>'


def _about(word: str, text: str) -> str:
    style = ' class="none-yet"' if text.endswith(NONE_YET) else ""
    return f"<span{style}><b>{word}</b> {escape(text)}</span>" if text else ""


def _decide(row: Mapping[Any, Any], filters: Filters, may_decide: bool) -> str:
    if not may_decide:
        return ""
    href = escape(address(FOLLOW_UPS, **filters, reference=row["reference"]))
    return f'<span><a class="gov-link" href="{href}" target="_self">记为议定事项</a></span>'
