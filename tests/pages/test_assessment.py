"""考核排名 and 为什么排在这里, for each role."""

import re
from html import unescape
from typing import get_args
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from analysis.scope import Role
from tests.pages.screen import Open, html_of, tables_of, text_of

RANKINGS, STANDING = "pages/assessment/rankings.py", "pages/assessment/standing.py"


def _links(app: AppTest, look: str) -> list[tuple[str, dict[str, list[str]]]]:
    targets = [unescape(link) for link in re.findall(rf'<a class="{look}" href="([^"]+)"', html_of(app))]
    return [(urlsplit(target).path, parse_qs(urlsplit(target).query)) for target in targets]


@pytest.mark.parametrize("role", get_args(Role))
def test_the_ranking_and_an_explanation_are_open_to_every_role(open_page: Open, role: Role) -> None:
    ranking, standing = open_page(RANKINGS, role), open_page(STANDING, role)
    assert [row[0] for row in tables_of(ranking, gap=" ")[0][1:4]] == ["第1名", "第2名", "第3名"]
    assert len(tables_of(ranking, gap=" ")[0]) == 1 + 14
    assert len(tables_of(standing, gap=" ")[0]) == 1 + 19 + 1
    assert standing.get("download_button")


def test_a_township_first_sees_its_own_place_and_any_other_when_it_asks(open_page: Open) -> None:
    assert open_page(STANDING, "township").title[0].value.startswith("招贤为什么排在这里 · 2020年8月 · 2020年考核方案")
    assert open_page(STANDING, "township", township="天马").title[0].value.startswith("天马为什么排在这里")
    last = tables_of(open_page(RANKINGS), gap=" ")[0][-1][2]
    assert open_page(STANDING, "leader").title[0].value.startswith(last), "who trails is what a leader asks first"


@pytest.mark.parametrize(("page", "first"), [("standing", 0), ("township", 1)])
def test_a_place_of_the_ranking_leads_to_its_explanation_and_a_name_to_the_township(
    open_page: Open, page: str, first: int
) -> None:
    ranking = open_page(RANKINGS, as_of="2020-08-15")
    links = _links(ranking, "gov-link")[first::2]
    assert [query["township"][0] for _, query in links] == [row[2] for row in tables_of(ranking, gap=" ")[0][1:]]
    assert {path for path, _ in links} == {page}
    assert {query["as_of"][0] for _, query in links} == {"2020-08-15"}


@pytest.mark.parametrize("kind", ["街道", "镇", "乡"])
def test_a_kind_is_ranked_among_itself_and_says_so(open_page: Open, kind: str) -> None:
    rows = tables_of(open_page(RANKINGS, kind=kind), gap=" ")[0]
    n = {"街道": 3, "镇": 6, "乡": 5}[kind]
    assert [row[0] for row in rows[1:]] == [f"第{i + 1}名" for i in range(n)]
    assert rows[0][2] == "全县名次"
    county = {row[2]: row[0] for row in tables_of(open_page(RANKINGS), gap=" ")[0][1:]}
    assert [row[2] for row in rows[1:]] == [county[row[3]] for row in rows[1:]]
    assert f"名次和较上月只在{n}个{kind}之间计算" in text_of(open_page(RANKINGS, kind=kind))


def test_a_kind_without_any_of_those_chosen_is_said(open_page: Open) -> None:
    app = open_page(RANKINGS, kind="镇", township="天马")
    assert [i.value for i in app.info] == ["所选乡镇（街道）中没有镇。"]


@pytest.mark.parametrize(("key", "asked"), [("view", "饼图"), ("kind", "区")])
def test_a_view_that_is_none_is_named_and_the_default_shown(open_page: Open, key: str, asked: str) -> None:
    app = open_page(RANKINGS, **{key: asked})
    assert f"“{asked}”不存在" in app.warning[0].value
    assert len(tables_of(app, gap=" ")[0]) == 1 + 14


def test_the_heat_table_holds_every_indicator_of_every_township(open_page: Open) -> None:
    app = open_page(RANKINGS, view="指标一览表")
    rows = tables_of(app, "gov-heat", gap=" ")[0]
    assert [len(row) for row in rows] == [15] * (1 + 1 + 19 + 2)
    assert rows[0][1:] == [row[2] for row in tables_of(open_page(RANKINGS), gap=" ")[0][1:]]
    cells = [cell for row in rows[2:21] for cell in row[1:]]
    assert all(re.fullmatch(r"(—|[\d,.]+) [✓●▲■○—]", cell) for cell in cells), cells
    assert "（5/11）" in html_of(app)


def test_the_heat_table_and_the_explanation_agree(open_page: Open) -> None:
    heat = tables_of(open_page(RANKINGS, view="指标一览表"), "gov-heat", gap=" ")[0]
    at = heat[0].index("球川")
    shown = {re.sub(r" (权重|监测).*", "", row[0]): row[at].split()[0] for row in heat[2:]}
    for row in tables_of(open_page(STANDING, township="球川"), gap=" ")[0][1:-1]:
        name, value = row[0].split()[0], re.match(r"[\d.]+", row[1])
        assert value is not None
        assert shown[name] in (value.group(), "—"), name


def test_the_year_of_ranks_is_a_chart_with_its_moves_in_words(open_page: Open) -> None:
    app = open_page(RANKINGS, view="名次变化图", township=["招贤", "球川"])
    assert app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")
    assert re.search(r"2019年9月至2020年8月：.*招贤由第\d+名", text_of(app))
    assert "怎么看" in text_of(app)


def test_an_explanation_adds_up_to_the_gap(open_page: Open) -> None:
    rows = tables_of(open_page(STANDING, township="招贤"), gap=" ")[0]
    gaps = [float(row[4].split()[0].replace("−", "-")) for row in rows[1:-1]]
    assert sum(gaps) == pytest.approx(float(rows[-1][4]), abs=0.06 * len(gaps))
    assert sum(float(row[3]) for row in rows[1:-1]) == pytest.approx(float(rows[-1][3]), abs=0.06 * len(gaps))
    assert gaps == sorted(gaps, reverse=True)


def test_every_indicator_of_an_explanation_leads_to_rows_of_that_township(open_page: Open) -> None:
    links = _links(open_page(STANDING, township="招贤", as_of="2020-08-15"), "gov-link")
    assert len(links) == 19
    rows = [(path, query) for path, query in links if path != "definitions"]
    assert {path for path, _ in rows} == {"backlog", "tasks"}
    assert {unquote(query["township"][0]) for _, query in rows} == {"招贤"}
    assert {query["as_of"][0] for _, query in rows} == {"2020-07-31"}, "the month shown is July's"


def test_before_the_first_scheme_nothing_is_explained(open_page: Open) -> None:
    for path in (RANKINGS, STANDING):
        app = open_page(path, as_of="2018-01-15")
        assert [i.value for i in app.info] == ["所选日期之前没有可排名的考核得分。"]


def test_the_month_of_a_new_scheme_says_so_and_nobody_is_a_newcomer(open_page: Open) -> None:
    app = open_page(RANKINGS, as_of="2020-05-31")
    assert "本月起执行新的考核方案" in text_of(app)
    assert "新列入" not in {row[1] for row in tables_of(app, gap=" ")[0][1:] if row[0] != "暂不排名"}
    assert "新的考核方案" not in text_of(open_page(RANKINGS, as_of="2020-06-30"))


def test_who_is_not_ranked_hears_which_indicators_are_missing(open_page: Open) -> None:
    app = open_page(RANKINGS, as_of="2020-05-31")
    (row,) = [row for row in tables_of(app, gap=" ")[0] if row[0] == "暂不排名"]
    assert f"{row[2]}——可计分权重不足80%，暂不排名；" in text_of(app)
    assert 'style="left:96.2%"' in html_of(app), "the last dot stands in the last of 13 places"
    standing = open_page(STANDING, as_of="2020-05-31", township=row[2])
    assert f"{row[2]}暂不排名：可计分的指标只占权重的" in text_of(standing)


def test_no_statistics_words_and_no_english_stand_on_these_pages(open_page: Open) -> None:
    for path, query in ((RANKINGS, {}), (RANKINGS, {"view": "指标一览表"}), (RANKINGS, {"view": "名次变化图"}),
                        (STANDING, {"township": "何家"})):  # fmt: skip
        text = text_of(open_page(path, **query))
        assert "显著" not in text
        assert "置信" not in text
        assert "倒数" not in text
        assert not set(re.findall(r"[A-Za-z]{3,}", text))
