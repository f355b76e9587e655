"""The reminders as a workbook: a sheet for the lead departments, one for the townships."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from analysis.reminders import WHY_WORDS, Unit, Why

HEADINGS = ("单位", "类别", "重点任务", "乡镇（街道）", "进度", "完成时限", "距截至日")
WIDTHS = (22, 12, 40, 16, 24, 14, 22)


def write_workbook(path: Path, title: str, parts: Sequence[tuple[str, Sequence[Unit]]]) -> None:
    """Write the reminders: `title` on top of each sheet, bold headings that stay and filter, dates as dates.

    Text is never taken for a formula or a link.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book:
        bold, day = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": "yyyy-mm-dd"})
        day.set_align("left")
        for name, units in parts:
            sheet = book.add_worksheet(name)
            sheet.write_string(0, 0, f"{title} · {name}")
            for i, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
                sheet.set_column(i, i, width)
                sheet.write_string(1, i, heading, bold)
            sheet.freeze_panes(2, 1)
            rows = [(unit.name, row) for unit in units for row in unit.rows.to_dict("records")]
            for i, (unit_name, row) in enumerate(rows, start=2):
                words = (unit_name, WHY_WORDS[Why(row["why"])], row["task"], row["place"], row["progress"])
                for j, word in enumerate(words):
                    sheet.write_string(i, j, word)
                if row["due_on"] == row["due_on"]:  # NaT is unlike itself: a task without a deadline
                    sheet.write_datetime(i, 5, row["due_on"].to_pydatetime(), day)
                sheet.write_string(i, 6, row["deadline"])
            sheet.autofilter(1, 0, max(len(rows) + 1, 1), len(HEADINGS) - 1)
