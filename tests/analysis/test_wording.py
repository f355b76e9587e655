from datetime import UTC, date, datetime

import pandas as pd
import pytest

from analysis import wording

NAN = float("nan")


def test_dates_have_no_leading_zeros():
    assert wording.day(date(2020, 8, 3)) == "2020年8月3日"
    assert wording.month_day(date(2020, 6, 12)) == "6月12日"
    assert wording.month(date(2020, 8, 1)) == "2020年8月"


def test_the_year_stands_where_it_is_not_the_as_of_years():
    assert wording.day_as_of(date(2020, 6, 5), date(2020, 8, 31)) == "6月5日"
    assert wording.day_as_of(date(2019, 12, 31), date(2020, 8, 31)) == "2019年12月31日"


@pytest.mark.parametrize(
    ("rate", "digits", "said"),
    [
        (92 / 114, 1, "80.7%"),
        (27 / 101, 2, "26.73%"),
        (1, 1, "100.0%"),
        (0.00125, 2, "0.13%"),
        (0.6225, 1, "62.3%"),
        (NAN, 1, "—"),
    ],
)
def test_rates_are_rounded_half_up(rate, digits, said):
    assert wording.percent(rate, digits=digits) == said


@pytest.mark.parametrize(
    ("points", "said"), [(53.97, "上升54个百分点"), (-2.46, "下降2.5个百分点"), (0.04, "持平"), (NAN, "—")]
)
def test_changes_of_rates_are_said_in_points(points, said):
    assert wording.change_in_points(points) == said


@pytest.mark.parametrize(
    ("points", "said"), [(10.94, "领先序时10.9个百分点"), (-3, "落后序时3个百分点"), (0, "与序时持平"), (NAN, "—")]
)
def test_the_pace_is_said_as_ahead_or_behind(points, said):
    assert wording.against_pace(points) == said


def test_numbers_drop_trailing_zeros_only_behind_the_point():
    assert [wording.number(x, digits=2) for x in (6283.34, 6283.3, 100, 0.001, -0.001)] == [
        "6283.34",
        "6283.3",
        "100",
        "0",
        "0",
    ]
    assert wording.number(100) == "100"


def test_a_share_always_shows_what_it_is_made_of():
    assert wording.share(92, 114) == "80.7%（92/114）"
    assert wording.share(1256, 1318) == "95.3%（1,256/1,318）"
    assert wording.share(0, 0) == "—"


def test_places_are_said_with_ties_and_ranges():
    assert (wording.place(2), wording.place(2, is_tied=True), wording.place(NAN)) == ("第2名", "并列第2", "—")
    assert (wording.places(3, 9), wording.places(3, 3), wording.places(NAN, 3)) == ("第3–9名", "第3名", "—")


def test_a_moment_in_utc_is_said_by_chinas_clock() -> None:
    assert wording.moment(datetime(2020, 8, 31, 16, 5, tzinfo=UTC)) == "2020年9月1日 00:05"
    assert wording.moment(pd.Timestamp("2020-08-31 01:05")) == "2020年8月31日 09:05"
