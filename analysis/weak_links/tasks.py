"""Weak links in the checklist: whole tasks, whole townships, single cells, and what is due soon.

Source: DOMAIN "Lights"; analysis.rules.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pandas as pd

from analysis.lights import CODES, LIGHTS, RED, Light
from analysis.remembered import remembered
from analysis.rules import DUE_SOON_DAYS, WHOLE_LEAST, WHOLE_SHARE
from analysis.tasks import Progress
from analysis.weak_links.cells import About, about_of, cell_weak_links, since
from analysis.weak_links.histories import MISSED, Counts, Flags, Histories, histories, run_lengths
from analysis.weak_links.kinds import Kind, Names, Row, Severity, columns_of, filled
from analysis.wording import month_day, number

SAID = (Light.OVERDUE, Light.FAR_BEHIND, Light.UNREPORTED_AGAIN, Light.BEHIND, Light.UNREPORTED)
"""The lights of cells not on schedule, as they are counted out, the gravest first."""


@remembered
def task_weak_links(progress: Progress, tasks: pd.DataFrame, names: Names, *, as_of: date) -> pd.DataFrame:
    """Find the weak links in the checklist.

    Parameters
    ----------
    progress : Progress
        Every cell of the whole set: a filter must not make a task look whole.
    tasks : pd.DataFrame
        code, number, title, scope, lead_department_code, due_on.

    Returns
    -------
    pd.DataFrame
        The columns of `analysis.weak_links.kinds.WEAK_LINKS`; a cell may occur under several kinds. No cells: no rows.
    """
    known = histories(progress)
    about = about_of(known, tasks, names)
    wholes = columns_of([*_wholes(known, about), *_due(known, about, as_of)])
    return filled(wholes, *cell_weak_links(known, about))


def _wholes(known: Histories, about: About) -> Iterator[Row]:
    """Yield the tasks behind in many townships, and the townships behind in many tasks."""
    cells = np.flatnonzero(~np.array(about.is_county, dtype=bool)[known.task_at])
    is_begun, is_missed = ~known.has(Light.NOT_STARTED)[cells], known.has(*MISSED)[cells]
    for kind, at, groups in (
        (Kind.WHOLE_TASK, known.task_at[cells], len(known.tasks)),
        (Kind.WHOLE_TOWNSHIP, known.region_at[cells], len(known.regions)),
    ):
        begun, missed = _sums(is_begun, at, groups), _sums(is_missed, at, groups)
        runs = run_lengths((missed >= WHOLE_LEAST) & (missed >= WHOLE_SHARE * begun))
        ordered = cells[np.argsort(at, kind="stable")]
        ends = np.cumsum(np.bincount(at, minlength=groups))
        for i in np.flatnonzero(runs).tolist():
            own = ordered[ends[i - 1] if i else 0 : ends[i]]
            yield (_whole_task if kind is Kind.WHOLE_TASK else _whole_township)(known, about, i, own, int(runs[i]))


def _whole_task(known: Histories, about: About, task: int, cells: Counts, run: int) -> Row:
    missed = cells[known.has(*MISSED)[cells, -1]]
    return {
        **_whole(known, cells, run, "个乡镇（街道）中", "个"),
        "reference": f"task:{known.tasks[task]}",
        "kind": Kind.WHOLE_TASK,
        "subject": about.titles[task],
        "title": about.titles[task],
        "owner": about.lead_names[task],
        "regions": ",".join(known.regions[region] for region in known.region_at[missed]),
        "task_code": known.tasks[task],
        "lead_department_code": about.leads[task],
    }


def _whole_township(known: Histories, about: About, region: int, cells: Counts, run: int) -> Row:
    code = known.regions[region]
    return {
        **_whole(known, cells, run, "项已启动任务中", "项"),
        "reference": f"township:{code}",
        "kind": Kind.WHOLE_TOWNSHIP,
        "subject": about.regions[region],
        "owner": about.heads[region] or about.regions[region],
        "region_code": code,
        "regions": code,
    }


def _whole(known: Histories, cells: Counts, run: int, among: str, unit: str) -> Row:
    """Return what is alike of whole tasks and townships: how grave, in which numbers, since when."""
    lights = known.lights[cells, -1]
    counts = {light: int((lights == CODES[light]).sum()) for light in SAID}
    begun, missed = int((lights != CODES[Light.NOT_STARTED]).sum()), sum(counts.values())
    is_grave = sum(counts[light] for light in RED) >= WHOLE_SHARE * begun
    said = "、".join(f"{LIGHTS[light].word}{n}" for light, n in counts.items() if n)
    start, start_said = since(known, run)
    return {
        "severity": Severity.GRAVE if is_grave else Severity.MARKED,
        "size": missed / begun,
        "evidence": f"{begun}{among}{missed}{unit}未达序时：{said}",
        "since": start,
        "since_said": start_said,
    }


def _due(known: Histories, about: About, as_of: date) -> Iterator[Row]:
    """Yield the tasks that fall due within the days set and are not finished everywhere."""
    first, last = pd.Timestamp(as_of), pd.Timestamp(as_of + timedelta(days=DUE_SOON_DAYS))
    is_begun = ~known.has(Light.NOT_STARTED)[:, -1]
    for task, due in enumerate(about.due_on):
        if first <= due <= last:  # never so without a due day
            cells = np.flatnonzero((known.task_at == task) & is_begun)
            undone = cells[known.newest[cells] < 100]
            if undone.size:
                yield _task_due(known, about, task, cells, undone, as_of)


def _task_due(known: Histories, about: About, task: int, cells: Counts, undone: Counts, as_of: date) -> Row:
    due, done = about.due_on[task], float(known.newest[cells].mean())
    days = (due.date() - as_of).days
    places = "" if about.is_county[task] else f"，{len(cells)}个乡镇（街道）中{len(undone)}个未完成"
    is_late = known.has(*MISSED)[undone, -1].any()
    begins = due - timedelta(days=DUE_SOON_DAYS)
    regions = [] if about.is_county[task] else [known.regions[region] for region in known.region_at[undone]]
    return {
        "reference": f"task:{known.tasks[task]}",
        "kind": Kind.DUE_SOON,
        "severity": Severity.MARKED if is_late else Severity.WATCH,
        "size": 100 - done,
        "subject": about.titles[task],
        "title": about.titles[task],
        "evidence": f"{month_day(due)}到期，{f'还剩{days}天' if days else '就在当天'}{places}，"
        f"平均完成{number(done, digits=1)}%",
        "since": begins,
        "since_said": f"{month_day(begins)}进入{DUE_SOON_DAYS}天内",
        "owner": about.lead_names[task],
        "regions": ",".join(regions),
        "task_code": known.tasks[task],
        "lead_department_code": about.leads[task],
    }


def _sums(flags: Flags, at: Counts, groups: int) -> Counts:
    """Count the cells of each group that have a flag, by month."""
    counts = [np.bincount(at, flags[:, i], minlength=groups) for i in range(flags.shape[1])]
    return np.stack(counts, axis=1).astype(np.intp)
