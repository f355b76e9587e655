from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.lights import Light
from analysis.tasks import cell_lights, completion, light_counts, on_schedule, progress_by_month, task_lights

COLUMNS = ["task_code", "region_code", "month", "planned_pct", "actual_pct", "reported_on"]
TASKS = pd.DataFrame(
    {
        "code": ["T01", "T02"],
        "starts_on": pd.to_datetime(["2020-05-01", "2020-05-01"]),
        "due_on": pd.to_datetime(["2020-12-31", "2020-06-30"]),
    }
)


def _rows(*rows):
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("month", "reported_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame.astype({"planned_pct": "float64", "actual_pct": "float64"})


def _cells(*pairs):
    return pd.DataFrame(pairs, columns=["task_code", "region_code"])


def _progress(rows, cells, month=date(2020, 8, 1)):
    return progress_by_month(rows, cells, TASKS, month=month)


def test_a_cell_shows_its_newest_month_and_the_light_before():
    rows = _rows(
        ("T01", "甲", "2020-07-01", 40, 25, "2020-07-20"),
        ("T01", "甲", "2020-08-01", 50, 55, "2020-08-24"),
        ("T01", "乙", "2020-08-01", 50, None, None),
    )
    found = cell_lights(_progress(rows, _cells(("T01", "甲"), ("T01", "乙")))).set_index("region_code")
    assert found.loc["甲", ["planned_pct", "actual_pct", "light", "previous_light"]].tolist() == [
        50.0, 55.0, "made_up", "far_behind"
    ]  # fmt: skip
    assert found.loc["甲", "reported_on"] == pd.Timestamp("2020-08-24")
    assert found.loc["乙", ["light", "previous_light"]].tolist() == ["unreported", "not_started"]


def test_a_month_without_a_row_keeps_the_plan_and_counts_as_silent():
    rows = _rows(("T02", "甲", "2020-06-01", 100, 60, "2020-06-20"), ("T01", "甲", "2020-06-01", 30, 30, "2020-06-20"))
    found = cell_lights(_progress(rows, _cells(("T02", "甲"), ("T01", "甲"))))
    assert found["light"].tolist() == ["overdue", "unreported_again"]
    assert found["planned_pct"].tolist() == [100.0, 30.0]
    assert found["last_actual_pct"].tolist() == [60.0, 30.0]


def test_a_finished_cell_needs_no_further_row():
    rows = _rows(("T02", "甲", "2020-06-01", 100, 100, "2020-06-20"))
    assert cell_lights(_progress(rows, _cells(("T02", "甲"))))["light"].tolist() == ["done"]


def test_a_cell_before_its_first_row_has_not_started():
    found = cell_lights(_progress(_rows(), _cells(("T01", "甲"))))
    assert found["light"].tolist() == ["not_started"]
    assert np.isnan(found["planned_pct"].iloc[0])


def test_a_task_is_judged_by_the_means_of_its_cells():
    rows = _rows(
        ("T01", "甲", "2020-08-01", 50, 90, "2020-08-20"),
        ("T01", "乙", "2020-08-01", 50, 10, "2020-08-20"),
        ("T01", "丙", "2020-07-01", 40, 44, "2020-07-20"),
        ("T01", "丙", "2020-08-01", 50, None, None),
        ("T02", "甲", "2020-08-01", 50, 0, "2020-08-20"),
    )
    cells = _cells(("T01", "甲"), ("T01", "乙"), ("T01", "丙"), ("T02", "甲"))
    found = task_lights(_progress(rows, cells)).set_index("task_code")
    first = found.loc["T01"]
    assert (first["planned_pct"], first["actual_pct"]) == (50.0, 48.0)  # (90 + 10 + 44 as last reported) / 3
    assert first[["light", "cells", "red_cells", "unreported_cells"]].tolist() == ["behind", 3, 1, 1]
    assert found.loc["T02", "light"] == "overdue"


@pytest.mark.parametrize(("silent", "expected"), [(2, "far_behind"), (3, "unreported")])
def test_a_task_is_unreported_when_more_than_half_of_its_cells_are(silent, expected):
    names = "甲乙丙丁"
    rows = _rows(*(("T01", n, "2020-08-01", 50, None if i < silent else 50, None) for i, n in enumerate(names)))
    found = task_lights(_progress(rows, _cells(*(("T01", n) for n in names))))
    assert found["light"].tolist() == [expected]  # a cell that never reported counts as 0: (50 + 50) / 4 = 25
    assert found["unreported_cells"].tolist() == [silent]


def test_a_task_silent_for_two_months_turns_red():
    rows = _rows(("T01", "甲", "2020-07-01", 40, None, None), ("T01", "甲", "2020-08-01", 50, None, None))
    found = task_lights(_progress(rows, _cells(("T01", "甲"))))
    assert found[["light", "previous_light"]].iloc[0].tolist() == ["unreported_again", "unreported"]


def test_counts_name_every_light():
    counts = light_counts(pd.Series(["done", "done", "overdue"]))
    assert set(counts) == set(Light)
    assert (counts[Light.DONE], counts[Light.OVERDUE], counts[Light.BEHIND]) == (2, 1, 0)


def test_completion_rates_count_silence_as_not_met():
    cells = pd.DataFrame(
        {"planned_pct": [50.0, 50.0, 50.0, 0.0, np.nan], "actual_pct": [100.0, 50.0, np.nan, np.nan, np.nan]}
    )
    assert completion(cells) == (1, 5)
    assert on_schedule(cells) == (2, 3)
