"""Titles that say what a table or a row of small pictures shows: where most of it lies, and what keeps rising.

Each follows from the figures alone: ties are named together or counted, equal ones are not told apart.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

NAMED = 3
MIN_RUN = 2
"""Periods in a row from which on a rise is said to last."""


def most(names: Iterable[Any], counts: Iterable[Any], *, unit: str = "件") -> str:
    """Name those with the largest counts, NAMED at most: 球川（6件）、招贤（4件）; "" where nothing was counted.

    One of several that tie with another is never named without it: a tie that goes beyond NAMED is left out, and said
    as a number where it is at the top.
    """
    order = pd.Series(list(counts), index=pd.Index(list(names), dtype="object"))
    found = order[order > 0].sort_values(ascending=False, kind="stable")
    if found.empty:
        return ""
    if len(found) > NAMED:
        if found.iloc[0] == found.iloc[NAMED]:
            return f"{int((found == found.iloc[0]).sum())}个并列（各{found.iloc[0]:,}{unit}）"
        found = found[found > found.iloc[NAMED]].head(NAMED)
    return "、".join(f"{name}（{count:,}{unit}）" for name, count in found.items())


def where_finding(names: Iterable[Any], counts: Iterable[Any], *, what: str, unit: str = "件") -> str:
    """Say how much there is in how many places, and where most of it: the title over a table of places.

    `what` is what is counted, in words: 未化解. One place alone has its count; equal places are not told apart.
    """
    held = list(zip(names, counts, strict=True))
    places = [count for _, count in held if count]
    if not places:
        return f"没有{what}的"
    if len(held) == 1:
        return f"{held[0][0]}{what}{places[0]:,}{unit}"
    said = f"{what}{sum(places):,}{unit}"
    if len(set(places)) == 1 and len(places) > 1:
        return f"{said}，分布在{len(places)}处，各{places[0]:,}{unit}"
    return f"{said}，分布在{len(places)}处，最多的是{most(*zip(*held, strict=True), unit=unit)}"


def rising_finding(
    series: pd.DataFrame, labels: Mapping[str, str], *, end: str, measure: str, what: str, period: str
) -> str:
    """Say whose figure has risen period after period up to the newest full one: 招贤连续3周未化解上升.

    Parameters
    ----------
    series : pd.DataFrame
        `queries.backlog.backlog_by_week` or `backlog_by_month`; a cut period counts for nothing.
    labels
        The label of each township by code; other rows are passed over.
    end, measure
        The columns of the period's last day, and of the figure.
    what, period
        The words for both: 未化解, 周.
    """
    full = series[~series["is_partial"] & series["township_code"].isin(list(labels))]
    if full[end].nunique() < MIN_RUN + 1:
        return ""
    wide = full.pivot_table(index=end, columns="township_code", values=measure, aggfunc="sum").sort_index()
    runs = {label: _run(wide[code]) for code, label in labels.items() if code in wide.columns}
    lasting = sorted(((run, label) for label, run in runs.items() if run >= MIN_RUN), key=lambda each: -each[0])
    if not lasting:
        return f"没有乡镇（街道）连续{MIN_RUN}{_of(period)}{what}上升" if len(runs) > 1 else ""
    named = "、".join(f"{label}连续{run}{_of(period)}" for run, label in lasting[:NAMED])
    more = f"等{len(lasting)}个乡镇（街道）" if len(lasting) > NAMED else ""
    return f"{named}{more}{what}上升"


def _run(values: pd.Series) -> int:
    """Return how many of the last steps were rises, one after the other."""
    rises = values.diff().gt(0).to_numpy()[::-1]
    return next((i for i, is_rise in enumerate(rises) if not is_rise), len(rises))


def _of(period: str) -> str:
    return "个月" if period == "月" else period
