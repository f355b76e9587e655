"""如果, 信号 and 差异判断图 for each role, on the demo county."""

import re
from datetime import date
from html import unescape
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

import auth
from analysis.scope import Role
from state.annotations import Place, annotations, explain
from state.audit import newest_acts
from state.engine import writing
from tests.pages.conftest import VIEWERS
from tests.pages.screen import Open, html_of, tables_of, text_of

WHAT_IF, SIGNALS, FUNNEL = (f"pages/assessment/{stem}.py" for stem in ("what_if", "signals", "funnel"))
RANKINGS = "pages/assessment/rankings.py"
CHART = {"kpi": "重复信访率", "place": "招贤"}
HERE, NEXT_DOOR = Place("330822108", "K09", date(2020, 2, 1)), Place("330822109", "K09", date(2020, 2, 1))


def _grid(app: AppTest) -> list[list[str]]:
    (table,) = re.findall(r'<table class="gov-signals">.*?</table>', html_of(app), flags=re.S)
    rows = re.findall(r"<tr>.*?</tr>", table, flags=re.S)
    return [[unescape(re.sub(r"<[^>]+>", "", c)) for c in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def _write(place: Place, reason: str = "疫情影响", *, is_excluded: bool = False) -> None:
    with writing(auth.state()) as connection:
        explain(connection, place, reason=reason, is_excluded=is_excluded, author="行动办")


def _stored() -> dict[Place, tuple[str, bool, str, str | None]]:
    with auth.state().connect() as connection:
        found = annotations(connection)
    return {each.place: (each.reason, each.is_excluded, each.author, each.reply) for each in found}


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("path", [WHAT_IF, SIGNALS, FUNNEL])
def test_every_role_reads_in_plain_words(open_page: Open, path: str, role: Role) -> None:
    app = open_page(path, role, **(CHART if path == SIGNALS else {}))
    assert app.title
    assert not app.error
    assert app.get("download_button")
    assert "怎么看" in text_of(app)
    shown = re.sub(r"<summary>口径说明.*?</details>", "", html_of(app), flags=re.S)
    shown = re.sub(r"<style>.*?</style>|<[^>]+>", " ", shown, flags=re.S)
    assert not [word for word in ("显著", "置信", "控制图", "漏斗", "倒数") if word in shown]
    assert not re.findall(r"[A-Za-z]{3,}", shown)


def test_the_grid_holds_every_series_and_says_what_chance_makes(open_page: Open) -> None:
    app = open_page(SIGNALS)
    head, *rows = _grid(app)
    assert head[:4] == ["指标", "全县", "天马", "紫港"]
    assert len(head) == 1 + 15
    assert len(rows) == 17
    cells = [cell for row in rows for cell in row[1:]]
    judged = [cell for cell in cells if not cell.startswith(("件数少", "期数少"))]
    assert len(cells) == 17 * 15
    assert f"本页共{len(judged)}个图，即使一切正常，每月也会有约{len(judged) * 0.02:.0f}个偶然报警" in text_of(app)
    assert not app.get("arrow_vega_lite_chart"), "no chart before one is asked for"


def test_a_filter_keeps_the_county_and_the_same_words(open_page: Open) -> None:
    whole, part = _grid(open_page(SIGNALS)), _grid(open_page(SIGNALS, township="青石"))
    assert part[0] == ["指标", "全县", "青石"]
    place = whole[0].index("青石")
    assert part == [[row[0], row[1], row[place]] for row in whole]


def test_a_link_opens_the_chart_and_keeps_the_filters(open_page: Open) -> None:
    app = open_page(SIGNALS, as_of="2020-07-31")
    links = [unescape(link) for link in re.findall(r'<td class="[^"]*"><a href="([^"]+)"', html_of(app))]
    assert len(links) == 17 * 15
    assert all("as_of=2020-07-31" in link for link in links)
    opened = open_page(SIGNALS, **CHART)
    assert opened.subheader[0].value == "招贤 · 重复信访率：波动属正常范围，不必逐月追问"
    assert len(opened.get("arrow_vega_lite_chart") or opened.get("vega_lite_chart")) == 1
    assert "平均水平" in text_of(opened)


def test_what_a_link_asks_in_vain_is_said(open_page: Open) -> None:
    for path, query in ((SIGNALS, {"kpi": "天气"}), (SIGNALS, {"place": "长安"}), (FUNNEL, {"kpi": "天气"})):
        app = open_page(path, **query)
        assert next(iter(query.values())) in app.warning[0].value
    app = open_page(WHAT_IF, weights="K01-300")
    assert "K01-300" in app.warning[0].value
    assert "权重与方案相同" in text_of(app)


def test_the_office_explains_a_month_and_the_chart_and_grid_leave_it_out(open_page: Open) -> None:
    app = open_page(SIGNALS, "office", **CHART)
    month = next(box for box in app.selectbox if box.label == "月份")
    month.set_value(HERE.month).run()
    app.text_area[0].set_value("疫情影响")
    app.checkbox[0].set_value(True)
    app = next(button for button in app.button if button.label == "保存").click().run()
    assert _stored() == {HERE: ("疫情影响", True, "行动办", None)}
    assert "疫情影响" in text_of(app)
    assert "不计入平均水平和正常范围" in text_of(app)
    with auth.state().connect() as connection:
        assert [(act.account, act.action) for act in newest_acts(connection)] == [("office", "annotation_written")]
    app = next(button for button in app.button if button.label == "撤回这条说明").click().run()
    assert _stored() == {}
    assert "疫情影响" not in text_of(app)


def test_an_empty_or_personal_text_is_not_saved(open_page: Open) -> None:
    for text in ("  ", "请联系13812345678"):
        app = open_page(SIGNALS, "office", **CHART)
        app.text_area[0].set_value(text)
        app = next(button for button in app.button if button.label == "保存").click().run()
        assert app.toast
        assert not app.exception
    assert _stored() == {}


def test_a_township_writes_its_own_reply_and_nothing_else(open_page: Open) -> None:
    open_page(SIGNALS)
    _write(HERE)
    _write(NEXT_DOOR)
    app = open_page(SIGNALS, "township", **CHART)
    assert not app.checkbox
    assert [area.label[:2] for area in app.text_area] == ["答复"]
    app.text_area[0].set_value("已补办")
    app = next(button for button in app.button if button.label == "提交答复").click().run()
    assert _stored()[HERE] == ("疫情影响", False, "行动办", "已补办")
    assert "已补办" in text_of(app)
    other = open_page(SIGNALS, "township", kpi="重复信访率", place="青石")
    assert "疫情影响" in text_of(other)
    assert not other.text_area


@pytest.mark.parametrize("role", ["leader", "department"])
def test_leaders_and_departments_read_notes_and_write_none(open_page: Open, role: Role) -> None:
    open_page(SIGNALS)
    _write(HERE)
    app = open_page(SIGNALS, role, **CHART)
    assert "疫情影响" in text_of(app)
    assert not app.text_area
    assert not [button for button in app.button if button.label in ("保存", "撤回这条说明", "提交答复")]


def test_a_form_left_open_writes_nothing_for_who_came_after(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_page(SIGNALS, "office", **CHART)
    app.text_area[0].set_value("疫情影响")
    monkeypatch.setattr(auth, "current_viewer", lambda: VIEWERS["township"])
    next(button for button in app.button if button.label == "保存").click().run()
    assert _stored() == {}


def test_an_excluded_month_changes_the_word_of_its_series_alone(open_page: Open) -> None:
    before = _grid(open_page(SIGNALS))
    _write(Place("330822003", "K09", date(2020, 8, 1)), is_excluded=True)
    after = _grid(open_page(SIGNALS))
    column = before[0].index("金川")
    row = next(i for i, cells in enumerate(before) if cells[0] == "重复信访率")
    assert before[row][column].startswith("变差")
    assert after[row][column].startswith("正常")
    after[row][column] = before[row][column]
    assert after == before


def test_before_there_are_months_the_pages_say_so(open_page: Open) -> None:
    for path in (SIGNALS, FUNNEL, WHAT_IF):
        app = open_page(path, as_of="2018-01-15")
        assert app.title
        assert app.info
        assert not app.exception


def test_the_table_of_differences_holds_all_townships_whatever_the_filter(open_page: Open) -> None:
    whole = {row[0]: row for row in tables_of(open_page(FUNNEL, kpi="重复信访率"))[0]}
    assert len(whole) == 1 + 14
    (row,) = tables_of(open_page(FUNNEL, kpi="重复信访率", township="青石"))[0][1:]
    assert row == whole["青石"]
    assert row[1:3] == ["7", "88"]
    assert open_page(FUNNEL, kpi="重复信访率").title[0].value == "差异判断图 · 重复信访率"
    assert "虚线之间的差距可能只是案件少造成的偶然；只有线外的乡镇值得专门了解。" in text_of(open_page(FUNNEL))


def test_every_proportion_can_be_chosen_and_drawn(open_page: Open) -> None:
    app = open_page(FUNNEL)
    assert len(app.selectbox[0].options) == 16
    for code, name in {"K17": "数据报送及时率", "K04": "无信访积案村（社区）占比"}.items():
        app = app.selectbox[0].set_value(code).run()
        assert app.title[0].value == f"差异判断图 · {name}"


def test_the_schemes_weights_rank_as_the_ranking_does(open_page: Open) -> None:
    scheme = [row[2] for row in tables_of(open_page(RANKINGS))[0][1:]]
    rows = tables_of(open_page(WHAT_IF))[0]
    assert [row[2] for row in rows[1:]] == scheme
    assert {row[1] for row in rows[1:]} == {"持平"}
    assert all(row[0] == row[3] and row[4] == row[5] for row in rows[1:])


def test_a_shared_setting_ranks_anew_and_the_button_says_how_sure_that_is(open_page: Open) -> None:
    app = open_page(WHAT_IF, weights="K16-40_K18-0")
    rows = tables_of(app)[0]
    assert any(row[1].startswith(("▲", "▼")) for row in rows[1:])
    assert len(rows[0]) == 6
    assert "前进的有" in text_of(app)
    app = next(button for button in app.button if button.label == "重新计算").click().run()
    sure = tables_of(app)[0]
    assert [row[:6] for row in sure] == rows
    assert all(re.fullmatch(r"第\d+(–\d+)?名", row[6]) and re.fullmatch(r"第\d+(–\d+)?名", row[8]) for row in sure[1:])


def test_a_filter_changes_no_rank_of_a_setting(open_page: Open) -> None:
    whole = {row[2]: row for row in tables_of(open_page(WHAT_IF, weights="K16-40"))[0]}
    (row,) = tables_of(open_page(WHAT_IF, weights="K16-40", township="青石"))[0][1:]
    assert row == whole["青石"]
