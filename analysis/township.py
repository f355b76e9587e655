"""乡镇画像: one township beside its county, the townships of its kind and its neighbours.

Source: DESIGN "Pages"; METHODS section 2; COUNTY "Conventions" (praise before blame, names with figures).
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pandas as pd

from analysis.backlog import Headline, backlog_headline
from analysis.breakdown import recent
from analysis.climbs import climbs
from analysis.contributions import gap_of
from analysis.explanation import (
    climbing_line,
    explained_rows,
    explanation_finding,
    explanation_line,
)
from analysis.levels import LEVELS, Level
from analysis.lights import LIGHTS
from analysis.neighbourhood import VERDICTS, WORSE
from analysis.remembered import remembered
from analysis.weak_links.kinds import head_post
from analysis.wording import MISSING, day_as_of

CONCERNING = frozenset(light for light, mark in LIGHTS.items() if mark.level in ("yellow", "red", "grey"))
"""The lights of the tasks that a township is asked about."""

_LEVEL = {
    level: frozenset(light for light, mark in LIGHTS.items() if mark.level == level) for level in ("red", "yellow")
}
NAMED = 3


def shown_township(labels: Iterable[str], chosen: frozenset[str], own: str | None) -> str:
    """Return the township to show: the first of those chosen; with all chosen the viewer's own before any."""
    codes = list(labels)
    if own in codes and len(chosen) == len(codes):
        return str(own)
    return next((code for code in codes if code in chosen), codes[0])


def step_of(labels: Mapping[str, str], township: str) -> tuple[str, str]:
    """Return the labels of the townships before and after one in the fixed order, going round at the ends."""
    codes = list(labels)
    at = codes.index(township)
    return labels[codes[at - 1]], labels[codes[(at + 1) % len(codes)]]


@remembered
def portrait_finding(rows: pd.DataFrame) -> str:
    """Say how many weighted indicators stand at which level, the best first.

    Parameters
    ----------
    rows
        `compared`.
    """
    weighted = rows[rows["weight"] > 0]
    counts = weighted["level"].value_counts()
    parts = [f"{LEVELS[level].word}{counts[level]}项" for level in Level if counts.get(level)]
    return f"{len(weighted)}项考核指标：{'、'.join(parts)}" if len(weighted) else "所选日期之前没有考核指标"


def below_floor_line(rows: pd.DataFrame) -> str:
    """Name the indicators below their floors with their figures, the heaviest first; "" without any."""
    below = rows[(rows["weight"] > 0) & (rows["level"] == Level.BELOW.value)]
    named = [
        row["name"] + row["value_words"] + _bracketed(row["basis"])
        for row in below.sort_values("weight", ascending=False, kind="stable").head(NAMED).to_dict("records")
    ]
    more = f"等{len(below)}项" if len(below) > NAMED else ""
    return f"低于底线的有{'、'.join(named)}{more}" if named else ""


@remembered
def against_county_line(rows: pd.DataFrame) -> str:
    """Count the indicators better, the same and worse than the county's, and name those below their floors."""
    counts = rows["verdict"].value_counts()
    parts = [f"{word}{counts[verdict]}项" for verdict, (word, _, _) in VERDICTS.items() if counts.get(verdict)]
    said = f"与全县相比，{'、'.join(parts)}。" if parts else ""
    below = below_floor_line(rows)
    return f"{said}{below}。" if below else said


@remembered
def standing_lines(judged: pd.DataFrame, ranked: pd.DataFrame, township: str) -> list[str]:
    """Say a township's place and why, how sure it is, and what would lift it; nothing without scores.

    Parameters
    ----------
    judged, ranked
        `queries.rankings.kpi_table` and `analysis.rankings.ranked_rows`, both over the whole set.
    """
    if ranked["score"].isna().all() or judged.empty:
        return []
    gap = gap_of(judged, township)
    rows = explained_rows(gap, climbs(judged, township))
    said = [explanation_finding(gap, ranked), explanation_line(ranked, township), climbing_line(gap, rows)]
    return [sentence for sentence in said if sentence]


@remembered
def own_headline(now: pd.DataFrame, weekly: pd.DataFrame) -> Headline:
    """Return a township's backlog in one line, with the last year of weeks.

    Parameters
    ----------
    now, weekly
        `queries.backlog.backlog_at` and `backlog_by_week` of the township alone.
    """
    return backlog_headline(now, recent(weekly))


def own_cells(matrix: pd.DataFrame, township: str) -> pd.DataFrame:
    """Keep the cells of a township in `queries.tasks.task_matrix`; county tasks stand on the county."""
    return matrix[matrix["region_code"] == township].reset_index(drop=True)


@remembered
def worse_finding(rows: pd.DataFrame) -> str:
    """Name the indicators worse than the county's, the heaviest first: the title over the table of them all.

    Parameters
    ----------
    rows
        `compared`.
    """
    said = rows[rows["verdict"] != ""]
    worse = said[said["verdict"] == WORSE].sort_values("weight", ascending=False, kind="stable")
    if said.empty:
        return "没有可与全县比较的指标"
    if worse.empty:
        return f"{len(said)}项指标都不低于全县水平"
    more = f"等{len(worse)}项" if len(worse) > NAMED else ""
    return f"不及全县的有{'、'.join(worse['name'].head(NAMED))}{more}"


def tasks_title(cells: pd.DataFrame, concerning: pd.DataFrame) -> str:
    """Say how many of a township's tasks are red and yellow, and which lags most: the title over them.

    Parameters
    ----------
    cells, concerning
        `own_cells`, and those of them that are not green (`analysis.checklist.lit_cells`, the widest gap first).
    """
    if cells.empty:
        return "没有重点任务"
    counts = {level: int(concerning["light"].isin(_LEVEL[level]).sum()) for level in ("red", "yellow")}
    lit = "、".join(f"{word}{n}项" for (word, n) in zip(("红灯", "黄灯"), counts.values(), strict=True) if n)
    said = f"{len(cells)}项重点任务中{lit}" if lit else f"{len(cells)}项重点任务没有红灯、黄灯"
    top = concerning[concerning["light"].isin(_LEVEL["red"] | _LEVEL["yellow"])].head(2)["gap"]
    if top.empty or top.iloc[0] <= 0 or top.nunique() < len(top):
        return said
    return f"{said}，落后计划最多的是{concerning.loc[top.index[0], 'task']}"


def indicator_names(rows: pd.DataFrame) -> dict[str, str]:
    """Return the name of each indicator by code."""
    return dict(zip(rows["kpi_code"], rows["name"], strict=True))


def posts_words(facts: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """Return who is in charge of a township and how large it is, as (what, who) pairs; what is unknown is left out.

    Parameters
    ----------
    facts
        A row of `queries.township.township_facts`.
    """
    people = MISSING if pd.isna(facts["population"]) else f"{facts['population']:,.0f}人"
    homes = "" if pd.isna(facts["households"]) else f"、{facts['households']:,.0f}户"
    said = [
        ("第一责任人", head_post(facts["name"], facts["kind"])),
        ("联乡县领导", facts["county_leader"]),
        ("联系部门", facts["contact_department"]),
        ("常住人口", "" if people == MISSING else f"{people}{homes}"),
        ("村（社区）", f"{facts['villages']}个" if facts["villages"] else ""),
    ]
    return [(what, str(who)) for what, who in said if not pd.isna(who) and who != ""]


@remembered
def case_rows(cases: pd.DataFrame, villages: pd.DataFrame, departments: pd.DataFrame) -> pd.DataFrame:
    """Put names in place of the codes of cases.

    Parameters
    ----------
    cases, villages, departments
        `queries.backlog.case_page`, `queries.township.village_backlog`, `queries.names.department_names`.

    Returns
    -------
    pd.DataFrame
        The rows of `cases` with village and lead (str; 未注明 without a village, 乡镇主办 without a department).
    """
    places = dict(zip(villages["village_code"], villages["village"], strict=True))
    bodies = dict(zip(departments["code"], departments["name"], strict=True))
    return cases.assign(
        village=cases["village_code"].map(places).fillna("未注明"),
        lead=cases["lead_department_code"].map(bodies).fillna("乡镇主办"),
        case_leader=cases["case_leader"].fillna(MISSING),
        category=cases["category"].fillna(MISSING),
    )


@remembered
def clear_villages(villages: pd.DataFrame, as_of: date) -> str:
    """Name the villages without an open case, those accepted as 无信访积案 with the day: a fact apart from today's."""
    clear = villages[villages["open"] == 0].sort_values("village_code", kind="stable")
    named = [
        row["village"] + ("" if pd.isna(row["named_on"]) else f"（{day_as_of(row['named_on'], as_of)}验收）")
        for row in clear.to_dict("records")
    ]
    return f"现无在办积案：{'、'.join(named)}。" if named else ""


def _bracketed(words: str) -> str:
    return f"（{words}）" if words else ""
