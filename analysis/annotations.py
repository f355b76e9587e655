"""情况说明: what may be written beside a figure, and how it is told.

Source: DOMAIN "Words"; DOMAIN "What goes wrong" (no personal data in the shared picture).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import pandas as pd

LONGEST = 200
_MARKED = 14
_PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")


class Place(Protocol):
    """Where an annotation stands."""

    @property
    def region_code(self) -> str: ...  # noqa: D102
    @property
    def kpi_code(self) -> str: ...  # noqa: D102
    @property
    def month(self) -> date: ...  # noqa: D102


class Annotation(Protocol):
    """What the state database holds of an annotation (`state.annotations.Annotation`)."""

    @property
    def place(self) -> Place: ...  # noqa: D102
    @property
    def reason(self) -> str: ...  # noqa: D102
    @property
    def is_excluded(self) -> bool: ...  # noqa: D102
    @property
    def author(self) -> str: ...  # noqa: D102
    @property
    def reply(self) -> str | None: ...  # noqa: D102
    @property
    def replier(self) -> str | None: ...  # noqa: D102


@dataclass(frozen=True)
class Note:
    """One annotation of a series, as it is shown."""

    month: date
    reason: str
    is_excluded: bool
    author: str
    reply: str
    replier: str


def excluded_months(annotations: Iterable[Annotation]) -> frozenset[tuple[str, str, date]]:
    """Return the months that annotations take out: region, indicator, first day."""
    places = (each.place for each in annotations if each.is_excluded)
    return frozenset((place.region_code, place.kpi_code, place.month) for place in places)


def notes_of(annotations: Iterable[Annotation], region: str, kpi: str) -> list[Note]:
    """Return what is written about one series, by month."""
    own = [each for each in annotations if (each.place.region_code, each.place.kpi_code) == (region, kpi)]
    notes = [
        Note(each.place.month, each.reason, each.is_excluded, each.author, each.reply or "", each.replier or "")
        for each in own
    ]
    return sorted(notes, key=lambda note: note.month)


def notes_by_kpi(annotations: Iterable[Annotation], region: str) -> dict[str, list[Note]]:
    """Return what is written about a region, by indicator and month."""
    known = [each for each in annotations if each.place.region_code == region]
    codes = sorted({each.place.kpi_code for each in known})
    return {code: notes_of(known, region, code) for code in codes}


def chart_marks(notes: Sequence[Note], months: pd.Series) -> pd.DataFrame:
    """Return what stands on the chart of a series with these months.

    Returns
    -------
    pd.DataFrame
        One row per note within the months: month (datetime64[s]), mark (str), line (int64, 0 to 2 in turn, so that
        neighbours do not cover each other), is_late (bool, in the last third: written to the left).
    """
    last_third = months.iloc[-max(len(months) // 3, 1)]
    shown = [note for note in notes if pd.Timestamp(note.month) in set(months)]
    days = pd.Series([pd.Timestamp(note.month) for note in shown], dtype="datetime64[s]")
    marks = pd.Series([mark(note.reason, note.author) for note in shown], dtype="str")
    lines = pd.Series([i % 3 for i in range(len(shown))], dtype="int64")
    return pd.DataFrame({"month": days, "mark": marks, "line": lines, "is_late": days >= last_third})


def problem(text: str) -> str:
    """Return what keeps a text from being written, in one sentence; "" when nothing does."""
    said = " ".join(text.split())
    if not said:
        return "请先填写说明。"
    if len(said) > LONGEST:
        return f"说明最多{LONGEST}字，现有{len(said)}字。"
    if _PERSONAL.search(said):
        return "说明中不得写身份证号、手机号码等个人信息。"
    return ""


def mark(reason: str, author: str) -> str:
    """Return what stands on a chart beside its month: the reason, cut where it is long, and its author."""
    cut = reason if len(reason) <= _MARKED else f"{reason[: _MARKED - 1]}…"
    return f"{cut}（{author}）"
