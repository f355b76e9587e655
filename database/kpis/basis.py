"""What the computed indicators of one township are computed from, and the calendar that they share."""

from dataclasses import dataclass, field

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

    `ledger` is what `database.ledger.township_ledger` returns. `reports` has one row per task and month: month (int64,
    since 1970-01), planned, actual (float64, NaN for none), reported (int64, day since 1970-01-01, NEVER for none),
    is_due (bool), as `database.task_reports.township_reports` returns them.
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

    def count(self, days: NDArray[np.int64], holds: NDArray[np.bool_] | None = None) -> Floats:
        """Count the days that fall in each month, of those that `holds` keeps."""
        place = month_number(days if holds is None else days[holds]) - self.months[0]
        inside = place[(place >= 0) & (place < self.months.size)]
        return np.bincount(inside, minlength=self.months.size).astype(np.float64)

    def since_first(self, days: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which months have the first of `days` in them or behind them: from then on 0 is a figure."""
        first = month_number(days).min() if days.size else np.iinfo(np.int64).max
        return self.months >= first


def month_number(days: Days) -> Months:
    """Return the month (since 1970-01) of each day."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def month_starts(months: Months) -> Days:
    """Return the first day (since 1970-01-01) of each month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
