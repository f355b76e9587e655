"""A task in two townships, and a county task, on one page each: worked by hand."""

from math import nan

import pandas as pd
import pytest

from analysis.scope import Rights
from analysis.task_book import (
    MEAN,
    NO_COUNTERMEASURE,
    NOT_SHOWN,
    book_finding,
    chosen_fact,
    fact_rows,
    month_rows,
    neighbours,
    progress_finding,
    progress_points,
    readable,
    region_rows,
    rights_note,
    task_book,
    task_courses,
)

LABELS = {"甲": "天马", "乙": "白石"}
JULY, AUGUST, SEPTEMBER = (pd.Timestamp(2020, month, 1) for month in (7, 8, 9))
FACTS = pd.DataFrame(
    [
        ("T29", 29, "平台对接", "township", "D05", "智慧支撑", "县大数据中心", "提", 4.0),
        ("T34", 34, "风险防控", "county", "D05", None, None, "公", nan),
    ],
    columns=["code", "number", "title", "scope", "lead_department_code", "work_group", "lead", "origin", "weight"],
).assign(objective="全接通", measure=None, responsible="", starts_on=pd.Timestamp(2020, 5, 6), due_on=pd.NaT)
TASK, COUNTY_TASK = (chosen_fact(FACTS, code) for code in ("T29", "T34"))
CELLS = pd.DataFrame(
    [
        ("T29", "甲", JULY, 50.0, 50.0, "on_track"),
        ("T29", "甲", AUGUST, 65.0, 45.0, "far_behind"),
        ("T29", "乙", JULY, 50.0, 52.0, "on_track"),
        ("T29", "乙", AUGUST, 65.0, nan, "unreported"),
        ("T34", "C", JULY, 40.0, 40.0, "on_track"),
        ("T34", "C", AUGUST, 55.0, 55.0, "on_track"),
    ],
    columns=["task_code", "region_code", "month", "planned_pct", "actual_pct", "light"],
)
WHOLE = pd.DataFrame(
    [
        ("T29", JULY, 50.0, 51.0, "on_track"),
        ("T29", AUGUST, 65.0, 48.5, "far_behind"),
        ("T34", AUGUST, 55.0, 55.0, "on_track"),
    ],
    columns=["task_code", "month", "planned_pct", "actual_pct", "light"],
)  # fmt: skip
PLANS = pd.DataFrame(
    {
        "region_code": [*"甲甲甲乙乙乙"],
        "month": [JULY, AUGUST, SEPTEMBER] * 2,
        "planned_pct": [50.0, 65, 80, 50, 65, 90],
    }
)
TEXTS = pd.DataFrame(
    [
        ("甲", JULY, "接口联调", "七月的事", "七月的对策"),
        ("甲", AUGUST, "试运行", "接口未开放", None),
        ("乙", AUGUST, "试运行", None, None),
        ("乙", SEPTEMBER, "全面对接", None, None),
        ("甲", SEPTEMBER, "验收", None, None),
    ],
    columns=["region_code", "month", "planned_work", "bottleneck", "countermeasure"],
).astype({"planned_work": "str", "bottleneck": "str", "countermeasure": "str"})


def _book(fact=TASK, labels=LABELS, texts=TEXTS):
    return task_book(fact, CELLS, WHOLE, PLANS, texts, labels)


def test_the_county_s_page_says_the_mean_and_names_the_red() -> None:
    assert _book().place == MEAN
    said = book_finding(_book())
    assert said == "全县平均8月计划65%、实际48.5%，落后16.5个百分点，严重滞后；2个乡镇（街道）中红灯1个：天马"


def test_without_red_the_finding_says_so() -> None:
    calm = task_book(TASK, CELLS.assign(light="on_track"), WHOLE, PLANS, TEXTS, LABELS)
    assert book_finding(calm).endswith("2个乡镇（街道）没有红灯")


def test_one_township_s_page_is_about_it_alone() -> None:
    book = _book(labels={"乙": "白石"})
    assert book_finding(book) == "白石8月计划65%、未报送，未报送"
    assert set(book.cells["region"]) == {"白石"}
    assert set(book.texts["region_code"]) == {"乙"}
    assert book.plan["planned_pct"].tolist() == [50, 65, 90]


def test_a_county_task_is_about_the_county_whatever_is_chosen() -> None:
    book = task_book(COUNTY_TASK, CELLS, WHOLE, PLANS.assign(region_code="C"), TEXTS, {"乙": "白石"})
    assert book.is_county
    assert book_finding(book) == "县级8月计划55%、实际55%，与计划持平，正常"


def test_a_task_without_a_plan_has_no_book() -> None:
    assert task_book(TASK, CELLS, WHOLE, PLANS, TEXTS, {"丙": "何家"}) is None
    assert task_book(chosen_fact(FACTS.assign(code="T99"), "T99"), CELLS, WHOLE, PLANS, TEXTS, LABELS) is None


def test_the_chart_runs_over_the_year_and_the_actual_stops_at_the_month() -> None:
    points = progress_points(_book())
    assert points["month"].tolist() == ["7月", "8月", "9月"]
    assert points["planned_pct"].tolist() == [50, 65, 85]
    assert points["actual_pct"].tolist()[:2] == [51, 48.5]
    assert pd.isna(points["actual_pct"].iloc[2])


def test_over_two_years_the_months_name_theirs() -> None:
    longer = pd.concat([PLANS, PLANS.assign(month=pd.Timestamp(2021, 1, 1))])
    assert progress_points(task_book(TASK, CELLS, WHOLE, longer, TEXTS, LABELS))["month"].tolist()[-1] == "21年1月"


@pytest.mark.parametrize("labels", [LABELS, {"乙": "白石"}, {"丙": "何家"}])
def test_the_courses_of_all_tasks_are_those_of_their_books(labels) -> None:
    facts = pd.concat([FACTS.iloc[::-1], FACTS.assign(code=["T98", "T99"])])  # without a plan
    of_county = PLANS[PLANS["region_code"] == "甲"].assign(
        region_code="C", month=PLANS["month"] + pd.DateOffset(years=1)
    )
    plans = {"T29": PLANS, "T34": pd.concat([PLANS.assign(region_code="C"), of_county]).drop_duplicates(["month"])}
    every = pd.concat([plan.assign(task_code=code) for code, plan in plans.items()])
    expected = []
    for code in ("T34", "T29"):
        book = task_book(chosen_fact(FACTS, code), CELLS, WHOLE, plans[code], TEXTS, labels)
        if book is not None:
            expected.append(progress_points(book).assign(task_code=code, place=book.place))
    found = task_courses(facts, CELLS, WHOLE, every, labels)
    pd.testing.assert_frame_equal(found, pd.concat(expected, ignore_index=True)[list(found)], check_dtype=False)
    assert len(found) == (9 if len(labels) > 1 or "乙" in labels else 6)


def test_regions_stand_with_their_lights_by_month_and_the_month_s_texts() -> None:
    rows = region_rows(_book(), may_read=None)
    assert rows["region"].tolist() == ["天马", "白石"]
    assert rows["2020-07"].tolist() == ["on_track", "on_track"]
    assert rows["2020-08"].tolist() == ["far_behind", "unreported"]
    assert rows["progress"].tolist() == ["65% / 45%", "65% / 未报"]
    assert rows["bottleneck"].tolist() == ["接口未开放", ""], "July's text is not August's"
    assert rows["countermeasure"].tolist() == [NO_COUNTERMEASURE, ""], "only what is behind needs one"


def test_texts_beyond_the_rights_are_said_to_be_closed_never_to_be_missing() -> None:
    own = TEXTS[TEXTS["region_code"] == "乙"]
    rows = region_rows(_book(texts=own), may_read=frozenset({"乙"}))
    assert rows["countermeasure"].tolist() == [NOT_SHOWN, ""]
    assert rows["bottleneck"].tolist() == [NOT_SHOWN, ""]
    nobody = region_rows(_book(texts=own.head(0)), may_read=frozenset())
    assert set(nobody["bottleneck"]) == {NOT_SHOWN}


@pytest.mark.parametrize(
    ("rights", "codes"),
    [
        (Rights(), None),
        (Rights(department="D05"), None),
        (Rights(department="D04"), frozenset()),
        (Rights(townships=frozenset({"甲"})), frozenset({"甲"})),
    ],
)
def test_who_may_read_the_texts_of_a_task(rights: Rights, codes: frozenset[str] | None) -> None:
    assert readable(rights, TASK) == codes
    assert bool(rights_note(rights, TASK)) == (codes is not None)


def test_months_stand_with_the_work_in_words() -> None:
    rows = month_rows(_book())
    assert rows["work"].tolist() == ["接口联调", "试运行", "全面对接（1个）；验收（1个）"]
    assert rows["gap"].tolist()[:2] == [1, -16.5]
    assert rows["light"].tolist() == ["on_track", "far_behind", ""]
    assert month_rows(_book(texts=TEXTS.head(0)))["work"].tolist() == ["—"] * 3


def test_facts_say_what_is_not_filled_in() -> None:
    rows = dict(fact_rows(TASK))
    assert rows["目标要求"] == "全接通"
    assert rows["衡量标准"] == rows["责任单位"] == "—"
    assert rows["起止时间"] == "2020年5月6日至未定"
    assert rows["权重"] == "4"
    county = dict(fact_rows(COUNTY_TASK))
    assert county["专项组"] == "未分组"
    assert county["权重"] == county["牵头单位"] == "—"


def test_a_task_is_found_by_its_code_and_knows_its_neighbours() -> None:
    assert chosen_fact(FACTS, " t29 ")["title"] == "平台对接"
    assert chosen_fact(FACTS, "T3") is None
    assert chosen_fact(FACTS, "") is None
    assert neighbours(FACTS, "T29") == ("", "T34")
    assert neighbours(FACTS, "T34") == ("T29", "")


@pytest.mark.parametrize(
    ("actual", "said"),
    [
        ((10, 15, 25), "8月计划30%、实际25%，落后5个百分点，连续2个月落后"),
        ((10, 20, 25), "8月计划30%、实际25%，落后5个百分点"),
        ((5, None, 25), "8月计划30%、实际25%，落后5个百分点"),
        ((5, 15, None), "7月计划20%、实际15%，落后5个百分点，连续2个月落后"),
        ((10, 20, 30), "8月计划30%、实际30%，与计划持平"),
        ((0, 0, 0), "8月计划30%、实际0%，落后30个百分点，连续3个月落后"),
        ((None, None, None), "还没有报送实际进度"),
    ],
)
def test_the_chart_s_title_says_the_gap_and_since_when_it_lasts(actual: tuple[float | None, ...], said: str) -> None:
    rows = pd.DataFrame({"month": ["6月", "7月", "8月"], "planned_pct": [10.0, 20.0, 30.0], "actual_pct": actual})
    assert progress_finding(rows.astype({"actual_pct": "float64"})) == said


def test_a_task_of_no_month_has_nothing_reported() -> None:
    none = pd.DataFrame({"month": ["6月"], "planned_pct": [10.0], "actual_pct": [float("nan")]}).head(0)
    assert progress_finding(none) == "还没有报送实际进度"
