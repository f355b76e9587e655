from math import nan

import pandas as pd

from analysis.checklist import lights_word, lit_cells, month_title, own_counts, task_rows
from analysis.lights import Light

GROUPS = pd.Series({"G1": "党建统领", "G7": "平安综治"})
MATRIX = pd.DataFrame(
    [
        ("T01", "1", 1, "三联工程", "township", "G1", 60.0, 55.0, 55.0, "behind"),
        ("T01", "2", 1, "三联工程", "township", "G1", 60.0, 40.0, 40.0, "far_behind"),
        ("T02", "2", 2, "无会日", "township", "G9", 60.0, nan, 10.0, "unreported_again"),
        ("T33", "C", 33, "平安县", "county", "G7", 100.0, 99.0, 99.0, "overdue"),
    ],
    columns=["task_code", "region_code", "number", "title", "scope", "work_group_code", "planned_pct", "actual_pct",
             "last_actual_pct", "light"],
).assign(month=pd.Timestamp(2020, 8, 1), due_on=pd.Timestamp(2020, 10, 31), reported_on=pd.NaT)  # fmt: skip


def test_tasks_stand_once_by_work_group_then_number() -> None:
    rows = task_rows(MATRIX, GROUPS)
    assert rows.to_numpy().tolist() == [
        ["T01", 1, "三联工程", "党建统领"],
        ["T33", 33, "平安县", "平安综治"],
        ["T02", 2, "无会日", "未分组"],
    ]
    turned = task_rows(MATRIX, GROUPS.iloc[::-1])
    assert list(turned["task_code"]) == ["T33", "T01", "T02"], "the groups' own order, not that of the numbers"


def test_only_tasks_with_a_chosen_light_are_kept() -> None:
    assert list(task_rows(MATRIX, GROUPS, lights=("behind", "overdue"))["task_code"]) == ["T01", "T33"]
    assert task_rows(MATRIX, GROUPS, lights=("done",)).empty


def test_cells_of_chosen_lights_and_their_words() -> None:
    lit = lit_cells(MATRIX, {"1": "天马", "2": "白石"}, GROUPS, lights=("behind",))
    assert lit[["task_code", "scope", "region"]].to_numpy().tolist() == [["T01", "township", "天马"]]
    assert lights_word(("far_behind", "behind")) == "滞后、严重滞后"
    assert lights_word(()) == "红灯"


def test_red_cells_come_widest_gap_first_with_what_was_planned_and_done() -> None:
    red = lit_cells(MATRIX, {"1": "天马", "2": "白石"}, GROUPS)
    assert list(red["task"]) == ["2 无会日", "1 三联工程", "33 平安县"]
    assert list(red["region"]) == ["白石", "白石", "县级"]
    assert list(red["progress"]) == ["60% / 未报", "60% / 40%", "100% / 99%"]
    assert list(red["gap"]) == [50.0, 20.0, 1.0]


def test_tasks_are_counted_as_wholes_but_for_chosen_townships_by_cell() -> None:
    summary = pd.DataFrame({"light": ["behind", "unreported", "overdue"]})
    whole = own_counts(summary, MATRIX, is_filtered=False)
    assert (whole[Light.BEHIND], whole[Light.UNREPORTED], whole[Light.OVERDUE]) == (1, 1, 1)
    part = own_counts(summary, MATRIX, is_filtered=True)
    assert (part[Light.BEHIND], part[Light.FAR_BEHIND], part[Light.OVERDUE]) == (1, 1, 0), "county tasks are nobody's"
    assert sum(part.values()) == 3


def test_the_title_names_the_month() -> None:
    assert month_title(MATRIX) == "任务清单 · 2020年8月"
    assert month_title(MATRIX.head(0)) == "任务清单"
