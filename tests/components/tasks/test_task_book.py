import re
from html import unescape

import pandas as pd

from analysis.milestones import STEPS
from analysis.task_book import NO_COUNTERMEASURE, task_book
from components.kpi import multiples_html
from components.lights import light_word
from components.tables import csv_bytes
from components.tasks.task_book import (
    choosable,
    countermeasure_mark,
    facts_html,
    region_columns,
    step_mark,
    task_ways_html,
    township_multiples,
)

JULY, AUGUST = pd.Timestamp(2020, 7, 1), pd.Timestamp(2020, 8, 1)
FACTS = pd.DataFrame(
    {"code": ["T28", "T29", "T30"], "number": [28, 29, 30], "title": ["甲", "<b>乙", "丙"], "work_group": "智慧支撑"}
).assign(lead="县大数据中心", scope="township")
CELLS = pd.DataFrame(
    [
        ("T29", "1", JULY, 50.0, 40.0, "far_behind"),
        ("T29", "1", AUGUST, 65.0, 66.0, "made_up"),
        ("T29", "2", JULY, 50.0, 50.0, "on_track"),
        ("T29", "2", AUGUST, 65.0, float("nan"), "unreported"),
    ],
    columns=["task_code", "region_code", "month", "planned_pct", "actual_pct", "light"],
)
TEXTS = pd.DataFrame(columns=["region_code", "month", "planned_work", "bottleneck", "countermeasure"])
BOOK = task_book(FACTS.to_dict("records")[1], CELLS, CELLS, CELLS, TEXTS, {"1": "天马", "2": "白石"})
FILTERS = {"as_of": "2020-08-31", "work_group": ["智慧支撑"]}


def test_a_township_s_cell_shows_its_light_and_leads_to_its_page() -> None:
    first, second = township_multiples(BOOK, filters=FILTERS)
    assert (first.name, first.now, second.now) == ("天马", "66%", "未报")
    assert first.history == (40, 66)
    assert first.plan == (50, 65)
    html = unescape(multiples_html([first, second]))
    assert "已补齐" in html
    assert "未报送" in html
    assert 'href="task?task=T29&as_of=2020-08-31&work_group=%E6%99%BA%E6%85%A7%E6%94%AF%E6%92%91&township=%E5' in html


def test_the_table_by_region_has_a_column_of_lights_for_each_month() -> None:
    columns = region_columns(BOOK)
    assert [c.heading for c in columns] == [
        "乡镇（街道）", "7月", "8月", "计划 / 实际", "瓶颈性问题", "对策措施"
    ]  # fmt: skip
    assert columns[1].field == "2020-07"
    assert columns[1].csv is light_word


def test_a_download_of_the_table_has_words_not_markup() -> None:
    rows = pd.DataFrame([{"region": "天马", "2020-07": "far_behind", "2020-08": "made_up", "progress": "65% / 66%",
                          "bottleneck": "", "countermeasure": NO_COUNTERMEASURE}])  # fmt: skip
    text = csv_bytes(rows, region_columns(BOOK)).decode("utf-8-sig")
    assert "严重滞后,已补齐,65% / 66%,,未提出对策" in text.replace('""', "")
    assert "<" not in text


def test_that_there_is_no_countermeasure_stands_out_and_texts_are_escaped() -> None:
    assert countermeasure_mark(NO_COUNTERMEASURE) == '<span class="light yellow">▲ 未提出对策</span>'
    assert countermeasure_mark("<script>") == "&lt;script&gt;"


def test_the_ways_lead_to_the_list_and_the_neighbours_with_the_filters() -> None:
    html = task_ways_html(FACTS, "T29", filters=FILTERS)
    links = [unescape(a) for a in re.findall(r'href="([^"]+)"', html)]
    assert [link.split("&")[0].removeprefix("task?") for link in links] == [
        "tasks?as_of=2020-08-31", "as_of=2020-08-31", "task=T28", "task=T30"
    ]  # fmt: skip
    assert all("work_group=" in link for link in links)
    assert "Ctrl+P" in html
    assert "上一项" not in task_ways_html(FACTS, "T28", filters={})
    assert "下一项" not in task_ways_html(FACTS, "T30", filters={})


def test_facts_are_escaped() -> None:
    fact = dict.fromkeys(("objective", "measure", "lead", "responsible", "work_group"), "<i>")
    html = facts_html({**fact, "weight": 3.0, "starts_on": pd.NaT, "due_on": pd.NaT, "origin": "演"})
    assert "<i>" not in html
    assert html.count("&lt;i&gt;") == 5
    assert "演示数据" in html


def test_the_tasks_to_choose_from_have_their_addresses() -> None:
    summary = pd.DataFrame(
        {"task_code": ["T29"], "number": [29], "title": ["乙"], "planned_pct": [65.0], "actual_pct": [53.2]}
    ).assign(light="far_behind")
    (row,) = choosable(summary, FACTS, filters={"as_of": "2020-08-31"}).to_dict("records")
    assert row["linked"] == ("29 乙", "task?task=T29&as_of=2020-08-31")
    assert row["progress"] == "65% / 53%"
    assert row["lead"] == "县大数据中心"


def test_a_milestone_s_state_has_word_shape_and_colour() -> None:
    for state, mark in STEPS.items():
        html = step_mark(state)
        assert mark.word in html
        assert mark.shape in html
        assert f'class="light {mark.level}"' in html
