from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from analysis import clearing
from analysis.forecast import Backtest, Clearing

AS_OF = date(2020, 8, 31)
TIMES = pd.DataFrame({"days": [10, 30, 20, -1], "is_closed": [True, False, True, True], "cases": [4, 2, 2, 5]})


def test_open_cases_count_as_at_least_this_long_and_errors_not_at_all() -> None:
    times = clearing.closing_times(TIMES)
    assert (times.cases, times.still_open, times.wrong, times.longest) == (8, 2, 5, 30)
    assert times.curve[["time", "at_risk", "events"]].to_numpy().tolist() == [[10, 8, 4], [20, 4, 2]]
    assert times.curve["survival"].tolist() == [0.5, 0.25]
    assert times.median == 10
    assert clearing.times_finding(times, closed="化解") == (
        "一半案件在10天内化解（8件，其中2件未化解，按“至少已这么久”计入）"
    )
    assert clearing.wrong_note(times).startswith("另有5件的化解日期早于交办日期")


def test_what_is_closed_on_its_first_day_took_no_time() -> None:
    times = clearing.closing_times(TIMES.assign(days=[0, 30, 20, -1]))
    assert (times.cases, times.wrong, times.median) == (8, 5, 0)
    assert clearing.closing_times(TIMES.assign(days=[1, 30, 20, 0])).wrong == 0


def test_without_a_median_it_is_said_that_more_than_half_wait() -> None:
    waiting = TIMES.assign(days=[30, 30, 20, 10], is_closed=False)
    times = clearing.closing_times(waiting.head(3))
    assert clearing.times_finding(times, closed="化解").startswith("尚有一半以上未办结（8件，其中8件未化解")
    assert clearing.curve_steps(times).empty
    assert clearing.after_days(times).empty
    assert clearing.wrong_note(times) == ""
    nothing = clearing.closing_times(TIMES.head(0))
    assert (nothing.cases, nothing.longest) == (0, 0)


def test_of_too_few_cases_no_time_is_told() -> None:
    few = clearing.closing_times(TIMES.head(1))
    assert clearing.times_finding(few, closed="化解") == "只有4件，基数小（不足5件），不推算化解用时"
    enough = clearing.closing_times(TIMES.head(1).assign(cases=5))
    assert clearing.times_finding(enough, closed="化解").startswith("一半案件在10天内化解（5件")


def test_the_curve_runs_from_all_open_to_the_longest_time_known() -> None:
    steps = clearing.curve_steps(clearing.closing_times(TIMES))
    assert steps["days"].tolist() == [0, 10, 20, 30]
    assert steps["still_open"].tolist() == [1, 0.5, 0.25, 0.25]


def test_nothing_is_said_of_times_that_no_case_has_lived_to() -> None:
    table = clearing.after_days(clearing.closing_times(TIMES))
    assert table["within"].tolist() == ["30天内"]
    assert table["closed"].tolist() == ["75.0%"]
    later = clearing.after_days(clearing.closing_times(TIMES.assign(days=[10, 61, 20, -1])))
    assert later["within"].tolist() == ["30天内", "60天内"]
    last = clearing.after_days(clearing.closing_times(TIMES.assign(days=[10, 30, 30, -1])))
    assert last["closed"].tolist() == ["75.0%"], "closed on the thirtieth day is closed within thirty"


def _weekly(opened: list[int], closed: list[int], *, start: int, is_cut: bool = False) -> pd.DataFrame:
    ends = [pd.Timestamp(2020, 1, 5) + pd.Timedelta(weeks=i) for i in range(len(opened))]
    frame = pd.DataFrame({"week_end": ends, "opened": opened, "closed": closed, "reopened": 0})
    frame["open"] = start + (frame["opened"] - frame["closed"]).cumsum()
    frame["is_partial"] = [False] * (len(frame) - 1) + [is_cut]
    halves = frame.assign(opened=0, closed=0, open=0)
    return pd.concat([frame.assign(township_code="1"), halves.assign(township_code="2")], ignore_index=True)


def test_a_steady_backlog_is_cleared_when_arithmetic_says_so() -> None:
    weekly = _weekly([1] * 60, [3] * 60, start=140)  # falls by 2 a week to 20
    found = clearing.outlook(weekly, is_cohort=False)
    assert found is not None
    assert (found.open_now, found.weeks, found.weekly_closed, found.weekly_opened) == (20, 12, 3, 1)
    assert found.clearing.refusal == ""
    cleared = date(2020, 1, 5) + timedelta(weeks=59 + 10)
    said = f"{cleared.year}年{cleared.month}月{cleared.day}日"
    assert clearing.clearing_finding(found, closed="化解") == f"按近12周的速度，预计{said}前后清零"
    dates = clearing.clearing_dates(found)
    assert dates["by"].tolist() == [said] * 3
    assert dates["weeks"].tolist() == [10] * 3
    assert clearing.direction(found, opened="交办", closed="化解") == (
        "近12周平均每周化解3件，交办1件；未化解20件。过去39次预测中有39次落在区间内。"
    )


def test_what_comes_back_comes_in() -> None:
    weekly = _weekly([1] * 60, [3] * 60, start=140)
    anew = clearing.outlook(weekly, is_cohort=False)
    back = clearing.outlook(weekly.assign(opened=0, reopened=weekly["opened"]), is_cohort=False)
    assert back == anew
    assert back is not None
    assert back.weekly_opened == 1


def test_a_cut_week_is_no_week_of_the_forecast() -> None:
    weekly = _weekly([1] * 40, [3] * 39 + [99], start=300, is_cut=True)
    found = clearing.outlook(weekly, is_cohort=False)
    assert found is not None
    assert (found.open_now, found.weekly_closed) == (300 - 2 * 39, 3)
    assert clearing.outlook(weekly.tail(1).assign(is_partial=True), is_cohort=False) is None


def test_a_cohort_counts_its_closures_alone() -> None:
    weekly = _weekly([2] * 40, [3] * 40, start=100)
    cohort, stream = (clearing.outlook(weekly, is_cohort=is_cohort) for is_cohort in (True, False))
    assert cohort is not None
    assert stream is not None
    assert (cohort.clearing.weeks[0.5], stream.clearing.weeks[0.5]) == (20, 60)


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("按目前速度积压不会下降", "按目前速度积压不会下降"),
        (
            "可供检验的历史预测不足20次，只说方向，不报日期",
            "积压在减少；可供检验的历史预测不足20次，只说方向，不报日期",
        ),
    ],
)
def test_the_refusal_is_said_instead_of_a_date(refusal: str, said: str) -> None:
    weeks: dict[float, int | None] = {0.5: 3, 0.85: 4, 0.95: None}
    found = clearing.Outlook(Clearing(weeks, Backtest(0, 0), refusal), AS_OF, 5, 11, 2.0, 1.0, is_cohort=False)
    assert clearing.clearing_finding(found, closed="化解") == said
    assert clearing.clearing_dates(found).empty
    assert clearing.direction(found, opened="交办", closed="化解") == "近11周平均每周化解2件，交办1件；未化解5件。"


def test_a_cleared_backlog_needs_no_date_and_a_far_one_has_none() -> None:
    weeks: dict[float, int | None] = {0.5: 1, 0.85: 2, 0.95: None}
    far = clearing.Outlook(Clearing(weeks, Backtest(30, 28), ""), date(2020, 8, 30), 5, 12, 2.0, 1.0, is_cohort=False)
    assert clearing.clearing_dates(far)["by"].tolist() == ["2020年9月6日", "2020年9月13日", "十年以上"]
    done = clearing.Outlook(Clearing(weeks, Backtest(30, 28), ""), date(2020, 8, 30), 0, 12, 2.0, 1.0, is_cohort=False)
    assert clearing.clearing_finding(done, closed="化解") == "截至2020年8月30日已全部化解"
    assert np.array_equal(clearing.clearing_dates(done).columns, ["sure", "weeks", "by"])
    assert clearing.clearing_dates(done).empty
