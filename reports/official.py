"""The layout of official documents by GB/T 9704-2012, in python-docx: page, grid, fonts, indents, page numbers.

Source: COUNTY "Bulletin". Fonts stand in w:eastAsia; where a machine lacks one, the font table names its fallbacks.
"""

from dataclasses import dataclass, replace
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

from analysis.meeting.tables import printable

ALIGN = WD_ALIGN_PARAGRAPH
SONG, HEI, FANG_SONG, TITLE_SONG = "宋体", "黑体", "仿宋_GB2312", "方正小标宋简体"
FALLBACKS = {FANG_SONG: "仿宋;FangSong;宋体", TITLE_SONG: "宋体;SimSun", HEI: "SimHei", SONG: "SimSun"}
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)
"""二号, 三号, 四号, 五号."""

LINE = 579
"""Line pitch in twentieths of a point: 28.95 pt, 22 lines a page."""
CHARACTER = 316
"""Width of a character of the text in twentieths of a point: 16 pt less 0.25 pt, rounded to the line's width."""
SPACING = -5
"""Character spacing in twentieths of a point."""


@dataclass(frozen=True)
class Style:
    """How a paragraph stands: indents in characters, `line` in twentieths of a point, on the page's grid or off it."""

    font: str = FANG_SONG
    size: Length = SIZE_3
    align: WD_ALIGN_PARAGRAPH | None = None
    first: float = 0.0
    left: float = 0.0
    right: float = 0.0
    line: int = LINE
    is_kept: bool = False
    has_break: bool = False
    is_on_grid: bool = True


TEXT = Style(first=2)
FLUSH = Style()
HEADING = Style(font=HEI, first=2, is_kept=True)
TITLE = Style(font=TITLE_SONG, size=SIZE_2, align=ALIGN.CENTER, line=700)
ANNEX = Style(font=HEI, has_break=True)
CELL = Style(size=SIZE_5, line=340, is_on_grid=False)
CELL_HEAD = replace(CELL, font=HEI, align=ALIGN.CENTER)


def new_paper(*, title: str, author: str) -> Paper:
    """Return an empty document with the page, the grid, the fonts and the page numbers of an official one."""
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.bottom_margin, section.right_margin = Mm(35), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(23)
    grid = section._sectPr.find(qn("w:docGrid"))
    grid = grid if grid is not None else section._sectPr.add_child("w:docGrid")
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(LINE))
    paper.settings.odd_and_even_pages_header_footer = True
    _set_fonts(paper)
    _number_pages(paper)
    properties = paper.core_properties
    properties.title, properties.author, properties.language = title, author, "zh-CN"
    properties.comments = properties.last_modified_by = ""
    return paper


def add_text(home: Any, text: str, style: Style = TEXT) -> Paragraph:
    """Add a paragraph in a style to a document, a cell or a header; unprintable characters fall away."""
    paragraph: Paragraph = home.add_paragraph()
    return set_text(paragraph, text, style)


def set_text(paragraph: Paragraph, text: str, style: Style) -> Paragraph:
    """Give an empty paragraph its text in a style."""
    form = paragraph.paragraph_format
    form.alignment, form.keep_with_next, form.page_break_before = style.align, style.is_kept, style.has_break
    form.space_before = form.space_after = Pt(0)
    form.widow_control = False
    properties = paragraph._p.get_or_add_pPr()
    if not style.is_on_grid:
        _insert(properties, "w:snapToGrid", "0", before=("w:spacing", "w:ind", "w:jc"))
    spacing = properties.get_or_add_spacing()
    spacing.set(qn("w:line"), str(style.line))
    spacing.set(qn("w:lineRule"), "exact")
    indent = properties.get_or_add_ind()
    for name, characters in (("firstLine", style.first), ("left", style.left), ("right", style.right)):
        if characters:
            indent.set(qn(f"w:{name}Chars"), str(round(characters * 100)))
            indent.set(qn(f"w:{name}"), str(round(characters * CHARACTER)))
    run = paragraph.add_run(printable(text))
    _set_run(run, style)
    return paragraph


def add_table(paper: Paper, headings: list[str], rows: list[list[str]], widths: list[float], numbers: set[int]) -> None:
    """Add a table across the whole width: a heading row that repeats, rows that no page cuts, numbers to the right."""
    table = paper.add_table(rows=1, cols=len(headings), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    share = (210 - 28 - 26) / sum(widths)
    for cell, heading in zip(table.rows[0].cells, headings, strict=True):
        set_text(cell.paragraphs[0], heading, CELL_HEAD)
    _set_row(table.rows[0], "w:tblHeader")
    for texts in rows:
        row = table.add_row()
        _set_row(row, "w:cantSplit")
        for i, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            align = ALIGN.CENTER if i in numbers else ALIGN.LEFT
            cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
            set_text(cell.paragraphs[0], text, replace(CELL, align=align))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(share * width)
        for cell in column.cells:
            cell.width = Mm(share * width)


def add_watermark(paper: Paper, text: str) -> None:
    """Put a word across every page, behind the text, through the headers of odd and of even pages."""
    section = paper.sections[0]
    for i, header in enumerate((section.header, section.even_page_header)):
        header.is_linked_to_previous = False
        header.paragraphs[0]._p.append(parse_xml(_WATERMARK.format(id=2049 + i, text=printable(text))))


def _insert(properties: Any, name: str, value: str, *, before: tuple[str, ...]) -> None:
    """Put an element where the schema wants it: before those named."""
    element = OxmlElement(name)
    element.set(qn("w:val"), value)
    later = next((found for found in map(properties.find, map(qn, before)) if found is not None), None)
    if later is None:
        properties.append(element)
    else:
        later.addprevious(element)


def _set_row(row: Any, mark: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(mark))


def _set_run(run: Any, style: Style) -> None:
    run.font.size, run.font.bold = style.size, False
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), style.font)
    if style.size == SIZE_3:
        _insert(run._r.rPr, "w:spacing", str(SPACING), before=("w:sz",))


def _set_fonts(paper: Paper) -> None:
    """Make 仿宋 the text's font, Chinese its language, and name the fallbacks of all fonts."""
    normal = paper.styles["Normal"]
    normal.font.name, normal.font.size = FANG_SONG, SIZE_3
    properties = normal.element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), FANG_SONG)
    language = parse_xml(f'<w:lang {nsdecls("w")} w:val="en-US" w:eastAsia="zh-CN"/>')
    properties.append(language)
    names = "".join(f'<w:font w:name="{name}"><w:altName w:val="{alt}"/></w:font>' for name, alt in FALLBACKS.items())
    for part in paper.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            part._blob = part.blob.replace(b"</w:fonts>", f"{names}</w:fonts>".encode())


def _number_pages(paper: Paper) -> None:
    """Put the page number below the text as — 1 —, on odd pages at the right, on even ones at the left."""
    section = paper.sections[0]
    for footer, style in (
        (section.footer, Style(font=SONG, size=SIZE_4, align=ALIGN.RIGHT, right=1, line=320)),
        (section.even_page_footer, Style(font=SONG, size=SIZE_4, align=ALIGN.LEFT, left=1, line=320)),
    ):
        footer.is_linked_to_previous = False
        paragraph = set_text(footer.paragraphs[0], "— ", style)
        for kind, instruction in (("begin", ""), ("", "PAGE"), ("end", "")):
            run = paragraph.add_run()
            _set_run(run, style)
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = instruction
            run._r.append(element)
        _set_run(paragraph.add_run(" —"), style)


_WATERMARK = (
    f"<w:r {nsdecls('w')} xmlns:v='urn:schemas-microsoft-com:vml' xmlns:o='urn:schemas-microsoft-com:office:office'>"
    "<w:rPr><w:noProof/></w:rPr><w:pict>"
    "<v:shapetype id='_x0000_t136' coordsize='21600,21600' o:spt='136' adj='10800' "
    "path='m@7,l@8,m@5,21600l@6,21600e'><v:formulas><v:f eqn='sum #0 0 10800'/><v:f eqn='prod #0 2 1'/>"
    "<v:f eqn='sum 21600 0 @1'/><v:f eqn='sum 0 0 @2'/><v:f eqn='sum 21600 0 @3'/><v:f eqn='if @0 @3 0'/>"
    "<v:f eqn='if @0 21600 @1'/><v:f eqn='if @0 0 @2'/><v:f eqn='if @0 @4 21600'/><v:f eqn='mid @5 @6'/>"
    "<v:f eqn='mid @8 @5'/><v:f eqn='mid @7 @8'/><v:f eqn='mid @6 @7'/><v:f eqn='sum @6 0 @5'/></v:formulas>"
    "<v:path textpathok='t' o:connecttype='rect'/><v:textpath on='t' fitshape='t'/></v:shapetype>"
    "<v:shape id='PowerPlusWaterMarkObject{id}' o:spid='_x0000_s{id}' type='#_x0000_t136' alt='{text}' "
    "style='position:absolute;margin-left:0;margin-top:0;width:400pt;height:133pt;rotation:315;z-index:-251658752;"
    "mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;"
    "mso-position-vertical-relative:margin' o:allowincell='f' fillcolor='#c8c8c8' stroked='f'>"
    "<v:fill opacity='.5'/><v:textpath style='font-family:&quot;宋体&quot;;font-size:1pt' string='{text}'/>"
    "</v:shape></w:pict></w:r>"
)
