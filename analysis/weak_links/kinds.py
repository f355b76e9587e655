"""What a weak link (薄弱环节) is: its kinds, how grave it is, and the frame that every finding is a row of.

Source: DESIGN "Pages"; the thresholds stand in analysis.rules.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

import numpy as np
import pandas as pd

Row = dict[str, Any]
"""One finding, by the columns of WEAK_LINKS."""


Columns = dict[str, list[Any]]
"""Findings by column: one may lack what is blank in all of them."""


class Kind(StrEnum):
    """What is wrong, in the order in which findings of one severity are listed."""

    WHOLE_TASK = "whole_task"
    WHOLE_TOWNSHIP = "whole_township"
    RED = "red"
    OVERDUE = "overdue"
    AGEING = "ageing"
    UNREPORTED = "unreported"
    STALLED = "stalled"
    LONG_BEHIND = "long_behind"
    DUE_SOON = "due_soon"
    FUNNEL = "funnel"
    SIGNAL = "signal"


KIND_WORDS: dict[Kind, str] = {
    Kind.WHOLE_TASK: "整项任务滞后",
    Kind.WHOLE_TOWNSHIP: "整个乡镇滞后",
    Kind.RED: "红灯",
    Kind.OVERDUE: "案件超期",
    Kind.AGEING: "积案久拖",
    Kind.UNREPORTED: "未报送",
    Kind.STALLED: "停滞",
    Kind.LONG_BEHIND: "持续滞后",
    Kind.DUE_SOON: "临期",
    Kind.FUNNEL: "指标差异",
    Kind.SIGNAL: "指标变差",
}


class Severity(IntEnum):
    """How grave a finding is."""

    WATCH = 1
    MARKED = 2
    GRAVE = 3


@dataclass(frozen=True)
class Weight:
    """How a severity is shown: its word, its shape and the level its colour stands for."""

    word: str
    shape: str
    level: str


WEIGHTS: dict[Severity, Weight] = {
    Severity.GRAVE: Weight("严重", "■", "red"),
    Severity.MARKED: Weight("较重", "▲", "yellow"),
    Severity.WATCH: Weight("关注", "○", "grey"),
}

TEXT, COUNT, DAY = "str", "int64", "datetime64[s]"
WEAK_LINKS = {
    "reference": TEXT,
    "kind": TEXT,
    "kinds": TEXT,
    "severity": COUNT,
    "size": "float64",
    "subject": TEXT,
    "title": TEXT,
    "evidence": TEXT,
    "since": DAY,
    "since_said": TEXT,
    "owner": TEXT,
    "region_code": TEXT,
    "regions": TEXT,
    "task_code": TEXT,
    "kpi_code": TEXT,
    "lead_department_code": TEXT,
    "stream": TEXT,
}
"""One row per weak link: `reference` tells it from all others and stays the same from month to month; `kinds` are all
kinds that were found of it, `kind` the gravest; `title` is the name of the task or indicator; `size` orders findings
of one kind; `regions` are all townships that it concerns, separated by commas ("" for the county's own); codes are ""
where they do not apply."""


@dataclass(frozen=True)
class Names:
    """What codes are called: townships in full, the first responsible of each by post, departments."""

    townships: Mapping[str, str]
    heads: Mapping[str, str]
    departments: Mapping[str, str]

    def region(self, code: str) -> str:
        """Return the name of a township, 县级 for the county's own level."""
        return self.townships.get(code, "县级")

    def department(self, code: str) -> str:
        """Return the name of a department, its code where it has none, 牵头单位未填 without a code."""
        return self.departments.get(code, code) or "牵头单位未填"


def findings(rows: Iterable[Row]) -> pd.DataFrame:
    """Return rows of findings as a frame with the promised columns and types; what a row leaves out is "" or missing.

    Returns
    -------
    pd.DataFrame
        The columns of WEAK_LINKS, in the order given; without rows, the same columns and dtypes.
    """
    return filled(columns_of(rows))


def columns_of(rows: Iterable[Row]) -> Columns:
    """Return rows of findings by column."""
    own = list(rows)
    return {name: [row.get(name, _blank(name)) for row in own] for name in WEAK_LINKS if name != "kinds"}


def filled(*parts: Columns) -> pd.DataFrame:
    """Return the columns of findings, those of the first part before all others, as a frame as of `findings`."""
    full = {name: [value for part in parts for value in _column(part, name)] for name in WEAK_LINKS if name != "kinds"}
    full["kinds"] = full["kind"]
    return pd.DataFrame({name: _typed(full[name], dtype) for name, dtype in WEAK_LINKS.items()})


def _column(part: Columns, name: str) -> list[Any]:
    return part[name] if name in part else [_blank(name)] * len(part["kind"])


def _typed(values: Any, dtype: str) -> Any:
    """Give a column its type: a frame left to find out for itself what it holds looks at each text twice."""
    if dtype == TEXT:
        return pd.array(values, dtype="str")
    return pd.DatetimeIndex(values).as_unit("s") if dtype == DAY else np.array(values, dtype=dtype)


def _blank(name: str) -> Any:
    return "" if WEAK_LINKS[name] == TEXT else pd.NaT


def head_post(name: str, kind: str) -> str:
    """Return the first responsible of a township by post: 天马街道党工委书记, 招贤镇党委书记.

    Source: COUNTY "Conventions".
    """
    return f"{name}{'党工委书记' if kind == '街道' else '党委书记'}"
