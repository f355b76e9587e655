"""Limits and rules of one baseline group of a control chart.

Source: METHODS section 3. XmR as in NHS England's Making Data Count (NHSRplotthedots); p' of Laney 2002.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Signs = npt.NDArray[np.intp]
Names = npt.NDArray[np.object_]

MIN_POINTS = 13
RUN = 7
_WIDTH, _SCREEN, _RANGE_PER_SIGMA = 2.66, 3.267, 1.128


def baseline_limits(
    points: Floats, *, sizes: Floats | None = None, baseline_points: int | None = None, screen: bool = True
) -> tuple[float, Floats]:
    """Return the centre of a group and, per slot, the distance of its limits from it.

    Parameters
    ----------
    points : array of float
        One per slot, NaN = none.
    sizes : array of float, optional
        Denominators of proportions: the limits are then p'.
    baseline_points, screen
        As for `analysis.control_charts.xmr`.

    Returns
    -------
    tuple
        Centre, and distances that are NaN for a group of fewer than 13 points and where no two points are neighbours.
        Where the moving ranges that are kept are all of equal neighbours, the process is constant: its usual value is
        the centre, the distance 0, and any other point stands out.
    """
    is_base = ~np.isnan(points)
    has_limits = is_base.sum() >= MIN_POINTS
    if baseline_points is not None:
        is_base &= np.cumsum(is_base) <= baseline_points
    if not is_base.any():
        return np.nan, np.full(len(points), np.nan)
    base = np.where(is_base, points, np.nan)
    centre = float(np.average(base[is_base], weights=None if sizes is None else sizes[is_base]))
    unit = np.ones(len(points)) if sizes is None else _binomial_sd(centre, sizes)
    ranges = np.abs(np.diff((base - centre) / np.where(unit == 0, 1.0, unit)))
    is_kept = ~np.isnan(ranges)
    if not has_limits or not is_kept.any():
        return centre, np.full(len(points), np.nan)
    if screen:
        is_kept &= ranges < _SCREEN * ranges[is_kept].mean()
    if (np.diff(base)[is_kept] == 0).all():
        return _usual_value(base[is_base]), np.zeros(len(points))
    sigmas = _WIDTH if sizes is None else 3 / _RANGE_PER_SIGMA
    return centre, sigmas * float(ranges[is_kept].mean()) * unit


def _binomial_sd(p: float, sizes: Floats) -> Floats:
    sd: Floats = np.sqrt(p * (1 - p) / np.where(sizes > 0, sizes, np.nan))
    return sd


def _usual_value(points: Floats) -> float:
    """Return the most frequent value, the earlier of two."""
    values, firsts, counts = np.unique(points, return_index=True, return_counts=True)
    return float(values[np.lexsort((firsts, -counts))[0]])


def flags(points: Floats, centre: float, width: Floats) -> tuple[Names, Signs]:
    """Return the rule that marks each slot of one group, the gravest of several, and which way it points (1, -1, 0)."""
    rule = np.full(len(points), "common", dtype=object)
    if np.isnan(width).all():
        return rule, np.zeros(len(points), dtype=np.intp)
    gap = np.where(np.isclose(points, centre, rtol=1e-9, atol=1e-12), 0.0, points - centre)
    side = np.sign(np.nan_to_num(gap)).astype(np.intp)
    is_outside = np.abs(gap) > width
    is_near = ~is_outside & (np.abs(gap) > width * 2 / 3)
    for start, end in _runs(side, RUN):
        rule[start:end] = "shift"
    rule[_two_of_three(side, is_near)] = "two_of_three"
    way = side.copy()
    for start, end in _runs(np.sign(np.nan_to_num(np.diff(points))).astype(np.intp), RUN - 1):
        rule[start : end + 1] = "trend"
        way[start : end + 1] = np.sign(points[end] - points[start])
    rule[is_outside] = "outside"
    way[is_outside] = side[is_outside]
    return rule, way


def _runs(signs: Signs, length: int) -> Iterator[tuple[int, int]]:
    """Yield start and end (exclusive) of each stretch of `length` or more equal signs other than 0."""
    edges = (np.flatnonzero(np.diff(signs)) + 1).tolist()
    for start, end in pairwise([0, *edges, len(signs)]):
        if end - start >= length and signs[start] != 0:
            yield start, end


def _two_of_three(side: Signs, is_near: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark the near points of every three in a row on one side of which two or more are near a limit."""
    is_marked = np.zeros(len(side), dtype=bool)
    for start in range(len(side) - 2):
        three = slice(start, start + 3)
        if abs(side[three].sum()) == 3 and is_near[three].sum() >= 2:
            is_marked[three] |= is_near[three]
    return is_marked
