"""The columns of the pages' tables: which field, under which heading, written how."""

from analysis.streams import Stream
from components.lights import light_mark, light_word
from components.tables import Column, count, rate, score, short_day, whole_percent

TOWNSHIP = Column("township", "乡镇（街道）")

BACKLOG = (
    TOWNSHIP,
    Column("opened", "交办（件）", count, is_number=True),
    Column("closed", "化解（件）", count, is_number=True),
    Column("open", "未化解（件）", count, is_number=True),
    Column("overdue", "其中超期（件）", count, is_number=True),
    Column("rate", "化解率", rate, is_number=True, csv=rate),
    Column("resolved", "化解/交办", is_number=True, is_screen_only=True),
    Column("note", "说明"),
)

BACKLOG_DETAIL = (
    *BACKLOG[:-1],
    Column("substantive", "实体化解（件）", count, is_number=True),
    Column("lawful", "依法终结（件）", count, is_number=True),
    Column("reopened", "反弹（件次）", count, is_number=True),
    Column("led", "乡镇主办", is_number=True, is_screen_only=True),
    Column("department", "县级机关主办", is_number=True, is_screen_only=True),
    BACKLOG[-1],
)

BACKLOG_EXPORT = (
    *BACKLOG_DETAIL,
    Column("led_opened", "乡镇主办交办（件）"),
    Column("led_closed", "乡镇主办化解（件）"),
    Column("department_opened", "县级机关主办交办（件）"),
    Column("department_closed", "县级机关主办化解（件）"),
)

RANKING = (
    Column("place", "名次"),
    TOWNSHIP,
    Column("score", "综合得分", score, is_number=True),
    Column("change", "较上月", is_number=True),
    Column("interval", "名次范围", is_number=True),
    Column("band", "判断"),
    Column("coverage", "指标覆盖", whole_percent, is_number=True, csv=whole_percent),
)

RED_CELLS = (
    Column("task", "重点任务"),
    Column("region", "乡镇（街道）"),
    Column("light", "亮灯", html=light_mark, csv=light_word),
    Column("progress", "计划 / 实际", is_number=True),
    Column("due_on", "完成时限", short_day),
    Column("reported_on", "报送日期", short_day),
)


def stream_columns(stream: Stream) -> tuple[Column, ...]:
    """Return the columns of a stream's table, in its own verbs; the backlog's say more."""
    return BACKLOG_DETAIL if stream.code == "petition_backlog" else _flow_columns(stream)


def stream_export(stream: Stream) -> tuple[Column, ...]:
    """Return the columns of a stream's download."""
    return BACKLOG_EXPORT if stream.code == "petition_backlog" else _flow_columns(stream)


def _flow_columns(stream: Stream) -> tuple[Column, ...]:
    return (
        TOWNSHIP,
        Column("opened", f"累计{stream.opened}（件）", count, is_number=True),
        Column("closed", f"累计{stream.closed}（件）", count, is_number=True),
        Column("open", f"未{stream.closed}（件）", count, is_number=True),
        Column("overdue", "其中超期（件）", count, is_number=True),
    )
