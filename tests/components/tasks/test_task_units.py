from math import nan

import pandas as pd

from analysis.lights import Light
from analysis.task_units import BY_GROUP, BY_LEAD
from components.tasks.task_units import (
    change_said,
    lights_mark,
    lights_said,
    linked_rows,
    linked_units,
    trend_mark,
    unit_columns,
    unit_export,
)

COUNTS = {Light.DONE: 0, Light.ON_TRACK: 3, Light.FAR_BEHIND: 1}


def test_lights_have_words_on_screen_and_in_the_download() -> None:
    html = lights_mark(COUNTS)
    assert "正常" in html
    assert "严重滞后" in html
    assert "已完成" not in html
    assert lights_said(COUNTS) == "正常3、严重滞后1"


def test_changes_have_a_direction_beside_their_number() -> None:
    assert [change_said(points) for points in (2.94, -4.5, 0.0, 0.04, nan)] == ["▲2.9", "▼4.5", "持平", "持平", ""]


def test_a_trend_is_a_line_with_its_last_change() -> None:
    html = trend_mark((0.5, 0.625))
    assert "<img" in html
    assert html.endswith("▲12.5</span>")
    assert trend_mark((0.5,)) == "—"


def test_a_unit_leads_to_its_tasks_with_the_filters() -> None:
    rows = pd.DataFrame({"unit": ["党建统领", "未分组"]})
    groups = linked_units(rows, by=BY_GROUP, filters={"as_of": "2020-08-31"})["linked"].tolist()
    assert groups == [
        ("党建统领", "tasks?as_of=2020-08-31&work_group=%E5%85%9A%E5%BB%BA%E7%BB%9F%E9%A2%86"),
        ("未分组", "tasks?as_of=2020-08-31"),
    ]
    (lead,) = linked_units(rows.head(1), by=BY_LEAD, filters={})["linked"]
    assert lead[1].startswith("tasks?department=")


def test_a_row_leads_to_its_task() -> None:
    rows = pd.DataFrame({"task_code": ["T29"], "task": ["29 甲"]})
    (linked,) = linked_rows(rows, filters={"township": ["招贤"]})["linked"]
    assert linked == ("29 甲", "task?task=T29&township=%E6%8B%9B%E8%B4%A4")


def test_the_columns_say_what_the_lights_count_and_the_download_is_plain() -> None:
    assert "任务亮灯" in [c.heading for c in unit_columns("专项组", is_filtered=False)]
    assert "亮灯（项次）" in [c.heading for c in unit_columns("专项组", is_filtered=True)]
    assert all(c.html is None for c in unit_export("专项组"))
