"""Write the hand-made lights of the demo county: plain Python from the text of DOMAIN "Lights", none of the product.

Run it only after the demo county itself has changed, and read every row that differs before it is committed:
`python tests/queries/hand_made/make.py demo.db`. Each row shows what the rule was applied to.
"""

import calendar
import csv
import sqlite3
import sys
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

MONTHS = [date(2020, month, 1) for month in (6, 7, 8)]
RED = {"逾期", "严重滞后", "连续未报"}
HERE = Path(__file__).parent


class Report(NamedTuple):
    """Plan, actual and day of one report."""

    planned: Any
    actual: Any
    reported_on: date | None


class County:
    """The rows of a demo county, in dictionaries."""

    def __init__(self, file: str) -> None:
        """Read a SQLite file."""
        base = sqlite3.connect(file)
        days = "select code, starts_on, due_on from tasks order by code"
        self.days = {code: (_day(start), _day(due)) for code, start, due in base.execute(days)}
        self.names = dict(base.execute("select code, short_name from regions where level in ('county', 'township')"))
        found = base.execute(
            "select task_code, region_code, month, planned_pct, actual_pct, reported_on from task_progress"
        )
        self.rows = {(t, r, _day(m)): Report(p, a, _day(on)) for t, r, m, p, a, on in found}
        self.cells = sorted({(task, region) for task, region, _ in self.rows})

    def known(self, task: str, region: str, month: date, as_of: date) -> Report | None:
        """Return a report as it was known on a day."""
        row = self.rows.get((task, region, month))
        is_late = row is not None and row.reported_on is not None and row.reported_on > as_of
        return Report(row.planned, None, None) if row is not None and is_late else row

    def cell_word(self, task: str, region: str, month: date, as_of: date) -> str:
        """Return the light of a cell."""
        row = self.known(task, region, month, as_of)
        if row is None:
            return "未到启动期"
        before = _before(month)
        last = self.cell_word(task, region, before, as_of) if (task, region, before) in self.rows else ""
        return first_rule(row.planned, row.actual, *self.days[task], month=month, last=last)

    def means(self, task: str, month: date, as_of: date) -> tuple[Fraction, Fraction, bool]:
        """Return a task's mean plan, mean of the newest reports, and whether more than half did not report."""
        regions = [region for code, region in self.cells if code == task]
        reports = [self.known(task, region, month, as_of) for region in regions]
        plan = Fraction(0)
        newest = Fraction(0)
        for region, report in zip(regions, reports, strict=True):
            assert report is not None
            plan += Fraction(report.planned)
            newest += Fraction(self.newest(task, region, month, as_of))
        silent = sum(report is None or report.actual is None for report in reports)
        return plan / len(regions), newest / len(regions), 2 * silent > len(regions)

    def newest(self, task: str, region: str, month: date, as_of: date) -> Any:
        """Return what a cell reported last, 0 if never."""
        row = self.known(task, region, month, as_of)
        if row is None:
            return 0
        return self.newest(task, region, _before(month), as_of) if row.actual is None else row.actual

    def task_word(self, task: str, month: date, as_of: date) -> str:
        """Return the light of a task as a whole."""
        if not any(code == task and m == month for code, _, m in self.rows):
            return ""
        plan, actual, is_silent = self.means(task, month, as_of)
        last = self.task_word(task, _before(month), as_of)
        return first_rule(plan, None if is_silent else actual, *self.days[task], month=month, last=last)


def first_rule(planned: Any, actual: Any, start: date | None, due: date | None, *, month: date, last: str) -> str:
    """Go down the table; the first rule that fits."""
    end = _end(month)
    if start is not None and start > end:
        return "未到启动期"
    if planned == 0 and (actual is None or actual == 0):
        return "未到启动期"
    if actual is not None and actual == 100:
        return "已完成"
    if due is not None and due < end:
        return "逾期"
    if actual is None:
        return "连续未报" if last in ("未报送", "连续未报") else "未报送"
    if planned - actual >= 10:
        return "严重滞后"
    if planned - actual > 0:
        return "滞后"
    if last in RED:
        return "已补齐"
    if due is not None and due <= end + timedelta(days=15):
        return "临期"
    return "正常"


def main() -> None:
    """Write both tables beside this file."""
    county = County(sys.argv[1])
    heads = [f"{month.month}月{word}" for month in MONTHS for word in ("计划", "实际", "亮灯")]
    cells = []
    for task, region in county.cells:
        row: list[Any] = [task, county.names[region], *county.days[task]]
        for month in MONTHS:
            report = county.known(task, region, month, _end(month))
            assert report is not None
            row += [_number(report.planned), _number(report.actual), county.cell_word(task, region, month, _end(month))]
        cells.append(row)
    _write("cells.csv", ["任务", "地区", "启动", "时限", *heads], cells)
    tasks = []
    for task, days in county.days.items():
        row = [task, *days]
        for month in MONTHS:
            plan, actual, _ = county.means(task, month, _end(month))
            row += [_number(float(plan)), _number(float(actual)), county.task_word(task, month, _end(month))]
        tasks.append(row)
    _write("tasks.csv", ["任务", "启动", "时限", *heads], tasks)


def _write(name: str, head: list[str], rows: list[list[Any]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def _number(value: Any) -> str:
    return "" if value is None else f"{value:.6g}"


def _day(text: str | None) -> Any:
    return date.fromisoformat(text) if text else None


def _end(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def _before(month: date) -> date:
    return (month - timedelta(days=1)).replace(day=1)


if __name__ == "__main__":
    main()
