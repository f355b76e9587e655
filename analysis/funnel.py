"""The funnel (差异判断图): the townships that differ by more than small numbers alone make them.

Source: METHODS section 4; Spiegelhalter 2005 (doi:10.1002/sim.1970), FunnelPlotR.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

WITHIN, WATCH, OUTSIDE = "线内", "值得关注", "线外"
CAPTION = "虚线之间的差距可能只是案件少造成的偶然；只有线外的乡镇值得专门了解"
Z_95, Z_998 = 1.959964, 3.090232
_WINSORISED = (0.1, 0.9)


def funnel(x: npt.ArrayLike, n: npt.ArrayLike) -> pd.DataFrame:
    """Compare proportions x / n with their common one, allowing for the spread that townships have anyway.

    Parameters
    ----------
    x, n : array-like
        Numerators and denominators, one per township; a Series keeps its index, two are matched by it. Pool 12 months
        of a flow indicator, take the last month alone of a state or to_date one (else the same cases count twelve
        times).

    Returns
    -------
    pd.DataFrame
        One row per township with n > 0 (and neither missing), in the given order: proportion (0 to 1), z (arcsine
        scale, not adjusted), lower_95, upper_95, lower_998, upper_998 (float64, 0 to 1, widened by tau2), verdict (str:
        线内, 值得关注 beyond the 95 % line, 线外 beyond the 99.8 % line). `.attrs` centre (the common proportion), phi
        (mean of the squared winsorised z), tau2; NaN, NaN, 0 for no township.

    Raises
    ------
    ValueError
        When not 0 <= x <= n.
    KeyError
        When n, a Series, lacks a township of x.

    Source: METHODS section 4.
    """
    index = x.index if isinstance(x, pd.Series) else None
    matched = n.loc[index] if isinstance(n, pd.Series) and index is not None else n
    seen, trials = np.asarray(x, dtype=np.float64), np.asarray(matched, dtype=np.float64)
    if seen.shape != trials.shape or ((seen < 0) | (seen > trials)).any():
        raise ValueError(f"expected 0 <= x <= n, got x={x!r}, n={n!r}")
    is_kept = (trials > 0) & ~np.isnan(seen)
    rows = (pd.RangeIndex(len(seen)) if index is None else index)[is_kept]
    seen, trials = seen[is_kept], trials[is_kept]
    centre = float(seen.sum() / trials.sum()) if len(rows) else float("nan")
    gap = arcsine(seen / trials) - arcsine(np.asarray(centre))
    z = gap * 2 * np.sqrt(trials)
    phi, tau2 = _spread(z, trials)
    verdict = pd.array(_verdicts(gap, trials, tau2).astype(object), dtype="str")
    columns = {"proportion": seen / trials, "z": z, **_limits(trials, centre, tau2), "verdict": verdict}
    found = pd.DataFrame(columns, index=rows)
    found.attrs = {"centre": centre, "phi": phi, "tau2": tau2}
    return found


def funnel_limits(n: npt.ArrayLike, *, centre: float, tau2: float = 0.0) -> pd.DataFrame:
    """Return the lines of the funnel at given denominators.

    Returns
    -------
    pd.DataFrame
        One row per denominator: n, lower_95, upper_95, lower_998, upper_998 (float64, 0 to 1). At tiny denominators the
        arcsine runs past its ends and the line stays at 0 or 1.
    """
    trials = np.asarray(n, dtype=np.float64)
    return pd.DataFrame({"n": trials, **_limits(trials, centre, tau2)})


def _limits(trials: Floats, centre: float, tau2: float) -> dict[str, Floats]:
    """Return the lines of `funnel_limits` by name."""
    limits = {}
    for name, z in (("95", Z_95), ("998", Z_998)):
        for end, sign in (("lower", -1), ("upper", 1)):
            angle = arcsine(np.asarray(centre)) + sign * z * _sd(trials, tau2)
            limits[f"{end}_{name}"] = np.sin(np.clip(angle, 0, np.pi / 2)) ** 2
    return limits


def _spread(z: Floats, trials: Floats) -> tuple[float, float]:
    """Return phi and tau2, the variance between townships beyond what chance makes, on the arcsine scale."""
    count = len(z)
    if count == 0:
        return float("nan"), 0.0
    phi = float((np.clip(z, *np.quantile(z, _WINSORISED)) ** 2).mean())
    weights = 4 * trials
    room = float(weights.sum() - (weights**2).sum() / weights.sum())
    return phi, max(0.0, (count * phi - (count - 1)) / room) if room > 0 else 0.0


def _verdicts(gap: Floats, trials: Floats, tau2: float) -> npt.NDArray[np.str_]:
    distance = np.abs(gap) / _sd(trials, tau2)
    return np.where(distance > Z_998, OUTSIDE, np.where(distance > Z_95, WATCH, WITHIN))


def arcsine(proportion: Floats) -> Floats:
    """Return proportions on the scale on which their spread depends on the denominator alone."""
    return np.arcsin(np.sqrt(proportion))


def _sd(trials: Floats, tau2: float) -> Floats:
    return np.sqrt(1 / (4 * trials) + tau2)
