"""What was planned and reported for each task, region and month: most on schedule, every light somewhere."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from database.demo.days import DEMO_AS_OF, random
from database.demo.regions import COUNTY, Places
from database.demo.remarks import remark
from database.demo.tasks import MONTHS, Task, key_tasks

REPORTED = sum(month <= DEMO_AS_OF for month in MONTHS)
"""How many months are reported: May to August."""

REPORT_DAY = 25
"""Reports for a month are due by this day of it."""

HARD_TASKS = {"T29": 0.62, "T18": 0.06}
"""What a task itself adds to the chance of being behind: the interface of T29 is shut for all."""

STALLED = "330822111"
COUNTY_STORIES = {"T24": "done", "T25": "behind", "T27": "unreported", "T34": "far_behind"}

TOLD = {
    ("T01", STALLED): "behind",
    ("T03", STALLED): "far_behind",
    ("T05", STALLED): "far_behind",
    ("T09", STALLED): "far_behind",
    ("T10", STALLED): "behind",
    ("T11", STALLED): "far_behind",
    ("T11", "330822116"): "behind",
    ("T12", "330822108"): "unreported_again",
    ("T15", "330822213"): "unreported",
    ("T17", STALLED): "far_behind",
    ("T18", "330822104"): "made_up",
    ("T20", "330822116"): "far_behind",
    ("T22", "330822002"): "on_plan",
    ("T23", STALLED): "far_behind",
    ("T29", STALLED): "far_behind",
    ("T32", "330822221"): "on_plan",
    ("T35", STALLED): "made_up",
    ("T35", "330822221"): "stalled",
}
"""Cells whose story is told whatever the seed, so that every light occurs."""

GAPS = {
    "on_plan": ((-3, 0), (-3, 0), (-3, 0), (-3, 0)),
    "done": ((-5, 0), (-5, 0), (-5, 0), (-100, -100)),
    "behind": ((0, 3), (0, 4), (1, 6), (2, 9)),
    "far_behind": ((0, 4), (3, 8), (5, 14), (11, 24)),
    "made_up": ((0, 2), (3, 6), (10, 14), (-2, 0)),
    "unreported": ((-2, 1), (-2, 2), (-2, 3), (0, 0)),
    "unreported_again": ((-2, 1), (0, 4), (0, 0), (0, 0)),
    "stalled": ((-6, -4), (-18, -18), (-3, -3), (7, 7)),
}
"""How many points a story lies behind its plan in each reported month, from and to; negative is ahead."""

SILENT = {"unreported": (3,), "unreported_again": (2, 3)}
SLIPS = ("behind", "far_behind", "unreported", "unreported_again", "made_up")
SLIP_SHARES = (0.45, 0.29, 0.12, 0.06, 0.08)


def task_progress(places: Places, resolved: Mapping[tuple[str, date], int], seed: int) -> pd.DataFrame:
    """Return the checklist by month.

    Parameters
    ----------
    places
        The townships, in order.
    resolved
        The percent of campaign cases resolved, by township and month (its first day): what the real townships
        report for the campaign's task.

    Returns
    -------
    pd.DataFrame
        One row per region, task and month of 2020-05 to 2020-12 with the columns of table `task_progress`; county
        tasks stand on each county. Percents are whole numbers.
    """
    rng = random(seed, "progress")
    rows: list[dict[str, Any]] = []
    for county in dict.fromkeys(places.counties):
        own = COUNTY_STORIES if county == COUNTY else {}
        rows += _cells([task for task in key_tasks() if task.scope == "county"], county, 0.8, own, {}, rng)
    township_tasks = [task for task in key_tasks() if task.scope == "township"]
    for town, quality in zip(places.townships, places.quality, strict=True):
        told = {task: story for (task, place), story in TOLD.items() if place == town}
        reported = {month: share for (place, month), share in resolved.items() if place == town}
        rows += _cells(township_tasks, town, float(quality), told, reported, rng)
    return pd.DataFrame(rows)


def _cells(
    tasks: list[Task],
    region: str,
    quality: float,
    told: Mapping[str, str],
    resolved: Mapping[date, int],
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for task in tasks:
        story = told.get(task.code) or _story(task, quality, rng)
        actual = _reports(task, story, rng)
        if task.code == "T31" and resolved:
            actual = [resolved.get(month) for month in MONTHS]
        rows += _months(task, region, quality, actual, rng)
    return rows


def _story(task: Task, quality: float, rng: np.random.Generator) -> str:
    """Draw how a task goes in a region: the weaker the region and the harder the task, the likelier it slips."""
    planned = task.planned[REPORTED - 1]
    chance = HARD_TASKS.get(task.code, 0.0) + (0.03 + 0.9 * max(0.0, 0.6 - quality))
    if quality > 0.9:
        chance = 0.0
    elif planned == 100:
        chance *= 0.15
    if rng.random() < chance:
        return str(rng.choice(SLIPS, p=SLIP_SHARES))
    return "done" if planned >= 70 and rng.random() < 0.25 + 0.4 * quality else "on_plan"


def _reports(task: Task, story: str, rng: np.random.Generator) -> list[int | None]:
    """Return the percent reported for each month of MONTHS, None where nothing was."""
    planned = np.array(task.planned[:REPORTED])
    low, high = np.array(GAPS[story]).T
    actual = np.clip(planned - rng.integers(low, high + 1), 0, None)
    actual = np.minimum(actual, np.where((planned == 100) | (story == "done"), 100, 99))
    if story == "done":
        actual[:-1] = np.minimum(actual[:-1], 96)
    actual = np.minimum.accumulate(np.where(planned == 0, 0, actual)[::-1])[::-1]
    silent = set(SILENT.get(story, ()))
    if story == "on_plan" and rng.random() < 0.05:
        silent = {int(rng.integers(0, REPORTED - 1))}
    has_begun = task.starts_on <= DEMO_AS_OF
    reports = [int(actual[i]) if has_begun and i not in silent else None for i in range(REPORTED)]
    return [*reports, *[None] * (len(MONTHS) - REPORTED)]


def _months(
    task: Task, region: str, quality: float, actual: list[int | None], rng: np.random.Generator
) -> list[dict[str, Any]]:
    number = int(rng.integers(0, 4))
    rows = []
    for i, month in enumerate(MONTHS):
        bottleneck, countermeasure = _remarks(task, task.planned[i], actual[i], month, number, rng)
        rows.append(
            {
                "region_code": region,
                "task_code": task.code,
                "month": month,
                "planned_work": task.work[i],
                "planned_pct": task.planned[i],
                "actual_pct": actual[i],
                "bottleneck": bottleneck,
                "countermeasure": countermeasure,
                "reported_on": None if actual[i] is None else _reported_on(month, quality, rng),
            }
        )
    return rows


def _remarks(
    task: Task, planned: int, actual: int | None, month: date, number: int, rng: np.random.Generator
) -> tuple[str | None, str | None]:
    """Explain most of what is behind; one red report in four names no countermeasure."""
    if actual is None or actual >= planned:
        return None, None
    is_red = planned - actual >= 10 or task.due_on < month
    if not is_red and rng.random() < 0.5:
        return None, None
    bottleneck, countermeasure = remark(task.group, number)
    return bottleneck, None if rng.random() < 0.25 else countermeasure


def _reported_on(month: date, quality: float, rng: np.random.Generator) -> date:
    """Return a day up to the 25th, or now and then a few days late."""
    is_late = rng.random() > 0.86 + 0.14 * quality
    day = month + timedelta(
        days=int(rng.integers(REPORT_DAY, REPORT_DAY + 9) if is_late else rng.integers(17, REPORT_DAY))
    )
    return min(day, DEMO_AS_OF)
