"""What the pages of platforms, totals, a township, the campaign and clearing show equals a recount from raw rows.

Twenty days drawn with a seed, every township, either database; the recount is plain pandas and shares nothing with the
reads. `test_as_of` does the same for the backlog, its breakdowns and the lights.
"""

import random
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from analysis.scope import Scope
from queries.backlog import backlog_by_month, campaign_at
from queries.case_times import case_times
from queries.services import risk_levels, service_departments, service_months, services
from queries.township import village_backlog

FIRST, LAST, CAMPAIGN = date(2018, 2, 1), date(2020, 8, 31), "BRGJ2020"
SUBSTANTIVE = ["问题解决到位", "调解协议", "帮扶救助", "政策解释息诉"]
KEY = ["township_code", "case_no", "episode"]
DRAWN = random.Random(20)
DAYS = sorted({LAST, *(FIRST + timedelta(days=DRAWN.randrange((LAST - FIRST).days)) for _ in range(19))})
IN_CAMPAIGN = sorted(date(2020, 6, 12) + timedelta(days=DRAWN.randrange(81)) for _ in range(19))


@pytest.fixture(scope="module")
def demo(demo_engine):
    with demo_engine.connect() as connection:
        yield connection


@pytest.fixture(scope="module")
def raw(demo):
    days = ["opened_on", "first_opened_on", "due_on", "closed_on"]
    rows = pd.read_sql(sa.text("select * from cases"), demo, parse_dates=days).fillna({"platform": "", "level": ""})
    involved = pd.read_sql(sa.text("select * from case_departments"), demo)
    rows = rows.merge(involved.groupby(KEY).size().rename("departments"), on=KEY, how="left")
    return rows.sort_values(["case_no", "episode"], ignore_index=True), involved


@pytest.fixture(scope="module")
def whole(demo):
    codes = demo.scalars(sa.text("select code from regions where level = 'township'"))
    return Scope(as_of=LAST, townships=frozenset(codes))


def _span(day):
    """Return the twelve full months that end on or before a day."""
    last = pd.Timestamp(day) + pd.Timedelta(days=1)
    last = last.replace(day=1) - pd.Timedelta(days=1)
    return last + pd.Timedelta(days=1) - pd.DateOffset(years=1), last


def _at(rows, day):
    """Return the newest episode of each case begun by a day, and whether it is open and overdue at the day's end."""
    end = pd.Timestamp(day)
    newest = rows[rows["opened_on"] <= end].drop_duplicates("case_no", keep="last")
    is_open = ~(newest["closed_on"] <= end)
    return newest.assign(open=is_open, overdue=is_open & (newest["due_on"] < end))


def _marked(rows, day):
    """Mark each episode with what a platform is told of it; the marks are what the sums are over."""
    (first, last), state = _span(day), _at(rows, day)
    begun = (rows["episode"] == 1) & rows["opened_on"].between(first, last)
    closed = rows["closed_on"].between(first, last)
    falls = rows[["closed_on", "due_on"]].min(axis=1, skipna=True).where(rows["due_on"].notna()).between(first, last)
    in_time = rows["closed_on"] <= rows["due_on"]
    year_before = rows["opened_on"].between(first - pd.DateOffset(years=1), first - pd.Timedelta(days=1))
    return rows.assign(
        opened=begun, opened_before=(rows["episode"] == 1) & year_before, closed=closed,
        closed_in_time=falls & in_time, late=falls & ~in_time, rated=closed & rows["satisfaction"].notna(),
        satisfied=closed & rows["satisfaction"].isin([1, 2]), ended=closed & rows["closing_method"].notna(),
        settled=closed & rows["closing_method"].isin(SUBSTANTIVE), involved=begun & rows["departments"].ge(1),
        shared=begun & rows["departments"].ge(2), open=rows.index.isin(state.index[state["open"]]),
        overdue=rows.index.isin(state.index[state["overdue"]]),
    )  # fmt: skip


def _summed(rows, by, names):
    counts = rows.groupby(by)[names].sum().astype("int64")
    return counts[counts.any(axis=1)]


@pytest.mark.parametrize("day", DAYS)
def test_platforms_departments_and_risks_equal_a_recount(demo, raw, whole, day):
    rows, involved = raw
    scope, (first, last) = replace(whole, as_of=day), _span(day)
    marked = _marked(rows[~rows["stream"].isin(["petition_backlog", "litigation"])], day)
    for found, own, by in (
        (services(demo, scope), marked, ["stream", "platform", "township_code"]),
        (risk_levels(demo, scope), marked[marked["stream"] == "risk"], ["level", "township_code"]),
    ):
        found = found.set_index(by)
        expected = _summed(own, by, list(found))
        pd.testing.assert_frame_equal(found[found.any(axis=1)].sort_index(), expected.sort_index())
    counted = service_departments(demo, scope).set_index(["stream", "platform", "department_code"])["cases"]
    begun = marked.loc[marked["opened"], [*KEY, "stream", "platform"]].merge(involved, on=KEY)
    assert counted.to_dict() == begun.groupby(["stream", "platform", "department_code"]).size().to_dict()
    own = replace(scope, stream="event", platform="综合执法")
    months = service_months(demo, own, months=12).set_index("month")
    events = rows[(rows["stream"] == "event") & (rows["platform"] == "综合执法")]
    is_first, falls = events["episode"] == 1, events[["closed_on", "due_on"]].min(axis=1)
    for name, days in {"opened": events["opened_on"].where(is_first), "closed": events["closed_on"],
                       "closed_in_time": falls.where(events["closed_on"] <= events["due_on"]),
                       "late": falls.where(~(events["closed_on"] <= events["due_on"]))}.items():  # fmt: skip
        within = days[days.between(first, last)]
        expected = within.groupby(within.dt.to_period("M").dt.to_timestamp()).size()
        assert months[name][months[name] > 0].to_dict() == expected.to_dict(), name


@pytest.mark.parametrize("day", DAYS)
def test_totals_by_month_equal_a_recount(demo, raw, whole, day):
    rows, _ = raw
    for stream in ("petition", "litigation"):
        scope = replace(whole, as_of=day, stream=stream)
        found = backlog_by_month(demo, scope, with_county=True).set_index(["township_code", "month_end"])["opened"]
        own = rows[(rows["stream"] == stream) & (rows["episode"] == 1) & (rows["opened_on"] <= pd.Timestamp(day))]
        ends = (own["opened_on"] + pd.offsets.MonthEnd(0)).clip(upper=pd.Timestamp(day))
        expected = own.groupby(["township_code", ends]).size()
        assert found[found > 0].to_dict() == expected.to_dict()


@pytest.mark.parametrize("day", DAYS)
def test_villages_of_each_township_equal_a_recount(demo, raw, whole, day):
    waiting = _at(raw[0][raw[0]["stream"] == "petition_backlog"], day).query("open").dropna(subset="village_code")
    by_village = waiting.groupby("village_code")
    found = village_backlog(demo, replace(whole, as_of=day)).set_index("village_code")
    assert len(found) == 198
    held = found[found["open"] > 0]
    assert held["open"].to_dict() == by_village.size().to_dict()
    assert held["overdue"].to_dict() == by_village["overdue"].sum().to_dict()
    assert held["oldest_on"].to_dict() == by_village["first_opened_on"].min().to_dict()


@pytest.mark.parametrize("day", [*IN_CAMPAIGN, LAST])
def test_the_campaigns_line_equals_a_recount(demo, raw, whole, day):
    rows, end = raw[0][raw[0]["campaign_code"] == CAMPAIGN], pd.Timestamp(day)
    now, start = _at(rows, day), _at(rows, date(2020, 6, 12))
    found = campaign_at(demo, replace(whole, as_of=day)).iloc[0]
    recent = rows["closed_on"].between(end - pd.Timedelta(days=6), end)
    expected = {
        "opened": len(now), "open": now["open"].sum(), "closed": (~now["open"]).sum(), "overdue": now["overdue"].sum(),
        "reopened": ((rows["episode"] > 1) & (rows["opened_on"] <= end)).sum(), "closed_7_days": recent.sum(),
        "substantive": (~now["open"] & now["closing_method"].isin(SUBSTANTIVE)).sum(),
        "baseline_opened": len(start), "baseline_closed": (~start["open"]).sum(),
    }  # fmt: skip
    assert found[list(expected)].to_dict() == expected


@pytest.mark.parametrize("day", DAYS)
def test_what_goes_into_the_time_to_close_equals_a_recount(demo, raw, whole, day):
    codes = sorted(whole.townships)
    for townships in (codes, [codes[DAYS.index(day) % len(codes)]]):
        rows = raw[0][(raw[0]["stream"] == "petition_backlog") & raw[0]["township_code"].isin(townships)]
        state = _at(rows, day)
        found = case_times(demo, replace(whole, as_of=day, townships=frozenset(townships)))
        until = state["closed_on"].where(~state["open"], pd.Timestamp(day))
        expected = state.groupby([(until - state["first_opened_on"]).dt.days, ~state["open"]]).size()
        told = found.set_index(["days", "is_closed"])
        assert told["cases"].to_dict() == expected.to_dict()
