"""The seven streams of cases: each with its own name, verbs and rate, since one verb for all reads wrong.

Source: DOMAIN "Words".
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stream:
    """How one stream is spoken of; `rate` is "" where it is not ranked."""

    code: str
    name: str
    short_name: str
    opened: str
    closed: str
    rate: str


STREAMS: dict[str, Stream] = {
    stream.code: stream
    for stream in (
        Stream("petition_backlog", "信访积案", "积案", "交办", "化解", "化解率"),
        Stream("petition", "信访事项（初信初访）", "信访事项", "受理", "办结", "按期办结率"),
        Stream("dispute", "矛盾纠纷", "矛盾纠纷", "受理", "化解", "调解成功率"),
        Stream("event", "治理事件", "治理事件", "上报", "办结", "按时办结率"),
        Stream("appeal", "群众诉求", "群众诉求", "受理", "反馈", "按时反馈率"),
        Stream("risk", "风险隐患", "风险隐患", "排查", "销号", "整改销号率"),
        Stream("litigation", "诉讼", "诉讼", "收案", "结案", ""),
    )
}

SERVED = ("petition", "dispute", "event", "appeal", "risk")
"""The streams that platforms carry: all but the backlog, which has pages of its own, and suits, which a court hears."""

FOUR_PLATFORMS = ("综治工作", "市场监管", "综合执法", "便民服务")
PLATFORMS = (*FOUR_PLATFORMS, "矛调中心", "慢城通", "智慧城管", "应急联动")
PENDING_PLATFORM = "综合指挥中心"
"""Not yet live in 2020: shown as 未上线, never as zero."""
