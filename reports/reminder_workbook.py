"""The reminders as a workbook: a sheet for the lead departments, one for the townships."""

from collections.abc import Sequence

import pandas as pd

from analysis.meeting.tables import DAY, Column
from analysis.reminders import WHY_WORDS, Unit, Why
from components.sheets import Sheet, workbook_bytes

COLUMNS = (
    Column("unit", "单位"),
    Column("why_word", "类别"),
    Column("task", "重点任务"),
    Column("place", "乡镇（街道）"),
    Column("progress", "进度"),
    Column("due_on", "完成时限", number_format=DAY),
    Column("deadline", "距截至日"),
)


def reminder_workbook(title: str, parts: Sequence[tuple[str, Sequence[Unit]]]) -> bytes:
    """Return the reminders as .xlsx, a sheet per part; a task without a deadline has an empty cell."""
    return workbook_bytes((Sheet(name, _rows(units), COLUMNS) for name, units in parts), title=title)


def _rows(units: Sequence[Unit]) -> pd.DataFrame:
    frames = [unit.rows.assign(unit=unit.name) for unit in units if len(unit.rows)]
    if not frames:
        return pd.DataFrame({column.field: pd.Series(dtype="str") for column in COLUMNS})
    rows = pd.concat(frames, ignore_index=True)
    return rows.assign(why_word=[WHY_WORDS[Why(each)] for each in rows["why"]])
