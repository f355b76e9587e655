"""The figures of an indicator as of a month: flows pooled over 12 months, others of that month alone.

Source: COUNTY "KPIs", DOMAIN "Rates in use".
"""

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.months import add_months
from analysis.rules import POOLED_MONTHS

Floats = npt.NDArray[np.float64]

SCALE = {"%": 100.0, "件/万人": 10_000.0}
"""What numerator / denominator is multiplied by to be in the indicator's unit; 1 for any other."""

ADDED_UP = ("proportion", "rate", "count")
"""Kinds whose numerators and denominators add up; scores, places and amounts of a region are its own business."""

_FIGURES = ("numerator", "denominator", "value")


def pooled_values(values: pd.DataFrame, kpis: pd.DataFrame, *, month: date) -> pd.DataFrame:
    """Return each indicator's figures as of one month: flows pooled over 12 months, others of that month alone.

    Returns
    -------
    pd.DataFrame
        One row per (region_code, kpi_code) with any value in its window: numerator, denominator, value (in the unit,
        float64, NaN unknown), is_reported (the month itself has a value), ordered by both.

    Source: table kpi_values; COUNTY "KPIs".
    """
    regions, region_names = _numbered(values["region_code"])
    codes, code_names = _numbered(values["kpi_code"])
    is_flow = of_kpis(kpis, "period", code_names) == "flow"
    months = values["month"].to_numpy(dtype="datetime64[s]")
    first, now = (np.datetime64(day, "s") for day in (add_months(month, 1 - POOLED_MONTHS), month))
    is_used = (months == now) | ((months >= first) & (months < now) & is_flow[codes])
    is_now = (months == now)[is_used]
    figures = {name: values[name].to_numpy(dtype=np.float64)[is_used] for name in _FIGURES}
    keys, group = np.unique((regions * len(code_names) + codes)[is_used], return_inverse=True)
    region, code = (
        (region_names[keys // len(code_names)], code_names[keys % len(code_names)]) if keys.size else ([], [])
    )
    numerator, denominator = (_sums(figures[name], group, len(keys)) for name in ("numerator", "denominator"))
    own = _sums(np.where(is_now, figures["value"], np.nan), group, len(keys))
    has_value = is_now & ~(np.isnan(figures["value"]) & np.isnan(figures["numerator"]))
    kind = of_kpis(kpis, "kind", code)
    ratio = scales(kpis, code) * numerator / np.where(denominator > 0, denominator, np.nan)
    has_ratio = np.isin(kind, ("proportion", "rate")) & ~np.isnan(ratio)
    has_count = np.isin(kind, ("count", "amount")) & ~np.isnan(numerator)
    return pd.DataFrame(
        {
            "region_code": pd.array(region, dtype="str"),
            "kpi_code": pd.array(code, dtype="str"),
            "numerator": numerator,
            "denominator": denominator,
            "value": np.select([has_ratio, has_count], [ratio, numerator], own),
            "is_reported": np.bincount(group, has_value, len(keys)) > 0,
        }
    )


def _sums(numbers: Floats, group: npt.NDArray[np.intp], groups: int) -> Floats:
    """Sum each group's numbers, NaN where it has none."""
    is_known = ~np.isnan(numbers)
    totals = np.bincount(group, np.where(is_known, numbers, 0.0), groups)
    return np.where(np.bincount(group, is_known, groups) > 0, totals, np.nan)


def _numbered(texts: pd.Series) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.object_]]:
    """Return a number for each text, in the order of the names, and the names."""
    numbers, names = pd.factorize(texts, sort=True)
    return numbers, np.asarray(names, dtype=object)


def of_kpis(kpis: pd.DataFrame, name: str, codes: Iterable[str]) -> npt.NDArray[np.object_]:
    """Return what a column of the indicators says of each code; None where it is unknown."""
    said = dict(zip(kpis["code"].tolist(), kpis[name].tolist(), strict=True))
    return np.array([said.get(code) for code in codes], dtype=object)


def scales(kpis: pd.DataFrame, codes: Iterable[str]) -> Floats:
    """Return what n / N is multiplied by, for each code."""
    return np.array([SCALE.get(unit, 1.0) for unit in of_kpis(kpis, "unit", codes)], dtype=np.float64)
