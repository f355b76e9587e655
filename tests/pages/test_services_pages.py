"""平台运行 on the demo county."""

from tests.pages.screen import Open, html_of, tables_of, text_of
from tests.pages.test_pages import _sum

PAGE = "pages/services/services.py"


def test_every_platform_stands_with_the_command_centre_not_live(open_page: Open) -> None:
    app = open_page(PAGE)
    text = text_of(app)
    assert app.title[0].value == "平台运行 · 2019年9月—2020年8月"
    assert "综合指挥中心预计10月上线" in text
    assert "未上线" in text
    assert len(tables_of(app)[0]) == 1 + 15
    for platform in ("矛调中心", "综治工作", "市场监管", "综合执法", "便民服务", "慢城通", "智慧城管", "应急联动"):
        assert platform in text


def test_a_channel_speaks_its_own_words_and_its_townships_add_up(open_page: Open) -> None:
    app = open_page(PAGE, channel="慢城通 · 群众诉求")
    table = tables_of(app)[1]
    assert table[0][:5] == ["乡镇（街道）", "受理", "上年同期", "反馈", "按时反馈率"]
    assert table[-2][0] == "县本级"
    assert _sum(table, 1) == int(table[-1][1].replace(",", "")) > 1000
    assert "慢城通 · 群众诉求：未反馈" in text_of(app)


def test_a_channel_without_rows_says_so(open_page: Open) -> None:
    app = open_page(PAGE, channel="矛调中心 · 治理事件")
    assert [each.value for each in app.info] == ["矛调中心 · 治理事件：2019年9月—2020年8月没有记录。"]


def test_a_township_filter_narrows_every_count(open_page: Open) -> None:
    app = open_page(PAGE, township="青石", channel="慢城通 · 群众诉求")
    table = tables_of(app)[1]
    assert [row[0] for row in table[1:]] == ["青石", "青石"]
    assert "青石近12个月" in html_of(app)


def test_the_first_days_of_the_record_have_no_full_year(open_page: Open) -> None:
    assert "没有平台记录" in text_of(open_page(PAGE, as_of="2018-01-10"))


def test_totals_are_told_year_on_year_with_the_published_figures(open_page: Open) -> None:
    text = text_of(open_page("pages/services/totals.py"))
    assert "2019年信访总量、诉讼总量两下降。" in text
    assert "2020年受疫情影响" in text
    assert "春节在一、二月间移动" in text
    for figure in ("6283.34", "189", "747", "236", "上半年13项专项工作总体排名"):
        assert figure in text
    rows = tables_of(open_page("pages/services/totals.py"))[3]
    assert [row[0] for row in rows[1:]] == ["重大", "较大", "一般"]


def test_totals_of_a_short_record_are_not_judged(open_page: Open) -> None:
    assert "数据不足两年，不作同比判断" in text_of(open_page("pages/services/totals.py", as_of="2018-12-31"))
    assert open_page("pages/services/totals.py", as_of="2018-01-10").title
