"""The bulletin (通报) as a Word document: the text of `analysis.meeting.bulletin`, its tables as annexes."""

from dataclasses import replace
from io import BytesIO
from itertools import pairwise

from docx.document import Document as Paper

from analysis.meeting.bulletin import KIND, TOWNSHIP_ANNEX, Bulletin, bulletin_text
from analysis.meeting.frames import township_rows
from analysis.meeting.material import Material
from analysis.meeting.tables import BACKLOG, WEAK_LINKS, printed
from analysis.rules import MIN_DENOMINATOR
from analysis.wording import day
from reports.official import (
    ALIGN,
    ANNEX,
    FLUSH,
    HEADING,
    SIZE_5,
    TEXT,
    TITLE,
    Style,
    add_table,
    add_text,
    add_watermark,
    new_paper,
)

DRAFT = "送审稿"
NUMERALS = "一二三四五六七八九"
NOTE = Style(size=SIZE_5, line=400, is_on_grid=False)
TITLE_CHARACTERS = 20
"""As many characters of a title's size stand on a line."""


def bulletin(material: Material, *, is_final: bool = False) -> bytes:
    """Return the bulletin as .docx in the layout of GB/T 9704-2012; 送审稿 across its pages until it is final."""
    text = bulletin_text(material)
    paper = new_paper(title=text.title, author=text.signer)
    _write_text(paper, text)
    for i, annex in enumerate(text.annexes, start=1):
        add_text(paper, f"附件{i}" if len(text.annexes) > 1 else "附件", ANNEX)
        add_text(paper, annex, TITLE)
        (_add_townships if annex == TOWNSHIP_ANNEX else _add_weak_links)(paper, material)
    if not is_final:
        add_watermark(paper, DRAFT)
    buffer = BytesIO()
    paper.save(buffer)
    return buffer.getvalue()


def _write_text(paper: Paper, text: Bulletin) -> None:
    is_long = _characters(text.title) > TITLE_CHARACTERS
    add_text(paper, text.title.replace(KIND, f"\n{KIND}") if is_long else text.title, TITLE)
    add_text(paper, "", FLUSH)
    add_text(paper, text.recipients, FLUSH)
    add_text(paper, text.opening)
    for numeral, (heading, said) in zip(NUMERALS, text.sections, strict=False):
        add_text(paper, f"{numeral}、{heading}", HEADING)
        add_text(paper, said, replace(TEXT, is_kept=heading == text.sections[-1][0]))
    _list_annexes(paper, text)
    _sign(paper, text)


def _list_annexes(paper: Paper, text: Bulletin) -> None:
    """Name the annexes below the text; they go with the signature to its page."""
    blank = replace(FLUSH, is_kept=True)
    add_text(paper, "", blank)
    is_many = len(text.annexes) > 1
    for i, annex in enumerate(text.annexes, start=1):
        number = f"{i}. " if is_many else ""
        said = f"附件：{number}{annex}" if i == 1 else f"{number}{annex}"
        add_text(paper, said, Style(left=2 if i == 1 else 5, is_kept=True))
    add_text(paper, "", blank)


def _sign(paper: Paper, text: Bulletin) -> None:
    """Put signer and date to the right: the date begins two characters after the signer, and ends two from the edge."""
    signer, dated = (_characters(each) for each in (text.signer, text.dated))
    right = max(2.0, dated + 4 - signer)
    add_text(paper, text.signer, Style(align=ALIGN.RIGHT, right=right, is_kept=True))
    add_text(paper, text.dated, Style(align=ALIGN.RIGHT, right=max(2.0, right + signer - 2 - dated)))


def _add_townships(paper: Paper, material: Material) -> None:
    figures = material.figures
    rows = township_rows(figures)
    total = {**figures.total, "township": "合计"}
    cells = printed(rows, BACKLOG, total=total if len(rows) > 1 else None)
    numbers = {i for i, column in enumerate(BACKLOG) if column.is_number}
    add_text(paper, f"单位：件　　截至{day(material.figures.as_of)}", replace(NOTE, align=ALIGN.RIGHT))
    add_table(paper, [c.heading for c in BACKLOG], cells, [c.width for c in BACKLOG], numbers)
    add_text(paper, f"注：化解率为化解÷交办；交办不足{MIN_DENOMINATOR}件的基数小，不排名。", NOTE)


def _add_weak_links(paper: Paper, material: Material) -> None:
    cells = printed(material.issues, WEAK_LINKS)
    add_text(paper, f"截至{day(material.figures.as_of)}", replace(NOTE, align=ALIGN.RIGHT))
    add_table(paper, [c.heading for c in WEAK_LINKS], cells, [c.width for c in WEAK_LINKS], {0})


def _characters(text: str) -> float:
    """Return the width of a text in characters: a digit's is a half, a quarter stands between digits and words."""
    is_wide = [ord(each) > 255 for each in text]
    edges = sum(one != other for one, other in pairwise(is_wide))
    return sum(1.0 if wide else 0.5 for wide in is_wide) + edges / 4
