"""The text of the bulletin (通报): clauses from figures, a clause with a zero dropped, a place named only with x/n.

Source: COUNTY "Bulletin" and "Conventions": praise before blame, no place on both lists, never 倒数.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan

import pandas as pd

from analysis.breakdown import CampaignNow
from analysis.intervals import wilson
from analysis.lights import Light
from analysis.meeting.figures import WHOLE_COUNTY, Figures
from analysis.meeting.material import Material
from analysis.rules import MAKE_UP_DAYS, MIN_DENOMINATOR
from analysis.wording import change_in_points, day, fraction, month_day, percent

OFFICE = "治理创新行动办公室"
TOWNSHIP_ANNEX, WEAK_LINK_ANNEX = "乡镇（街道）信访积案化解情况表", "薄弱环节及对策措施清单"
KIND = "进展情况的通报"
NAMED = 3
MANY_UNITS = 8


@dataclass(frozen=True)
class Bulletin:
    """The bulletin's text: paragraphs by their headings, and the names of its annexes, in order."""

    title: str
    recipients: str
    opening: str
    sections: tuple[tuple[str, str], ...]
    annexes: tuple[str, ...]
    signer: str
    dated: str


def bulletin_text(material: Material) -> Bulletin:
    """Return the text of the bulletin on the backlog as of the material's day."""
    figures = material.figures
    subject = _subject(figures.campaign_now)
    everyone = "各乡镇（街道），县级机关各单位："
    sections = (
        ("总体情况", overall(figures)),
        ("乡镇（街道）情况", of_townships(figures)),
        ("下步要求", demands(figures)),
    )
    return Bulletin(
        title=f"关于{where(figures)}{subject}{KIND}",
        recipients=f"{'、'.join(_own_names(figures))}：" if figures.is_filtered else everyone,
        opening=f"现将截至{day(figures.as_of)}{where(figures)}{subject}进展情况通报如下。",
        sections=tuple((heading, text) for heading, text in sections if text),
        annexes=(TOWNSHIP_ANNEX, *([WEAK_LINK_ANNEX] if len(material.issues) else [])),
        signer=f"{figures.county}{OFFICE}",
        dated=day(figures.as_of),
    )


def where(figures: Figures) -> str:
    """Name what the bulletin is about: 全县, or townships by their full names."""
    own = _own_names(figures)
    if not figures.is_filtered:
        return WHOLE_COUNTY
    return "、".join(own) if len(own) <= NAMED else f"{'、'.join(own[:NAMED])}等{len(own)}个乡镇（街道）"


def overall(figures: Figures) -> str:
    """Say what was assigned and resolved, what waits, and how it was resolved: 共交办信访积案114件，已化解92件…."""
    backlog, campaign, total = figures.headline, figures.campaign_now, figures.total
    since = "" if campaign is None else f"自{month_day(_starts_on(figures))}动员会以来，"
    if not backlog.opened:
        return f"{since}{where(figures)}没有交办信访积案。"
    resolved = f"，已化解{backlog.closed}件，化解率{percent(backlog.rate)}{_rise(campaign)}" if backlog.closed else ""
    late = f"，其中超期{backlog.overdue}件" if backlog.overdue else ""
    waiting = f"；未化解{backlog.open_now}件{late}" if backlog.open_now else ""
    week = f"近7日化解{figures.closed_in_week}件。" if figures.closed_in_week else ""
    ways = [("实体化解", total["substantive"]), ("依法终结", total["lawful"])]
    how = "，".join(f"{word}{n}件" for word, n in ways if n)
    again = f"化解后反弹{total['reopened']}件次" if total["reopened"] else ""
    closed = "；".join(filter(None, (f"已化解案件中，{how}" if how else "", again)))
    first = f"{since}{where(figures)}共交办信访积案{backlog.opened}件{resolved}{waiting}。"
    return f"{first}{week}{f'{closed}。' if closed else ''}"


def of_townships(figures: Figures) -> str:
    """Say who stands where among those with enough cases; of chosen townships only their own figures."""
    own = figures.now[figures.now["township_code"].isin(figures.names)]
    rows = own.assign(township=own["township_code"].map(figures.names))
    if figures.is_filtered:
        return f"各乡镇（街道）化解情况（化解/交办）：{_said(rows)}。"
    judged = rows[rows["opened"] >= MIN_DENOMINATOR].sort_values("rate", ascending=False, kind="stable")
    parts = [f"交办{MIN_DENOMINATOR}件及以上的{len(judged)}个乡镇（街道）中，{_ends(judged, figures.headline.rate)}"]
    sentences = parts if len(judged) else []
    missed = _behind_pace(judged, figures.campaign_now)
    sentences += [missed] if missed else []
    small = len(rows) - len(judged)
    others = "其余" if len(judged) else ""
    sentences += [f"{others}{small}个乡镇（街道）基数小，不列名次"] if small else []
    return "".join(f"{sentence}。" for sentence in sentences)


def demands(figures: Figures) -> str:
    """Say what is asked: the open cases, the closed ones, and who has yet to report."""
    campaign, backlog = figures.campaign_now, figures.headline
    until = "限期攻坚到位"
    if campaign is not None and campaign.ends_on > figures.as_of:
        until = f"确保{month_day(campaign.ends_on)}前攻坚到位"
    case_by_case = "逐案落实包案领导、责任单位和化解时限"
    said = [f"对未化解的{backlog.open_now}件，{case_by_case}，{until}"] if backlog.open_now else []
    said += ["对已化解案件开展回访，防止反弹"] if backlog.closed else []
    late = unreported_units(figures)
    names = f"{'、'.join(late[:MANY_UNITS])}{f'等{len(late)}个单位' if len(late) > MANY_UNITS else ''}"
    by = month_day(figures.as_of + timedelta(days=MAKE_UP_DAYS))
    said += [f"{names}要于{by}前补报重点任务进展"] if late else []
    return f"{'；'.join(said)}。" if said else ""


def unreported_units(figures: Figures) -> list[str]:
    """Return who owes a report on a task for the month: townships by name, the lead departments of county tasks."""
    silent = figures.matrix[figures.matrix["light"].isin((Light.UNREPORTED, Light.UNREPORTED_AGAIN))]
    own = set(silent.loc[silent["scope"] == "township", "region_code"])
    bodies = figures.departments.set_index("code")["name"]
    of_county = [] if figures.is_filtered else silent.loc[silent["scope"] == "county", "lead_department_code"].tolist()
    departments = [str(bodies.get(code, code)) for code in dict.fromkeys(of_county)]
    return [name for code, name in figures.names.items() if code in own] + departments


def _own_names(figures: Figures) -> list[str]:
    return [name for code, name in figures.names.items() if code in figures.chosen]


def _subject(campaign: CampaignNow | None) -> str:
    """Name what the bulletin is about: 信访积案化解百日攻坚行动; 信访积案化解 outside of any campaign."""
    return "信访积案化解" if campaign is None else f"{campaign.name.removesuffix('行动')}行动"


def _starts_on(figures: Figures) -> date:
    own = figures.campaigns[figures.campaigns["code"] == figures.campaign]
    return pd.Timestamp(own["starts_on"].iloc[0]).date()


def _rise(campaign: CampaignNow | None) -> str:
    if campaign is None or isnan(campaign.pace.rise_points):
        return ""
    then, said = percent(campaign.pace.baseline_rate, digits=2), change_in_points(campaign.pace.rise_points)
    return "" if said == change_in_points(0.0) else f"，较动员会时的{then}{said}"


def _ends(judged: pd.DataFrame, mean: float) -> str:
    """Name those clearly high and clearly low; where their intervals overlap, the finished and those below average.

    Clearly: the lowest end of the intervals of the first lies above the highest end of those of the last.
    """
    each = min(NAMED, len(judged) // 2)
    high, low = judged.head(each), judged.tail(each).iloc[::-1]
    if each and wilson(high["closed"], high["opened"])[0].min() > wilson(low["closed"], low["opened"])[1].max():
        return f"化解率较高的有：{_said(high)}；较低的有：{_said(low, with_leads=True)}"
    done = judged[judged["open"] == 0]
    below = judged[(judged["rate"] < mean) & (judged["open"] > 0)].iloc[::-1]
    parts = [("已全部化解的有", _said(done)), ("低于全县平均的有", _said(below, with_leads=True))]
    return "；".join(f"{word}：{names}" for word, names in parts if names) or "化解率没有明显差距"


def _behind_pace(judged: pd.DataFrame, campaign: CampaignNow | None) -> str:
    """Name those below the pace line of the day."""
    if campaign is None or isnan(campaign.pace.expected_rate) or campaign.pace.day <= 1:
        return ""
    expected = campaign.pace.expected_rate
    missed = judged[judged["rate"] < expected].iloc[::-1]
    goal = f"序时目标{percent(expected)}{'（演示目标）' if campaign.is_demo_goal else ''}"
    return f"未达到{goal}的有：{_said(missed)}" if len(missed) else ""


def _said(rows: pd.DataFrame, *, with_leads: bool = False) -> str:
    """Name townships with x/n; `with_leads` says how many of the open cases a county department leads."""
    return "、".join(_place(row, with_leads=with_leads) for row in _records(rows))


def _place(row: dict[str, object], *, with_leads: bool) -> str:
    opened, closed = int(str(row["opened"])), int(str(row["closed"]))
    above = int(str(row["department_opened"])) - int(str(row["department_closed"]))
    led = f"，未化解中县级机关主办{above}件" if with_leads and above else ""
    return f"{row['township']}（{fraction(closed, opened)}{led}）"


def _records(rows: pd.DataFrame) -> Iterable[dict[str, object]]:
    return ({str(name): value for name, value in row.items()} for row in rows.to_dict("records"))
