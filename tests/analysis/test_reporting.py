"""Who has reported, by hand: six cells of two tasks, and what is not due beside them."""

from datetime import date

import pandas as pd

from analysis.reporting import (
    Reported,
    kpi_reports_by_kpi,
    reported,
    reporting_finding,
    task_reports,
    task_reports_by_region,
)

NONE = float("nan")
LABELS = {"A": "天马", "B": "白石"}


def matrix() -> pd.DataFrame:
    rows = [
        # task, region, scope, planned, actual, reported
        ("T1", "县", "county", 50.0, NONE, None),
        ("T2", "A", "township", 40.0, 45.0, date(2020, 8, 25)),
        ("T2", "B", "township", 40.0, 45.0, date(2020, 8, 26)),  # a day late
        ("T3", "A", "township", 0.0, NONE, None),  # not begun: nothing due
        ("T3", "B", "township", NONE, NONE, None),  # no plan: nothing due
        ("T4", "A", "township", 10.0, NONE, None),
        ("T4", "B", "township", 100.0, 100.0, None),  # finished earlier, no row this month
    ]
    frame = pd.DataFrame(
        rows, columns=["task_code", "region_code", "scope", "planned_pct", "actual_pct", "reported_on"]
    )
    frame["reported_on"] = frame["reported_on"].astype("datetime64[s]")
    frame["number"] = frame["task_code"].str[1:].astype("int64")
    frame["title"], frame["lead_department_code"] = "任务" + frame["task_code"], "D01"
    return frame.assign(month=pd.Timestamp(2020, 8, 1))


def test_reports_are_due_where_work_is_planned_and_late_after_the_25th() -> None:
    found = task_reports(matrix())
    assert list(zip(found["task_code"], found["region_code"], found["is_reported"], found["is_late"], strict=True)) == [
        ("T1", "县", False, False),
        ("T2", "A", True, False),
        ("T2", "B", True, True),
        ("T4", "A", False, False),
        ("T4", "B", True, False),
    ]
    assert reported(found) == Reported(due=5, came=3, late=1)
    assert reported(found).missing == 2


def test_the_county_counts_only_where_it_is_asked_for() -> None:
    assert reported(task_reports(matrix(), with_county=False)) == Reported(due=4, came=3, late=1)


def test_regions_are_counted_in_fixed_order_with_the_tasks_they_owe() -> None:
    found = task_reports_by_region(task_reports(matrix()), {"B": "白石", "A": "天马", "C": "青石"})
    assert found.to_dict("list") == {
        "region": ["县级", "白石", "天马"],
        "due": [1, 2, 2],
        "came": [0, 2, 1],
        "late": [0, 1, 0],
        "missing": [1, 0, 1],
        "missing_tasks": ["1 任务T1", "", "4 任务T4"],
    }


def kpi_reports() -> pd.DataFrame:
    rows = [("K11", "化解率", "县人民法院", "A", True), ("K11", "化解率", "县人民法院", "B", False),
            ("K18", "得分", None, "A", False), ("K18", "得分", None, "B", False)]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["kpi_code", "name", "department", "township_code", "is_reported"])
    return frame.astype({"department": "str"})


def test_indicators_name_the_townships_without_a_figure() -> None:
    found = kpi_reports_by_kpi(kpi_reports(), LABELS)
    assert found["kpi"].tolist() == ["化解率", "得分"]
    assert found[["due", "came", "missing"]].to_numpy().tolist() == [[2, 1, 1], [2, 0, 2]]
    assert found["missing_regions"].tolist() == ["白石", "天马、白石"]


def test_nothing_due_gives_no_row_and_says_so() -> None:
    none = task_reports(matrix().iloc[3:5])
    assert none.empty
    assert task_reports_by_region(none, LABELS).empty
    assert kpi_reports_by_kpi(kpi_reports().iloc[:0], LABELS).empty
    said = reporting_finding(reported(none), Reported(0, 0, 0), date(2020, 8, 1))
    assert said == "2020年8月任务没有应报的；指标没有应报的"


def test_the_finding_says_what_is_missing_and_what_was_late() -> None:
    tasks, kpis = Reported(358, 353, 24), Reported(42, 42, 0)
    said = reporting_finding(tasks, kpis, date(2020, 8, 1))
    assert said == "2020年8月任务应报358项次，未报5项次（另有24项次迟报）；指标应报42项次，已全部报送"
