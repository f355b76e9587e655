"""Weak links by hand: a checklist of a few cells over four months, a few cases, and their order."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.tasks import Progress, progress_by_month
from analysis.weak_links import WEAK_LINKS, chosen, foremost, ranked
from analysis.weak_links.briefing import OPEN_TO_OWN, silence_line, weak_link_rows, weak_links_finding
from analysis.weak_links.cases import case_weak_links
from analysis.weak_links.histories import run_lengths
from analysis.weak_links.kinds import Names, findings, head_post
from analysis.weak_links.tasks import task_weak_links

AS_OF = date(2020, 8, 31)
MONTHS = ("2020-05-01", "2020-06-01", "2020-07-01", "2020-08-01")
TOWNS = "甲乙丙丁戊己"
NAMES = Names(
    {town: f"{town}镇" for town in TOWNS},
    {town: f"{town}镇党委书记" for town in TOWNS},
    {"D1": "县信访局", "D2": "县民政局"},
)
PLAN = (20, 40, 60, 80)
FINE = (20, 40, 60, 80)


def _tasks(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["code", "scope", "lead_department_code", "due_on"])
    return frame.assign(
        number=range(1, len(rows) + 1),
        title="任务",
        starts_on=pd.Timestamp("2020-05-01"),
        due_on=pd.to_datetime(frame["due_on"]).astype("datetime64[s]"),
    )


ONE = _tasks(("T1", "township", "D1", "2020-12-31"))


def _progress(tasks: pd.DataFrame, cells: dict[tuple[str, str], tuple[float | None, ...]]) -> Progress:
    """Lay out what each cell reported in the four months; the plan is 20, 40, 60, 80 everywhere."""
    rows = [
        (task, region, month, plan, actual, pd.Timestamp(month) + pd.Timedelta(days=20))
        for (task, region), reports in cells.items()
        for month, plan, actual in zip(MONTHS, PLAN, reports, strict=True)
    ]
    columns = ["task_code", "region_code", "month", "planned_pct", "actual_pct", "reported_on"]
    frame = pd.DataFrame(rows, columns=columns).astype({"planned_pct": "float64", "actual_pct": "float64"})
    frame["month"] = pd.to_datetime(frame["month"]).astype("datetime64[s]")
    keys = pd.DataFrame(list(cells), columns=["task_code", "region_code"], dtype="str")
    return progress_by_month(frame, keys, tasks, month=date(2020, 8, 1))


def _found(tasks: pd.DataFrame, cells: dict[tuple[str, str], tuple[float | None, ...]]) -> pd.DataFrame:
    return task_weak_links(_progress(tasks, cells), tasks, NAMES, as_of=AS_OF)


def _one_cell(*reports: float | None) -> pd.DataFrame:
    """Find what is wrong with one cell among five that are fine: too few for a whole task."""
    cells = {("T1", town): FINE for town in TOWNS[1:]}
    return _found(ONE, {("T1", "甲"): reports, **cells})


def _told(found: pd.DataFrame) -> list[tuple[str, int, str, str]]:
    return list(found[["kind", "severity", "evidence", "since_said"]].itertuples(index=False, name=None))


def test_a_cell_on_schedule_is_no_weak_link() -> None:
    found = _one_cell(*FINE)
    assert list(found.columns) == list(WEAK_LINKS)
    assert found.empty


def test_a_red_cell_is_grave_since_it_turned_red() -> None:
    found = _one_cell(20, 35, 50, 65)
    assert _told(found) == [("red", 3, "计划80%、实际65%，落后15个百分点", "2020年7月起（2个月）")]
    row = found.iloc[0]
    assert (row["reference"], row["subject"]) == ("cell:T1:甲", "甲镇：1 任务")
    assert (row["owner"], row["since"], row["size"]) == ("县信访局、甲镇党委书记", pd.Timestamp("2020-07-01"), 15.0)
    assert (row["region_code"], row["regions"], row["task_code"], row["lead_department_code"]) == (
        "甲",
        "甲",
        "T1",
        "D1",
    )


def test_an_overdue_cell_says_its_day_and_comes_before_those_behind() -> None:
    tasks = _tasks(("T1", "township", "D1", "2020-07-30"))
    found = _found(tasks, {("T1", "甲"): (20, 40, 60, 90), **{("T1", town): (100,) * 4 for town in TOWNS[1:]}})
    assert _told(found) == [("red", 3, "7月30日已到期，完成90%", "2020年7月起（2个月）")]
    assert found["size"].tolist() == [90.0]  # 80 planned, 90 done: 10 ahead, and 100 for being overdue


@pytest.mark.parametrize(
    ("reports", "months"), [((15, 35, 55, 75), 4), ((20, 35, 55, 75), 3), ((20, 40, 55, 75), None)]
)
def test_a_yellow_cell_is_one_only_after_three_months(reports: tuple[float, ...], months: int | None) -> None:
    found = _one_cell(*reports)
    if months is None:
        assert found.empty
    else:
        start = f"2020年{9 - months}月起（{months}个月）"
        said = f"连续{months}个月未达序时：计划80%、实际75%，落后5个百分点"
        assert _told(found) == [("long_behind", 2, said, start)]


def test_a_cell_long_behind_counts_its_red_and_silent_months_too() -> None:
    assert _told(_one_cell(20, None, 45, 75))[0][3] == "2020年6月起（3个月）"


def test_silence_is_to_be_watched_and_grave_the_second_month() -> None:
    assert _told(_one_cell(20, 40, 60, None)) == [
        ("unreported", 1, "8月未报送，最近一次报送为60%（本月计划80%）", "2020年8月起（1个月）")
    ]
    assert _told(_one_cell(20, 40, None, None)) == [
        ("unreported", 3, "7月、8月未报送，最近一次报送为40%（本月计划80%）", "2020年7月起（2个月）")
    ]
    assert _told(_one_cell(None, None, None, None))[0][2] == "5月、6月、7月、8月未报送，最近一次报送为0%（本月计划80%）"


def test_a_cell_stalls_after_two_months_without_progress() -> None:
    assert _told(_one_cell(20, 75, 75, 75)) == [
        ("stalled", 2, "2个月没有进展，停在75%（本月计划80%）", "2020年7月起（2个月）")
    ]
    assert _one_cell(20, 40, 75, 75).empty  # one month
    assert _one_cell(20, 75, 75, 76).empty


def test_a_silent_or_finished_cell_has_not_stalled() -> None:
    assert _told(_one_cell(20, 75, 75, None))[0][0] == "unreported"
    assert _one_cell(100, 100, 100, 100).empty


def test_a_cell_that_waits_as_planned_has_not_stalled() -> None:
    still = _progress(ONE, {("T1", "甲"): (20, 30, 30, 30), **{("T1", town): FINE for town in TOWNS[1:]}})
    still.planned.iloc[0] = (20.0, 30.0, 30.0, 30.0)
    assert task_weak_links(still, ONE, NAMES, as_of=AS_OF).empty


def test_a_red_cell_that_has_stalled_comes_twice_and_is_listed_once() -> None:
    found = _one_cell(20, 40, 40, 40)
    assert found["kind"].tolist() == ["red", "stalled"]
    (row,) = ranked([found]).to_dict("records")
    assert (row["kind"], row["kinds"], row["severity"]) == ("red", "red,stalled", 3)
    assert row["evidence"] == "计划80%、实际40%，落后40个百分点；2个月没有进展，停在40%（本月计划80%）"


def test_a_task_behind_in_a_third_of_its_townships_is_the_problem() -> None:
    tasks = _tasks(("T1", "township", "D1", "2020-12-31"), ("T2", "township", "D2", "2020-12-31"))
    low: tuple[float | None, ...] = (20, 40, 60, 79)
    cells = {("T1", town): FINE for town in TOWNS} | {("T2", town): FINE for town in TOWNS}
    cells |= {("T1", "甲"): (20, 40, 60, 70), ("T1", "乙"): low, ("T1", "丙"): (20, 40, 60, None)}
    cells |= {("T2", "丁"): low, ("T2", "戊"): low}  # two are less than three
    (row,) = (row for row in _found(tasks, cells).to_dict("records") if row["reference"].startswith("task:"))
    assert (row["reference"], row["kind"], row["severity"]) == ("task:T1", "whole_task", 2)
    assert row["evidence"] == "6个乡镇（街道）中3个未达序时：严重滞后1、滞后1、未报送1"
    assert (row["since_said"], row["owner"], row["regions"]) == ("2020年8月起（1个月）", "县信访局", "甲,乙,丙")
    assert (row["size"], row["region_code"], row["task_code"]) == (0.5, "", "T1")


def test_a_whole_task_is_grave_when_a_third_is_red() -> None:
    red: tuple[float | None, ...] = (20, 25, 45, 60)
    cells = {("T1", town): FINE for town in TOWNS} | {("T1", town): red for town in "甲乙"}
    found = _found(ONE, cells | {("T1", "丙"): (20, 40, 55, 75)})
    row = found[found["kind"] == "whole_task"].iloc[0]
    assert (row["severity"], row["evidence"]) == (3, "6个乡镇（街道）中3个未达序时：严重滞后2、滞后1")
    assert row["since"] == pd.Timestamp("2020-07-01")  # in June two alone


def test_a_township_behind_in_a_third_of_its_tasks_is_the_problem() -> None:
    tasks = _tasks(
        *((f"T{i}", "township", "D1", "2020-12-31") for i in range(1, 8)), ("T8", "county", "D1", "2020-12-31")
    )
    low: tuple[float | None, ...] = (20, 40, 60, 75)
    cells = {(f"T{i}", town): FINE for i in range(1, 8) for town in "甲乙"} | {("T8", "县"): low}
    cells |= {(f"T{i}", "甲"): low for i in range(1, 4)}
    rows = _found(tasks, cells)
    (row,) = rows[rows["kind"] == "whole_township"].to_dict("records")
    assert (row["reference"], row["subject"], row["owner"]) == ("township:甲", "甲镇", "甲镇党委书记")
    assert (row["evidence"], row["severity"]) == ("7项已启动任务中3项未达序时：滞后3", 2)
    assert (row["region_code"], row["regions"], row["task_code"]) == ("甲", "甲", "")


def test_cells_of_a_whole_task_or_township_are_not_repeated() -> None:
    rows = [
        {"reference": "task:T1", "kind": "whole_task", "severity": 2, "size": 0.5, "task_code": "T1"},
        {"reference": "township:甲", "kind": "whole_township", "severity": 2, "size": 0.5, "region_code": "甲"},
        {"reference": "cell:T1:乙", "kind": "red", "severity": 3, "size": 20.0, "task_code": "T1", "region_code": "乙"},
        {"reference": "cell:T2:甲", "kind": "red", "severity": 3, "size": 20.0, "task_code": "T2", "region_code": "甲"},
        {"reference": "cell:T2:乙", "kind": "red", "severity": 3, "size": 11.0, "task_code": "T2", "region_code": "乙"},
        {"reference": "backlog:甲", "kind": "overdue", "severity": 3, "size": 1.0, "region_code": "甲"},
    ]
    assert ranked([findings(rows)])["reference"].tolist() == ["cell:T2:乙", "backlog:甲", "task:T1", "township:甲"]


def test_what_is_due_within_fifteen_days_is_told_task_by_task() -> None:
    tasks = _tasks(
        ("T1", "township", "D1", "2020-09-15"), ("T2", "township", "D1", "2020-09-16"),
        ("T3", "county", "D2", "2020-08-31"), ("T4", "township", "D1", "2020-09-15"),
    )  # fmt: skip
    cells = {("T1", "甲"): (20, 40, 60, 85), ("T1", "乙"): (20, 40, 60, 100), ("T1", "丙"): (20, 40, 60, 79)}
    cells |= {("T2", town): FINE for town in TOWNS} | {("T3", "县"): (20, 40, 60, 85), ("T4", "甲"): (100,) * 4}
    found = _found(tasks, cells)
    due = found[found["kind"] == "due_soon"].set_index("task_code")
    assert due["evidence"].to_dict() == {
        "T1": "9月15日到期，还剩15天，3个乡镇（街道）中2个未完成，平均完成88%",
        "T3": "8月31日到期，就在当天，平均完成85%",
    }
    assert due["severity"].to_dict() == {"T1": 2, "T3": 1}  # one of the cells of T1 is behind
    assert due["regions"].to_dict() == {"T1": "甲,丙", "T3": ""}
    assert due.loc["T1", "since_said"] == "8月31日进入15天内"


def test_a_run_counts_back_from_the_last_month() -> None:
    flags = np.array([[True, True, True], [True, False, True], [True, True, False], [False, False, False]])
    assert run_lengths(flags).tolist() == [3, 1, 0, 0]


BACKLOG = pd.DataFrame(
    {
        "township_code": ["甲", "乙", "丙"],
        "open": [7, 3, 2],
        "overdue": [3, 1, 0],
        "aged": [5, 0, 1],
        "long_aged": [1, 0, 0],
        "department_overdue": [1, 1, 0],
        "department_aged": [0, 0, 0],
        "overdue_on": pd.to_datetime(["2020-03-16", "2020-08-30", None]),
        "oldest_on": pd.to_datetime(["2020-01-16", None, "2020-06-01"]),
    }
)
OTHERS = pd.DataFrame(
    {
        "township_code": ["甲", "甲", "乙"],
        "stream": ["petition", "event", "risk"],
        "open": [20, 6, 4],
        "overdue": [1, 2, 1],
        "overdue_from": pd.to_datetime(["2020-06-01", "2019-12-30", None]),
    }
)


def test_overdue_and_old_backlog_is_told_with_its_numbers() -> None:
    found = case_weak_links(BACKLOG, OTHERS.head(0), NAMES, as_of=AS_OF)
    assert _told(found) == [
        ("overdue", 3, "全部未化解信访积案7件中3件超期（县级机关主办1件）", "3月17日起"),
        ("ageing", 3, "5件交办超过90天，其中1件超过180天", "4月16日起"),
        ("overdue", 3, "全部未化解信访积案3件中1件超期（县级机关主办1件）", "8月31日起"),
        ("ageing", 2, "全部未化解信访积案2件中1件交办超过90天", "8月31日起"),
    ]
    assert found["owner"].tolist() == ["甲镇党委书记", "甲镇党委书记", "县级机关主办单位", "丙镇党委书记"]
    assert ranked([found])["reference"].tolist() == ["backlog:甲", "backlog:乙", "backlog:丙"]


def test_other_streams_are_told_together_by_township() -> None:
    found = case_weak_links(BACKLOG.head(0), OTHERS, NAMES, as_of=AS_OF)
    assert _told(found) == [
        ("overdue", 2, "26件未办结事项中3件超期（超期/未办结：信访事项1/20、治理事件2/6）", "2019年12月30日以来一直有"),
        ("overdue", 1, "4件未办结事项中1件超期（超期/未办结：风险隐患1/4）", "—"),
    ]
    assert found["stream"].tolist() == ["event", "risk"]
    assert found["reference"].tolist() == ["streams:甲", "streams:乙"]


def _rows(*rows: tuple[str, str, int, float]) -> pd.DataFrame:
    columns = ("reference", "kind", "severity", "size")
    return findings([dict(zip(columns, row, strict=True)) for row in rows])


def test_worst_first_then_kind_then_size_then_name() -> None:
    found = _rows(
        ("c", "red", 3, 10.0), ("a", "due_soon", 1, 90.0), ("b", "red", 3, 20.0), ("e", "overdue", 3, 9.0),
        ("d", "red", 3, 10.0), ("f", "whole_task", 2, 0.5),
    )  # fmt: skip
    assert ranked([found])["reference"].tolist() == ["b", "c", "d", "e", "f", "a"]


def test_a_meeting_hears_two_of_a_kind_while_there_are_others() -> None:
    many = ranked([_rows(*((f"r{i:02d}", "red", 3, 50.0 - i) for i in range(12)), ("w", "signal", 2, 1.0))])
    assert foremost(many, 4)["reference"].tolist() == ["r00", "r01", "r02", "w"]
    assert len(foremost(many)) == 10
    assert foremost(many.head(0)).empty


def test_townships_kinds_and_departments_choose_without_changing_anything() -> None:
    rows = [
        {
            "reference": "task:T1",
            "kind": "whole_task",
            "task_code": "T1",
            "regions": "甲,乙",
            "lead_department_code": "D1",
        },
        {"reference": "cell:T2:丙", "kind": "red", "task_code": "T2", "regions": "丙", "lead_department_code": "D2"},
        {"reference": "cell:T3:县", "kind": "red", "task_code": "T3", "regions": "", "lead_department_code": "D1"},
    ]
    found = ranked([findings([{"severity": 3, "size": 1.0, **row} for row in rows])])
    assert len(chosen(found)) == 3
    assert chosen(found, townships={"乙"})["reference"].tolist() == ["task:T1"]
    assert chosen(found, townships={"丙", "丁"})["reference"].tolist() == ["cell:T2:丙"]
    assert chosen(found, kinds=["red", "stalled"])["reference"].tolist() == ["cell:T2:丙", "cell:T3:县"]
    assert chosen(found, department="D1")["reference"].tolist() == ["task:T1", "cell:T3:县"]
    assert chosen(found, townships=set()).empty


def test_the_finding_counts_by_severity() -> None:
    found = _rows(("a", "red", 3, 1.0), ("b", "red", 3, 1.0), ("c", "due_soon", 1, 1.0))
    assert weak_links_finding(found, where="全县") == "全县薄弱环节3个：严重2个、关注1个"
    assert weak_links_finding(found.head(0), where="甲镇") == "甲镇没有薄弱环节"


def test_silence_counts_what_has_neither_countermeasure_nor_decision() -> None:
    found = _rows(("a", "red", 3, 1.0), ("b", "red", 3, 1.0), ("c", "red", 3, 1.0), ("d", "red", 3, 1.0))
    told = found.assign(
        bottleneck="", leaders=["", "镇长2件", "", ""], countermeasure=["未提出对策", "未提出对策", "增派人手", ""],
        decided=["", "9月10日前办结（镇长，办理中）", "", ""], owner="镇长",
    )  # fmt: skip
    assert silence_line(told) == "其中1个未提出对策、也没有议定事项。"
    assert silence_line(told.tail(2)) == ""
    rows = weak_link_rows(told)
    assert rows["measure"].tolist() == ["未提出对策", "未提出对策", "增派人手", OPEN_TO_OWN]
    assert rows["owner"].tolist() == ["镇长", "镇长；包案领导：镇长2件", "镇长", "镇长"]
    assert rows[["place", "weight_word", "kind_word"]].iloc[0].tolist() == [1, "严重", "红灯"]


def test_the_first_responsible_is_named_by_post() -> None:
    assert head_post("天马街道", "街道") == "天马街道党工委书记"
    assert (head_post("招贤镇", "镇"), head_post("何家乡", "乡")) == ("招贤镇党委书记", "何家乡党委书记")
