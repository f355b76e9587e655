from datetime import date, timedelta
from math import isnan

import pandas as pd
import pytest

from analysis.months import month_ends, week_ends
from analysis.streams import STREAMS
from analysis.trends import MONTH, WEEK, county_trend, township_trends, trend_title, year_finding

STREAM = STREAMS["petition_backlog"]
LABELS = {"2": "白石", "1": "天马"}
LAST = date(2020, 8, 27)  # a Thursday: neither a week nor a month ends


def _series(end: str, ends: list[date], codes: tuple[str, ...] = ("1", "2", "C")) -> pd.DataFrame:
    """One row per region and period: open counts up from 0, ten times as fast in the second township."""
    rows = [
        {"township_code": code, end: pd.Timestamp(day), "opened": 1, "reopened": 0, "closed": 0,
         "open": i * {"1": 1, "2": 10, "C": 0}[code], "overdue": i, "is_partial": day == LAST}
        for code in codes for i, day in enumerate(ends)
    ]  # fmt: skip
    return pd.DataFrame(rows).astype({end: "datetime64[s]"})


WEEKS = [*week_ends(date(2019, 6, 3), LAST), LAST]
MONTHS = [*month_ends(date(2018, 1, 1), LAST), LAST]


def test_a_week_is_compared_with_the_same_week_52_weeks_before() -> None:
    trend = county_trend(_series("week_end", WEEKS), WEEK)
    assert len(trend) == 52
    last_full = trend.iloc[-2]
    assert (last_full["label"], last_full["end"]) == ("8月23日", pd.Timestamp(2020, 8, 23))
    assert last_full["open"] == 11 * (len(WEEKS) - 2)
    assert last_full["open_before"] == 11 * (len(WEEKS) - 2 - 52)
    assert trend.iloc[-1]["label"] == "8月27日"
    assert isnan(trend.iloc[-1]["open_before"]), "a cut period has no counterpart"


def test_a_month_is_compared_with_the_same_month_of_the_year_before_leap_years_too() -> None:
    trend = county_trend(_series("month_end", MONTHS), MONTH).set_index("label")
    assert list(trend.index[[0, -1]]) == ["2018年9月", "2020年8月"]
    assert isnan(trend.loc["2018年9月", "open_before"])
    assert trend.loc["2020年2月", "open_before"] == 11 * 13  # February 2019, the 29th against the 28th
    assert isnan(trend.loc["2020年8月", "open_before"])


def test_nothing_recorded_makes_no_rows() -> None:
    empty = county_trend(_series("week_end", WEEKS).head(0), WEEK)
    assert empty.empty
    assert empty["open_before"].dtype == "float64"


def test_townships_keep_their_order_and_the_countys_own_come_last_where_it_has_cases() -> None:
    series = _series("week_end", WEEKS)
    assert list(township_trends(series, WEEK, LABELS, measure="open")) == ["白石", "天马"]
    found = township_trends(series, WEEK, LABELS, measure="overdue")
    assert list(found) == ["白石", "天马", "县本级"]
    now, before = township_trends(series, WEEK, LABELS, measure="open")["白石"]
    assert len(now) == len(before) == 52
    assert (now[-2], before[-2]) == (10 * (len(WEEKS) - 2), 10 * (len(WEEKS) - 54))
    assert isnan(before[-1])
    assert isnan(before[0])


@pytest.mark.parametrize(
    ("opens", "said"),
    [
        ((74, 60, 22), "未化解由6月7日74件降至22件"),
        ((22, 1200), "未化解由6月7日22件升至1,200件"),
        ((22, 30, 22), "未化解22件，与起点持平"),
        ((22,), "未化解22件"),
    ],
)
def test_the_trend_is_titled_by_its_ends(opens: tuple[int, ...], said: str) -> None:
    ends = [date(2020, 6, 7) + timedelta(weeks=i) for i in range(len(opens))]
    series = _series("week_end", ends, codes=("1",)).assign(open=list(opens))
    assert trend_title(county_trend(series, WEEK), STREAM) == said


def test_the_newest_full_period_is_held_against_the_year_before() -> None:
    trend = county_trend(_series("month_end", MONTHS), MONTH)
    months = len(MONTHS) - 2  # July 2020
    assert year_finding(trend, STREAM, MONTH) == (
        f"2020年7月末未化解{11 * months}件，上年同期{11 * (months - 12)}件，多132件。"
    )
    falling = trend.assign(open_before=trend["open"] + 3.0)
    assert year_finding(falling, STREAM, MONTH).endswith("少3件。")
    assert year_finding(trend.assign(open_before=trend["open"] * 1.0), STREAM, MONTH).endswith("，持平。")
    assert year_finding(trend.assign(open_before=float("nan")), STREAM, MONTH) == ""
