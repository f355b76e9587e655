"""The frames behind a meeting's charts and tables: counted anew from the demo county, and worded at their edges."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analysis.lights import Light
from analysis.meeting.frames import (
    TO_BE_SET,
    age_rows,
    aged_rows,
    asked_rows,
    day_or,
    focus_townships,
    key_figures,
    reached_rows,
    said_values,
    score_rows,
    stream_rows,
    township_rows,
    weakest_kpis,
    with_deadlines,
)
from analysis.meeting.material import Material
from analysis.meeting.task_frames import (
    CALM,
    cell_rows,
    group_rows,
    lights_by_group,
    pressing_tasks,
    red_by_group,
    task_rows,
)
from database.engine import reading_engine
from tests.queries.test_meeting import QIUCHUAN, read_material


@pytest.fixture(scope="module")
def material(demo_url: str) -> Material:
    engine = reading_engine(demo_url)
    with engine.connect() as connection:
        found = read_material(connection, date(2020, 8, 31))
    engine.dispose()
    return found


def test_the_work_groups_count_every_task_once(material: Material) -> None:
    rows = group_rows(material.figures)
    assert list(rows["work_group"]) == list(material.figures.group_names)
    assert rows["tasks"].sum() == 35
    assert (rows[["green", "yellow", "red", "grey"]].sum(axis=1) == rows["tasks"]).all()
    assert rows["cells"].sum() == (material.figures.red_cells["scope"] == "township").sum()


def test_who_reaches_a_goal_is_counted(material: Material) -> None:
    rows = reached_rows(material.figures, "平安建设").set_index("name")
    own = material.figures.kpis[material.figures.kpis["name"] == "平安暗访得分"]
    assert rows.loc["平安暗访得分", "reached"] == f"{(own['value'] >= own['goal']).sum()}/14"
    assert reached_rows(material.figures, "没有").empty


def test_the_townships_with_the_most_grave_weak_links_get_a_slide_in_the_fixed_order(material: Material) -> None:
    figures = material.figures
    grave = Counter(figures.weak_links.query("severity == 'grave' and region_code in @figures.names")["region_code"])
    picked = focus_townships(material)
    assert picked == [code for code in figures.names if code in picked]
    assert min(grave[code] for code in picked) >= max((n for code, n in grave.items() if code not in picked), default=0)
    own = replace(material, figures=replace(figures, chosen=frozenset({QIUCHUAN})))
    assert focus_townships(own) == [QIUCHUAN]


def test_townships_bear_their_full_names_and_the_short_ones_beside_them(material: Material) -> None:
    rows = township_rows(material.figures).set_index("township_code")
    assert (rows.loc[QIUCHUAN, "township"], rows.loc[QIUCHUAN, "short"]) == ("球川镇", "球川")


def test_each_task_is_counted_once_in_its_group_and_by_its_own_light(material: Material) -> None:
    rows = lights_by_group(material.figures).set_index("work_group")
    assert rows.to_numpy().sum() == 35
    assert rows.sum().to_dict() == material.figures.summary["light"].value_counts().reindex(rows.columns).to_dict()
    one = replace(material.figures, chosen=frozenset({QIUCHUAN}))
    one = replace(one, matrix=one.matrix[one.matrix["region_code"].isin([QIUCHUAN, "330822"])])
    assert lights_by_group(one).drop(columns="work_group").to_numpy().sum() == 26  # its own cells, no county task


def test_what_presses_is_all_that_is_not_calm_the_gravest_first(material: Material) -> None:
    rows = pressing_tasks(material.figures)
    lights = material.figures.summary["light"]
    assert len(rows) == (~lights.isin([light.value for light in CALM])).sum()
    order = [list(Light).index(Light(light)) for light in rows["light"]]
    assert order == sorted(order, reverse=True)
    assert task_rows(material.figures)["task"].iloc[0].startswith("1 ")


def test_a_cell_says_when_it_was_reported_and_when_it_is_due(material: Material) -> None:
    rows = cell_rows(material.figures)
    unreported = rows[rows["reported_on"].isna()]
    assert len(unreported)
    assert set(unreported["reported"]) == {"未报"}
    assert red_by_group(material.figures)["red"].sum() == len(rows)
    assert red_by_group(material.figures)["red"].is_monotonic_decreasing


def test_a_deadline_is_the_task_s_own_the_campaign_s_end_or_to_be_set(material: Material) -> None:
    issues = pd.DataFrame({"task_code": ["T29", "", ""], "stream": ["", "petition_backlog", "dispute"]})
    rows = with_deadlines(material, issues)
    assert rows["deadline"].tolist() == ["10月31日", "9月19日", TO_BE_SET]
    assert rows["place"].tolist() == [1, 2, 3]
    calm = replace(material, figures=replace(material.figures, campaign=""))
    assert with_deadlines(calm, issues)["deadline"].tolist() == ["10月31日", TO_BE_SET, TO_BE_SET]


def test_what_has_no_countermeasure_is_asked_to_be_made_clear(material: Material) -> None:
    rows = asked_rows(material)
    is_silent = rows["measure"] == "未提出对策"
    assert is_silent.any()
    assert set(rows.loc[is_silent, "matter"]) == {"明确对策措施、责任人和时限"}
    assert (rows.loc[~is_silent, "matter"] == rows.loc[~is_silent, "measure"]).all()


def test_ages_and_cases_of_long_standing_add_up_to_the_same(material: Material) -> None:
    ages = age_rows(material.figures).set_index("band")["open"]
    assert ages.sum() == 22
    assert ages.iloc[2:].sum() == aged_rows(material.figures)["open"].sum()
    assert aged_rows(material.figures)["open"].is_monotonic_decreasing
    assert "乡镇主办" in set(aged_rows(material.figures)["lead"])


def test_a_stream_is_told_with_its_own_verbs_and_rate_and_suits_by_counts_alone(material: Material) -> None:
    rows = stream_rows(material.figures).set_index("short")
    own = material.figures.kpis.query("computed_from == 'disputes_settled'")
    x, n = own["numerator"].sum(), own["denominator"].sum()
    assert rows.loc["矛盾纠纷", "kept_up"] == f"调解成功率{100 * x / n:.1f}%（{x:,.0f}/{n:,.0f}）"
    assert rows.loc["诉讼", "kept_up"] == "—"
    assert rows.index[-1] == "矛调中心矛盾纠纷"
    assert "信访积案" not in rows.index


def test_scores_stand_beside_their_townships_and_the_lowest_indicators_first(material: Material) -> None:
    scores = score_rows(material.figures)
    assert scores["township"].tolist() == list(material.figures.names.values())
    lowest = weakest_kpis(material.figures, QIUCHUAN)
    own = material.figures.kpis.query("township_code == @QIUCHUAN and weight > 0")
    assert lowest["own"].tolist() == own["score"].dropna().sort_values().head(6).tolist()


def test_key_figures_and_county_values_are_the_published_ones(material: Material) -> None:
    values = key_figures(material.figures).set_index("what")["value"]
    assert values[["交办", "化解", "化解率", "动员会时化解率"]].tolist() == [
        "114件",
        "92件",
        "80.7%（92/114）",
        "26.73%（27/101）",
    ]
    assert "动员会时化解率" not in key_figures(replace(material.figures, campaign=""))["what"].to_numpy()
    assert said_values(material.figures, "政企通").startswith("政企通兑现资金6283.34万元、")
    assert said_values(material.figures, "没有") == ""


def test_a_missing_day_is_told_by_what_stands_for_it() -> None:
    assert day_or(pd.Timestamp("2020-08-31"), "未报") == "8月31日"
    assert day_or(pd.NaT, "未报") == day_or(None, "未报") == "未报"
