"""The charts as pictures: the page's own Altair charts with title, as-of date and source burnt in, PNG and SVG."""

import json
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import altair as alt
import vl_convert

from analysis.briefing import pace_title, ranking_finding
from analysis.meeting.material import Material
from analysis.meeting.tables import printable
from analysis.rank_lines import moves_finding, rank_lines, scheme_changes
from analysis.rankings import ranked_count
from analysis.streams import STREAMS
from analysis.trends import WEEK, county_trend, trend_title
from components.charts import backlog_chart, bump_chart, campaign_chart, ranking_chart
from components.theme import INK

WIDTH, SCALE = 960, 2.0
BLACK = "#1f2933"
ARCHIVE_MIME = "application/zip"


@dataclass(frozen=True)
class Picture:
    """One chart as pictures, under the name of its file."""

    name: str
    png: bytes
    svg: bytes


def pictures(material: Material) -> list[Picture]:
    """Return every chart of the material as PNG and SVG; a chart without rows is left out."""
    return [_drawn(name, title, chart, _foot(material)) for name, title, chart in _charts(material)]


def picture_archive(material: Material) -> bytes:
    """Return the pictures as one .zip."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for each in pictures(material):
            archive.writestr(f"{each.name}.png", each.png)
            archive.writestr(f"{each.name}.svg", each.svg)
    return buffer.getvalue()


def _charts(material: Material) -> list[tuple[str, str, alt.LayerChart]]:
    """Return the charts with their names and titles."""
    figures, found = material.figures, []
    stream = STREAMS["petition_backlog"]
    weeks = county_trend(figures.weekly, WEEK)
    if len(weeks):
        title, waiting = trend_title(weeks, stream), f"未{stream.closed}"
        drawn = backlog_chart(weeks, opened=stream.opened, closed=stream.closed, waiting=waiting, finding=title)
        found.append(("积案逐周", title, drawn))
    if figures.campaign_now is not None and len(figures.progress):
        title = pace_title(figures.headline, figures.campaign_now)
        found.append(("化解率与序时进度", title, campaign_chart(figures.progress, finding=title)))
    places = ranked_count(figures.ranked)
    if places:
        title = f"全县{ranking_finding(figures.ranked)}"
        found.append(("考核排名", title, ranking_chart(figures.ranked, places=places, finding=title)))
    if figures.history["rank"].notna().any():
        kinds = dict(zip(figures.townships["code"], figures.townships["kind"], strict=True))
        picked = figures.chosen if figures.is_filtered else frozenset()
        lines = rank_lines(figures.history, figures.labels, kinds, chosen=picked)
        title = moves_finding(lines)
        found.append(("名次变化", title, bump_chart(lines, scheme_changes(lines), finding=title)))
    return found


def _drawn(name: str, title: str, chart: alt.LayerChart, foot: str) -> Picture:
    spec = chart.to_dict()
    spec |= {"width": WIDTH, "background": "#ffffff", "padding": 20}
    spec["title"] = {
        "text": _lines(printable(title)),
        "subtitle": printable(foot),
        "fontSize": 20,
        "subtitleFontSize": 13,
        "anchor": "start",
        "frame": "group",
        "offset": 16,
    }
    text = json.dumps(spec, ensure_ascii=False).replace(INK, BLACK)
    png = vl_convert.vegalite_to_png(text, scale=SCALE, allowed_base_urls=[])
    svg = vl_convert.vegalite_to_svg(text, allowed_base_urls=[])
    return Picture(name, png, svg.encode())


def _lines(title: str) -> list[str]:
    """Break a long title behind a mark, so that each line fits the picture's width."""
    longest, lines = 44, [""]
    for part in title.replace("；", "；\n").replace("，", "，\n").split("\n"):
        if lines[-1] and len(lines[-1]) + len(part) > longest:
            lines.append("")
        lines[-1] += part
    return lines


def _foot(material: Material) -> str:
    figures = material.figures
    return f"{figures.county} · {figures.stamp} · 来源：{figures.source or '共享数据库'}"
