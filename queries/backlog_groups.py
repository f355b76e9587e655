"""The backlog by something else than the township: lead department, category, channel."""

from collections.abc import Sequence
from typing import Literal

import pandas as pd
from sqlalchemy import CTE, Connection

from analysis.scope import Scope
from queries.cases import OF_EPISODES, cases_counted, episodes_counted, is_whole_stream, reopened_by
from queries.frames import COUNT, MEASURE, TEXT, read_frame
from queries.regions import township_codes, whole_counties

Group = Literal["lead_department_code", "category", "channel"]
_FIGURES = ("opened", "closed", "open", "overdue", "reopened", "substantive", "lawful", "closings")
_STATE = ("opened_to_date", "substantive_to_date", "lawful_to_date", "open", "overdue")
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
    state = _of_cases(connection, scope, places, group)
    both = state.merge(_of_episodes(connection, scope, places, group, state), on=group, how="outer")
    both = both.fillna(dict.fromkeys((*_STATE, *OF_EPISODES), 0))
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


def _of_cases(
    connection: Connection, scope: Scope, places: Sequence[str], group: Group, among: CTE | None = None
) -> pd.DataFrame:
    """Count cases by their newest episode, one row per value."""
    statement = cases_counted(scope, places, scope.as_of, among, by=group, names=_STATE)
    return read_frame(connection, statement, {group: TEXT, **dict.fromkeys(_STATE, COUNT)})


def _of_episodes(
    connection: Connection, scope: Scope, places: Sequence[str], group: Group, state: pd.DataFrame
) -> pd.DataFrame:
    """Count episodes, one row per value.

    A case of a single episode has as many closings as it is closed: of a whole stream, `state` knows those, and only
    the few cases that were reopened are counted by episode.
    """
    among = reopened_by(scope, places, scope.as_of) if is_whole_stream(scope) else None
    statement = episodes_counted(scope, places, scope.as_of, among, by=group)
    found = read_frame(connection, statement, {group: TEXT, **dict.fromkeys(OF_EPISODES, COUNT)})
    if among is None:
        return found
    again = _of_cases(connection, scope, places, group, among)
    closed = [
        rows.assign(closings_to_date=sign * (rows["opened_to_date"] - rows["open"]), reopened_to_date=0)
        for rows, sign in ((state, 1), (again, -1))
    ]
    columns = [group, *OF_EPISODES]
    every = pd.concat([found[columns], *(rows[columns] for rows in closed)])
    return every.groupby(group, dropna=False, as_index=False)[list(OF_EPISODES)].sum()
