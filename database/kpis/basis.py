"""What the computed indicators of one township are computed from, and the calendar that they share."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from database.states import Days

Floats = NDArray[np.float64]
Months = NDArray[np.int64]
"""Months since 1970-01."""


@dataclass(frozen=True)
class Campaign:
    """A campaign's code and its first and last day (since 1970-01-01)."""

    code: str
    starts: int
    ends: int


@dataclass(frozen=True)
class Basis:
    """One township: its cases, its task reports, and the consecutive months that are asked for.

    `ledger` is what `database.ledger.township_ledger` returns. For figures that are sums over cases alone it may hold
    several regions (`regional_ledger`): what is counted then has their months one region after the other. `reports` has
    one row per task and month: month (int64, since 1970-01), planned, actual (float64, NaN for none), reported
    (int64, day since 1970-01-01, NEVER for none), is_due (bool), as `database.task_reports.township_reports` returns.
    """

    months: Months
    ledger: pd.DataFrame
    reports: pd.DataFrame
    campaigns: tuple[Campaign, ...] = ()
    residents: float = float("nan")
    villages: int = 0
    _streams: dict[tuple[str, bool], pd.DataFrame] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def month_ends(self) -> Days:
        """The last day of each month."""
        return month_starts(self.months + 1) - 1

    def stream(self, name: str, *, is_led: bool = True) -> pd.DataFrame:
        """Return the episodes of one stream; by default those that the township leads itself."""
        key = name, is_led
        if key not in self._streams:
            rows = self.stream(name, is_led=False) if is_led else self.ledger[self.ledger["stream"] == name]
            self._streams[key] = rows[rows["is_led"]] if is_led else rows
        return self._streams[key]

    @property
    def regions(self) -> int:
        """How many regions are counted apart."""
        return len(self.ledger["region"].cat.categories) if "region" in self.ledger else 1

    def count(self, rows: pd.DataFrame, days: NDArray[np.int64], holds: NDArray[np.bool_] | None = None) -> Floats:
        """Count the days that fall in each month, one for each of `rows`, of those that `holds` keeps."""
        month = month_number(days) - self.months[0]
        is_counted = (month >= 0) & (month < self.months.size)
        if holds is not None:
            is_counted &= holds
        place = region_of(rows)[is_counted] * self.months.size + month[is_counted]
        return np.bincount(place, minlength=self.regions * self.months.size).astype(np.float64)

    def since_first(self, days: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which months have the first of `days` in them or behind them: from then on 0 is a figure."""
        first = month_number(days).min() if days.size else np.iinfo(np.int64).max
        return self.months >= first


def region_of(rows: pd.DataFrame) -> NDArray[np.int64]:
    """Return the number of each row's region: 0 where they are all of one."""
    if "region" not in rows:
        return np.zeros(len(rows), np.int64)
    return np.asarray(rows["region"].cat.codes, np.int64)


def month_number(days: Days) -> Months:
    """Return the month (since 1970-01) of each day."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_numbers(months: Sequence[date]) -> Months:
    """Return the numbers of months given by any of their days."""
    return month_number(np.array(months, "datetime64[D]").astype(np.int64))


def month_starts(months: Months) -> Days:
    """Return the first day (since 1970-01-01) of each month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
