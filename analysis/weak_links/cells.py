"""Weak links in single cells of the checklist: red, silent, without progress, long behind.

Source: DOMAIN "Lights"; analysis.rules.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from analysis.lights import CODES, RED, Light, one_of
from analysis.months import add_months
from analysis.rules import LONG_BEHIND_MONTHS, STALLED_MONTHS
from analysis.weak_links.histories import MISSED, SILENT, Counts, Flags, Floats, Histories, run_lengths, still_months
from analysis.weak_links.kinds import Columns, Kind, Names, Severity
from analysis.wording import MISSING, month_day, number

BEHIND_PLAN = (Light.FAR_BEHIND, Light.OVERDUE)
OVERDUE_FIRST = 100.0
"""What orders an overdue cell before every one that is only behind its plan."""

percent_word = lru_cache(4096)(number)
"""The same few percentages are said thousands of times."""


@dataclass(frozen=True)
class About:
    """What is said of tasks and regions, each in the order of the histories."""

    titles: list[str]
    leads: list[str]
    lead_names: list[str]
    due_on: list[pd.Timestamp]
    is_county: list[bool]
    regions: list[str]
    heads: list[str]


def about_of(known: Histories, tasks: pd.DataFrame, names: Names) -> About:
    """Return what is said of the tasks (code, number, title, scope, lead_department_code, due_on) and regions."""
    told = tasks.set_index("code").reindex(known.tasks)
    leads = told["lead_department_code"].fillna("").tolist()
    return About(
        titles=[f"{n} {title}" for n, title in zip(told["number"], told["title"], strict=True)],
        leads=leads,
        lead_names=[names.department(lead) for lead in leads],
        due_on=told["due_on"].tolist(),
        is_county=(told["scope"] == "county").tolist(),
        regions=[names.region(code) for code in known.regions],
        heads=[names.heads.get(code, "") for code in known.regions],
    )


def cell_weak_links(known: Histories, about: About) -> list[Columns]:
    """Find what is wrong in single cells, kind by kind; a cell that is red and has stalled comes twice."""
    is_behind = known.has(Light.BEHIND)[:, -1]
    runs = {
        Kind.RED: run_lengths(known.has(*BEHIND_PLAN)),
        Kind.UNREPORTED: run_lengths(known.has(*SILENT)),
        Kind.STALLED: still_months(known),
        Kind.LONG_BEHIND: np.where(is_behind, run_lengths(known.has(*MISSED)), 0),
    }
    least = {Kind.STALLED: STALLED_MONTHS, Kind.LONG_BEHIND: LONG_BEHIND_MONTHS}
    return [_found(kind, known, about, lengths, least.get(kind, 1)) for kind, lengths in runs.items()]


def since(known: Histories, run: int) -> tuple[pd.Timestamp, str]:
    """Say from which month on something holds that has held for the last `run` months."""
    start = known.months[len(known.months) - run]
    return start, f"{start.year}年{start.month}月起（{run}个月）"


def _found(kind: Kind, known: Histories, about: About, runs: Counts, least: int) -> Columns:
    """Return the columns of the findings of one kind."""
    cells = np.flatnonzero(runs >= least)
    tasks, regions, run = known.task_at[cells].tolist(), known.region_at[cells].tolist(), runs[cells].tolist()
    behind = known.planned[cells, -1] - known.newest[cells]
    is_red = one_of(known.lights[cells, -1], RED)
    starts = {months: since(known, months) for months in set(run)}
    both = list(zip(tasks, regions, strict=True))
    return {
        "reference": [f"cell:{known.tasks[t]}:{known.regions[r]}" for t, r in both],
        "kind": [kind.value] * len(cells),
        "severity": _severity(kind, is_red).tolist(),
        "size": _size(kind, known, cells, runs, behind).tolist(),
        "subject": [f"{about.regions[r]}：{about.titles[t]}" for t, r in both],
        "title": [about.titles[t] for t in tasks],
        "evidence": _evidence(kind, known, about, cells, run),
        "since": [starts[months][0] for months in run],
        "since_said": [starts[months][1] for months in run],
        "owner": ["、".join(filter(None, (about.lead_names[t], about.heads[r]))) for t, r in both],
        "region_code": [known.regions[r] for r in regions],
        "regions": [known.regions[r] if about.heads[r] else "" for r in regions],
        "task_code": [known.tasks[t] for t in tasks],
        "lead_department_code": [about.leads[t] for t in tasks],
    }


def _severity(kind: Kind, is_red: Flags) -> Counts:
    """Weigh cells: grave where the light is red for what was found, else as the kind has it."""
    at_hand = Severity.WATCH if kind is Kind.UNREPORTED else Severity.MARKED
    return np.where(is_red & (kind in (Kind.RED, Kind.UNREPORTED)), int(Severity.GRAVE), int(at_hand))


def _size(kind: Kind, known: Histories, cells: Counts, runs: Counts, behind: Floats) -> Floats:
    """Return what orders cells of one kind: months of silence; points behind plan, the overdue before all others."""
    if kind is Kind.UNREPORTED:
        return runs[cells].astype(np.float64)
    return np.where(known.lights[cells, -1] == CODES[Light.OVERDUE], behind + OVERDUE_FIRST, behind)


def _evidence(kind: Kind, known: Histories, about: About, cells: Counts, run: list[int]) -> list[str]:
    """Say in numbers what is wrong with each cell."""
    plans, newest = known.planned[cells, -1].tolist(), known.newest[cells].tolist()
    if kind is Kind.UNREPORTED:
        silent = {months: _months_said(known, months) for months in set(run)}
        return [
            f"{silent[months]}未报送，最近一次报送为{percent_word(done)}%（本月计划{percent_word(plan)}%）"
            for months, plan, done in zip(run, plans, newest, strict=True)
        ]
    if kind is Kind.STALLED:
        return [
            f"{months}个月没有进展，停在{percent_word(done)}%（本月计划{percent_word(plan)}%）"
            for months, plan, done in zip(run, plans, newest, strict=True)
        ]
    said = [
        f"计划{percent_word(plan)}%、实际{percent_word(done)}%，落后{percent_word(plan - done)}个百分点"
        for plan, done in zip(plans, newest, strict=True)
    ]
    if kind is Kind.LONG_BEHIND:
        return [f"连续{months}个月未达序时：{behind}" for months, behind in zip(run, said, strict=True)]
    is_overdue = (known.lights[cells, -1] == CODES[Light.OVERDUE]).tolist()
    due = [_day(day) for day in about.due_on]
    return [
        f"{due[task]}已到期，完成{percent_word(done)}%" if late else behind
        for late, task, done, behind in zip(is_overdue, known.task_at[cells].tolist(), newest, said, strict=True)
    ]


def _months_said(known: Histories, run: int) -> str:
    last = known.months[-1].date()
    return "、".join(f"{add_months(last, -back).month}月" for back in range(run - 1, -1, -1))


def _day(value: pd.Timestamp) -> str:
    return MISSING if pd.isna(value) else month_day(value)
