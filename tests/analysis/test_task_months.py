"""Three cells of a task over three months, worked by hand."""

from datetime import date
from math import nan

import pandas as pd

from analysis.task_months import cell_months, task_months
from analysis.tasks import progress_by_month

TASKS = pd.DataFrame(
    {
        "code": ["T1", "T2"],
        "starts_on": pd.to_datetime(["2020-05-01"] * 2),
        "due_on": pd.to_datetime(["2020-12-31"] * 2),
    }
)
TASKS[["starts_on", "due_on"]] = TASKS[["starts_on", "due_on"]].apply(pd.to_datetime)
ROWS = pd.DataFrame(
    [
        ("T1", "甲", "2020-06-01", 30.0, 15.0),
        ("T1", "甲", "2020-07-01", 40.0, 40.0),
        ("T1", "甲", "2020-08-01", 50.0, nan),
        ("T1", "乙", "2020-06-01", 30.0, nan),
        ("T1", "乙", "2020-07-01", 40.0, nan),
        ("T1", "乙", "2020-08-01", 50.0, nan),
        ("T2", "C", "2020-08-01", 10.0, 10.0),
    ],
    columns=["task_code", "region_code", "month", "planned_pct", "actual_pct"],
).assign(month=lambda f: pd.to_datetime(f["month"]).astype("datetime64[s]"), reported_on=pd.NaT)
CELLS = pd.DataFrame([("T1", "甲"), ("T1", "乙"), ("T2", "C")], columns=["task_code", "region_code"])
PROGRESS = progress_by_month(ROWS, CELLS, TASKS, month=date(2020, 8, 1))


def test_every_cell_stands_with_its_months() -> None:
    found = cell_months(PROGRESS)
    assert found[["task_code", "region_code"]].drop_duplicates().to_numpy().tolist() == CELLS.to_numpy().tolist()
    assert [m.month for m in found["month"]] == [6, 7, 8] * 3
    assert found["light"].tolist() == [
        "far_behind", "made_up", "unreported",
        "unreported", "unreported_again", "unreported_again",
        "not_started", "not_started", "on_track",
    ]  # fmt: skip
    assert found["actual_pct"].iloc[0] == 15
    assert found["month"].dtype == "datetime64[s]"


def test_a_task_stands_with_the_means_of_its_newest_reports() -> None:
    found = task_months(PROGRESS)
    own = found[found["task_code"] == "T1"]
    assert own["planned_pct"].tolist() == [30, 40, 50]
    assert own["actual_pct"].tolist() == [7.5, 20, 20]  # 乙 never reported: 0; August keeps July's 40
    assert own["light"].tolist() == [
        "far_behind",
        "far_behind",
        "unreported",
    ]  # one silent of two is not more than half
    assert found[found["task_code"] == "T2"]["light"].tolist() == ["not_started", "not_started", "on_track"]


def test_no_cells_give_no_rows_with_the_columns() -> None:
    empty = progress_by_month(ROWS.head(0), CELLS.head(0), TASKS, month=date(2020, 8, 1))
    for found in (cell_months(empty), task_months(empty)):
        assert found.empty
        assert {"task_code", "month", "planned_pct", "actual_pct", "light"} <= set(found.columns)
