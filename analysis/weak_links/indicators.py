"""Weak links among the indicators: a month out of the ordinary for the worse, a township outside the funnel.

Source: METHODS sections 3 and 4.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from analysis.funnel import OUTSIDE, Z_998, funnel
from analysis.indicators import SHARE
from analysis.kpis import JUDGED
from analysis.remembered import remembered
from analysis.signal_words import RULE_WORDS, value_word
from analysis.signals import Excluded, concerns
from analysis.weak_links.kinds import Kind, Names, Row, Severity, findings
from analysis.wording import fraction, month, percent

_WORSE = {"higher": -1, "lower": 1}


@dataclass(frozen=True)
class Indicator:
    """What is said of an indicator: its name, its unit and the department that answers for it ("" for none)."""

    name: str
    unit: str
    department: str


@remembered
def indicator_weak_links(
    series: pd.DataFrame,
    table: pd.DataFrame,
    about: Mapping[str, Indicator],
    names: Names,
    *,
    excluded: Excluded = (),
) -> pd.DataFrame:
    """Find the weak links among the indicators.

    Parameters
    ----------
    series : pd.DataFrame
        `queries.indicators.kpi_series` of the whole set.
    table : pd.DataFrame
        `queries.rankings.kpi_table` of the whole set.
    about
        The indicators by code.
    excluded
        Months that an annotation takes out of the control charts.

    Returns
    -------
    pd.DataFrame
        The columns of `analysis.weak_links.kinds.WEAK_LINKS`.
    """
    return findings([*_outliers(table, about, names), *_signals(series, about, names, excluded)])


def _outliers(table: pd.DataFrame, about: Mapping[str, Indicator], names: Names) -> Iterator[Row]:
    """Yield the townships beyond the 99.8 % line on the side that is worse."""
    judged = table[(table["kind"] == "proportion") & (table["state"] == JUDGED) & table["numerator"].notna()]
    for code, own in judged[_may_lie_outside(judged)].groupby("kpi_code"):
        direction = _WORSE.get(str(own["direction"].iloc[0]))
        placed = own.set_index("township_code")
        found = funnel(placed["numerator"], placed["denominator"])
        is_worse = (found["verdict"] == OUTSIDE) & (np.sign(found["z"]) == direction)
        for region, row in found[is_worse].iterrows():
            yield _outlier(str(code), str(region), row, placed.loc[region], found.attrs["centre"], about, names)


def _may_lie_outside(judged: pd.DataFrame) -> pd.Series:
    """Tell of which indicators any township could lie outside: the spread between townships only widens a funnel."""
    by_kpi = judged.groupby("kpi_code")[["numerator", "denominator"]].transform("sum")
    share, centre = judged["numerator"] / judged["denominator"], by_kpi["numerator"] / by_kpi["denominator"]
    z = (np.arcsin(np.sqrt(share)) - np.arcsin(np.sqrt(centre))) * 2 * np.sqrt(judged["denominator"])
    is_outside: pd.Series = (z.abs() > Z_998).groupby(judged["kpi_code"]).transform("any")
    return is_outside


def _outlier(
    code: str,
    region: str,
    row: pd.Series,
    own: pd.Series,
    centre: float,
    about: Mapping[str, Indicator],
    names: Names,
) -> Row:
    side, limit = ("低于", row["lower_998"]) if row["z"] < 0 else ("高于", row["upper_998"])
    value = f"{percent(row['proportion'])}（{fraction(own['numerator'], own['denominator'])}）"
    pooled = "近12个月" if own["period"] == "flow" else month(own["month"])
    return {
        **_common(code, region, about, names),
        "kind": Kind.FUNNEL,
        "severity": Severity.MARKED,
        "size": abs(float(row["z"])),
        "evidence": f"{pooled}{value}，{side}差异界限{percent(float(limit))}，全县平均{percent(centre)}",
        "since": own["month"],
        "since_said": f"{month(own['month'])}数据",
    }


def _signals(
    series: pd.DataFrame, about: Mapping[str, Indicator], names: Names, excluded: Collection[tuple[str, str, date]]
) -> Iterator[Row]:
    """Yield the series whose latest month is out of the ordinary for the worse."""
    for row in concerns(series, excluded).itertuples(index=False):
        yield _signal(row, about, names)


def _signal(latest: Any, about: Mapping[str, Indicator], names: Names) -> Row:
    """Describe the newest month of a series; it holds since the first of the last months that are all for the worse."""
    code, form = str(latest.kpi_code), latest.form
    value, mean = (value_word(float(each), form, about[code].unit) for each in (latest.value, latest.mean))
    counted = f"（{fraction(latest.numerator, latest.denominator)}）" if form == SHARE else ""
    return {
        **_common(code, str(latest.region_code), about, names),
        "kind": Kind.SIGNAL,
        "severity": Severity.MARKED if latest.rule == "outside" else Severity.WATCH,
        "size": abs(float(latest.value - latest.mean)) / latest.reach if latest.reach else 0.0,
        "evidence": f"{month(latest.month)}{value}{counted}，平均{mean}，{RULE_WORDS[latest.rule]}",
        "since": latest.since,
        "since_said": f"{month(latest.since)}起",
    }


def _common(code: str, region: str, about: Mapping[str, Indicator], names: Names) -> Row:
    is_county = region not in names.townships
    head = names.heads.get(region, "")
    owners = [owner for owner in (about[code].department, head) if owner]
    return {
        "reference": f"kpi:{code}:{region}",
        "subject": f"{'全县' if is_county else names.region(region)}：{about[code].name}",
        "title": about[code].name,
        "owner": "、".join(owners),
        "region_code": region,
        "regions": "" if is_county else region,
        "kpi_code": code,
    }
