"""The cases in hand by township and category, small counts hidden from who may not see the cases behind them."""

from collections.abc import Collection, Mapping

import pandas as pd

from analysis.findings import most
from analysis.remembered import remembered
from analysis.scope import Rights
from analysis.suppression import HIDDEN_NOTE, TOTAL, suppressed

UNSTATED = "未注明"
TOWNSHIP = "township"
_NOTE = f"{HIDDEN_NOTE}；您有权查看案件的乡镇（街道）不隐去。"


@remembered
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


def category_finding(table: pd.DataFrame, *, what: str) -> str:
    """Say how many cases wait, and of which category and in which township most of them, as far as it may be seen.

    Parameters
    ----------
    table
        `category_table`, its last row the total of all; where a count is hidden, nothing is said to be the most.
    what
        What waits, in words: 在办信访积案.
    """
    if table.empty:
        return f"没有{what}"
    figures = table.set_index(TOWNSHIP).apply(pd.to_numeric, errors="coerce")
    townships, whole = figures.iloc[:-1], figures.iloc[-1]
    kinds, places = _most(whole.drop(TOTAL)), _most(townships[TOTAL]) if len(townships) > 1 else ""
    count = "" if pd.isna(whole[TOTAL]) else f"{whole[TOTAL]:,.0f}件"
    said = [
        f"全县{what}{count}",
        f"类别最多的是{kinds}" if kinds else "",
        f"所列乡镇（街道）最多的是{places}" if places else "",
    ]
    return "；".join(filter(None, said))


def category_note(rights: Rights) -> str:
    """Say what a hidden cell means; the unit alone to those from whom nothing is hidden."""
    is_whole = rights.townships is None and rights.department is None
    return "单位：件。" if is_whole else f"单位：件。{_NOTE}"


def readable(rights: Rights, townships: Collection[str]) -> frozenset[str]:
    """Return the townships all of whose cases the viewer may see: none where the rights are a department's."""
    if rights.department is not None:
        return frozenset()
    return frozenset(townships if rights.townships is None else rights.townships)


def _most(counts: pd.Series) -> str:
    return "" if counts.isna().any() else most(counts.index, counts.astype("int64"))
