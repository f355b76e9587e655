"""Months, weeks and stored days: the calendar that figures are cut by."""

from collections.abc import Iterable
from datetime import date, timedelta

SUNDAY = 6


def month_start(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def add_months(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` after the month of `day` (before it, when negative)."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return add_months(day, 1) - timedelta(days=1)


def month_of(as_of: date) -> date:
    """Return the first day of the last month that ends on or before `as_of`.

    Tasks and KPIs of an as-of date are those of this month. Source: DOMAIN "Lights".
    """
    return month_start(as_of) if as_of == month_end(as_of) else add_months(as_of, -1)


def months_between(first: date, last: date) -> list[date]:
    """Return the first day of each month from that of `first` to that of `last`, both included."""
    count = (last.year - first.year) * 12 + last.month - first.month
    return [add_months(first, i) for i in range(count + 1)]


def month_ends(first: date, last: date) -> list[date]:
    """Return every last day of a month that lies within `first` and `last`."""
    return [end for end in (month_end(month) for month in months_between(first, last)) if first <= end <= last]


def week_end(day: date) -> date:
    """Return the Sunday that ends the week of `day`."""
    return day + timedelta(days=SUNDAY - day.weekday())


def week_ends(first: date, last: date) -> list[date]:
    """Return every Sunday that lies within `first` and `last`."""
    start = week_end(first)
    return [start + timedelta(weeks=i) for i in range((last - start).days // 7 + 1)] if start <= last else []


def stored_days(first: date, last: date, as_of: Iterable[date] = ()) -> list[date]:
    """Return the days whose backlog is stored: Sundays, month ends and the releases' as-of days, within the two.

    Source: DESIGN "The shared database", table backlog_states.
    """
    releases = (day for day in as_of if first <= day <= last)
    return sorted({*week_ends(first, last), *month_ends(first, last), *releases})
