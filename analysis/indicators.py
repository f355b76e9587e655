"""The months of every indicator, each as its 波动判断图 draws it: a share, a rate, a count, or what a month added.

Source: METHODS section 3; COUNTY "KPIs".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.control_charts import MIN_MEAN_COUNT
from analysis.months import month_end, months_between
from analysis.pooling import of_kpis, scales
from analysis.remembered import remembered

Floats = npt.NDArray[np.float64]
Names = npt.NDArray[np.object_]

SHARE, RATE, COUNT, INCREMENT = "share", "rate", "count", "increment"
_NEVER = "never"
SERIES = {"kpi_code": "str", "region_code": "str", "form": "str", "direction": "str", "month": "datetime64[s]",
          **dict.fromkeys(("numerator", "denominator", "value", "target"), "float64"), "is_sparse": "bool"}  # fmt: skip


@dataclass(frozen=True)
class Campaign:
    """A campaign whose cases the indicators with reset "campaign" count while it runs."""

    code: str
    starts_on: date
    ends_on: date


@dataclass
class _Cube:
    """Figures of indicators x regions x months, the county being the first region; texts per indicator."""

    codes: Names
    regions: list[str]
    months: list[date]
    form: Names
    numerator: Floats
    denominator: Floats
    value: Floats


@remembered
def monthly_series(
    values: pd.DataFrame,
    kpis: pd.DataFrame,
    goals: pd.DataFrame,
    *,
    last: date,
    county: str,
    townships: Sequence[str],
    campaigns: Sequence[Campaign] = (),
) -> pd.DataFrame:
    """Lay every flow and to-date indicator out by month, for the county as a whole and for each township.

    Parameters
    ----------
    values
        Rows of kpi_values (region_code, kpi_code, month, numerator, denominator, value) of the townships.
    kpis
        Rows of kpis (code, unit, direction, kind, period, reset, computed_from).
    goals
        Rows of kpi_weights of one scheme (region_code, kpi_code, goal); the county row is the default.
    last
        First day of the last month.
    county, townships
        The whole set, in its fixed order; the county's figures are the sums of the townships'.
    campaigns
        Those that say when they run.

    Returns
    -------
    pd.DataFrame
        One row per indicator with a figure, region (the county, then the townships) and month from the first with any
        figure to `last`, in that order; the columns of SERIES. form: share (value 0 to 1), rate (in the unit), count,
        increment (what the month added to a running total). numerator, denominator: n/N of the month, of an increment
        the increment alone. target: the goal in the unit of value, NaN for an increment. is_sparse: the series counts
        fewer than 5 a month. A month without a figure has NaN. Without figures: no rows.
    """
    about = kpis[
        kpis["period"].isin(["flow", "to_date"]) & kpis["kind"].isin(["proportion", "rate", "count", "amount"])
    ]
    is_known = values["kpi_code"].isin(about["code"]) & (values["month"] <= pd.Timestamp(last))
    own = values[values["region_code"].isin(list(townships)) & is_known]
    if own.empty:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in SERIES.items()})
    cube = _laid(own, about, last, [county, *townships])
    _sum_county(cube, scales(about, cube.codes))
    targets = _targets(cube, about, goals, county)
    _take_increments(cube, about, campaigns)
    _take_shares(cube)
    return _frame(cube, of_kpis(about, "direction", cube.codes), targets, _is_sparse(cube, about))


def _laid(own: pd.DataFrame, about: pd.DataFrame, last: date, regions: list[str]) -> _Cube:
    """Lay the townships' figures at their places."""
    codes = np.array(sorted(own["kpi_code"].unique()), dtype=object)
    month = own["month"].to_numpy().astype("datetime64[M]")
    months = months_between(month.min().item(), last)
    places = (
        pd.Index(codes).get_indexer(pd.Index(own["kpi_code"])),
        pd.Index(regions).get_indexer(pd.Index(own["region_code"])),
        (month - month.min()).astype(np.intp),
    )
    laid = []
    for name in ("numerator", "denominator", "value"):
        figures = np.full((len(codes), len(regions), len(months)), np.nan)
        figures[places] = own[name].to_numpy(dtype=np.float64)
        laid.append(figures)
    return _Cube(codes, regions, months, _forms(about, codes, laid[0]), *laid)


def _forms(about: pd.DataFrame, codes: Names, numerator: Floats) -> Names:
    """Tell how each indicator is drawn; a proportion of which only the value is known is drawn as a rate."""
    kind, is_running = of_kpis(about, "kind", codes), of_kpis(about, "period", codes) == "to_date"
    has_count = ~np.isnan(numerator).all(axis=(1, 2))
    is_share, is_count = (kind == "proportion") & has_count, np.isin(kind, ("count", "amount"))
    return np.select([is_running, is_share, is_count], [INCREMENT, SHARE, COUNT], RATE).astype(object)


def _sum_county(cube: _Cube, scale: Floats) -> None:
    """Fill in the county: its counts are the townships' sums, its ratio follows from them."""
    for figures in (cube.numerator, cube.denominator):
        known = ~np.isnan(figures[:, 1:]).all(axis=1)
        figures[:, 0] = np.where(known, np.nansum(figures[:, 1:], axis=1), np.nan)
    n = cube.denominator[:, 0]
    ratio = scale[:, None] * cube.numerator[:, 0] / np.where(n > 0, n, np.nan)
    is_counted = np.isin(cube.form, (COUNT, INCREMENT))[:, None]
    cube.value[:, 0] = np.where(is_counted, cube.numerator[:, 0], ratio)


def _take_increments(cube: _Cube, about: pd.DataFrame, campaigns: Sequence[Campaign]) -> None:
    """Put what each month added in place of running totals.

    A computed total without a figure counts no case: it is 0. In January a year's total begins from 0; where a campaign
    begins or ends, other cases are counted than in the month before, and what the month added cannot be told.
    """
    resets, computed = of_kpis(about, "reset", cube.codes), of_kpis(about, "computed_from", cube.codes)
    for i in np.flatnonzero(cube.form == INCREMENT):
        totals = cube.numerator[i] if not np.isnan(cube.numerator[i]).all() else cube.value[i]
        if isinstance(computed[i], str):
            totals = np.nan_to_num(totals)
        counted = [_counted(month, resets[i], campaigns) for month in cube.months]
        added = np.diff(totals, axis=1, prepend=np.nan)
        is_other = np.array([a != b for a, b in zip(counted, [counted[0], *counted], strict=False)])
        is_january = np.array(
            [counted[m] == str(month.year) and month.month == 1 for m, month in enumerate(cube.months)]
        )
        added[:, is_other] = np.nan
        added[:, is_january] = totals[:, is_january]
        cube.numerator[i], cube.denominator[i], cube.value[i] = added, np.nan, added


def _counted(month: date, reset: Any, campaigns: Sequence[Campaign]) -> str:
    """Name the cases that a running total counts in a month: those of a campaign, of a year, or all."""
    end = month_end(month)
    running = [each for each in campaigns if each.starts_on <= end <= each.ends_on]
    if reset == "campaign" and running:
        return f"campaign {max(running, key=lambda each: (each.starts_on, each.code)).code}"
    return str(month.year) if reset in ("campaign", "year") else _NEVER


def _take_shares(cube: _Cube) -> None:
    is_share = cube.form == SHARE
    x, n = cube.numerator[is_share], cube.denominator[is_share]
    cube.value[is_share] = np.where(n > 0, x, np.nan) / np.where(n > 0, n, 1.0)


def _targets(cube: _Cube, about: pd.DataFrame, goals: pd.DataFrame, county: str) -> Floats:
    """Return each region's own goal, else the county's, in the unit of the values drawn."""
    known = {(k, r): g for k, r, g in zip(goals["kpi_code"], goals["region_code"], goals["goal"], strict=True)}
    found = np.array(
        [[known.get((code, region), np.nan) for region in cube.regions] for code in cube.codes], np.float64
    )
    found = np.where(np.isnan(found), found[:, [0]], found)
    unit = np.where(cube.form == SHARE, scales(about, cube.codes), 1.0)
    unit[cube.form == INCREMENT] = np.nan
    return np.asarray(found / unit[:, None])


def _is_sparse(cube: _Cube, about: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell which series count too few a month to be judged alone: of a share, its denominator.

    A rate's numerator is its count; where it may be negative, it is a change from n, and the count is n with it.
    """
    x, n = cube.numerator, cube.denominator
    is_change = (cube.form == RATE) & (np.nan_to_num(x).min(axis=(1, 2)) < 0)
    counts = np.select([(cube.form == SHARE)[:, None, None], is_change[:, None, None]], [n, x + n], x)
    known = ~np.isnan(counts)
    mean = np.nansum(counts, axis=2) / np.where(known.any(axis=2), known.sum(axis=2), np.nan)
    is_amount = of_kpis(about, "kind", cube.codes) == "amount"
    return np.asarray((mean < MIN_MEAN_COUNT) & ~is_amount[:, None])


def _frame(cube: _Cube, direction: Names, targets: Floats, is_sparse: npt.NDArray[np.bool_]) -> pd.DataFrame:
    codes, regions, months = cube.value.shape
    each, month = regions * months, np.array(cube.months, dtype="datetime64[s]")
    texts = {"kpi_code": cube.codes, "form": cube.form, "direction": direction}
    columns: dict[str, Any] = {name: pd.array(np.repeat(text, each), dtype="str") for name, text in texts.items()}
    columns["region_code"] = pd.array(
        np.tile(np.repeat(np.array(cube.regions, dtype=object), months), codes), dtype="str"
    )
    columns["month"] = np.tile(month, codes * regions)
    columns |= {name: getattr(cube, name).ravel() for name in ("numerator", "denominator", "value")}
    columns |= {"target": np.repeat(targets.ravel(), months), "is_sparse": np.repeat(is_sparse.ravel(), months)}
    return pd.DataFrame({name: columns[name] for name in SERIES})
