"""The meeting's slides as a PowerPoint file: titles and sentences of `analysis.meeting.slides`, drawn natively."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.exc import PackageNotFoundError
from pptx.util import Inches, Pt

from analysis.meeting.contents import content_of
from analysis.meeting.material import Material
from analysis.meeting.parts import Content, Table
from analysis.meeting.plan import Item, Topic
from analysis.meeting.slides import Slide, slides
from analysis.meeting.tables import printable, printed
from components.theme import BLUE
from reports.slide_shapes import (
    FONT,
    MUTED,
    Box,
    add_chart,
    add_page_number,
    add_table,
    add_text,
    column_widths,
    is_one_line,
    row_heights,
    text_width,
    write_text,
)

TITLE_SIZES, HEADING_SIZE, CHART_SIZE, TABLE_SIZES, FOOT_SIZE = (28, 26, 24), 14, 12, (16, 15, 14, 13, 12), 11
READABLE, READABLE_ALONE = 12, 14
"""A table is cut to slides rather than written smaller than this, in points: beside a chart, and by itself."""
MARGIN, GAP = Inches(0.5), Inches(0.25)
HEADING, NOTE, FOOT = Inches(0.36), Inches(0.32), Inches(0.3)
_TEMPLATE_TYPE, _SLIDES_TYPE = (
    f"application/vnd.openxmlformats-officedocument.presentationml.{kind}.main+xml"
    for kind in ("template", "presentation")
)


TITLES = frozenset({PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE})


class UnusableTemplate(Exception):  # noqa: N818
    """The county's own template cannot be used; the message is one Chinese sentence."""


def deck(material: Material, plan: Sequence[Item], *, template: Path | None = None) -> bytes:
    """Return the slides of a plan as .pptx; a slide with nothing to show falls away, a long table goes on.

    Parameters
    ----------
    template
        The county's own .potx or .pptx: its masters and layouts are used, its slides are not.

    Raises
    ------
    UnusableTemplate
        The template is not there, or is no presentation.
    """
    show = _opened(template)
    canvas = _Canvas(show, has_template=template is not None, foot=_foot(material))
    for slide in slides(material, plan):
        content = content_of(material, slide.item)
        if slide.item.topic is Topic.COVER:
            canvas.draw_cover(slide, material)
        elif content is not None:
            canvas.draw(slide, content)
    show.core_properties.title = slides(material, [Item(Topic.COVER)])[0].title
    show.core_properties.author = printable(material.figures.county)
    show.core_properties.language = "zh-CN"
    buffer = BytesIO()
    show.save(buffer)
    return buffer.getvalue()


class _Canvas:
    """A presentation that slides are drawn into; sizes follow its page, whatever template it comes from."""

    def __init__(self, show: Any, *, has_template: bool, foot: str) -> None:
        self.show, self.has_template, self.foot = show, has_template, foot
        self.width, self.height = int(show.slide_width), int(show.slide_height)

    def draw_cover(self, slide: Slide, material: Material) -> None:
        """Draw the cover: the title in the middle, where the figures come from below."""
        page = self._page(slide)
        title = slide.title.replace("（截至", "\n（截至")
        inner = self.width - 2 * MARGIN
        top = round(self.height * 0.32)
        self._title(page, title, Box(MARGIN, top, inner, Inches(1.7)), sizes=(40, 36, 32), align=PP_ALIGN.CENTER)
        below = Box(MARGIN, top + Inches(2.0), inner, Inches(0.8))
        said = f"{material.figures.county}治理创新行动办公室"
        add_text(page, below, said, name="单位", size=22, hue=MUTED, align=PP_ALIGN.CENTER)
        self._foot(page)

    def draw(self, slide: Slide, content: Content) -> None:
        """Draw a slide, and one more for each part of its table that does not fit."""
        parts = list(self._parts(content))
        for i, part in enumerate(parts, start=1):
            page = self._page(slide)
            mark = f"（{i}/{len(parts)}）" if len(parts) > 1 else ""
            box = Box(MARGIN, Inches(0.35), self.width - 2 * MARGIN, Inches(0.95))
            self._title(page, f"{slide.title}{mark}", box, sizes=TITLE_SIZES)
            self._draw_part(page, part)
            self._foot(page)

    @property
    def _body(self) -> Box:
        """The room between title and foot."""
        top = Inches(1.42)
        return Box(MARGIN, top, self.width - 2 * MARGIN, self.height - top - FOOT - Inches(0.25))

    def _page(self, slide: Slide) -> Any:
        page = self.show.slides.add_slide(_title_layout(self.show))
        page.notes_slide.notes_text_frame.text = printable(slide.say)
        return page

    def _title(
        self, page: Any, text: str, box: Box, *, sizes: Sequence[float], align: PP_ALIGN = PP_ALIGN.LEFT
    ) -> None:
        shape = page.shapes.title
        shape.name = "标题"
        shape.left, shape.top, shape.width, shape.height = box.edges
        room = 0.95 * box.width / Pt(1)  # bold letters are a little wider
        size = next((each for each in sizes if max(text_width(t, each) for t in text.split("\n")) <= room), sizes[-1])
        text = text if text_width(text, size) <= room else _in_two(text, room / size)
        frame = shape.text_frame
        frame.vertical_anchor, frame.margin_left, frame.margin_right = MSO_ANCHOR.MIDDLE, 0, 0
        write_text(frame, text, size=size, is_bold=True, align=align)

    def _foot(self, page: Any) -> None:
        top = self.height - FOOT - Inches(0.12)
        number = Inches(1)
        line = Box(MARGIN, top, self.width - 2 * MARGIN - number, FOOT)
        add_text(page, line, self.foot, name="页脚", size=FOOT_SIZE, hue=MUTED)
        add_page_number(page, Box(self.width - MARGIN - number, top, number, FOOT), size=FOOT_SIZE)

    def _draw_part(self, page: Any, content: Content) -> None:
        left, right = self._rooms(content)
        if content.chart is not None:
            inner = self._headed(page, left, content.chart.heading)
            add_chart(page, inner, content.chart, size=CHART_SIZE)
        if content.table is not None:
            inner = self._headed(page, right, content.table.heading)
            cells, widths = _cells(content.table)
            numbers = {i for i, column in enumerate(content.table.columns) if column.is_number}
            size = _table_size(content.table, inner, smallest=_readable(content))
            add_table(page, inner, cells, widths, size=size, numbers=numbers)
        if content.note:
            body = self._body
            box = Box(body.left, body.top + body.height - NOTE, body.width, NOTE)
            add_text(page, box, content.note, name="说明", size=HEADING_SIZE - 1, hue=MUTED, anchor=MSO_ANCHOR.BOTTOM)

    def _rooms(self, content: Content) -> tuple[Box, Box]:
        """Return the room of the chart and that of the table, above the note."""
        body = self._body
        height = body.height - (NOTE if content.note else 0)
        whole = replace(body, height=height)
        if content.chart is None or content.table is None:
            return whole, whole
        width = round((body.width - GAP) * content.share)
        rest = body.width - GAP - width
        return Box(body.left, body.top, width, height), Box(body.left + width + GAP, body.top, rest, height)

    def _headed(self, page: Any, box: Box, heading: str) -> Box:
        """Write a heading over a chart or table and return the room below it."""
        if not heading:
            return box
        top = Box(box.left, box.top, box.width, HEADING)
        add_text(page, top, heading, name="小标题", size=HEADING_SIZE, hue=BLUE, is_bold=True)
        return Box(box.left, box.top + HEADING, box.width, box.height - HEADING)

    def _parts(self, content: Content) -> Iterator[Content]:
        """Yield a content cut to slides: the table's first rows beside the chart, the rest across the whole width."""
        while True:
            room = self._rooms(content)[1]
            room = replace(room, height=room.height - (HEADING if content.table and content.table.heading else 0))
            fitting = _fitting(content.table, room, size=_readable(content))
            if content.table is None or fitting >= len(content.table.frame):
                yield content
                return
            frame = content.table.frame
            if content.chart is None:
                fitting = -(-len(frame) // -(-len(frame) // fitting))  # as many on each, not one left over
            yield replace(content, table=replace(content.table, frame=frame.head(fitting)))
            rest = replace(content.table, frame=frame.iloc[fitting:].reset_index(drop=True))
            content = Content(table=rest, note=content.note)


def _in_two(text: str, characters: float) -> str:
    """Break a title that is too long for one line behind the mark nearest to its middle, if both parts then fit."""
    marks = [i + 1 for i, each in enumerate(text[:-1]) if each in "，；：、。"]
    fitting = [i for i in marks if max(text_width(text[:i], 1), text_width(text[i:], 1)) <= characters]
    if "\n" in text or not fitting:
        return text
    at = min(fitting, key=lambda i: abs(text_width(text[:i], 1) - text_width(text[i:], 1)))
    return f"{text[:at]}\n{text[at:]}"


def _cells(table: Table) -> tuple[list[list[str]], list[float]]:
    heads = [column.heading for column in table.columns]
    return [heads, *printed(table.frame, table.columns)], [column.width for column in table.columns]


def _readable(content: Content) -> float:
    return READABLE if content.chart is not None else READABLE_ALONE


def _table_size(table: Table, room: Box, *, smallest: float) -> float:
    """Return the largest size at which a table fits its room with its numbers unbroken; else the smallest that fits."""
    cells, widths = _cells(table)
    own = column_widths(widths, room.width)
    numbers = [(row[i], own[i]) for row in cells for i, column in enumerate(table.columns) if column.is_number]
    sizes = [each for each in TABLE_SIZES if each >= smallest]
    fitting = [size for size in sizes if sum(row_heights(cells, widths, room.width, size=size)) <= room.height]
    whole = (size for size in fitting if all(is_one_line(text, width, size) for text, width in numbers))
    return next(whole, fitting[-1] if fitting else sizes[-1])


def _fitting(table: Table | None, room: Box, *, size: float) -> int:
    """Return how many rows of a table fit a room at a size; one at least, so that it goes on."""
    if table is None:
        return 0
    cells, widths = _cells(table)
    heights = row_heights(cells, widths, room.width, size=size)
    used, rows = heights[0], 0
    for height in heights[1:]:
        used += height
        if used > room.height:
            break
        rows += 1
    return max(rows, 1)


def _foot(material: Material) -> str:
    figures = material.figures
    return f"{figures.county} · {figures.stamp} · 来源：{figures.source or '共享数据库'}"


def _opened(template: Path | None) -> Any:
    """Return an empty presentation, from the county's template or 16:9 with fonts for Chinese."""
    if template is None:
        show = Presentation()
        show.slide_width, show.slide_height = Inches(13.333), Inches(7.5)
        _set_theme_fonts(show)
        return show
    try:
        show = Presentation(_as_slides(template.read_bytes()))
    except OSError:
        raise UnusableTemplate(f"无法读取幻灯片模板 {template}（DASHBOARD_SLIDE_TEMPLATE）") from None
    except (BadZipFile, KeyError, ValueError, PackageNotFoundError):
        raise UnusableTemplate(f"{template.name} 不是有效的演示文稿模板（DASHBOARD_SLIDE_TEMPLATE）") from None
    for slide_id in list(show.slides._sldIdLst):
        show.part.drop_rel(slide_id.rId)
        show.slides._sldIdLst.remove(slide_id)
    return show


def _as_slides(content: bytes) -> BytesIO:
    """Return a template as a presentation: the two differ by one word in the list of content types."""
    taken = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(taken, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            is_list = name == "[Content_Types].xml"
            new.writestr(name, part.replace(_TEMPLATE_TYPE.encode(), _SLIDES_TYPE.encode()) if is_list else part)
    taken.seek(0)
    return taken


def _title_layout(show: Any) -> Any:
    """Return the layout with a title and the fewest other places to fill."""
    titled = [
        each for each in show.slide_layouts if any(p.placeholder_format.type in (1, 3) for p in each.placeholders)
    ]
    if not titled:
        raise UnusableTemplate("幻灯片模板中没有带标题的版式（DASHBOARD_SLIDE_TEMPLATE）")
    return min(
        titled, key=lambda each: len([p for p in each.placeholders if p.placeholder_format.type not in (13, 15, 16)])
    )


def _set_theme_fonts(show: Any) -> None:
    """Make the theme's own faces Chinese ones: what is typed in later looks like the rest."""
    for part in show.part.package.iter_parts():
        if re.fullmatch(r"/ppt/theme/theme\d+\.xml", str(part.partname)):
            part._blob = re.sub(
                rb'(<a:(?:latin|ea) typeface=")[^"]*(")', rf"\g<1>{FONT}\g<2>".encode(), part.blob, count=0
            )
