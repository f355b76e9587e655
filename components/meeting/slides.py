"""The slides of a meeting as HTML: `analysis.meeting.contents` in the pages' own cards, tables, lights and charts.

A slide whose table is long becomes several leaves; each leaf stands by itself, in letters for the back row.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import escape
from math import ceil
from typing import Any

import altair as alt
import pandas as pd

from analysis.backlog import rate
from analysis.briefing import pace_title, ranking_finding, split_finding
from analysis.lights import LIGHTS, Light
from analysis.meeting.contents import content_of
from analysis.meeting.figures import Figures
from analysis.meeting.material import Material
from analysis.meeting.parts import Content, Table
from analysis.meeting.plan import TOPIC_WORDS, Item, Topic
from analysis.meeting.slides import slides
from analysis.meeting.tables import Column as DeckColumn
from analysis.meeting.titles import backlog_words, city_places
from analysis.wording import day, percent
from components.cards import overview_cards
from components.charts import campaign_chart, ranking_chart
from components.charts.svg import chart_svg
from components.follow_ups import status_mark
from components.kpi import Card, cards_html
from components.lights import counts_html, light_mark
from components.tables import Column, table_html

FIRST = 3
ROWS = {Topic.DECIDED: 5, Topic.WEAK_LINKS: 4, Topic.ASKED: 5, Topic.TOWNSHIP: 3, Topic.AGED: 14}
"""How many rows a leaf holds, where they are not OF_ONE_LINE each."""
OF_ONE_LINE = 10
ONE_LEAF = frozenset({Topic.SAFETY, Topic.TOWNSHIP})
"""Slides that never go on: what stands first in them is what the meeting is to see."""
RANKED = 20
"""Of more townships the ranking shows the chart alone."""
CHART = {"width": 1150, "height": 400, "size": 20}
RANKS = {"width": 620, "size": 21}
MARKS: dict[str, tuple[str, Callable[[Any], str]]] = {
    "light_word": ("light", light_mark),
    "state": ("status", status_mark),
}
"""What the deck says in words stands here as the pages' own mark: the field that it is made of, and the mark."""
PROBLEM = ("subject", "evidence")
"""Two columns of the deck in one cell here, the first in bold."""
SAID_BESIDE = frozenset({"weight_word", "interval", "band"})
"""Columns of the deck that the order of the rows or the chart beside them says here."""
SILENCE = {
    Topic.DECIDED: "行动办可在“议定事项”中逐项记录，会上逐项销号。",
    Topic.WORK_GROUPS: "没有亮红灯的任务。",
    Topic.RANKING: "暂不排名。",
    Topic.WEAK_LINKS: "没有需会议研究的问题。",
    Topic.SAFETY: "尚无全市排名。",
    Topic.TOWNSHIP: "没有单独列出的薄弱环节。",
    Topic.ASKED: "没有需要提请议定的事项。",
}
"""What is said where a slide has nothing to show."""


@dataclass(frozen=True)
class Leaf:
    """One picture on the wall: its slide's subject and title, the markup below it, and the sentence to say."""

    key: str
    topic: str
    title: str
    body: str
    say: str


def leaves(material: Material, plan: Sequence[Item]) -> list[Leaf]:
    """Return the leaves of a plan, in its order; a slide of several is numbered in its title."""
    found = []
    for slide in slides(material, plan):
        bodies = list(_bodies(material, slide.item))
        for i, body in enumerate(bodies, 1):
            part = f"（{i}/{len(bodies)}）" if len(bodies) > 1 else ""
            topic = material.figures.names.get(slide.item.township, TOPIC_WORDS[slide.item.topic])
            found.append(Leaf(slide.item.key, topic, f"{slide.title}{part}", body, slide.say))
    return found


def _bodies(material: Material, item: Item) -> Iterator[str]:
    """Yield the leaves of a slide: what stands above the table, then as much of the table as fits, then the rest."""
    if item.topic in _WHOLE:
        yield _WHOLE[item.topic](material)
        return
    content = content_of(material, item) or Content()
    above = _ABOVE[item.topic](material, item) if item.topic in _ABOVE else ""
    below = _lines([content.note]) if content.note and not above else ""
    parts = [each for each in (content.brief, content.table) if each is not None]
    if item.topic in ONE_LEAF:
        parts = [replace(each, frame=each.frame.head(ROWS.get(item.topic, OF_ONE_LINE))) for each in parts[:1]]
    if not parts:
        yield above + _lines([SILENCE[item.topic]] if item.topic in SILENCE else [])
    for part in parts:
        tables = _tables(part, ROWS.get(item.topic, OF_ONE_LINE))
        yield from (above + table + below for table in tables)


def _tables(table: Table, rows: int) -> Iterator[str]:
    """Yield a table, on as many leaves as it needs, of about the same length."""
    frame, columns = shown_as(table)
    parts = max(ceil(len(frame) / rows), 1)
    ends = [round(len(frame) * (i + 1) / parts) for i in range(parts)]
    for start, end in zip([0, *ends], ends, strict=False):
        yield table_html(frame.iloc[start:end], columns, caption=table.heading)


def shown_as(table: Table) -> tuple[pd.DataFrame, list[Column]]:
    """Return a table of the deck as the pages show such: marks for words, what and why in one cell."""
    frame, names = table.frame, [column.field for column in table.columns]
    has_problem = all(name in names for name in PROBLEM)
    if has_problem:
        pairs: list[Any] = list(zip(*(frame[name] for name in PROBLEM), strict=True))
        frame = frame.assign(problem=pd.Series(pairs, dtype=object, index=frame.index))
    merged = PROBLEM if has_problem else ()
    kept = [each for each in table.columns if each.field not in {*SAID_BESIDE, *merged[1:]}]
    columns = [_shown(each, is_problem=each.field in merged) for each in kept]
    return frame, columns


def _shown(own: DeckColumn, *, is_problem: bool) -> Column:
    if is_problem:
        return Column("problem", "问题", html=_problem)
    field, mark = MARKS.get(own.field, (own.field, None))
    return Column(field, own.heading, own.write, html=mark, is_number=own.is_number)


def _problem(pair: tuple[str, str]) -> str:
    return f"<b>{escape(pair[0])}</b><br>{escape(pair[1])}"


def _cover(material: Material) -> str:
    figures = material.figures
    demo = "<p class='demo'><b class='gov-mark'>演示数据</b> 未公开发布的数字均为演示</p>" if figures.is_demo else ""
    said = (
        figures.county,
        f"截至{day(figures.as_of)}",
        f"数据批次{figures.release}　来源：{figures.source or '未注明'}",
    )
    return f"<div class='cover'>{''.join(f'<p>{escape(line)}</p>' for line in said)}{demo}</div>"


def _overview(material: Material) -> str:
    figures = material.figures
    rates = tuple(figures.progress["rate"].dropna().tolist())
    how = {"is_filtered": figures.is_filtered, "is_demo": figures.is_demo}
    cards = overview_cards(figures.headline, figures.campaign_now, figures.lights, rates=rates, **how)
    issues = [
        f"{row['subject']}：{row['evidence'].split('；')[0]}" for row in material.issues.head(FIRST).to_dict("records")
    ]
    listed = f"<ol class='issues'>{''.join(f'<li>{escape(said)}</li>' for said in issues)}</ol>"
    return (
        cards_html(cards)
        + _lines([f"考核排名：{_first_and_last(figures)}", "最需要关注："][: 2 if issues else 1])
        + listed
    )


def _campaign(material: Material) -> str:
    figures = material.figures
    title = pace_title(figures.headline, figures.campaign_now)
    return _figure(campaign_chart(figures.progress, finding=title), **CHART) + _lines(
        [f"{split_finding(figures.total)}。"]
    )


def _ranking(material: Material) -> str:
    ranked = material.figures.ranked
    known = ranked.dropna(subset=["rank"])
    content = content_of(material, Item(Topic.RANKING))
    if known.empty or content is None or content.table is None:
        return _lines([SILENCE[Topic.RANKING]])
    step = max(22, 700 // len(known))
    drawn = ranking_chart(known, places=len(known), row_height=step, finding=f"全县{ranking_finding(ranked)}")
    half = table_html(*shown_as(content.table)) if len(content.table.frame) <= RANKED else ""
    return f"<div class='halves'>{_figure(drawn, **RANKS)}{half}</div>"


def _lights(material: Material, _: Item) -> str:
    return counts_html(material.figures.lights)


def _places(material: Material, _: Item) -> str:
    rows = city_places(material.figures).to_dict("records")
    cards = [Card(str(row["name"]), f"第{row['value']:.0f}", str(row["unit"]), str(row["what"])) for row in rows]
    return cards_html(cards) if cards else ""


def _standing(material: Material, item: Item) -> str:
    return cards_html(township_cards(material.figures, item.township))


def township_cards(figures: Figures, township: str) -> list[Card]:
    """Return a township's cards: backlog, place, red and yellow lights."""
    own, every = (
        frame[frame["township_code"] == township][["opened", "closed", "open", "overdue"]].sum()
        for frame in (figures.in_campaign, figures.all_cases)
    )
    what = "积案化解率" if figures.campaign_now is None else figures.campaign_now.name
    rank = figures.ranked.set_index("township_code").loc[township]
    lights = figures.matrix.loc[figures.matrix["region_code"] == township, "light"].map(
        lambda light: LIGHTS[Light(light)].level
    )
    red, yellow = (int((lights == level).sum()) for level in ("red", "yellow"))
    return [
        Card(what, percent(rate(own["closed"], own["opened"])), note=backlog_words(figures, township)),
        Card("未化解积案（含往年）", str(every["open"]), "件", f"其中超期{every['overdue']}件"),
        Card("考核名次", str(rank["place"]), note=f"名次范围{rank['interval']}，较上月{rank['change']}"),
        Card("任务红灯", str(red), "项", f"黄灯{yellow}项，共{len(lights)}项", tone="red" if red else "green"),
    ]


def _first_and_last(figures: Figures) -> str:
    known = figures.ranked.dropna(subset=["rank"])
    ends = known.iloc[[0, -1]] if len(known) > 1 else known
    said = [f"{row.township}{row.place}（{row.score:.1f}分）" for row in ends.itertuples()]
    return f"{'，'.join(said)}。" if said else "暂不排名。"


def _figure(chart: alt.LayerChart, **size: int) -> str:
    return f'<figure role="img" aria-label="{escape(str(chart.description))}">{chart_svg(chart, **size)}</figure>'


def _lines(said: Sequence[str]) -> str:
    return "".join(f"<p class='line'>{escape(line)}</p>" for line in said)


_WHOLE: dict[Topic, Callable[[Material], str]] = {
    Topic.COVER: _cover,
    Topic.OVERVIEW: _overview,
    Topic.CAMPAIGN: _campaign,
    Topic.RANKING: _ranking,
}
"""Slides that are one leaf of the pages' own cards or chart."""

_ABOVE: dict[Topic, Callable[[Material, Item], str]] = {
    Topic.TASKS: _lights,
    Topic.SAFETY: _places,
    Topic.TOWNSHIP: _standing,
}
"""What stands above the table: the pages' own counts of lights, or cards."""
