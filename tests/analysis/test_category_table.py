import pandas as pd

from analysis.category_table import category_finding, category_table
from analysis.scope import Rights

LABELS = {"甲": "天马", "乙": "球川", "丙": "白石"}
COUNTS = pd.DataFrame({
    "township_code": ["甲", "甲", "乙", "丙"], "category": ["山林", "拆迁", "拆迁", "山林"], "open": [3, 1, 6, 1],
})  # fmt: skip


def _said(counts: pd.DataFrame, shown: list[str], rights: Rights) -> str:
    return category_finding(category_table(counts, LABELS, rights=rights, shown=shown), what="在办信访积案")


def test_the_title_says_how_many_of_which_kind_and_where() -> None:
    whole = "全县在办信访积案11件；类别最多的是拆迁（7件）、山林（4件）"
    everything = Rights(None, None)
    assert _said(COUNTS, list(LABELS), everything) == (
        f"{whole}；所列乡镇（街道）最多的是球川（6件）、天马（4件）、白石（1件）"
    )
    assert _said(COUNTS, ["甲"], everything) == whole
    assert _said(COUNTS.head(0), ["甲"], everything) == "没有在办信访积案"


def test_equal_kinds_are_named_together() -> None:
    assert "类别最多的是山林（5件）、拆迁（5件）" in _said(COUNTS.assign(open=[4, 1, 4, 1]), ["甲"], Rights(None, None))


def test_where_a_count_is_hidden_nothing_is_said_to_be_the_most() -> None:
    table = pd.DataFrame(
        [["天马", "<5", "7", "9"], ["球川", "6", "<5", "<5"], ["全县乡镇合计", "<5", "7", "16"]],
        columns=["township", "山林", "拆迁", "合计"],
    )
    assert category_finding(table, what="在办信访积案") == "全县在办信访积案16件"
    assert category_finding(table.replace("16", "<5"), what="在办信访积案") == "全县在办信访积案"
