"""Where a figure leads: the pages with what it is made of, filters in the address.

Source of the addresses: navigation.PAGES (a page's address is the stem of its file); filters as in components.filters.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any
from urllib.parse import urlencode

import pandas as pd

from analysis.checklist import COUNTY_LEVEL
from analysis.ledger import FILTER_KEYS, STATE_WORDS, State
from analysis.months import month_end
from analysis.streams import STREAMS
from components.definitions import definition_link
from components.filters import in_region

BACKLOG, TASKS, TASK, STANDING = "backlog", "tasks", "task", "standing"
TOWNSHIP, SIGNALS = "township", "signals"
LEDGER, CASE = "ledger", "case"
_STREAM_OF = {
    "backlog": "petition_backlog",
    "villages": "petition_backlog",
    "petitions": "petition",
    "disputes": "dispute",
    "suits": "litigation",
    "events": "event",
    "appeals": "appeal",
    "risks": "risk",
}
"""First word of kpis.computed_from -> the stream of the cases behind it."""


def address(page: str, **filters: str | Sequence[str]) -> str:
    """Return a page's address with filters, relative to this one; a filter of several values is repeated.

    In a database of several counties it stays within the region that the page is about.
    """
    return f"{page}?{urlencode(in_region(filters), doseq=True)}"


def standing_link(township: str, as_of: date) -> str:
    """Return the address of a township's explanation, by its label."""
    return address(STANDING, township=township, as_of=as_of.isoformat())


def township_link(township: str, *, filters: Mapping[str, Any]) -> str:
    """Return the address of a township's 画像, by its label, the other filters (the as-of date) kept."""
    return address(TOWNSHIP, **{**filters, "township": township})


def township_name(value: tuple[str, str]) -> str:
    """Return a township's name as trusted markup: a link where there is an address, else the bare name."""
    return link_mark(value) if value[1] else escape(value[0])


def task_link(task: str, township: str = "", *, filters: Mapping[str, str | Sequence[str]]) -> str:
    """Return the address of a task (code), in a township (label) or as `filters` have it, the other filters kept."""
    return address(TASK, task=task, **({**filters, "township": township} if township else filters))


def ledger_link(
    as_of: date,
    *,
    township: str | Sequence[str] = (),
    stream: str = "petition_backlog",
    state: State = "all",
    **filters: str | Sequence[str],
) -> str:
    """Return the address of the ledger (台账), filtered: what a count of cases leads to.

    Parameters
    ----------
    township
        Labels of townships (`components.filters.township_labels`); none for the whole county.
    stream
        Its code.
    state
        all, open (at the end of the day), overdue, closed.
    **filters
        Any of `analysis.ledger.FILTER_KEYS`, in the words on screen: platform, category, channel, level, method, leader
        as the cases have them; lead a department's name or 乡镇主办; village 天马·某村; repeat 重复 or 非重复;
        satisfaction 满意 ...; campaign its name; days (opened_from, opened_to, due_from ...) as YYYY-MM-DD; number a
        part of a case number. Empty ones are left out.

    Raises
    ------
    ValueError
        For a filter that the ledger does not know.
    """
    unknown = set(filters) - set(FILTER_KEYS)
    if unknown:
        raise ValueError(f"the ledger knows no filter {sorted(unknown)}")
    named = {} if stream == "petition_backlog" else {"stream": STREAMS[stream].name}
    stated = {} if state == "all" else {"state": STATE_WORDS[state]}
    placed = {"township": township} if township else {}
    asked = {key: value for key, value in filters.items() if value}
    return address(LEDGER, **placed, as_of=as_of.isoformat(), **named, **stated, **asked)


def case_link(case_no: str, as_of: date, *, township: str | Sequence[str] = ()) -> str:
    """Return the address of one case, by its number and the label of its township (none for 县本级)."""
    placed = {"township": township} if township else {}
    return address(CASE, **placed, as_of=as_of.isoformat(), case=case_no)


def rows_link(computed_from: Any, code: str, township: str, month: date) -> tuple[str, str]:
    """Return what an indicator is computed from, in words, and its address, as of the month's end.

    A reported indicator leads to its definition, which names who reports it.
    """
    source = computed_from if isinstance(computed_from, str) else ""
    filters = {"township": township, "as_of": month_end(month).isoformat()}
    if source in ("tasks_on_schedule", "reports_in_time"):
        return "任务清单", address(TASKS, **filters)
    stream = _STREAM_OF.get(source.split("_")[0])
    if stream is None:
        return "报送口径", definition_link(code)
    named = {} if stream == "petition_backlog" else {"stream": STREAMS[stream].name}
    return STREAMS[stream].short_name, address(BACKLOG, **filters, **named)


def linked_tasks(cells: pd.DataFrame, *, filters: Mapping[str, str | Sequence[str]]) -> pd.DataFrame:
    """Put beside each cell its task's name with the address of the task in that township: linked (text, address)."""
    targets = [
        task_link(code, "" if region == COUNTY_LEVEL else region, filters=filters)
        for code, region in zip(cells["task_code"], cells["region"], strict=True)
    ]
    linked: list[Any] = list(zip(cells["task"], targets, strict=True))
    return cells.assign(linked=linked)


def link_mark(link: tuple[str, str]) -> str:
    """Return a link as trusted markup; `link` is its text and its address."""
    text, target = link
    return f'<a class="gov-link" href="{escape(target)}" target="_self">{escape(text)}</a>'
