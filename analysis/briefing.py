"""The findings in plain Chinese: one sentence each, from figures that are computed elsewhere.

Source: COUNTY "Slides" (title patterns) and "Conventions": praise before blame, names only with figures, never 倒数.
"""

from collections.abc import Mapping
from math import isnan
from typing import Any

import pandas as pd

from analysis.backlog import Headline, Pace
from analysis.breakdown import CampaignNow
from analysis.lights import LIGHTS, Light
from analysis.ranks import AHEAD, TRAILING
from analysis.streams import Stream
from analysis.wording import against_pace, change_in_points, percent, place, places, share

CALM = (Light.ON_TRACK, Light.DUE_SOON, Light.MADE_UP)
NAMED = 3


def backlog_finding(where: str, backlog: Headline, stream: Stream, campaign: CampaignNow | None = None) -> str:
    """Say what was assigned and resolved, the rate and its rise since the campaign began: the press's own sentence.

    No campaign, or one without a baseline, leaves the rise out; a stream that is not ranked has no rate.
    """
    done = f"{where}{stream.opened}{backlog.opened}件、{stream.closed}{backlog.closed}件"
    rate = f"，{stream.rate}{percent(backlog.rate)}" if stream.code == "petition_backlog" and backlog.opened else ""
    points = float("nan") if campaign is None else campaign.pace.rise_points
    rise = "" if isnan(points) or not rate else f"，较动员会{change_in_points(points)}"
    return f"{done}{rate}{rise}"


def pace_finding(pace: Pace, open_now: int) -> str:
    """Say which day of the campaign it is, what is left, and where it stands against the pace line."""
    left = "已到期" if pace.is_over else f"还剩{pace.days_left}天"
    ahead = "" if isnan(pace.ahead_points) else f"（{against_pace(pace.ahead_points)}）"
    return f"动员会起第{pace.day}天，{left}，未化解{open_now}件{ahead}"


def pace_title(backlog: Headline, campaign: CampaignNow | None) -> str:
    """Say where the rate stands against the campaign's pace line, as the title of their chart."""
    said = f"化解率{percent(backlog.rate)}"
    if campaign is None or isnan(campaign.pace.ahead_points):
        return f"{said}（没有序时目标）"
    return f"{said}，{against_pace(campaign.pace.ahead_points)}（今日序时{percent(campaign.pace.expected_rate)}）"


def split_finding(row: Mapping[str, Any]) -> str:
    """Say how the resolved cases were resolved, who leads them, and how many came back.

    Parameters
    ----------
    row
        What `analysis.breakdown.total` returns.
    """
    how = f"已化解{row['closed']}件中，实体化解{row['substantive']}件、依法终结{row['lawful']}件"
    led = share(row["led_closed"], row["led_opened"])
    department = share(row["department_closed"], row["department_opened"])
    return f"{how}；化解后反弹{row['reopened']}件次。乡镇主办化解率{led}，县级机关主办{department}"


def ranking_line(ranked: pd.DataFrame) -> str:
    """Say who is first and who is last of those shown, with their ranges; the overlap is the finding's business.

    Parameters
    ----------
    ranked
        `analysis.rankings.ranked_rows`, in rank order; rows without a rank are passed over.
    """
    known = ranked.dropna(subset=["rank"])
    if known.empty:
        return "所选范围暂不排名"
    ends = known if len(known) == 1 else known.iloc[[0, -1]]
    return "；".join(standing(row) for _, row in ends.iterrows())


def tasks_finding(counts: Mapping[Light, int], *, where: str = "", is_filtered: bool = False) -> str:
    """Say how many tasks there are of each light; a light with none is left out.

    正常 holds those that are yellow by date, as the county's slide says it: how many those are stands beside it.

    For chosen townships (`where`) these are the township tasks of each, one count a task and township.
    """
    what = f"{where}{sum(counts.values())}项次任务" if is_filtered else f"{sum(counts.values())}项任务"
    calm = sum(counts.get(light, 0) for light in CALM)
    within = "、".join(f"{LIGHTS[light].word}{counts[light]}" for light in CALM[1:] if counts.get(light))
    parts = [
        (LIGHTS[Light.DONE].word, counts.get(Light.DONE, 0), ""),
        (LIGHTS[Light.ON_TRACK].word, calm, within),
    ]
    parts += [
        (mark.word, counts.get(light, 0), "") for light, mark in LIGHTS.items() if light not in {Light.DONE, *CALM}
    ]
    said = [f"{word}{n}{f'（含{note}，亮黄灯）' if note else ''}" for word, n, note in parts if n]
    return f"{what}：{'、'.join(said)}"


def red_finding(red: pd.DataFrame, word: str = "红灯", *, unit: str = "乡镇（街道）") -> str:
    """Say where red cells gather: the work groups with most of them, ties together, and how many townships it concerns.

    Parameters
    ----------
    red
        One row per red cell, or per cell of the lights that `word` names: work_group (name), scope (county, township),
        region_code, region (label).
    unit
        What regions are compared; above the townships county tasks belong to one of them.
    """
    if red.empty:
        return f"没有亮{word}的任务"
    counts = red["work_group"].value_counts()
    groups = list(counts[counts == counts.max()].index)
    own = red[red["work_group"].isin(groups)]
    is_county = own["scope"].eq("county") & (unit == "乡镇（街道）")
    units = own.loc[~is_county].drop_duplicates("region_code")["region"]
    parts = ["县级"] if is_county.any() else []
    parts += [units.iloc[0] if len(units) == 1 else f"{len(units)}个{unit}"] if len(units) else []
    each, named = f"{'各' if len(groups) > 1 else ''}{counts.max()}个", "、".join(f"{group}组" for group in groups)
    most = f"都在{named}" if len(counts) == 1 else f"其中{named}最多：{each}"
    return f"{word}{len(red)}个，{most}，在{'和'.join(parts)}"


def ranking_finding(ranked: pd.DataFrame) -> str:
    """Say who stands clearly apart; where intervals overlap, that the rest do not.

    Parameters
    ----------
    ranked
        One row per township in rank order: township (label), band.
    """
    ahead = _named(ranked, AHEAD)
    trailing = _named(ranked, TRAILING)
    if not ahead and not trailing:
        return "各乡镇（街道）差距不明显"
    parts = [f"{names}{word}" for names, word in ((ahead, AHEAD), (trailing, TRAILING)) if names]
    return f"{'，'.join(parts)}，其余差距不明显"


def standing(row: pd.Series) -> str:
    """Say one township's place with how sure it is: 招贤（第1名，92.3分，名次范围第1–3名）.

    Parameters
    ----------
    row
        township (label), rank, is_tied, score, rank_low, rank_high.
    """
    where = place(row["rank"], is_tied=bool(row["is_tied"]))
    return f"{row['township']}（{where}，{row['score']:.1f}分，名次范围{places(row['rank_low'], row['rank_high'])}）"


def _named(ranked: pd.DataFrame, band: str) -> str:
    names = list(ranked.loc[ranked["band"] == band, "township"])
    return "、".join(names[:NAMED]) + (f"等{len(names)}个" if len(names) > NAMED else "")
