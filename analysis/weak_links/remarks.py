"""What is being done about a weak link: countermeasures reported, who leads the cases, what a meeting decided.

It is told only where the viewer may read it. Source: DESIGN "Access": task texts, cases and follow-ups are rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from analysis.annotations import Annotation
from analysis.months import month_of
from analysis.remembered import remembered
from analysis.scope import Rights
from analysis.weak_links.histories import MISSED
from analysis.weak_links.kinds import TEXT

NONE_YET = "未提出对策"
ON_SCHEDULE = "均达序时，按计划推进"
OWN = "本乡镇（街道）"
UNSEEN = ""
NAMED = 3
REMARKS = dict.fromkeys(("bottleneck", "countermeasure", "leaders", "decided"), TEXT)


@remembered
def with_remarks(
    found: pd.DataFrame,
    texts: pd.DataFrame,
    cases: pd.DataFrame,
    *,
    rights: Rights,
    departments: Mapping[str, str] | pd.Series,
    reasons: Mapping[str, str],
    decisions: Mapping[str, str],
) -> pd.DataFrame:
    """Put beside each weak link what is known to be done about it.

    Parameters
    ----------
    found : pd.DataFrame
        `analysis.weak_links.ranked`, or some of it.
    texts : pd.DataFrame
        `queries.tasks.task_list` within the viewer's rights: task_code, region_code, scope, light, bottleneck,
        countermeasure.
    cases : pd.DataFrame
        `queries.weak_links.pressing_cases` within the viewer's rights.
    rights
        Which rows the viewer may read.
    departments
        Names by code.
    reasons, decisions
        What annotations explain and what a meeting decided, by reference.

    Returns
    -------
    pd.DataFrame
        `found` with bottleneck, countermeasure (a recorded one, 未提出对策, or that all cells are on schedule; "" where
        the viewer may not read it), leaders (who leads the cases), decided (str, "" for none).
    """
    known = _readable(texts, rights)
    rows = [_remarks(row, known, cases, rights, departments, reasons) for row in found.to_dict("records")]
    said = pd.DataFrame(rows, columns=["bottleneck", "countermeasure", "leaders"], index=found.index)
    decided = [decisions.get(reference, "") for reference in found["reference"]]
    return found.assign(**said, decided=decided).astype(REMARKS)


def reasons(annotations: Iterable[Annotation], as_of: date) -> dict[str, str]:
    """Return what annotations say of the month of the as-of date, by the reference of the weak link they explain."""
    own = [(each.place, each) for each in annotations if each.place.month == month_of(as_of)]
    return {f"kpi:{place.kpi_code}:{place.region_code}": f"{each.reason}（{each.author}）" for place, each in own}


def _readable(texts: pd.DataFrame, rights: Rights) -> pd.DataFrame:
    """Keep the cells whose texts the viewer may read: the county's own only with every township."""
    return texts[(texts["scope"] != "county") | (rights.townships is None)]


def _remarks(
    row: Mapping[Any, Any],
    texts: pd.DataFrame,
    cases: pd.DataFrame,
    rights: Rights,
    departments: Mapping[str, str] | pd.Series,
    reasons: Mapping[str, str],
) -> tuple[str, str, str]:
    subject = row["reference"].split(":")[0]
    if subject == "kpi":
        return UNSEEN, reasons.get(row["reference"], NONE_YET), UNSEEN
    if subject in ("backlog", "streams"):
        own = cases[cases["township_code"] == row["region_code"]] if subject == "backlog" else cases.head(0)
        may_read = rights.townships is None or row["region_code"] in rights.townships
        may_read &= rights.department is None or len(own) > 0
        return UNSEEN, NONE_YET if may_read else UNSEEN, _leaders(own, departments)
    cells = _cells_of(row, texts)
    own = cells[cells["light"].isin([light.value for light in MISSED])]
    if own.empty:
        return UNSEEN, UNSEEN if cells.empty else ON_SCHEDULE, UNSEEN
    said = [_most_told(own["bottleneck"], ""), _most_told(own["countermeasure"], NONE_YET)]
    if rights.townships is not None and not row["region_code"]:  # of many townships it reads its own alone
        said = [f"{OWN}：{text}" if text else "" for text in said]
    return said[0], said[1], UNSEEN


def _cells_of(row: Mapping[Any, Any], texts: pd.DataFrame) -> pd.DataFrame:
    """Return the cells that a finding is about, of those that may be read."""
    is_task = (texts["task_code"] == row["task_code"]) | (row["task_code"] == "")
    is_region = (texts["region_code"] == row["region_code"]) | (row["region_code"] == "")
    own: pd.DataFrame = texts[is_task & is_region]
    return own


def _most_told(said: pd.Series, silence: str) -> str:
    """Return the most frequent text with how many of the cells have any; one cell's text alone."""
    told = said.dropna()
    if told.empty:
        return silence
    first = str(told.mode().iloc[0])
    return first if len(said) == 1 else f"{first}（{len(said)}处中{len(told)}处已填报）"


def _leaders(cases: pd.DataFrame, departments: Mapping[str, str] | pd.Series) -> str:
    """Name who leads the cases: the case leaders by post, or the department whose case it is."""
    named = [
        leader if pd.notna(leader) else departments.get(department, "") if pd.notna(department) else "未定包案领导"
        for leader, department in zip(cases["case_leader"], cases["lead_department_code"], strict=True)
    ]
    return _counted(named)


def _counted(names: Iterable[str]) -> str:
    counts = Counter(names).most_common()
    said = "、".join(f"{name}{n}件" for name, n in counts[:NAMED])
    return f"{said}等{sum(n for _, n in counts)}件" if len(counts) > NAMED else said
