from datetime import date

import pandas as pd

from analysis.reminders import Why, by_department, by_township, reminders, reminders_finding

AS_OF = date(2020, 8, 31)
PLACES = {"甲": "甲镇", "乙": "乙乡"}
COLUMNS = ["number", "region_code", "lead", "light", "planned", "actual", "last", "due_on"]


def _matrix(*rows: tuple[object, ...]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return pd.DataFrame(
        {
            "task_code": "T" + frame["number"].astype("str"),
            "region_code": frame["region_code"],
            "number": frame["number"],
            "title": "任务",
            "lead_department_code": frame["lead"],
            "light": frame["light"],
            "planned_pct": frame["planned"].astype("float64"),
            "actual_pct": frame["actual"].astype("float64"),
            "last_actual_pct": frame["last"].astype("float64"),
            "due_on": pd.to_datetime(frame["due_on"]).astype("datetime64[s]"),
        }
    )


MATRIX = _matrix(
    (1, "甲", "D1", "overdue", 100, 80, 80, "2020-08-30"),
    (1, "乙", "D1", "done", 100, 100, 100, "2020-08-30"),
    (2, "甲", "D2", "overdue", 100, None, 60, "2019-12-31"),  # late and silent: twice
    (3, "甲", "D2", "unreported", 50, None, 30, "2020-12-31"),
    (3, "乙", "D2", "unreported_again", 50, None, None, "2020-12-31"),
    (4, "甲", "D2", "due_soon", 80, 90, 90, "2020-09-15"),  # the last day of the fifteen
    (4, "乙", "D2", "due_soon", 80, 90, 90, "2020-09-16"),
    (5, "乙", "D2", "behind", 80, 70, 70, "2020-08-31"),  # due on the day itself
    (6, "乙", "D2", "not_started", 0, None, None, "2020-09-10"),
    (7, "330822", "D1", "unreported", 50, None, 37, "2020-12-31"),  # the county's own
    (8, "乙", "D1", "on_track", 50, 60, 60, None),
)


def _told(rows: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(rows[["why", "task", "place"]].itertuples(index=False, name=None))


def test_each_reason_takes_exactly_its_cells() -> None:
    assert _told(reminders(MATRIX, PLACES, as_of=AS_OF)) == [
        ("overdue", "1 任务", "甲镇"),
        ("overdue", "2 任务", "甲镇"),
        ("unreported", "2 任务", "甲镇"),
        ("unreported", "3 任务", "甲镇"),
        ("unreported", "3 任务", "乙乡"),
        ("unreported", "7 任务", "县级"),
        ("due", "4 任务", "甲镇"),
        ("due", "5 任务", "乙乡"),
    ]


def test_each_row_says_how_far_it_is_and_how_long_is_left() -> None:
    rows = reminders(MATRIX, PLACES, as_of=AS_OF)
    assert rows["progress"].tolist() == [
        "计划100%、完成80%", "计划100%、最近一次报送60%", "计划100%、最近一次报送60%", "计划50%、最近一次报送30%",
        "计划50%、最近一次报送0%", "计划50%、最近一次报送37%", "计划80%、完成90%", "计划80%、完成70%",
    ]  # fmt: skip
    assert rows["deadline"].tolist() == [
        "8月30日（逾期1天）", "2019年12月31日（逾期244天）", "2019年12月31日（逾期244天）", "12月31日（还剩122天）",
        "12月31日（还剩122天）", "12月31日（还剩122天）", "9月15日（还剩15天）", "8月31日（当天到期）",
    ]  # fmt: skip


def test_departments_answer_for_what_they_lead_and_townships_for_their_own() -> None:
    rows = reminders(MATRIX, PLACES, as_of=AS_OF)
    departments = by_department(rows, {"D1": "县信访局"})
    assert [(unit.code, unit.name, unit.counts) for unit in departments] == [
        ("D1", "县信访局", "逾期1项次、未报1项次"),
        ("D2", "D2", "逾期1项次、未报3项次、15天内到期2项次"),
    ]
    townships = by_township(rows, {"丙": "丙镇", "乙": "乙乡", "甲": "甲镇"})
    assert [(unit.name, unit.counts) for unit in townships] == [
        ("乙乡", "未报1项次、15天内到期1项次"),
        ("甲镇", "逾期2项次、未报2项次、15天内到期1项次"),
    ]
    assert set(townships[0].rows["region_code"]) == {"乙"}


def test_the_finding_names_every_reason_even_where_there_is_none() -> None:
    rows = reminders(MATRIX, PLACES, as_of=AS_OF)
    assert reminders_finding(rows, date(2020, 8, 1)) == (
        "2020年8月任务进度：逾期2项次、未报4项次、15天内到期2项次（25日前应报送）"
    )
    nothing = reminders(MATRIX.head(0), PLACES, as_of=AS_OF)
    assert reminders_finding(nothing, date(2020, 8, 1)).startswith("2020年8月任务进度：逾期0项次、未报0项次")
    assert by_department(nothing, {}) == by_township(nothing, PLACES) == []
    assert set(Why) == {"overdue", "unreported", "due"}
