"""Draws from what a count says about the rate behind it, quick enough to be made by the hundred million.

A rate is drawn as one of `STRATA` equally likely values of its posterior, read off the integrated density once.
Source: METHODS section 2 (Jeffreys priors: Beta(x+1/2, n-x+1/2), Gamma(x+1/2)).
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STRATA = 4096  # a power of two, so that the low bits of a random number choose one
_GRID = 1025
_REACH = 7.0  # half width of the integrated range; the tails beyond weigh under 1e-10


def beta_strata(x: float, n: float) -> Floats:
    """Return `STRATA` equally likely values of Beta(x + 1/2, n - x + 1/2), rising.

    Integrated over phi with theta = sin(phi)^2, where the density sin^2x cos^2(n-x) has no pole at either end.

    Raises
    ------
    ValueError
        When not 0 <= x <= n.
    """
    if not 0 <= x <= n:
        raise ValueError(f"expected 0 <= x <= n, got x={x}, n={n}")
    centre, reach = float(np.arcsin(np.sqrt(x / n))) if n else 0.0, _REACH / np.sqrt(n + 0.5)

    def log_density(phi: Floats) -> Floats:
        return 2 * x * np.log(np.sin(phi)) + 2 * (n - x) * np.log(np.cos(phi))

    low, high = max(centre - reach, 1e-12), min(centre + reach, np.pi / 2 - 1e-12)
    return np.square(np.sin(_strata(log_density, low, high)))


def gamma_strata(x: float) -> Floats:
    """Return `STRATA` equally likely values of Gamma(x + 1/2), rising: the expected count behind x seen.

    Integrated over y with the value y^2, where the density y^2x exp(-y^2) has no pole at 0.

    Raises
    ------
    ValueError
        When x is negative.
    """
    if x < 0:
        raise ValueError(f"expected x >= 0, got x={x}")

    def log_density(y: Floats) -> Floats:
        return 2 * x * np.log(y) - np.square(y)

    centre = float(np.sqrt(x))
    return np.square(_strata(log_density, max(centre - _REACH, 1e-12), centre + _REACH))


def _strata(log_density: Callable[[Floats], Floats], low: float, high: float) -> Floats:
    grid = np.linspace(low, high, _GRID)
    logs = log_density(grid)
    density = np.exp(logs - logs.max())
    below = np.concatenate(([0.0], np.cumsum((density[1:] + density[:-1]) / 2)))
    return np.interp((np.arange(STRATA) + 0.5) / STRATA, below / below[-1], grid)
