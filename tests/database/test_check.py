"""Each check finds the one thing that is broken, and a sound database gives no finding."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from database import tables
from database.check import check, errors
from database.refresh import refresh
from tests.conftest import COUNTY, TOWNSHIPS
from tests.database.conftest import random_cases

FIRST, SECOND, THIRD = TOWNSHIPS
AUGUST = date(2020, 8, 1)


@pytest.fixture
def sound(connection: Connection, county: str, add: Callable[..., None], insert: Callable[..., None]) -> None:
    """A refreshed database in which all is well."""
    add("departments", {"code": "D01"})
    add("campaigns", {"code": "BRGJ"})
    add("regions", {"code": "村1", "parent_code": FIRST, "level": "village", "name": "一村"})
    add("tasks", {"code": "T"})
    add("kpis", {"code": "K21", "computed_from": "disputes_opened", "kind": "count", "unit": "件",
                 "direction": "neutral"},
        {"code": "K11", "name": "诉前纠纷化解率", "kind": "proportion", "unit": "%", "direction": "higher",
         "period": "flow"})  # fmt: skip
    add(
        "kpi_weights", {"region_code": COUNTY, "scheme": "S", "kpi_code": "K11", "weight": 100, "goal": 30, "floor": 15}
    )
    add("schemes", {"code": "S"})
    for township in TOWNSHIPS:
        add("kpi_values", {"region_code": township, "kpi_code": "K11", "month": AUGUST, "numerator": 1,
                           "denominator": 3, "value": 33.33})  # fmt: skip
        add("task_progress", {"region_code": township, "task_code": "T", "month": AUGUST, "planned_pct": 50,
                              "actual_pct": 60, "reported_on": date(2020, 8, 25)})  # fmt: skip
    insert("cases", random_cases(40, count=120))
    refresh(connection, as_of=date(2020, 8, 31), source="测试")


def test_a_sound_database_has_no_finding_and_its_release_says_so(connection: Connection, sound: None) -> None:
    assert check(connection) == []
    assert connection.scalar(sa.select(tables.data_releases.c.checks)) == {"error": 0, "warning": 0}


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


def test_a_base_row_that_changed_behind_our_back_shows_in_the_recount(connection: Connection, sound: None) -> None:
    c = tables.cases.c
    closed = tables.cases.delete().where(c.township_code == FIRST, c.stream == "dispute", c.episode == 1)
    connection.execute(closed)
    found = {(finding.table, finding.message.split()[0]) for finding in errors(check(connection))}
    assert {("backlog_states", FIRST), ("backlog_states", COUNTY), ("kpi_values", FIRST)} <= found
    assert ("backlog_states", SECOND) not in found
    refresh(connection, as_of=date(2020, 8, 31), source="测试")
    assert [finding for finding in errors(check(connection)) if finding.table == "backlog_states"] == []


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
        "提醒  task_progress：天马街道 2020年8月未报送（1行）",
        "提醒  task_progress：白石镇 2020年8月逾期报送（1行）",
        "提醒  kpi_values：K11 诉前纠纷化解率 2020年8月有乡镇（街道）未报送（1行）",
    ]


def test_weights_that_do_not_sum_to_a_hundred_are_a_warning(connection: Connection, sound: None) -> None:
    connection.execute(tables.kpi_weights.update().values(weight=99))
    assert [(f.severity, f.message) for f in check(connection)] == [
        ("warning", f"{COUNTY} 方案 S 的权重合计为 99，不是100")
    ]


def test_a_database_without_a_release_is_told_so(connection: Connection, county: str) -> None:
    assert [finding.message for finding in check(connection)] == ["还没有发布过数据"]
