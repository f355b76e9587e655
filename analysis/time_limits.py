"""How long a petition may take, by the rule that held on a day.

Source: DOMAIN "Time limits".
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Rule:
    """One regulation with the limits it sets; `begins_on` is its first day in force."""

    title: str
    begins_on: date
    limits: str


RULES = (
    Rule(
        "信访条例",
        date(2005, 5, 1),
        "转送15日（第21条），受理告知15日（第22条），办结60日、可延长不超过30日（第33条），复查、复核各30日（第34、35条）",
    ),
    Rule(
        "信访工作条例",
        date(2022, 5, 1),
        "转送、受理告知15日（第22、23条），办结60日、可延长不超过30日（第34条），复查、复核各30日（第35、36条）",
    ),
)
"""In order of their first days; each holds until the next begins."""

COUNTY_LIMITS = "县定时限：矛盾纠纷30日，群众诉求5个工作日，治理事件以平台设定为准"


def rule_in_force(day: date) -> Rule:
    """Return the regulation that held on `day`; before the first, the first."""
    return next((rule for rule in reversed(RULES) if rule.begins_on <= day), RULES[0])


def limits_in_force(day: date) -> str:
    """Say the limits that hold on `day`, the statutory ones and the county's own."""
    rule = rule_in_force(day)
    return f"《{rule.title}》：{rule.limits}；{COUNTY_LIMITS}"
