"""The ledger on screen: its table, the way from page to page, and the links to the whole set as a file."""

from collections.abc import Callable, Hashable, Sequence
from datetime import date
from functools import partial
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.case_words import STANDING_MARKS, case_headings
from analysis.category_table import TOWNSHIP
from analysis.ledger import COUNTY_WORD
from analysis.streams import Stream
from analysis.wording import day_as_of
from components.links import case_link, link_mark
from components.tables import Column, count, html_table
from components.township_names import place_mark, township_mark

_STACK = "_ledger_pages"
_ON_SCREEN = ("township", "category", "lead", "leader", "opened_on", "due_on", "standing", "closed_on",
              "age_days")  # fmt: skip
_DAYS = ("opened_on", "due_on", "closed_on")
MANY = 50_000
"""From so many cases on, a workbook takes minutes to write."""


def ledger_table(table: pd.DataFrame, stream: Stream, as_of: date) -> None:
    """Show the cases of one page (`analysis.case_words.case_table`); a number leads to the case."""
    numbers: list[Any] = [
        (str(number), case_link(str(number), as_of, township=() if place == COUNTY_WORD else str(place)))
        for number, place in zip(table["case_no"], table["township"], strict=True)
    ]
    day = partial(_day_words, as_of=as_of)
    standings: list[Any] = list(zip(table["standing"], table["late_days"], strict=True))
    opened: list[Any] = [
        (day(value), f"第{number}次" if number > 1 else "")
        for value, number in zip(table["opened_on"], table["episode"], strict=True)
    ]
    closed: list[Any] = list(zip(map(day, table["closed_on"]), table["method"], strict=True))
    due: list[Any] = [(day(value), "") for value in table["due_on"]]
    places = table["township"].where(table["village"] == "", table["township"] + "\n" + table["village"])
    shown = table.assign(
        case_no=numbers, standing=standings, opened_on=opened, closed_on=closed, due_on=due, township=places
    )
    html_table(shown, _columns(stream), caption="天数：在办的为首次登记至截至日，已结的为首次登记至办结。")


def ledger_columns(stream: Stream) -> tuple[Column, ...]:
    """Return the columns of a download of the cases on screen."""
    return tuple(Column(field, heading) for field, heading in case_headings(stream).items())


def category_columns(table: pd.DataFrame) -> tuple[Column, ...]:
    """Return the columns of the cases in hand by township and category (`analysis.category_table`)."""
    kinds = [str(name) for name in table.columns if name != TOWNSHIP]
    return Column(TOWNSHIP, "乡镇（街道）", html=township_mark), *(Column(kind, kind, is_number=True) for kind in kinds)


def category_counts(table: pd.DataFrame, *, caption: str) -> None:
    """Show the cases in hand by township and category, the last row as the total of all."""
    html_table(
        table.iloc[:-1],
        category_columns(table),
        total={str(name): value for name, value in table.iloc[-1].items()},
        caption=caption,
    )


def page_start(asked: Hashable) -> Any:
    """Return the key from which the page now open starts, None for the first; another question starts anew."""
    if st.session_state.get(_STACK, (None, []))[0] != asked:
        st.session_state[_STACK] = (asked, [])
    stack = st.session_state[_STACK][1]
    return stack[-1] if stack else None


def pager(asked: Hashable, following: Any, *, size: int, shown: int) -> None:
    """Show the way to the first, the previous and the next page; `following` is the next one's start, None for none."""
    stack: Sequence[Any] = st.session_state[_STACK][1]
    if not stack and following is None:
        return
    first = len(stack) * size + 1
    ways = st.columns([1, 1, 1, 5], vertical_alignment="center")
    go = partial(_turn, asked)
    ways[0].button("首页", on_click=go, args=([],), disabled=not stack, key="ledger_first", width="stretch")
    ways[1].button("上一页", on_click=go, args=(stack[:-1],), disabled=not stack, key="ledger_back", width="stretch")
    ways[2].button(
        "下一页", on_click=go, args=([*stack, following],), disabled=following is None, key="ledger_on",
        width="stretch",
    )  # fmt: skip
    ways[3].html(f"<p class='gov-note'>第{len(stack) + 1}页，第{first:,}至{first + shown - 1:,}件</p>")


def export_links(links: Sequence[tuple[str, str]], *, cases: int, is_capped: bool) -> None:
    """Show the links to the whole filtered set as files; `links` are words and addresses."""
    shown = "　".join(map(link_mark, links))
    slow = "件数较多，Excel 约需数分钟，CSV 较快；" if is_capped or cases > MANY else ""
    note = f"{slow}导出会记入操作记录；按当前筛选和排序，不限本页。"
    st.html(f"<p class='gov-line'>{shown} <span class='gov-note'>{note}</span></p>")


def standing_mark(value: tuple[str, int]) -> str:
    """Return how a case stands as trusted markup: shape and word, with the days past due."""
    word, late = value
    shape, level = next((mark[1], mark[2]) for mark in STANDING_MARKS.values() if mark[0] == word)
    days = f"{late}天" if late else ""
    return f'<span class="light {level}"><span class="shape">{shape}</span> {word}{days}</span>'


def _columns(stream: Stream) -> tuple[Column, ...]:
    headings = case_headings(stream)
    headings = {**headings, "closed_on": f"{stream.closed}日期、方式", "township": "乡镇、村"}
    marks: dict[str, Callable[[Any], str]] = {
        **dict.fromkeys(_DAYS, _day),
        "standing": standing_mark,
        "township": partial(place_mark, between="\n"),
    }
    figures = {"standing": "overdue", "age_days": "case_age", "due_on": "time_limit", "lead": "led_by"}
    first = Column("case_no", headings["case_no"], html=_case)
    rest = (
        Column(field, headings[field], count if field == "age_days" else None, html=marks.get(field),
               is_number=field == "age_days", figure=figures.get(field, ""), is_unbroken=field == "category")
        for field in _ON_SCREEN if field != "leader" or stream.code == "petition_backlog"
    )  # fmt: skip
    return (first, *rest)


def _case(value: tuple[str, str]) -> str:
    number, target = value
    return f'<a class="gov-link" href="{escape(target)}" target="_blank">{escape(number)}</a>'


def _day_words(value: Any, as_of: date) -> str:
    return day_as_of(value, as_of) if value != "" else ""


def _day(value: tuple[str, str]) -> str:
    """Write a day (in words, unbroken), and below it what is said of it."""
    known, said = value
    return "<br>".join(f"<span class='gov-day'>{escape(text)}</span>" for text in (known, said) if text)


def _turn(asked: Hashable, stack: Sequence[Any]) -> None:
    st.session_state[_STACK] = (asked, list(stack))
