from dataclasses import replace
from datetime import date
from math import nan
from typing import Any

from analysis.backlog import Headline, campaign_pace
from analysis.breakdown import CampaignNow
from analysis.lights import Light
from analysis.streams import STREAMS
from components.cards import campaign_cards, overview_cards, stream_cards

BACKLOG = Headline(114, 92, 22, 6, 92 / 114, None, None, (74, 22))


def _campaign(**changes: Any) -> CampaignNow:
    days = {"as_of": date(2020, 8, 31), "starts_on": date(2020, 6, 12), "ends_on": date(2020, 9, 19)}
    known = {**days, "goal_rate": 80.0, "opened": 114, "closed": 92, "baseline_opened": 101, "baseline_closed": 27}
    pace = campaign_pace(**{**known, **changes})
    return CampaignNow("百日攻坚", date(2020, 9, 19), changes.get("goal_rate", 80.0), True, 101, 27, pace)


def test_the_headline_is_the_published_one() -> None:
    rate, counts, campaign = campaign_cards(BACKLOG, _campaign(), is_demo=True)
    assert (rate.value, rate.unit, rate.note, rate.foot) == (
        "80.7",
        "%",
        "较动员会上升54个百分点",
        "起点26.73%，推算（27/101件）",
    )
    assert (counts.label, counts.value, counts.note) == ("交办 · 化解 · 未化解", "114 · 92 · 22", "未化解中，超期6件")
    assert (campaign.value, campaign.unit, campaign.note) == ("第81天", "还剩19天", "领先序时10.9个百分点")
    assert campaign.foot == "今日序时69.8%，演示目标80%（9月19日）"
    assert (rate.tone, counts.tone, campaign.tone) == ("green", "yellow", "green")


def test_a_countys_own_baseline_is_not_called_worked_back() -> None:
    assert campaign_cards(BACKLOG, _campaign())[0].foot == "起点26.73%（27/101件）"


def test_behind_the_pace_is_said_and_marked() -> None:
    campaign = campaign_cards(BACKLOG, _campaign(goal_rate=100.0))[2]
    assert (campaign.note[:4], campaign.tone) == ("落后序时", "yellow")


def test_without_a_goal_nothing_is_judged() -> None:
    campaign = campaign_cards(BACKLOG, _campaign(goal_rate=nan))[2]
    assert (campaign.note, campaign.foot, campaign.tone) == ("未设目标，不作序时判断", "", "")


def test_without_a_campaign_the_rate_stands_with_its_fraction() -> None:
    rate, _ = campaign_cards(BACKLOG, None)
    assert rate.note == "化解/交办 92/114"


def test_nothing_assigned_shows_no_percent_sign() -> None:
    rate, counts = campaign_cards(replace(BACKLOG, opened=0, closed=0, open_now=0, overdue=0, rate=nan), None)
    assert (rate.value, rate.unit) == ("—", "")
    assert counts.note == "没有交办记录"
    done = replace(BACKLOG, closed=114, open_now=0, overdue=0)
    assert campaign_cards(done, None)[1].note == "已全部化解"


def test_tasks_are_counted_by_word_and_red_shows() -> None:
    tasks = {Light.DONE: 1, Light.ON_TRACK: 16, Light.BEHIND: 9, Light.OVERDUE: 1, Light.UNREPORTED: 0}
    card = overview_cards(BACKLOG, _campaign(), tasks)[-1]
    assert (card.value, card.unit, card.tone) == ("17/27", "项亮绿灯", "red")
    assert len(card.marks) == 4
    assert "逾期" in card.marks[-1]
    assert overview_cards(BACKLOG, None, {Light.DONE: 3}, is_filtered=True)[-1].unit == "项次亮绿灯"


def test_another_stream_has_its_own_verbs() -> None:
    cards = stream_cards(STREAMS["event"], BACKLOG, None)
    assert [card.label for card in cards] == ["累计上报", "累计办结", "未办结"]
    assert cards[-1].note == "其中超期6件"
