"""The table case_months: what was closed and what fell due in each month, where the cases lie."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import Connection

from analysis.months import month_start
from database.bulk import delete_keys, insert_frame
from database.kpis.basis import month_number, month_numbers, month_starts, region_of
from database.states import NEVER, SUBSTANTIVE, UNSTATED
from database.tables import case_months

KEY = ["stream", "platform", "month"]
MONTHLY = ("closed", "closed_in_time", "rated", "satisfied", "ended", "settled", "late")


def write_months(connection: Connection, place: str, own: pd.DataFrame, months: Sequence[date]) -> None:
    """Write a place's rows for `months`, what stood there being cleared away.

    Parameters
    ----------
    own
        The ledger of cases that carry the place's own code: `database.ledger`.
    months
        Consecutive, rising; none: nothing is written.
    """
    insert_frame(connection, case_months, month_rows(own, months).assign(township_code=place))


def clear_months(connection: Connection, place: str | None = None, since: date | None = None) -> None:
    """Delete the rows of a place or of all, of the months from `since` on or of all."""
    m = case_months.c
    narrower = [] if place is None else [m.township_code == place]
    narrower += [] if since is None else [m.month >= month_start(since)]
    connection.execute(case_months.delete().where(*narrower))


def change_months(connection: Connection, change: pd.DataFrame) -> None:
    """Add to stored rows; a row without any count does not stand.

    Parameters
    ----------
    change
        Rows of `month_rows` with their township_code, to be added up; MONTHLY may be below 0.
    """
    m, keys, counts = case_months.c, ["township_code", *KEY], list(MONTHLY)
    change = change.groupby(keys, as_index=False)[counts].sum()
    change = change[(change[counts] != 0).any(axis=1)]
    if change.empty:
        return
    asked = (m.township_code.in_(list(change["township_code"].unique())), m.month >= change["month"].min().date())
    rows = connection.execute(sa.select(*(m[name] for name in (*keys, *counts))).where(*asked)).all()
    held = pd.DataFrame(rows, columns=[*keys, *counts]).astype(dict.fromkeys(counts, "int64"))
    held["month"] = held["month"].astype("datetime64[s]")
    held = held[pd.MultiIndex.from_frame(held[keys]).isin(pd.MultiIndex.from_frame(change[keys]))]
    delete_keys(connection, case_months, held[keys])
    found = pd.concat([held, change]).groupby(keys, as_index=False)[counts].sum()
    insert_frame(connection, case_months, found[(found[counts] != 0).any(axis=1)])


def month_rows(ledger: pd.DataFrame, months: Sequence[date]) -> pd.DataFrame:
    """Count a ledger's episodes by the month of their close, and by that of their due day where they were late.

    Returns
    -------
    pd.DataFrame
        One row per stream, platform ("" = none) and month in which anything counts: stream, platform (str), month
        (datetime64[s], its first day), MONTHLY (int64, episodes: closed, of them by their due day, rated, rated 满意
        or 基本满意, with a method, in substance; late: fell due and were not closed by then). Of a ledger of several
        regions, as `database.ledger.regional_ledger` gives it, one row for each region too: township_code (str).

    Source: DOMAIN "Rates in use"; `queries.services.services` counts the same from the cases.
    """
    names = ["township_code", *KEY] if "region" in ledger else KEY
    if ledger.empty or not months:
        empty = pd.DataFrame(columns=[*names, *MONTHLY]).astype(dict.fromkeys(MONTHLY, "int64"))
        return empty.astype({"month": "datetime64[s]"})
    stream, platform = (np.asarray(ledger[name].cat.codes, np.int64) for name in ("stream", "platform"))
    streams, platforms = ledger["stream"].cat.categories, np.array(["", *ledger["platform"].cat.categories], object)
    width, numbers = len(platforms), month_numbers(months)
    sets, group = np.unique((region_of(ledger) * len(streams) + stream) * width + platform + 1, return_inverse=True)
    counts = _counts(ledger, group, int(numbers[0]), (sets.size, numbers.size))
    which, when = np.nonzero(counts.any(axis=2))
    pair = sets[which] // width
    rows = pd.DataFrame(counts[which, when], columns=list(MONTHLY)).assign(
        stream=streams.to_numpy(object)[pair % len(streams)],
        platform=platforms[sets[which] % width],
        month=month_starts(numbers)[when].astype("datetime64[D]").astype("datetime64[s]"),
    )
    if "region" in ledger:
        rows["township_code"] = ledger["region"].cat.categories.to_numpy(object)[pair // len(streams)]
    return rows


def _counts(ledger: pd.DataFrame, group: NDArray[np.int64], first: int, shape: tuple[int, int]) -> NDArray[np.int64]:
    """Count by group and month from `first` on: an array of `shape`, then MONTHLY."""
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
    counts = np.empty((*shape, len(MONTHLY)), np.int64)
    for k, (holds, day) in enumerate(conditions):
        month = month_number(day) - first
        inside = holds & (month >= 0) & (month < shape[1])
        found = np.bincount(group[inside] * shape[1] + month[inside], minlength=shape[0] * shape[1])
        counts[:, :, k] = found.reshape(shape)
    return counts
