"""The pages of the backlog: the trend and the campaign."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

BACKLOG, CAMPAIGN = "pages/backlog/backlog.py", "pages/backlog/campaign.py"
Open = Callable[..., AppTest]


def _html(app: AppTest) -> str:
    assert not app.exception, [e.message for e in app.exception]
    return "\n".join(unescape(block.proto.body) for block in app.get("html"))


def _text(app: AppTest) -> str:
    shown = [*app.title, *app.subheader, *app.info, *app.warning, *app.error]
    blocks = re.sub(r"<style>.*?</style>", "", _html(app), flags=re.S)
    return "\n".join([str(e.value) for e in shown] + [re.sub(r"<[^>]+>", " ", blocks)])


def _rows(app: AppTest, number: int = 0) -> list[list[str]]:
    tables = re.findall(r"<table class='gov-table'>.*?</table>", _html(app), flags=re.S)
    rows = re.findall(r"<tr>(.*?)</tr>", tables[number], flags=re.S)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def _column(rows: list[list[str]], heading: str) -> list[str]:
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:]]


def test_the_whole_stream_shows_the_year_before_and_the_campaign_does_not(open_page: Open) -> None:
    assert "虚线为上年同期" not in _text(open_page(BACKLOG))
    whole = _text(open_page(BACKLOG, cohort="全部信访积案"))
    assert "虚线为上年同期" in whole
    assert "8月30日未化解28件，上年同期19件，多9件。" in whole
    assert "第81天" not in whole
    monthly = _text(open_page(BACKLOG, cohort="全部信访积案", period="按月"))
    assert "未化解由2018年9月" in monthly
    assert "逐月未化解件数" in monthly


def test_the_small_multiples_show_the_measure_asked_for(open_page: Open) -> None:
    app = open_page(BACKLOG, measure="超期")
    cells = re.findall(r'<div class="gov-cell"><header><span>(.*?)</span><b>(.*?)</b>', _html(app))
    assert len(cells) == 14
    assert sum(int(figure) for _, figure in cells) == int(_rows(app)[-1][4])


@pytest.mark.parametrize("stream", ["治理事件", "群众诉求"])
def test_the_countys_own_cases_make_the_table_whole(open_page: Open, stream: str) -> None:
    rows = _rows(open_page(BACKLOG, stream=stream))
    assert [row[0] for row in rows[-2:]] == ["县本级", "全县"]
    for column in range(1, 5):
        figures = [int(row[column].replace(",", "")) for row in rows[1:]]
        assert sum(figures[:-1]) == figures[-1]
    assert "县本级" not in _text(open_page(BACKLOG, stream=stream, township="青石"))


def test_the_campaign_tells_the_published_figures_and_ranks_only_what_is_large_enough(open_page: Open) -> None:
    app = open_page(CAMPAIGN)
    text, rows = _text(app), _rows(app)
    assert "全县交办114件、化解92件，化解率80.7%，较动员会上升54个百分点" in text
    assert "动员会起第81天，还剩19天，未化解22件（领先序时10.9个百分点）" in text
    assert rows[-1][0] == "全县"
    assert rows[-1][rows[0].index("交办")] == "114"
    ranked = dict(zip(_column(rows, "乡镇（街道）"), _column(rows, "名次"), strict=True))
    led = dict(zip(_column(rows, "乡镇（街道）"), _column(rows, "乡镇主办"), strict=True))
    assert ranked["青石"] == "第1名"
    for name in set(ranked) - {"全县"}:
        few = int(re.findall(r"/(\d+)）", led[name])[0]) < 5
        assert (ranked[name] == "※") == few


def test_a_filter_keeps_a_townships_rank_in_the_campaign(open_page: Open) -> None:
    rows = _rows(open_page(CAMPAIGN, township="球川"))
    whole = _rows(open_page(CAMPAIGN))
    (alone,) = (row for row in rows[1:-1])
    assert alone in whole


def test_departments_lead_what_townships_do_not(open_page: Open) -> None:
    app = open_page(CAMPAIGN)
    townships, departments = _rows(app, 0), _rows(app, 1)
    closed, opened = _column(townships, "县级机关主办")[-1].split("/")
    assert (_column(departments, "化解")[-1], _column(departments, "交办")[-1]) == (closed, opened)
    assert sum(map(int, _column(departments, "交办")[:-1])) == int(opened)


def test_before_the_campaign_a_plain_sentence_stands(open_page: Open) -> None:
    app = open_page(CAMPAIGN, as_of="2020-06-11")
    assert [i.value for i in app.info] == ["截至所选日期，还没有开始的攻坚行动。"]


def test_the_office_writes_a_goal_and_everybody_reads_it(open_page: Open) -> None:
    assert "五大目标要求（已填写0项）" in _text(open_page(CAMPAIGN, "township"))
    assert not open_page(CAMPAIGN, "township").text_input
    app = open_page(CAMPAIGN, "office")
    app.selectbox(key="goal_number_BRGJ2020").set_value(2).run()
    app.text_input(key="goal_text_BRGJ2020_2").set_value("<b>化解率</b>达到目标")
    app.text_area(key="goal_standing_BRGJ2020_2").set_value("已完成")
    (save,) = [b for b in app.button if b.label == "保存"]
    save.click().run()
    app = open_page(CAMPAIGN, "leader")
    assert "五大目标要求（已填写1项）" in _text(app)
    bodies = "".join(block.proto.body for block in app.get("html"))
    assert "&lt;b&gt;化解率&lt;/b&gt;达到目标<small>完成情况：已完成</small>" in bodies
