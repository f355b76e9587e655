"""Who has reported: tasks and indicators due for a month, those that came, came late, or did not come.

Source: DOMAIN "Lights" (reports for a month are due by its 25th), COUNTY "KPIs" K17.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis.remembered import remembered
from analysis.rules import REPORT_DUE_DAY
from analysis.wording import month

COUNTY_LEVEL = "县级"


@dataclass(frozen=True)
class Reported:
    """How many reports were due, how many of them came, and how many of these came late."""

    due: int
    came: int
    late: int

    @property
    def missing(self) -> int:
        """Reports that were due and did not come."""
        return self.due - self.came


def task_reports(matrix: pd.DataFrame, *, with_county: bool = True) -> pd.DataFrame:
    """Tell which task reports of the month were due, came and came late.

    A report is due where work is planned by then (planned above 0); a cell that has no row for the month and had not
    reached 100 before counts as not reported.

    Parameters
    ----------
    matrix : pd.DataFrame
        `queries.tasks.task_matrix`.
    with_county
        Whether the county's own tasks count; they come with every matrix, whatever townships it is of.

    Returns
    -------
    pd.DataFrame
        One row per report due, in the order of `matrix`: task_code, region_code, title, lead_department_code (str),
        number (int64), is_reported, is_late (bool; late = after the 25th of the month), reported_on, month.
    """
    is_asked = with_county | (matrix["scope"] != "county")
    due = matrix[is_asked & (matrix["planned_pct"] > 0)]
    is_reported = due["actual_pct"].notna()
    last_day = due["month"] + pd.Timedelta(days=REPORT_DUE_DAY - 1)
    names = ["task_code", "region_code", "title", "lead_department_code", "number", "reported_on", "month"]
    is_late = is_reported & (due["reported_on"] > last_day)
    return due[names].assign(is_reported=is_reported, is_late=is_late).reset_index(drop=True)


def reported(reports: pd.DataFrame) -> Reported:
    """Count reports due, come and late; `reports` has is_reported and, where it can be told, is_late."""
    late = int(reports["is_late"].sum()) if "is_late" in reports else 0
    return Reported(len(reports), int(reports["is_reported"].sum()), late)


@remembered
def task_reports_by_region(reports: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Count the task reports of each region, and name the tasks that it has not reported.

    Parameters
    ----------
    reports : pd.DataFrame
        `task_reports`.
    labels
        The label of each township by code, in fixed order; a region of another code is the county's own level.

    Returns
    -------
    pd.DataFrame
        One row per region with reports due, the county first: region (str), due, came, late, missing (int64),
        missing_tasks (str: numbers and titles, "" for none).
    """
    told = reports.assign(
        region=reports["region_code"].map(labels).fillna(COUNTY_LEVEL),
        told=[f"{number} {title}" for number, title in zip(reports["number"], reports["title"], strict=True)],
    )
    counted = _counted(told, ["region"]).rename(columns={"told": "missing_tasks"})
    order = [COUNTY_LEVEL, *labels.values()]
    return counted.sort_values("region", key=lambda names: names.map(order.index), ignore_index=True)


@remembered
def kpi_reports_by_kpi(reports: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Count the reports of each indicator, and name the townships without one.

    Parameters
    ----------
    reports : pd.DataFrame
        `queries.reporting.kpi_reports`.

    Returns
    -------
    pd.DataFrame
        One row per indicator, by code: kpi (its name), department (str), due, came, missing (int64),
        missing_regions (str: labels, "" for none).
    """
    told = reports.assign(
        kpi=reports["name"],
        told=reports["township_code"].map(labels).fillna(reports["township_code"]),
        is_late=False,
    )
    counted = _counted(told, ["kpi_code", "kpi", "department"]).rename(columns={"told": "missing_regions"})
    return counted.drop(columns=["kpi_code", "late"])


def reporting_finding(tasks: Reported, kpis: Reported, when: date) -> str:
    """Say in one sentence what has not been reported: 2020年8月任务应报318项次，未报12项次；指标应报…."""
    late = f"（另有{tasks.late}项次迟报）" if tasks.late else ""
    return f"{month(when)}任务{_told(tasks)}{late}；指标{_told(kpis)}"


def _told(counts: Reported) -> str:
    if not counts.due:
        return "没有应报的"
    return f"应报{counts.due}项次，{f'未报{counts.missing}项次' if counts.missing else '已全部报送'}"


def _counted(reports: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Count due, came, late and missing by group, in order of appearance, and join what is told of the missing."""
    groups = reports.groupby(by, sort=False, dropna=False)
    counts = groups.agg(due=("is_reported", "size"), came=("is_reported", "sum"), late=("is_late", "sum"))
    missing = reports[~reports["is_reported"]].groupby(by, sort=False, dropna=False)["told"].agg("、".join)
    counts["missing"] = counts["due"] - counts["came"]
    counts["told"] = missing.reindex(counts.index).fillna("").astype("str")
    whole = ["due", "came", "late", "missing"]
    return counts.astype(dict.fromkeys(whole, "int64")).reset_index()
