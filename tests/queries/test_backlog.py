"""Hand-worked backlog of three townships, with decoys of another stream, platform, campaign and date."""

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.dialects import postgresql, sqlite

from analysis.scope import Scope
from database.tables import cases
from queries.backlog import ageing, backlog_at, backlog_by_month, backlog_by_week, campaign_at
from queries.backlog_states import stored_series, stored_state
from queries.cases import cases_counted, episodes, episodes_counted, touched_between

COUNTY = "330822"
JIA, YI, BING = "330822001", "330822104", "330822200"
CAMPAIGN = "百日"


def d(text):
    return date.fromisoformat(f"2020-{text}")


@pytest.fixture
def ledger(county, add, add_cases):
    """Seven petition_backlog cases of 2020 (August 23 and 30 are Sundays), and decoys."""
    add("campaigns", {"code": CAMPAIGN, "name": "百日攻坚", "starts_on": d("08-12"), "ends_on": d("11-19"),
                      "baseline_on": d("08-12"), "goal_rate": 80.0, "is_demo_goal": True})  # fmt: skip
    mine = {"campaign_code": CAMPAIGN}
    add_cases(
        {"case_no": "1", "opened_on": d("08-03"), "closed_on": d("08-12"), "closing_method": "调解协议", **mine},
        {"case_no": "2", "opened_on": d("08-10"), "due_on": d("08-25"), **mine},
        {"case_no": "3", "opened_on": d("08-04"), "closed_on": d("08-20"), "closing_method": "听证终结",
         "lead_department_code": "D04", **mine},
        # a rebound: closed in substance, open again since the 24th, now led by a department
        {"case_no": "4", "opened_on": d("08-05"), "closed_on": d("08-14"), "closing_method": "帮扶救助", **mine},
        {"case_no": "4", "episode": 2, "opened_on": d("08-24"), "first_opened_on": d("08-05"),
         "lead_department_code": "D04", **mine},
        # closed on the as-of day itself, after its due day
        {"case_no": "5", "township_code": YI, "opened_on": d("08-17"), "due_on": d("08-30"), "closed_on": d("08-31"),
         "closing_method": "复查复核三级终结", **mine},
        # due on the as-of day: not overdue before it has ended
        {"case_no": "6", "township_code": YI, "opened_on": d("08-26"), "due_on": d("08-31"), **mine},
        # of the stream, but not of the campaign
        {"case_no": "7", "township_code": YI, "opened_on": d("01-05"), "platform": "矛调中心"},
        # decoys: tomorrow's, another stream's, the county's own
        {"case_no": "8", "opened_on": d("09-01"), **mine},
        {"case_no": "9", "stream": "event", "opened_on": d("08-03")},
        {"case_no": "10", "township_code": "330822", "opened_on": d("08-03")},
    )  # fmt: skip


@pytest.fixture(params=["states", "cases"])
def counted(request, ledger, release):
    """Both ways to a stream's figures: stored as of the last Sunday or month end, and from the cases alone."""
    if request.param == "states":
        release()
    return request.param


COLUMNS = ["opened", "closed", "open", "overdue", "reopened", "substantive", "lawful", "led_opened", "led_closed",
           "department_opened", "department_closed"]  # fmt: skip


@pytest.mark.usefixtures("counted")
def test_each_case_counts_once_by_its_newest_episode(connection, scope):
    found = backlog_at(connection, scope).set_index("township_code")
    #                                          o  c  n  ov re su la lo lc do dc
    assert found.loc[JIA, COLUMNS].tolist() == [4, 2, 2, 1, 1, 1, 1, 2, 1, 2, 1]
    assert found.loc[YI, COLUMNS].tolist() == [3, 1, 2, 0, 0, 0, 1, 3, 1, 0, 0]
    assert found.loc[BING, COLUMNS].tolist() == [0] * 11
    assert found.loc[JIA, "rate"] == 0.5
    assert np.isnan(found.loc[BING, "rate"])
    assert found.index.tolist() == [JIA, YI, BING]


@pytest.mark.usefixtures("counted")
def test_figures_stand_at_the_end_of_any_day(connection, scope):
    figures = ["opened", "closed", "open", "overdue"]
    for day, jia, yi in (
        ("08-13", (4, 1, 3, 0), (1, 0, 1, 0)),
        ("08-14", (4, 2, 2, 0), (1, 0, 1, 0)),
        ("08-19", (4, 2, 2, 0), (2, 0, 2, 0)),
        ("08-20", (4, 3, 1, 0), (2, 0, 2, 0)),
        ("08-23", (4, 3, 1, 0), (2, 0, 2, 0)),
        ("08-24", (4, 2, 2, 0), (2, 0, 2, 0)),
        ("08-25", (4, 2, 2, 0), (2, 0, 2, 0)),
        ("08-26", (4, 2, 2, 1), (3, 0, 3, 0)),
        ("08-31", (4, 2, 2, 1), (3, 1, 2, 0)),
    ):
        found = backlog_at(connection, replace(scope, as_of=d(day))).set_index("township_code")
        assert (tuple(found.loc[JIA, figures]), tuple(found.loc[YI, figures])) == (jia, yi), day


def test_a_due_case_turns_overdue_the_day_after(connection, ledger, release, scope):
    release(d("09-30"))
    for day, overdue in (("08-31", 0), ("09-01", 1)):
        found = backlog_at(connection, replace(scope, as_of=d(day))).set_index("township_code")
        assert found.loc[YI, "overdue"] == overdue


@pytest.mark.usefixtures("counted")
def test_filters_narrow_what_is_counted(connection, scope):
    def opened(**narrower):
        return backlog_at(connection, replace(scope, **narrower))[["opened", "open"]].sum().tolist()

    assert opened(campaign=CAMPAIGN) == [6, 3]
    assert opened(platform="矛调中心") == [1, 1]
    assert opened(stream="event") == [1, 1]
    assert opened(campaign=CAMPAIGN, stream="event") == [0, 0]
    assert opened(campaign="其他") == [0, 0]
    assert opened(department="D04") == [2, 1]  # the case it has led since the rebound is its own
    assert opened(department="D04", as_of=d("08-20")) == [1, 0]
    assert opened(townships=frozenset({YI})) == [3, 2]
    assert opened(townships=frozenset()) == [0, 0]


@pytest.mark.usefixtures("counted")
def test_the_countys_own_cases_stand_below_the_townships(connection, scope):
    for day in ("08-03", "08-05", "08-13", "08-23", "08-27", "08-31"):
        asked = replace(scope, as_of=d(day))
        found = backlog_at(connection, asked, with_county=True).set_index("township_code")
        assert found.index.tolist() == [JIA, YI, BING, COUNTY]
        assert found.loc[COUNTY, ["opened", "closed", "open"]].tolist() == [1, 0, 1], day  # case 10
        assert found.drop(index=COUNTY).reset_index().equals(backlog_at(connection, asked))
        ages = ageing(connection, asked, with_county=True)
        assert ages.groupby("township_code")["open"].sum()[COUNTY] == 1, day
        assert ages.set_index(["township_code", "band"])["open"][COUNTY, "0-30天"] == 1, day


@pytest.mark.parametrize(("read", "end"), [(backlog_by_week, "week_end"), (backlog_by_month, "month_end")])
def test_the_countys_own_cases_run_beside_the_townships(connection, ledger, release, scope, read, end):
    release()
    asked = replace(scope, as_of=d("08-27"))
    found = read(connection, asked, with_county=True)
    own = found[found["township_code"] == COUNTY].set_index(end)
    assert own["opened"].sum() == 1
    assert own["closed"].sum() == 0
    assert own["open"].iloc[-1] == 1
    assert own.loc["2020-07-31" if read is backlog_by_month else "2020-08-02", "open"] == 0
    rest = found[found["township_code"] != COUNTY].reset_index(drop=True)
    assert rest.equals(read(connection, asked))
    assert rest[end].unique().tolist() == own.index.tolist()


def test_the_countys_own_cases_of_a_department_are_counted(connection, ledger, add_cases, scope):
    add_cases({"case_no": "11", "township_code": COUNTY, "opened_on": d("08-20"), "lead_department_code": "D04"})
    asked = replace(scope, department="D04")
    assert backlog_at(connection, asked, with_county=True).set_index("township_code").loc[COUNTY, "opened"] == 1
    weekly = backlog_by_week(connection, asked, with_county=True)
    assert weekly.loc[weekly["township_code"] == COUNTY, "opened"].sum() == 1


@pytest.mark.usefixtures("counted")
def test_part_of_the_townships_leaves_the_countys_own_cases_out(connection, scope):
    part = replace(scope, townships=frozenset({JIA, YI}))
    assert backlog_at(connection, part, with_county=True)["township_code"].tolist() == [JIA, YI]


def test_a_township_filter_takes_rows_away_and_changes_none(connection, ledger, release, scope):
    release()
    whole = backlog_at(connection, scope)
    part = backlog_at(connection, replace(scope, townships=frozenset({YI})))
    assert part.equals(whole[whole["township_code"] == YI].reset_index(drop=True))


def test_no_township_gives_no_rows_of_the_same_types(connection, ledger, release, scope):
    release()
    nobody = replace(scope, townships=frozenset())
    for read in (backlog_at, backlog_by_week, backlog_by_month, ageing):
        empty, full = read(connection, nobody), read(connection, scope)
        assert empty.empty
        assert empty.dtypes.equals(full.dtypes)


def test_weeks_add_up_and_end_with_the_cut_one(connection, ledger, release, scope):
    release()
    weeks = backlog_by_week(connection, scope)
    mine = weeks[weeks["township_code"] == JIA].set_index("week_end")
    flows = ["opened", "reopened", "closed", "open", "overdue"]
    assert mine.index[0] == pd.Timestamp("2020-01-05")  # the county's first stored week
    assert mine.loc["2020-08-02", flows].tolist() == [0, 0, 0, 0, 0]  # an empty week stays
    assert mine.loc["2020-08-09", flows].tolist() == [3, 0, 0, 3, 0]
    assert mine.loc["2020-08-16", flows].tolist() == [1, 0, 2, 2, 0]
    assert mine.loc["2020-08-23", flows].tolist() == [0, 0, 1, 1, 0]
    assert mine.loc["2020-08-30", flows].tolist() == [0, 1, 0, 2, 1]
    assert mine.loc["2020-08-31", flows].tolist() == [0, 0, 0, 2, 1]
    assert mine["is_partial"].tolist() == [False] * (len(mine) - 1) + [True]
    assert len(weeks) == 3 * len(mine)


def test_a_week_that_ends_on_the_as_of_day_is_whole(connection, ledger, release, scope):
    release()
    weeks = backlog_by_week(connection, replace(scope, as_of=d("08-30")))
    assert weeks["week_end"].max() == pd.Timestamp("2020-08-30")
    assert not weeks["is_partial"].any()


def test_the_last_week_agrees_with_the_headline_on_a_day_that_is_not_stored(connection, ledger, release, scope):
    release()
    asked = replace(scope, as_of=d("08-27"))
    last = backlog_by_week(connection, asked).groupby("township_code").tail(1).set_index("township_code")
    now = backlog_at(connection, asked).set_index("township_code")
    assert last["open"].equals(now["open"])
    assert last["overdue"].equals(now["overdue"])
    assert last.loc[YI, ["opened", "is_partial"]].tolist() == [1, True]


def test_months_end_with_the_cut_one(connection, ledger, release, scope):
    release()
    found = backlog_by_month(connection, replace(scope, as_of=d("08-27")))
    mine = found[found["township_code"] == JIA].set_index("month_end")
    assert mine.loc["2020-07-31", ["opened", "open"]].tolist() == [0, 0]
    assert mine.loc["2020-08-27", ["opened", "reopened", "closed", "open", "is_partial"]].tolist() == [4, 1, 3, 2, True]
    whole = backlog_by_month(connection, scope)
    assert not whole["is_partial"].any()
    assert whole["month_end"].max() == pd.Timestamp("2020-08-31")


def test_a_campaign_is_told_from_the_week_it_starts_in(connection, ledger, scope):
    weeks = backlog_by_week(connection, replace(scope, campaign=CAMPAIGN))
    mine = weeks[weeks["township_code"] == JIA].set_index("week_end")
    flows = ["opened", "reopened", "closed", "open", "overdue"]
    # four cases were open before the campaign began on the 12th: no flow of its first week
    assert mine.loc["2020-08-16", flows].tolist() == [0, 0, 2, 2, 0]
    assert mine.loc["2020-08-31", flows].tolist() == [0, 0, 0, 2, 1]
    assert mine.index.tolist() == list(pd.to_datetime(["2020-08-16", "2020-08-23", "2020-08-30", "2020-08-31"]))
    assert weeks[weeks["township_code"] == BING]["open"].tolist() == [0, 0, 0, 0]
    assert backlog_by_week(connection, replace(scope, campaign=CAMPAIGN, as_of=d("08-11"))).empty


def test_a_department_is_told_by_the_episodes_it_leads(connection, ledger, scope):
    weeks = backlog_by_week(connection, replace(scope, department="D04"))
    mine = weeks[weeks["township_code"] == JIA].set_index("week_end")
    assert mine[["opened", "reopened", "closed", "open"]].sum().tolist()[:3] == [1, 1, 1]
    assert mine.loc["2020-08-31", "open"] == 1


@pytest.mark.usefixtures("counted")
def test_open_cases_age_from_their_first_opening(connection, scope):
    found = ageing(connection, scope).pivot_table(index="township_code", columns="band", values="open")
    assert found.loc[JIA].to_dict() == {"0-30天": 2, "31-60天": 0, "61-90天": 0, "91-180天": 0, "180天以上": 0}
    assert found.loc[YI, "180天以上"] == 1  # since January 5: 239 days
    assert found.loc[YI, "0-30天"] == 1


@pytest.mark.usefixtures("counted")
def test_a_case_grows_out_of_its_band_on_any_day(connection, scope):
    for day, band in (
        ("02-04", "0-30天"),
        ("02-05", "31-60天"),
        ("03-05", "31-60天"),
        ("03-06", "61-90天"),
        ("07-03", "91-180天"),
        ("07-04", "180天以上"),
    ):
        found = ageing(connection, replace(scope, as_of=d(day)))
        assert found[(found["township_code"] == YI) & (found["open"] == 1)]["band"].tolist() == [band], day


def test_a_rebound_ages_from_its_first_episode(connection, county, add_cases, release, scope):
    add_cases(
        {"case_no": "1", "opened_on": d("01-01"), "closed_on": d("02-01"), "closing_method": "调解协议"},
        {"case_no": "1", "episode": 2, "opened_on": d("08-20"), "first_opened_on": d("01-01")},
    )
    release(d("08-30"))
    found = ageing(connection, scope)
    assert found[found["open"] == 1]["band"].tolist() == ["180天以上"]


def test_a_campaign_line_is_the_countys_whatever_is_filtered(connection, ledger, scope):
    narrow = replace(scope, townships=frozenset({YI}), stream="event", department="D04", platform="矛调中心")
    line = campaign_at(connection, narrow).iloc[0]
    assert line[["opened", "closed", "open", "overdue", "reopened"]].tolist() == [6, 3, 3, 1, 1]
    assert line[["substantive", "lawful", "closed_7_days"]].tolist() == [1, 2, 1]
    assert line[["baseline_opened", "baseline_closed"]].tolist() == [4, 1]
    assert line[["code", "goal_rate", "is_demo_goal", "is_running"]].tolist() == [CAMPAIGN, 80.0, True, True]


def test_campaigns_appear_when_they_begin_and_stay_when_they_end(connection, ledger, add, scope):
    add("campaigns", {"code": "旧", "name": "旧攻坚", "starts_on": date(2019, 3, 1), "ends_on": date(2019, 6, 1)})
    assert campaign_at(connection, replace(scope, as_of=d("08-11")))["code"].tolist() == ["旧"]
    found = campaign_at(connection, scope)
    assert found["code"].tolist() == [CAMPAIGN, "旧"]
    assert found["is_running"].tolist() == [True, False]
    assert found["opened"].tolist() == [6, 0]
    assert campaign_at(connection, replace(scope, campaign="旧"))["code"].tolist() == ["旧"]


DAY = st.integers(0, 40)
CASE = st.tuples(st.sampled_from((JIA, YI)), DAY, st.one_of(st.none(), DAY), st.one_of(st.none(), DAY), st.booleans(),
                 st.one_of(st.none(), DAY))  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CASE, max_size=8), st.integers(0, 48))
def test_any_day_equals_a_recount_of_the_cases(connection, county, release, scope, drawn, after):
    start, rows = date(2020, 7, 1), []
    for i, (township, opened, due, lasts, is_led, again) in enumerate(drawn):
        closed = None if lasts is None else opened + lasts
        first = {
            "township_code": township,
            "case_no": str(i),
            "stream": "petition_backlog",
            "episode": 1,
            "opened_on": _day(start, opened),
            "first_opened_on": _day(start, opened),
            "due_on": _day(start, due),
            "closed_on": _day(start, closed),
            "closing_method": None if closed is None else "听证终结",
            "lead_department_code": None if is_led else "D01",
        }
        rows.append(first)
        if closed is not None and again is not None:
            later = dict.fromkeys(("due_on", "closed_on", "closing_method", "lead_department_code"))
            rows.append({**first, **later, "episode": 2, "opened_on": _day(start, closed + 1 + again)})
    day = _day(start, after)
    with connection.begin_nested() as nested:
        if rows:
            connection.execute(cases.insert(), rows)
        release(date(2020, 8, 9))
        asked = Scope(as_of=day, townships=scope.townships)
        found = backlog_at(connection, asked).set_index("township_code")
        aged = ageing(connection, asked).groupby("township_code")["open"].sum()
        for township in (JIA, YI):
            begun = [row for row in rows if row["township_code"] == township and row["opened_on"] <= day]
            newest = {row["case_no"]: row for row in sorted(begun, key=lambda row: row["episode"])}.values()
            still = [row for row in newest if row["closed_on"] is None or row["closed_on"] > day]
            late = [row for row in still if row["due_on"] is not None and row["due_on"] < day]
            led = [row for row in newest if row["lead_department_code"] is None]
            expected = [len(newest), len(newest) - len(still), len(still), len(late), len(led)]
            names = ["opened", "closed", "open", "overdue", "led_opened"]
            assert found.loc[township, names].tolist() == expected
            assert aged[township] == len(still)
        nested.rollback()


def _day(start, days):
    return None if days is None else date.fromordinal(start.toordinal() + days)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_every_statement_compiles_for_both_databases(dialect, scope):
    codes = sorted(scope.townships)
    touched = touched_between(scope, codes, d("08-30"), d("08-31"), with_ages=True)
    for statement in (
        cases_counted(scope, codes, scope.as_of),
        episodes_counted(scope, codes, scope.as_of, touched),
        episodes(scope, codes),
        stored_state(scope, codes, scope.as_of),
        stored_series(scope, codes),
    ):
        assert "SELECT" in str(statement.compile(dialect=dialect))
