from dataclasses import replace
from datetime import date
from math import nan
from typing import Any

import pandas as pd

from analysis.backlog import Headline, Pace, campaign_pace
from analysis.breakdown import CampaignNow
from analysis.briefing import (
    backlog_finding,
    pace_finding,
    pace_title,
    ranking_finding,
    ranking_line,
    red_finding,
    split_finding,
    standing,
    tasks_finding,
)
from analysis.lights import Light
from analysis.streams import STREAMS

BACKLOG = Headline(114, 92, 22, 3, 92 / 114, None, None, ())
CASES = STREAMS["petition_backlog"]


def _campaign(**changes: Any) -> CampaignNow:
    return CampaignNow("百日攻坚", date(2020, 9, 19), 80.0, True, 101, 27, _pace(**changes))


def _pace(**changes: Any) -> Pace:
    known = {
        "as_of": date(2020, 8, 31),
        "starts_on": date(2020, 6, 12),
        "ends_on": date(2020, 9, 19),
        "goal_rate": 80.0,
        "opened": 114,
        "closed": 92,
        "baseline_opened": 101,
        "baseline_closed": 27,
    }
    return campaign_pace(**{**known, **changes})


def test_the_backlog_is_said_as_the_press_said_it() -> None:
    assert (
        backlog_finding("全县", BACKLOG, CASES, _campaign())
        == "全县交办114件、化解92件，化解率80.7%，较动员会上升54个百分点"
    )


def test_without_a_campaign_nothing_is_said_of_the_rise() -> None:
    assert backlog_finding("白石", BACKLOG, CASES) == "白石交办114件、化解92件，化解率80.7%"
    nothing_before = _campaign(baseline_opened=0, baseline_closed=0)
    assert "较动员会" not in backlog_finding("白石", BACKLOG, CASES, nothing_before)


def test_other_streams_have_their_own_verbs_and_no_such_rate() -> None:
    assert backlog_finding("全县", BACKLOG, STREAMS["event"]) == "全县上报114件、办结92件"


def test_nothing_assigned_has_no_rate() -> None:
    assert backlog_finding("何家", replace(BACKLOG, opened=0, closed=0), CASES) == "何家交办0件、化解0件"


def test_the_day_of_the_campaign_is_said_with_its_pace() -> None:
    # day 81: 26.73 + (80 - 26.73) x 80/99 = 69.78; 80.70 - 69.78 = 10.9
    assert pace_finding(_pace(), 22) == "动员会起第81天，还剩19天，未化解22件（领先序时10.9个百分点）"


def test_without_a_goal_there_is_no_pace() -> None:
    assert pace_finding(_pace(goal_rate=nan), 22) == "动员会起第81天，还剩19天，未化解22件"


def test_tasks_are_counted_in_words_and_zeros_are_dropped() -> None:
    counts = {
        Light.DONE: 3,
        Light.ON_TRACK: 20,
        Light.MADE_UP: 2,
        Light.BEHIND: 4,
        Light.OVERDUE: 1,
        Light.UNREPORTED: 0,
    }
    assert tasks_finding(counts) == "30项任务：已完成3、正常22（含已补齐2，亮黄灯）、滞后4、逾期1"


def test_red_cells_are_said_with_the_group_that_has_most() -> None:
    red = pd.DataFrame(
        {
            "work_group": ["甲", "乙", "乙", "乙"],
            "region_code": ["1", "1", "2", "2"],
            "region": ["招贤", "招贤", "球川", "球川"],
            "scope": "township",
        }
    )
    assert red_finding(red) == "红灯4个，其中乙组最多：3个，在2个乡镇（街道）"
    assert red_finding(red, "逾期") == "逾期4个，其中乙组最多：3个，在2个乡镇（街道）"
    assert red_finding(red.head(2)) == "红灯2个，其中甲组、乙组最多：各1个，在招贤", "ties stand together"
    assert red_finding(red.tail(2)) == "红灯2个，都在乙组，在球川"
    assert red_finding(red.head(0)) == "没有亮红灯的任务"


def test_a_county_task_is_no_township() -> None:
    red = pd.DataFrame({"work_group": ["乙", "乙"], "region_code": ["1", "C"], "region": ["球川", ""]})
    red["scope"] = ["township", "county"]
    assert red_finding(red).endswith("在县级和球川")
    assert red_finding(red.tail(1)).endswith("在县级")


def test_only_those_clearly_apart_are_named() -> None:
    ranked = pd.DataFrame({"township": ["甲", "乙", "丙"], "band": ["明显靠前", "差距不明显", "明显靠后"]})
    assert ranking_finding(ranked) == "甲明显靠前，丙明显靠后，其余差距不明显"
    assert ranking_finding(ranked.iloc[[1]]) == "各乡镇（街道）差距不明显"


def test_a_standing_is_said_with_its_range() -> None:
    row = pd.Series(
        {"township": "招贤", "rank": 2.0, "is_tied": True, "score": 92.34, "rank_low": 1.0, "rank_high": 3.0}
    )
    assert standing(row) == "招贤（并列第2，92.3分，名次范围第1–3名）"


def test_first_and_last_are_said_with_their_ranges_and_the_unranked_passed_over() -> None:
    rows = pd.DataFrame(
        {"township": ["甲", "乙", "丙", "丁"], "rank": [1.0, 2.0, 3.0, nan], "score": [90.0, 85.0, 80.0, nan],
         "is_tied": False, "rank_low": [1.0, 1.0, 2.0, nan], "rank_high": [2.0, 3.0, 3.0, nan]}
    )  # fmt: skip
    assert ranking_line(rows) == "甲（第1名，90.0分，名次范围第1–2名）；丙（第3名，80.0分，名次范围第2–3名）"
    assert ranking_line(rows.iloc[[1]]) == "乙（第2名，85.0分，名次范围第1–3名）"
    assert ranking_line(rows.iloc[[3]]) == "所选范围暂不排名"


def test_the_chart_is_titled_by_its_finding() -> None:
    assert pace_title(BACKLOG, _campaign()) == "化解率80.7%，领先序时10.9个百分点（今日序时69.8%）"
    assert pace_title(BACKLOG, None) == "化解率80.7%（没有序时目标）"


def test_the_split_stands_beside_the_rate() -> None:
    row = {"closed": 92, "substantive": 69, "lawful": 23, "reopened": 4,
           "led_opened": 92, "led_closed": 76, "department_opened": 22, "department_closed": 16}  # fmt: skip
    assert split_finding(row) == (
        "已化解92件中，实体化解69件、依法终结23件；化解后反弹4件次。乡镇主办化解率82.6%（76/92），县级机关主办72.7%（16/22）"
    )
