"""Weak links among the indicators: a month out of the ordinary for the worse, a township outside the funnel.

Source: METHODS sections 3 and 4.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.funnel import OUTSIDE, Z_998, arcsine, funnel
from analysis.indicators import SHARE
from analysis.kpis import JUDGED
from analysis.remembered import remembered
from analysis.signal_words import RULE_WORDS, value_word
from analysis.signals import Excluded, concerns
from analysis.weak_links.kinds import Kind, Names, Row, Severity, findings
from analysis.wording import fraction, month, percent

Places = npt.NDArray[np.intp]

_WORSE = {"higher": -1, "lower": 1}
_TOLD = ["kpi_code", "township_code", "direction", "period", "month", "numerator", "denominator"]


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
    told: list[Any] = list(judged[_TOLD].itertuples(index=False))
    for own in _possible_outliers(judged):
        found = funnel(*(judged[name].to_numpy()[own] for name in ("numerator", "denominator")))
        side = np.array([_WORSE.get(told[i].direction, 0) for i in own])
        is_worse = (found["verdict"] == OUTSIDE).to_numpy() & (np.sign(found["z"].to_numpy()) == side)
        for place in np.flatnonzero(is_worse):
            yield _outlier(told[own[place]], found.iloc[place], found.attrs["centre"], about, names)


def _possible_outliers(judged: pd.DataFrame) -> Iterator[Places]:
    """Yield the rows (with cases) of each indicator, by code, of which any township could lie outside its funnel.

    That is looked at first, in all at once: the spread between townships only widens a funnel.
    """
    x, n = (judged[name].to_numpy(dtype=np.float64) for name in ("numerator", "denominator"))
    codes, kpi = np.unique(judged["kpi_code"].to_numpy(dtype=object), return_inverse=True)
    is_known = n > 0
    seen, trials = (np.bincount(kpi, np.where(is_known, each, 0.0), len(codes)) for each in (x, n))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (arcsine(x / n) - arcsine((seen / trials)[kpi])) * 2 * np.sqrt(n)
    is_outside = is_known & (np.abs(z) > Z_998)
    for i in np.flatnonzero(np.bincount(kpi, is_outside, len(codes))):
        yield np.flatnonzero(is_known & (kpi == i))


def _outlier(own: Any, placed: Any, centre: float, about: Mapping[str, Indicator], names: Names) -> Row:
    """Describe a township by its row of the table, _TOLD, and its place in the funnel."""
    side, limit = ("低于", placed.lower_998) if placed.z < 0 else ("高于", placed.upper_998)
    value = f"{percent(placed.proportion)}（{fraction(own.numerator, own.denominator)}）"
    pooled = "近12个月" if own.period == "flow" else month(own.month)
    return {
        **_common(own.kpi_code, own.township_code, about, names),
        "kind": Kind.FUNNEL,
        "severity": Severity.MARKED,
        "size": abs(placed.z),
        "evidence": f"{pooled}{value}，{side}差异界限{percent(float(limit))}，全县平均{percent(centre)}",
        "since": own.month,
        "since_said": f"{month(own.month)}数据",
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
