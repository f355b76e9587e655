"""The columns of the 考核 section's tables: which field, under which heading, written how."""

from html import escape
from math import isnan

from components.links import link_mark
from components.marks import change_mark, gap_mark, note_mark, range_mark, score_mark, two_lines, whole
from components.tables import Column, score, whole_percent
from components.township_names import township_mark

COUNTY_PLACE = Column("county_rank", "全县名次", lambda rank: "—" if isnan(rank) else f"第{rank:.0f}名", is_number=True)

RANKING_SCREEN = (
    Column("link", "名次", html=link_mark, figure="rank"),
    Column("change", "较上月", html=change_mark, figure="rank_change"),
    Column("township", "乡镇（街道）", html=township_mark),
    Column("score", "综合得分", html=score_mark, figure="score"),
    Column("range", "名次范围", html=range_mark, figure="rank_interval"),
    Column("band", "判断", html=whole, figure="band"),
    Column("coverage", "指标覆盖", whole_percent, is_number=True, figure="coverage"),
    Column("note_mark", "说明", html=note_mark),
)


def _scored(shown: tuple[float, str]) -> str:
    """Return a score's bar, with what keeps it from being judged."""
    value, note = shown
    said = f'<small class="gov-aside">{escape(note)}</small>' if note else ""
    return f"{'' if isnan(value) else score_mark(value)}{said}"


EXPLANATION_SCREEN = (
    Column("named", "指标", html=two_lines),
    Column("value", "实际", html=two_lines, is_number=True),
    Column("scored", "得分", html=_scored),
    Column("contribution", "贡献（分）", score, is_number=True, figure="score"),
    Column("gap_mark", "差距（分）", html=gap_mark),
    Column("move", "怎样能升位"),
    Column("link", "明细", html=link_mark),
)

EXPLANATION = (
    Column("name", "指标"),
    Column("weight", "权重"),
    Column("value_words", "实际"),
    Column("numerator", "分子"),
    Column("denominator", "分母"),
    Column("goal", "目标值"),
    Column("floor", "底线值"),
    Column("score", "得分"),
    Column("contribution", "贡献（分）"),
    Column("gap", "差距（分）"),
    Column("gap_share", "占落后（领先）各项之和"),
    Column("move", "怎样能升位"),
)

HEAT = (
    Column("name", "指标"),
    Column("township", "乡镇（街道）"),
    Column("numerator", "分子"),
    Column("denominator", "分母"),
    Column("value", "实际"),
    Column("unit", "单位"),
    Column("weight", "权重"),
    Column("score", "得分"),
    Column("rank", "本项名次"),
    Column("state_words", "说明"),
)

RANK_LINES = (
    Column("township", "乡镇（街道）"),
    Column("month", "月份", csv=lambda day: f"{day:%Y-%m}"),
    Column("rank", "名次"),
    Column("score", "综合得分", csv=score),
    Column("scheme", "考核方案"),
)
