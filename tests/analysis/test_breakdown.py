from datetime import date
from math import isnan

import pandas as pd
import pytest

from analysis import breakdown
from analysis.scope import Scope

LABELS = {"2": "白石", "1": "天马", "9": "何家"}
CAMPAIGNS = pd.DataFrame(
    {
        "code": ["OLD", "X"],
        "starts_on": pd.to_datetime(["2019-01-01", "2020-06-12"]),
        "ends_on": pd.to_datetime(["2019-02-01", "2020-09-19"]),
        "baseline_on": pd.to_datetime(["2019-01-01", "2020-06-12"]),
        "name": ["旧攻坚", "百日攻坚"],
        "goal_rate": [100.0, 80.0],
        "is_demo_goal": [False, True],
    }
)
SCOPE = Scope(date(2020, 6, 24), frozenset(LABELS), campaign="X")


def _now(*rows: tuple[str, int, int]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["township_code", "opened", "closed"])
    zeros = dict.fromkeys(set(breakdown.COUNTS) - {"opened", "closed", "open"}, 0)
    return frame.assign(open=frame["opened"] - frame["closed"], rate=frame["closed"] / frame["opened"], **zeros)


NOW = _now(("1", 9, 6), ("2", 4, 4))
THEN = _now(("1", 6, 1), ("2", 4, 1))
WEEKLY = pd.DataFrame(
    {
        "township_code": ["1", "1", "2", "2"],
        "week_end": pd.to_datetime(["2020-06-14", "2020-06-21"] * 2).astype("datetime64[s]"),
        "opened": [1, 3, 0, 0],
        "reopened": [0, 1, 0, 0],
        "closed": [1, 4, 1, 2],
        "open": [5, 5, 2, 0],
        "overdue": [0, 1, 0, 0],
    }
)


def test_townships_stand_in_fixed_order_with_x_of_n_and_the_caveat_of_small_numbers() -> None:
    frame = breakdown.by_township(NOW, LABELS)
    assert list(frame["township"]) == ["白石", "天马"]
    assert list(frame["resolved"]) == ["100.0%（4/4）", "66.7%（6/9）"]
    assert list(frame["marked"]) == ["100.0%（4/4）※", "66.7%（6/9）"]
    assert list(frame["note"]) == ["基数小（不足5件），不排名", ""]


def test_the_total_adds_up_and_its_rate_is_of_the_sums() -> None:
    row = breakdown.total(NOW, "全县")
    assert (row["township"], row["opened"], row["closed"], row["open"]) == ("全县", 13, 10, 3)
    assert row["rate"] == pytest.approx(10 / 13)
    assert row["resolved"] == "76.9%（10/13）"
    assert isnan(breakdown.total(NOW.head(0), "全县")["rate"])


def test_weeks_add_the_townships_up() -> None:
    weeks = breakdown.weekly_total(WEEKLY)
    assert list(weeks["label"]) == ["6月14日", "6月21日"]
    assert weeks[["opened", "closed", "open"]].to_numpy().tolist() == [[1, 2, 7], [3, 6, 5]]
    assert breakdown.weekly_total(WEEKLY.head(0)).empty


def test_only_the_last_weeks_are_kept() -> None:
    kept = breakdown.recent(WEEKLY, weeks=1)
    assert list(kept["township_code"]) == ["1", "2"]
    assert set(kept["week_end"].dt.day) == {21}


def test_the_countys_own_cases_stand_last_and_only_where_there_are_any() -> None:
    with_own = pd.concat([_now(("330822", 2, 1)), NOW], ignore_index=True)
    assert list(breakdown.by_township(with_own, LABELS)["township"]) == ["白石", "天马", "县本级"]
    without = pd.concat([_now(("330822", 0, 0)), NOW], ignore_index=True)
    assert breakdown.by_township(without, LABELS).equals(breakdown.by_township(NOW, LABELS))


def test_the_newest_campaign_is_the_last_one_begun() -> None:
    asked = Scope(date(2020, 6, 12), frozenset(LABELS), platform="慢城通")
    newest_first = CAMPAIGNS.iloc[::-1]
    assert breakdown.in_newest_campaign(asked, newest_first).campaign == "X"
    assert breakdown.in_newest_campaign(asked, newest_first).platform == ""
    before = breakdown.days_before(asked, 1)
    assert before.as_of == date(2020, 6, 11)
    assert breakdown.in_newest_campaign(before, newest_first).campaign == "OLD"
    assert breakdown.in_newest_campaign(breakdown.days_before(asked, 900), newest_first).campaign is None


def test_the_pace_is_that_of_the_chosen_townships() -> None:
    found = breakdown.campaign_now(SCOPE, CAMPAIGNS, NOW, THEN)
    assert found is not None
    assert (found.name, found.ends_on, found.is_demo_goal) == ("百日攻坚", date(2020, 9, 19), True)
    assert (found.baseline_closed, found.baseline_opened) == (2, 10)
    assert (found.pace.day, found.pace.days_left) == (13, 87)
    assert found.pace.rise_points == pytest.approx((10 / 13 - 2 / 10) * 100)
    assert breakdown.campaign_now(Scope(SCOPE.as_of, SCOPE.townships), CAMPAIGNS, NOW, THEN) is None


def test_the_baseline_is_asked_for_at_the_campaigns_own_day() -> None:
    assert breakdown.at_baseline(SCOPE, CAMPAIGNS).as_of == date(2020, 6, 12)
    without = Scope(SCOPE.as_of, SCOPE.townships)
    assert breakdown.at_baseline(without, CAMPAIGNS) == without


def test_progress_counts_back_from_today_and_runs_on_to_the_campaigns_end() -> None:
    rows = breakdown.progress(SCOPE, CAMPAIGNS, WEEKLY, NOW, THEN)
    assert [str(day.date()) for day in rows["day"]] == ["2020-06-12", "2020-06-14", "2020-06-21", "2020-09-19"]
    assert rows["opened"].tolist()[:3] == [10, 10, 13]  # 13 today, 3 of them in the last week
    assert rows["closed"].tolist()[:3] == [2, 3, 8]
    assert rows["rate"].tolist()[:3] == pytest.approx([0.2, 0.3, 8 / 13])
    assert isnan(rows["rate"].iloc[3])
    assert rows["pace"].iloc[[0, 3]].tolist() == pytest.approx([0.2, 0.8])
    assert rows["pace"].iloc[2] == pytest.approx(0.2 + 0.6 * 9 / 99)


def test_without_a_campaign_the_weeks_stand_alone() -> None:
    rows = breakdown.progress(Scope(SCOPE.as_of, SCOPE.townships), CAMPAIGNS, WEEKLY, NOW, NOW)
    assert rows["rate"].tolist() == pytest.approx([0.3, 8 / 13])
    assert rows["pace"].isna().all()
    assert breakdown.rates(rows) == pytest.approx((0.3, 8 / 13))


def test_an_unknown_campaign_is_named() -> None:
    with pytest.raises(ValueError, match="NONE"):
        breakdown.campaign_now(Scope(SCOPE.as_of, SCOPE.townships, campaign="NONE"), CAMPAIGNS, NOW, THEN)
