"""Intervals of a proportion and of a count.

Source: METHODS section 4; Wilson 1927, Garwood 1936.
"""

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Numbers = npt.ArrayLike
Floats = npt.NDArray[np.float64]

_TINY = 1e-300
_EXACT = 1e-15


def wilson(x: Numbers, n: Numbers, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the Wilson score interval of the proportions x / n, as arrays or scalars of their common shape.

    Both ends are NaN where n is 0.

    Raises
    ------
    ValueError
        When not 0 <= x <= n, or the level lies outside 0..1.
    """
    seen, trials = np.broadcast_arrays(np.asarray(x, dtype=np.float64), np.asarray(n, dtype=np.float64))
    _need_level(level)
    if ((seen < 0) | (seen > trials)).any():
        raise ValueError(f"expected 0 <= x <= n, got x={x!r}, n={n!r}")
    z = NormalDist().inv_cdf((1 + level) / 2)
    size = np.where(trials > 0, trials, np.nan)
    spread = z * np.sqrt(z * z + 4 * seen * (1 - seen / size))
    low, high = ((2 * seen + z * z + sign * spread) / (2 * (size + z * z)) for sign in (-1, 1))
    return np.where(seen == 0, low * 0, low)[()], np.where(seen == trials, high * 0 + 1, high)[()]


def poisson_exact(x: Numbers, *, level: float = 0.95) -> tuple[Floats, Floats]:
    """Return the exact interval of the expected count behind each count x; the lower end is 0 at x = 0.

    Raises
    ------
    ValueError
        For a negative count, or a level outside 0..1.

    Source: METHODS section 4 (chi-square form): chi2(a/2, 2x)/2 and chi2(1-a/2, 2x+2)/2, which are gamma quantiles.
    """
    counts = np.asarray(x, dtype=np.float64)
    _need_level(level)
    if (counts < 0).any():
        raise ValueError(f"expected counts of 0 or more, got {x!r}")
    tail = (1 - level) / 2
    low = np.where(counts > 0, _gamma_quantile(tail, np.maximum(counts, 1.0)), 0.0)
    return low[()], _gamma_quantile(1 - tail, counts + 1)[()]


def _need_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"expected a level between 0 and 1, got {level}")


def _gamma_quantile(p: float, shape: Floats) -> Floats:
    """Solve P(shape, y) = p for y by bisection, down to the last bits."""
    low: Floats = np.zeros_like(shape)
    high: Floats = shape + 10 * np.sqrt(shape) + 40
    for _ in range(200):
        middle = (low + high) / 2
        is_below = _lower_gamma(shape, middle) < p
        low = np.where(is_below, middle, low)
        high = np.where(is_below, high, middle)
        if np.all(high - low <= _EXACT * high):
            break
    return np.asarray((low + high) / 2)


def _lower_gamma(shape: Floats, y: Floats) -> Floats:
    """Return the regularised lower incomplete gamma function P(shape, y): series below the mean, fraction above."""
    is_low = y < shape + 1
    with np.errstate(divide="ignore"):
        weight = np.exp(shape * np.log(y) - y - _log_gamma(shape))
    series = _series(shape, np.where(is_low, y, 0.0))
    fraction = _fraction(shape, np.where(is_low, shape + 2, y))
    found: Floats = np.where(is_low, weight * series, 1 - weight * fraction)
    return found


def _series(shape: Floats, y: Floats) -> Floats:
    term = 1 / shape
    total, step = term.copy(), shape.copy()
    while np.any(term > _EXACT * total):
        step = step + 1
        term = term * y / step
        total = total + term
    return total


def _fraction(shape: Floats, y: Floats) -> Floats:
    """Evaluate the continued fraction of the upper function by the modified Lentz method."""
    b = y + 1 - shape
    c, d = np.full_like(y, 1 / _TINY), 1 / b
    total, i = d.copy(), 0
    change = np.zeros_like(y)
    while np.any(np.abs(change - 1) > _EXACT * 4) and i < 100_000:
        i += 1
        a = -i * (i - shape)
        b = b + 2
        d = a * d + b
        d = 1 / np.where(np.abs(d) < _TINY, _TINY, d)
        c = b + a / c
        c = np.where(np.abs(c) < _TINY, _TINY, c)
        change = c * d
        total = total * change
    return total


def _log_gamma(shape: Floats) -> Floats:
    """Return log Gamma by Stirling's series, shifted upwards by eight."""
    shifted = shape + 8
    tail = 1 / (12 * shifted) - 1 / (360 * shifted**3) + 1 / (1260 * shifted**5) - 1 / (1680 * shifted**7)
    stirling = (shifted - 0.5) * np.log(shifted) - shifted + 0.5 * np.log(2 * np.pi) + tail
    found: Floats = stirling - np.log(shape[..., np.newaxis] + np.arange(8)).sum(axis=-1)
    return found
