import re
from typing import get_args

import pytest
from streamlit.testing.v1 import AppTest

from analysis.scope import Role
from navigation import PAGES
from tests.pages.screen import Open, html_of, tables_of, text_of

OVERVIEW, RANKINGS = "pages/overview/overview.py", "pages/assessment/rankings.py"
TASKS, BACKLOG = "pages/tasks/tasks.py", "pages/backlog/backlog.py"


def _sum(rows: list[list[str]], column: int) -> int:
    return sum(int(row[column].replace(",", "")) for row in rows[1:-1])


OF_FIGURES = [
    page.path
    for page in PAGES
    if len(page.roles) == len(get_args(Role)) and not page.path.endswith(("meeting.py", "presenter.py", "finalised.py"))
]
"""The pages open to all that show figures of their own; those that show other pages' slides: pages/meeting/."""


@pytest.mark.parametrize("role", get_args(Role))
@pytest.mark.parametrize("path", OF_FIGURES)
def test_every_page_of_figures_stands_for_every_role(open_page: Open, path: str, role: Role) -> None:
    app = open_page(path, role)
    text = text_of(app)
    assert app.title
    assert not app.error
    assert "截至 2020年8月31日" in text
    assert "演示数据" in text
    assert app.get("download_button"), "every page's table can be taken away"
    assert "口径说明" in text


@pytest.mark.parametrize("path", [OVERVIEW, BACKLOG])
def test_the_published_figures_stand_on_both_pages(open_page: Open, path: str) -> None:
    app = open_page(path)
    assert "全县交办114件、化解92件，化解率80.7%，较动员会上升54个百分点" in text_of(app)
    assert "第81天" in text_of(app)
    assert "还剩19天" in text_of(app)
    assert "起点26.73%，推算（27/101件）" in text_of(app)
    assert "演示目标80%（9月19日）" in text_of(app)


@pytest.mark.parametrize("path", [OVERVIEW, BACKLOG])
def test_the_townships_add_up_to_the_county(open_page: Open, path: str) -> None:
    rows = tables_of(open_page(path))[0]
    assert len(rows) == 1 + 14 + 1
    assert [row[0] for row in rows[1:4]] == ["天马", "紫港", "金川"]
    assert rows[-1][:4] == ["全县", "114", "92", "22"]
    assert [_sum(rows, column) for column in (1, 2, 3)] == [114, 92, 22]
    assert _sum(rows, 4) == int(rows[-1][4])


@pytest.mark.parametrize("path", [OVERVIEW, BACKLOG])
def test_a_township_filter_changes_the_figures_and_says_so(open_page: Open, path: str) -> None:
    app = open_page(path, township="青石")
    assert "青石交办12件、化解12件，化解率100.0%" in text_of(app)
    assert "全县交办" not in text_of(app)
    assert [row[0] for row in tables_of(app)[0]] == ["乡镇（街道）", "青石", "青石"]
    assert any("青石" in chip.label for chip in app.button)


def test_the_filter_never_changes_a_rank(open_page: Open) -> None:
    whole = {row[2]: row for row in tables_of(open_page(RANKINGS))[0][1:]}
    assert len(whole) == 14
    for name in ("青石", "球川"):
        (row,) = tables_of(open_page(RANKINGS, township=name))[0][1:]
        assert row == whole[name]


def test_the_ranking_names_scheme_and_month(open_page: Open) -> None:
    app = open_page(RANKINGS)
    assert app.title[0].value == "考核排名 · 2020年8月 · 2020年考核方案（演示）"
    assert len(re.findall(r'<span class="gov-track', html_of(app))) == 14, "every rank stands within its range"


def test_another_stream_speaks_its_own_verbs(open_page: Open) -> None:
    app = open_page(BACKLOG, stream="治理事件")
    text = text_of(app)
    assert app.title[0].value == "治理事件"
    assert "累计上报" in text
    assert "累计办结" in text
    assert "交办" not in re.sub(r"口径说明.*", "", text, flags=re.S)
    rows = tables_of(app)[0]
    assert _sum(rows, 1) == int(rows[-1][1].replace(",", ""))


def test_before_the_campaign_nothing_is_said_of_it(open_page: Open) -> None:
    text = re.sub(r"口径说明.*", "", text_of(open_page(OVERVIEW, as_of="2020-05-31")), flags=re.S)
    assert "动员会" not in text
    assert "第81天" not in text
    assert "化解率" in text


def test_before_the_first_record_a_plain_sentence_stands(open_page: Open) -> None:
    app = open_page(BACKLOG, as_of="2018-01-07", township="新昌", stream="群众诉求")
    assert not app.exception
    assert [i.value for i in app.info] == ["截至所选日期，所选范围内没有群众诉求记录。"]
    assert "截至 2018年1月7日" in text_of(app)


@pytest.mark.parametrize("query", [{"township": "长安"}, {"as_of": "2031-01-01"}, {"stream": "天气"}])
def test_what_the_url_asks_in_vain_is_said_and_the_default_shown(open_page: Open, query: dict[str, str]) -> None:
    app = open_page(OVERVIEW, **query)
    assert next(iter(query.values())) in app.warning[0].value
    assert "全县交办114件" in text_of(app)


def test_the_filter_follows_to_the_next_page_and_one_click_clears_it(open_page: Open) -> None:
    app = open_page(OVERVIEW, township="青石", as_of="2020-07-31")
    app.switch_page(BACKLOG).run()
    assert "青石交办" in text_of(app)
    assert "截至 2020年7月31日" in text_of(app)
    (chip,) = [b for b in app.button if "清除" in b.label]
    app = chip.click().run()
    assert "全县交办114件" in text_of(app)
    assert not [b for b in app.button if "清除" in b.label]


def test_without_a_session_nothing_is_shown(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    import auth
    from settings import ROOT

    monkeypatch.setattr(auth, "current_viewer", lambda: None)
    app = AppTest.from_file(str(ROOT / "dashboard.py")).run()
    assert not app.exception
    assert not app.title
    assert "114" not in text_of(app)


def test_no_english_word_is_left_on_a_page(open_page: Open) -> None:
    for path in (OVERVIEW, RANKINGS, TASKS, BACKLOG):
        words = set(re.findall(r"[A-Za-z]{3,}", text_of(open_page(path))))
        assert not words, f"{path}: {words}"
