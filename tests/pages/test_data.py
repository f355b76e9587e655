"""The pages of 数据: quality, definitions, import."""

import re
import shutil
from collections.abc import Callable
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import get_args

import openpyxl
import pandas as pd
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

import auth
from analysis.scope import Role
from components.data.quality import FINDINGS, TASK_REPORTS
from components.tables import Column
from components.workbook import workbook_bytes
from database.engine import writing_engine
from database.tables import cases, data_releases
from database.writing import writer
from settings import get_settings
from state.audit import newest_acts
from state.engine import migrate

OVERVIEW = "pages/overview/overview.py"
QUALITY, DEFINITIONS, IMPORTING = (f"pages/data/{stem}.py" for stem in ("quality", "definitions", "importing"))
Open = Callable[..., AppTest]


def html(app: AppTest) -> str:
    assert not app.exception, [e.message for e in app.exception]
    return re.sub(r"<style>.*?</style>", "", "\n".join(unescape(b.proto.body) for b in app.get("html")), flags=re.S)


def text(app: AppTest) -> str:
    return re.sub(r"<[^>]+>", " ", html(app))


def tables(app: AppTest) -> list[list[list[str]]]:
    """Return the rows of cells of each table on the page."""
    found = re.findall(r"<table class='gov-table'>.*?</table>", html(app), flags=re.S)
    rows = [re.findall(r"<tr>(.*?)</tr>", table, flags=re.S) for table in found]
    cells = [[re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.S) for row in table] for table in rows]
    return [[[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in table] for table in cells]


# 数据质量


def test_quality_counts_the_reports_of_every_region_and_names_what_is_missing(open_page: Open) -> None:
    app = open_page(QUALITY)
    by_region, by_kpi = tables(app)[:2]
    assert [row[0] for row in by_region[1:4]] == ["县级", "天马", "紫港"]
    assert len(by_region) == 1 + 1 + 14
    due, came, late, missing = (sum(int(row[i]) for row in by_region[1:]) for i in (1, 2, 3, 4))
    assert due - came == missing > 0
    for row in by_region[1:]:
        assert len([name for name in row[5].split("、") if name]) == int(row[4])
    assert f"任务应报{due}项次，未报{missing}项次（另有{late}项次迟报）" in text(app)
    assert f"{came}/{due}" in text(app)
    assert [row[0] for row in by_kpi[1:]] == ["诉前纠纷化解率", "平安暗访得分", "群众安全感测评得分"]
    assert all(int(row[2]) == 14 for row in by_kpi[1:])


def test_quality_names_a_department_for_every_problem(open_page: Open) -> None:
    problems = tables(open_page(QUALITY))[2]
    assert problems[0] == ["程度", "数据表", "问题", "涉及行数", "请联系"]
    assert len(problems) > 1
    for severity, table, message, count, department in problems[1:]:
        assert re.fullmatch(r"[■▲●] (错误|警告|提醒)", severity)
        assert table
        assert message
        assert int(count) >= 0
        assert department
    assert [row[0][0] for row in problems[1:]] == sorted((row[0][0] for row in problems[1:]), key="■▲●".index)


def test_quality_counts_rows_as_the_database_holds_them(open_page: Open, demo_url: str) -> None:
    halves = tables(open_page(QUALITY))[4:6]
    held = {row[0]: int(row[1].replace(",", "")) for half in halves for row in half[1:]}
    engine = sa.create_engine(demo_url)
    with engine.connect() as connection:
        assert held["案件台账"] == connection.scalar(sa.select(sa.func.count()).select_from(cases))
    engine.dispose()
    assert held["专项工作组"] == 7
    assert held["重点任务"] == 35


def test_a_township_filter_leaves_the_county_and_other_townships_out(open_page: Open) -> None:
    app = open_page(QUALITY, township="球川")
    by_region, by_kpi = tables(app)[:2]
    assert [row[0] for row in by_region[1:]] == ["球川"]
    assert [int(row[2]) for row in by_kpi[1:]] == [1, 1, 1]
    assert "球川2020年8月任务应报" in text(app)


def test_an_earlier_day_asks_for_its_own_month(open_page: Open) -> None:
    app = open_page(QUALITY, as_of="2020-08-30")
    assert "2020年7月任务应报" in text(app)
    assert any(re.match("2020年7月(任务未报送|没有任务未报送)", s.value) for s in app.subheader)


@pytest.mark.parametrize("role", get_args(Role))
def test_only_the_office_starts_the_recount(open_page: Open, role: Role) -> None:
    app = open_page(QUALITY, role)
    assert bool([button for button in app.button if button.label == "全面核对"]) == (role == "office")


def test_the_recount_finds_what_the_quick_check_cannot(
    open_page: Open, demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = _own_county(demo_url, tmp_path, monkeypatch)
    engine = writing_engine(own)
    with writer(engine) as connection:  # behind our back
        connection.execute(cases.update().where(cases.c.stream == "risk").values(closed_on=None))
    engine.dispose()
    app = open_page(QUALITY, "office")
    assert "与基础数据不一致" not in text(app)
    (button,) = [button for button in app.button if button.label == "全面核对"]
    app = button.click().run(timeout=60)
    assert "与基础数据不一致" in text(app)
    assert tables(app)[2][1][0] == "■ 错误"
    assert "已全面核对。" in text(app)


def test_the_workbook_holds_every_table_with_numbers_as_numbers_and_no_formula() -> None:
    reports = pd.DataFrame(
        {"region": ["=1+1"], "due": [3], "came": [2], "late": [0], "missing": [1], "missing_tasks": ["7 甲"]}
    )
    problems = pd.DataFrame(
        {"severity": ["错误"], "table": ["案件台账"], "message": ["坏"], "count": [2], "department": ["县信访局"]}
    )
    content = workbook_bytes({"任务报送": (reports, TASK_REPORTS), "核对问题": (problems, FINDINGS)}, title="数据质量")
    book = openpyxl.load_workbook(BytesIO(content))
    assert book.sheetnames == ["任务报送", "核对问题"]
    rows = [[cell.value for cell in row] for row in book["任务报送"].iter_rows()]
    assert rows[0][0] == "数据质量 · 任务报送"
    assert rows[1] == ["乡镇（街道）", "应报（项）", "已报", "其中迟报", "未报", "未报送的任务"]
    assert rows[2] == ["=1+1", 3, 2, 0, 1, "7 甲"]
    assert book["任务报送"]["A3"].data_type == "s"


def test_a_workbook_of_no_rows_has_its_headings() -> None:
    content = workbook_bytes({"空": (pd.DataFrame({"a": []}), (Column("a", "甲"),))}, title="无")
    assert [cell.value for cell in openpyxl.load_workbook(BytesIO(content))["空"]["A"]] == ["无 · 空", "甲"]


# 口径说明


@pytest.mark.parametrize("role", get_args(Role))
def test_definitions_hold_every_figure_and_indicator(open_page: Open, role: Role) -> None:
    app = open_page(DEFINITIONS, role)
    assert "本看板数字" in text(app)
    assert "考核指标27条" in text(app)
    assert html(app).count("<article>") == int(re.search(r"共(\d+)条", text(app)).group(1))  # type: ignore[union-attr]
    k06 = next(part for part in html(app).split("<article>") if "<small>K06</small>" in part)
    for said in (
        "信访事项按期办结率",
        "按期办结件数 ÷ 当期到期或办结件数",
        "县信访局",
        "权重6，目标值100，底线值90",
        "越高越好",
    ):
        assert said in k06


def test_a_link_to_a_figure_shows_it_first(open_page: Open) -> None:
    for asked in ("化解率", "resolution_rate"):
        app = open_page(DEFINITIONS, figure=asked)
        first = html(app).split("<article>")[1]
        assert ">化解率</a>" in first
        assert app.text_input(key="figure").value == asked
    assert html(open_page(DEFINITIONS, figure="K13")).count("<article>") == 1


def test_a_search_narrows_the_list_and_says_when_nothing_fits(open_page: Open) -> None:
    app = open_page(DEFINITIONS)
    app = app.text_input(key="figure").set_value("县人民法院").run()
    assert "找到2条：考核指标2条" in text(app)
    app = app.text_input(key="figure").set_value("没有这样的字").run()
    assert "没有找到相符的口径" in text(app)
    assert "<article>" not in html(app)


def test_the_time_limits_are_those_of_the_as_of_day(open_page: Open) -> None:
    assert "《信访条例》" in text(open_page(DEFINITIONS, figure="办理期限"))


def test_cards_headings_and_foldable_lines_lead_to_the_definitions(open_page: Open) -> None:
    shown = html(open_page("pages/overview/overview.py"))
    addresses = set(re.findall(r'href="(definitions\?figure=[^"]+)"', shown))
    assert len(addresses) >= 5
    assert 'class="gov-help"' in shown
    assert 'class="gov-term"' in shown
    assert "definitions?figure=%E5%8C%96%E8%A7%A3%E7%8E%87" in addresses


# 导入

HEADER = "township_code,case_no,episode,stream,opened_on\n"
GOOD = ("cases.csv", f"{HEADER}330822001,新1,1,event,2020-08-30\n".encode(), "text/csv")
BAD = ("cases.csv", f"{HEADER}999,新1,1,event,2020-08-30\n".encode(), "text/csv")


def _own_county(demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Point the application, and its loader, at a copy of the demo county of this test's own."""
    shutil.copy(demo_url.removeprefix("sqlite:///"), tmp_path / "county.db")
    url = f"sqlite:///{tmp_path}/county.db"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("LOADER_URL", url)
    get_settings.cache_clear()
    migrate(auth.state())
    return url


def _button(app: AppTest, label: str) -> AppTest:
    (button,) = [button for button in app.button if button.label == label]
    return button.click().run(timeout=60)


def _count(url: str, case_no: str) -> int:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(sa.select(sa.func.count()).where(cases.c.case_no == case_no))
    engine.dispose()
    return int(found or 0)


def test_without_a_loader_the_page_says_that_imports_are_done_by_command(open_page: Open) -> None:
    app = open_page(IMPORTING, "office")
    assert [title.value for title in app.title] == ["导入"]
    assert "python -m database load" in app.info[0].value
    assert not app.file_uploader


def _restate(url: str, first: str, last: str) -> None:
    """Let the newest release say that it tells these days otherwise than the one before."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(data_releases.update().where(data_releases.c.id == 2).values(restated=[[first, last]]))
    engine.dispose()


@pytest.mark.parametrize("role", ["leader", "department", "township"])
def test_nobody_but_the_office_reaches_the_page(open_page: Open, role: Role) -> None:
    from navigation import menu

    assert IMPORTING not in [page.path for pages in menu(role).values() for page in pages]
    app = open_page(IMPORTING, role)  # as by a link: the first page is shown in its place
    assert not app.exception
    assert [title.value for title in app.title] == [title.value for title in open_page(OVERVIEW, role).title]


def test_a_load_is_checked_confirmed_and_shown(
    open_page: Open, demo_county: None, demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = _own_county(demo_url, tmp_path, monkeypatch)
    app = open_page(IMPORTING, "office")
    app = app.file_uploader[0].set_value([GOOD]).run()
    assert not [button for button in app.button if button.label == "确认写入"]
    app = _button(app, "检查")
    assert "检查通过" in app.success[0].value
    assert tables(app)[0][0] == ["数据表", "新增（行）", "修改", "不变", "删除", "跳过"]
    assert tables(app)[0][1] == ["案件台账", "1", "0", "0", "0", "0"]
    assert _count(own, "新1") == 0
    app = _button(app, "确认写入")
    assert "已导入，发布为第2批" in app.success[0].value
    assert _count(own, "新1") == 1
    assert not [button for button in app.button if button.label == "确认写入"]
    assert not app.file_uploader[0].value, "nothing uploaded stays"
    assert "数据批次 2" in text(app)
    assert "截至 2020年8月31日" in text(app), "the largest of all releases, not that of the newest"
    assert "演示数据" in text(app)
    assert "较上次发布有更正" not in text(app), "a governance event is no headline"
    _restate(own, "2020-08-24", "2020-08-31")
    assert "较上次发布有更正" in text(app.run())
    _restate(own, "2020-08-24", "2020-08-30")
    assert "较上次发布有更正" not in text(app.run())
    with auth.state().connect() as connection:
        assert [act.action for act in newest_acts(connection)] == ["import_written", "import_checked"]


def test_what_is_wrong_is_told_and_cannot_be_confirmed(
    open_page: Open, demo_county: None, demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = _own_county(demo_url, tmp_path, monkeypatch)
    app = open_page(IMPORTING, "office")
    app = app.file_uploader[0].set_value([BAD]).run()
    app = _button(app, "检查")
    assert "未导入任何数据" in app.error[0].value
    assert tables(app)[0][1][:2] == ["错误", "cases.csv"]
    assert "没有这个乡镇" in text(app)
    assert not [button for button in app.button if button.label == "确认写入"]
    assert [button.label for button in app.get("download_button")] == ["下载导入模板", "下载问题清单和标出的行"]
    assert _count(own, "新1") == 0


def test_other_files_than_those_checked_cannot_be_confirmed(
    open_page: Open, demo_county: None, demo_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _own_county(demo_url, tmp_path, monkeypatch)
    app = open_page(IMPORTING, "office")
    app = _button(app.file_uploader[0].set_value([GOOD]).run(), "检查")
    assert [button for button in app.button if button.label == "确认写入"]
    app = app.file_uploader[0].set_value([BAD]).run()
    assert not [button for button in app.button if button.label == "确认写入"]


def test_the_pages_of_data_hold_no_english_sentence(open_page: Open) -> None:
    shown = {path: text(open_page(path, "office")) for path in (QUALITY, DEFINITIONS)}
    allowed = {"Kaplan", "Meier", "XmR", "Ctrl"}
    for path, said in shown.items():
        assert set(re.findall(r"[A-Za-z]{3,}", said)) <= allowed, path
