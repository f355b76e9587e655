"""The backlog by something else than the township: lead department, category, channel."""

from typing import Literal

import pandas as pd
from sqlalchemy import Connection

from analysis.scope import Scope
from queries.cases import OF_CASES, OF_EPISODES, cases_counted, episodes_counted
from queries.frames import COUNT, MEASURE, TEXT, read_frame
from queries.regions import township_codes, whole_counties

Group = Literal["lead_department_code", "category", "channel"]
_FIGURES = ("opened", "closed", "open", "overdue", "reopened", "substantive", "lawful", "closings")
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

    Source: table cases; METHODS section 1.
    """
    townships = township_codes(connection, scope)
    places = [*townships, *(whole_counties(connection, townships) if with_county else ())]
    of_cases = cases_counted(scope, places, scope.as_of, by=group)
    of_episodes = episodes_counted(scope, places, scope.as_of, by=group)
    state = read_frame(connection, of_cases, {group: TEXT, **dict.fromkeys(OF_CASES, COUNT)})
    events = read_frame(connection, of_episodes, {group: TEXT, **dict.fromkeys(OF_EPISODES, COUNT)})
    both = state.merge(events, on=group, how="outer").fillna(dict.fromkeys((*OF_CASES, *OF_EPISODES), 0))
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
