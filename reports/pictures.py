"""The charts as pictures: the page's own Altair charts with title, as-of date and source burnt in, PNG and SVG."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from analysis.meeting.material import Material
from analysis.meeting.tables import printable
from components.charts.drawing import drawn_png, drawn_svg
from components.theme import INK
from reports.charts import Drawn, drawn_charts

Told = Callable[[int, int], object]
WIDTH, SCALE = 960, 2.0
LINE = 46
"""So many characters of a title stand on a line."""
BLACK = "#1f2933"
_UNNAMEABLE = re.compile(r'[\\/:*?"<>|\s]')
"""What a file's name may not hold on one system or another."""


@dataclass(frozen=True)
class Picture:
    """One chart as pictures, under the name of its file."""

    name: str
    png: bytes
    svg: bytes


def pictures(material: Material, *, told: Told | None = None) -> list[Picture]:
    """Return every chart of the material as PNG and SVG; a chart without rows is left out.

    `told` hears how many are drawn of how many, before each and at the end.
    """
    foot, found = _foot(material), []
    charts = drawn_charts(material.figures)
    for done, drawn in enumerate(charts):
        if told is not None:
            told(done, len(charts))
        found.append(_picture(drawn, foot))
    if told is not None:
        told(len(charts), len(charts))
    return found


def picture_archive(material: Material, *, told: Told | None = None) -> bytes:
    """Return the pictures as one .zip; `told` as in `pictures`."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for each in pictures(material, told=told):
            archive.writestr(f"{each.name}.png", each.png)
            archive.writestr(f"{each.name}.svg", each.svg)
    return buffer.getvalue()


def _picture(drawn: Drawn, foot: str) -> Picture:
    """Draw a chart once; the PNG is made from the SVG, which spares computing it twice."""
    spec = drawn.chart.to_dict()
    spec |= {"width": WIDTH, "background": "#ffffff", "padding": 20}
    spec["title"] = {
        "text": _lines(printable(drawn.title)),
        "subtitle": printable(foot),
        "fontSize": 20,
        "subtitleFontSize": 13,
        "anchor": "start",
        "frame": "group",
        "offset": 16,
    }
    spec["config"]["legend"] |= {"offset": 26}  # clear of the words above the axis
    text = json.dumps(spec, ensure_ascii=False).replace(INK, BLACK)
    svg = drawn_svg(text)
    name = _UNNAMEABLE.sub("_", printable(drawn.name))
    return Picture(name, drawn_png(svg, SCALE), svg.encode())


def _lines(title: str) -> list[str]:
    """Break a long title behind its marks, into as few lines as fit the picture's width and of about one length."""
    parts = re.findall("[^，；。]+[，；。]?|[，；。]", title)
    fewest = max(1, -(-sum(map(_width, parts)) // LINE))
    aim = sum(map(_width, parts)) / fewest
    lines = [""]
    for part in parts:
        is_over = _width(lines[-1] + part) > LINE or _width(lines[-1]) + _width(part) / 2 > aim
        if lines[-1] and is_over:
            lines.append("")
        lines[-1] += part
    return lines


def _width(text: str) -> float:
    """Return about how many Chinese characters wide a text is."""
    return sum(1.0 if ord(each) > 255 else 0.55 for each in text)


def _foot(material: Material) -> str:
    figures = material.figures
    return f"{figures.county} · {figures.stamp} · 来源：{figures.source or '共享数据库'}"
