"""How much of the derived tables a refresh writes anew: where, and from which day on."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.months import month_of, month_start, months_between, stored_days
from database.offered import offered
from database.tables import (
    backlog_states,
    case_months,
    cases,
    data_releases,
    kpi_scores,
    kpi_values,
    kpis,
    task_progress,
)
from database.tree import Tree


@dataclass(frozen=True)
class Extent:
    """The stored days and complete months of this release, and which of them are new or touched.

    A touched region is written anew from `since` on (None: from the first day); any other only where a day or a month
    is stored for the first time. `townships` None means that all are touched; `last` is the newest as-of day of all.
    """

    last: date
    days: tuple[date, ...]
    new_days: frozenset[date]
    months: tuple[date, ...]
    new_months: frozenset[date]
    since: date | None
    townships: frozenset[str] | None
    has_same_start: bool = False
    """Whether the first month and the first day are known to be those that stand written."""

    @property
    def is_whole(self) -> bool:
        """Whether everything is written anew."""
        return self.townships is None and self.since is None

    @property
    def is_within(self) -> bool:
        """Whether what is written anew has stood before, or follows what has: no new month, the same first one."""
        is_later = self.has_same_start or (self.since is not None and month_start(self.since) > self.months[0])
        is_between = all(day > self.days[0] for day in self.new_days)
        return is_later and self.townships is not None and is_between and not self.new_months

    def first_changes(self, tree: Tree) -> dict[str, date]:
        """Return the month from which the figures of each county may differ; one whose figures stay has none.

        A county's townships are ranked among each other: what touches one of them concerns all, and no other county.
        """
        since = date.min if self.since is None else month_start(self.since)
        found = dict.fromkeys(tree.counties(), min(self.new_months, default=date.max))
        touched = found.keys() if self.townships is None else self.townships
        for county in {above for region in touched for above in tree.upwards_from(region)} & found.keys():
            found[county] = min(found[county], since)
        return {county: month for county, month in found.items() if month < date.max}

    def is_touched(self, regions: Collection[str]) -> bool:
        """Whether any of `regions` may have changed."""
        return self.townships is None or not self.townships.isdisjoint(regions)

    def days_of(self, regions: Collection[str]) -> list[date]:
        """Return the days to write for what is made up of `regions`, rising."""
        return [day for day in self.days if self._is_due(day, self.since, regions) or day in self.new_days]

    def months_of(self, regions: Collection[str]) -> list[date]:
        """Return the months to write for what is made up of `regions`, rising and without a gap."""
        since = self.since and month_start(self.since)
        return [month for month in self.months if self._is_due(month, since, regions) or month in self.new_months]

    def _is_due(self, day: date, since: date | None, regions: Collection[str]) -> bool:
        return self.is_touched(regions) and (since is None or day >= since)


def extent(
    connection: Connection, *, as_of: date, since: date | None = None, townships: Collection[str] | None = None
) -> Extent:
    """Work out what a release as of `as_of` must write, given the releases before it.

    Without an earlier release everything is written, whatever `since` and `townships` say; so it is when a case or
    report lies before every month written so far, since indicators begin in all regions with the first of them, and
    when the table of months is empty: it came with a later version of the contract.

    Source: tables cases, task_progress, data_releases, backlog_states, case_months, kpi_scores, kpi_values.
    """
    earlier = list(connection.scalars(sa.select(data_releases.c.as_of)))
    first = _first_opened(connection) or as_of
    reported = connection.scalar(sa.select(sa.func.min(task_progress.c.month, type_=sa.Date()))) or as_of
    last = max([as_of, *earlier])
    days = stored_days(first, last, [as_of, *earlier])
    months = months_between(min(first, reported), month_of(last))
    if not earlier or not months or _lacks_months(connection):
        return Extent(last, tuple(days), frozenset(days), tuple(months), frozenset(months), None, None)
    has_same_start = False
    if since is None or month_start(since) <= months[0]:
        first_written = _first_written(connection)
        if months[0] < first_written:
            since = townships = None
        has_same_start = bool(days) and months[0] == first_written and days[0] == _first_stored(connection)
    before = max(earlier)
    new_months = [month for month in months if month > month_of(before)]
    return Extent(
        last,
        tuple(days),
        frozenset(days) - frozenset(stored_days(first, before, earlier)),
        tuple(months),
        frozenset(new_months),
        since,
        None if townships is None else frozenset(townships),
        has_same_start,
    )


def _first_opened(connection: Connection) -> date | None:
    """Return the day on which the first case of all opened.

    An index leads from stream to stream and to the first day of each; what a county offers is read once instead.
    """
    c = cases.c
    first = sa.func.min(c.opened_on, type_=sa.Date())
    if cases.name in offered(connection):
        return next(iter(connection.scalars(sa.select(first))), None)
    days: list[date] = []
    stream = connection.scalar(sa.select(sa.func.min(c.stream)))
    while stream is not None:
        days += connection.scalars(sa.select(first).where(c.stream == stream))
        stream = connection.scalar(sa.select(sa.func.min(c.stream)).where(c.stream > stream))
    return min(days, default=None)


def _lacks_months(connection: Connection) -> bool:
    """Tell whether no month of cases is stored though states are."""
    some = sa.select(sa.literal(1))
    states, months = (connection.scalar(some.select_from(table).limit(1)) for table in (backlog_states, case_months))
    return states is not None and months is None


def _first_written(connection: Connection) -> date:
    """Return the first month that has a computed figure or a ranking; far ahead where none has."""
    computed = kpi_values.c.kpi_code.in_(sa.select(kpis.c.code).where(kpis.c.computed_from.is_not(None)))
    figures = connection.scalar(sa.select(sa.func.min(kpi_values.c.month, type_=sa.Date())).where(computed))
    rankings = connection.scalar(sa.select(sa.func.min(kpi_scores.c.month, type_=sa.Date())))
    return min([month for month in (figures, rankings) if month], default=date.max)


def _first_stored(connection: Connection) -> date | None:
    """Return the first day that has a state."""
    first: date | None = connection.scalar(sa.select(sa.func.min(backlog_states.c.day, type_=sa.Date())))
    return first
