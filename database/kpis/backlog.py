"""The indicators of the petition backlog: state and to-date figures at each month's end.

K01 to K03 look at the cases of the campaign that runs on the month's last day; where none does, at those first
assigned in its calendar year. A case counts once, by its newest episode begun by then, and only where the township
leads that episode. Source: COUNTY "KPIs", DOMAIN "A case counts once".
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from database.kpis.basis import Basis, Floats, month_starts, region_of
from database.states import SUBSTANTIVE, held_until


def resolution_rate(basis: Basis) -> tuple[Floats, Floats]:
    """Return cases now resolved / cases assigned (K01)."""
    counts = _counts(basis)
    return counts["resolved"], counts["assigned"]


def substantive_share(basis: Basis) -> tuple[Floats, Floats]:
    """Return cases resolved in substance (实体化解) / cases now resolved (K02)."""
    counts = _counts(basis)
    return counts["substantive"], counts["resolved"]


def rebound_rate(basis: Basis) -> tuple[Floats, Floats]:
    """Return cases opened again / cases once resolved, open again or not (K03)."""
    counts = _counts(basis)
    return counts["reopened"], counts["once_resolved"]


def villages_without_backlog(basis: Basis) -> tuple[Floats, Floats]:
    """Return villages with no open backlog case at the month's end / all villages of the township (K04).

    A fact of the village: an open case counts whoever leads it. Cases without a village are in no numerator.
    """
    cases = basis.stream("petition_backlog", is_led=False)
    villages, opened = cases["village"].cat.codes.to_numpy(), cases["opened"].to_numpy()
    end = np.minimum(cases["closed"].to_numpy(), held_until(cases))
    has_village = villages >= 0
    burdened = [np.unique(villages[has_village & (opened <= day) & (end > day)]).size for day in basis.month_ends]
    total = np.full(basis.months.size, float(basis.villages) or np.nan)
    return total - np.array(burdened, np.float64), total


def _counts(basis: Basis) -> dict[str, Floats]:
    cases = basis.stream("petition_backlog", is_led=False)
    case, opened = cases["case"].to_numpy(), cases["opened"].to_numpy()
    is_rebound = np.append(False, case[1:] == case[:-1])[: case.size]
    until, closed, is_led = held_until(cases), cases["closed"].to_numpy(), cases["is_led"].to_numpy()
    is_substantive = cases["method"].to_numpy() == SUBSTANTIVE
    names = ("assigned", "resolved", "substantive", "reopened", "once_resolved")
    counts = {name: np.zeros((basis.regions, basis.months.size)) for name in names}
    region = region_of(cases)
    for i, day in enumerate(basis.month_ends):
        newest = is_led & (opened <= day) & (until > day) & _in_question(basis, cases, int(day))
        is_closed = newest & (closed <= day)
        parts = (newest, is_closed, is_closed & is_substantive, newest & is_rebound, is_closed | (newest & is_rebound))
        for name, part in zip(names, parts, strict=True):
            counts[name][:, i] = np.bincount(region[part], minlength=basis.regions)
    return {name: found.ravel() for name, found in counts.items()}


def _in_question(basis: Basis, cases: pd.DataFrame, day: int) -> NDArray[np.bool_]:
    """Tell which rows belong to the campaign that runs on `day`, or else to its year."""
    running = [campaign for campaign in basis.campaigns if campaign.starts <= day <= campaign.ends]
    if running:
        newest = max(running, key=lambda campaign: (campaign.starts, campaign.code))
        return np.asarray(cases["campaign"] == newest.code, np.bool_)
    january = np.array([day], np.int64).astype("datetime64[D]").astype("datetime64[Y]").astype("datetime64[M]")
    return np.asarray(cases["first_opened"] >= month_starts(january.astype(np.int64))[0], np.bool_)
