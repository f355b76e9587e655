"""The pages of the backlog: the trend and the campaign."""

import re

import pytest

from tests.pages.screen import Open, html_of, tables_of, text_of

BACKLOG, CAMPAIGN = "pages/backlog/backlog.py", "pages/backlog/campaign.py"


def _column(rows: list[list[str]], heading: str) -> list[str]:
    place = rows[0].index(heading)
    return [row[place] for row in rows[1:]]


def test_the_whole_stream_shows_the_year_before_and_the_campaign_does_not(open_page: Open) -> None:
    assert "虚线为上年同期" not in text_of(open_page(BACKLOG))
    whole = text_of(open_page(BACKLOG, cohort="全部信访积案"))
    assert "虚线为上年同期" in whole
    assert "8月30日未化解28件，上年同期19件，多9件。" in whole
    assert "第81天" not in whole
    monthly = text_of(open_page(BACKLOG, cohort="全部信访积案", period="按月"))
    assert "未化解由2018年9月" in monthly
    assert "逐月未化解件数" in monthly


def test_the_small_multiples_show_the_measure_asked_for(open_page: Open) -> None:
    app = open_page(BACKLOG, measure="超期")
    cells = re.findall(r'<div class="gov-cell"><header><span title="[^"]*">(.*?)</span><b>(.*?)</b>', html_of(app))
    assert len(cells) == 14
    assert sum(int(figure) for _, figure in cells) == int(tables_of(app)[0][-1][4])


@pytest.mark.parametrize("stream", ["治理事件", "群众诉求"])
def test_the_countys_own_cases_make_the_table_whole(open_page: Open, stream: str) -> None:
    rows = tables_of(open_page(BACKLOG, stream=stream))[0]
    assert [row[0] for row in rows[-2:]] == ["县本级", "全县"]
    for column in range(1, 5):
        figures = [int(row[column].replace(",", "")) for row in rows[1:]]
        assert sum(figures[:-1]) == figures[-1]
    assert "县本级" not in text_of(open_page(BACKLOG, stream=stream, township="青石"))


def test_the_campaign_tells_the_published_figures_and_ranks_only_what_is_large_enough(open_page: Open) -> None:
    app = open_page(CAMPAIGN)
    text, rows = text_of(app), tables_of(app)[0]
    assert "全县交办114件、化解92件，化解率80.7%，较动员会上升54个百分点，近7日没有化解一件。" in text
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
    rows = tables_of(open_page(CAMPAIGN, township="球川"))[0]
    whole = tables_of(open_page(CAMPAIGN))[0]
    (alone,) = (row for row in rows[1:-1])
    assert alone in whole


def test_departments_lead_what_townships_do_not(open_page: Open) -> None:
    app = open_page(CAMPAIGN)
    townships, departments = tables_of(app)[0], tables_of(app)[1]
    closed, opened = _column(townships, "县级机关主办")[-1].split("（")[1].rstrip("）").split("/")
    assert (_column(departments, "化解")[-1], _column(departments, "交办")[-1]) == (closed, opened)
    assert sum(map(int, _column(departments, "交办")[:-1])) == int(opened)


def test_before_the_campaign_a_plain_sentence_stands(open_page: Open) -> None:
    app = open_page(CAMPAIGN, as_of="2020-06-11")
    assert [i.value for i in app.info] == ["截至所选日期，还没有开始的攻坚行动。"]


def test_the_office_writes_a_goal_and_everybody_reads_it(open_page: Open) -> None:
    assert "五大目标要求尚未填写" in text_of(open_page(CAMPAIGN, "township"))
    assert not open_page(CAMPAIGN, "township").text_input
    app = open_page(CAMPAIGN, "office")
    app.selectbox(key="goal_number_BRGJ2020").set_value(2).run()
    app.text_input(key="goal_text_BRGJ2020_2").set_value("<b>化解率</b>达到目标")
    app.text_area(key="goal_standing_BRGJ2020_2").set_value("已完成")
    (save,) = [b for b in app.button if b.label == "保存"]
    save.click().run()
    app = open_page(CAMPAIGN, "leader")
    assert "五大目标要求已填写1项，待填写4项，其中1项写明完成情况" in text_of(app)
    bodies = "".join(block.proto.body for block in app.get("html"))
    assert "&lt;b&gt;化解率&lt;/b&gt;达到目标<small>完成情况：已完成</small>" in bodies


STRUCTURE, CLEARING = "pages/backlog/structure.py", "pages/backlog/clearing.py"


def test_categories_and_channels_each_add_up_to_the_backlog(open_page: Open) -> None:
    app = open_page(STRUCTURE)
    assert "全县未化解22件，交办超过90天6件（27.3%）" in text_of(app)
    _, categories, channels, leaders, villages = tables_of(app)[:5]
    for rows in (categories, channels):
        assert sum(map(int, _column(rows, "未化解"))) == 22
        assert sum(map(int, _column(rows, "交办"))) == 114
    assert sum(map(int, _column(leaders, "未化解"))) == 22
    assert _column(villages, "村（社区）")[-1] == "198"


def test_a_township_reads_its_own_rows_alone_and_no_small_count_of_others(open_page: Open) -> None:
    app = open_page(STRUCTURE, "township")  # 招贤
    oldest, categories = tables_of(app)[0], tables_of(app)[1]
    assert {place.split("·")[0] for place in _column(oldest, "乡镇（街道）·村（社区）")} == {"招贤"}
    assert categories[0] == ["类别", "交办"]
    shown = _column(categories, "交办")
    assert "&lt;5</td>" in "".join(block.proto.body for block in app.get("html"))
    assert all(not figure.isdigit() or int(figure) >= 5 for figure in shown)
    assert sum(not figure.isdigit() for figure in shown) > 1
    other = open_page(STRUCTURE, "township", township="球川")
    assert tables_of(other)[0] == categories, "another township's categories would give its small cells away"
    elsewhere = text_of(other)
    assert "案件明细、包案领导和村（社区）清单只对本乡镇" in elsewhere
    assert "包案领导手上" not in elsewhere
    assert tables_of(open_page(STRUCTURE, "township", township="招贤"))[1][0][1] == "未化解"


def test_a_department_reads_the_cases_it_leads(open_page: Open) -> None:
    text = text_of(open_page(STRUCTURE, "department"))
    assert "只列本单位主办的积案。" in text
    assert "村（社区）名单按全部积案判断，不对主办单位开放。" in text
    assert "现无在办积案的村（社区）名单" not in text


def test_the_campaigns_clearing_is_refused_for_want_of_history(open_page: Open) -> None:
    text = text_of(open_page(CLEARING))
    assert "全县攻坚交办的积案：积压在减少；可供检验的历史预测不足20次，只说方向，不报日期" in text
    assert "全县：一半案件在46天内化解（114件，其中22件未化解" in text
    whole = text_of(open_page(CLEARING, cohort="全部信访积案", township="球川"))
    assert re.search(r"过去\d+次预测中有\d+次落在区间内", whole)
    assert "这里按全县推算" in whole
    assert "球川：一半案件在" in whole


def test_a_handful_of_cases_has_no_time_to_close(open_page: Open) -> None:
    app = open_page(CLEARING, township="新昌")
    assert "新昌：只有1件，基数小（不足5件），不推算化解用时" in text_of(app)
    assert not app.get("vega_lite_chart")
    assert "<table class='gov-table'>" not in html_of(app)


@pytest.mark.parametrize("path", [STRUCTURE, CLEARING])
def test_the_first_days_of_the_records_stand_too(open_page: Open, path: str) -> None:
    app = open_page(path, as_of="2018-01-07", township="新昌")
    assert "截至 2018年1月7日" in text_of(app)
    assert app.info
