"""The table backlog_states: a region's own cases plus what its children have stored."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy import Connection

from database.bulk import delete_keys, insert_frame
from database.ledger import empty_ledger
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
        Rows of `regional_rows`, to be added up; MEASURES may be below 0.
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
        on: stream, platform (str), day (datetime64[s]), MEASURES (int64, cases).
    """
    parts = [_stream_rows(str(name), cases, days) for name, cases in ledger.groupby("stream", observed=True)]
    empty = pd.DataFrame(columns=[*KEY, *MEASURES]).astype(dict.fromkeys(MEASURES, "int64"))
    return pd.concat(parts, ignore_index=True) if parts else empty.astype({"day": "datetime64[s]"})


def regional_rows(ledgers: Mapping[str, pd.DataFrame], days: Sequence[date]) -> pd.DataFrame:
    """Count several regions' cases at once, as `backlog_rows` counts one's.

    Returns
    -------
    pd.DataFrame
        The rows of `backlog_rows` with their region_code (str).
    """
    regions, numbers = list(ledgers), np.array([day_number(day) for day in days], np.int64)
    parts, first = [], 0
    for place, ledger in enumerate(ledgers.values()):
        own = {name: ledger[name].to_numpy() for name in _COUNTED}
        own |= {name: np.asarray(ledger[name].astype(object)) for name in ("stream", "platform")}
        parts.append(pd.DataFrame(own).assign(case=ledger["case"] + first, region=place))
        first += len(ledger)
    found = []
    for stream, cases in pd.concat(parts, ignore_index=True).groupby("stream") if parts else ():
        group, names = pd.factorize(cases["platform"])
        group = np.where(group < 0, len(names), group) + cases["region"].to_numpy() * (len(names) + 1)
        counts = state_counts(cases, group, numbers, groups=len(regions) * (len(names) + 1))
        counts = counts.reshape(len(regions), len(names) + 1, *counts.shape[1:])
        counts[:, -1] = counts.sum(axis=1)
        platforms, all_days = [*map(str, names), ""], np.array(days, "datetime64[s]")
        for place in np.unique(cases["region"]):
            found.append(_rows(str(stream), platforms, all_days, counts[place]).assign(region_code=regions[place]))
    return pd.concat(found, ignore_index=True) if found else backlog_rows(empty_ledger(), days).assign(region_code="")


def _stream_rows(stream: str, cases: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    platforms = cases["platform"].cat.remove_unused_categories()
    names = [str(name) for name in platforms.cat.categories]
    group = platforms.cat.codes.to_numpy().astype(np.int64)
    group[group < 0] = len(names)  # counted in the whole only
    numbers = np.array([day_number(day) for day in days], np.int64)
    counts = state_counts(cases, group, numbers, groups=len(names) + 1)
    counts[-1] = counts.sum(axis=0)
    return _rows(stream, [*names, ""], np.array(days, "datetime64[s]"), counts)


def _rows(stream: str, platforms: list[str], days: NDArray[Any], counts: NDArray[np.int64]) -> pd.DataFrame:
    has_begun = counts[:, :, 0] > 0
    which, when = np.nonzero(has_begun)
    rows = pd.DataFrame(counts[has_begun], columns=list(MEASURES))
    return rows.assign(stream=stream, platform=np.array(platforms, object)[which], day=days[when])


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
