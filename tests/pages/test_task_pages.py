"""任务详情 and 按部门、专项组 on the demo county, and who may read which texts."""

import re
import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import pandas as pd
import pytest

import auth
import cache
from analysis.scope import Scope, Viewer
from errors import Refused
from queries.regions import townships
from queries.task_book import task_texts
from queries.tasks import task_list
from tests.pages.conftest import VIEWERS
from tests.pages.screen import Open, html_of, tables_of, text_of

TASK, UNITS = "pages/tasks/task.py", "pages/tasks/departments.py"
ZHAOXIAN = "330822108"


def _base(demo_url: str) -> sqlite3.Connection:
    return sqlite3.connect(demo_url.removeprefix("sqlite:///"))


def test_without_a_task_the_35_stand_to_choose_from(open_page: Open) -> None:
    app = open_page(TASK)
    assert app.title[0].value == "任务详情"
    assert "请选择要看的任务（共35项）" in text_of(app)
    ((head, *rows),) = tables_of(app)
    assert head[0] == "重点任务"
    assert [int(row[0].split()[0]) for row in rows] == list(range(1, 36))
    links = re.findall(r'href="task\?([^"]+)"', html_of(app))
    assert [parse_qs(link)["task"] for link in links] == [[f"T{n:02d}"] for n in range(1, 36)]


def test_a_task_that_is_not_there_is_named(open_page: Open) -> None:
    app = open_page(TASK, task="T99")
    assert [w.value for w in app.warning] == ["链接中的任务“T99”不在清单中，请在下面选择。"]
    assert len(tables_of(app)[0]) == 36


def test_a_task_says_what_it_asks_for_and_how_far_it_is(open_page: Open, demo_url: str) -> None:
    app = open_page(TASK, task="T29")
    text = text_of(app)
    assert app.title[0].value == "29 推进“慢城通”与四平台对接"
    base = _base(demo_url)
    objective, measure, weight = base.execute(
        "select objective, measure, weight from tasks where code = 'T29'"
    ).fetchone()
    units = base.execute(
        "select d.name from task_departments t join departments d on d.code = t.department_code "
        "where t.task_code = 'T29' and t.role = 'responsible'"
    ).fetchall()
    for said in (
        objective,
        measure,
        f"{weight:g}",
        "县大数据中心",
        "2020年5月6日至2020年10月31日",
        *(n for (n,) in units),
    ):
        assert said in text
    mean = base.execute(
        "select avg(planned_pct) from task_progress where task_code = 'T29' and month = '2020-08-01'"
    ).fetchone()[0]
    assert f"全县平均8月计划{mean:g}%、实际" in text
    assert re.search(r"14个乡镇（街道）中红灯\d+个：", text)
    assert len(app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")) == 2


def test_regions_and_months_stand_with_lights_work_and_texts(open_page: Open, demo_url: str) -> None:
    regions, months = tables_of(open_page(TASK, task="T29"))
    assert regions[0] == ["乡镇（街道）", "5月", "6月", "7月", "8月", "计划 / 实际", "瓶颈性问题", "对策措施"]
    assert len(regions) == 1 + 14
    assert all(re.match(r"[✓●▲■○—] ", cell) for row in regions[1:] for cell in row[1:5])
    assert [row[0] for row in months[1:]] == [f"2020年{month}月" for month in range(5, 13)]
    work = dict(
        _base(demo_url).execute(
            "select month, max(planned_work) from task_progress where task_code='T29' group by month"
        )
    )
    assert [row[1] for row in months[1:]] == list(work.values())
    assert [bool(row[5].strip("—")) for row in months[1:]] == [True] * 4 + [False] * 4


def test_a_township_s_page_is_about_it(open_page: Open) -> None:
    app = open_page(TASK, task="T12", township="招贤")
    assert "招贤8月计划60%、未报送，连续未报" in text_of(app)
    regions, _ = tables_of(app)
    assert [row[0] for row in regions] == ["乡镇（街道）", "招贤"]
    assert "各乡镇（街道）8月进度（实线为实际，虚线为计划）" not in [s.value for s in app.subheader]


def test_a_county_task_shows_the_county_alone(open_page: Open) -> None:
    app = open_page(TASK, task="T34", township="招贤")
    assert "县级8月计划55%、实际37%，落后18个百分点，严重滞后" in text_of(app)
    assert [row[0] for row in tables_of(app)[0]] == ["乡镇（街道）", "县级"]


def test_an_earlier_day_shows_what_was_known_then(open_page: Open) -> None:
    app = open_page(TASK, task="T29", as_of="2020-06-30")
    assert "全县平均6月计划30%" in text_of(app)
    assert tables_of(app)[0][0][1:3] == ["5月", "6月"]
    before = open_page(TASK, task="T29", as_of="2020-03-31")
    assert not before.exception
    assert before.title


def test_the_links_keep_the_filters_and_lead_back(open_page: Open) -> None:
    app = open_page(TASK, task="T29", work_group="智慧支撑", light="严重滞后")
    ways = re.search(r'<nav class="gov-ways">.*?</nav>', html_of(app), flags=re.S)
    assert ways is not None
    back, _, before, after = (parse_qs(link) for link in re.findall(r'href="\w+\?([^"]+)"', ways.group()))
    assert back["work_group"] == ["智慧支撑"]
    assert back["light"] == ["严重滞后"]
    assert (before["task"], after["task"]) == (["T28"], ["T30"])


# Rights: figures of every township for everyone, texts within rows_scope alone.


def _texts(demo_url: str, region: str, task: str) -> set[str]:
    """Return the bottlenecks and countermeasures that a region wrote in the newest month."""
    rows = _base(demo_url).execute(
        "select bottleneck, countermeasure from task_progress where month='2020-08-01' and region_code=? "
        "and task_code=?",
        (region, task),
    )
    return {text for row in rows for text in row if text}


def _others(demo_url: str, task: str) -> set[str]:
    """Return the texts of the task that others than 招贤 wrote, and 招贤 did not."""
    found = _base(demo_url).execute(
        "select distinct region_code from task_progress where task_code=? and region_code<>?", (task, ZHAOXIAN)
    )
    return set().union(*(_texts(demo_url, region, task) for (region,) in found)) - _texts(demo_url, ZHAOXIAN, task)


@pytest.mark.parametrize("query", [{}, {"township": "球川"}, {"township": ["球川", "招贤"]}])
@pytest.mark.parametrize("task", ["T29", "T31"])
def test_a_township_gets_no_other_s_texts_by_url(
    open_page: Open, demo_url: str, task: str, query: dict[str, str | list[str]]
) -> None:
    others = _others(demo_url, task)
    assert len(others) >= 3
    app = open_page(TASK, "township", task=task, **query)
    text = text_of(app)
    assert not [said for said in others if said in text]
    assert "仅本单位可见" in text
    assert re.search(r"球川.*?\d+% / \d+%", text.replace("\n", " ")), "the figures of others are open"
    leader = text_of(open_page(TASK, task=task))
    assert all(said in leader for said in others)


def test_a_township_sees_its_own_texts(open_page: Open, demo_url: str) -> None:
    own = _texts(demo_url, ZHAOXIAN, "T31")
    assert own
    assert all(said in text_of(open_page(TASK, "township", task="T31")) for said in own)


def test_a_township_sees_nothing_of_what_was_written_about_county_tasks(open_page: Open, demo_url: str) -> None:
    written = _texts(demo_url, "330822", "T34")
    assert written
    text = text_of(open_page(TASK, "township", task="T34"))
    assert not [said for said in written if said in text]
    assert "县级8月计划55%、实际37%" in text
    assert all(said in text_of(open_page(TASK, "leader", task="T34")) for said in written)


def test_a_department_reads_the_texts_of_the_tasks_it_leads_alone(open_page: Open, demo_url: str) -> None:
    foreign, own = _others(demo_url, "T29"), _others(demo_url, "T31")  # 县大数据中心 leads T29, 县信访局 T31
    closed = text_of(open_page(TASK, "department", task="T29"))
    assert not [said for said in foreign if said in closed]
    assert "仅本单位可见" in closed
    opened = text_of(open_page(TASK, "department", task="T31"))
    assert all(said in opened for said in own)


@pytest.mark.parametrize("task", ["T29", "T34"])
def test_a_township_s_download_holds_no_other_s_texts(
    open_page: Open, demo_url: str, task: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed = []
    offered = "components.downloads.table_downloads"
    monkeypatch.setattr(offered, lambda name, as_of, tables, *, data: handed.append(partial(data, *tables)))
    open_page(TASK, "township", task=task)
    data = handed[-1]
    text = data().decode("utf-8-sig")
    assert "招贤" in text or task == "T34"
    assert not [said for said in _others(demo_url, task) if said in text]
    monkeypatch.setattr(auth, "current_viewer", lambda: None)
    with pytest.raises(Exception, match="登录"):
        data()


def _scope(*codes: str) -> Scope:
    return Scope(pd.Timestamp(2020, 8, 31).date(), frozenset(codes))


@pytest.mark.parametrize("query", [task_texts, task_list])
def test_fetch_refuses_another_township_s_texts(
    demo_county: None, monkeypatch: pytest.MonkeyPatch, query: Callable[..., Any]
) -> None:
    more = {"task": "T29"} if query is task_texts else {}
    monkeypatch.setattr(auth, "current_viewer", lambda: VIEWERS["township"])
    with pytest.raises(Refused):
        cache.fetch(query, _scope("330822111"), **more)
    with pytest.raises(Refused):
        cache.fetch(query, _scope(ZHAOXIAN, "330822111"), **more)
    own = cache.fetch(query, _scope(ZHAOXIAN), **more)
    assert set(own.loc[own["bottleneck"].notna(), "region_code"]) <= {ZHAOXIAN}


def test_fetch_refuses_a_department_the_texts_of_all_tasks(demo_county: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "current_viewer", lambda: VIEWERS["leader"])
    whole = frozenset(cache.fetch(townships)["code"])
    monkeypatch.setattr(auth, "current_viewer", lambda: VIEWERS["department"])
    with pytest.raises(Refused):
        cache.fetch(task_texts, _scope(*whole), task="T29")


def test_what_one_role_read_another_does_not_get_from_memory(
    demo_county: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewers: list[Viewer] = [VIEWERS["leader"], VIEWERS["township"]]
    monkeypatch.setattr(auth, "current_viewer", lambda: viewers[0])
    assert len(cache.fetch(task_texts, _scope("330822111"), task="T29"))
    viewers.pop(0)
    with pytest.raises(Refused):
        cache.fetch(task_texts, _scope("330822111"), task="T29")


def test_the_units_stand_with_their_figures(open_page: Open) -> None:
    app = open_page(UNITS)
    assert app.title[0].value == "按部门、专项组 · 2020年8月"
    groups, leads, near, books = tables_of(app)
    assert [row[0] for row in groups[1:]] == [
        "党建统领", "公共治理", "自治协商", "文明礼治", "依法善治", "智慧支撑", "平安综治"
    ]  # fmt: skip
    assert sum(int(row[1]) for row in groups[1:]) == sum(int(row[1]) for row in leads[1:]) == 35
    for table in (groups, leads):
        red = [row[6].split("/") for row in table[1:]]
        assert sum(int(n) for _, n in red) == 373
        assert sum(int(row[7]) for row in table[1:]) == 2, "two cells are overdue"
    assert len(books) == 1 + 35
    assert near[1:]
    assert not [row for row in near[1:] if "已完成" in row[4]]
    assert len(app.get("arrow_vega_lite_chart") or app.get("vega_lite_chart")) == 1


def test_a_rate_of_a_unit_equals_an_independent_count(open_page: Open, demo_url: str) -> None:
    groups, leads, *_ = tables_of(open_page(UNITS))
    count = (
        "select sum(actual_pct >= planned_pct), count(*), sum(actual_pct = 100), "
        "(select count(*) from task_progress p2 join tasks t2 on t2.code = p2.task_code "
        " where p2.month = '2020-08-01' and t2.{0} = ?) from task_progress p join tasks t on t.code = p.task_code "
        "where p.month = '2020-08-01' and p.planned_pct > 0 and t.{0} = ?"
    )
    for table, name, column, code in (
        (groups, "智慧支撑", "work_group_code", "G6"),
        (leads, "县信访局", "lead_department_code", "D04"),
    ):
        met, planned, done, cells = _base(demo_url).execute(count.format(column), (code, code)).fetchone()
        (row,) = (row for row in table if row[0] == name)
        assert row[4].startswith(f"{met / planned:.1%}（{met}/{planned}）")
        assert row[3] == f"{done / cells:.1%}（{done}/{cells}）"


def test_a_group_s_page_has_its_whole_road_map(open_page: Open, demo_url: str) -> None:
    app = open_page(UNITS, work_group="智慧支撑")
    groups, _, road, books = tables_of(app)
    assert [row[0] for row in groups[1:]] == ["智慧支撑"]
    n = (
        _base(demo_url)
        .execute(
            "select count(*) from milestones m join tasks t on t.code = m.task_code where t.work_group_code = 'G6'"
        )
        .fetchone()[0]
    )
    assert f"路线图：全部里程碑（{n}个）" in [s.value for s in app.subheader]
    assert len(road) == 1 + n
    assert [row[0].split()[0] for row in books[1:]] == ["26", "27", "28", "29", "30"]
    assert any("智慧支撑" in chip.label for chip in app.button)


def test_chosen_townships_count_their_own_cells(open_page: Open) -> None:
    groups, *_ = tables_of(open_page(UNITS, township="招贤"))
    assert sum(int(row[6].split("/")[1]) for row in groups[1:]) == 26
    assert groups[0][2] == "亮灯（项次）"
