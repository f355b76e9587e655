"""乡镇画像 and the tile map on 总体情况, on the demo county."""

import re
from datetime import date

import pytest

import auth
from actions.entries import explain
from components.township_names import township_mark
from state import annotations as stored
from state.annotations import Place
from state.engine import writing
from tests.pages.screen import Open, html_of, tables_of, text_of
from tests.pages.test_pages import OVERVIEW

PAGE = "pages/township/township.py"


def test_the_township_of_the_filter_is_shown_whole(open_page: Open) -> None:
    app = open_page(PAGE, township="青石")
    text = text_of(app)
    assert app.title[0].value == "青石镇 · 乡镇画像"
    assert "青石镇党委书记" in text
    assert "县委常委、组织部部长" in text
    assert "青石第1名" in text
    assert "95.3" in text
    for section in ("没有未化解的积案", "没有议定事项"):
        assert section in [each.value for each in app.subheader]
    assert len(tables_of(app)[0]) == 1 + 21  # every indicator with a figure of townships


def test_a_township_sees_its_own_first_and_the_rows_of_no_other(open_page: Open) -> None:
    own = open_page(PAGE, "township")
    assert own.title[0].value == "招贤镇 · 乡镇画像"
    assert "未化解积案中交办最早的" in html_of(own)
    other = open_page(PAGE, "township", township="球川")
    assert "BR2020" not in html_of(other)
    assert "案件明细和村（社区）清单只对" in text_of(other)


def test_a_department_sees_the_cases_it_leads_alone(open_page: Open) -> None:
    everything, own = (
        html_of(open_page(PAGE, "leader", township="球川")),
        html_of(open_page(PAGE, "department", township="球川")),
    )
    assert "乡镇主办</td>" in everything
    assert "乡镇主办</td>" not in own
    assert "只计本单位主办的积案" in own


def test_the_early_record_stands_without_figures(open_page: Open) -> None:
    app = open_page(PAGE, township="球川", as_of="2018-01-10")
    assert app.title[0].value == "球川镇 · 乡镇画像"


def test_a_township_replies_beside_its_figure(open_page: Open) -> None:
    app = open_page(PAGE, "township")
    with writing(auth.state()) as connection:
        place = Place("330822108", "K06", app.session_state["as_of"].replace(day=1))
        stored.explain(connection, place, reason="集中处理旧件", is_excluded=False, author="行动办")
    app = app.run()
    assert "集中处理旧件" in html_of(app)
    app.text_area[0].set_value("已补充人手")
    next(button for button in app.button if button.label == "提交答复").click().run()
    assert html_of(app).count("已补充人手") == 2  # beside the figure, and in the list
    leader = open_page(PAGE, "leader", township="招贤")
    assert "已补充人手" in html_of(leader)
    assert not leader.text_area


def test_the_office_alone_explains(open_page: Open) -> None:
    open_page(PAGE, "office")
    explain(Place("330822108", "K06", date(2020, 8, 1)), "说明", is_excluded=False)
    assert "说明" in html_of(open_page(PAGE, "office", township="招贤"))


def test_the_map_is_coloured_by_the_figure_chosen(open_page: Open) -> None:
    app = open_page(OVERVIEW, tile="任务红灯", township="球川")
    html = html_of(app)
    tiles = html[html.index('class="gov-tiles"') :]
    assert 'aria-label="任务红灯"' in html
    assert tiles.count('class="figure"') == 14
    assert 'aria-current="true"' in tiles
    assert "球川 9 个" in tiles


@pytest.mark.parametrize("figure", ["积案化解率", "未化解积案", "超期积案", "矛盾纠纷调解成功率"])
def test_every_kind_of_figure_makes_a_map(open_page: Open, figure: str) -> None:
    assert html_of(open_page(OVERVIEW, tile=figure)).count('class="figure"') == 14


@pytest.mark.parametrize(
    "page",
    [
        "overview/overview",
        "tasks/tasks",
        "backlog/backlog",
        "assessment/rankings",
        "services/services",
        "services/totals",
        "backlog/ledger",
        "backlog/structure",
        "assessment/signals",
        "data/quality",
    ],
)
def test_a_townships_name_leads_to_its_page_from_everywhere(open_page: Open, page: str) -> None:
    html = html_of(open_page(f"pages/{page}.py", as_of="2020-08-15"))
    assert re.search(r'href="township\?as_of=2020-08-15&(amp;)?township=%E4%BD%95%E5%AE%B6"[^>]*>何家</a>', html)


@pytest.mark.parametrize("page", ["data/quality", "assessment/rankings"])
def test_a_table_of_another_day_with_the_same_figures_leads_to_its_own_day(open_page: Open, page: str) -> None:
    for day in ("2020-08-13", "2020-08-14"):
        days = set(re.findall(r'href="township\?as_of=([0-9-]+)', html_of(open_page(f"pages/{page}.py", as_of=day))))
        assert days == {day}


def test_where_no_filters_are_drawn_a_name_is_a_name() -> None:
    assert township_mark("何<家") == "何&lt;家"
