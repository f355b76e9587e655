"""The indicators of the key tasks: on schedule, and reported in time.

A task counts in a township and month where work is planned by then (planned above 0): one that has not begun is due
no report. Source: COUNTY "KPIs", DOMAIN "Rates in use" and "Lights".
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.rules import REPORT_DUE_DAY
from database.kpis.basis import Basis, Floats, month_starts


def tasks_on_schedule(basis: Basis) -> tuple[Floats, Floats]:
    """Return tasks with actual >= planned / tasks with a plan that month; unreported is not met (K16).

    The same as the checklist as of the month's end: a report that came later does not make up for it.
    """
    planned, actual = (basis.reports[name].to_numpy() for name in ("planned", "actual"))
    return _share(basis, basis.reports, actual >= planned)


def reports_in_time(basis: Basis) -> tuple[Floats, Floats]:
    """Return tasks reported by the 25th of the month / tasks with a plan that month (K17).

    A report without its date cannot be shown to be in time.
    """
    due = basis.reports[basis.reports["is_due"]]
    months, reported = due["month"].to_numpy(), due["reported"].to_numpy()
    return _share(basis, due, due["actual"].notna().to_numpy() & (reported < month_starts(months) + REPORT_DUE_DAY))


def _share(basis: Basis, reports: pd.DataFrame, holds: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    first_days = month_starts(reports["month"].to_numpy())
    is_planned = reports["planned"].to_numpy() > 0
    return basis.count(reports, first_days, is_planned & holds), basis.count(reports, first_days, is_planned)
