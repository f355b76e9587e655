"""The backlog by something else than the township: lead department, category, channel."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import pandas as pd
from sqlalchemy import CTE, Connection

from analysis.scope import Scope
from queries.cases import OF_EPISODES, cases_counted, episodes_counted, touched_between
from queries.frames import COUNT, MEASURE, TEXT, read_frame
from queries.group_states import added, stored_groups
from queries.regions import township_codes, whole_counties

Group = Literal["lead_department_code", "category", "channel"]
_FIGURES = ("opened", "closed", "open", "overdue", "reopened", "substantive", "lawful", "closings")
_STATE = ("opened_to_date", "substantive_to_date", "lawful_to_date", "open", "overdue")
GROUPED = ("cases", "substantive", "lawful", "open", "overdue", "reopened", "closings")
"""What case_groups calls them, and then OF_EPISODES."""
BACKLOG_BY = {"value": TEXT, **dict.fromkeys(_FIGURES, COUNT), "rate": MEASURE}


def backlog_by(connection: Connection, scope: Scope, *, group: Group, with_county: bool = False) -> pd.DataFrame:
    """Count the cases of a scope to and at the as-of date by lead department, category or channel.

    Parameters
    ----------
    with_county : bool
        Whether 县本级 counts too where all townships of the county are asked for.

    Returns
    -------
    pd.DataFrame
        One row per value that has a case, the largest first, then by value: value (str, NaN for none: led by the
        township, or not stated); opened, closed, open, overdue (as in `queries.backlog.backlog_at`), reopened (rebounds
        begun), substantive, lawful, closings (episodes closed), all int64, cases; rate = closed / opened (float64). A
        case goes with its newest episode, a rebound or a closing with its own. No cases: no rows.

    Source: table case_groups, with the cases touched since the last stored day; table cases for a campaign, a
    department or a platform. METHODS section 1.
    """
    townships = township_codes(connection, scope)
    places = [*townships, *(whole_counties(connection, townships) if with_county else ())]
    both = _stored(connection, scope, places, group)
    both = _counted(connection, scope, places, group) if both is None else both
    both = both[(both[[*_STATE, *OF_EPISODES]] != 0).any(axis=1)]
    opened, still_open = both["opened_to_date"], both["open"]
    frame = pd.DataFrame(
        {
            "value": both[group],
            "opened": opened,
            "closed": opened - still_open,
            "open": still_open,
            "overdue": both["overdue"],
            "reopened": both["reopened_to_date"],
            "substantive": both["substantive_to_date"],
            "lawful": both["lawful_to_date"],
            "closings": both["closings_to_date"],
            "rate": (opened - still_open) / opened.where(opened > 0),
        }
    ).astype(BACKLOG_BY)
    return frame.sort_values(["opened", "value"], ascending=[False, True], ignore_index=True)


def _stored(connection: Connection, scope: Scope, places: Sequence[str], group: Group) -> pd.DataFrame | None:
    """Return what is stored, and what the cases touched since have changed; None where nothing is stored."""
    stored = stored_groups(connection, scope, places, group, GROUPED)
    if stored is None:
        return None
    counts = stored.counts.rename(columns=dict(zip(GROUPED, (*_STATE, *OF_EPISODES), strict=True)))
    if stored.day == scope.as_of:
        return counts
    touched = touched_between(scope, places, stored.day, scope.as_of, with_ages=False)
    parts, no_flows, no_state = [(counts, 1)], dict.fromkeys(OF_EPISODES, 0), dict.fromkeys(_STATE, 0)
    for day, sign in ((scope.as_of, 1), (stored.day, -1)):
        state = _of_cases(connection, scope, places, group, day, touched)
        flows = _of_episodes(connection, scope, places, group, day, touched)
        parts += [(state.assign(**no_flows), sign), (flows.assign(**no_state), sign)]
    return added([(rows[[group, *_STATE, *OF_EPISODES]], sign) for rows, sign in parts], [group])


def _counted(connection: Connection, scope: Scope, places: Sequence[str], group: Group) -> pd.DataFrame:
    """Count from the cases."""
    state = _of_cases(connection, scope, places, group, scope.as_of)
    flows = _of_episodes(connection, scope, places, group, scope.as_of)
    both = state.merge(flows, on=group, how="outer")
    return both.fillna(dict.fromkeys((*_STATE, *OF_EPISODES), 0))


def _of_cases(
    connection: Connection, scope: Scope, places: Sequence[str], group: Group, day: date, among: CTE | None = None
) -> pd.DataFrame:
    """Count cases by their newest episode, one row per value."""
    statement = cases_counted(scope, places, day, among, by=(group,), names=_STATE)
    return read_frame(connection, statement, {group: TEXT, **dict.fromkeys(_STATE, COUNT)})


def _of_episodes(
    connection: Connection, scope: Scope, places: Sequence[str], group: Group, day: date, among: CTE | None = None
) -> pd.DataFrame:
    """Count episodes, one row per value."""
    statement = episodes_counted(scope, places, day, among, by=(group,))
    return read_frame(connection, statement, {group: TEXT, **dict.fromkeys(OF_EPISODES, COUNT)})
