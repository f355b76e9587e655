"""Totals of the checklist by hand: what two townships reported of a task, as it was known on each day."""

import numpy as np
import pandas as pd
import pytest

from analysis.task_totals import COUNTS, total_rows, totals_of_cells, totals_of_parts

TASKS = pd.DataFrame(
    {
        "code": ["T1", "T2"],
        "starts_on": pd.to_datetime(["2020-05-01"] * 2),
        "due_on": pd.to_datetime(["2020-12-31"] * 2),
    }
).astype({"starts_on": "datetime64[s]", "due_on": "datetime64[s]"})
MONTHS = np.array(["2020-07", "2020-08"], "datetime64[M]")
NONE = (None, None)


def rows(*cells: tuple[str, str, str, float, tuple[float | None, str | None]]) -> pd.DataFrame:
    """Return rows of task_progress: township, task, month, plan, (what was reported, on which day)."""
    known = [(task, region, month, plan, *reported) for region, task, month, plan, reported in cells]
    names = ["task_code", "region_code", "month", "planned_pct", "actual_pct", "reported_on"]
    days = dict.fromkeys(("month", "reported_on"), "datetime64[s]")
    return pd.DataFrame(known, columns=names).astype({**days, "planned_pct": "float64", "actual_pct": "float64"})


JULY = rows(
    ("甲", "T1", "2020-07-01", 40.0, (40.0, "2020-07-25")),
    ("乙", "T1", "2020-07-01", 60.0, (30.0, "2020-08-05")),  # late: half of the cells are silent until then
)


def told(found: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return the rows of July: known on, cells, red, planned, silent, plan and result added up, light."""
    july = found[found["month"] == pd.Timestamp("2020-07-01")]
    values = july[["known_on", *COUNTS, "planned_total", "actual_total", "light"]].itertuples(index=False, name=None)
    return [(f"{day:%m-%d}", *rest) for day, *rest in values]


def test_a_late_report_is_in_the_totals_from_its_day_on_and_not_before() -> None:
    found = total_rows(totals_of_cells(JULY, TASKS, MONTHS), TASKS)
    # of the means: 50 planned, 20 done, 30 points behind; then 35, 15 points behind
    assert told(found) == [
        ("07-31", 2, 0, 2, 1, 100.0, 40.0, "far_behind"),
        ("08-05", 2, 1, 2, 0, 100.0, 70.0, "far_behind"),
    ]
    assert found[found["month"] == pd.Timestamp("2020-07-01")]["reported_on"].dt.day.tolist() == [25, 5]


def test_more_than_half_of_the_cells_silent_are_no_report_and_half_are_one() -> None:
    third = rows(("丙", "T1", "2020-07-01", 50.0, NONE))
    found = total_rows(totals_of_cells(pd.concat([JULY, third]), TASKS, MONTHS[:1]), TASKS)
    assert [row[-1] for row in told(found)] == ["unreported", "far_behind"]


def test_a_row_stands_only_where_something_differs_from_the_day_before() -> None:
    other = rows(("甲", "T2", "2020-07-01", 10.0, (10.0, "2020-07-31")))  # on the last day: in time
    found = total_rows(totals_of_cells(pd.concat([JULY, other]), TASKS, MONTHS[:1]), TASKS)
    second = found[found["task_code"] == "T2"]
    assert second["known_on"].dt.strftime("%m-%d").tolist() == ["07-31"], "T1's late report is none of its own"
    assert second["light"].tolist() == ["on_track"]


def test_a_report_without_a_plan_adds_nothing_but_its_day() -> None:
    third = rows(("丙", "T1", "2020-07-01", float("nan"), (30.0, "2020-08-10")))
    found = total_rows(totals_of_cells(pd.concat([JULY, third]), TASKS, MONTHS[:1]), TASKS)
    assert told(found) == [
        ("07-31", 3, 0, 2, 1, 100.0, 40.0, "far_behind"),
        ("08-05", 3, 1, 2, 0, 100.0, 70.0, "far_behind"),
        ("08-10", 3, 1, 2, 0, 100.0, 70.0, "far_behind"),
    ]


def test_a_late_report_of_one_month_counts_on_in_the_next() -> None:
    cells = [("甲", "T1", f"2020-0{month}-01", 80.0, (80.0, f"2020-0{month}-25")) for month in (7, 8)]
    late = [("乙", "T1", "2020-07-01", 80.0, (30.0, "2020-09-05")), ("乙", "T1", "2020-08-01", 80.0, NONE)]
    found = total_rows(totals_of_cells(rows(*cells, *late), TASKS, MONTHS), TASKS)
    august = found[found["month"] == pd.Timestamp("2020-08-01")]
    assert august["known_on"].dt.strftime("%m-%d").tolist() == ["08-31", "09-05"]
    assert august["actual_total"].tolist() == [80.0, 110.0]
    assert august["reported_on"].dt.strftime("%m-%d").tolist() == ["08-25", "08-25"]


def test_the_parts_of_a_region_stand_as_they_did_on_each_day_of_any_of_them() -> None:
    parts = [
        total_rows(totals_of_cells(own, TASKS, MONTHS), TASKS).assign(region_code=code)
        for code, own in JULY.groupby("region_code")
    ]
    whole = total_rows(totals_of_cells(JULY, TASKS, MONTHS), TASKS)
    pd.testing.assert_frame_equal(total_rows(totals_of_parts(pd.concat(parts), MONTHS), TASKS), whole)


@pytest.mark.parametrize("months", [MONTHS, MONTHS[:1]])
def test_without_cells_there_are_no_rows_and_the_same_columns(months: np.ndarray) -> None:
    found = total_rows(totals_of_cells(JULY.head(0), TASKS, months), TASKS)
    assert found.empty
    assert found.dtypes[list(COUNTS)].eq("int64").all()
