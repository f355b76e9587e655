"""Weak links among the cases: what is overdue, and the backlog that has waited too long.

Source: METHODS section 1; analysis.rules.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd

from analysis.remembered import remembered
from analysis.rules import AGED_DAYS, LONG_AGED_DAYS, MANY_OVERDUE
from analysis.streams import STREAMS
from analysis.weak_links.kinds import Kind, Names, Row, Severity, findings
from analysis.wording import MISSING, day, day_as_of

BACKLOG = "petition_backlog"


@remembered
def case_weak_links(backlog: pd.DataFrame, others: pd.DataFrame, names: Names, *, as_of: date) -> pd.DataFrame:
    """Find the weak links among the cases.

    Parameters
    ----------
    backlog : pd.DataFrame
        One row per township with open backlog cases: township_code (str), open, overdue, aged (open for more than
        AGED_DAYS), long_aged, department_overdue, department_aged (those of them that a county department leads; int64,
        cases), overdue_on (the earliest due day of the overdue), oldest_on (the earliest first day of the aged;
        datetime64[s]).
    others : pd.DataFrame
        One row per township and other stream with overdue cases: township_code, stream (str), open, overdue (int64),
        overdue_from (datetime64[s], the first stored day from which there was always one).

    Returns
    -------
    pd.DataFrame
        The columns of `analysis.weak_links.kinds.WEAK_LINKS`.
    """
    backlog_rows = [row for each in backlog.to_dict("records") for row in _backlog(each, names, as_of)]
    return findings([*backlog_rows, *_others(others, names)])


def _backlog(row: Any, names: Names, as_of: date) -> Iterator[Row]:
    """Yield what is wrong with one township's backlog, campaign or not; what is late first, which the rest follows."""
    code = str(row["township_code"])
    waiting = f"全部未化解信访积案{row['open']}件中"
    common = {
        "reference": f"backlog:{code}",
        "subject": f"{names.region(code)}：信访积案",
        "region_code": code,
        "regions": code,
        "stream": BACKLOG,
    }
    if row["overdue"]:
        since = row["overdue_on"] + timedelta(days=1)
        yield {
            **common,
            "kind": Kind.OVERDUE,
            "severity": Severity.GRAVE,
            "size": row["overdue"],
            "evidence": f"{waiting}{row['overdue']}件超期{_led(row['department_overdue'])}",
            "owner": _owner(code, names, is_above=row["overdue"] == row["department_overdue"]),
            "since": since,
            "since_said": f"{day_as_of(since, as_of)}起",
        }
    if row["aged"]:
        since = row["oldest_on"] + timedelta(days=AGED_DAYS + 1)
        start = "" if row["overdue"] else waiting
        long = f"，其中{row['long_aged']}件超过{LONG_AGED_DAYS}天" if row["long_aged"] else ""
        yield {
            **common,
            "kind": Kind.AGEING,
            "severity": Severity.GRAVE if row["long_aged"] else Severity.MARKED,
            "size": row["aged"],
            "evidence": f"{start}{row['aged']}件交办超过{AGED_DAYS}天{long}{_led(row['department_aged'])}",
            "owner": _owner(code, names, is_above=row["aged"] == row["department_aged"]),
            "since": since,
            "since_said": f"{day_as_of(since, as_of)}起",
        }


def _others(others: pd.DataFrame, names: Names) -> Iterator[Row]:
    """Yield one finding per township for the overdue cases of all other streams."""
    of_townships: dict[str, list[Any]] = {}
    for each in others.itertuples(index=False):
        of_townships.setdefault(str(each.township_code), []).append(each)
    for code, own in of_townships.items():
        total, worst = sum(int(each.overdue) for each in own), max(own, key=lambda each: each.overdue)
        said = "、".join(f"{STREAMS[each.stream].short_name}{each.overdue}/{each.open}" for each in own)
        since = min((each.overdue_from for each in own if not pd.isna(each.overdue_from)), default=pd.NaT)
        yield {
            "reference": f"streams:{code}",
            "kind": Kind.OVERDUE,
            "severity": Severity.MARKED if total >= MANY_OVERDUE else Severity.WATCH,
            "size": total,
            "subject": f"{names.region(code)}：其他事项",
            "evidence": f"{sum(int(each.open) for each in own)}件未办结事项中{total}件超期（超期/未办结：{said}）",
            "since": since,
            "since_said": MISSING if pd.isna(since) else f"{day(since)}以来一直有",
            "owner": names.heads.get(code, names.region(code)),
            "region_code": code,
            "regions": code,
            "stream": worst.stream,
        }


def _owner(code: str, names: Names, *, is_above: bool) -> str:
    """Name the township's first responsible; cases that departments lead alone are not held against it."""
    return "县级机关主办单位" if is_above else names.heads.get(code, names.region(code))


def _led(count: int) -> str:
    return f"（县级机关主办{count}件）" if count else ""
