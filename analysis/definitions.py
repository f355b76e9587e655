"""口径说明: what every figure on screen means, in one place; the indicators' own definitions stand in table kpis.

Each figure has a stable code, which a card or a column names and a link carries (`definitions?figure=overdue`). The
texts stand in definitions.csv; the thresholds in them come from analysis.rules.
"""

import csv
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from analysis import rules
from analysis.closing_methods import LAWFUL, SUBSTANTIVE
from analysis.forecast import WEEKS
from analysis.table_names import table_word
from analysis.time_limits import RULES, limits_in_force
from analysis.wording import number

TEXTS = Path(__file__).with_name("definitions.csv")

DIRECTIONS = {"higher": "越高越好", "lower": "越低越好", "neutral": "不评高低"}
PERIODS = {"flow": "当月；考核按近{months}个月合并", "state": "月末时点", "to_date": "累计"}
RESETS = {"campaign": "（按专项行动）", "year": "（每年从零起）"}
INDICATORS = "考核指标"
COMPUTED, REPORTED = "系统由台账计算", "由责任单位报送"


@dataclass(frozen=True)
class Definition:
    """What one figure means; `sources` are the tables or ledgers it is read from, `rule` what the county has set."""

    code: str
    name: str
    subject: str
    meaning: str
    formula: str
    period: str
    source: str
    unit: str
    direction: str
    department: str
    rule: str = ""

    @property
    def text(self) -> str:
        """Everything that a search looks through."""
        return "\n".join(str(value) for value in vars(self).values()).casefold()


@cache
def definitions_at(as_of: date | None = None) -> MappingProxyType[str, Definition]:
    """Return the application's own figures by code, in the order they are printed.

    Parameters
    ----------
    as_of
        Names the time limits in force on that day; without it, the newest rule's.
    """
    words = _words(as_of or RULES[-1].begins_on)
    with TEXTS.open(encoding="utf-8", newline="") as file:
        rows = [{name: text.format(**words) for name, text in row.items()} for row in csv.DictReader(file)]
    return MappingProxyType({row["code"]: _own(row) for row in rows})


def definition(figure: str) -> Definition:
    """Return the definition of one of the application's own figures, by its code.

    Raises
    ------
    KeyError
        No such figure: a card, column or page names a code that definitions.csv does not hold.
    """
    return DEFINITIONS[figure]


def catalogue(kpis: pd.DataFrame, *, as_of: date) -> list[Definition]:
    """Return every definition: the application's own figures, then the indicators.

    Parameters
    ----------
    kpis : pd.DataFrame
        `queries.definitions.kpi_definitions`.
    """
    return [*definitions_at(as_of).values(), *(_indicator(row) for row in kpis.to_dict("records"))]


def matching(known: Iterable[Definition], text: str) -> list[Definition]:
    """Return the definitions that hold every word of `text`; one whose code or name is `text` stands first.

    An empty text finds all, in their order.
    """
    words = text.casefold().split()
    found = [each for each in known if all(word in each.text for word in words)]
    return sorted(found, key=lambda each: text.strip().casefold() not in (each.code.casefold(), each.name.casefold()))


def definitions_finding(found: Sequence[Definition], known: Sequence[Definition]) -> str:
    """Say how many definitions there are, or how many were found: 共68条：本看板数字41条、考核指标27条."""
    if not found:
        return f"没有找到相符的口径，全部{len(known)}条中也没有这样的字词。"
    indicators = sum(each.subject == INDICATORS for each in found)
    parts = {"本看板数字": len(found) - indicators, INDICATORS: indicators}
    said = "、".join(f"{word}{n}条" for word, n in parts.items() if n)
    return f"{'共' if len(found) == len(known) else '找到'}{len(found)}条：{said}"


def definition_table(found: Iterable[Definition]) -> pd.DataFrame:
    """Return definitions as a frame: one row each, a str column per field of Definition."""
    names = [field.name for field in fields(Definition)]
    rows = [[getattr(each, name) for name in names] for each in found]
    return pd.DataFrame(rows, columns=names, dtype="str")


def _own(row: dict[str, str]) -> Definition:
    direction = DIRECTIONS[row.pop("direction")]
    source = "、".join(table_word(table) for table in row.pop("source").split("、"))
    return Definition(**row, direction=direction, source=source)


def _indicator(row: dict[Hashable, Any]) -> Definition:
    """Word an indicator of the database; what its table leaves open stays open."""
    is_computed = bool(_said(row["computed_from"]))
    period = PERIODS.get(_said(row["period"]), "").format(months=rules.POOLED_MONTHS)
    reset = RESETS.get(_said(row["reset"]), "") if row["period"] == "to_date" else ""
    return Definition(
        code=str(row["code"]),
        name=_said(row["name"]) or str(row["code"]),
        subject=INDICATORS,
        meaning="、".join(filter(None, (_said(row["domain"]), COMPUTED if is_computed else REPORTED))),
        formula=_said(row["formula"]),
        period=f"{period}{reset}",
        source=_said(row["source"]),
        unit=_said(row["unit"]),
        direction=DIRECTIONS.get(_said(row["direction"]), ""),
        department=_said(row["department"]),
        rule=_ends(row),
    )


def _ends(row: dict[Hashable, Any]) -> str:
    """Say an indicator's weight and ends in the scheme in force."""
    if not row["weight"] > 0:
        return "监测指标，不计权重"
    names = {"weight": "权重", "goal": "目标值", "floor": "底线值"}
    return "，".join(f"{word}{number(row[name], digits=2)}" for name, word in names.items() if not pd.isna(row[name]))


def _said(value: object) -> str:
    return "" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _words(as_of: date) -> dict[str, object]:
    """Return what the braces in definitions.csv stand for."""
    numbers = {name: value for name, value in vars(rules).items() if name.isupper()}
    low = [0, *(limit + 1 for limit in rules.AGE_LIMITS)]
    bands = [f"{first}–{last}天" for first, last in zip(low, rules.AGE_LIMITS, strict=False)]
    return {
        **numbers,
        "AGE_BANDS": "、".join([*bands, f"{rules.AGE_LIMITS[-1]}天以上"]),
        "DRAWS_WORDS": f"{rules.DRAWS // 10_000}万",
        "FORECAST_WEEKS": WEEKS,
        "LAWFUL": "、".join(LAWFUL),
        "SUBSTANTIVE": "、".join(SUBSTANTIVE),
        "TIME_LIMITS": limits_in_force(as_of),
    }


DEFINITIONS = definitions_at()
"""The application's own figures by code."""
