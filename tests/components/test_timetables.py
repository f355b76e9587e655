from datetime import date

import pandas as pd

from analysis.milestones import STEPS
from components.charts import milestone_chart, task_progress_chart, timetable_chart

AS_OF, DUE = date(2020, 8, 31), date(2020, 10, 31)
STEPS_SHOWN = pd.DataFrame(
    {
        "step": ["成立", "验收"],
        "begins_on": pd.to_datetime(["2020-05-06", "2020-06-30"]),
        "due_on": pd.to_datetime(["2020-06-30", "2020-10-31"]),
        "said": ["已完成（6月30日）", "未到期（10月31日）"],
        "word": ["已完成", "未到期"],
        "shape": ["✓", "○"],
        "row": [0, 0],
        "task": ["1 甲", "1 甲"],
    }
)
BOOKS = pd.DataFrame(
    {
        "row": [0],
        "label": ["【组】1 甲"],
        "starts_on": pd.to_datetime(["2020-05-06"]),
        "due_on": pd.to_datetime(["2020-10-31"]),
    }
)


def _rows(spec, name):
    return [row for rows in spec["datasets"].values() for row in rows if name in row]


def _marks(spec):
    """Return every mark of a chart with its encoding, nested layers included."""
    for layer in spec["layer"]:
        yield from _marks(layer) if "layer" in layer else [layer]


def _colours(spec):
    return [m["encoding"]["color"] for m in _marks(spec) if "color" in m["encoding"]]


def test_a_task_s_timetable_has_today_and_its_due_day_as_named_lines() -> None:
    spec = milestone_chart(STEPS_SHOWN, as_of=AS_OF, due_on=DUE, finding="").to_dict()
    assert [row["said"] for row in _rows(spec, "day")] == ["截至8月31日", "完成时限10月31日"]
    assert [m["mark"]["type"] for m in _marks(spec)].count("rule") == 2
    without = milestone_chart(STEPS_SHOWN, as_of=AS_OF, due_on=None, finding="").to_dict()
    assert [row["said"] for row in _rows(without, "day")] == ["截至8月31日"]


def test_a_milestone_says_its_state_with_shape_and_word_beside_its_colour() -> None:
    spec = milestone_chart(STEPS_SHOWN, as_of=AS_OF, due_on=DUE, finding="").to_dict()
    assert [row["text"] for row in _rows(spec, "text")] == ["✓ 成立　已完成（6月30日）", "○ 验收　未到期（10月31日）"]
    (colour,) = _colours(spec)
    assert colour["scale"]["domain"] == [mark.word for mark in STEPS.values()]


def test_the_timetable_of_all_tells_states_by_shape_as_well_as_colour() -> None:
    spec = timetable_chart(BOOKS, STEPS_SHOWN, as_of=AS_OF, finding="").to_dict()
    (points,) = (m for m in _marks(spec) if m["mark"]["type"] == "point")
    assert points["encoding"]["shape"]["scale"]["domain"] == points["encoding"]["color"]["scale"]["domain"]
    assert len(set(points["encoding"]["shape"]["scale"]["range"])) == len(STEPS)
    assert [row["said"] for row in _rows(spec, "day")] == ["截至8月31日"]
    assert "【组】1 甲" in [row["label"] for row in _rows(spec, "label")]


def test_plan_and_actual_run_from_0_to_100_and_differ_without_colour() -> None:
    rows = pd.DataFrame({"month": ["7月", "8月"], "planned_pct": [50.0, 65.0], "actual_pct": [45.0, float("nan")]})
    spec = task_progress_chart(rows, finding="").to_dict()
    for layer in spec["layer"]:
        assert layer["encoding"]["y"]["scale"]["domain"] == [0, 100]
        assert layer["encoding"]["strokeDash"]["scale"]["range"] == [[6, 4], [1, 0]]
        assert layer["encoding"]["color"]["scale"]["domain"] == ["计划进度", "实际进度"]
        assert layer["encoding"]["x"]["sort"] is None
