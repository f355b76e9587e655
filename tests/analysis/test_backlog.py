from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.backlog import AGE_BANDS, backlog_headline, campaign_pace, expected_rate, flows, states_on

CAMPAIGN = {"starts_on": date(2020, 6, 12), "ends_on": date(2020, 9, 19), "goal_rate": 80.0}
PUBLISHED = {"opened": 114, "closed": 92, "baseline_opened": 101, "baseline_closed": 27}


def test_the_published_campaign_stands_as_the_leaders_said():
    pace = campaign_pace(as_of=date(2020, 8, 31), **CAMPAIGN, **PUBLISHED)
    assert (pace.day, pace.days, pace.days_left) == (81, 100, 19)
    assert round(pace.rate * 100, 2) == 80.70
    assert round(pace.baseline_rate * 100, 2) == 26.73
    assert round(pace.rise_points, 2) == 53.97
    # the line: 26.733 + (80 - 26.733) x 80 / 99 = 69.777
    assert pace.expected_rate * 100 == pytest.approx(69.777, abs=1e-3)
    assert pace.ahead_points == pytest.approx(80.702 - 69.777, abs=1e-3)
    assert (pace.has_begun, pace.is_over) == (True, False)


@pytest.mark.parametrize(
    ("as_of", "day", "left", "begun", "over"),
    [
        (date(2020, 6, 11), 0, 100, False, False),
        (date(2020, 6, 12), 1, 99, True, False),
        (date(2020, 9, 19), 100, 0, True, False),
        (date(2020, 9, 20), 100, 0, True, True),
    ],
)
def test_the_first_day_is_day_one_and_the_last_is_day_100(as_of, day, left, begun, over):
    pace = campaign_pace(as_of=as_of, **CAMPAIGN, **PUBLISHED)
    assert (pace.day, pace.days_left, pace.has_begun, pace.is_over) == (day, left, begun, over)


def test_the_pace_line_is_straight_and_flat_outside():
    line = {**CAMPAIGN, "baseline_rate": 0.2}
    assert expected_rate(date(2020, 6, 1), **line) == 0.2
    assert expected_rate(date(2020, 9, 19), **line) == pytest.approx(0.8)
    assert expected_rate(date(2020, 10, 1), **line) == pytest.approx(0.8)


def test_without_a_goal_or_a_case_there_is_no_pace():
    pace = campaign_pace(as_of=date(2020, 8, 31), **{**CAMPAIGN, "goal_rate": float("nan")}, **PUBLISHED)
    assert np.isnan(pace.ahead_points)
    nothing = campaign_pace(
        as_of=date(2020, 8, 31), **CAMPAIGN, opened=0, closed=0, baseline_opened=0, baseline_closed=0
    )
    assert np.isnan([nothing.rate, nothing.rise_points, nothing.ahead_points]).all()


def test_the_headline_sums_the_townships_and_steps_from_the_week_before():
    now = pd.DataFrame({"opened": [10, 4], "closed": [7, 1], "open": [3, 3], "overdue": [1, 0]})
    weekly = pd.DataFrame(
        {
            "week_end": pd.to_datetime(["2020-08-23", "2020-08-23", "2020-08-30", "2020-08-30"]),
            "open": [5, 4, 3, 3],
            "closed": [0, 0, 2, 1],
        }
    )
    headline = backlog_headline(now, weekly)
    assert (headline.opened, headline.closed, headline.open_now, headline.overdue) == (14, 8, 6, 1)
    assert headline.rate == pytest.approx(8 / 14)
    assert (headline.change, headline.closed_this_week, headline.history) == (-3, 3, (9, 6))


def test_a_headline_of_nothing_has_no_rate_and_no_change():
    now = pd.DataFrame({"opened": [0], "closed": [0], "open": [0], "overdue": [0]})
    headline = backlog_headline(now, pd.DataFrame({"week_end": pd.to_datetime([]), "open": [], "closed": []}))
    assert np.isnan(headline.rate)
    assert (headline.change, headline.closed_this_week, headline.history) == (None, None, ())


def test_the_ageing_bands_leave_no_day_out():
    assert AGE_BANDS == ("0-30天", "31-60天", "61-90天", "91-180天", "180天以上")


def _episodes(*rows):
    frame = pd.DataFrame(rows, columns=["township_code", "episode", "opened_on", "due_on", "closed_on"])
    for name in ("opened_on", "due_on", "closed_on"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[s]")
    return frame


def test_a_rebound_is_open_again_and_a_late_case_overdue_until_it_closes():
    episodes = _episodes(
        ("甲", 1, "2020-06-01", "2020-06-03", "2020-06-05"),
        ("甲", 2, "2020-06-07", None, None),
        ("乙", 1, "2020-06-02", "2020-06-02", None),
        ("丙", 1, "2020-06-01", None, None),
    )
    days = pd.DatetimeIndex(["2020-06-03", "2020-06-04", "2020-06-05", "2020-06-07"])
    found = states_on(episodes, days, ["甲", "乙"])
    assert found.loc["甲", "open"].tolist() == [1, 1, 0, 1]
    assert found.loc["甲", "overdue"].tolist() == [0, 1, 0, 0]
    assert found.loc["甲", "reopened_to_date"].tolist() == [0, 0, 0, 1]
    assert found.loc["乙", "overdue"].tolist() == [1, 1, 1, 1]
    assert found.index.get_level_values("township_code").unique().tolist() == ["甲", "乙"]


DAY = st.integers(0, 60)
EPISODE = st.tuples(
    st.sampled_from("甲乙"), st.integers(1, 2), DAY, st.one_of(st.none(), DAY), st.one_of(st.none(), DAY)
)


@given(st.lists(EPISODE, max_size=12))
def test_open_is_what_was_open_and_came_less_what_went(rows):
    start = pd.Timestamp("2020-01-01")

    def dated(days):
        return None if days is None else start + pd.Timedelta(days=days)

    rows = [(t, e, o, due, None if c is None else max(c, o)) for t, e, o, due, c in rows]
    episodes = _episodes(*((t, e, dated(o), dated(due), dated(c)) for t, e, o, due, c in rows))
    days = pd.date_range(start, periods=62, unit="s")
    found = flows(states_on(episodes, days, ["甲", "乙"]))
    for township in "甲乙":
        part = found.loc[township]
        before = part["open"].shift(fill_value=0)
        assert (part["open"] == before + part["opened"] + part["reopened"] - part["closed"]).all()
        for day, row in part.iterrows():
            d = (day - start).days
            mine = [r for r in rows if r[0] == township and r[2] <= d and (r[4] is None or r[4] > d)]
            assert row["open"] == len(mine)
            assert row["overdue"] == sum(r[3] is not None and r[3] < d for r in mine)
