"""The table case_months: what was closed and what fell due in each month, where the cases lie."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection

from analysis.months import month_start
from database.added_rows import add_rows
from database.bulk import insert_frame
from database.involvement import INVOLVED, involved_rows
from database.kpis.basis import month_number, month_numbers, month_starts, region_of
from database.states import NEVER, SUBSTANTIVE, UNSTATED
from database.tables import case_months

KEY = ["stream", "platform", "month"]
EPISODES = ("closed", "closed_in_time", "rated", "satisfied", "ended", "settled", "late")
MONTHLY = (*EPISODES, *INVOLVED)


def write_months(
    connection: Connection, place: str, own: pd.DataFrame, involved: pd.DataFrame, months: Sequence[date]
) -> None:
    """Write a place's rows for `months`, what stood there being cleared away.

    Parameters
    ----------
    own
        The ledger of cases that carry the place's own code: `database.ledger`.
    involved
        The departments of those cases: `database.involvement`.
    months
        Consecutive, rising; none: nothing is written.
    """
    insert_frame(connection, case_months, month_rows(own, involved, months).assign(township_code=place))


def clear_months(connection: Connection, place: str | None = None, since: date | None = None) -> None:
    """Delete the rows of a place or of all, of the months from `since` on or of all."""
    m = case_months.c
    narrower = [] if place is None else [m.township_code == place]
    narrower += [] if since is None else [m.month >= month_start(since)]
    connection.execute(case_months.delete().where(*narrower))


def change_months(connection: Connection, change: pd.DataFrame) -> None:
    """Add rows of `episode_rows` or of `involved_rows` with their township_code to those that stand."""
    columns = ["township_code", *KEY, *MONTHLY]
    add_rows(connection, case_months, change.reindex(columns=columns).fillna(dict.fromkeys(MONTHLY, 0)), MONTHLY)


def month_rows(ledger: pd.DataFrame, involved: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Count a ledger's episodes by month, and its cases with departments by that of their opening.

    Returns
    -------
    pd.DataFrame
        One row per stream, platform ("" = none) and month in which anything counts: stream, platform (str), month
        (datetime64[s], its first day), MONTHLY (int64, episodes: closed, of them by their due day, rated, rated 满意
        or 基本满意, with a method, in substance; late: fell due and were not closed by then; cases: involved, shared).
        Of a ledger of several regions, as `database.ledger.regional_ledger` gives it, one row for each region too:
        township_code (str).

    Source: DOMAIN "Rates in use"; `queries.services.services` counts the same from the cases.
    """
    names = _names(ledger)
    parts = [episode_rows(ledger, months), involved_rows(involved, months)[[*names, *INVOLVED]]]
    every = pd.concat([part for part in parts if not part.empty] or parts[:1])
    rows = every.reindex(columns=[*names, *MONTHLY]).fillna(dict.fromkeys(MONTHLY, 0))
    return rows.groupby(names, as_index=False)[list(MONTHLY)].sum().astype(dict.fromkeys(MONTHLY, "int64"))


def episode_rows(ledger: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Count episodes by the month of their close, and by that of their due day where they were late.

    Returns
    -------
    pd.DataFrame
        As `month_rows`, with EPISODES alone.
    """
    names = _names(ledger)
    if ledger.empty or not months:
        empty = pd.DataFrame(columns=[*names, *EPISODES]).astype(dict.fromkeys(EPISODES, "int64"))
        return empty.astype({"month": "datetime64[s]"})
    stream, platform = (np.asarray(ledger[name].cat.codes, np.int64) for name in ("stream", "platform"))
    streams, platforms = ledger["stream"].cat.categories, np.array(["", *ledger["platform"].cat.categories], object)
    width, numbers = len(platforms), month_numbers(months)
    sets, group = np.unique((region_of(ledger) * len(streams) + stream) * width + platform + 1, return_inverse=True)
    counts = _counts(ledger, group, int(numbers[0]), (sets.size, numbers.size))
    which, when = np.nonzero(counts.any(axis=2))
    pair = sets[which] // width
    rows = pd.DataFrame(counts[which, when], columns=list(EPISODES)).assign(
        stream=streams.to_numpy(object)[pair % len(streams)],
        platform=platforms[sets[which] % width],
        month=month_starts(numbers)[when].astype("datetime64[D]").astype("datetime64[s]"),
    )
    if "region" in ledger:
        rows["township_code"] = ledger["region"].cat.categories.to_numpy(object)[pair // len(streams)]
    return rows


def _names(ledger: pd.DataFrame) -> list[str]:
    return ["township_code", *KEY] if "region" in ledger else KEY


def _counts(ledger: pd.DataFrame, group: NDArray[np.int64], first: int, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Count by group and month from `first` on: an array of `shape`, then EPISODES."""
    opened, due, closed, method, rating = (
        ledger[name].to_numpy(np.int64) for name in ("opened", "due", "closed", "method", "satisfaction")
    )
    is_closed = closed < NEVER
    is_late = (due < NEVER) & (closed > due) & (month_number(opened) <= month_number(due))
    conditions = (
        (is_closed, closed),
        (is_closed & (closed <= due) & (due < NEVER), closed),
        (is_closed & (rating > 0), closed),
        (is_closed & ((rating == 1) | (rating == 2)), closed),
        (is_closed & (method != UNSTATED), closed),
        (is_closed & (method == SUBSTANTIVE), closed),
        (is_late, due),
    )
    counts = np.empty((*shape, len(EPISODES)), np.int64)
    for k, (holds, day) in enumerate(conditions):
        month = month_number(day) - first
        inside = holds & (month >= 0) & (month < shape[1])
        found = np.bincount(group[inside] * shape[1] + month[inside], minlength=shape[0] * shape[1])
        counts[:, :, k] = found.reshape(shape)
    return counts
