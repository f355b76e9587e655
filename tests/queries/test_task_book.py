"""Task books, months and milestones: three tasks in two townships and a county, some reports after the as-of date."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from queries import ROWS
from queries.milestones import milestones
from queries.names import lead_department_names
from queries.task_book import task_facts, task_plans, task_texts
from queries.task_months import cell_months, task_months
from queries.tasks import task_list

COUNTY, JIA, YI, BING = "330822", "330822001", "330822104", "330822200"


def d(text):
    return date.fromisoformat(f"2020-{text}")


@pytest.fixture
def books(county, add):
    def task(number, scope, group, lead, **more):
        add("tasks", {"code": f"T{number:02d}", "number": number, "title": f"任务{number}", "scope": scope,
                      "work_group_code": group, "lead_department_code": lead, "starts_on": d("05-06"),
                      "due_on": d("12-31"), "origin": "演", **more})  # fmt: skip

    def report(code, region, month, planned, actual, reported_on=None, **texts):
        key = {"task_code": code, "region_code": region, "month": date(2020, month, 1)}
        add("task_progress", {**key, "planned_pct": planned, "actual_pct": actual, "reported_on": reported_on, **texts})

    add("departments", {"code": "D04", "name": "县信访局"}, {"code": "D13", "name": "县矛调中心"}, {"code": "D99"})
    add("work_groups", {"code": "G2", "name": "公共治理"}, {"code": "G9", "name": "别的组"})
    task(10, "township", "G2", "D13", objective="闭环", measure="办结率", weight=2.5)
    task(2, "township", "G1", "D77")
    task(6, "county", "G2", "D04")
    for row in (("T10", "D13", "lead"), ("T10", "D99", "responsible"), ("T10", "D04", "responsible")):
        add("task_departments", dict(zip(("task_code", "department_code", "role"), row, strict=True)))
    report("T10", JIA, 7, 40, 20, d("07-24"), planned_work="七月", bottleneck="七月瓶颈", countermeasure="七月对策")
    report("T10", JIA, 8, 50, 50, d("08-25"), planned_work="八月", bottleneck="甲的瓶颈", countermeasure="甲的对策")
    report("T10", JIA, 9, 90, None, planned_work="九月")
    report("T10", YI, 7, 40, 40, d("08-03"))
    report("T10", YI, 8, 50, 60, d("09-03"), planned_work="乙的八月", bottleneck="晚报的瓶颈", countermeasure="晚报")
    report("T02", JIA, 8, 30, 30, d("08-20"), planned_work="别的任务", bottleneck="别的瓶颈")
    report(
        "T06", COUNTY, 8, 30, 10, d("08-21"), planned_work="县里的事", bottleneck="县的瓶颈", countermeasure="县的对策"
    )
    report("T06", "330824", 8, 30, 10, d("08-21"), planned_work="外县的事")  # a county that is not there
    for region, code, seq, title, due_on, done_on in (
        (COUNTY, "T10", 2, "验收", d("09-30"), d("09-01")),
        (COUNTY, "T10", 1, "建账", d("07-31"), d("08-31")),
        (YI, "T10", 1, "乙的一步", d("08-01"), None),
        (COUNTY, "T02", 1, "对接", None, None),
        ("330824", "T02", 1, "外县", None, None),
        (COUNTY, "T77", 1, "没有的任务", None, None),
    ):
        days = {"due_on": due_on, "done_on": done_on}
        add("milestones", {"region_code": region, "task_code": code, "seq": seq, "title": title, **days})


def test_facts_name_the_group_and_the_departments(connection, books, scope):
    facts = task_facts(connection, scope).set_index("code")
    assert facts.index.tolist() == ["T02", "T06", "T10"]
    assert facts.loc["T10", ["work_group", "lead", "responsible", "objective", "measure", "weight"]].tolist() == [
        "公共治理", "县矛调中心", "县信访局、D99", "闭环", "办结率", 2.5
    ]  # fmt: skip
    assert facts.loc["T02", ["work_group", "lead", "responsible"]].tolist() == ["G1", "D77", ""]
    assert pd.isna(facts.loc["T02", ["objective", "weight"]]).all()
    assert task_facts(connection, replace(scope, work_group="G2"))["code"].tolist() == ["T06", "T10"]
    assert task_facts(connection, replace(scope, department="D04"))["code"].tolist() == ["T06"]


def test_a_plan_runs_on_after_the_as_of_date(connection, books, scope):
    plans = task_plans(connection, scope, task="T10")
    assert plans[["region_code", "planned_pct"]].to_numpy().tolist() == [
        [JIA, 40], [JIA, 50], [JIA, 90], [YI, 40], [YI, 50]
    ]  # fmt: skip
    assert plans["month"].dt.month.tolist() == [7, 8, 9, 7, 8]
    assert set(task_plans(connection, replace(scope, townships=frozenset({YI})), task="T10")["region_code"]) == {YI}
    assert task_plans(connection, scope, task="T06")["region_code"].tolist() == [COUNTY]


def test_texts_come_by_month_and_with_their_report(connection, books, scope):
    texts = task_texts(connection, scope, task="T10")
    assert texts[["region_code", "planned_work"]].to_numpy().tolist() == [
        [JIA, "七月"], [JIA, "八月"], [JIA, "九月"], [YI, "乙的八月"]
    ]  # fmt: skip
    assert texts["bottleneck"].tolist()[:2] == ["七月瓶颈", "甲的瓶颈"]
    assert texts["countermeasure"].tolist()[:2] == ["七月对策", "甲的对策"]
    assert texts["bottleneck"].isna().tolist()[2:] == [True, True], "the report of September 3 does not exist yet"
    later = task_texts(connection, replace(scope, as_of=d("09-03")), task="T10")
    assert later["bottleneck"].tolist()[3] == "晚报的瓶颈"


def test_texts_are_rows_and_one_township_s_scope_gives_its_own_alone(connection, books, scope):
    assert task_texts in ROWS
    own = replace(scope, townships=frozenset({YI}))
    assert task_texts(connection, own, task="T10")["planned_work"].tolist() == ["乙的八月"]
    assert task_texts(connection, own, task="T06").empty, "what the county wrote is not a township's"
    assert task_texts(connection, scope, task="T06")["bottleneck"].tolist() == ["县的瓶颈"]
    nobody = replace(scope, townships=frozenset())
    assert task_texts(connection, nobody, task="T10").empty
    assert task_texts(connection, nobody, task="T06").empty


def test_the_list_of_texts_keeps_the_county_s_own_from_one_township_too(connection, books, scope):
    whole = task_list(connection, scope).set_index(["task_code", "region_code"])
    assert whole.loc[("T06", COUNTY), "bottleneck"] == "县的瓶颈"
    part = task_list(connection, replace(scope, townships=frozenset({JIA}))).set_index(["task_code", "region_code"])
    assert part.loc[("T10", JIA), "bottleneck"] == "甲的瓶颈"
    assert pd.isna(part.loc[("T06", COUNTY), ["planned_work", "bottleneck", "countermeasure"]]).all()
    assert part.loc[("T06", COUNTY), "light"] == "far_behind", "the figure itself is open"


def test_a_department_s_scope_gives_the_texts_of_its_own_tasks(connection, books, scope):
    assert task_texts(connection, replace(scope, department="D04"), task="T10").empty
    assert len(task_texts(connection, replace(scope, department="D13"), task="T10")) == 4
    assert len(task_texts(connection, replace(scope, department="D04"), task="T06")) == 1


def test_cells_come_by_month_as_the_as_of_date_knows_them(connection, books, scope):
    months = cell_months(connection, scope)
    found = {(r.task_code, r.region_code, r.month.month): r.light for r in months.itertuples()}
    assert found[("T10", JIA, 7)] == "far_behind"
    assert found[("T10", JIA, 8)] == "made_up"
    assert found[("T10", YI, 7)] == "on_track"
    assert found[("T10", YI, 8)] == "unreported"
    assert found[("T06", COUNTY, 8)] == "far_behind"
    assert {month for _, _, month in found} == {7, 8}
    assert set(months["region_code"]) == {COUNTY, JIA, YI}
    early = cell_months(connection, replace(scope, as_of=d("07-31"), townships=frozenset({YI})))
    assert early.loc[early["task_code"] == "T10", "light"].tolist() == ["unreported"], "July's report came in August"
    assert set(cell_months(connection, replace(scope, work_group="G1"))["task_code"]) == {"T02"}
    assert {"number", "title", "scope", "lead_department_code"} <= set(months.columns)


def test_tasks_as_wholes_come_by_month_over_every_township(connection, books, scope):
    own = task_months(connection, replace(scope, townships=frozenset({YI}), department="D13"))
    assert set(own["task_code"]) == {"T10"}
    assert own["planned_pct"].tolist() == [40, 50]
    assert own["actual_pct"].tolist() == [30, 45]  # August: 甲 50, 乙's newest report 40
    assert own["light"].tolist() == ["far_behind", "behind"]


def test_milestones_come_in_order_as_the_as_of_date_knows_them(connection, books, scope):
    found = milestones(connection, scope)
    assert found["title"].tolist() == ["对接", "建账", "验收", "乙的一步"]
    assert found["done_on"].isna().tolist() == [True, False, True, True], "done on September 1: not yet"
    assert milestones(connection, replace(scope, townships=frozenset({JIA})))["title"].tolist() == [
        "对接",
        "建账",
        "验收",
    ]
    assert milestones(connection, replace(scope, work_group="G1"))["title"].tolist() == ["对接"]
    assert milestones(connection, replace(scope, department="D04")).empty


def test_departments_that_lead_a_task_are_named_once(connection, books, add):
    add("tasks", {"code": "T11", "number": 11, "lead_department_code": "D13"}, {"code": "T12", "number": 12})
    assert lead_department_names(connection).to_numpy().tolist() == [
        ["D04", "县信访局"], ["D13", "县矛调中心"], ["D77", "D77"]
    ]  # fmt: skip


def test_without_tasks_the_columns_stand(connection, county, scope):
    for empty in (cell_months(connection, scope), task_months(connection, scope), task_facts(connection, scope),
                  task_plans(connection, scope, task="T1"), task_texts(connection, scope, task="T1"),
                  milestones(connection, scope), lead_department_names(connection)):  # fmt: skip
        assert empty.empty
        assert len(empty.columns)
