"""Limits and rules of the control charts of many series at once, within one baseline group of months.

Every array has one row per series and one column per month's slot; NaN = no point.

Source: METHODS section 3. XmR as in NHS England's Making Data Count (NHSRplotthedots); p' of Laney 2002.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Signs = npt.NDArray[np.intp]
Names = npt.NDArray[np.object_]
Flags = npt.NDArray[np.bool_]

MIN_POINTS = 13
RUN = 7
_WIDTH, _SCREEN, _RANGE_PER_SIGMA = 2.66, 3.267, 1.128


def baseline_limits(
    points: Floats, *, sizes: Floats | None = None, baseline_points: int | None = None, screen: bool = True
) -> tuple[Floats, Floats]:
    """Return the centre of each series and, per slot, the distance of its limits from it.

    Parameters
    ----------
    points : array of float
        Series by slots.
    sizes : array of float, optional
        Denominators of proportions, shaped like `points`: the limits are then p'.
    baseline_points, screen
        As for `analysis.control_charts.xmr`.

    Returns
    -------
    tuple
        Centres (one per series), and distances (shaped like `points`) that are NaN for a series of fewer than 13 points
        and where no two points are neighbours. Where the moving ranges that are kept are all of equal neighbours, the
        process is constant: its usual value is the centre, the distance 0, and any other point stands out.
    """
    is_base = ~np.isnan(points)
    has_limits = is_base.sum(axis=1) >= MIN_POINTS
    if baseline_points is not None:
        is_base &= np.cumsum(is_base, axis=1) <= baseline_points
    base = np.where(is_base, points, np.nan)
    centre = _means(base, is_base, weights=sizes)
    unit = np.ones(points.shape) if sizes is None else _binomial_sd(centre[:, None], sizes)
    ranges = np.abs(np.diff((base - centre[:, None]) / np.where(unit == 0, 1.0, unit), axis=1))
    is_kept = ~np.isnan(ranges)
    has_limits &= is_kept.any(axis=1)
    if screen:
        is_kept &= ranges < _SCREEN * _means(ranges, is_kept)[:, None]
    is_constant = has_limits & ~(is_kept & (np.diff(base, axis=1) != 0)).any(axis=1)
    sigmas = _WIDTH if sizes is None else 3 / _RANGE_PER_SIGMA
    width = sigmas * _means(ranges, is_kept)[:, None] * unit
    width[~has_limits] = np.nan
    for series in np.flatnonzero(is_constant):
        centre[series], width[series] = _usual_value(base[series, is_base[series]]), 0.0
    return centre, width


def flags(points: Floats, centre: Floats, width: Floats) -> tuple[Names, Signs]:
    """Return the rule that marks each slot, the gravest of several, and which way it points (1, -1, 0)."""
    gap = np.where(np.isclose(points, centre[:, None], rtol=1e-9, atol=1e-12), 0.0, points - centre[:, None])
    side, steps = _signs(gap), _signs(np.diff(points, axis=1))
    is_outside = np.abs(gap) > width
    is_near = ~is_outside & (np.abs(gap) > width * 2 / 3)
    is_run = _in_long_run(steps, RUN - 1)
    is_trend = np.zeros(points.shape, dtype=bool)
    is_trend[:, 1:] |= is_run
    is_trend[:, :-1] |= is_run
    rule = np.select(
        [is_outside, is_trend, _two_of_three(side, is_near), _in_long_run(side, RUN)],
        ["outside", "trend", "two_of_three", "shift"],
        "common",
    ).astype(object)
    way = side.copy()
    way[:, 1:][is_run] = steps[is_run]
    way[:, :-1][is_run] = steps[is_run]  # a turning point belongs to the run that ends last
    way[is_outside] = side[is_outside]
    is_unjudged = np.isnan(width).all(axis=1)
    rule[is_unjudged], way[is_unjudged] = "common", 0
    return rule, way


def _means(numbers: Floats, is_counted: Flags, *, weights: Floats | None = None) -> Floats:
    """Return the mean of each row's counted numbers, NaN for none."""
    kept = np.where(is_counted, 1.0 if weights is None else weights, 0.0)
    total = kept.sum(axis=1)
    means: Floats = (kept * np.where(is_counted, numbers, 0.0)).sum(axis=1) / np.where(total > 0, total, np.nan)
    return means


def _binomial_sd(p: Floats, sizes: Floats) -> Floats:
    sd: Floats = np.sqrt(p * (1 - p) / np.where(sizes > 0, sizes, np.nan))
    return sd


def _usual_value(points: Floats) -> float:
    """Return the most frequent value, the earlier of two."""
    values, firsts, counts = np.unique(points, return_index=True, return_counts=True)
    return float(values[np.lexsort((firsts, -counts))[0]])


def _signs(numbers: Floats) -> Signs:
    """Return 1, -1 or 0; 0 where there is no number."""
    return np.sign(np.nan_to_num(numbers)).astype(np.intp)


def _in_long_run(signs: Signs, length: int) -> Flags:
    """Mark the slots of every stretch of `length` or more equal signs other than 0."""
    is_start = np.ones(signs.shape, dtype=bool)
    is_start[:, 1:] = signs[:, 1:] != signs[:, :-1]
    run = np.cumsum(is_start.ravel()) - 1
    is_long = np.bincount(run)[run].reshape(signs.shape) >= length if signs.size else is_start
    return np.asarray(is_long & (signs != 0))


def _two_of_three(side: Signs, is_near: Flags) -> Flags:
    """Mark the near points of every three in a row on one side of which two or more are near a limit."""
    is_marked = np.zeros(side.shape, dtype=bool)
    length = max(side.shape[1] - 2, 0)
    threes = [slice(i, i + length) for i in range(3)]
    is_one_sided = np.abs(sum(side[:, three] for three in threes)) == 3
    is_hit = is_one_sided & (sum(is_near[:, three].astype(np.intp) for three in threes) >= 2)
    for three in threes:
        is_marked[:, three] |= is_hit & is_near[:, three]
    return is_marked
