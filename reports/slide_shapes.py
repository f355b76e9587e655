"""The shapes of a slide in python-pptx: text with East Asian fonts, native charts with their data sheet, tables."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Length, Pt

from analysis.meeting.parts import Chart, Kind
from analysis.meeting.tables import printable
from components.theme import BLUE, GREEN, RED, YELLOW
from reports.hues import tone_hue

FONT = "微软雅黑"
INK, MUTED, RULE = "#1f2933", "#5f6b7a", "#d5dae1"
SHAPE_HUES = {"■": RED, "▲": YELLOW, "●": GREEN, "✓": GREEN}
"""Colours of the lights' shapes, which stand before their words."""

CELL_MARGIN, LINE_HEIGHT = Pt(4), 1.32
TYPES: dict[Kind, XL_CHART_TYPE] = {
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "stacked_bars": XL_CHART_TYPE.BAR_STACKED,
    "lines": XL_CHART_TYPE.LINE_MARKERS,
}


@dataclass(frozen=True)
class Box:
    """A rectangle on a slide, in EMU."""

    left: int
    top: int
    width: int
    height: int

    @property
    def edges(self) -> tuple[Length, Length, Length, Length]:
        """Left, top, width and height, as python-pptx takes them."""
        return Emu(self.left), Emu(self.top), Emu(self.width), Emu(self.height)


def colour(hue: str) -> RGBColor:
    """Return a colour of the theme."""
    red, green, blue = bytes.fromhex(hue.removeprefix("#"))
    return RGBColor(red, green, blue)  # type: ignore[no-untyped-call]


def set_font(font: Any, *, size: float, hue: str = INK, is_bold: bool = False) -> None:
    """Give a font its size, colour and faces: the East Asian one is what Chinese text is drawn in."""
    font.size, font.bold = Pt(size), is_bold
    font.color.rgb = colour(hue)
    font.name = FONT
    properties = font._rPr
    found = properties.find(qn("a:ea"))
    face = OxmlElement("a:ea") if found is None else found
    face.set("typeface", FONT)
    if found is None:
        properties.find(qn("a:latin")).addnext(face)


def write_text(
    frame: Any, text: str, *, size: float, hue: str = INK, is_bold: bool = False, align: PP_ALIGN = PP_ALIGN.LEFT
) -> None:
    """Put a text into a frame, wrapped; unprintable characters fall away."""
    frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
    for i, line in enumerate(printable(text).split("\n")):
        paragraph = frame.add_paragraph() if i else frame.paragraphs[0]
        paragraph.alignment = align
        run = paragraph.add_run()
        run.text = line
        set_font(run.font, size=size, hue=hue, is_bold=is_bold)


def add_text(slide: Any, box: Box, text: str, *, name: str, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP, **how: Any) -> Any:
    """Add a text box under a name of its own."""
    shape = slide.shapes.add_textbox(*box.edges)
    shape.name = name
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = anchor
    write_text(frame, text, **how)
    return shape


def add_page_number(slide: Any, box: Box, *, size: float) -> None:
    """Add the slide's number as a field, so that it stays right when slides are moved."""
    shape = add_text(slide, box, "第", name="页码", size=size, hue=MUTED, align=PP_ALIGN.RIGHT)
    paragraph = shape.text_frame.paragraphs[0]
    number = len(slide.part.package.presentation_part.presentation.slides)
    field = parse_xml(
        f"<a:fld {nsdecls('a')} "
        f'id="{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}" type="slidenum"><a:rPr lang="zh-CN" sz="{round(size * 100)}">'
        f'<a:solidFill><a:srgbClr val="{colour(MUTED)}"/></a:solidFill><a:latin typeface="{FONT}"/>'
        f'<a:ea typeface="{FONT}"/></a:rPr><a:t>{number}</a:t></a:fld>'
    )
    paragraph._p.append(field)
    run = paragraph.add_run()
    run.text = "页"
    set_font(run.font, size=size, hue=MUTED)


def add_chart(slide: Any, box: Box, chart: Chart, *, size: float) -> None:
    """Add a native chart with its data sheet, its numbers in Chinese fonts, and zero where bars begin."""
    data: Any = CategoryChartData(number_format=chart.number_format)  # type: ignore[no-untyped-call]
    data.categories = [each if isinstance(each, date) else printable(each) for each in chart.categories]
    for series in chart.series:
        data.add_series(printable(series.name), series.values)
    frame = slide.shapes.add_chart(TYPES[chart.kind], *box.edges, data)
    frame.name = f"图：{chart.heading}"
    drawn = frame.chart
    drawn.has_title = False
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
        set_font(drawn.legend.font, size=size)
    set_font(drawn.font, size=size)
    _draw_axes(drawn, chart, size)
    _draw_series(drawn, chart, size)


def add_table(
    slide: Any,
    box: Box,
    cells: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    size: float,
    numbers: Collection[int] = (),
) -> None:
    """Add a table: the first row of `cells` is its heading, `numbers` are the columns to centre.

    Rows are as high as their text needs.
    """
    heights = row_heights(cells, widths, box.width, size=size)
    frame = slide.shapes.add_table(len(cells), len(widths), *box.edges)
    frame.name, table = "表", frame.table
    table.horz_banding = False
    for column, width in zip(table.columns, column_widths(widths, box.width), strict=True):
        column.width = Emu(width)
    for i, (texts, height) in enumerate(zip(cells, heights, strict=True)):
        table.rows[i].height = Emu(height)
        for j, text in enumerate(texts):
            _fill(table.cell(i, j), text, size=size, is_head=i == 0, is_even=i % 2 == 0, is_number=j in numbers)
    frame.height = Emu(sum(heights))


def row_heights(cells: Sequence[Sequence[str]], widths: Sequence[float], width: int, *, size: float) -> list[int]:
    """Return how high each row of a table must be for its longest cell, in EMU."""
    columns = column_widths(widths, width)
    return [max(_height(text, own, size) for text, own in zip(row, columns, strict=True)) for row in cells]


def column_widths(widths: Sequence[float], width: int) -> list[int]:
    """Share a width out among columns, in EMU."""
    return [round(width * each / sum(widths)) for each in widths]


def text_width(text: str, size: float) -> float:
    """Return about how wide a text stands, in points.

    A Chinese character is as wide as it is high, and a quarter of that stands between Chinese and digits.
    """
    is_wide = [ord(each) > 255 for each in text]
    edges = sum(one != other for one, other in pairwise(is_wide))
    return (sum(1.0 if wide else 0.64 for wide in is_wide) + edges / 4) * size


def is_one_line(text: str, width: int, size: float) -> bool:
    """Tell whether a text stands unbroken in a cell of a width in EMU."""
    return text_width(text, size) <= _room(width, size)


def _room(width: int, size: float) -> float:
    return max(width / Pt(1) - 2 * CELL_MARGIN.pt - 1, size)


def _height(text: str, width: int, size: float) -> int:
    room = _room(width, size)
    lines = sum(_lines(text_width(part, size), room, size) for part in text.split("\n"))
    return round(Pt(size * LINE_HEIGHT) * lines + 2 * Pt(2.5))


def _lines(width: float, room: float, size: float) -> int:
    """Return how many lines a text takes: where it must break, it leaves up to a character's room unused."""
    return 1 if width <= room else math.ceil(width / max(room - size, size))


def _fill(cell: Any, text: str, *, size: float, is_head: bool, is_even: bool, is_number: bool) -> None:
    cell.margin_left = cell.margin_right = CELL_MARGIN
    cell.margin_top = cell.margin_bottom = Pt(2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    is_light = text[:1] in SHAPE_HUES and text[1:2] == " "  # a climb is ▲2
    hue = "#ffffff" if is_head else SHAPE_HUES[text[:1]] if is_light else INK
    align = PP_ALIGN.CENTER if is_head or is_number else PP_ALIGN.LEFT
    write_text(cell.text_frame, text, size=size, hue=hue, is_bold=is_head or is_light, align=align)
    cell.fill.solid()
    cell.fill.fore_color.rgb = colour(BLUE if is_head else "#f3f6fa" if is_even else "#ffffff")


def _draw_axes(drawn: Any, chart: Chart, size: float) -> None:
    values, categories = drawn.value_axis, drawn.category_axis
    values.minimum_scale = 0
    if chart.top is not None:
        values.maximum_scale = chart.top
    labels = values.tick_labels
    labels.number_format, labels.number_format_is_linked = chart.number_format, False
    values.major_gridlines.format.line.color.rgb = colour(RULE)
    values.format.line.fill.background()
    values.visible = chart.kind == "lines" or not chart.has_labels
    values.has_major_gridlines = values.visible
    categories.format.line.color.rgb = colour(RULE)
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    categories.has_major_gridlines = False
    if "bars" in chart.kind:
        categories.reverse_order = True
    if isinstance(chart.categories[0], date):
        _space_days(categories)
    for axis in (values, categories):
        set_font(axis.tick_labels.font, size=size)


def _space_days(axis: Any) -> None:
    """Space dates by their days, every second week with its label."""
    axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = 'm"月"d"日"', False
    element = axis._element
    for name in ("baseTimeUnit", "majorUnit", "majorTimeUnit"):
        for old in element.findall(qn(f"c:{name}")):
            element.remove(old)
    for name, value in (("baseTimeUnit", "days"), ("majorUnit", "14"), ("majorTimeUnit", "days")):
        unit = OxmlElement(f"c:{name}")
        unit.set("val", value)
        element.append(unit)


def _draw_series(drawn: Any, chart: Chart, size: float) -> None:
    plot = drawn.plots[0]
    if chart.kind != "lines":
        plot.gap_width = 45 if len(chart.series) < 3 or chart.kind == "stacked_bars" else 60
        plot.overlap = 100 if chart.kind == "stacked_bars" else 0
    for series, own in zip(plot.series, chart.series, strict=True):
        if chart.kind == "lines":
            series.smooth = False
            series.format.line.color.rgb, series.format.line.width = colour(tone_hue(own.tone)), Pt(3)
            if own.is_dashed:
                series.format.line.dash_style = MSO_LINE.DASH
            series.marker.format.fill.solid()
            series.marker.format.fill.fore_color.rgb = colour(tone_hue(own.tone))
            series.marker.format.line.color.rgb = colour(tone_hue(own.tone))
            series.marker.size = 3 if own.is_dashed else 8
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour(tone_hue(own.tone))
            series.invert_if_negative = False
    if chart.has_labels:
        plot.has_data_labels = True
        labels = plot.data_labels
        is_inside = chart.kind == "stacked_bars"
        labels.number_format = f"{chart.number_format};;" if is_inside else chart.number_format
        labels.number_format_is_linked = False
        labels.position = XL_LABEL_POSITION.CENTER if is_inside else XL_LABEL_POSITION.OUTSIDE_END
        set_font(labels.font, size=size - 1 if is_inside else size)
