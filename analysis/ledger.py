"""台账: by what the cases are filtered and ordered, and in which words the address says so.

Source: DOMAIN "Words".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Literal

from analysis.scope import Scope
from analysis.streams import Stream

State = Literal["all", "open", "overdue", "closed"]
Order = Literal["opened_on", "due_on", "closed_on", "age", "case_no", "township_code"]

STATE_WORDS: Mapping[State, str] = {"all": "全部", "open": "在办", "overdue": "超期", "closed": "已结"}
SATISFACTIONS = {"1": "满意", "2": "基本满意", "3": "不满意"}
REPEATS = {"yes": "重复", "no": "非重复"}
TIMES = {"first": "首次办理", "again": "反弹后再办"}
"""Whether a case is in its first episode or a later one."""

TOWNSHIP_LED = "-"
"""Stands for a missing lead department: the township leads."""

TOWNSHIP_LED_WORD = "乡镇主办"
COUNTY_WORD = "县本级"

FILTER_KEYS = ("state", "platform", "category", "channel", "level", "lead", "leader", "village", "method", "repeat",
               "satisfaction", "campaign", "opened_from", "opened_to", "due_from", "due_to", "closed_from", "closed_to",
               "first_from", "first_to", "age_from", "age_to", "times", "repeat_of", "number")  # fmt: skip
"""What the ledger's address may hold beside the shared filters: words, days as YYYY-MM-DD, ages in days."""


@dataclass(frozen=True)
class CaseFilter:
    """What is asked of the cases of a scope, as they stand at its as-of date; None and "" ask nothing.

    Days are inclusive. `lead` is a department's code or TOWNSHIP_LED, `leader` the post of the 包案领导, `satisfaction`
    1 to 3. `first_` asks of the first opening, `age_` of the days since it, until the close of a closed case; both ends
    count. `number` keeps the case numbers that hold it, `repeat_of` the cases that repeat the one of that number.
    """

    state: State = "all"
    category: str | None = None
    channel: str | None = None
    level: str | None = None
    lead: str | None = None
    leader: str | None = None
    village: str | None = None
    method: str | None = None
    is_repeat: bool | None = None
    satisfaction: int | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    closed_from: date | None = None
    closed_to: date | None = None
    first_from: date | None = None
    first_to: date | None = None
    age_from: int | None = None
    age_to: int | None = None
    is_again: bool | None = None
    repeat_of: str = ""
    number: str = ""

    @property
    def is_by_state_only(self) -> bool:
        """Tell whether nothing is asked but the state: such counts are stored."""
        return all(getattr(self, field.name) == field.default for field in fields(self) if field.name != "state")

    @property
    def has_days(self) -> bool:
        """Tell whether any of the days is asked for, or how many they are."""
        days = (self.opened_from, self.opened_to, self.due_from, self.due_to, self.closed_from, self.closed_to,
                self.first_from, self.first_to, self.age_from, self.age_to)  # fmt: skip
        return any(day is not None for day in days)


@dataclass(frozen=True)
class CaseCount:
    """How many cases a ledger holds; capped, it holds more than that."""

    cases: int
    is_capped: bool


def with_counties(scope: Scope, counties: Iterable[str]) -> Scope:
    """Return the scope with the cases of no township: they carry the county's code, and come with all townships."""
    return replace(scope, townships=scope.townships | frozenset(counties))


def order_words(stream: Stream) -> dict[Order, str]:
    """Return by what the cases of a stream can be put in order, in its own verbs."""
    return {
        "opened_on": f"{stream.opened}日期",
        "due_on": "办理期限",
        "closed_on": f"{stream.closed}日期",
        "age": "在办天数",
        "case_no": "案件编号",
        "township_code": "乡镇（街道）",
    }
