from datetime import date

import pandas as pd

from analysis.milestones import NEAR_DAYS, STEPS, Step, milestone_rows, road_map, road_map_title, steps_finding

AS_OF = date(2020, 8, 31)
FACTS = pd.DataFrame(
    [
        ("T01", 1, "三联", "2020-05-06", "党建统领", "县委组织部"),
        ("T02", 2, "无会日", "2020-06-01", "党建统领", "县委编办"),
    ],
    columns=["code", "number", "title", "starts_on", "work_group", "lead"],
).assign(starts_on=lambda frame: pd.to_datetime(frame["starts_on"]).astype("datetime64[s]"))
STEPS_READ = pd.DataFrame(
    [
        ("T01", "C", 1, "成立", "2020-06-30", "2020-07-03"),
        ("T01", "C", 2, "推进", "2020-08-30", None),
        ("T01", "C", 3, "检查", "2020-08-31", None),
        ("T01", "C", 4, "验收", "2020-09-15", None),
        ("T01", "C", 5, "总结", "2020-09-16", None),
        ("T02", "甲", 1, "启动", "2020-07-10", "2020-07-10"),
        ("T02", "甲", 2, "无期", None, None),
        ("T99", "C", 1, "别的任务", "2020-07-10", None),
    ],
    columns=["task_code", "region_code", "seq", "title", "due_on", "done_on"],
)
STEPS_READ[["due_on", "done_on"]] = STEPS_READ[["due_on", "done_on"]].apply(pd.to_datetime)
ROWS = milestone_rows(STEPS_READ, FACTS, {"甲": "天马"}, as_of=AS_OF)


def test_a_milestone_is_done_late_due_soon_or_open() -> None:
    assert ROWS["state"].tolist() == ["done", "late", "soon", "soon", "open", "done", "open"]
    assert ROWS["word"].tolist()[:3] == ["已完成", "逾期未完成", "临期"]


def test_what_is_said_names_the_day_and_the_delay() -> None:
    assert ROWS["said"].tolist() == [
        "已完成（7月3日，晚3天）", "逾期未完成（8月30日）", "临期（8月31日）", "临期（9月15日）", "未到期（9月16日）",
        "已完成（7月10日）", "未到期",
    ]  # fmt: skip


def test_a_milestone_begins_where_the_one_before_ends_and_the_first_with_the_task() -> None:
    begins = [day.date().isoformat() for day in ROWS["begins_on"].iloc[:6]]
    assert begins == ["2020-05-06", "2020-06-30", "2020-08-30", "2020-08-31", "2020-09-15", "2020-06-01"]


def test_a_township_s_own_milestone_bears_its_name_and_strange_tasks_fall_away() -> None:
    assert ROWS["step"].tolist()[4:] == ["总结", "启动（天马）", "无期（天马）"]
    assert set(ROWS["task"]) == {"1 三联", "2 无会日"}
    assert set(ROWS["lead"]) == {"县委组织部", "县委编办"}


def test_one_task_can_be_kept() -> None:
    only = milestone_rows(STEPS_READ, FACTS, {}, as_of=AS_OF, task="T02")
    assert only["title"].tolist() == ["启动", "无期"]


def test_a_road_map_shows_what_is_late_and_near_or_all() -> None:
    near = road_map(ROWS, as_of=AS_OF, is_whole=False)
    assert near["title"].tolist() == ["推进", "检查", "验收", "总结"]
    far = ROWS.assign(due_on=pd.Timestamp(AS_OF) + pd.Timedelta(days=NEAR_DAYS + 1))
    assert road_map(far, as_of=AS_OF, is_whole=False).empty
    whole = road_map(ROWS, as_of=AS_OF, is_whole=True)
    assert whole["title"].tolist()[:3] == ["成立", "启动", "推进"]
    assert len(whole) == 7
    assert road_map_title(near, is_whole=False) == "路线图：逾期和31天内到期的里程碑（4个）"
    assert road_map_title(whole, is_whole=True) == "路线图：全部里程碑（7个）"


def test_the_finding_counts_each_state_and_drops_zeros() -> None:
    assert steps_finding(ROWS) == "里程碑7个：已完成2、逾期未完成1、临期2、未到期2"
    assert steps_finding(ROWS[ROWS["state"] == Step.DONE]) == "里程碑2个：已完成2"
    assert steps_finding(ROWS.head(0)) == "没有里程碑"


def test_every_state_has_its_own_word_and_shape() -> None:
    assert len({mark.word for mark in STEPS.values()}) == len({mark.shape for mark in STEPS.values()}) == len(Step)


def test_no_milestones_keep_the_columns() -> None:
    empty = milestone_rows(STEPS_READ.head(0), FACTS, {}, as_of=AS_OF)
    assert empty.empty
    assert {"step", "said", "begins_on", "state", "word", "shape"} <= set(empty.columns)
