"""议定事项: what a meeting decided, how it stands on a day, and what of it presses.

Source: DOMAIN "Words" (督办销号): 办理中 / 已销号 / 逾期.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Protocol

import numpy as np
import pandas as pd

from analysis.remembered import remembered
from analysis.rules import DUE_SOON_DAYS
from analysis.wording import MISSING, month_day

COUNTY_LEVEL = "县级"
CASE = "case"
"""First part of the reference of a case: case:township code:number."""

LONGEST_REFERENCE = 80
"""Characters that a follow-up keeps of what it is about."""


class Decision(Protocol):
    """What the office wrote down (`state.follow_ups.Decision`)."""

    @property
    def subject(self) -> str: ...  # noqa: D102
    @property
    def promise(self) -> str: ...  # noqa: D102
    @property
    def owner(self) -> str: ...  # noqa: D102
    @property
    def raised_on(self) -> date: ...  # noqa: D102
    @property
    def due_on(self) -> date | None: ...  # noqa: D102
    @property
    def done_on(self) -> date | None: ...  # noqa: D102
    @property
    def township_code(self) -> str | None: ...  # noqa: D102
    @property
    def reference(self) -> str: ...  # noqa: D102


class FollowUp(Protocol):
    """What the state database holds of a follow-up (`state.follow_ups.FollowUp`)."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def decision(self) -> Decision: ...  # noqa: D102
    @property
    def author(self) -> str: ...  # noqa: D102
    @property
    def reply(self) -> str | None: ...  # noqa: D102
    @property
    def replier(self) -> str | None: ...  # noqa: D102


class Status(StrEnum):
    """How a follow-up stands, the most pressing first."""

    OVERDUE = "overdue"
    OPEN = "open"
    DONE = "done"


STATUS_MARKS = {
    Status.OVERDUE: ("逾期", "■", "red"),
    Status.OPEN: ("办理中", "●", "grey"),
    Status.DONE: ("已销号", "✓", "green"),
}
"""The word of a status, its shape and the level its colour stands for."""

FOLLOW_UPS = {
    "number": "int64",
    "status": "str",
    "subject": "str",
    "township_code": "str",
    "township": "str",
    "promise": "str",
    "owner": "str",
    "raised_on": "datetime64[s]",
    "due_on": "datetime64[s]",
    "done_on": "datetime64[s]",
    "deadline": "str",
    "reply": "str",
    "replier": "str",
    "author": "str",
    "reference": "str",
}


@remembered
def follow_up_table(
    follow_ups: Iterable[FollowUp], labels: Mapping[str, str], *, as_of: date, newest: date | None
) -> pd.DataFrame:
    """Tell how every follow-up stands on a day.

    On the newest day with figures everything that is written down counts, whatever its day: a meeting comes after the
    figures it looks at. On an earlier day, what was raised later is not there yet, and what was done later is open.

    Parameters
    ----------
    labels
        Of townships by code; a follow-up of none is the county's own.
    newest
        The newest day with figures; None without any.

    Returns
    -------
    pd.DataFrame
        One row per follow-up, the overdue first, then by due day, the done last, their newest first: the columns of
        FOLLOW_UPS. status: a value of Status (overdue: not done and due before the day); deadline: 9月10日（还剩10天）;
        "" where there is no township, reply or replier.
    """
    rows = [_row(each, labels, as_of, is_newest=newest is None or as_of >= newest) for each in follow_ups]
    table = pd.DataFrame([row for row in rows if row], columns=list(FOLLOW_UPS)).astype(FOLLOW_UPS)
    place = table["status"].map({status.value: i for i, status in enumerate(Status)})
    is_done = table["status"] == Status.DONE.value
    day = table["due_on"].fillna(pd.Timestamp.max.floor("D")).astype("datetime64[s]").astype("int64")
    done = table["done_on"].astype("int64")
    order = table.assign(place=place, day=np.where(is_done, -done, day))
    return order.sort_values(["place", "day", "number"], ignore_index=True)[list(FOLLOW_UPS)]


def pressing(table: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Keep the follow-ups that are overdue or fall due within the days set."""
    soon = pd.Timestamp(as_of + timedelta(days=DUE_SOON_DAYS))
    is_due = (table["status"] == Status.OPEN.value) & (table["due_on"] <= soon)
    return table[(table["status"] == Status.OVERDUE.value) | is_due].reset_index(drop=True)


def of_townships(table: pd.DataFrame, townships: Iterable[str], *, is_filtered: bool) -> pd.DataFrame:
    """Keep the follow-ups of chosen townships; all of them, the county's own too, where none is chosen."""
    kept = table[table["township_code"].isin(list(townships))] if is_filtered else table
    return kept.reset_index(drop=True)


def follow_ups_finding(table: pd.DataFrame) -> str:
    """Say how many there are and how they stand: 议定5项，已销号2项，逾期1项，办理中2项."""
    if table.empty:
        return "没有议定事项"
    counts = table["status"].value_counts()
    words = [(Status.DONE, "已销号"), (Status.OVERDUE, "逾期"), (Status.OPEN, "办理中")]
    said = [f"{word}{counts.get(status.value, 0)}项" for status, word in words]
    return f"议定{len(table)}项，{'，'.join(said)}"


def decisions(table: pd.DataFrame) -> dict[str, str]:
    """Return what was decided on each weak link, by its reference; of several the most pressing."""
    about = table[table["reference"] != ""].drop_duplicates("reference")
    return {str(row["reference"]): _decided(row) for row in about.to_dict("records")}


def _decided(row: Mapping[Any, Any]) -> str:
    word = STATUS_MARKS[Status(row["status"])][0]
    until = "" if pd.isna(row["due_on"]) else f"{month_day(row['due_on'])}前，"
    return f"{row['promise']}（{until}{row['owner']}，{word}）"


def _row(each: FollowUp, labels: Mapping[str, str], as_of: date, *, is_newest: bool) -> dict[str, Any] | None:
    """Return one follow-up as it stood; None where it was not raised yet."""
    said = each.decision
    if said.raised_on > as_of and not is_newest:
        return None
    is_done = said.done_on is not None and (is_newest or said.done_on <= as_of)
    is_late = not is_done and said.due_on is not None and said.due_on < as_of
    status = Status.DONE if is_done else Status.OVERDUE if is_late else Status.OPEN
    code = said.township_code or ""
    return {
        "number": each.id,
        "status": status.value,
        "subject": said.subject,
        "township_code": code,
        "township": labels.get(code, code) or COUNTY_LEVEL,
        "promise": said.promise,
        "owner": said.owner,
        "raised_on": said.raised_on,
        "due_on": said.due_on,
        "done_on": said.done_on if is_done else None,
        "deadline": _deadline(said, status, as_of),
        "reply": each.reply or "",
        "replier": each.replier or "",
        "author": each.author,
        "reference": said.reference,
    }


def _deadline(said: Decision, status: Status, as_of: date) -> str:
    """Say when it is due and how long that is, or when it was done."""
    if status is Status.DONE and said.done_on is not None:
        return f"{month_day(said.done_on)}销号"
    if said.due_on is None:
        return MISSING
    days = (said.due_on - as_of).days
    return f"{month_day(said.due_on)}（{f'逾期{-days}天' if days < 0 else f'还剩{days}天' if days else '当天到期'}）"


def draft(found: pd.DataFrame, reference: str, *, as_of: date) -> dict[Any, Any]:
    """Return what a new follow-up starts with, on a weak link or on a case; blank where no weak link is so named.

    Parameters
    ----------
    found : pd.DataFrame
        `analysis.weak_links.ranked`.
    reference
        Of one of them, or of a case (`analysis.case_file.case_reference`).
    """
    own = found[found["reference"] == reference] if reference else found.head(0)
    row = own.iloc[0].to_dict() if len(own) else _case_draft(reference)
    return {
        "subject": row.get("subject", ""),
        "promise": "",
        "owner": row.get("owner", ""),
        "township_code": row.get("region_code", ""),
        "raised_on": as_of,
        "due_on": None,
        "done_on": None,
        "reference": reference if row else "",
        "evidence": row.get("evidence", ""),
    }


def _case_draft(reference: str) -> dict[Any, Any]:
    """Return what is known of a case by its reference alone; nothing where it is not that of a case."""
    kind, _, rest = reference.partition(":")
    township, _, number = rest.partition(":")
    if kind != CASE or not number or len(reference) > LONGEST_REFERENCE:
        return {}
    return {"subject": f"案件{number}", "region_code": township, "evidence": "逐案督办"}


def draft_note(draft: Mapping[Any, Any], asked: str) -> str:
    """Say which weak link a new follow-up is about, or that the one asked for is there no more; "" for none."""
    if not asked:
        return ""
    if not draft["reference"]:
        return "链接中的薄弱环节在所选日期已不存在，请直接填写事项。"
    what = "" if draft["reference"].startswith(f"{CASE}:") else "薄弱环节"
    return f"针对{what}“{draft['subject']}”：{draft['evidence']}。"
