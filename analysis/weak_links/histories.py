"""How long each cell of the checklist has been as it is: red, behind, silent, without progress.

Source: DOMAIN "Lights"; analysis.rules.
"""

from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.lights import RED, Codes, Light, light_codes, one_of
from analysis.rules import STALLED_MONTHS
from analysis.tasks import Progress, newest_reports

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

SILENT = (Light.UNREPORTED, Light.UNREPORTED_AGAIN)
MISSED = (*sorted(RED), Light.BEHIND, Light.UNREPORTED)
"""The lights of a cell that is not on schedule."""

_SAME = 1e-6


@dataclass(frozen=True)
class Histories:
    """Every cell over its months, a row each: where it stands among tasks and regions, and what holds of it.

    planned, actual: percent, by month; lights: numbers as in `analysis.lights.CODES`, by month; newest: the percent
    last reported, 0 where it never was.
    """

    months: pd.DatetimeIndex
    tasks: list[str]
    regions: list[str]
    task_at: Counts
    region_at: Counts
    planned: Floats
    actual: Floats
    lights: Codes
    newest: Floats

    def has(self, *lights: Light) -> Flags:
        """Tell which cells have one of these lights, by month."""
        return one_of(self.lights, lights)


def histories(progress: Progress) -> Histories:
    """Return the lights of every cell of the checklist in every month."""
    cells, actual = cast("pd.MultiIndex", progress.planned.index), progress.actual.to_numpy(dtype=np.float64)
    return Histories(
        pd.DatetimeIndex(progress.planned.columns),
        cells.levels[0].tolist(),
        cells.levels[1].tolist(),
        np.asarray(cells.codes[0], dtype=np.intp),
        np.asarray(cells.codes[1], dtype=np.intp),
        progress.planned.to_numpy(dtype=np.float64),
        actual,
        light_codes(progress.planned, progress.actual, progress.starts_on, progress.due_on),
        np.nan_to_num(newest_reports(actual)),
    )


def run_lengths(flags: Flags) -> Counts:
    """Return for each row over how many last months, without a gap, it has held; 0 where it does not hold now."""
    back = flags[:, ::-1]
    lengths: Counts = np.where(back.all(axis=1), flags.shape[1], np.argmin(back, axis=1)).astype(np.intp)
    return lengths


def still_months(known: Histories) -> Counts:
    """Return over how many last months each reported, unfinished cell has made no progress while its plan went on.

    0 for a cell that did not report the last month, and where less than STALLED_MONTHS months lie behind it.
    """
    cells, width = known.actual.shape
    if width <= STALLED_MONTHS:
        return np.zeros(cells, dtype=np.intp)
    reported = np.stack([newest_reports(known.actual[:, : i + 1]) for i in range(width)], axis=1)
    still = run_lengths(np.abs(reported - reported[:, -1:]) < _SAME) - 1  # its first month is the one that got there
    has_plan_moved = known.planned[:, -1] > known.planned[:, -1 - STALLED_MONTHS]
    is_open = ~np.isnan(known.actual[:, -1]) & (known.actual[:, -1] < 100) & ~known.has(Light.NOT_STARTED)[:, -1]
    return np.where(is_open & has_plan_moved, still, 0)
