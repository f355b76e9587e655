"""Each row of the rule table of DOMAIN "Lights", at its boundaries."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.lights import LIGHTS, RED, Light, light, light_history, lights

AUGUST = date(2020, 8, 1)  # E = 2020-08-31, E + 15 days = 2020-09-15
BEGUN, FAR = date(2020, 5, 1), date(2020, 12, 31)


def _light(planned=50.0, actual=50.0, *, starts_on=BEGUN, due_on=FAR, previous=None, month=AUGUST):
    return light(planned, actual, starts_on=starts_on, due_on=due_on, month=month, previous=previous)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        # 1 不涉及 / 未到启动期
        ({"planned": None, "actual": None}, Light.NOT_STARTED),
        ({"starts_on": date(2020, 9, 1), "actual": 100.0}, Light.NOT_STARTED),
        ({"planned": 0.0, "actual": None}, Light.NOT_STARTED),
        ({"planned": 0.0, "actual": 0.0, "due_on": date(2020, 8, 1)}, Light.NOT_STARTED),
        ({"planned": 0.0, "actual": 1.0}, Light.ON_TRACK),
        ({"starts_on": date(2020, 8, 31)}, Light.ON_TRACK),
        # 2 已完成
        ({"actual": 100.0, "due_on": date(2020, 6, 30), "previous": Light.OVERDUE}, Light.DONE),
        ({"actual": 99.9, "planned": 99.9}, Light.ON_TRACK),
        # 3 逾期: due before E, reported or not; on E itself not yet
        ({"actual": 99.0, "due_on": date(2020, 8, 30)}, Light.OVERDUE),
        ({"actual": None, "due_on": date(2020, 8, 30)}, Light.OVERDUE),
        ({"actual": 99.0, "planned": 99.0, "due_on": date(2020, 8, 31)}, Light.DUE_SOON),
        # 4 未报送, the second month running 连续未报
        ({"actual": None}, Light.UNREPORTED),
        ({"actual": None, "previous": Light.FAR_BEHIND}, Light.UNREPORTED),
        ({"actual": None, "previous": Light.UNREPORTED}, Light.UNREPORTED_AGAIN),
        ({"actual": None, "previous": Light.UNREPORTED_AGAIN}, Light.UNREPORTED_AGAIN),
        ({"actual": None, "due_on": date(2020, 9, 15)}, Light.UNREPORTED),
        # 5 严重滞后: ten points or more
        ({"planned": 60.0, "actual": 50.0}, Light.FAR_BEHIND),
        ({"planned": 64.1, "actual": 54.1}, Light.FAR_BEHIND),
        (
            {"planned": 60.0, "actual": 50.0, "due_on": date(2020, 9, 15), "previous": Light.FAR_BEHIND},
            Light.FAR_BEHIND,
        ),
        # 6 滞后: by less than ten
        ({"planned": 60.0, "actual": 50.1}, Light.BEHIND),
        ({"planned": 50.1, "actual": 50.0, "previous": Light.OVERDUE}, Light.BEHIND),
        # 7 已补齐: red the month before, the plan met now; goes before 临期
        ({"previous": Light.FAR_BEHIND}, Light.MADE_UP),
        ({"previous": Light.UNREPORTED_AGAIN, "due_on": date(2020, 9, 15)}, Light.MADE_UP),
        ({"previous": Light.UNREPORTED}, Light.ON_TRACK),
        ({"previous": Light.BEHIND}, Light.ON_TRACK),
        # 8 临期: due by E + 15 days
        ({"due_on": date(2020, 9, 15)}, Light.DUE_SOON),
        ({"due_on": date(2020, 9, 16)}, Light.ON_TRACK),
        # 9 正常
        ({"actual": 80.0}, Light.ON_TRACK),
        ({"due_on": None, "starts_on": None}, Light.ON_TRACK),
        ({"previous": Light.MADE_UP}, Light.ON_TRACK),
    ],
)
def test_the_first_rule_that_fits_gives_the_light(case, expected):
    assert _light(**case) is expected


def test_any_day_of_the_month_means_its_last_day():
    assert _light(due_on=date(2020, 8, 30), month=date(2020, 8, 20)) is Light.OVERDUE


def test_a_nan_is_a_missing_report():
    assert _light(actual=float("nan")) is Light.UNREPORTED


def test_a_light_of_the_month_before_may_come_as_text():
    assert _light(actual=None, previous="unreported") is Light.UNREPORTED_AGAIN


def test_every_light_has_a_word_and_a_shape_and_red_is_told_from_them():
    assert set(LIGHTS) == set(Light)
    assert len({mark.word for mark in LIGHTS.values()}) == len(Light)
    assert {(m.shape, m.level) for m in LIGHTS.values()} == {
        ("✓", "green"), ("●", "green"), ("▲", "yellow"), ("■", "red"), ("○", "grey"), ("—", "none")
    }  # fmt: skip
    assert {Light.OVERDUE, Light.FAR_BEHIND, Light.UNREPORTED_AGAIN} == RED


def test_two_silent_months_turn_red_and_a_third_report_makes_up():
    months = pd.DatetimeIndex(["2020-05-01", "2020-06-01", "2020-07-01", "2020-08-01"])
    planned = pd.DataFrame([[10.0, 20.0, 30.0, 40.0]], columns=months)
    actual = pd.DataFrame([[10.0, np.nan, np.nan, 40.0]], columns=months)
    found = light_history(planned, actual, pd.Series([pd.Timestamp(BEGUN)]), pd.Series([pd.Timestamp(FAR)]))
    assert found.iloc[0].tolist() == ["on_track", "unreported", "unreported_again", "made_up"]


PCT = st.one_of(st.none(), st.sampled_from([0.0, 10.0, 50.0, 60.0, 99.0, 100.0]), st.floats(0, 100))
DAY = st.one_of(st.none(), st.dates(date(2020, 5, 1), date(2020, 12, 31)))
CELL = st.tuples(PCT, PCT, DAY, DAY, st.one_of(st.none(), st.sampled_from(list(Light))))


@given(st.lists(CELL, min_size=1, max_size=8))
def test_many_cells_at_once_get_the_lights_they_get_alone(cells):
    planned, actual, starts_on, due_on, previous = zip(*cells, strict=True)
    found = lights(
        np.array(planned, dtype=float),
        np.array(actual, dtype=float),
        starts_on=np.array(starts_on, dtype="datetime64[D]"),
        due_on=np.array(due_on, dtype="datetime64[D]"),
        month=AUGUST,
        previous=np.array([str(name or "") for name in previous]),
    )
    alone = [light(p, a, starts_on=s, due_on=d, month=AUGUST, previous=b) for p, a, s, d, b in cells]
    assert found.tolist() == [str(name) for name in alone]


@given(PCT, DAY, DAY, st.floats(0, 100), st.floats(0, 100))
def test_more_progress_never_makes_a_light_graver(planned, starts_on, due_on, one, other):
    less, more = sorted((one, other))
    order = [Light.OVERDUE, Light.FAR_BEHIND, Light.BEHIND, Light.DUE_SOON, Light.ON_TRACK, Light.DONE]
    low, high = (_light(planned, x, starts_on=starts_on, due_on=due_on) for x in (less, more))
    if Light.NOT_STARTED not in (low, high):
        assert order.index(low) <= order.index(high)
