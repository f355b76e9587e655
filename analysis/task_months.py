"""The checklist month by month, as long frames: every cell, and every task as a whole.

Source: DOMAIN "Lights".
"""

import pandas as pd

from analysis.lights import light_history
from analysis.tasks import Progress, task_means


def cell_months(progress: Progress) -> pd.DataFrame:
    """Return every cell in every month.

    Returns
    -------
    pd.DataFrame
        One row per cell and month, by cell in the order of `progress`, months rising: task_code, region_code (str),
        month (datetime64[s], first day), planned_pct, actual_pct (float64, 0 to 100; NaN not planned, not reported),
        light (str, a value of `analysis.lights.Light`).
    """
    lights = light_history(progress.planned, progress.actual, progress.starts_on, progress.due_on)
    return _long({"planned_pct": progress.planned, "actual_pct": progress.actual, "light": lights})


def task_months(progress: Progress) -> pd.DataFrame:
    """Return every task as a whole in every month: the means over its cells, and its own light.

    Returns
    -------
    pd.DataFrame
        One row per task and month, by task in order of first appearance, months rising: task_code (str), month
        (datetime64[s], first day), planned_pct, actual_pct (float64, means of plans and of the newest reports; NaN
        without a plan), light (str).
    """
    means = task_means(progress)
    return _long({"planned_pct": means.planned, "actual_pct": means.actual, "light": means.lights})


def _long(wide: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Lay frames of a row per cell and a column per month out as one row per cell and month."""
    first = next(iter(wide.values()))
    months = pd.DatetimeIndex(first.columns, name="month")
    index = first.index if isinstance(first.index, pd.MultiIndex) else first.index.rename("task_code")
    keys = index.to_frame(index=False)
    keys = keys.loc[keys.index.repeat(len(months))].reset_index(drop=True)
    keys["month"] = pd.DatetimeIndex(list(months) * len(first), dtype="datetime64[s]")
    return keys.assign(**{name: frame.to_numpy().ravel() for name, frame in wide.items()})
