"""Slides, bulletin, workbook and pictures of the demo county: opened by other libraries, rendered by LibreOffice."""

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import sqlalchemy as sa
from docx.shared import Mm
from lxml import etree
from pptx import Presentation
from sqlalchemy import Connection

from analysis.follow_ups import follow_up_table
from analysis.lights import RED
from analysis.meeting.frames import focus_townships
from analysis.meeting.material import Material, Rows
from analysis.meeting.plan import default_plan
from analysis.scope import Rights, Scope
from database.engine import reading_engine
from queries.backlog import backlog_at
from queries.meeting import meeting_figures
from queries.regions import townships
from queries.tasks import task_list
from queries.weak_links import pressing_cases
from reports.__main__ import main
from reports.bulletin import bulletin
from reports.charts import drawn_charts
from reports.pictures import pictures
from reports.slides import UnusableTemplate, deck
from reports.workbook import workbook
from settings import get_settings

AS_OF = date(2020, 8, 31)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def demo(demo_url: str) -> Iterator[Connection]:
    engine = reading_engine(demo_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def scope(demo: Connection) -> Scope:
    return Scope(AS_OF, frozenset(townships(demo)["code"]), campaign="BRGJ2020")


@pytest.fixture(scope="module")
def material(demo: Connection, scope: Scope) -> Material:
    decided = follow_up_table([], {}, as_of=AS_OF, newest=AS_OF)
    rows = Rows(task_list(demo, scope), pressing_cases(demo, scope), decided, {})
    return Material(meeting_figures(demo, scope, with_courses=True), rows, Rights())


@pytest.fixture(scope="module")
def slides(material: Material) -> bytes:
    return deck(material, default_plan(focus_townships(material)))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LibreOffice profile of this run's own."""
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        pytest.skip("LibreOffice 或 poppler-utils 未安装")
    return tmp_path_factory.mktemp("office")


def rendered(office: Path, path: Path) -> tuple[int, str]:
    """Convert a document to PDF and return its pages and its text."""
    profile = f"-env:UserInstallation={office.as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    pdf = path.with_suffix(".pdf")
    said = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, timeout=60).stdout.decode()
    return said.count("\f"), re.sub(r"\s", "", said)


def shapes(content: bytes) -> list[Any]:
    return [shape for slide in Presentation(BytesIO(content)).slides for shape in slide.shapes]


def chart_named(content: bytes, name: str) -> Any:
    return next(shape.chart for shape in shapes(content) if shape.has_chart and name in shape.name)


def test_the_numbers_of_the_native_charts_are_those_that_were_read(
    slides: bytes, demo: Connection, scope: Scope
) -> None:
    now = backlog_at(demo, scope)
    opened, closed = chart_named(slides, "交办、化解").plots[0].series
    assert (opened.name, list(opened.values)) == ("交办", now["opened"].tolist())
    assert (closed.name, list(closed.values)) == ("化解", now["closed"].tolist())
    assert (sum(opened.values), sum(closed.values)) == (114, 92)
    rates = [value for value in chart_named(slides, "序时进度").plots[0].series[0].values if value is not None]
    assert rates[-1] == pytest.approx(92 / 114)
    assert sum(shape.has_chart for shape in shapes(slides)) >= 4


def test_every_slide_has_foot_number_and_sentence_to_say(slides: bytes) -> None:
    show = Presentation(BytesIO(slides))
    assert 8 <= len(show.slides) <= 25
    for number, slide in enumerate(show.slides, start=1):
        text = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert "常山县 · 截至2020年8月31日 · 全县 · 数据批次1" in text
        assert slide.shapes.title.text_frame.text
        assert slide.notes_slide.notes_text_frame.text.endswith("。")
        fields = slide._element.findall(".//{http://schemas.openxmlformats.org/drawingml/2006/main}fld")
        assert [field.get("type") for field in fields] == ["slidenum"]
        assert fields[0].findtext("{http://schemas.openxmlformats.org/drawingml/2006/main}t") == str(number)
    titles = [slide.shapes.title.text_frame.text for slide in show.slides]
    assert "全县交办114件、化解92件，化解率80.7%，较动员会上升54个百分点" in titles


def test_all_text_of_a_slide_names_an_east_asian_face(slides: bytes) -> None:
    for shape in shapes(slides):
        if shape.has_text_frame:
            for run in (run for paragraph in shape.text_frame.paragraphs for run in paragraph.runs):
                face = run.font._rPr.find("{http://schemas.openxmlformats.org/drawingml/2006/main}ea")
                assert face.get("typeface") == "微软雅黑"


def test_nothing_of_a_slide_leaves_the_page(slides: bytes) -> None:
    show = Presentation(BytesIO(slides))
    for slide in show.slides:
        for shape in slide.shapes:
            height = sum(row.height for row in shape.table.rows) if shape.has_table else shape.height
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width
            assert shape.top + height <= show.slide_height


def test_a_county_s_own_template_gives_the_page_and_loses_its_slides(material: Material, tmp_path: Path) -> None:
    own = Presentation()  # 4:3
    own.slides.add_slide(own.slide_layouts[5]).shapes.title.text = "旧的一页"
    own.save(str(tmp_path / "own.pptx"))
    with zipfile.ZipFile(tmp_path / "own.pptx") as old, zipfile.ZipFile(tmp_path / "县.potx", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"presentation.main+xml", b"template.main+xml"))
    made = deck(material, default_plan()[:3], template=tmp_path / "县.potx")
    show = Presentation(BytesIO(made))
    assert (show.slide_width, show.slide_height) == (own.slide_width, own.slide_height)
    assert "旧的一页" not in [slide.shapes.title.text_frame.text for slide in show.slides]
    (tmp_path / "坏.potx").write_bytes(b"no zip")
    for broken in ("坏.potx", "没有.potx"):
        with pytest.raises(UnusableTemplate, match="DASHBOARD_SLIDE_TEMPLATE"):
            deck(material, default_plan(), template=tmp_path / broken)


def test_the_bulletin_says_the_published_sentence_and_ranks_truly(material: Material) -> None:
    paper = docx.Document(BytesIO(bulletin(material)))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    for said in ("共交办信访积案114件", "已化解92件", "化解率80.7%", "26.73%", "上升54个百分点", "未化解22件"):
        assert said in text
    assert "交办5件及以上的8个乡镇（街道）中" in text
    figures = material.figures
    counts = {
        figures.names[code]: (x, n) for code, x, n in figures.now[["township_code", "closed", "opened"]].to_numpy()
    }
    done, below = re.search(r"已全部化解的有：(.*?)；低于全县平均的有：(.*?)。", text).groups()  # type: ignore[union-attr]
    named = {name: (int(x), int(n)) for name, x, n in re.findall(r"(\w+?[镇乡道])（(\d+)/(\d+)", f"{done}、{below}")}
    judged = {name: xn for name, xn in counts.items() if xn[1] >= 5}
    assert named == {name: (x, n) for name, (x, n) in judged.items() if x == n or x / n < 92 / 114}
    assert [name for name in named if name in done] == [name for name, (x, n) in judged.items() if x == n]
    assert "其余6个乡镇（街道）基数小，不列名次" in text
    table = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert table[-1][:6] == ["合计", "114", "92", "22", "6", "80.7%"]


def test_the_bulletin_keeps_the_layout_of_official_documents(material: Material) -> None:
    paper = docx.Document(BytesIO(bulletin(material)))
    section = paper.sections[0]
    margins = (section.top_margin, section.left_margin, section.bottom_margin, section.right_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [37, 28, 35, 26]
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (210, 297)
    grid = section._sectPr.find(f"{W}docGrid")
    assert (grid.get(f"{W}type"), grid.get(f"{W}linePitch")) == ("lines", "579")
    body = next(paragraph for paragraph in paper.paragraphs if "共交办信访积案" in paragraph.text)
    assert body._p.pPr.spacing.get(f"{W}line") == "579"
    assert body._p.pPr.ind.get(f"{W}firstLineChars") == "200"
    assert body.runs[0]._r.rPr.rFonts.get(f"{W}eastAsia") == "仿宋_GB2312"
    assert body.runs[0].font.size.pt == 16
    title = paper.paragraphs[0]
    assert title.runs[0]._r.rPr.rFonts.get(f"{W}eastAsia") == "方正小标宋简体"
    assert title.runs[0].font.bold is False


def test_a_draft_is_marked_until_it_is_final(material: Material) -> None:
    def marks(content: bytes) -> int:
        paper = docx.Document(BytesIO(content))
        section = paper.sections[0]
        return sum(
            etree.tostring(each._element).count(b"textpath style")
            for each in (section.header, section.even_page_header)
        )

    assert marks(bulletin(material)) == 2
    assert marks(bulletin(material, is_final=True)) == 0


def test_the_workbook_holds_numbers_and_native_charts_and_no_formula(material: Material) -> None:
    hostile = material.rows.follow_ups.reindex([0]).assign(subject="=HYPERLINK(1)\x01", promise="+1", status="open")
    book = openpyxl.load_workbook(BytesIO(workbook(replace(material, rows=replace(material.rows, follow_ups=hostile)))))
    sheet = book["积案化解"]
    assert sheet.freeze_panes == "B3"
    heads = [cell.value for cell in sheet[2]]
    values = [row[heads.index("交办")] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert sum(values) == 114
    assert sheet.cell(3, heads.index("化解率") + 1).number_format == "0.0%"
    assert sum(len(each._charts) for each in book) >= 4
    assert "口径说明" in book.sheetnames
    assert book["议定事项"]["A3"].value == "=HYPERLINK(1)"
    assert {cell.data_type for each in book for row in each.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_a_control_character_from_a_ledger_breaks_no_document(material: Material) -> None:
    texts = material.rows.texts.assign(countermeasure="甲\x00乙\x0b丙")
    spoilt = replace(material, rows=replace(material.rows, texts=texts))
    shown = " ".join(c.text for s in shapes(deck(spoilt, default_plan())) if s.has_table for c in s.table.iter_cells())
    assert "甲乙丙" in shown
    cells = [cell.text for row in docx.Document(BytesIO(bulletin(spoilt))).tables[1].rows for cell in row.cells]
    assert any("甲乙丙" in text for text in cells)


def test_each_picture_bears_title_day_and_source(material: Material) -> None:
    few = replace(material.figures, series=material.figures.series.query("region_code != '330822'"))
    few = replace(few, courses=few.courses.query("task_code in ('T29', 'T31')"))
    told: list[tuple[int, int]] = []
    drawn = {each.name: each for each in pictures(replace(material, figures=few), told=lambda *far: told.append(far))}
    assert told == [(done, len(drawn)) for done in range(len(drawn) + 1)]
    assert list(drawn)[:4] == ["积案逐周", "化解率与序时进度", "考核排名", "名次变化"]
    kinds = {name.split("-")[0] for name in drawn}
    assert kinds == {
        "积案逐周",
        "化解率与序时进度",
        "考核排名",
        "名次变化",
        "差异判断",
        "波动判断",
        "时间表",
        "任务进度",
    }
    for each in drawn.values():
        assert each.png.startswith(b"\x89PNG")
        assert "常山县 · 截至2020年8月31日 · 全县 · 数据批次1 · 来源：演示数据" in each.svg.decode()
    assert "化解率80.7%，领先序时" in drawn["化解率与序时进度"].svg.decode()
    assert "球川（5/11）差于全县平均" in drawn["差异判断-信访积案化解率"].svg.decode()


def test_a_township_s_pictures_are_those_in_which_it_stands_out(demo: Connection, material: Material) -> None:
    own = frozenset({"330822111"})
    figures = meeting_figures(demo, Scope(AS_OF, own, campaign="BRGJ2020"), with_courses=True)
    names = [each.name for each in drawn_charts(figures)]
    singled = {name for name in names if name.startswith("差异判断")}
    every = {each.name: each for each in drawn_charts(material.figures) if each.name.startswith("差异判断")}
    assert singled == {name for name, each in every.items() if "球川（" in each.title}
    assert all("-球川-" in name for name in names if name.startswith("波动判断"))
    red = figures.matrix[figures.matrix["light"].isin(RED)]
    assert {f"任务进度-{n}" for n in red["number"]} == {name for name in names if name.startswith("任务进度")}


def test_a_meeting_frozen_before_the_series_were_read_still_has_its_other_pictures(material: Material) -> None:
    old = replace(
        material.figures, series=material.figures.series.iloc[:0, :0], courses=material.figures.courses.iloc[:0, :0]
    )
    names = [each.name for each in drawn_charts(old)]
    assert "时间表" in names
    assert not [name for name in names if name.startswith(("波动判断", "任务进度"))]


def test_libreoffice_opens_every_kind_in_chinese(
    office: Path, material: Material, slides: bytes, tmp_path: Path
) -> None:
    made = {"幻灯片.pptx": slides, "通报.docx": bulletin(material), "工作簿.xlsx": workbook(material)}
    for name, content in made.items():
        (tmp_path / name).write_bytes(content)
    pages, text = rendered(office, tmp_path / "幻灯片.pptx")
    assert pages == len(Presentation(BytesIO(slides)).slides)
    assert "化解率80.7%，较动员会上升54个百分点" in text
    pages, text = rendered(office, tmp_path / "通报.docx")
    assert 4 <= pages <= 6
    assert "共交办信访积案114件，已化解92件，化解率80.7%" in text
    assert "—1—" in text
    pages, text = rendered(office, tmp_path / "工作簿.xlsx")
    assert pages >= 10
    assert "乡镇主办交办" in text


def test_the_command_writes_once_and_never_over_what_is_there(
    demo_url: str, tmp_path: Path, own_state: object, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "新" / "通报.docx"
    call = ["bulletin", "--as-of", "2020-08-31", "--url", demo_url, "--out", str(out)]
    assert main(call) == 0
    out.write_bytes(b"edited")
    assert main(call) == 1
    assert "没有覆盖" in capsys.readouterr().err
    assert out.read_bytes() == b"edited"
    assert [path.name for path in out.parent.iterdir()] == ["通报.docx"]


@pytest.mark.parametrize(("table", "status"), [(None, 0), ("something", 2)])
def test_a_state_database_that_nobody_has_made_yet_holds_nothing(
    demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    table: str | None, status: int,
) -> None:  # fmt: skip
    state = f"sqlite:///{tmp_path / 'unmade.db'}"
    engine = sa.create_engine(state)
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 1")  # the file is there, and empty
        if table:
            connection.exec_driver_sql(f"CREATE TABLE {table} (id INTEGER)")
    engine.dispose()
    monkeypatch.setenv("STATE_URL", state)
    get_settings.cache_clear()
    assert main(["bulletin", "--as-of", "2020-08-31", "--url", demo_url, "--out", str(tmp_path / "a.docx")]) == status
    assert ("启动一次看板" in capsys.readouterr().err) is (status == 2)
    get_settings.cache_clear()


def test_a_pack_is_written_for_each_township_asked_for(demo_url: str, tmp_path: Path, own_state: object) -> None:
    call = ["packs", "--url", demo_url, "--township", "球川镇", "--out", str(tmp_path / "包")]
    assert main(call) == 0
    names = sorted(path.name for path in (tmp_path / "包" / "07-球川镇").iterdir())
    assert names == ["图片", *sorted(f"球川镇-{w}-截至20200831.{s}" for w, s in
                                   (("工作簿", "xlsx"), ("幻灯片", "pptx"), ("通报", "docx")))]  # fmt: skip
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "包" / "07-球川镇" / names[-1])).paragraphs)
    assert "球川镇共交办信访积案13件，已化解7件" in text


def test_what_cannot_be_made_is_told_in_chinese(
    demo_url: str, tmp_path: Path, own_state: object, capsys: pytest.CaptureFixture[str]
) -> None:
    out = ["--url", demo_url, "--out", str(tmp_path / "a.pptx")]
    assert main(["slides", *out, "--township", "无此镇"]) == 2
    assert "没有代码或名称为 无此镇" in capsys.readouterr().err
    assert main(["slides", *out, "--as-of", "2026-01-01"]) == 2
    assert "没有数据" in capsys.readouterr().err
    (tmp_path / "file").write_bytes(b"")
    assert main(["slides", "--url", demo_url, "--out", str(tmp_path / "file" / "a.pptx")]) == 1
    assert "无法写入" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".pptx", ".part")] == []
