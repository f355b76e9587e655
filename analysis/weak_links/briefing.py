"""The weak links in words: the finding above a list, and the rows as a table takes them.

Source: COUNTY "Slides" (需会议研究的n个问题).
"""

import pandas as pd

from analysis.weak_links.kinds import KIND_WORDS, WEIGHTS, Kind, Severity
from analysis.weak_links.remarks import NONE_YET

OPEN_TO_OWN = "仅相关单位可见"
HEADINGS = {
    "place": "序号",
    "weight_word": "程度",
    "kind_word": "类别",
    "subject": "事项",
    "evidence": "依据",
    "since_said": "时间",
    "owner": "责任",
    "bottleneck": "瓶颈性问题",
    "measure": "对策措施",
    "decided": "议定事项",
}
"""The columns of `weak_link_rows` that leave the screen, each with its heading."""


def weak_links_finding(found: pd.DataFrame, *, where: str = "") -> str:
    """Say how many weak links there are and how grave: 全县薄弱环节53个：严重20个、较重29个、关注4个."""
    if found.empty:
        return f"{where}没有薄弱环节"
    counts = found["severity"].value_counts()
    said = [f"{weight.word}{counts[severity]}个" for severity, weight in WEIGHTS.items() if severity in counts]
    return f"{where}薄弱环节{len(found)}个：{'、'.join(said)}"


def silence_line(found: pd.DataFrame) -> str:
    """Say for how many of them no countermeasure is recorded, of those that the viewer may read; "" for none.

    Parameters
    ----------
    found : pd.DataFrame
        `analysis.weak_links.remarks.with_remarks`.
    """
    readable = found[found["countermeasure"] != ""]
    silent = readable[(readable["countermeasure"] == NONE_YET) & (readable["decided"] == "")]
    return f"其中{len(silent)}个{NONE_YET}、也没有议定事项。" if len(silent) else ""


def weak_link_rows(found: pd.DataFrame) -> pd.DataFrame:
    """Return weak links as a table takes them: words for severity and kinds, who answers, what is being done.

    Parameters
    ----------
    found : pd.DataFrame
        `analysis.weak_links.remarks.with_remarks`.

    Returns
    -------
    pd.DataFrame
        `found` with place (int64, from 1), weight_word, kind_word, owner (with the case leaders), measure (the
        countermeasure, 未提出对策, or that only those concerned may read it; str).
    """
    leaders = "；包案领导：" + found["leaders"]
    return found.assign(
        place=range(1, len(found) + 1),
        weight_word=[WEIGHTS[Severity(severity)].word for severity in found["severity"]],
        kind_word=["、".join(KIND_WORDS[Kind(kind)] for kind in kinds.split(",")) for kinds in found["kinds"]],
        owner=found["owner"] + leaders.where(found["leaders"] != "", ""),
        measure=found["countermeasure"].where(found["countermeasure"] != "", OPEN_TO_OWN),
    )
