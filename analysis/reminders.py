"""催办: what each lead department and each township is reminded of: overdue, not reported, due soon.

Source: DOMAIN "Lights"; analysis.rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import pandas as pd

from analysis.lights import Light
from analysis.rules import DUE_SOON_DAYS, REPORT_DUE_DAY
from analysis.wording import MISSING, day_as_of, number

COUNTY_LEVEL = "县级"


class Why(StrEnum):
    """Why somebody is reminded, the most pressing first."""

    OVERDUE = "overdue"
    UNREPORTED = "unreported"
    DUE = "due"


WHY_WORDS = {Why.OVERDUE: "逾期", Why.UNREPORTED: "未报", Why.DUE: f"{DUE_SOON_DAYS}天内到期"}

REMINDERS = {
    "task_code": "str",
    "region_code": "str",
    "lead_department_code": "str",
    "why": "str",
    "task": "str",
    "place": "str",
    "progress": "str",
    "due_on": "datetime64[s]",
    "deadline": "str",
}


@dataclass(frozen=True)
class Unit:
    """Who is reminded, and of what: rows of REMINDERS."""

    code: str
    name: str
    rows: pd.DataFrame

    @property
    def counts(self) -> str:
        """How many of each: 逾期1、未报2、15天内到期3; what there is none of is left out."""
        found = self.rows["why"].value_counts()
        return "、".join(f"{word}{found[why.value]}项次" for why, word in WHY_WORDS.items() if why.value in found)


def reminders(matrix: pd.DataFrame, places: Mapping[str, str], *, as_of: date) -> pd.DataFrame:
    """Return every cell that somebody is to be reminded of.

    A cell without a report is not reported, whether it is overdue or not: then it comes twice.

    Parameters
    ----------
    matrix : pd.DataFrame
        `queries.tasks.task_matrix`.
    places
        Names of townships by code; a cell of another region is the county's own.

    Returns
    -------
    pd.DataFrame
        One row per reason and cell, by reason, then in the order of `matrix`: the columns of REMINDERS. why: a value of
        Why; progress: 计划55%、完成36%, or 最近一次报送36%; deadline: 9月15日（还剩15天）.
    """
    begun = matrix[~matrix["light"].isin([Light.NOT_STARTED.value, Light.DONE.value])]
    today, last = pd.Timestamp(as_of), pd.Timestamp(as_of + timedelta(days=DUE_SOON_DAYS))
    chosen = {
        Why.OVERDUE: begun["light"] == Light.OVERDUE.value,
        Why.UNREPORTED: begun["actual_pct"].isna(),
        Why.DUE: begun["due_on"].between(today, last) & ~(begun["last_actual_pct"] >= 100),
    }
    rows = pd.concat([begun[is_so].assign(why=why.value) for why, is_so in chosen.items()], ignore_index=True)
    rows["task"] = rows["number"].astype("str") + " " + rows["title"]
    rows["place"] = rows["region_code"].map(places).fillna(COUNTY_LEVEL)
    rows["progress"] = [
        f"计划{number(plan)}%、{'最近一次报送' if is_silent else '完成'}{number(done)}%"
        for plan, done, is_silent in zip(
            rows["planned_pct"], rows["last_actual_pct"].fillna(0.0), rows["actual_pct"].isna(), strict=True
        )
    ]
    rows["deadline"] = [_deadline(due, as_of) for due in rows["due_on"]]
    return rows[list(REMINDERS)].astype(REMINDERS)


def by_department(rows: pd.DataFrame, names: Mapping[str, str]) -> list[Unit]:
    """Return the lead departments that are reminded of anything, by code; `names` by code."""
    return [
        Unit(str(code), names.get(str(code), str(code)), own.reset_index(drop=True))
        for code, own in rows.groupby("lead_department_code")
    ]


def by_township(rows: pd.DataFrame, names: Mapping[str, str]) -> list[Unit]:
    """Return the townships that are reminded of anything, in the order of `names` (by code)."""
    units = (Unit(code, name, rows[rows["region_code"] == code].reset_index(drop=True)) for code, name in names.items())
    return [unit for unit in units if len(unit.rows)]


def reminders_finding(rows: pd.DataFrame, when: date) -> str:
    """Say how much there is to be reminded of in all, and until when reports were due."""
    counts = rows["why"].value_counts()
    said = "、".join(f"{word}{counts.get(why.value, 0)}项次" for why, word in WHY_WORDS.items())
    return f"{when.year}年{when.month}月任务进度：{said}（{REPORT_DUE_DAY}日前应报送）"


def _deadline(due: pd.Timestamp, as_of: date) -> str:
    if pd.isna(due):
        return MISSING
    days = (due.date() - as_of).days
    left = f"逾期{-days}天" if days < 0 else f"还剩{days}天" if days else "当天到期"
    return f"{day_as_of(due, as_of)}（{left}）"
