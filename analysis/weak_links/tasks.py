"""Weak links in the checklist: whole tasks, whole townships, single cells, and what is due soon.

Source: DOMAIN "Lights"; analysis.rules.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from analysis.lights import LIGHTS, RED, Light
from analysis.months import add_months
from analysis.rules import DUE_SOON_DAYS, LONG_BEHIND_MONTHS, STALLED_MONTHS, WHOLE_LEAST, WHOLE_SHARE
from analysis.tasks import Progress
from analysis.weak_links.histories import (
    MISSED,
    SILENT,
    Counts,
    Histories,
    histories,
    last_reported,
    run_lengths,
    still_months,
)
from analysis.weak_links.kinds import Kind, Names, Severity, findings
from analysis.wording import MISSING, month_day, number

Row = dict[str, Any]
BEHIND_PLAN = (Light.FAR_BEHIND, Light.OVERDUE)
SAID = (Light.OVERDUE, Light.FAR_BEHIND, Light.UNREPORTED_AGAIN, Light.BEHIND, Light.UNREPORTED)


def task_weak_links(progress: Progress, about: pd.DataFrame, names: Names, *, as_of: date, month: date) -> pd.DataFrame:
    """Find the weak links in the checklist.

    Parameters
    ----------
    progress : Progress
        Every cell of the whole set: a filter must not make a task look whole.
    about : pd.DataFrame
        The tasks: code, number, title, scope, lead_department_code, due_on.
    month : date
        First day of the month that the lights are of.

    Returns
    -------
    pd.DataFrame
        The columns of `analysis.weak_links.kinds.WEAK_LINKS`; a cell may occur under several kinds. No cells: no rows.
    """
    known = histories(progress)
    tasks = about.set_index("code").to_dict("index")
    return findings(
        [
            *_wholes(known, tasks, names),
            *_cells(known, tasks, names, month),
            *_due(known, tasks, names, as_of),
        ]
    )


def cell_reference(task: str, region: str) -> str:
    """Return what tells a cell from all other subjects of weak links."""
    return f"cell:{task}:{region}"


def _wholes(known: Histories, tasks: Mapping[Any, Any], names: Names) -> Iterator[Row]:
    """Yield the tasks behind in many townships, and the townships behind in many tasks."""
    scopes = np.array([tasks[code]["scope"] for code in known.task_codes], dtype=object)
    of_township = scopes == "township"
    for kind, codes in ((Kind.WHOLE_TASK, known.task_codes), (Kind.WHOLE_TOWNSHIP, known.region_codes)):
        groups, at = np.unique(codes[of_township], return_inverse=True)
        begun = _sums(~known.has(Light.NOT_STARTED)[of_township], at, len(groups))
        missed = _sums(known.has(*MISSED)[of_township], at, len(groups))
        is_whole = (missed >= WHOLE_LEAST) & (missed >= WHOLE_SHARE * begun)
        runs = run_lengths(is_whole)
        for i in np.flatnonzero(runs):
            cells = np.flatnonzero(of_township & (codes == groups[i]))
            yield _whole(kind, str(groups[i]), known, cells, int(runs[i]), tasks, names)


def _whole(
    kind: Kind, code: str, known: Histories, cells: Counts, run: int, tasks: Mapping[Any, Any], names: Names
) -> Row:
    """Describe a task in its townships, or a township in its tasks."""
    lights = known.lights[cells, -1]
    begun, missed = (lights != Light.NOT_STARTED).sum(), np.isin(lights, list(MISSED)).sum()
    is_grave = np.isin(lights, list(RED)).sum() >= WHOLE_SHARE * begun
    is_task = kind is Kind.WHOLE_TASK
    places = [str(region) for region in known.region_codes[cells][np.isin(lights, list(MISSED))]]
    whole = f"{begun}个乡镇（街道）中{missed}个" if is_task else f"{begun}项已启动任务中{missed}项"
    lead = str(_said(tasks[code]["lead_department_code"])) if is_task else ""
    return {
        "reference": f"{'task' if is_task else 'township'}:{code}",
        "kind": kind,
        "severity": Severity.GRAVE if is_grave else Severity.MARKED,
        "size": missed / begun,
        "subject": _title(tasks[code]) if is_task else names.region(code),
        "title": _title(tasks[code]) if is_task else "",
        "evidence": f"{whole}未达序时：{_lights_said(lights)}",
        **_since(known, run),
        "owner": names.department(lead) if is_task else names.heads.get(code, names.region(code)),
        "region_code": "" if is_task else code,
        "regions": ",".join(places) if is_task else code,
        "task_code": code if is_task else "",
        "lead_department_code": lead,
    }


def _cells(known: Histories, tasks: Mapping[Any, Any], names: Names, month: date) -> Iterator[Row]:
    """Yield what is wrong in single cells; a cell that is red and has stalled comes twice."""
    runs = {kind: run_lengths(flags) for kind, flags in _wrongs(known).items()}
    runs[Kind.STALLED] = still_months(known)
    is_behind = known.has(Light.BEHIND)[:, -1]
    runs[Kind.LONG_BEHIND] = np.where(is_behind, runs[Kind.LONG_BEHIND], 0)
    least = {Kind.STALLED: STALLED_MONTHS, Kind.LONG_BEHIND: LONG_BEHIND_MONTHS}
    last = last_reported(known)
    for kind, lengths in runs.items():
        for i in np.flatnonzero(lengths >= least.get(kind, 1)):
            yield _cell(kind, known, int(i), int(lengths[i]), float(last[i]), tasks, names, month)


def _wrongs(known: Histories) -> dict[Kind, Any]:
    """Return of each kind that goes by lights, by cell and month, whether it holds."""
    return {
        Kind.RED: known.has(*BEHIND_PLAN),
        Kind.UNREPORTED: known.has(*SILENT),
        Kind.LONG_BEHIND: known.has(*MISSED),
    }


def _cell(
    kind: Kind, known: Histories, i: int, run: int, last: float, tasks: Mapping[Any, Any], names: Names, month: date
) -> Row:
    task, region = str(known.task_codes[i]), str(known.region_codes[i])
    light, planned = Light(str(known.lights[i, -1])), float(known.planned[i, -1])
    lead = str(_said(tasks[task]["lead_department_code"]))
    is_red = light in RED and kind in (Kind.RED, Kind.UNREPORTED)
    at_hand = {Kind.UNREPORTED: Severity.WATCH}.get(kind, Severity.MARKED)
    head = names.heads.get(region)
    return {
        "reference": cell_reference(task, region),
        "kind": kind,
        "severity": Severity.GRAVE if is_red else at_hand,
        "size": _size(kind, light, run, planned - last),
        "subject": f"{names.region(region)}：{_title(tasks[task])}",
        "title": _title(tasks[task]),
        "evidence": _cell_said(kind, light, run, planned, last, tasks[task], month),
        **_since(known, run),
        "owner": f"{names.department(lead)}、{head}" if head else names.department(lead),
        "region_code": region,
        "regions": region if head else "",
        "task_code": task,
        "lead_department_code": lead,
    }


def _size(kind: Kind, light: Light, run: int, behind: float) -> float:
    """Return what orders cells of one kind: months of silence; points behind plan, past its due day 100 more."""
    if kind is Kind.UNREPORTED:
        return run
    return behind + 100 if light is Light.OVERDUE else behind


def _cell_said(
    kind: Kind, light: Light, run: int, planned: float, last: float, task: Mapping[str, Any], month: date
) -> str:
    """Say in numbers what is wrong with a cell."""
    if kind is Kind.UNREPORTED:
        silent = "、".join(f"{add_months(month, -back).month}月" for back in range(run - 1, -1, -1))
        return f"{silent}未报送，最近一次报送为{number(last)}%（本月计划{number(planned)}%）"
    if kind is Kind.STALLED:
        return f"{run}个月没有进展，停在{number(last)}%（本月计划{number(planned)}%）"
    behind = f"计划{number(planned)}%、实际{number(last)}%，落后{number(planned - last)}个百分点"
    if kind is Kind.LONG_BEHIND:
        return f"连续{run}个月未达序时：{behind}"
    due = _day(task["due_on"])
    return f"{due}已到期，完成{number(last)}%" if light is Light.OVERDUE else behind


def _due(known: Histories, tasks: Mapping[Any, Any], names: Names, as_of: date) -> Iterator[Row]:
    """Yield the tasks that fall due within the days set and are not finished everywhere."""
    last = last_reported(known)
    is_begun = known.lights[:, -1] != Light.NOT_STARTED if len(known.lights) else np.array([], dtype=bool)
    is_missed = np.isin(known.lights[:, -1], list(MISSED)) if len(known.lights) else is_begun
    for code, task in tasks.items():
        if pd.isna(task["due_on"]) or not as_of <= task["due_on"].date() <= as_of + timedelta(days=DUE_SOON_DAYS):
            continue
        cells = np.flatnonzero((known.task_codes == code) & is_begun)
        undone = cells[last[cells] < 100]
        if len(undone):
            yield _task_due(
                str(code), task, known, cells, undone, last, names, as_of, is_late=bool(is_missed[undone].any())
            )


def _task_due(
    code: str, task: Mapping[str, Any], known: Histories, cells: Counts, undone: Counts, last: Any, names: Names,
    as_of: date, *, is_late: bool,
) -> Row:  # fmt: skip
    due = task["due_on"].date()
    lead = str(_said(task["lead_department_code"]))
    is_county = task["scope"] == "county"
    left = f"{month_day(due)}到期，{f'还剩{(due - as_of).days}天' if due > as_of else '就在当天'}"
    places = "" if is_county else f"，{len(cells)}个乡镇（街道）中{len(undone)}个未完成"
    begins = pd.Timestamp(due - timedelta(days=DUE_SOON_DAYS))
    return {
        "reference": f"task:{code}",
        "kind": Kind.DUE_SOON,
        "severity": Severity.MARKED if is_late else Severity.WATCH,
        "size": 100 - float(last[cells].mean()),
        "subject": _title(task),
        "title": _title(task),
        "evidence": f"{left}{places}，平均完成{number(float(last[cells].mean()), digits=1)}%",
        "since": begins,
        "since_said": f"{month_day(begins)}进入{DUE_SOON_DAYS}天内",
        "owner": names.department(lead),
        "regions": "" if is_county else ",".join(str(region) for region in known.region_codes[undone]),
        "task_code": code,
        "lead_department_code": lead,
    }


def _since(known: Histories, run: int) -> Row:
    """Say from which month on something holds that has held for the last `run` months."""
    start = known.months[len(known.months) - run]
    return {"since": start, "since_said": f"{start.year}年{start.month}月起（{run}个月）"}


def _lights_said(lights: Any) -> str:
    counts = {light: int((lights == light).sum()) for light in SAID}
    return "、".join(f"{LIGHTS[light].word}{n}" for light, n in counts.items() if n)


def _title(task: Mapping[str, Any]) -> str:
    return f"{task['number']} {task['title']}"


def _day(value: Any) -> str:
    return MISSING if pd.isna(value) else month_day(value)


def _said(value: Any) -> str:
    return "" if pd.isna(value) else value


def _sums(flags: Any, at: Any, groups: int) -> Any:
    """Count the cells of each group that have a flag, by month."""
    counts = np.zeros((groups, flags.shape[1]), dtype=np.int64)
    np.add.at(counts, at, flags)
    return counts
