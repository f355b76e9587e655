from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis import township as portrait
from analysis.annotations import notes_by_kpi
from analysis.kpis import JUDGED
from analysis.neighbourhood import circle_of, compared
from analysis.rankings import ranked_rows
from tests.judged import judged

NAN = float("nan")
LABELS = {"甲": "天马", "乙": "白石", "丙": "何家"}
PLACES = pd.DataFrame(
    {
        "code": ["甲", "乙", "丙"],
        "kind": ["街道", "镇", "乡"],
        "tile_col": [0, 1, 2],
        "tile_row": 0,
        "parent_code": "县",
    }
)
TABLE = judged({("甲", "K01"): (18, 20), ("乙", "K01"): (8, 20), ("丙", "K01"): (5, 5), ("甲", "K18"): 95.0,
                ("乙", "K18"): 79.0, ("丙", "K18"): 90.0, ("甲", "K09"): (1, 20), ("乙", "K09"): (19, 20),
                ("丙", "K09"): (1, 20), ("乙", "K12"): (40, 1000.0)},
               {"K01": 9.0, "K18": 1.0, "K09": 5.0, "K12": 2.0})  # fmt: skip


def test_the_township_shown_is_the_first_chosen_or_the_viewers_own() -> None:
    everyone = frozenset(LABELS)
    assert portrait.shown_township(LABELS, everyone, None) == "甲"
    assert portrait.shown_township(LABELS, everyone, "丙") == "丙"
    assert portrait.shown_township(LABELS, frozenset({"乙", "丙"}), "甲") == "乙"
    assert portrait.shown_township(LABELS, frozenset(), "戊") == "甲"


def test_the_walk_goes_round() -> None:
    assert portrait.step_of(LABELS, "甲") == ("何家", "白石")
    assert portrait.step_of(LABELS, "丙") == ("白石", "天马")


def test_the_finding_counts_levels_and_the_line_names_what_is_below_the_floor() -> None:
    rows = compared(TABLE, circle_of(PLACES, "乙"))
    assert portrait.portrait_finding(rows) == "4项考核指标：低于底线4项"
    said = portrait.against_county_line(rows)
    assert said.startswith("与全县相比，")
    assert said.endswith(
        "低于底线的有信访积案化解率40.0%（8/20）、重复信访率95.0%（19/20）、万人成讼率400.0件/万人（40件）等4项。"
    )
    best = compared(TABLE, circle_of(PLACES, "甲"))
    assert "低于底线" not in portrait.against_county_line(best)
    assert portrait.portrait_finding(best).startswith("4项考核指标：达到目标3项")


def test_without_indicators_there_is_nothing_to_say() -> None:
    rows = compared(TABLE.head(0), circle_of(PLACES, "甲"))
    assert portrait.portrait_finding(rows) == "所选日期之前没有考核指标"
    assert portrait.against_county_line(rows) == ""


def test_the_standing_is_told_with_its_cause() -> None:
    ranking = pd.DataFrame({
        "township_code": ["甲", "丙", "乙"], "score": [99.0, 98.0, 20.0], "rank": [1.0, 2.0, 3.0], "coverage": 1.0,
        "previous_rank": NAN, "rank_change": NAN, "rank_low": [1.0, 1.0, 3.0], "rank_high": [2.0, 2.0, 3.0],
    })  # fmt: skip
    ranked = ranked_rows(ranking, LABELS)
    said = portrait.standing_lines(TABLE, ranked, "乙")
    assert said[0].startswith("白石第3名，20.0分，比何家（第2名，98.0分）低")
    assert said[1].startswith("名次范围第3名")
    assert portrait.standing_lines(TABLE, ranked.assign(score=NAN), "乙") == []


def test_the_title_names_the_heaviest_indicators_worse_than_the_countys() -> None:
    rows = pd.DataFrame({
        "name": ["甲率", "乙率", "丙率", "丁率", "监测数"], "weight": [4.0, 10.0, 4.0, 2.0, 0.0],
        "verdict": ["worse", "worse", "worse", "better", ""],
    })  # fmt: skip
    assert portrait.worse_finding(rows) == "不及全县的有乙率、甲率、丙率"
    assert portrait.worse_finding(rows.assign(verdict="worse")) == "不及全县的有乙率、甲率、丙率等5项"
    assert portrait.worse_finding(rows.tail(2)) == "1项指标都不低于全县水平"
    assert portrait.worse_finding(rows.tail(1)) == "没有可与全县比较的指标"


def test_the_tasks_title_counts_red_and_yellow_and_names_the_widest_gap_alone() -> None:
    cells = pd.DataFrame({"light": ["far_behind", "behind", "unreported", "on_track"]})
    found = pd.DataFrame({
        "light": ["unreported", "far_behind", "behind"], "gap": [60.0, 22.0, 5.0], "task": ["3 丙", "1 甲", "2 乙"],
    })  # fmt: skip
    assert portrait.tasks_title(cells, found) == "4项重点任务中红灯1项、黄灯1项，落后计划最多的是1 甲"
    tied = portrait.tasks_title(cells, found.assign(gap=5.0))
    assert tied == "4项重点任务中红灯1项、黄灯1项"
    assert portrait.tasks_title(cells, found.assign(gap=0.0).head(2)) == "4项重点任务中红灯1项"
    assert portrait.tasks_title(cells, found.head(1)) == "4项重点任务没有红灯、黄灯"
    assert portrait.tasks_title(cells.head(0), found.head(0)) == "没有重点任务"


def test_posts_leave_out_what_is_unknown() -> None:
    facts = {"name": "天马街道", "kind": "街道", "population": 62_800.0, "households": NAN, "county_leader": "县委书记",
             "contact_department": NAN, "villages": 19}  # fmt: skip
    assert portrait.posts_words(facts) == [
        ("第一责任人", "天马街道党工委书记"),
        ("联乡县领导", "县委书记"),
        ("常住人口", "62,800人"),
        ("村（社区）", "19个"),
    ]


def test_cases_bear_names_in_place_of_codes() -> None:
    cases = pd.DataFrame({"village_code": ["v", None], "lead_department_code": [None, "D04"],
                          "case_leader": [None, "镇长"], "category": ["征地", None]})  # fmt: skip
    villages = pd.DataFrame({"village_code": ["v"], "village": ["甲村"]})
    rows = portrait.case_rows(cases, villages, pd.DataFrame({"code": ["D04"], "name": ["县信访局"]}))
    assert rows[["village", "lead", "case_leader", "category"]].to_numpy().tolist() == [
        ["甲村", "乡镇主办", "—", "征地"],
        ["未注明", "县信访局", "镇长", "—"],
    ]


def test_villages_without_cases_are_named_with_the_day_of_acceptance() -> None:
    villages = pd.DataFrame({"village_code": ["1", "2", "3"], "village": ["甲村", "乙村", "丙村"], "open": [0, 2, 0],
                             "named_on": pd.to_datetime([None, None, "2020-06-28"])})  # fmt: skip
    assert portrait.clear_villages(villages, date(2020, 8, 31)) == "现无在办积案：甲村、丙村（6月28日验收）。"
    assert portrait.clear_villages(villages, date(2021, 1, 3)).endswith("丙村（2020年6月28日验收）。")
    assert portrait.clear_villages(villages[villages["open"] > 0], date(2020, 8, 31)) == ""


def test_a_townships_own_tasks_leave_the_countys_out() -> None:
    matrix = pd.DataFrame({"region_code": ["县", "甲", "乙"], "task_code": ["T1", "T2", "T2"]})
    assert portrait.own_cells(matrix, "甲")["task_code"].tolist() == ["T2"]
    assert JUDGED in set(TABLE["state"])


@dataclass
class _Place:
    region_code: str
    kpi_code: str
    month: date


@dataclass
class _Annotation:
    place: _Place
    reason: str
    is_excluded: bool = False
    author: str = "行动办"
    reply: str | None = None
    replier: str | None = None


def test_notes_of_a_region_come_by_indicator_and_month() -> None:
    months = [date(2020, 8, 1), date(2020, 7, 1)]
    written = [_Annotation(_Place("甲", "K06", month), f"{month:%m}") for month in months]
    written += [
        _Annotation(_Place("甲", "K01", months[0]), "化解"),
        _Annotation(_Place("乙", "K01", months[0]), "别处"),
    ]
    found = notes_by_kpi(written, "甲")
    assert {code: [note.reason for note in notes] for code, notes in found.items()} == {
        "K01": ["化解"],
        "K06": ["07", "08"],
    }
