"""信号: which indicator of which township is out of the ordinary now, and what its target may expect.

Source: METHODS section 3.
"""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.control_charts import (
    DIRECTIONS,
    GOOD_SIDE,
    Assurance,
    Variation,
    assurance,
    assured,
    drawn_limits,
    signals,
    variation,
    xmr,
)
from analysis.control_rules import baseline_limits, flags
from analysis.indicators import SHARE

Excluded = Collection[tuple[str, str, date]]
"""Months left out of means and limits: region, indicator and the month's first day."""

GRID = {"kpi_code": "str", "region_code": "str", "form": "str", "variation": "str", "assurance": "str",
        "month": "datetime64[s]", "value": "float64"}  # fmt: skip

CONCERNS = ("kpi_code", "region_code", "form", "rule", "month", "since", "value", "numerator", "denominator", "mean",
            "reach")  # fmt: skip

UNJUDGED = frozenset({Variation.TOO_FEW.value, Variation.SPARSE.value})


def signal_grid(series: pd.DataFrame, excluded: Excluded = ()) -> pd.DataFrame:
    """Judge the latest month of every series.

    Parameters
    ----------
    series
        `queries.indicators.kpi_series`, or some of its series.
    excluded
        Months that an annotation takes out.

    Returns
    -------
    pd.DataFrame
        One row per series, in the order given: kpi_code, region_code, form, variation, assurance (str, the values of
        Variation and Assurance), month (datetime64[s], the latest that counts, NaT without any), value (float64).
        No rows for no series.
    """
    if series.empty:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in GRID.items()})
    laid = _laid(series, excluded)
    first, points, width = laid.first, laid.points, laid.width
    good = first["direction"].map(DIRECTIONS).map(GOOD_SIDE).to_numpy(dtype=np.intp)
    latest = points.shape[1] - 1 - np.argmax(~np.isnan(points)[:, ::-1], axis=1)
    rows = np.arange(len(first))
    reach, is_sparse = width[rows, latest], first["is_sparse"].to_numpy()
    words = np.select(
        [(~np.isnan(points)).sum(axis=1) == 0, np.isnan(reach), is_sparse],
        [Variation.TOO_FEW.value, Variation.TOO_FEW.value, Variation.SPARSE.value],
        laid.said[rows, latest].astype(str),
    )
    ends = zip(first["target"], laid.centre - reach, laid.centre + reach, good, strict=True)
    hopes = [assured(target, low, high, good=int(side)).value for target, low, high, side in ends]
    is_judged = ~np.isin(words, list(UNJUDGED))
    found = first[["kpi_code", "region_code", "form"]].assign(
        variation=words, assurance=np.where(is_judged, hopes, Assurance.NONE.value)
    )
    found["month"] = series["month"].to_numpy().reshape(points.shape)[rows, latest]
    found["value"] = points[rows, latest]
    found["month"] = found["month"].where(found["value"].notna())
    return found.astype(GRID)


def concerns(series: pd.DataFrame, excluded: Excluded = ()) -> pd.DataFrame:
    """Return the series whose newest month is out of the ordinary for the worse.

    Parameters
    ----------
    series, excluded
        As for `signal_grid`, all of the same months.

    Returns
    -------
    pd.DataFrame
        One row per such series, in the order given: kpi_code, region_code, form, rule (str), month, since (datetime64:
        the newest month, and the first of the last ones that are all for the worse), value, numerator, denominator,
        mean, reach (float64: from the mean to the upper limit as it is drawn).
    """
    if series.empty:
        return pd.DataFrame(columns=list(CONCERNS))
    laid = _laid(series, excluded)
    is_worse = np.asarray(laid.said == Variation.CONCERN.value)
    is_judged = ~np.isnan(laid.points[:, -1]) & ~np.isnan(laid.width[:, -1]) & ~laid.first["is_sparse"].to_numpy()
    rows, months = np.flatnonzero(is_worse[:, -1] & is_judged), laid.points.shape[1]
    run = np.where(is_worse.all(axis=1), months, np.argmin(is_worse[:, ::-1], axis=1))[rows]
    own, newest = laid.first.iloc[rows], series.iloc[months - 1 :: months].iloc[rows]
    upper = laid.centre[rows] + laid.width[rows, -1]
    is_signed = np.nanmin(series["value"].to_numpy().reshape(laid.points.shape), axis=1, initial=0.0)[rows] < 0
    drawn = np.clip(upper, 0.0, np.where(own["form"] == SHARE, 1.0, np.inf))
    found = newest[["kpi_code", "region_code", "form", "month", "value", "numerator", "denominator"]].assign(
        rule=laid.rule[rows, -1],
        since=series["month"].to_numpy()[:months][months - run],
        mean=laid.centre[rows],
        reach=np.where(is_signed, upper, drawn) - laid.centre[rows],
    )
    return found[list(CONCERNS)].reset_index(drop=True)


def signal_chart(series: pd.DataFrame, kpi: str, region: str, excluded: Excluded = ()) -> pd.DataFrame:
    """Return one series with its usual range, as `analysis.control_charts.xmr`, limits clamped for drawing.

    Returns
    -------
    pd.DataFrame
        One row per month, rising: month, value, mean, lower, upper, rule, signal, numerator, denominator, target,
        is_excluded (bool). `.attrs` variation, assurance, form. A series with too few cases a month has its points
        alone.
    """
    own = series[(series["kpi_code"] == kpi) & (series["region_code"] == region)].set_index("month")
    form, target = str(own["form"].iloc[0]), float(own["target"].iloc[0])
    out = [month for r, k, month in excluded if (r, k) == (region, kpi) and pd.Timestamp(month) in own.index]
    chart = xmr(
        own["value"],
        direction=DIRECTIONS[str(own["direction"].iloc[0])],
        target=target,
        excluded=out,
        denominators=own["denominator"] if form == SHARE else None,
    )
    said, hope = variation(chart), assurance(chart)
    if own["is_sparse"].iloc[0] and said != Variation.TOO_FEW:
        said, hope = Variation.SPARSE, Assurance.NONE
        chart = chart.assign(mean=np.nan, lower=np.nan, upper=np.nan, rule="common", signal="common")
    if not (own["value"] < 0).any():
        chart = drawn_limits(chart, ceiling=1.0 if form == SHARE else np.inf)
    chart = chart.join(own[["numerator", "denominator", "target"]])
    chart["is_excluded"] = chart.index.isin([pd.Timestamp(month) for month in out])
    found = chart.rename_axis("month").reset_index()
    found.attrs = {"variation": said, "assurance": hope, "form": form}
    return found


def _left_out(series: pd.DataFrame, excluded: Excluded) -> npt.NDArray[np.bool_]:
    """Mark the rows that an annotation takes out."""
    if not excluded:
        return np.zeros(len(series), dtype=bool)
    keys = pd.MultiIndex.from_frame(series[["region_code", "kpi_code", "month"]])
    wanted = [(region, kpi, pd.Timestamp(month)) for region, kpi, month in excluded]
    return np.asarray(keys.isin(wanted))


class _Laid(NamedTuple):
    """Series by months with their limits: `first` the first row of each, `points` without those left out."""

    first: pd.DataFrame
    points: npt.NDArray[np.float64]
    centre: npt.NDArray[np.float64]
    width: npt.NDArray[np.float64]
    rule: npt.NDArray[np.object_]
    said: npt.NDArray[np.object_]


def _laid(series: pd.DataFrame, excluded: Excluded) -> _Laid:
    """Place the points of all series, shares by their denominators, within their limits."""
    months = series["month"].nunique()
    first = series.iloc[::months].reset_index(drop=True)
    points, sizes = (series[name].to_numpy().reshape(-1, months).copy() for name in ("value", "denominator"))
    points[_left_out(series, excluded).reshape(-1, months)] = np.nan
    is_share = first["form"].eq(SHARE).to_numpy()
    centre, width = np.full(len(points), np.nan), np.full(points.shape, np.nan)
    for rows, own in ((np.flatnonzero(is_share), True), (np.flatnonzero(~is_share), False)):
        if rows.size:
            centre[rows], width[rows] = baseline_limits(points[rows], sizes=np.nan_to_num(sizes[rows]) if own else None)
    rule, way = flags(points, centre, width)
    good = first["direction"].map(DIRECTIONS).map(GOOD_SIDE).to_numpy(dtype=np.intp)
    return _Laid(first, points, centre, width, rule, signals(rule, way, good=good[:, None]))
