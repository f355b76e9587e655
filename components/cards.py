"""The headline cards of the pages, from figures computed in analysis/: wording and order only."""

from collections.abc import Mapping, Sequence
from math import isnan

from analysis.backlog import Headline, Pace
from analysis.breakdown import CampaignNow
from analysis.lights import LIGHTS, Light
from analysis.streams import STREAMS, Stream
from analysis.wording import against_pace, change_in_points, fraction, month_day, number, percent
from components.kpi import Card, Tone
from components.lights import counted_marks


def rate_card(backlog: Headline, pace: Pace | None, rates: Sequence[float], *, baseline: str = "") -> Card:
    """Show the resolution rate with its rise since the campaign began; `baseline` says what the start is made of."""
    rise = "" if pace is None or isnan(pace.rise_points) else f"较动员会{change_in_points(pace.rise_points)}"
    shown = percent(backlog.rate).removesuffix("%")
    return Card(
        "信访积案化解率",
        shown,
        "%" if backlog.opened else "",
        rise or f"化解/交办 {fraction(backlog.closed, backlog.opened)}",
        baseline,
        trend=rates,
        trend_says="化解率逐周走势",
        figure="resolution_rate",
        tone=_pace_tone(pace),
    )


def counts_card(backlog: Headline, stream: Stream) -> Card:
    """Show what came in, was resolved and waits, with what is overdue and the week's closings."""
    return Card(
        f"{stream.opened} · {stream.closed} · 未{stream.closed}",
        f"{backlog.opened:,} · {backlog.closed:,} · {backlog.open_now:,}",
        "件",
        _waiting(backlog, stream),
        trend=backlog.history,
        trend_says=f"未{stream.closed}逐周走势",
        foot=f"未{stream.closed}件数逐周走势" if backlog.history else "",
        figure="case_once",
        tone="yellow" if backlog.overdue else "green",
    )


def campaign_card(campaign: CampaignNow) -> Card:
    """Show the day of the campaign, what is left, and where it stands against the pace line."""
    pace = campaign.pace
    left = "已到期" if pace.is_over else f"还剩{pace.days_left}天"
    if isnan(pace.ahead_points):
        return Card(campaign.name, f"第{pace.day}天", left, "未设目标，不作序时判断", figure="campaign_day")
    goal = (
        f"{'演示' if campaign.is_demo_goal else ''}目标{number(campaign.goal_rate)}%（{month_day(campaign.ends_on)}）"
    )
    foot = f"今日序时{percent(pace.expected_rate)}，{goal}"
    return Card(
        campaign.name,
        f"第{pace.day}天",
        left,
        against_pace(pace.ahead_points),
        foot,
        tone=_pace_tone(pace),
        figure="pace",
    )


def tasks_card(counts: Mapping[Light, int], *, label: str, unit: str) -> Card:
    """Show how many tasks stand at green, and every other light by its word."""
    green = sum(n for light, n in counts.items() if LIGHTS[light].level == "green")
    is_red = any(n for light, n in counts.items() if LIGHTS[light].level == "red")
    tone: Tone = "red" if is_red else "green"
    return Card(
        label, f"{green}/{sum(counts.values())}", unit, marks=counted_marks(counts), tone=tone, figure="task_light"
    )


def overview_cards(
    backlog: Headline,
    campaign: CampaignNow | None,
    tasks: Mapping[Light, int],
    *,
    rates: Sequence[float] = (),
    is_filtered: bool = False,
    is_demo: bool = False,
) -> list[Card]:
    """Return the cards of 总体情况: rate, counts, campaign (when one runs), tasks; `rates` by week for a small line."""
    backlog_cards = campaign_cards(backlog, campaign, rates=rates, is_demo=is_demo)
    label, unit = ("所选乡镇（街道）任务", "项次亮绿灯") if is_filtered else ("重点任务", "项亮绿灯")
    return [*backlog_cards, tasks_card(tasks, label=label, unit=unit)]


def campaign_cards(
    backlog: Headline, campaign: CampaignNow | None, *, rates: Sequence[float] = (), is_demo: bool = False
) -> list[Card]:
    """Return the cards of the backlog: rate, counts, and the campaign when one runs."""
    counts = counts_card(backlog, STREAMS["petition_backlog"])
    if campaign is None:
        return [rate_card(backlog, None, rates), counts]
    start = _baseline(campaign, is_demo=is_demo)
    return [rate_card(backlog, campaign.pace, rates, baseline=start), counts, campaign_card(campaign)]


def stream_cards(
    stream: Stream,
    backlog: Headline,
    campaign: CampaignNow | None,
    *,
    rates: Sequence[float] = (),
    is_demo: bool = False,
) -> list[Card]:
    """Return the cards of 积案化解: those of the campaign, or for another stream what came in, went and waits."""
    if stream.code == "petition_backlog":
        return campaign_cards(backlog, campaign, rates=rates, is_demo=is_demo)
    late = f"其中超期{backlog.overdue:,}件" if backlog.overdue else "无超期"
    waiting = f"未{stream.closed}"
    return [
        Card(f"累计{stream.opened}", f"{backlog.opened:,}", "件", figure="opened"),
        Card(f"累计{stream.closed}", f"{backlog.closed:,}", "件", figure="closed"),
        Card(
            waiting,
            f"{backlog.open_now:,}",
            "件",
            late,
            trend=backlog.history,
            trend_says=f"{waiting}逐周走势",
            figure="open",
        ),
    ]


def _waiting(backlog: Headline, stream: Stream) -> str:
    if not backlog.opened:
        return f"没有{stream.opened}记录"
    if not backlog.open_now:
        return f"已全部{stream.closed}"
    return f"未{stream.closed}中，{f'超期{backlog.overdue:,}件' if backlog.overdue else '无超期'}"


def _baseline(campaign: CampaignNow, *, is_demo: bool) -> str:
    closed, opened = campaign.baseline_closed, campaign.baseline_opened
    if not opened:
        return ""
    return f"起点{percent(closed / opened, digits=2)}{'，推算' if is_demo else ''}（{fraction(closed, opened)}件）"


def _pace_tone(pace: Pace | None) -> Tone:
    if pace is None or isnan(pace.ahead_points):
        return ""
    return "green" if pace.ahead_points >= 0 else "yellow"
