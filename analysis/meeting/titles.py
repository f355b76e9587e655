"""The title of each slide, which is its conclusion, by the patterns of COUNTY "Slides".

Source: COUNTY "Conventions" too: names only with figures, never 倒数.
"""

import pandas as pd

from analysis.briefing import backlog_finding, pace_finding, ranking_finding, tasks_finding
from analysis.follow_ups import Status
from analysis.meeting.figures import WHOLE_COUNTY, Figures
from analysis.meeting.material import Material
from analysis.rules import AGE_LIMITS
from analysis.streams import PENDING_PLATFORM, STREAMS
from analysis.wording import day, fraction, percent

AGED_DAYS = AGE_LIMITS[1]


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
    """今年矛调中心受理535件，近12个月全县矛盾纠纷调解成功率94.2%；综合指挥中心预计10月上线."""
    figures = material.figures
    streams = figures.streams
    own = streams[streams["platform"] != ""]
    intake = f"今年{own['platform'].iloc[0]}受理{own['opened'].iloc[0]:,}件" if len(own) else ""
    success = mediation_success(figures)
    rate = f"近12个月{WHOLE_COUNTY}矛盾纠纷调解成功率{success}" if success else ""
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


def backlog_words(figures: Figures, township: str) -> str:
    """Say a township's cases as 化解/交办: 交办积案化解13/14件."""
    own = figures.in_campaign[figures.in_campaign["township_code"] == township]
    if own.empty or not own["opened"].iloc[0]:
        return "没有交办积案"
    return f"交办积案化解{fraction(own['closed'].iloc[0], own['opened'].iloc[0])}件"
