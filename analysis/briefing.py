"""The findings in plain Chinese: one sentence each, from figures that are computed elsewhere.

Source: COUNTY "Slides" (title patterns) and "Conventions": praise before blame, names only with figures, never 倒数.
"""

from collections.abc import Mapping

import pandas as pd

from analysis.backlog import Headline, Pace
from analysis.lights import LIGHTS, Light
from analysis.ranks import AHEAD, TRAILING
from analysis.streams import Stream
from analysis.wording import against_pace, change_in_points, percent, place, places

CALM = (Light.ON_TRACK, Light.DUE_SOON, Light.MADE_UP)
NAMED = 3


def backlog_finding(where: str, backlog: Headline, stream: Stream, pace: Pace | None = None) -> str:
    """Say what was assigned and resolved, the rate and its rise since the campaign began: the press's own sentence.

    `pace` None, or a campaign without a baseline, leaves the rise out; a stream that is not ranked has no rate.
    """
    done = f"{where}{stream.opened}{backlog.opened}件、{stream.closed}{backlog.closed}件"
    rate = f"，{stream.rate}{percent(backlog.rate)}" if stream.code == "petition_backlog" and backlog.opened else ""
    rise = f"，较动员会{change_in_points(pace.rise_points)}" if pace is not None and rate and _has_rise(pace) else ""
    return f"{done}{rate}{rise}"


def pace_finding(pace: Pace, open_now: int) -> str:
    """Say which day of the campaign it is, what is left, and where it stands against the pace line."""
    left = "已到期" if pace.is_over else f"还剩{pace.days_left}天"
    ahead = f"（{against_pace(pace.ahead_points)}）" if pace.ahead_points == pace.ahead_points else ""
    return f"动员会起第{pace.day}天，{left}，未化解{open_now}件{ahead}"


def tasks_finding(counts: Mapping[Light, int]) -> str:
    """Say how many tasks there are of each light; a light with none is left out, 正常 holds the yellow-by-date ones."""
    calm = sum(counts.get(light, 0) for light in CALM)
    within = [LIGHTS[light].word for light in CALM[1:] if counts.get(light)]
    parts = [
        (LIGHTS[Light.DONE].word, counts.get(Light.DONE, 0), ""),
        (LIGHTS[Light.ON_TRACK].word, calm, "、".join(within)),
    ]
    parts += [
        (mark.word, counts.get(light, 0), "") for light, mark in LIGHTS.items() if light not in {Light.DONE, *CALM}
    ]
    said = [f"{word}{n}{f'（含{note}）' if note else ''}" for word, n, note in parts if n]
    return f"{sum(counts.values())}项任务：{'、'.join(said)}"


def red_finding(red: pd.DataFrame) -> str:
    """Say where red cells gather: the work group with most of them, and how many townships it concerns.

    Parameters
    ----------
    red
        One row per red cell: work_group (name), region_code.
    """
    if red.empty:
        return "没有亮红灯的任务"
    group = red["work_group"].value_counts(sort=True).index[0]
    own = red[red["work_group"] == group]
    return f"红灯{len(red)}个，{group}组最多（{len(own)}个），涉及{own['region_code'].nunique()}个乡镇（街道）"


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


def _has_rise(pace: Pace) -> bool:
    return pace.rise_points == pace.rise_points  # NaN: nothing had been assigned by then
