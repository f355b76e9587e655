"""Figures that do not follow from their own numerator, denominator or parts."""

import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.kpis import SCALE
from database.checks.findings import ERROR, WARNING, Finding
from database.checks.owners import Owners, counts_of, found_by_owner
from database.tables import backlog_states, kpi_values, kpi_weights, kpis, task_progress

ROUNDING = 0.006
"""Reported values come with two decimals: half a hundredth, and a little for the binary fraction."""

FULL_WEIGHT = 100.0


def findings(connection: Connection) -> list[Finding]:
    """Return values off their ratio, shares above the whole, impossible percentages, states that do not add up."""
    value, numerator, denominator = kpi_values.c.value, kpi_values.c.numerator, kpi_values.c.denominator
    joined = kpi_values.join(kpis, kpis.c.code == kpi_values.c.kpi_code)
    scale = sa.case(SCALE, value=kpis.c.unit, else_=1.0)
    is_ratio = kpis.c.kind.in_(("proportion", "rate")) & (denominator > 0)
    is_above_whole = (kpis.c.kind == "proportion") & (numerator > denominator)
    is_off = sa.func.abs(value - scale * numerator / denominator) > ROUNDING
    states = backlog_states.c
    bands = states.open_0_30 + states.open_31_60 + states.open_61_90 + states.open_91_180 + states.open_over_180
    is_uneven = sa.or_(
        states.open != states.opened_to_date + states.reopened_to_date - states.closings_to_date, states.open != bands
    )
    t = task_progress.c
    is_no_percent = sa.or_(*(sa.or_(column < 0, column > 100) for column in (t.planned_pct, t.actual_pct)))
    wrong = (
        (kpi_values, "value 不等于分子÷分母", counts_of(kpi_values, is_ratio & is_off, source=joined)),
        (kpi_values, "分子大于分母", counts_of(kpi_values, is_above_whole, source=joined)),
        (task_progress, "进度不在0到100之间", counts_of(task_progress, is_no_percent)),
        (backlog_states, "未办结数与交办、重新交办、办结数不符", counts_of(backlog_states, is_uneven)),
    )
    owners = Owners(connection)
    found = [finding for each in wrong for finding in found_by_owner(connection, owners, ERROR, *each)]
    return found + _weights(connection)


def _weights(connection: Connection) -> list[Finding]:
    w = kpi_weights.c
    total = sa.func.sum(w.weight)
    statement = (
        sa.select(w.region_code, w.scheme, total)
        .join(kpis, kpis.c.code == w.kpi_code)
        .where(kpis.c.direction != "neutral")
        .group_by(w.region_code, w.scheme)
        .having(sa.func.count() == sa.func.count(w.weight))
        .having(sa.func.abs(total - FULL_WEIGHT) > ROUNDING)
    )
    return [
        Finding(WARNING, "kpi_weights", f"{region} 方案 {scheme} 的权重合计为 {weight:g}，不是100")
        for region, scheme, weight in connection.execute(statement)
    ]
