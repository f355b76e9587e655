"""The upper half of 乡镇画像: posts, headline cards, and the indicators beside the county's and the neighbours'."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.annotations import Note
from analysis.backlog import Headline
from analysis.levels import LEVELS, Level
from analysis.neighbourhood import (
    TOGETHER_NOTE,
    VERDICTS,
    Circle,
    beside_words,
    mean_beside,
    score_words,
    share_beside,
)
from analysis.remembered import remembered
from analysis.tasks import light_counts
from analysis.wording import fraction, percent, place, places
from analysis.wording import month as month_word
from components.cards import tasks_card
from components.kpi import Card
from components.marks import level_mark, two_lines
from components.tables import Column, html_table
from components.text import nothing_html

UNIT = "乡镇（街道）"
"""What a township is called where its kind is not known."""


def posts_html(posts: Sequence[tuple[str, str]]) -> str:
    """Return who is in charge and how large the township is, in one line."""
    if not posts:
        return nothing_html("职务信息")
    items = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(who)}</dd></div>" for what, who in posts)
    return f'<dl class="gov-posts">{items}</dl>'


def posts_line(posts: Sequence[tuple[str, str]]) -> None:
    """Show who is in charge and how large the township is."""
    st.html(posts_html(posts))


@remembered
def portrait_cards(
    ranked: pd.DataFrame, backlog: Headline, tasks: pd.DataFrame, now: pd.DataFrame, circle: Circle
) -> list[Card]:
    """Return the headline cards of a township, with the county's, its kind's and its neighbours' figures below.

    Parameters
    ----------
    ranked, now
        `analysis.rankings.ranked_rows` and `queries.backlog.backlog_at`, both over the whole set.
    backlog, tasks
        Of the township alone: its line, and its cells of `queries.tasks.task_matrix`.
    """
    scores = beside_words(mean_beside(ranked, "score", circle), circle, score_words)
    rates = beside_words(share_beside(now, "closed", "opened", circle), circle, percent)
    standing = ranked[ranked["township_code"] == circle.township].iloc[0]
    lights = light_counts(tasks["light"])
    return [
        _score_card(standing, scores),
        Card(
            "信访积案化解率",
            percent(backlog.rate).removesuffix("%"),
            "%" if backlog.opened else "",
            _made_of(now[now["township_code"] == circle.township]),
            rates,
            figure="resolution_rate",
        ),
        _open_card(backlog),
        tasks_card(lights, label="重点任务", unit="项亮绿灯"),
    ]


def _made_of(own: pd.DataFrame) -> str:
    """Say what a rate is made of, and the part that the township leads, which alone is judged."""
    row = own.iloc[0]
    if not row["opened"]:
        return "没有交办记录"
    led = f"，其中乡镇主办 {fraction(row['led_closed'], row['led_opened'])}" if row["department_opened"] else ""
    return f"化解/交办 {fraction(row['closed'], row['opened'])}{led}"


def _score_card(standing: Mapping[Any, Any] | pd.Series, beside: str) -> Card:
    if pd.isna(standing["rank"]):
        return Card("综合得分", "—", "", "暂不排名", beside, figure="score")
    where = place(standing["rank"], is_tied=bool(standing["is_tied"]))
    said = f"{where}，名次范围{places(standing['rank_low'], standing['rank_high'])}"
    return Card("综合得分", f"{standing['score']:.1f}", "分", said, beside, figure="score")


def _open_card(backlog: Headline) -> Card:
    late = f"其中超期{backlog.overdue:,}件" if backlog.overdue else "无超期"
    return Card(
        "未化解积案",
        f"{backlog.open_now:,}",
        "件",
        late if backlog.open_now else "没有未化解的积案",
        "未化解件数逐周走势" if backlog.history else "",
        trend=backlog.history,
        trend_says="未化解件数逐周走势",
        tone="yellow" if backlog.overdue else "",
        figure="open",
    )


def labelled(places: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Add township (label) to `queries.regions.townships`, for the tile map."""
    return places.assign(township=places["code"].map(labels))


def verdict_mark(verdict: Any) -> str:
    """Return how a figure stands beside the county's as trusted markup; "" where it cannot be said."""
    if not verdict:
        return "—"
    word, shape, colour = VERDICTS[verdict]
    return f'<span class="light {colour}"><span class="shape">{shape}</span> {word}</span>'


def _level(value: Any) -> str:
    return level_mark(LEVELS[Level(value)])


def _rank(value: Any) -> str:
    return "—" if pd.isna(value) else f"第{value:.0f}名"


def _own(shown: tuple[str, str, str]) -> str:
    return f"<b>{two_lines(shown)}</b>"


@remembered
def compared_rows(rows: pd.DataFrame, notes: Mapping[str, Sequence[Note]]) -> pd.DataFrame:
    """Add the cells of two lines to `analysis.neighbourhood.compared`, and the 情况说明 of each indicator (by code)."""
    weights = [f"权重{weight:g}" if weight > 0 else "监测" for weight in rows["weight"]]
    named = zip(rows["name"], weights, rows["kpi_code"], strict=True)
    own = zip(rows["value_words"], rows["basis"], [""] * len(rows), strict=True)
    said = [list(notes.get(code, ())) for code in rows["kpi_code"]]
    return rows.assign(named=_cells(named), own=_cells(own), note=_cells(said))


def note_cell(notes: Sequence[Note]) -> str:
    """Return the newest note of a figure as trusted markup: its month, the office's reason, the township's reply."""
    if not notes:
        return ""
    note = notes[-1]
    answer = f"<br>答复：{escape(note.reply)}" if note.reply else ""
    return f'<p class="gov-said"><small>{month_word(note.month)}</small> {escape(note.reason)}{answer}</p>'


def compared_table(rows: pd.DataFrame, notes: Mapping[str, Sequence[Note]], circle: Circle) -> None:
    """Show the indicators beside the county's; `rows` is `analysis.neighbourhood.compared`."""
    if rows.empty:
        st.info("所选日期之前没有指标数据。")
        return
    html_table(compared_rows(rows, notes), compared_columns(circle.kind), caption=TOGETHER_NOTE)


def compared_columns(kind: str) -> tuple[Column, ...]:
    """Return the columns of the table of indicators; `kind` is what the townships of its kind are called."""
    kin = (Column("kin_words", f"{kind}合计", is_number=True),) if kind else ()
    return (
        Column("named", "指标", html=two_lines),
        Column("own", f"本{kind or UNIT}", html=_own, is_number=True),
        Column("level", "水平", html=_level, figure="score"),
        Column("rank", "本项名次", _rank, is_number=True),
        Column("county_words", "全县", is_number=True),
        *kin,
        Column("neighbours_words", "相邻", is_number=True),
        Column("verdict", "与全县比", html=verdict_mark),
        Column("note", "情况说明", html=note_cell),
    )


COMPARED_EXPORT = (
    Column("name", "指标"),
    Column("unit", "单位"),
    Column("weight", "权重"),
    Column("numerator", "分子"),
    Column("denominator", "分母"),
    Column("value", "数值"),
    Column("score", "得分"),
    Column("rank", "本项名次"),
    Column("county", "全县"),
    Column("kin", "同类"),
    Column("neighbours", "相邻"),
)


def _cells(values: Any) -> pd.Series:
    return pd.Series(list(values), dtype=object)
