from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.months import (
    add_months,
    month_end,
    month_ends,
    month_of,
    months_between,
    stored_days,
    week_end,
    week_ends,
)


@pytest.mark.parametrize(
    ("as_of", "month"),
    [
        (date(2020, 8, 31), date(2020, 8, 1)),
        (date(2020, 8, 30), date(2020, 7, 1)),
        (date(2020, 1, 1), date(2019, 12, 1)),
        (date(2020, 2, 29), date(2020, 2, 1)),
        (date(2019, 2, 28), date(2019, 2, 1)),
    ],
)
def test_the_month_of_a_date_is_the_last_that_has_ended(as_of, month):
    assert month_of(as_of) == month


def test_months_are_counted_across_years():
    assert add_months(date(2020, 1, 31), -1) == date(2019, 12, 1)
    assert add_months(date(2019, 11, 5), 14) == date(2021, 1, 1)
    assert months_between(date(2019, 11, 30), date(2020, 1, 1)) == [
        date(2019, 11, 1),
        date(2019, 12, 1),
        date(2020, 1, 1),
    ]


def test_weeks_end_on_sundays():
    assert week_end(date(2020, 8, 31)) == date(2020, 9, 6)
    assert week_end(date(2020, 8, 30)) == date(2020, 8, 30)
    assert week_ends(date(2020, 8, 17), date(2020, 8, 31)) == [date(2020, 8, 23), date(2020, 8, 30)]
    assert week_ends(date(2020, 8, 31), date(2020, 8, 31)) == []


def test_stored_days_are_sundays_month_ends_and_releases():
    found = stored_days(date(2020, 8, 20), date(2020, 9, 1), [date(2020, 8, 26), date(2020, 9, 5)])
    assert found == [date(2020, 8, 23), date(2020, 8, 26), date(2020, 8, 30), date(2020, 8, 31)]


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 800))
def test_the_calendar_leaves_no_week_and_no_month_out(first, length):
    last = date.fromordinal(first.toordinal() + length)
    every = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
    assert week_ends(first, last) == [day for day in every if day.weekday() == 6]
    assert month_ends(first, last) == [day for day in every if day == month_end(day)]
