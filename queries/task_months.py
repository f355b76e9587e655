"""The checklist month by month up to the as-of date: every cell, and every task as a whole."""

import pandas as pd
from sqlalchemy import Connection

from analysis import task_months as months
from analysis.scope import Scope
from queries.progress import progress
from queries.regions import township_codes, whole_set
from queries.tasks import described, tasks


def cell_months(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Tell where each task stood in each region at each month's end, as far as is known on the as-of date.

    Returns
    -------
    pd.DataFrame
        One row per task, region and month, in the order of `queries.tasks.task_matrix`, months rising: task_code,
        region_code (str), month (datetime64[s], first day), planned_pct, actual_pct (float64, cumulative 0 to 100; NaN
        not planned, not reported), light (str), and the task's own columns of `task_matrix`. No tasks: no rows.

    Source: tables tasks and task_progress; DOMAIN "Lights".
    """
    about = tasks(connection, scope)
    known = progress(connection, scope, about, township_codes(connection, scope))
    return described(months.cell_months(known), about)


def task_months(connection: Connection, scope: Scope) -> pd.DataFrame:
    """Tell where each task stood as a whole at each month's end; the township filter does not apply.

    Returns
    -------
    pd.DataFrame
        One row per task and month, by task number, months rising: task_code (str), month (datetime64[s], first day),
        planned_pct, actual_pct (float64, means over all its regions), light (str), and the task's own columns of
        `task_matrix`. No tasks: no rows.

    Source: tables tasks and task_progress; DOMAIN "Lights".
    """
    about = tasks(connection, scope)
    return described(months.task_months(progress(connection, scope, about, whole_set(connection, scope))), about)
