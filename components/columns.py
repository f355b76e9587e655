"""The columns of the pages' tables: which field, under which heading, written how."""

from collections.abc import Sequence
from dataclasses import replace

from analysis.breakdown import SMALL_BASE, SMALL_MARK
from analysis.streams import Stream
from components.lights import light_mark, light_word
from components.links import link_mark
from components.tables import Column, count, rate, score, short_day, whole_percent
from components.township_names import township_mark

TOWNSHIP = Column("township", "乡镇（街道）", html=township_mark)


def of_units(columns: Sequence[Column], heading: str) -> tuple[Column, ...]:
    """Return the same columns, the first one headed by what is compared (`components.filters.unit_name`)."""
    return (replace(columns[0], heading=heading), *columns[1:])


_COUNTS = (
    TOWNSHIP,
    Column("opened", "交办", count, is_number=True, figure="opened"),
    Column("closed", "化解", count, is_number=True, figure="closed"),
    Column("open", "未化解", count, is_number=True, figure="open"),
    Column("overdue", "其中超期", count, is_number=True, figure="overdue"),
)
_SPLIT = (
    Column("substantive", "实体化解", count, is_number=True, figure="closing_split"),
    Column("lawful", "依法终结", count, is_number=True),
    Column("reopened", "反弹", count, is_number=True, figure="reopened"),
)
_RATE, _NOTE = Column("rate", "化解率", csv=rate), Column("note", "说明")

BACKLOG = (*_COUNTS, Column("resolved", "化解率（化解/交办）", is_number=True, figure="resolution_rate"), _NOTE)
BACKLOG_CAPTION = "单位：件。"
BACKLOG_EXPORT = (*_COUNTS, _RATE, _NOTE)

BACKLOG_DETAIL = (
    *_COUNTS,
    Column("marked", "化解率", is_number=True, figure="resolution_rate"),
    *_SPLIT,
    Column("led", "乡镇主办", is_number=True, figure="led_by"),
    Column("department", "县级机关主办", is_number=True),
)
BACKLOG_DETAIL_CAPTION = f"单位：件。百分数为化解率，括号内为化解/交办；{SMALL_MARK} {SMALL_BASE}。"
BACKLOG_DETAIL_EXPORT = (
    *_COUNTS,
    _RATE,
    *_SPLIT,
    Column("led_opened", "乡镇主办交办"),
    Column("led_closed", "乡镇主办化解"),
    Column("department_opened", "县级机关主办交办"),
    Column("department_closed", "县级机关主办化解"),
    _NOTE,
)

RANKING = (
    Column("place", "名次", figure="rank"),
    TOWNSHIP,
    Column("score", "综合得分", score, is_number=True, figure="score"),
    Column("change", "较上月", is_number=True, figure="rank_change"),
    Column("interval", "名次范围", is_number=True, figure="rank_interval"),
    Column("band", "判断", figure="band"),
    Column("coverage", "指标覆盖", whole_percent, is_number=True, csv=whole_percent, figure="coverage"),
)

LIT_CELLS_EXPORT = (
    Column("task", "重点任务"),
    Column("region", "乡镇（街道）", html=township_mark),
    Column("light", "亮灯", html=light_mark, csv=light_word, figure="light"),
    Column("progress", "计划 / 实际", is_number=True, figure="planned_pct"),
    Column("due_on", "完成时限", short_day),
    Column("reported_on", "报送日期", short_day, figure="reporting"),
)
LIT_CELLS = (Column("linked", "重点任务", html=link_mark), *LIT_CELLS_EXPORT[1:])

DEFINITIONS = (
    Column("code", "代码"),
    Column("name", "名称"),
    Column("subject", "类别"),
    Column("meaning", "含义"),
    Column("formula", "公式"),
    Column("period", "期间"),
    Column("source", "数据来源"),
    Column("unit", "计量单位"),
    Column("direction", "方向"),
    Column("rule", "考核规则"),
    Column("department", "责任单位"),
)


def stream_columns(stream: Stream) -> tuple[Column, ...]:
    """Return the columns of a stream's table, in its own verbs; the backlog's say more."""
    return BACKLOG_DETAIL if stream.code == "petition_backlog" else _flow_columns(stream)


def stream_export(stream: Stream) -> tuple[Column, ...]:
    """Return the columns of a stream's download."""
    return BACKLOG_DETAIL_EXPORT if stream.code == "petition_backlog" else _flow_columns(stream)


def _flow_columns(stream: Stream) -> tuple[Column, ...]:
    return (
        TOWNSHIP,
        Column("opened", f"累计{stream.opened}", count, is_number=True, figure="opened"),
        Column("closed", f"累计{stream.closed}", count, is_number=True, figure="closed"),
        Column("open", f"未{stream.closed}", count, is_number=True, figure="open"),
        Column("overdue", "其中超期", count, is_number=True, figure="overdue"),
    )


def stream_caption(stream: Stream) -> str:
    """Return what stands under a stream's table: the unit, and what its marks mean."""
    return BACKLOG_DETAIL_CAPTION if stream.code == "petition_backlog" else BACKLOG_CAPTION
