"""Each check finds the one thing that is broken, and a sound database gives no finding."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from database import tables
from database.check import check, errors, quick_check
from database.refresh import refresh
from tests.conftest import COUNTY, TOWNSHIPS, add_county, adding, taken_back
from tests.database.conftest import inserting, random_cases

FIRST, SECOND, THIRD = TOWNSHIPS
AUGUST = date(2020, 8, 1)


@pytest.fixture
def connection(kept: Connection) -> Iterator[Connection]:
    with taken_back(kept) as connection:
        yield connection


@pytest.fixture(scope="module")
def sound(kept: Connection) -> None:
    """A refreshed database in which all is well."""
    add = adding(kept)
    add_county(add)
    add("departments", {"code": "D01", "name": "县委组织部"}, {"code": "D07", "name": "县司法局"},
        {"code": "D12", "name": "县人民法院"})  # fmt: skip
    add("campaigns", {"code": "BRGJ"})
    add("regions", {"code": "村1", "parent_code": FIRST, "level": "village", "name": "一村"})
    add("tasks", {"code": "T", "number": 7, "title": "某项任务", "lead_department_code": "D01"})
    add("kpis", {"code": "K21", "computed_from": "disputes_opened", "kind": "count", "unit": "件",
                 "direction": "neutral", "domain": "矛盾纠纷", "department_code": "D07"},
        {"code": "K11", "name": "诉前纠纷化解率", "kind": "proportion", "unit": "%", "direction": "higher",
         "period": "flow", "domain": "诉讼", "department_code": "D12"})  # fmt: skip
    add(
        "kpi_weights", {"region_code": COUNTY, "scheme": "S", "kpi_code": "K11", "weight": 100, "goal": 30, "floor": 15}
    )
    add("schemes", {"code": "S"})
    for township in TOWNSHIPS:
        add("kpi_values", {"region_code": township, "kpi_code": "K11", "month": AUGUST, "numerator": 1,
                           "denominator": 3, "value": 33.33})  # fmt: skip
        add("task_progress", {"region_code": township, "task_code": "T", "month": AUGUST, "planned_pct": 50,
                              "actual_pct": 60, "reported_on": date(2020, 8, 25)})  # fmt: skip
    inserting(kept)("cases", random_cases(40, count=240))
    refresh(kept, as_of=date(2020, 8, 31), source="测试")


def test_a_sound_database_has_no_finding_and_its_release_says_so(connection: Connection, sound: None) -> None:
    assert check(connection) == []
    assert connection.scalar(sa.select(tables.data_releases.c.checks)) == {"error": 0, "warning": 0, "notice": 0}


def row(**values: Any) -> dict[str, Any]:
    return {"township_code": THIRD, "case_no": "坏", "episode": 1, "stream": "event",
            "opened_on": date(2020, 9, 9), **values}  # fmt: skip


BROKEN = [
    ("cases", row(township_code="999"), "cases", "没有这个乡镇"),
    ("cases", row(village_code="村1"), "cases", "不是该乡镇（街道）的村（社区）"),
    ("cases", row(campaign_code="X"), "cases", "没有这个专项行动"),
    ("cases", row(closed_on=date(2020, 9, 8)), "cases", "办结早于登记"),
    ("cases", row(episode=2), "cases", "办理次数不连续"),
    ("cases", row(case_no="甲00000"), "cases", "不止一个乡镇"),
    ("case_departments", {"township_code": THIRD, "case_no": "无", "episode": 1, "department_code": "D01"},
     "case_departments", "没有这一次办理的案件"),
    ("task_progress", {"region_code": THIRD, "task_code": "X", "month": AUGUST}, "task_progress", "没有这项任务"),
    ("task_progress", {"region_code": THIRD, "task_code": "T", "month": date(2020, 7, 1), "actual_pct": 101},
     "task_progress", "进度不在0到100之间"),
    ("kpi_values", {"region_code": COUNTY, "kpi_code": "K11", "month": AUGUST, "numerator": 1, "denominator": 3,
                    "value": 33.34}, "kpi_values", "不等于分子÷分母"),
    ("kpi_values", {"region_code": COUNTY, "kpi_code": "K11", "month": AUGUST, "numerator": 4, "denominator": 3},
     "kpi_values", "分子大于分母"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "values", "found_in", "message"), BROKEN)
def test_each_broken_row_is_an_error_of_its_own(
    connection: Connection, sound: None, add: Callable[..., None],
    table: str, values: dict[str, Any], found_in: str, message: str,
) -> None:  # fmt: skip
    moved = values.get("case_no") == "甲00000"
    if moved:  # the case lies in another township already
        connection.execute(tables.cases.update().where(tables.cases.c.case_no == "甲00000").values(township_code=FIRST))
        refresh(connection, as_of=date(2020, 8, 31), source="测试")
    add(table, values)
    found = errors(check(connection))
    assert [(finding.table, finding.count) for finding in found if message in finding.message] == [(found_in, 1)]
    assert len(found) == 1


@pytest.mark.parametrize(
    ("table", "values", "department"),
    [
        ("cases", row(stream="dispute", campaign_code="X"), "县司法局"),
        ("cases", row(stream="event", campaign_code="X"), "治理创新行动办公室"),
        (
            "kpi_values",
            {"region_code": COUNTY, "kpi_code": "K11", "month": AUGUST, "numerator": 4, "denominator": 3},
            "县人民法院",
        ),
        (
            "task_progress",
            {"region_code": THIRD, "task_code": "T", "month": date(2020, 7, 1), "actual_pct": 101},
            "县委组织部",
        ),
        ("tasks", {"code": "U", "work_group_code": "X"}, "治理创新行动办公室"),
    ],
)
def test_each_error_names_the_department_to_call(
    connection: Connection, sound: None, add: Callable[..., None], table: str, values: dict[str, Any], department: str
) -> None:
    add(table, values)
    assert [(f.table, f.count, f.department) for f in errors(check(connection))] == [(table, 1, department)]


def test_the_department_of_its_first_indicator_answers_for_a_stream(
    connection: Connection, sound: None, add: Callable[..., None]
) -> None:
    add("kpis", {"code": "K09", "domain": "矛盾纠纷", "department_code": "D01"},
        {"code": "K99", "domain": "矛盾纠纷", "department_code": "D12"})  # fmt: skip
    add("cases", row(stream="dispute", campaign_code="X"))
    assert [f.department for f in errors(check(connection)) if f.table == "cases"] == ["县委组织部"]


def test_rows_of_two_departments_are_two_findings(
    connection: Connection, sound: None, add: Callable[..., None]
) -> None:
    add("cases", row(case_no="坏1", stream="dispute", campaign_code="X"), row(case_no="坏2", campaign_code="X"),
        row(case_no="坏3", stream="dispute", campaign_code="X"))  # fmt: skip
    found = [(f.count, f.department) for f in errors(check(connection)) if f.table == "cases"]
    assert found == [(2, "县司法局"), (1, "治理创新行动办公室")]


def test_a_base_row_that_changed_behind_our_back_shows_in_the_recount(connection: Connection, sound: None) -> None:
    c = tables.cases.c
    closed = tables.cases.delete().where(c.township_code == FIRST, c.stream == "dispute", c.episode == 1)
    connection.execute(closed)
    found = {(finding.table, finding.message.split()[0]) for finding in errors(check(connection))}
    own = {(name, FIRST) for name in ("backlog_states", "case_groups", "case_months", "kpi_values")}
    assert own | {("backlog_states", COUNTY)} <= found
    assert ("backlog_states", SECOND) not in found
    refresh(connection, as_of=date(2020, 8, 31), source="测试")
    again = {finding.table for finding in errors(check(connection))}
    assert not again & {"backlog_states", "case_groups", "case_months"}


def test_a_state_that_does_not_add_up_is_an_error(connection: Connection, sound: None) -> None:
    s = tables.backlog_states
    where = (s.c.region_code == FIRST, s.c.stream == "event", s.c.platform == "", s.c.day == date(2020, 8, 31))
    connection.execute(s.update().where(*where).values(closings_to_date=s.c.closings_to_date + 1))
    messages = [finding.message for finding in errors(check(connection))]
    assert any("交办" in message for message in messages)
    assert any("与基础数据不一致" in message for message in messages)


def test_missing_and_late_reports_are_warnings_with_the_name(connection: Connection, sound: None) -> None:
    t, v = tables.task_progress, tables.kpi_values
    connection.execute(t.update().where(t.c.region_code == FIRST).values(actual_pct=None, reported_on=None))
    connection.execute(t.update().where(t.c.region_code == SECOND).values(reported_on=date(2020, 8, 26)))
    connection.execute(v.delete().where(v.c.region_code == THIRD, v.c.kpi_code == "K11"))
    found = check(connection)
    assert errors(found) == []
    assert [str(finding) for finding in found] == [
        "警告  任务进度（task_progress）：任务7 某项任务，2020年8月未报送：天马街道（1行），请联系县委组织部",
        "警告  指标数值（kpi_values）：指标诉前纠纷化解率（K11），2020年8月未报送：何家乡（1行），请联系县人民法院",
        "提醒  任务进度（task_progress）：任务7 某项任务，2020年8月迟报：白石镇（1行），请联系县委组织部",
    ]


def test_a_release_counts_what_is_missing_for_its_own_month(
    connection: Connection, sound: None, add: Callable[..., None]
) -> None:
    for township in TOWNSHIPS:
        add("kpi_values", {"region_code": township, "kpi_code": "K11", "month": date(2020, 9, 1), "value": 40.0})
    refresh(connection, as_of=date(2020, 9, 30), source="测试")  # no task report for September
    newest = sa.select(tables.data_releases.c.checks).order_by(tables.data_releases.c.id.desc())
    assert connection.scalar(newest.limit(1)) == {"error": 0, "warning": 1, "notice": 0}


def test_a_township_that_sends_no_row_for_the_month_has_not_reported_either(
    connection: Connection, sound: None, add: Callable[..., None]
) -> None:
    t = tables.task_progress
    july = {"task_code": "T", "month": date(2020, 7, 1), "planned_pct": 40}
    add(
        "task_progress",
        {"region_code": SECOND, **july, "actual_pct": 45},
        {"region_code": THIRD, **july, "actual_pct": 100},
    )
    connection.execute(t.delete().where(t.c.region_code.in_([SECOND, THIRD]), t.c.month == AUGUST))
    (message,) = [finding.message for finding in check(connection) if "未报送" in finding.message]
    assert message == "任务7 某项任务，2020年8月未报送：白石镇"  # 何家乡 had finished in July


def test_a_figure_published_after_the_as_of_day_is_not_there_yet(connection: Connection, sound: None) -> None:
    v = tables.kpi_values
    connection.execute(
        v.update().where(v.c.region_code == FIRST, v.c.kpi_code == "K11").values(published_on=date(2020, 9, 1))
    )
    assert [finding.message for finding in check(connection)] == [
        "指标诉前纠纷化解率（K11），2020年8月未报送：天马街道"
    ]


def test_weights_that_do_not_sum_to_a_hundred_are_a_warning(connection: Connection, sound: None) -> None:
    connection.execute(tables.kpi_weights.update().values(weight=99))
    assert [(f.severity, f.message) for f in check(connection)] == [
        ("warning", f"{COUNTY} 方案 S 的权重合计为 99，不是100")
    ]


def test_a_database_without_a_release_is_told_so(connection: Connection, sound: None) -> None:
    for table in reversed(tables.METADATA.sorted_tables):
        if table is not tables.regions:
            connection.execute(table.delete())
    assert [finding.message for finding in check(connection)] == ["还没有发布过数据"]


def test_old_data_are_a_warning_and_demo_data_are_never_old(connection: Connection, sound: None) -> None:
    assert check(connection, today=date(2020, 10, 10)) == []  # 40 days
    (found,) = check(connection, today=date(2020, 10, 11))
    assert (found.severity, found.message) == ("warning", "最新数据截至2020年8月31日，距今41天")
    connection.execute(tables.data_releases.update().values(source="演示数据"))
    assert check(connection, today=date(2026, 1, 1)) == []


def test_a_stream_that_fell_silent_is_a_notice(connection: Connection, sound: None) -> None:
    c = tables.cases.c
    last = date(2020, 5, 31)  # 92 days before
    mine = (c.stream == "dispute", c.opened_on > last)
    connection.execute(tables.cases.delete().where(*mine))
    connection.execute(tables.cases.delete().where(c.stream == "dispute", c.episode > 1))
    connection.execute(tables.cases.update().where(c.stream == "dispute").values(opened_on=last, closed_on=last))
    assert [f for f in quick_check(connection) if f.table == "cases"] == []
    before = date(2020, 5, 30)
    connection.execute(tables.cases.update().where(c.stream == "dispute").values(opened_on=before, closed_on=before))
    (found,) = [f for f in quick_check(connection) if f.table == "cases"]
    assert (found.severity, found.message) == ("notice", "矛盾纠纷自2020年5月30日之后没有新登记")
    assert found.department == "县司法局"


def test_the_quick_check_leaves_ledgers_unread(connection: Connection, sound: None, add: Callable[..., None]) -> None:
    add("cases", row(campaign_code="X"))
    assert quick_check(connection) == []
    assert len(check(connection)) >= 1
