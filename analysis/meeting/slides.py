"""The slides of a plan: of each its title, which is its conclusion, and the sentence to say.

Source: COUNTY "Slides" (title patterns) and "Conventions": names only with figures, never 倒数.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.briefing import (
    backlog_finding,
    pace_finding,
    ranking_finding,
    ranking_line,
    red_finding,
    split_finding,
    tasks_finding,
)
from analysis.follow_ups import Status
from analysis.meeting.material import Figures, Material
from analysis.meeting.plan import Item, Topic
from analysis.ranks import UNRANKED
from analysis.rules import AGE_LIMITS
from analysis.streams import PENDING_PLATFORM, STREAMS
from analysis.wording import day, fraction, month, month_day, number, percent

AGED_DAYS = AGE_LIMITS[1]
NAMED = 3


@dataclass(frozen=True)
class Slide:
    """One slide: what it is about, its conclusion, and what whoever presents it says."""

    item: Item
    title: str
    say: str


def slides(material: Material, plan: Sequence[Item]) -> list[Slide]:
    """Return the slides of a plan, in its order."""
    return [_slide(material, item) for item in plan]


def _slide(material: Material, item: Item) -> Slide:
    if item.topic is Topic.TOWNSHIP:
        return Slide(item, township_title(material, item.township), township_say(material, item.township))
    title, say = _SAID[item.topic]
    return Slide(item, title(material), say(material))


def cover_title(material: Material) -> str:
    """全县治理创新行动推进情况（截至2020年8月31日）."""
    figures = material.figures
    return f"{figures.place}治理创新行动推进情况（截至{day(figures.as_of)}）"


def decided_title(material: Material) -> str:
    """上次议定5项，已销号2项，逾期1项; a zero is dropped."""
    table = material.rows.follow_ups
    if table.empty:
        return "上次会议没有议定事项"
    counts = table["status"].value_counts()
    said = [(Status.DONE, "已销号"), (Status.OVERDUE, "逾期"), (Status.OPEN, "办理中")]
    return "，".join([f"上次议定{len(table)}项", *(f"{word}{counts[s]}项" for s, word in said if counts.get(s))])


def overview_title(material: Material) -> str:
    """全县交办114件、化解92件，化解率80.7%，较动员会上升54个百分点."""
    figures = material.figures
    return backlog_finding(figures.place, figures.headline, STREAMS["petition_backlog"], figures.campaign_now)


def campaign_title(material: Material) -> str:
    """动员会起第81天，还剩19天，未化解22件（领先序时10.9个百分点）."""
    figures = material.figures
    campaign = figures.campaign_now
    if campaign is None:
        return f"未化解积案{figures.headline.open_now}件，目前没有进行中的攻坚行动"
    return pace_finding(campaign.pace, figures.headline.open_now)


def tasks_title(material: Material) -> str:
    """35项任务：已完成1项、正常19项…; a light with none is left out."""
    figures = material.figures
    where = figures.place if figures.is_filtered else ""
    return tasks_finding(figures.lights, where=where, is_filtered=figures.is_filtered)


def work_groups_title(material: Material) -> str:
    """平安综治组滞后任务最多，集中在9个乡镇（街道）."""
    red = material.figures.red_cells
    if red.empty:
        return "各专项组没有亮红灯的任务"
    counts = red["work_group"].value_counts()
    own = red[red["work_group"] == counts.index[0]]
    concerned = own.loc[own["scope"] == "township", "region_code"].nunique()
    where = f"，集中在{concerned}个乡镇（街道）" if concerned else "，均为县级任务"
    return f"{counts.index[0]}组红灯最多（{counts.iloc[0]}个，全部{len(red)}个）{where}"


def ranking_title(material: Material) -> str:
    """甲明显靠前，乙明显靠后，其余差距不明显."""
    return ranking_finding(material.figures.ranked)


def weak_links_title(material: Material) -> str:
    """需会议研究的10个问题."""
    count = len(material.issues)
    return f"需会议研究的{count}个问题" if count else "没有需会议研究的问题"


def aged_title(material: Material) -> str:
    """交办超60天未化解15件，涉及10个乡镇（街道）、2个部门."""
    aged = material.figures.aged
    if aged.empty:
        return f"没有交办超{AGED_DAYS}天未化解的积案"
    departments = aged.loc[aged["department_code"] != "", "department_code"].nunique()
    of_departments = f"、{departments}个部门" if departments else ""
    townships = aged["township_code"].nunique()
    return f"交办超{AGED_DAYS}天未化解{aged['open'].sum()}件，涉及{townships}个乡镇（街道）{of_departments}"


def services_title(material: Material) -> str:
    """今年矛调中心受理535件，近12个月矛盾纠纷调解成功率94.2%；综合指挥中心预计10月上线."""
    figures = material.figures
    streams = figures.streams
    own = streams[streams["platform"] != ""]
    intake = f"今年{own['platform'].iloc[0]}受理{own['opened'].iloc[0]:,}件" if len(own) else ""
    success = mediation_success(figures)
    rate = f"近12个月矛盾纠纷调解成功率{success}" if success else ""
    return "；".join(filter(None, ("，".join(filter(None, (intake, rate))), pending_platform(figures))))


def mediation_success(figures: Figures) -> str:
    """Return the county's share of settled disputes over the months pooled: 93.5%; "" where unknown."""
    own = figures.kpis[figures.kpis["computed_from"] == "disputes_settled"]
    tried = own["denominator"].sum()
    return percent(float(own["numerator"].sum() / tried)) if tried else ""


def pending_platform(figures: Figures) -> str:
    """Say when the platform that is not yet live goes live, as its task's milestone has it; "" when it is done."""
    titles = figures.matrix.drop_duplicates("task_code").set_index("task_code")["title"]
    tasks = titles[titles.str.contains(PENDING_PLATFORM)].index
    steps = figures.steps
    own = steps[steps["task_code"].isin(tasks) & steps["title"].str.contains("上线") & steps["done_on"].isna()]
    due = own["due_on"].dropna()
    return "" if due.empty else f"{PENDING_PLATFORM}预计{due.iloc[0].month}月上线"


def safety_title(material: Material) -> str:
    """上半年13项专项工作总体排名全市第2."""
    places = city_places(material.figures)
    if places.empty:
        return "平安建设：尚无全市排名"
    first = places.iloc[0]
    return f"{first['what']}全市第{first['value']:.0f}"


def city_places(figures: Figures) -> pd.DataFrame:
    """Return the county's places in the city, by indicator: the columns of county_values, with what (str) is ranked."""
    own = figures.county_values
    own = own[own["kind"] == "rank"].reset_index(drop=True)
    return own.assign(what=own["formula"].str.split("（").str[0].where(own["formula"] != "", own["name"]))


def asked_title(material: Material) -> str:
    """提请明确5个事项."""
    count = len(material.asked)
    return f"提请明确{count}个事项" if count else "没有需要提请议定的事项"


def township_title(material: Material, township: str) -> str:
    """球川镇：25项已启动任务中13项未达序时…; the township's gravest weak link in one sentence."""
    name = material.figures.names[township]
    issues = material.issues_of(township)
    own = issues[issues["region_code"] == township]
    if own.empty:
        return f"{name}：没有单独列出的薄弱环节"
    first = own.iloc[0]
    said = first["evidence"].split("；")[0]
    where = first["subject"].removeprefix(name).removeprefix("：").lstrip("0123456789 ")  # a task without its number
    return f"{name}：{'' if where in said else f'{where}，'}{said}"


def township_say(material: Material, township: str) -> str:
    """Say a township's backlog and place, praise first, then ask it to explain."""
    figures = material.figures
    rank = figures.ranked.set_index("township_code").loc[township]
    where = f"考核{rank['place']}" if pd.notna(rank["rank"]) else UNRANKED
    backlog = backlog_words(figures, township)
    asks = "请主要负责同志说明原因和下步打算。" if len(material.issues_of(township)) else "请继续保持。"
    return f"{figures.names[township]}{backlog}，{where}。{asks}"


def backlog_words(figures: Figures, township: str) -> str:
    """Say a township's cases as 化解/交办: 交办积案化解13/14件."""
    own = figures.in_campaign[figures.in_campaign["township_code"] == township]
    if own.empty or not own["opened"].iloc[0]:
        return "没有交办积案"
    return f"交办积案化解{fraction(own['closed'].iloc[0], own['opened'].iloc[0])}件"


def _cover_say(material: Material) -> str:
    figures = material.figures
    return f"现在汇报截至{day(figures.as_of)}{figures.place}治理创新行动推进情况，数据为第{figures.release}批次。"


def _decided_say(material: Material) -> str:
    late = material.rows.follow_ups
    late = late[late["status"] == Status.OVERDUE]
    if late.empty:
        return f"{decided_title(material)}。"
    return f"{decided_title(material)}。逾期的是：{'；'.join(late['subject'].head(NAMED))}，请责任单位说明。"


def _overview_say(material: Material) -> str:
    figures = material.figures
    return f"{overview_title(material)}。{split_finding(figures.total)}。"


def _campaign_say(material: Material) -> str:
    campaign = material.figures.campaign_now
    if campaign is None:
        return f"{campaign_title(material)}。"
    goal = "" if pd.isna(campaign.goal_rate) else f"，目标{number(campaign.goal_rate)}%"
    return f"{campaign_title(material)}。行动到{month_day(campaign.ends_on)}结束{goal}，请对未化解的逐案落实。"


def _tasks_say(material: Material) -> str:
    return f"{tasks_title(material)}。{red_finding(material.figures.red_cells)}。"


def _work_groups_say(material: Material) -> str:
    return f"{work_groups_title(material)}。请牵头单位会后逐项对接。"


def _ranking_say(material: Material) -> str:
    return f"{ranking_title(material)}。{ranking_line(material.figures.ranked)}。"


def _weak_links_say(material: Material) -> str:
    first = material.issues["subject"].head(NAMED)
    return f"{weak_links_title(material)}。" + (f"首先是：{'、'.join(first)}。" if len(first) else "")


def _aged_say(material: Material) -> str:
    aged = material.figures.aged
    if aged.empty:
        return f"{aged_title(material)}。"
    most = aged.groupby("township_code")["open"].sum().sort_values(ascending=False, kind="stable")
    name = material.figures.names[most.index[0]]
    return f"{aged_title(material)}。{name}最多，{most.iloc[0]}件；最早的交办于{day(aged['oldest_on'].min())}。"


def _services_say(material: Material) -> str:
    rows = material.figures.streams
    late = rows[(rows["platform"] == "") & rows["overdue"].gt(0) & (rows["stream"] != "litigation")]
    said = "、".join(f"{STREAMS[s].short_name}{n}件" for s, n in zip(late["stream"], late["overdue"], strict=True))
    return f"{services_title(material)}。" + (f"目前超期：{said}。" if said else "目前没有超期。")


def _safety_say(material: Material) -> str:
    places = city_places(material.figures)
    if places.empty:
        return f"{safety_title(material)}。"
    said = "，".join(f"{what}全市第{value:.0f}" for what, value in zip(places["what"], places["value"], strict=True))
    return f"{month(places['month'].max())}通报：{said}。"


def _asked_say(material: Material) -> str:
    return f"{asked_title(material)}，请逐项明确。"


_SAID: dict[Topic, tuple[Callable[[Material], str], Callable[[Material], str]]] = {
    Topic.COVER: (cover_title, _cover_say),
    Topic.DECIDED: (decided_title, _decided_say),
    Topic.OVERVIEW: (overview_title, _overview_say),
    Topic.CAMPAIGN: (campaign_title, _campaign_say),
    Topic.TASKS: (tasks_title, _tasks_say),
    Topic.WORK_GROUPS: (work_groups_title, _work_groups_say),
    Topic.RANKING: (ranking_title, _ranking_say),
    Topic.WEAK_LINKS: (weak_links_title, _weak_links_say),
    Topic.AGED: (aged_title, _aged_say),
    Topic.SERVICES: (services_title, _services_say),
    Topic.SAFETY: (safety_title, _safety_say),
    Topic.ASKED: (asked_title, _asked_say),
}
