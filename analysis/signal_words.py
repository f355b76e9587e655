"""信号 in words: the short ones of the grid, the sentences above and below it, what a chart's points say.

Source: METHODS section 3 (captions).
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.control_charts import (
    ASSURANCE_CAPTIONS,
    MIN_MEAN_COUNT,
    VARIATION_CAPTIONS,
    Assurance,
    Variation,
    grid_caption,
)
from analysis.control_rules import MIN_POINTS, RUN
from analysis.indicators import INCREMENT, SHARE
from analysis.signals import UNJUDGED
from analysis.wording import MISSING, fraction, number, percent
from analysis.wording import month as month_word

VARIATION_WORDS = {
    Variation.COMMON: "正常",
    Variation.IMPROVEMENT: "好转",
    Variation.CONCERN: "变差",
    Variation.NEUTRAL_HIGH: "偏高",
    Variation.NEUTRAL_LOW: "偏低",
    Variation.TOO_FEW: "期数少",
    Variation.SPARSE: "件数少",
}
ASSURANCE_WORDS = {
    Assurance.PASS: "能达到",
    Assurance.CHANCE: "不一定",
    Assurance.FAIL: "达不到",
    Assurance.NONE: "",
}
RULE_WORDS = {
    "outside": "超出正常范围",
    "trend": f"连续{RUN}个月同升或同降",
    "two_of_three": "3个月中有2个月贴近界限",
    "shift": f"连续{RUN}个月在平均水平同一侧",
    "common": "",
}
LEFT_OUT = "不计入"
POINT_WORDS = {
    "common": "正常",
    "improvement": "异常好转",
    "concern": "异常变差",
    "neutral_high": "异常偏高",
    "neutral_low": "异常偏低",
}
COUNTY, CASES, ADDED = "全县", "件", "当月新增件数"
_WHY_NOT = {
    Variation.TOO_FEW: f"不足{MIN_POINTS}期",
    Variation.SPARSE: f"月均不足{MIN_MEAN_COUNT}件",
}


def grid_rows(grid: pd.DataFrame, kpis: pd.DataFrame, places: Mapping[str, str]) -> pd.DataFrame:
    """Word the grid.

    Parameters
    ----------
    grid
        `signal_grid`.
    kpis
        `queries.definitions.kpi_definitions`: names and units.
    places
        The label of each region by code.

    Returns
    -------
    pd.DataFrame
        The rows of `grid` with name, place, month_word (2020年8月), value_word, variation_word, assurance_word and says
        (the whole sentence), all str.
    """
    names, units = (dict(zip(kpis["code"], kpis[each], strict=True)) for each in ("name", "unit"))
    rows = grid.assign(name=grid["kpi_code"].map(names), place=grid["region_code"].map(places))
    figures = zip(rows["value"], rows["form"], rows["kpi_code"], strict=True)
    rows["value_word"] = [value_word(value, form, str(units[code])) for value, form, code in figures]
    rows["month_word"] = [MISSING if pd.isna(day) else month_word(day) for day in rows["month"]]
    rows["variation_word"] = [VARIATION_WORDS[Variation(each)] for each in rows["variation"]]
    rows["assurance_word"] = [ASSURANCE_WORDS[Assurance(each)] for each in rows["assurance"]]
    captions = [
        "；".join(filter(None, (VARIATION_CAPTIONS[Variation(said)], ASSURANCE_CAPTIONS[Assurance(hope)])))
        for said, hope in zip(rows["variation"], rows["assurance"], strict=True)
    ]
    parts = zip(rows["place"], rows["name"], rows["month_word"], rows["value_word"], captions, strict=True)
    rows["says"] = [f"{place} {name} {day} {value}：{caption}" for place, name, day, value, caption in parts]
    return rows


def places_of(series: pd.DataFrame, labels: Mapping[str, str]) -> dict[str, str]:
    """Return the label of each region of the series, in their order; what is no township is 全县."""
    return {code: labels.get(code, COUNTY) for code in series["region_code"].unique()}


def names_of(series: pd.DataFrame, kpis: pd.DataFrame) -> dict[str, str]:
    """Return the name of each indicator of the series, in their order."""
    names = dict(zip(kpis["code"], kpis["name"], strict=True))
    return {code: str(names[code]) for code in series["kpi_code"].unique()}


def series_name(name: str, form: str) -> str:
    """Name what a series draws: of a running total, what each month added."""
    return f"{name}（{ADDED}）" if form == INCREMENT else name


def unit_of(chart: pd.DataFrame, kpis: pd.DataFrame, kpi: str) -> str:
    """Return the unit in which `signal_chart` draws an indicator: what a month added is counted in cases."""
    if chart.attrs["form"] == INCREMENT:
        return CASES
    return str(kpis.loc[kpis["code"] == kpi, "unit"].iloc[0])


def chart_rows(chart: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Word the points of `signal_chart` for drawing.

    Returns
    -------
    pd.DataFrame
        Its rows with month_word, value_word, basis (n/N, "" without), range_word, point (正常, 异常好转, 不计入, ...)
        and rule_word.
    """
    form = chart.attrs["form"]
    rows = chart.assign(month_word=[month_word(day) for day in chart["month"]])
    rows["value_word"] = [value_word(value, form, unit) for value in rows["value"]]
    counts = zip(rows["numerator"], rows["denominator"], strict=True)
    rows["basis"] = [fraction(x, n) if form == SHARE and n > 0 else "" for x, n in counts]
    ends = zip(rows["lower"], rows["upper"], strict=True)
    rows["range_word"] = [
        MISSING if np.isnan(low) else f"{value_word(low, form, unit)}至{value_word(high, form, unit)}"
        for low, high in ends
    ]
    rows["point"] = [POINT_WORDS[each] for each in rows["signal"]]
    rows.loc[rows["is_excluded"], "point"] = LEFT_OUT
    rows["rule_word"] = rows["rule"].map(RULE_WORDS)
    return rows


def chart_finding(chart: pd.DataFrame, place: str, name: str) -> str:
    """Say what `signal_chart` shows of one indicator in one place: the title above it."""
    return f"{place} · {series_name(name, chart.attrs['form'])}：{VARIATION_CAPTIONS[chart.attrs['variation']]}"


def usual_line(chart: pd.DataFrame, unit: str) -> str:
    """Say the mean, the usual range of the latest month, and the target of `signal_chart`."""
    form, latest = chart.attrs["form"], chart[chart["value"].notna() & ~chart["is_excluded"]].tail(1)
    if latest.empty or latest["upper"].isna().all():
        return ""
    row = latest.iloc[0]
    mean, low, high, target = (value_word(row[name], form, unit) for name in ("mean", "lower", "upper", "target"))
    said = f"平均水平{mean}；{month_word(row['month'])}的正常范围{low}至{high}"
    return f"{said}；{'没有目标值' if np.isnan(row['target']) else f'目标{target}'}。"


def value_word(value: float, form: str, unit: str) -> str:
    """Say a value of a series: a share in percent, another in its unit; — when missing."""
    if form == SHARE:
        return percent(value)
    said = number(value, digits=1)
    return said if np.isnan(value) else f"{said}{CASES if form == INCREMENT else unit}"


def signals_finding(grid: pd.DataFrame) -> str:
    """Say how many indicators are out of the ordinary, and that the rest need no question."""
    counts = grid["variation"].value_counts()
    judged = int((~grid["variation"].isin(UNJUDGED)).sum())
    if not judged:
        return "各项指标的月份或件数都还不够，暂不判断波动。"
    named = (Variation.CONCERN, Variation.IMPROVEMENT, Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW)
    said = [f"异常{VARIATION_WORDS[each]}{counts[each.value]}处" for each in named if each.value in counts]
    usual = int(counts.get(Variation.COMMON.value, 0))
    rest = f"其余{usual}处波动属正常范围，不必逐月追问" if said else f"{usual}处波动都属正常范围，不必逐月追问"
    return f"{'、'.join(said)}{'，' if said else ''}{rest}。"


def alarm_note(grid: pd.DataFrame) -> str:
    """Say how many alarms chance alone makes among the series that are judged, and how many are not judged."""
    counts = {word: int((grid["variation"] == each.value).sum()) for each, word in _WHY_NOT.items()}
    judged = len(grid) - sum(counts.values())
    unjudged = "；".join(f"{n}格{word}" for word, n in counts.items() if n)
    return f"{grid_caption(judged)}。{f'另有{unjudged}，不作判断。' if unjudged else ''}"


HOW_TO_READ_GRID = (
    "一行一个指标，一列一个地方（第一列是全县），格中上面一行看最近一个月和自己以往比有没有异常，下面一行看照目前做法能不能达到目标。",
    "正常：和往常一样有高有低，不必逐月追问；好转、变差：超出了自己以往的正常范围，或者连续多月偏向一侧，值得问一问原因。",
    "能达到、达不到：目标值在正常范围之外，不改变做法，结果不会变；不一定：目标值在正常范围之内，时好时坏，某个月达标多半是运气。",
    f"期数少：不足{MIN_POINTS}个月；件数少：月均不足{MIN_MEAN_COUNT}件，起伏说明不了问题，请看全县一列。",
)
HOW_TO_READ_CHART = (
    "一个点是一个月。灰带是按这个地方自己以往的起伏算出的正常范围，件数少的月份灰带宽；实线是平均水平，虚线是目标。",
    f"点在灰带里上下，是正常波动；出了灰带、连续{RUN}个月偏在一侧或同升同降，用不同的颜色和形状标出，说明有了真变化。",
    "竖线旁写着情况说明；标为不计入的月份照常画出（空心点），不参与平均水平和正常范围的计算。",
)
