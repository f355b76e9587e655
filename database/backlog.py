"""The table backlog_states: a region's own cases plus what its children have stored."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import Connection

from database.bulk import delete_keys, insert_frame
from database.kpis.basis import region_of
from database.states import MEASURES, day_number, state_counts
from database.tables import backlog_states

KEY = ["stream", "platform", "day"]
_COUNTED = ("case", "opened", "first_opened", "closed", "due", "method", "is_led")
_SLICE = 500


def write_states(
    connection: Connection, region: str, own: pd.DataFrame, *, children: Sequence[str], days: Sequence[date]
) -> None:
    """Write a region's rows for `days`, its children's being written already and its own cleared away.

    Parameters
    ----------
    own
        The ledger of cases that carry the region's own code (县本级 for a county): `database.ledger`.
    days
        Rising.
    """
    if not days:
        return
    rows = summed_rows([backlog_rows(own, days), *_children_sums(connection, children, days)])
    insert_frame(connection, backlog_states, rows.assign(region_code=region))


def change_states(connection: Connection, change: pd.DataFrame) -> None:
    """Add to stored rows; a row before the first event of its stream and platform does not stand.

    Parameters
    ----------
    change
        Rows of `backlog_rows` with their region_code, to be added up; MEASURES may be below 0.
    """
    s, keys = backlog_states.c, ["region_code", *KEY]
    change = change.groupby(keys, as_index=False)[list(MEASURES)].sum()
    change = change[(change[list(MEASURES)] != 0).any(axis=1)]
    if change.empty:
        return
    asked = (s.region_code.in_(list(change["region_code"].unique())), s.day >= change["day"].min().date())
    rows = connection.execute(sa.select(*(s[name] for name in (*keys, *MEASURES))).where(*asked)).all()
    held = pd.DataFrame(rows, columns=[*keys, *MEASURES]).astype(dict.fromkeys(MEASURES, "int64"))
    held["day"] = held["day"].astype("datetime64[s]")
    held = held[pd.MultiIndex.from_frame(held[keys]).isin(pd.MultiIndex.from_frame(change[keys]))]
    delete_keys(connection, backlog_states, held[keys])
    found = pd.concat([held, change]).groupby(keys, as_index=False)[list(MEASURES)].sum()
    insert_frame(connection, backlog_states, found[found["opened_to_date"] > 0])


def summed_rows(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Add up rows of `backlog_rows` by stream, platform and day."""
    rows = pd.concat([part for part in parts if not part.empty] or parts[:1])
    return rows.groupby(KEY, as_index=False, sort=True)[list(MEASURES)].sum() if len(parts) > 1 else rows


def clear_states(connection: Connection, region: str, since: date | None) -> None:
    """Delete a region's rows from `since` on, or all of them."""
    s = backlog_states.c
    connection.execute(
        backlog_states.delete().where(s.region_code == region, *([] if since is None else [s.day >= since]))
    )


def backlog_rows(ledger: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    """Count a ledger's cases at the end of each day.

    Returns
    -------
    pd.DataFrame
        One row per stream, platform ("" = all, those without one included) and day, from the first event of the two
        on: stream, platform (str), day (datetime64[s]), MEASURES (int64, cases). Of a ledger of several regions, as
        `database.ledger.regional_ledger` gives it, one row for each region too: region_code (str).
    """
    names = ["region_code", *KEY] if "region" in ledger else KEY
    if ledger.empty or not days:
        empty = pd.DataFrame(columns=[*names, *MEASURES]).astype(dict.fromkeys(MEASURES, "int64"))
        return empty.astype({"day": "datetime64[s]"})
    stream, platform = (np.asarray(ledger[name].cat.codes, np.int64) for name in ("stream", "platform"))
    streams, platforms = ledger["stream"].cat.categories, np.array(["", *ledger["platform"].cat.categories], object)
    keys, counts = _counts(ledger, region_of(ledger) * len(streams) + stream, platform + 1, days)
    which, when = np.nonzero(counts[:, :, 0] > 0)
    of = {name: keys[name][which] for name in keys}
    rows = pd.DataFrame(counts[which, when], columns=list(MEASURES)).assign(
        stream=streams.to_numpy(object)[of["pair"] % len(streams)],
        platform=platforms[of["platform"]],
        day=np.array(days, "datetime64[s]")[when],
    )
    if "region" in ledger:
        rows["region_code"] = ledger["region"].cat.categories.to_numpy(object)[of["pair"] // len(streams)]
    return rows


def _counts(
    ledger: pd.DataFrame, pair: NDArray[np.int64], platform: NDArray[np.int64], days: Sequence[date]
) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.int64]]:
    """Count by region and stream (`pair`), each with every platform (0 = without one) and as a whole.

    Returns
    -------
    tuple
        The pair and platform (0 = all) of each count, and the counts: one row each, then days, then MEASURES.
    """
    order = np.argsort(pair, kind="stable")
    pairs, of_pair = np.unique(pair[order], return_inverse=True)
    width = int(platform.max()) + 1
    sets, group = np.unique(of_pair * width + platform[order], return_inverse=True)
    episodes = ledger[list(_COUNTED)].iloc[order]
    episodes["case"] = episodes["case"].to_numpy() * pairs.size + of_pair  # of a case, each stream's episodes apart
    counts = state_counts(episodes, group, np.array([day_number(day) for day in days], np.int64), groups=sets.size)
    whole = np.zeros((pairs.size, *counts.shape[1:]), np.int64)
    np.add.at(whole, sets // width, counts)
    is_named = sets % width > 0
    keys = {
        "pair": pairs[np.append(sets[is_named] // width, np.arange(pairs.size))],
        "platform": np.append(sets[is_named] % width, np.zeros(pairs.size, np.int64)),
    }
    return keys, np.concatenate([counts[is_named], whole])


def _children_sums(connection: Connection, children: Sequence[str], days: Sequence[date]) -> list[pd.DataFrame]:
    s = backlog_states.c
    keys = [s[name] for name in KEY]
    sums = [sa.func.sum(s[name]).label(name) for name in MEASURES]
    found = []
    for start in range(0, len(children), _SLICE):
        statement = (
            sa.select(*keys, *sums)
            .where(s.region_code.in_(children[start : start + _SLICE]), s.day >= days[0])
            .group_by(*keys)
        )
        rows = pd.DataFrame(connection.execute(statement).all(), columns=[*KEY, *MEASURES])
        rows["day"] = rows["day"].astype("datetime64[s]")
        rows = rows.astype(dict.fromkeys(MEASURES, "int64"))
        found.append(rows[rows["day"].isin(np.array(days, "datetime64[s]"))])
    return found
