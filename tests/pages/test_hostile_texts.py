"""Markup and formulas in every text column: no page, document or picture hands them on as markup or formula."""

import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO

import docx
import openpyxl
import pytest
import sqlalchemy as sa
from lxml import etree
from pptx import Presentation
from streamlit.testing.v1 import AppTest

from analysis.meeting.frames import focus_townships
from analysis.meeting.material import Material
from analysis.meeting.plan import default_plan
from components.meeting.presenter import presenter_html
from components.meeting.slides import leaves
from database import tables
from database.engine import reading_engine
from navigation import PAGES, Page
from reports.bulletin import bulletin
from reports.pictures import pictures
from reports.slides import deck
from reports.workbook import workbook
from tests.queries.test_meeting import read_material

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
FORMULA = "=HYPERLINK(1)&"
FIXED = {
    "level", "kind", "stream", "platform", "direction", "period", "scope", "origin", "reset", "computed_from",
    "closing_method", "short_name", "source",
}  # fmt: skip
"""Columns whose values the code compares; the labels of the filters, which must stay apart; the mark of a demo."""


@pytest.fixture(scope="module")
def demo_url(demo_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The demo county, with a formula before and markup behind every text that is no key and no fixed value."""
    copy = tmp_path_factory.mktemp("hostile") / "demo.db"
    shutil.copy(demo_url.removeprefix("sqlite:///"), copy)
    engine = sa.create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        for table in tables.METADATA.sorted_tables:
            for column in table.columns:
                if is_free(column):
                    spoilt = sa.literal(FORMULA) + column + HOSTILE
                    connection.execute(table.update().where(column.is_not(None)).values({column: spoilt}))
    engine.dispose()
    return f"sqlite:///{copy}"


def is_free(column: sa.Column[object]) -> bool:
    is_text = isinstance(column.type, sa.String)
    return is_text and not column.primary_key and not column.name.endswith("code") and column.name not in FIXED


def shown(app: AppTest) -> Iterator[tuple[str, str]]:
    """Yield whatever the page hands over as markup: HTML blocks, and Markdown where HTML is let through."""
    for block in app.get("html"):
        yield "html", block.proto.body
    for text in app.markdown:
        if text.proto.allow_html:
            yield "markdown", text.value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_no_page_hands_over_markup_from_a_text_column(open_page: Callable[..., AppTest], page: Page) -> None:
    app = open_page(page.path, "office")
    assert not app.exception, [e.message for e in app.exception]
    for kind, body in shown(app):
        for part in ("<img src=x onerror", "<script>alert"):
            at = body.find(part)
            assert at < 0, f"{kind}: {body[max(0, at - 200) : at + 60]}"


def test_the_texts_are_there_to_be_found(open_page: Callable[..., AppTest]) -> None:
    app = open_page("pages/tasks/tasks.py", "office")
    assert any("&lt;img src=x onerror" in body for _, body in shown(app))


@pytest.fixture(scope="module")
def material(demo_url: str) -> Material:
    """What a meeting is shown of that county, with the like in what the office wrote and in the filters' labels."""
    engine = reading_engine(demo_url)
    with engine.connect() as connection:
        found = read_material(connection, date(2020, 8, 31))
    engine.dispose()
    decided = found.rows.follow_ups
    texts = [column for column in ("subject", "promise", "owner") if column in decided]
    rows = replace(found.rows, follow_ups=decided.assign(**{name: FORMULA + decided[name] + HOSTILE for name in texts}))
    figures = found.figures
    places = figures.townships.assign(short_name=figures.townships["short_name"] + HOSTILE)
    return replace(found, rows=rows, figures=replace(figures, townships=places, source=FORMULA + HOSTILE))


@pytest.fixture(scope="module")
def documents(material: Material) -> dict[str, bytes]:
    plan = default_plan(focus_townships(material))
    return {"slides": deck(material, plan), "bulletin": bulletin(material), "workbook": workbook(material)}


def parts(content: bytes) -> Iterator[tuple[str, etree._Element]]:
    """Yield every XML part of an Office document, parsed: markup that came through would be elements of it."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                yield name, etree.fromstring(archive.read(name), etree.XMLParser(resolve_entities=False))


@pytest.mark.parametrize("kind", ["slides", "bulletin", "workbook"])
def test_no_document_holds_markup_a_formula_or_a_link_from_a_text(documents: dict[str, bytes], kind: str) -> None:
    for name, root in parts(documents[kind]):
        for element in root.iter(etree.Element):
            tag = etree.QName(element).localname
            assert tag not in ("img", "script", "hyperlink", "hlinkClick"), name
            assert not (tag == "f" and "worksheets" in name), f"{name}: a formula"
            assert not {"onerror", "onload", "onclick"} & set(map(str, element.attrib)), name
        assert not (name.endswith(".rels") and root.xpath("//*[@TargetMode='External']")), name


def test_what_office_programs_read_is_the_text_as_it_stands(documents: dict[str, bytes]) -> None:
    shapes = [shape for slide in Presentation(BytesIO(documents["slides"])).slides for shape in slide.shapes]
    assert any(HOSTILE in shape.text_frame.text for shape in shapes if shape.has_text_frame)
    tables = docx.Document(BytesIO(documents["bulletin"])).tables
    assert any(HOSTILE in cell.text for table in tables for row in table.rows for cell in row.cells)
    book = openpyxl.load_workbook(BytesIO(documents["workbook"]))
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]
    assert any(cell.value.startswith(FORMULA) and cell.value.endswith(HOSTILE) for cell in values)
    assert {cell.data_type for cell in values} == {"s"}


def test_no_picture_holds_markup_from_a_text(material: Material) -> None:
    figures = material.figures
    one = figures.series["region_code"].eq("330822111"), figures.courses["task_code"].eq("T29")
    few = replace(figures, series=figures.series[one[0]], courses=figures.courses[one[1]])
    drawn = pictures(replace(material, figures=few))
    assert {each.name.split("-")[0] for each in drawn} >= {"差异判断", "波动判断", "时间表", "任务进度"}
    assert any(HOSTILE in "".join(etree.fromstring(each.svg).itertext()) for each in drawn)
    for each in drawn:
        assert each.png.startswith(b"\x89PNG")
        for element in etree.fromstring(each.svg).iter(etree.Element):
            assert etree.QName(element).localname not in ("script", "image", "img", "foreignObject", "a"), each.name
            assert not [key for key in map(str, element.attrib) if key.startswith("on") or "href" in key], each.name


class Elements(HTMLParser):
    """What a browser would make of a page: the names of its elements and of their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_the_presenter_holds_no_markup_from_a_text(material: Material) -> None:
    found = leaves(material, default_plan(focus_townships(material)))
    page = presenter_html(found, stamp=material.figures.stamp, note=HOSTILE)
    seen = Elements(page)
    assert "&lt;img src=x onerror" in page
    assert not seen.tags & {"script", "iframe", "object"}
    assert not re.search(r"<img src=x", page)
    assert not [name for name in seen.attributes if name.startswith("on")]
