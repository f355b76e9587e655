"""What a value may be, table by table, whatever the other rows say."""

from collections.abc import Mapping
from datetime import date

import pandas as pd
import pandera.pandas as pa

from analysis.closing_methods import LAWFUL, PROCEDURAL, SUBSTANTIVE
from database.loading.columns import WORDS
from database.loading.findings import Flag, flagged


def _one_of(*values: str) -> pa.Check:
    return pa.Check.isin(values, error="只能是 " + "、".join(values))


def _coded(table: str, column: str) -> pa.Check:
    """Allow our codes, told with the words that a file may say as well."""
    words = WORDS[table, column]
    return pa.Check.isin(list(words), error="只能是 " + "、".join(f"{word}（{code}）" for code, word in words.items()))


def _between(low: float, high: float) -> pa.Check:
    return pa.Check.in_range(low, high, error=f"应在{low:g}到{high:g}之间")


NOT_NEGATIVE = pa.Check.ge(0, error="不能小于0")
FROM_ONE = pa.Check.ge(1, error="应从1开始编号")
PERCENT = _between(0, 100)
FIRST_OF_MONTH = pa.Check(lambda days: days.dt.day == 1, error="应是当月第一天")

CHECKS: Mapping[str, Mapping[str, pa.Check]] = {
    "regions": {"level": _coded("regions", "level"), "population": NOT_NEGATIVE, "households": NOT_NEGATIVE},
    "campaigns": {"goal_rate": PERCENT},
    "tasks": {"scope": _coded("tasks", "scope"), "origin": _one_of("公", "提", "演"), "weight": NOT_NEGATIVE},
    "task_departments": {"role": _coded("task_departments", "role")},
    "task_progress": {"month": FIRST_OF_MONTH, "planned_pct": PERCENT, "actual_pct": PERCENT},
    "milestones": {"seq": FROM_ONE},
    "kpis": {name: _coded("kpis", name) for name in ("direction", "kind", "period", "reset")},
    "kpi_values": {"month": FIRST_OF_MONTH, "denominator": NOT_NEGATIVE},
    "kpi_weights": {"weight": NOT_NEGATIVE},
    "cases": {"stream": _coded("cases", "stream"), "episode": FROM_ONE, "satisfaction": _between(1, 3)},
    "case_departments": {"episode": FROM_ONE},
}

ORDERS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "campaigns": (("starts_on", "ends_on", "结束早于开始"),),
    "tasks": (("starts_on", "due_on", "完成时限早于启动"),),
    "schemes": (("valid_from", "valid_to", "失效早于生效"),),
    "cases": (
        ("opened_on", "accepted_on", "受理早于登记"),
        ("opened_on", "accept_due_on", "受理期限早于登记"),
        ("opened_on", "due_on", "办理期限早于登记"),
        ("opened_on", "closed_on", "办结早于登记"),
    ),
}
"""Pairs of days of which the second never lies before the first."""

PAST: Mapping[str, tuple[str, ...]] = {
    "regions": ("named_on",),
    "task_progress": ("reported_on",),
    "milestones": ("done_on",),
    "kpi_values": ("published_on",),
    "cases": ("opened_on", "accepted_on", "closed_on"),
}
"""Days on which something has happened: never after the as-of day."""


def value_flags(table: str, frame: pd.DataFrame) -> list[Flag]:
    """Return each value that its column does not allow, and each pair of days in the wrong order."""
    flags = [*_schema_flags(table, frame), *order_flags(table, frame)]
    if table == "kpi_values" and {"numerator", "denominator"} <= set(frame.columns):
        has_none = (frame["denominator"] == 0) & (frame["numerator"] != 0) & frame["numerator"].notna()
        flags += flagged(table, frame, has_none, "denominator", "分母为0而分子不为0")
    return flags


def order_flags(table: str, frame: pd.DataFrame) -> list[Flag]:
    """Return each pair of days in the wrong order."""
    return [
        flag
        for first, second, reason in ORDERS.get(table, ())
        if {first, second} <= set(frame.columns)
        for flag in flagged(table, frame, frame[second] < frame[first], second, reason)
    ]


def future_flags(table: str, frame: pd.DataFrame, as_of: date) -> list[Flag]:
    """Return each day that lies after the as-of day though the thing has happened."""
    reason = f"晚于数据截至日{as_of.isoformat()}"
    return [
        flag
        for name in PAST.get(table, ())
        if name in frame.columns
        for flag in flagged(table, frame, frame[name] > pd.Timestamp(as_of), name, reason)
    ]


def newest_day(frames: Mapping[str, pd.DataFrame]) -> date | None:
    """Return the newest opened, accepted, closed, reported or published day in the files; None when there is none."""
    days = [frames[table][name].max() for table, names in PAST.items() if table in frames for name in names
            if name in frames[table].columns and name not in ("named_on", "done_on")]  # fmt: skip
    known = [day.date() for day in days if not pd.isna(day)]
    return max(known, default=None)


def closing_flags(cases: pd.DataFrame) -> list[Flag]:
    """Return what is wrong with how cases are closed; `cases` are whole rows."""
    is_backlog, is_closed = cases["stream"] == "petition_backlog", cases["closed_on"].notna()
    method = cases["closing_method"]
    is_unknown = is_backlog & method.notna() & ~method.isin((*SUBSTANTIVE, *LAWFUL, PROCEDURAL))
    ways = "、".join((*SUBSTANTIVE, *LAWFUL))
    wrong = (
        (is_backlog & is_closed & method.isna(), "已化解的积案要写明化解方式"),
        (is_backlog & (method == PROCEDURAL), "信访积案不能程序性办结"),
        (is_unknown, f"化解方式只能是 {ways}"),
        (~is_closed & method.notna(), "尚未办结，不应有办结方式"),
    )
    return [flag for is_wrong, reason in wrong for flag in flagged("cases", cases, is_wrong, "closing_method", reason)]


def _schema_flags(table: str, frame: pd.DataFrame) -> list[Flag]:
    checks = {name: check for name, check in CHECKS.get(table, {}).items() if name in frame.columns}
    columns = {name: pa.Column(checks=check, nullable=True, required=False) for name, check in checks.items()}
    try:
        pa.DataFrameSchema(columns).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        wrong = errors.failure_cases.groupby(["column", "check"], sort=False)["index"]
        return [
            flag
            for (column, reason), rows in wrong
            for flag in flagged(table, frame, pd.Series(frame.index.isin(rows), frame.index), str(column), str(reason))
        ]
    return []
