"""任务清单, its cells, filters and totals, on the demo county."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

TASKS = "pages/tasks/tasks.py"
Open = Callable[..., AppTest]


def _html(app: AppTest) -> str:
    assert not app.exception, [e.message for e in app.exception]
    return "\n".join(unescape(block.proto.body) for block in app.get("html"))


def _matrix(app: AppTest) -> str:
    found = re.search(r'<table class="gov-matrix">.*?</table>', _html(app), flags=re.S)
    assert found is not None
    return found.group()


def _numbers(app: AppTest) -> list[int]:
    """Return the numbers of the tasks that stand in the matrix."""
    return [int(n) for n in re.findall(r'<th class="task" scope="row"><a [^>]*>(\d+) ', _matrix(app))]


def _lines(app: AppTest, word: str) -> list[str]:
    """Return the sums in a row of the matrix."""
    row = next(line for line in _matrix(app).split("<tr") if word in line)
    return re.findall(r'<td class="sum[^"]*">([^<]*)<', row)


def test_the_matrix_holds_every_task_and_its_totals_add_up(open_page: Open) -> None:
    app = open_page(TASKS)
    assert app.title[0].value == "任务清单 · 2020年8月"
    assert _numbers(app) == list(range(1, 36))
    rows = re.findall(r'<tr>.*?<td class="sum[^"]*">(\d+)/(\d+)</td><td class="sum">(\d+)</td></tr>', _matrix(app))
    assert len(rows) == 35
    assert sum(int(n) for _, n, _ in rows) == 26 * 14 + 9
    *columns, whole, _ = _lines(app, "红灯合计")
    red = sum(int(x) for x, _, _ in rows)
    assert whole == f"{red}/373"
    assert len(columns) == 14
    county = len(re.findall(r'<td class="red" colspan', _matrix(app)))
    assert sum(int(cell.split("/")[0]) for cell in columns) + county == red
    assert {cell.split("/")[1] for cell in columns} == {"26"}
    *yellow, _, whole = _lines(app, "黄灯合计")
    assert whole == str(sum(int(y) for _, _, y in rows))
    assert sum(map(int, yellow)) == int(whole) - len(re.findall(r'<td class="yellow" colspan', _matrix(app)))
    assert any(s.value.startswith(f"红灯事项{red}个，分布在") for s in app.subheader)


def test_every_light_in_the_matrix_has_its_word_and_shape(open_page: Open) -> None:
    cells = re.findall(r'<a class="light (\w+)"[^>]*>(.*?)</a>', _matrix(open_page(TASKS)))
    assert len(cells) == 373
    for level, inner in cells:
        assert level in ("green", "yellow", "red", "grey", "none")
        assert re.match(r'<span class="shape">[✓●▲■○—]</span> <span class="word( long)?">[一-鿿]{2,}', inner), inner


def test_a_cell_leads_to_its_task_in_its_township_with_the_filters(open_page: Open) -> None:
    app = open_page(TASKS, work_group="智慧支撑", as_of="2020-07-31")
    found = re.findall(r'<a class="light \w+" href="([^"]+)"', _matrix(app))
    asked = [parse_qs(link.removeprefix("task?")) for link in found]
    kept = {"as_of": ["2020-07-31"], "work_group": ["智慧支撑"]}
    assert {"task": ["T29"], "township": ["球川"], **kept} in asked
    assert {"task": ["T26"], **kept} in asked, "a county task has no township"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"work_group": "党建统领"}, [1, 2, 3, 4, 5]),
        ({"department": "县大数据中心"}, [26, 27, 28, 29, 30, 34]),
        ({"work_group": "平安综治", "department": "县大数据中心"}, [34]),
        ({"light": "逾期"}, [11]),
        ({"light": ["逾期", "连续未报"], "township": "招贤"}, [12]),
    ],
)
def test_filters_choose_the_tasks_and_stand_in_the_chip(
    open_page: Open, query: dict[str, str | list[str]], numbers: list[int]
) -> None:
    app = open_page(TASKS, **query)
    assert _numbers(app) == numbers
    (chip,) = [b for b in app.button if "清除" in b.label]
    for value in query.values():
        assert all(word in chip.label for word in ([value] if isinstance(value, str) else value))
    assert _numbers(chip.click().run()) == list(range(1, 36))


def test_a_chosen_light_stands_alone_and_is_counted(open_page: Open) -> None:
    app = open_page(TASKS, light="逾期")
    assert set(re.findall(r'<span class="word[^"]*">(\w+)</span>', _matrix(app))) == {"逾期"}
    assert _lines(app, ">11 ") == ["2/14"]
    assert "逾期事项2个，分布在2处，各1个" in [s.value for s in app.subheader]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"work_group": "天文"}, "链接中的专项组“天文”不存在，已显示全部。"),
        ({"department": "县气象局"}, "链接中的牵头单位“县气象局”不存在，已显示全部。"),
        ({"light": "紫灯"}, "链接中的亮灯“紫灯”不存在，已显示全部。"),
    ],
)
def test_what_the_url_asks_in_vain_is_named(open_page: Open, query: dict[str, str], said: str) -> None:
    app = open_page(TASKS, **query)
    assert [w.value for w in app.warning] == [said]
    assert _numbers(app) == list(range(1, 36))


def test_the_filters_of_the_tasks_leave_other_pages_alone(open_page: Open) -> None:
    app = open_page(TASKS, work_group="党建统领", light="逾期")
    app.switch_page("pages/overview/overview.py").run()
    assert not [b for b in app.button if "清除" in b.label]
    assert "35项" in _html(app) or "/35" in _html(app)


def test_a_row_of_the_red_list_leads_to_its_task_in_its_township(open_page: Open) -> None:
    rows = re.findall(
        r'<th scope="row"><a class="gov-link" href="task\?([^"]+)".*?<td>(?:<a[^>]*>)?(\w+)(?:</a>)?</td>',
        _html(open_page(TASKS)),
    )
    asked = [(parse_qs(link), region) for link, region in rows]
    assert len(asked) == 25
    assert all(query.get("township", ["县级"]) == [region] for query, region in asked)
    assert [query["task"] for query, region in asked if region == "县级"] == [["T34"]]
