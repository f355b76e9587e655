"""信号: which indicator of which township is out of the ordinary now, and what its target may expect.

Source: METHODS section 3.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

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
    months = series["month"].nunique()
    if not months:
        return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in GRID.items()})
    first = series.iloc[::months].reset_index(drop=True)
    points, sizes = (series[name].to_numpy().reshape(-1, months).copy() for name in ("value", "denominator"))
    points[_left_out(series, excluded).reshape(-1, months)] = np.nan
    centre, width, rule, way = _judged(points, sizes, is_share=first["form"].eq(SHARE).to_numpy())
    good = first["direction"].map(DIRECTIONS).map(GOOD_SIDE).to_numpy(dtype=np.intp)
    said = signals(rule, way, good=good[:, None])
    latest = months - 1 - np.argmax(~np.isnan(points)[:, ::-1], axis=1)
    rows = np.arange(len(first))
    reach, is_sparse = width[rows, latest], first["is_sparse"].to_numpy()
    words = np.select(
        [(~np.isnan(points)).sum(axis=1) == 0, np.isnan(reach), is_sparse],
        [Variation.TOO_FEW.value, Variation.TOO_FEW.value, Variation.SPARSE.value],
        said[rows, latest].astype(str),
    )
    ends = zip(first["target"], centre - reach, centre + reach, good, strict=True)
    hopes = [assured(target, low, high, good=int(side)).value for target, low, high, side in ends]
    is_judged = ~np.isin(words, list(UNJUDGED))
    found = first[["kpi_code", "region_code", "form"]].assign(
        variation=words, assurance=np.where(is_judged, hopes, Assurance.NONE.value)
    )
    found["month"] = series["month"].to_numpy().reshape(-1, months)[rows, latest]
    found["value"] = points[rows, latest]
    found["month"] = found["month"].where(found["value"].notna())
    return found.astype(GRID)


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


def _judged(points: Any, sizes: Any, *, is_share: npt.NDArray[np.bool_]) -> tuple[Any, Any, Any, Any]:
    """Place the points of all series, shares by their denominators, within their limits."""
    centre, width = np.full(len(points), np.nan), np.full(points.shape, np.nan)
    for rows, own in ((np.flatnonzero(is_share), True), (np.flatnonzero(~is_share), False)):
        if rows.size:
            centre[rows], width[rows] = baseline_limits(points[rows], sizes=np.nan_to_num(sizes[rows]) if own else None)
    return centre, width, *flags(points, centre, width)
