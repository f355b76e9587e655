"""The cases in hand by township and category, small counts hidden from who may not see the cases behind them."""

from collections.abc import Collection, Mapping

import pandas as pd

from analysis.scope import Rights
from analysis.suppression import HIDDEN_NOTE, TOTAL, suppressed

UNSTATED = "未注明"
TOWNSHIP = "township"
_NOTE = f"{HIDDEN_NOTE}；您有权查看案件的乡镇（街道）不隐去。"


def category_table(
    counts: pd.DataFrame, labels: Mapping[str, str], *, rights: Rights, shown: Collection[str]
) -> pd.DataFrame:
    """Return the cases in hand by township and category, as the viewer may see them.

    What is hidden is decided over all townships, whichever are shown: totals of a few would give cells away.

    Parameters
    ----------
    counts : pd.DataFrame
        `queries.case_counts.open_by_category` of all townships.
    labels
        Of all townships by code, in fixed order.
    rights
        Of the viewer over rows.
    shown
        Codes of the townships wanted.

    Returns
    -------
    pd.DataFrame
        One row per township shown and one for the total of all: township (str), a column per category, the most
        frequent first, and TOTAL, all text. No cases: no rows.
    """
    if counts.empty:
        return pd.DataFrame({TOWNSHIP: pd.Series(dtype="str")})
    named = counts.assign(category=counts["category"].where(counts["category"] != "", UNSTATED))
    wide = named.pivot_table(index="township_code", columns="category", values="open", aggfunc="sum", fill_value=0)
    ordered = wide.reindex(list(labels), fill_value=0)[wide.sum().sort_values(ascending=False, kind="stable").index]
    table = suppressed(ordered.astype("int64"), known=readable(rights, labels))
    kept = table.loc[[*(code for code in labels if code in shown), TOTAL]]
    names = {**labels, TOTAL: "全县乡镇合计"}
    return kept.rename_axis(columns=None).reset_index(drop=True).assign(township=[names[code] for code in kept.index])


def category_note(rights: Rights) -> str:
    """Say what a hidden cell means; the unit alone to those from whom nothing is hidden."""
    is_whole = rights.townships is None and rights.department is None
    return "单位：件。" if is_whole else f"单位：件。{_NOTE}"


def readable(rights: Rights, townships: Collection[str]) -> frozenset[str]:
    """Return the townships all of whose cases the viewer may see: none where the rights are a department's."""
    if rights.department is not None:
        return frozenset()
    return frozenset(townships if rights.townships is None else rights.townships)
