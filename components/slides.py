"""The slides of a meeting as HTML: the pages' own cards, tables, lights and charts, in letters for the back row.

A slide whose table is long becomes several leaves; each leaf stands by itself.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil
from typing import Any

import altair as alt
import pandas as pd

from analysis.backlog import rate
from analysis.briefing import pace_title, ranking_finding, split_finding
from analysis.lights import LIGHTS, Light
from analysis.meeting.frames import aged_rows, asked_rows, said_values, stream_rows, with_deadlines
from analysis.meeting.material import Figures, Material
from analysis.meeting.plan import TOPIC_WORDS, Item, Topic
from analysis.meeting.slides import AGED_DAYS, backlog_words, city_places, slides
from analysis.wording import day, fraction, number, percent
from components.cards import overview_cards
from components.charts import campaign_chart, ranking_chart
from components.charts.svg import chart_svg
from components.follow_ups import status_mark
from components.kpi import Card, cards_html
from components.lights import counts_html, light_mark
from components.tables import Column, count, score, short_day, table_html

FIRST = 3
ROWS, LONG_ROWS = 10, 4
"""How many rows a leaf holds: of one line each, and of several."""

CHART = {"width": 1150, "height": 400, "size": 20}
RANKS = {"width": 620, "size": 21}

ISSUES = (
    Column("place", "序号"),
    Column("problem", "问题", html=lambda pair: f"<b>{escape(pair[0])}</b><br>{escape(pair[1])}"),
    Column("owner", "责任"),
    Column("measure", "对策"),
    Column("deadline", "时限"),
)
ASKED = (
    Column("place", "序号"),
    Column("subject", "事项"),
    Column("matter", "提请明确"),
    Column("owner", "牵头"),
    Column("deadline", "时限"),
)
DECIDED = (
    Column("subject", "事项"),
    Column("status", "状态", html=status_mark),
    Column("promise", "议定内容"),
    Column("owner", "责任"),
    Column("deadline", "时限"),
)
RED_CELLS = (
    Column("task", "重点任务"),
    Column("region", "乡镇（街道）"),
    Column("light", "亮灯", html=light_mark),
    Column("progress", "计划 / 实际", is_number=True),
    Column("due_on", "完成时限", short_day),
    Column("reported_on", "报送", short_day),
)
GROUPS = (
    Column("work_group", "专项组"),
    Column("tasks", "任务", count, is_number=True),
    Column("green", "绿灯", count, is_number=True),
    Column("yellow", "黄灯", count, is_number=True),
    Column("red", "红灯", count, is_number=True),
    Column("grey", "其他", count, is_number=True),
    Column("cells", "亮红灯的乡镇事项", count, is_number=True),
    Column("townships", "涉及乡镇（街道）", count, is_number=True),
)
RANKS_TABLE = (
    Column("place", "名次"),
    Column("township", "乡镇（街道）"),
    Column("score", "得分", score, is_number=True),
    Column("change", "较上月", is_number=True),
)
AGED = (
    Column("township", "乡镇（街道）"),
    Column("lead", "主办"),
    Column("open", f"超{AGED_DAYS}天未化解", count, is_number=True),
    Column("overdue", "其中超期", count, is_number=True),
    Column("oldest_on", "最早交办", short_day, is_number=True),
)
REACHED = (
    Column("name", "指标"),
    Column("goal", "目标", is_number=True),
    Column("mean", "乡镇（街道）平均", is_number=True),
    Column("reached", "达到目标的乡镇（街道）", is_number=True),
)
SERVICES = (
    Column("named", "类别"),
    Column("opened", "今年新增", count, is_number=True),
    Column("closed", "今年办结", count, is_number=True),
    Column("open", "未办结", count, is_number=True),
    Column("overdue", "其中超期", count, is_number=True),
    Column("kept_up", "近12个月", is_number=True),
)


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
    if item.topic is Topic.TOWNSHIP:
        return iter([_township(material, item.township)])
    return _BODIES[item.topic](material)


def _cover(material: Material) -> Iterator[str]:
    figures = material.figures
    demo = "<p class='demo'><b class='gov-mark'>演示数据</b> 未公开发布的数字均为演示</p>" if figures.is_demo else ""
    said = (
        figures.county,
        f"截至{day(figures.as_of)}",
        f"数据批次{figures.release}　来源：{figures.source or '未注明'}",
    )
    yield f"<div class='cover'>{''.join(f'<p>{escape(line)}</p>' for line in said)}{demo}</div>"


def _decided(material: Material) -> Iterator[str]:
    return _tables(material.rows.follow_ups, DECIDED, LONG_ROWS + 1, "行动办可在“议定事项”中逐项记录，会上逐项销号。")


def _overview(material: Material) -> Iterator[str]:
    figures = material.figures
    rates = tuple(figures.progress["rate"].dropna().tolist())
    how = {"is_filtered": figures.is_filtered, "is_demo": figures.is_demo}
    cards = overview_cards(figures.headline, figures.campaign_now, figures.lights, rates=rates, **how)
    issues = [
        f"{row['subject']}：{row['evidence'].split('；')[0]}" for row in material.issues.head(FIRST).to_dict("records")
    ]
    listed = f"<ol class='issues'>{''.join(f'<li>{escape(said)}</li>' for said in issues)}</ol>"
    yield (
        cards_html(cards)
        + _lines([f"考核排名：{_first_and_last(figures)}", "最需要关注："][: 2 if issues else 1])
        + listed
    )


def _foremost(material: Material) -> str:
    """Return the first few weak links, a line each."""
    rows = material.issues.head(FIRST).to_dict("records")
    items = "".join(f"<li>{escape(row['subject'])}：{escape(row['evidence'].split('；')[0])}</li>" for row in rows)
    return f"<div><p class='line'>最需要关注：</p><ol class='issues'>{items}</ol></div>" if rows else ""


def _campaign(material: Material) -> Iterator[str]:
    figures = material.figures
    drawn = campaign_chart(figures.progress, finding=pace_title(figures.headline, figures.campaign_now))
    yield _figure(drawn, **CHART) + _lines([f"{split_finding(figures.total)}。"])


def _tasks(material: Material) -> Iterator[str]:
    figures = material.figures
    shown = figures.red_cells.head(ROWS - 2)
    rest = len(figures.red_cells) - len(shown)
    more = [f"另有{rest}个红灯，见“任务清单”。"] if rest else []
    caption = "亮红灯的事项，按落后计划的幅度从大到小排列。"
    yield counts_html(figures.lights) + table_html(shown, RED_CELLS, caption=caption) + _lines(more)


def _work_groups(material: Material) -> Iterator[str]:
    return _tables(group_rows(material.figures), GROUPS, ROWS, "没有任务。")


def _ranking(material: Material) -> Iterator[str]:
    ranked = material.figures.ranked
    known = ranked.dropna(subset=["rank"])
    if known.empty:
        yield _lines(["暂不排名。"])
        return
    step = max(22, 700 // len(known))
    drawn = ranking_chart(known, places=len(known), row_height=step, finding=f"全县{ranking_finding(ranked)}")
    half = table_html(known, RANKS_TABLE) if len(known) <= 2 * ROWS else ""
    yield f"<div class='halves'>{_figure(drawn, **RANKS)}{half}</div>"


def _weak_links(material: Material) -> Iterator[str]:
    return _tables(_with_problem(material, material.issues), ISSUES, LONG_ROWS, "没有需会议研究的问题。")


def _aged(material: Material) -> Iterator[str]:
    return _tables(aged_rows(material.figures), AGED, ROWS + 4, f"没有交办超{AGED_DAYS}天未化解的积案。")


def _services(material: Material) -> Iterator[str]:
    figures = material.figures
    said = said_values(figures, "政企通")
    yield table_html(stream_rows(figures), SERVICES) + _lines([f"{said}。"] if said else [])


def _safety(material: Material) -> Iterator[str]:
    places = city_places(material.figures)
    if places.empty:
        yield _lines(["尚无全市排名。"])
        return
    cards = [
        Card(str(row["name"]), f"第{row['value']:.0f}", str(row["unit"]), str(row["what"]))
        for row in places.to_dict("records")
    ]
    reached = reached_rows(material.figures, str(places["domain"].iloc[0]))
    yield cards_html(cards) + (table_html(reached, REACHED) if len(reached) else "")


def _asked(material: Material) -> Iterator[str]:
    return _tables(asked_rows(material), ASKED, LONG_ROWS + 1, "没有需要提请议定的事项。")


def _township(material: Material, township: str) -> str:
    """Return one township's leaf: its figures as cards, its gravest weak links, and what it is asked."""
    figures = material.figures
    shown = _with_problem(material, material.issues_of(township).head(LONG_ROWS - 1))
    body = table_html(shown, ISSUES) if len(shown) else _lines(["没有单独列出的薄弱环节。"])
    return cards_html(township_cards(figures, township)) + body


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


def group_rows(figures: Figures) -> pd.DataFrame:
    """Return a row per work group: its tasks by level of light, its red cells, and the townships these lie in."""
    levels = figures.summary["light"].map(lambda light: LIGHTS[Light(light)].level)
    names = figures.summary["work_group_code"].map(figures.group_names)
    counts = pd.crosstab(names, levels).reindex(columns=["green", "yellow", "red", "grey"], fill_value=0)
    rows = counts.assign(tasks=names.value_counts(), grey=names.value_counts() - counts.iloc[:, :3].sum(axis=1))
    red = figures.red_cells[figures.red_cells["scope"] == "township"].groupby("work_group")
    rows = rows.assign(cells=red.size(), townships=red["region_code"].nunique()).fillna(0)
    order = [name for name in figures.group_names if name in rows.index]
    return rows.reindex(order).rename_axis("work_group").reset_index()


def reached_rows(figures: Figures, domain: str) -> pd.DataFrame:
    """Return a row per indicator of a domain: name, goal, mean of the townships, and how many reach the goal (x/n)."""
    own = figures.kpis[(figures.kpis["domain"] == domain) & figures.kpis["value"].notna()]
    rows = []
    for name, each in own.groupby("name", sort=False):
        gap = each["goal"] - each["value"] if each["direction"].iloc[0] == "higher" else each["value"] - each["goal"]
        said = fraction(int((gap <= 0).sum()), len(each))
        unit = each["unit"].iloc[0]
        rows.append((name, f"{number(each['goal'].mean(), digits=1)}{unit}", f"{each['value'].mean():.1f}{unit}", said))
    return pd.DataFrame(rows, columns=["name", "goal", "mean", "reached"])


def _first_and_last(figures: Figures) -> str:
    known = figures.ranked.dropna(subset=["rank"])
    ends = known.iloc[[0, -1]] if len(known) > 1 else known
    said = [f"{row.township}{row.place}（{row.score:.1f}分）" for row in ends.itertuples()]
    return f"{'，'.join(said)}。" if said else "暂不排名。"


def _with_problem(material: Material, issues: pd.DataFrame) -> pd.DataFrame:
    """Put deadlines beside weak links, and what each is with its evidence in one cell."""
    rows = with_deadlines(material, issues)
    pairs: list[Any] = list(zip(rows["subject"], rows["evidence"], strict=True))
    return rows.assign(problem=pd.Series(pairs, dtype=object, index=rows.index))


def _tables(frame: pd.DataFrame, columns: Sequence[Column], rows: int, silence: str) -> Iterator[str]:
    """Yield a table, on as many leaves as it needs, of about the same length; a sentence for an empty one."""
    if frame.empty:
        yield _lines([silence])
        return
    parts = ceil(len(frame) / rows)
    ends = [round(len(frame) * (i + 1) / parts) for i in range(parts)]
    for start, end in zip([0, *ends], ends, strict=False):
        yield table_html(frame.iloc[start:end], columns)


def _figure(chart: alt.LayerChart, **size: int) -> str:
    return f'<figure role="img" aria-label="{escape(str(chart.description))}">{chart_svg(chart, **size)}</figure>'


def _lines(said: Sequence[str]) -> str:
    return "".join(f"<p class='line'>{escape(line)}</p>" for line in said)


_BODIES: dict[Topic, Callable[[Material], Iterator[str]]] = {
    Topic.COVER: _cover,
    Topic.DECIDED: _decided,
    Topic.OVERVIEW: _overview,
    Topic.CAMPAIGN: _campaign,
    Topic.TASKS: _tasks,
    Topic.WORK_GROUPS: _work_groups,
    Topic.RANKING: _ranking,
    Topic.WEAK_LINKS: _weak_links,
    Topic.AGED: _aged,
    Topic.SERVICES: _services,
    Topic.SAFETY: _safety,
    Topic.ASKED: _asked,
}
