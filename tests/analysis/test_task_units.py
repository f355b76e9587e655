"""Two groups and three leads over two months, worked by hand."""

from math import isnan, nan

import pandas as pd
import pytest

from analysis.breakdown import SMALL_MARK
from analysis.lights import Light
from analysis.milestones import milestone_rows
from analysis.task_units import (
    BY_GROUP,
    BY_LEAD,
    book_rows,
    changes_finding,
    last_change,
    placed_steps,
    unit_rows,
    units_finding,
)

JULY, AUGUST = pd.Timestamp(2020, 7, 1), pd.Timestamp(2020, 8, 1)
FACTS = pd.DataFrame(
    [
        ("T1", 1, "甲事", "G2", "公共治理", "县信访局"),
        ("T2", 2, "乙事", "G1", "党建统领", "县信访局"),
        ("T3", 3, "丙事", "G2", "公共治理", None),
    ],
    columns=["code", "number", "title", "work_group_code", "work_group", "lead"],
).assign(starts_on=pd.Timestamp(2020, 5, 6), due_on=pd.Timestamp(2020, 12, 31), responsible="县司法局")


def _cells(task, scope, *rows):
    return [(task, f"{task}-{i}", scope, month, *row) for i, pair in enumerate(rows) for month, row in pair]


def _pair(july, august):
    return ((JULY, july), (AUGUST, august))


T1 = [_pair((40, 40, "on_track"), (50, 50, "on_track"))] * 3 + [
    _pair((40, nan, "unreported"), (50, nan, "unreported_again")),
    _pair((40, 40, "on_track"), (50, 100, "done")),
    _pair((40, 20, "far_behind"), (50, 20, "overdue")),
]
ROWS = [
    *_cells("T1", "township", *T1),
    *_cells("T2", "county", _pair((0, 0, "not_started"), (10, 10, "on_track"))),
    *_cells("T3", "township", _pair((20, 10, "far_behind"), (30, 30, "made_up"))),
    *_cells("T9", "township", _pair((20, 10, "far_behind"), (30, 0, "far_behind"))),  # a task that is not asked for
]
CELLS = pd.DataFrame(
    ROWS, columns=["task_code", "region_code", "scope", "month", "planned_pct", "actual_pct", "light"]
)  # fmt: skip
SUMMARY = pd.DataFrame({"task_code": ["T1", "T2", "T3"], "light": ["far_behind", "on_track", "made_up"]})


def _units(by=BY_GROUP, *, is_filtered=False):
    return unit_rows(CELLS, SUMMARY, FACTS, by=by, is_filtered=is_filtered).set_index("unit")


def test_a_group_adds_up_its_cells() -> None:
    units = _units()
    assert units.index.tolist() == ["公共治理", "党建统领"], "in the order of their first tasks"
    own = units.loc["公共治理"]
    assert own["tasks"] == 2
    assert own["completed"] == "14.3%（1/7）"
    assert own["scheduled"] == "71.4%（5/7）"
    assert own["schedule_n"] == 7
    assert own["red"] == "2/7"
    assert own["overdue"] == 1
    assert own["trend"] == pytest.approx((4 / 7, 5 / 7))
    assert own["change"] == pytest.approx(14.3)


def test_lights_are_those_of_whole_tasks_but_of_cells_for_chosen_townships() -> None:
    whole, part = _units().loc["公共治理", "lights"], _units(is_filtered=True).loc["公共治理", "lights"]
    assert {light: n for light, n in whole.items() if n} == {Light.FAR_BEHIND: 1, Light.MADE_UP: 1}
    assert sum(part.values()) == 7
    assert part[Light.ON_TRACK] == 3


def test_county_tasks_are_nobody_s_when_townships_are_chosen() -> None:
    assert "党建统领" in _units().index
    assert "党建统领" not in _units(is_filtered=True).index


def test_few_planned_cells_are_marked_and_not_compared() -> None:
    units = _units()
    assert units.loc["党建统领", "scheduled"] == f"100.0%（1/1）{SMALL_MARK}"
    assert SMALL_MARK not in units.loc["公共治理", "scheduled"]
    assert units.loc["党建统领", "trend"][1] == 1
    assert isnan(units.loc["党建统领", "trend"][0]), "no plan in July"
    assert isnan(units.loc["党建统领", "change"])


def test_a_task_without_lead_stands_under_its_own_heading() -> None:
    assert _units(BY_LEAD).index.tolist() == ["县信访局", "未定牵头单位"]
    assert _units(BY_LEAD).loc["县信访局", "tasks"] == 2


def _rows(*units):
    columns = ["unit", "schedule_rate", "schedule_n", "scheduled", "red", "red_cells"]
    return pd.DataFrame([(u, r, n, f"{r:.0%}", f"{red}/{n}", red) for u, r, n, red in units], columns=columns)


def test_the_finding_names_both_ends_and_where_most_is_red() -> None:
    rows = _rows(("党建", 0.9, 10, 1), ("公共", 0.5, 10, 4), ("平安", 0.7, 10, 0), ("小", 0.0, 4, 0))
    assert units_finding(rows, word="专项组") == (
        "序时进度完成率最高的专项组是党建90%，较低的是公共50%；红灯公共最多（4/10）"
    )


def test_equal_units_are_not_told_apart_and_none_are_said() -> None:
    assert (
        units_finding(_rows(("党建", 0.9, 10, 0), ("公共", 0.9, 10, 0)), word="组") == "序时进度完成率：党建、公共90%"
    )
    assert units_finding(_rows(("党建", 0.9, 4, 0)), word="组") == "各组当月有计划的任务不足5项次，不作比较"


def test_units_that_tie_in_red_are_named_together() -> None:
    said = units_finding(_rows(("党建", 0.9, 10, 2), ("公共", 0.5, 10, 2), ("自治", 0.7, 10, 1)), word="专项组")
    assert said.endswith("；红灯党建、公共最多（各2个）")


def test_the_title_counts_who_rose_and_fell_and_names_who_rose_most_alone() -> None:
    rows = pd.DataFrame({"unit": ["党建", "公共", "自治"], "change": [2.94, 0.0, -1.0]})
    said = "3个组的序时进度完成率较上月上升1个、持平1个、下降1个"
    assert changes_finding(rows, word="组") == f"{said}，上升最多的是党建（2.9个百分点）"
    assert changes_finding(rows.assign(change=1.0), word="组") == "3个组的序时进度完成率较上月上升3个"
    assert changes_finding(rows.tail(1), word="组") == "1个组的序时进度完成率较上月下降1个"
    assert changes_finding(rows.assign(change=float("nan")), word="组") == "3个组，没有上月可比"


def test_changes_are_in_points() -> None:
    assert last_change((0.5, 0.625)) == 12.5
    assert isnan(last_change((0.5,)))
    assert isnan(last_change((nan, 0.5)))


STEPS = milestone_rows(
    pd.DataFrame(
        [
            ("T1", "C", 1, "成立", pd.Timestamp(2020, 6, 30), pd.Timestamp(2020, 6, 30)),
            ("T1", "C", 2, "验收", pd.Timestamp(2020, 10, 31), pd.NaT),
            ("T2", "C", 1, "启动", pd.Timestamp(2020, 6, 30), pd.Timestamp(2020, 6, 30)),
        ],
        columns=["task_code", "region_code", "seq", "title", "due_on", "done_on"],
    ),
    FACTS,
    {},
    as_of=pd.Timestamp(2020, 8, 31).date(),
)


def test_the_index_of_task_books_goes_by_group_and_names_the_next_milestone() -> None:
    books = book_rows(SUMMARY, FACTS, STEPS)
    assert books["task"].tolist() == ["1 甲事", "3 丙事", "2 乙事"]
    assert books["label"].tolist() == ["【公共治理】1 甲事", "3 丙事", "【党建统领】2 乙事"]
    assert books["row"].tolist() == [0, 1, 2]
    assert books["steps_done"].tolist() == ["1/2", "—", "1/1"]
    assert books["next_step"].tolist() == ["○ 验收（10月31日）", "—", "已全部完成"]
    assert books["lead"].tolist() == ["县信访局", "未定牵头单位", "县信访局"]
    assert placed_steps(STEPS, books)[["task_code", "row"]].to_numpy().tolist() == [["T1", 0], ["T1", 0], ["T2", 2]]


def test_no_cells_give_no_units() -> None:
    empty = unit_rows(CELLS.head(0), SUMMARY, FACTS, by=BY_GROUP, is_filtered=False)
    assert empty.empty
    assert "scheduled" in empty.columns
    assert units_finding(empty, word="组").endswith("不作比较")
