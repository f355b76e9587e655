"""The lights of a checklist of four tasks in three townships, with reports that come after the as-of date."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from queries.tasks import task_list, task_matrix, task_summary, tasks

COUNTY, JIA, YI, BING = "330822", "330822001", "330822104", "330822200"


def d(text):
    return date.fromisoformat(f"2020-{text}")


@pytest.fixture
def checklist(county, add):
    def task(number, scope, group, lead, due_on="12-31"):
        add("tasks", {"code": f"T{number:02d}", "number": number, "title": f"任务{number}", "scope": scope,
                      "work_group_code": group, "lead_department_code": lead, "starts_on": d("05-06"),
                      "due_on": d(due_on), "origin": "演"})  # fmt: skip

    def report(code, region, month, planned, actual, reported_on=None, **texts):
        key = {"task_code": code, "region_code": region, "month": date(2020, month, 1)}
        add("task_progress", {**key, "planned_pct": planned, "actual_pct": actual, "reported_on": reported_on, **texts})

    task(10, "township", "G2", "D13")
    task(2, "township", "G1", "D02", due_on="08-15")
    task(6, "county", "G2", "D04")
    report("T10", JIA, 7, 40, 20, d("07-24"))
    report("T10", JIA, 8, 50, 50, d("08-25"), planned_work="八月工作", bottleneck="人手不足", countermeasure="增派")
    report("T10", JIA, 9, 90, 10, d("09-25"), planned_work="九月工作")
    report("T10", YI, 7, 40, None)
    report("T10", YI, 8, 50, 60, d("09-03"), planned_work="八月工作", bottleneck="晚报的瓶颈")
    report("T10", BING, 9, 60, 60, d("09-25"))
    report("T02", JIA, 8, 100, 80, d("08-20"))
    report("T02", YI, 8, 100, 100, d("08-20"))
    report("T06", COUNTY, 8, 30, 25, d("08-21"))
    report("T06", "330824", 8, 30, 25, d("08-21"))  # a county that is not there


def _lights(frame):
    return {(row.task_code, row.region_code): row.light for row in frame.itertuples()}


def test_each_cell_has_the_light_of_the_month_as_it_was_known(connection, checklist, scope):
    matrix = task_matrix(connection, scope)
    assert _lights(matrix) == {
        ("T02", JIA): "overdue",
        ("T02", YI): "done",
        ("T06", COUNTY): "behind",
        ("T10", JIA): "made_up",
        ("T10", YI): "unreported_again",  # the report of September 3 does not exist yet
        ("T10", BING): "not_started",  # applies from September on
    }
    assert matrix["month"].unique().tolist() == [pd.Timestamp("2020-08-01")]
    late = matrix.set_index(["task_code", "region_code"]).loc[("T10", YI)]
    assert late[["planned_pct"]].tolist() == [50]
    assert pd.isna([late["actual_pct"], late["reported_on"]]).all()


def test_a_late_report_lifts_the_silence_once_it_is_in(connection, checklist, scope):
    assert _lights(task_matrix(connection, replace(scope, as_of=d("09-03"))))[("T10", YI)] == "on_track"
    assert _lights(task_matrix(connection, replace(scope, as_of=d("09-02"))))[("T10", YI)] == "unreported_again"


def test_before_the_end_of_a_month_the_one_before_counts(connection, checklist, scope):
    matrix = task_matrix(connection, replace(scope, as_of=d("08-30")))
    assert matrix["month"].unique().tolist() == [pd.Timestamp("2020-07-01")]
    assert _lights(matrix)[("T10", JIA)] == "far_behind"
    assert _lights(matrix)[("T02", JIA)] == "not_started"


def test_rows_come_by_task_number_then_county_then_township(connection, checklist, scope):
    matrix = task_matrix(connection, scope)
    assert matrix["task_code"].tolist() == ["T02", "T02", "T06", "T10", "T10", "T10"]
    assert matrix["region_code"].tolist() == [JIA, YI, COUNTY, JIA, YI, BING]


def test_county_tasks_come_back_whatever_townships_are_asked_for(connection, checklist, scope):
    only = task_matrix(connection, replace(scope, townships=frozenset({YI})))
    assert set(only["region_code"]) == {COUNTY, YI}
    assert task_matrix(connection, replace(scope, townships=frozenset()))["region_code"].tolist() == [COUNTY]


def test_a_township_filter_changes_no_light(connection, checklist, scope):
    whole, part = task_matrix(connection, scope), task_matrix(connection, replace(scope, townships=frozenset({YI})))
    kept = whole[whole["region_code"].isin({COUNTY, YI})].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, kept)


def test_a_work_group_and_a_lead_department_choose_tasks(connection, checklist, scope):
    assert set(task_matrix(connection, replace(scope, work_group="G2"))["task_code"]) == {"T06", "T10"}
    assert set(task_matrix(connection, replace(scope, department="D13"))["task_code"]) == {"T10"}
    assert tasks(connection, replace(scope, work_group="G1"))["code"].tolist() == ["T02"]
    assert task_matrix(connection, replace(scope, work_group="G9")).empty
    assert task_summary(connection, replace(scope, work_group="G9")).empty


def test_a_summary_covers_every_township_whatever_is_asked_for(connection, checklist, scope):
    summary = task_summary(connection, replace(scope, townships=frozenset({YI}))).set_index("task_code")
    assert summary.index.tolist() == ["T02", "T06", "T10"]
    # T10: planned (50 + 50) / 2, last reported (50 + 0) / 2; 何家 has no plan yet; one silent of two is not too many
    assert summary.loc["T10", ["planned_pct", "actual_pct", "light"]].tolist() == [50, 25, "far_behind"]
    assert summary.loc["T10", ["cells", "red_cells", "unreported_cells"]].tolist() == [3, 1, 1]
    assert summary.loc["T02", ["actual_pct", "light", "red_cells"]].tolist() == [90, "overdue", 1]
    assert summary.loc["T06", ["light", "cells"]].tolist() == ["behind", 1]


def test_texts_are_rows_of_the_month_and_come_with_their_report(connection, checklist, scope):
    listed = task_list(connection, scope).set_index(["task_code", "region_code"])
    assert listed.loc[("T10", JIA), ["planned_work", "bottleneck", "countermeasure"]].tolist() == [
        "八月工作", "人手不足", "增派"
    ]  # fmt: skip
    assert listed.loc[("T10", YI), "planned_work"] == "八月工作"
    assert pd.isna(listed.loc[("T10", YI), "bottleneck"])
    assert len(listed) == len(task_matrix(connection, scope))


def test_without_tasks_the_columns_stand(connection, county, scope):
    empty = task_matrix(connection, scope)
    assert empty.empty
    assert {"task_code", "region_code", "planned_pct", "actual_pct", "light", "month"} <= set(empty.columns)
    assert task_summary(connection, scope).empty
    assert task_list(connection, scope).empty


def test_a_task_without_dates_is_always_begun_and_never_overdue(connection, county, add, scope):
    add("tasks", {"code": "T01", "scope": "township"})
    add("task_progress", {"task_code": "T01", "region_code": JIA, "month": d("08-01"), "planned_pct": 10.0})
    matrix = task_matrix(connection, scope)
    assert matrix["light"].tolist() == ["unreported"]
    assert np.isnan(matrix["actual_pct"].iloc[0])
