"""How long each cell of the checklist has been as it is: red, behind, silent, without progress.

Source: DOMAIN "Lights"; analysis.rules.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.lights import RED, Light, light_history
from analysis.rules import STALLED_MONTHS
from analysis.tasks import Progress

Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.intp]

SILENT = (Light.UNREPORTED, Light.UNREPORTED_AGAIN)
MISSED = (*sorted(RED), Light.BEHIND, Light.UNREPORTED)
"""The lights of a cell that is not on schedule."""


@dataclass(frozen=True)
class Histories:
    """Every cell over its months: codes in the order of rows, and what holds of each in each month."""

    months: pd.DatetimeIndex
    task_codes: npt.NDArray[np.object_]
    region_codes: npt.NDArray[np.object_]
    planned: npt.NDArray[np.float64]
    actual: npt.NDArray[np.float64]
    lights: npt.NDArray[np.str_]

    def has(self, *lights: Light) -> Flags:
        """Tell which cells have one of these lights, by month."""
        return np.isin(self.lights, [light.value for light in lights])


def histories(progress: Progress) -> Histories:
    """Return the lights of every cell of the checklist in every month."""
    lights = light_history(progress.planned, progress.actual, progress.starts_on, progress.due_on)
    index = progress.planned.index
    return Histories(
        pd.DatetimeIndex(progress.planned.columns),
        index.get_level_values("task_code").to_numpy(dtype=object),
        index.get_level_values("region_code").to_numpy(dtype=object),
        progress.planned.to_numpy(dtype=np.float64),
        progress.actual.to_numpy(dtype=np.float64),
        lights.to_numpy(dtype=np.str_),
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
    width = len(known.months)
    last = pd.DataFrame(known.actual).ffill(axis=1).to_numpy()
    is_same = np.abs(last - last[:, -1:]) < 1e-6
    still = run_lengths(is_same) - 1  # the first month of the run is the one that reached the value
    if width <= STALLED_MONTHS:
        return np.zeros(len(last), dtype=np.intp)
    has_plan_moved = known.planned[:, -1] > known.planned[:, -1 - STALLED_MONTHS]
    is_open = ~np.isnan(known.actual[:, -1]) & (known.actual[:, -1] < 100) & ~known.has(Light.NOT_STARTED)[:, -1]
    return np.where(is_open & has_plan_moved & (still >= STALLED_MONTHS), still, 0)


def last_reported(known: Histories) -> npt.NDArray[np.float64]:
    """Return the newest percent that each cell reported, 0 where it never did."""
    return np.asarray(pd.DataFrame(known.actual).ffill(axis=1).iloc[:, -1].fillna(0.0).to_numpy(dtype=np.float64))
