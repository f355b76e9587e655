"""How a case is said: its place, who leads it, how it stands; the same on the ledger, on its own page and in exports.

Source: DOMAIN "Words".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

from analysis.ledger import COUNTY_WORD, SATISFACTIONS, TOWNSHIP_LED_WORD
from analysis.streams import Stream
from analysis.wording import MISSING, day


class Standing(StrEnum):
    """How a case stands at the end of a day, the most pressing first."""

    OVERDUE = "overdue"
    OPEN = "open"
    CLOSED = "closed"


STANDING_MARKS = {Standing.OVERDUE: ("超期", "■", "red"), Standing.OPEN: ("在办", "●", "grey"),
                  Standing.CLOSED: ("已结", "✓", "green")}  # fmt: skip
"""The word of a standing, its shape and the level its colour stands for."""


@dataclass(frozen=True)
class Names:
    """What codes are called: townships (a county's own code is 县本级), villages, departments, campaigns; the verbs."""

    townships: Mapping[str, str]
    villages: Mapping[str, str]
    departments: Mapping[str, str]
    campaigns: Mapping[str, str]
    stream: Stream


def by_code(names: pd.DataFrame) -> dict[str, str]:
    """Return names by code, from a frame of code and name."""
    return {str(code): str(name) for code, name in names[["code", "name"]].itertuples(index=False)}


def case_headings(stream: Stream) -> dict[str, str]:
    """Return the columns of a case in words with their headings, in order, in the verbs of its stream."""
    return {
        "case_no": "案件编号",
        "township": "乡镇（街道）",
        "village": "村（社区）",
        "category": "类别",
        "channel": "渠道",
        "platform": "平台",
        "level": "等级",
        "lead": "主办单位",
        "leader": "包案领导" if stream.code == "petition_backlog" else "负责领导",
        "episode": "第几次",
        "opened_on": f"{stream.opened}日期",
        "first_opened_on": f"首次{stream.opened}日期",
        "due_on": "办理期限",
        "standing": "状态",
        "closed_on": f"{stream.closed}日期",
        "method": "办结方式",
        "age_days": "天数",
        "satisfaction": "满意度",
        "repeat": "重复",
        "repeat_of": "原案件编号",
        "campaign": "专项行动",
    }


def case_words(case: Mapping[Any, Any], names: Names, as_of: date) -> dict[str, Any]:
    """Say a case: the fields of `case_headings`, "" for what is not known, days as dates, counts as numbers.

    Parameters
    ----------
    case
        A row of `queries.ledger.case_page`; missing values may be None, NaN or NaT, days dates or timestamps.
    """
    known = {name: _known(value) for name, value in case.items()}
    standing = Standing.OVERDUE if known["is_overdue"] else Standing.OPEN if known["is_open"] else Standing.CLOSED
    first, until = known["first_opened_on"], known["closed_on"] or as_of
    lead, repeat = known["lead_department_code"], known["is_repeat"]
    return {
        "case_no": known["case_no"],
        "township": names.townships.get(known["township_code"], COUNTY_WORD),
        "village": names.villages.get(known["village_code"] or "", known["village_code"] or ""),
        "category": known["category"] or "",
        "channel": known["channel"] or "",
        "platform": known["platform"] or "",
        "level": known["level"] or "",
        "lead": names.departments.get(lead, lead) if lead else TOWNSHIP_LED_WORD,
        "leader": known["case_leader"] or "",
        "episode": int(known["episode"]),
        "opened_on": known["opened_on"],
        "first_opened_on": first,
        "due_on": known["due_on"] or "",
        "standing": STANDING_MARKS[standing][0],
        "closed_on": known["closed_on"] or "",
        "method": known["closing_method"] or "",
        "age_days": (until - first).days,
        "satisfaction": "" if known["satisfaction"] is None else SATISFACTIONS[str(int(known["satisfaction"]))],
        "repeat": "" if repeat is None else "是" if repeat else "否",
        "repeat_of": known["repeat_of"] or "",
        "campaign": names.campaigns.get(known["campaign_code"] or "", known["campaign_code"] or ""),
    }


def case_table(page: pd.DataFrame, names: Names, as_of: date) -> pd.DataFrame:
    """Say the cases of a page: one row per case in its order, the fields of `case_headings`, and late_days.

    late_days is the number of days past the due day (int64, 0 unless overdue).
    """
    rows = [case_words(row, names, as_of) for row in page.to_dict("records")]
    table = pd.DataFrame(rows, columns=list(case_headings(names.stream)))
    late = (pd.Timestamp(as_of) - page["due_on"]).dt.days.where(page["is_overdue"], 0)
    return table.assign(late_days=late.fillna(0).astype("int64").to_numpy())


def finding(count: str, names: Names, where: str, asked: Sequence[str]) -> str:
    """Say what the ledger holds: 天马信访积案12件（超期、类别征地拆迁）."""
    said = f"（{'、'.join(asked)}）" if asked else ""
    return f"{where}{names.stream.name}{count}{said}"


def count_words(cases: int, *, is_capped: bool) -> str:
    """Say how many cases: 9,292件, or 超过1,000件 where counting stopped."""
    return f"超过{cases:,}件" if is_capped else f"{cases:,}件"


def day_words(value: Any) -> str:
    """Say a day of a case: 2020年8月31日; — where there is none."""
    known = _known(value)
    return day(known) if isinstance(known, date) else MISSING


def _known(value: Any) -> Any:
    """Return a value as plain Python: None for what is missing, a date for a timestamp."""
    if value is None or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.date()
    return None if isinstance(value, float) and value != value else value
