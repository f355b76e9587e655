"""The milestones of the tasks (时间表、路线图): what is done, late, due soon or still to come.

Source: DOMAIN "Lights" for 临期; COUNTY "The 35 tasks", stated milestones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import pandas as pd

from analysis.lights import Level
from analysis.remembered import remembered
from analysis.rules import DUE_SOON_DAYS
from analysis.wording import month_day

NEAR_DAYS = 31
"""A road map of everything shows what is due within so many days: a month."""


class Step(StrEnum):
    """How a milestone stands on the as-of date."""

    DONE = "done"
    LATE = "late"
    SOON = "soon"
    OPEN = "open"


@dataclass(frozen=True)
class StepMark:
    """How the state of a milestone is shown: its word, its shape and the level its colour stands for."""

    word: str
    shape: str
    level: Level


STEPS: dict[Step, StepMark] = {
    Step.DONE: StepMark("已完成", "✓", "green"),
    Step.LATE: StepMark("逾期未完成", "■", "red"),
    Step.SOON: StepMark("临期", "▲", "yellow"),
    Step.OPEN: StepMark("未到期", "○", "grey"),
}


@remembered
def milestone_rows(
    steps: pd.DataFrame, facts: pd.DataFrame, labels: Mapping[str, str], *, as_of: date, task: str | None = None
) -> pd.DataFrame:
    """Say how each milestone stands, and from when it was worked at: from the one before, the first from the start.

    Parameters
    ----------
    steps : pd.DataFrame
        `queries.milestones.milestones`.
    facts : pd.DataFrame
        `queries.task_book.task_facts`: tasks without a row there fall away.
    labels
        The label of each township by code: a township's own milestone bears it.
    task
        Keep those of one task, by its code.

    Returns
    -------
    pd.DataFrame
        The columns of `steps`, in its order, with task, work_group, lead, step (title, with the township where it is
        not the county's), state (str, a value of `Step`), word, shape (its own), said (its word and what
        to know of its date), begins_on (datetime64[s]).
    """
    about = facts.set_index("code")
    rows = steps[steps["task_code"].isin(about.index if task is None else [task])].reset_index(drop=True)
    own = about.loc[rows["task_code"]]
    before = rows.groupby(["task_code", "region_code"])["due_on"].shift()
    rows["begins_on"] = before.fillna(pd.Series(own["starts_on"].array)).fillna(rows["due_on"])
    rows["task"] = [f"{number} {title}" for number, title in zip(own["number"], own["title"], strict=True)]
    rows["work_group"], rows["lead"] = own["work_group"].array, own["lead"].array
    places = [f"（{labels[code]}）" if code in labels else "" for code in rows["region_code"]]
    rows["step"] = rows["title"] + pd.Series(places, index=rows.index, dtype="str")
    rows["state"] = _states(rows["due_on"], rows["done_on"], as_of)
    marks = [STEPS[Step(state)] for state in rows["state"]]
    rows["word"], rows["shape"] = [mark.word for mark in marks], [mark.shape for mark in marks]
    rows["said"] = [
        _said(state, due, done) for state, due, done in zip(rows["state"], rows["due_on"], rows["done_on"], strict=True)
    ]
    return rows


def road_map(rows: pd.DataFrame, *, as_of: date, is_whole: bool) -> pd.DataFrame:
    """Return milestones by due day, the earliest first: all of them, or what is late or due within NEAR_DAYS."""
    if not is_whole:
        soon = rows["due_on"] <= pd.Timestamp(as_of) + pd.Timedelta(days=NEAR_DAYS)
        rows = rows[(rows["state"] != Step.DONE) & soon]
    return rows.sort_values("due_on", kind="stable").reset_index(drop=True)


def road_map_title(rows: pd.DataFrame, *, is_whole: bool) -> str:
    """Say what a road map holds."""
    return (
        f"路线图：全部里程碑（{len(rows)}个）"
        if is_whole
        else f"路线图：逾期和{NEAR_DAYS}天内到期的里程碑（{len(rows)}个）"
    )


def steps_finding(rows: pd.DataFrame) -> str:
    """Say how many milestones are done, late and due soon; a count of zero is dropped."""
    if rows.empty:
        return "没有里程碑"
    counts = rows["state"].value_counts()
    said = "、".join(f"{mark.word}{counts[state]}" for state, mark in STEPS.items() if counts.get(state, 0))
    return f"里程碑{len(rows)}个：{said}"


def _states(due_on: pd.Series, done_on: pd.Series, as_of: date) -> list[str]:
    today, soon = pd.Timestamp(as_of), pd.Timestamp(as_of + timedelta(days=DUE_SOON_DAYS))
    rules = [done_on.notna(), due_on < today, due_on <= soon]
    return [str(state) for state in np.select(rules, [Step.DONE, Step.LATE, Step.SOON], Step.OPEN)]


def _said(state: str, due: pd.Timestamp, done: pd.Timestamp) -> str:
    word = STEPS[Step(state)].word
    if state != Step.DONE:
        return word if pd.isna(due) else f"{word}（{month_day(due)}）"
    late = (done - due).days if not pd.isna(due) else 0
    return f"{word}（{month_day(done)}{f'，晚{late}天' if late > 0 else ''}）"
