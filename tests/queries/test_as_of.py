"""Any day in the record gives what was true at its end: held against a straightforward recount of the raw rows.

The recount is plain pandas over the demo county's cases and reports, on either engine; it shares nothing with reads.
"""

import random
from dataclasses import replace
from datetime import date, timedelta

import pandas as pd
import pytest
import sqlalchemy as sa

from analysis.scope import Scope
from analysis.streams import STREAMS
from queries.backlog import ageing, backlog_at, backlog_by_week
from queries.backlog_groups import backlog_by
from queries.case_leaders import case_leaders
from queries.case_times import case_times
from queries.tasks import task_matrix
from queries.villages import village_counts

COUNTY, CAMPAIGN = "330822", "BRGJ2020"
FIRST, LAST = date(2018, 1, 7), date(2020, 8, 31)
SUBSTANTIVE = {"问题解决到位", "调解协议", "帮扶救助", "政策解释息诉"}
LAWFUL = {"听证终结", "复查复核三级终结", "涉法涉诉终结"}
FIGURES = ["opened", "closed", "open", "overdue", "reopened", "substantive", "lawful", "led_opened", "led_closed",
           "department_opened", "department_closed"]  # fmt: skip
BANDS = {"0-30天": (0, 30), "31-60天": (31, 60), "61-90天": (61, 90), "91-180天": (91, 180), "180天以上": (181, 9999)}


def _days(seed, count, first=FIRST):
    draw = random.Random(seed)
    return sorted(first + timedelta(days=draw.randrange((LAST - first).days + 1)) for _ in range(count))


TWENTY, FIFTY = [*_days(6, 18), LAST, LAST], _days(50, 50)


def _share(connection, days):
    """Return every second day, the other ones on the other engine."""
    return days[connection.dialect.name == "postgresql" :: 2]


@pytest.fixture(scope="module")
def demo(demo_engine):
    with demo_engine.connect() as connection:
        yield connection


def _raw(connection, statement, *dates):
    return pd.read_sql(sa.text(statement), connection, parse_dates=list(dates))


@pytest.fixture(scope="module")
def raw(demo):
    dates = ("opened_on", "first_opened_on", "due_on", "closed_on")
    return _raw(demo, "select * from cases", *dates).sort_values(["case_no", "episode"])


@pytest.fixture(scope="module")
def regions(demo):
    return _raw(demo, "select code, parent_code, level, named_on from regions", "named_on")


@pytest.fixture(scope="module")
def townships(regions):
    return sorted(regions.loc[regions["level"] == "township", "code"])


@pytest.fixture(scope="module")
def whole(townships):
    return Scope(as_of=LAST, townships=frozenset(townships))


def _at(raw, day):
    """Return the newest episode of each case begun by a day, with what is true of it at the day's end."""
    end = pd.Timestamp(day)
    newest = raw[raw["opened_on"] <= end].drop_duplicates("case_no", keep="last")
    closed = newest["closed_on"].le(end)
    led = newest["lead_department_code"].isna()
    return newest.assign(
        opened=1, closed=closed, open=~closed, overdue=~closed & newest["due_on"].lt(end),
        substantive=closed & newest["closing_method"].isin(SUBSTANTIVE),
        lawful=closed & newest["closing_method"].isin(LAWFUL), led_opened=led, led_closed=led & closed,
        department_opened=~led, department_closed=~led & closed, age=(end - newest["first_opened_on"]).dt.days,
    )  # fmt: skip


def _recount(raw, day, by, state=None):
    """Count every stream's figures by a column, rebounds by their own row of it."""
    state = _at(raw, day) if state is None else state
    counts = state.groupby(["stream", *by])[[name for name in FIGURES if name != "reopened"]].sum()
    again = raw[(raw["episode"] > 1) & (raw["opened_on"] <= pd.Timestamp(day))].groupby(["stream", *by]).size()
    return counts.assign(reopened=again).fillna(0).astype("int64")[FIGURES]


@pytest.mark.parametrize("number", range(len(TWENTY) // 2))
def test_every_figure_of_every_township_equals_a_recount_and_all_add_up_to_the_county(
    demo, raw, whole, townships, number
):
    day = _share(demo, TWENTY)[number]
    state = _at(raw, day)
    expected, ages = _recount(raw, day, ["township_code"], state), state[state["open"]]
    for stream in STREAMS:
        scope = replace(whole, as_of=day, stream=stream)
        found = backlog_at(demo, scope, with_county=True).set_index("township_code")[FIGURES]
        own = expected.loc[stream] if stream in expected.index else expected.iloc[:0].droplevel("stream")
        pd.testing.assert_frame_equal(
            found, own.reindex([*townships, COUNTY], fill_value=0), check_names=False, check_like=True
        )
        in_county = state.loc[state["stream"] == stream, FIGURES[:4]].sum().astype("int64")
        assert found[FIGURES[:4]].sum().tolist() == in_county.tolist()  # townships + 县本级 = county
        aged = ageing(demo, scope, with_county=True).set_index(["township_code", "band"])["open"]
        waiting = ages[ages["stream"] == stream]
        for band, (low, high) in BANDS.items():
            counted = waiting[waiting["age"].between(low, high)].groupby("township_code").size()
            assert (
                aged.xs(band, level="band").to_dict() == counted.reindex([*townships, COUNTY], fill_value=0).to_dict()
            )


@pytest.mark.parametrize("day", TWENTY[::3])
def test_the_campaign_and_every_breakdown_equal_a_recount(demo, raw, whole, townships, day):
    for scope in (replace(whole, as_of=day), replace(whole, as_of=day, campaign=CAMPAIGN)):
        rows = raw[raw["stream"] == scope.stream]
        rows = rows if scope.campaign is None else rows[rows["campaign_code"] == CAMPAIGN]
        expected = _recount(rows, day, ["township_code"]).droplevel("stream")
        found = backlog_at(demo, scope).set_index("township_code")[FIGURES]
        pd.testing.assert_frame_equal(found, expected.reindex(found.index, fill_value=0))
        for group in ("lead_department_code", "category", "channel"):
            parts = backlog_by(demo, scope, group=group).fillna({"value": "-"}).set_index("value")[FIGURES[:7]]
            counted = _recount(rows.fillna({group: "-"}), day, [group]).droplevel("stream")[FIGURES[:7]]
            # led or not is told of all cases here, so the split columns are left out
            assert parts.sort_index().to_dict() == counted.sort_index().to_dict()
        leaders = case_leaders(demo, scope).fillna({"case_leader": "-"}).set_index(["township_code", "case_leader"])
        held = _at(rows, day).fillna({"case_leader": "-"}).groupby(["township_code", "case_leader"])
        assert leaders["cases"].sort_index().to_dict() == held.size().to_dict()
        for name in ("open", "overdue"):
            assert leaders[name].sort_index().to_dict() == held[name].sum().to_dict()
        oldest = _at(rows, day).query("open").fillna({"case_leader": "-"}).groupby(["township_code", "case_leader"])
        assert leaders["oldest_on"].dropna().to_dict() == oldest["first_opened_on"].min().to_dict()
        times = case_times(demo, scope)
        state = _at(rows, day)
        assert times["cases"].sum() == len(state)
        lasted = times["days"].mul(times["cases"])[times["is_closed"]].sum()
        closed = state[state["closed"]]
        assert lasted == (closed["closed_on"] - closed["first_opened_on"]).dt.days.sum()


@pytest.mark.parametrize("day", TWENTY[::4])
def test_villages_without_backlog_equal_a_recount(demo, raw, regions, whole, townships, day):
    state = _at(raw[raw["stream"] == "petition_backlog"], day)
    burdened = set(state.loc[state["open"], "village_code"].dropna())
    villages = regions[regions["level"] == "village"]
    villages = villages.assign(free=~villages["code"].isin(burdened), named=villages["named_on"].le(pd.Timestamp(day)))
    expected = villages.groupby("parent_code").agg(
        villages=("code", "size"), free=("free", "sum"), named=("named", "sum")
    )
    expected["cases"] = state.groupby("township_code").size()
    expected["placed"] = state[state["village_code"].notna()].groupby("township_code").size()
    found = village_counts(demo, replace(whole, as_of=day)).set_index("township_code")
    assert found.to_dict() == expected.reindex(found.index).fillna(0).astype("int64")[list(found)].to_dict()


def test_open_overdue_and_ages_equal_a_recount_at_fifty_days(demo, raw, whole):
    others = ("petition", "dispute", "event", "appeal", "risk")
    for number, day in enumerate(_share(demo, FIFTY)):
        state = _at(raw, day)
        for stream in ("petition_backlog", others[number % len(others)]):
            scope = replace(whole, as_of=day, stream=stream)
            own = state[state["stream"] == stream]
            found, waiting = backlog_at(demo, scope, with_county=True), own[own["open"]]
            assert found["open"].sum() == len(waiting), day
            assert found["overdue"].sum() == own["overdue"].sum(), day
            aged = ageing(demo, scope, with_county=True).groupby("band")["open"].sum()
            assert {band: int(waiting["age"].between(*ends).sum()) for band, ends in BANDS.items()} == aged.to_dict()


@pytest.mark.parametrize("day", [LAST, *FIFTY[::12]])
def test_the_weeks_hold_the_identity_and_equal_a_recount(demo, raw, whole, day):
    end = pd.Timestamp(day)
    for stream in ("petition_backlog", "appeal"):
        weekly = backlog_by_week(demo, replace(whole, as_of=day, stream=stream), with_county=True)
        wide = {name: weekly.pivot_table(index="week_end", columns="township_code", values=name)
                for name in ("opened", "reopened", "closed", "open")}  # fmt: skip
        change = wide["open"].diff().fillna(wide["open"])
        assert change.eq(wide["opened"] + wide["reopened"] - wide["closed"]).all(axis=None)
        rows = raw[(raw["stream"] == stream) & (raw["opened_on"] <= end)]
        weeks = wide["open"].index
        place = weeks.searchsorted(rows["closed_on"][rows["closed_on"].le(end)])
        assert wide["closed"].sum(axis=1).to_numpy().tolist() == [int((place == i).sum()) for i in range(len(weeks))]


def _light(cell, day, month, before):
    """Tell a cell's light by the table of DOMAIN "Lights", its first rule that fits."""
    end = pd.Timestamp(month) + pd.offsets.MonthEnd(0)
    planned, actual = cell["planned_pct"], cell["actual_pct"]
    if cell["starts_on"] > end or (not planned > 0 and not actual > 0):
        return "not_started"
    if actual == 100:
        return "done"
    if cell["due_on"] < end:
        return "overdue"
    if pd.isna(actual):
        return "unreported_again" if before in ("unreported", "unreported_again") else "unreported"
    if planned - actual >= 10:
        return "far_behind"
    if planned > actual:
        return "behind"
    if before in ("overdue", "unreported_again", "far_behind"):
        return "made_up"
    return "due_soon" if cell["due_on"] <= end + pd.Timedelta(days=15) else "on_track"


def _lights(reports, tasks, day):
    """Return each cell's light at a day from the reports known by then, month after month."""
    month = (pd.Timestamp(day) + pd.Timedelta(days=1)).to_period("M").to_timestamp() - pd.DateOffset(months=1)
    known = reports[reports["month"] <= month].copy()
    known.loc[known["reported_on"].isna() | (known["reported_on"] > pd.Timestamp(day)), "actual_pct"] = float("nan")
    known = known.merge(tasks, left_on="task_code", right_on="code").sort_values("month")
    lights = {}
    for cell in known.to_dict("records"):
        key = (cell["task_code"], cell["region_code"])
        last_month, before = lights.get(key, (None, None))
        is_next = last_month == cell["month"] - pd.DateOffset(months=1)
        lights[key] = (cell["month"], _light(cell, day, cell["month"], before if is_next else None))
    return {key: light for key, (last, light) in lights.items() if last == month}


def test_lights_equal_a_recount_at_fifty_days(demo, whole):
    reports = _raw(demo, "select * from task_progress", "month", "reported_on")
    tasks = _raw(demo, "select code, starts_on, due_on from tasks", "starts_on", "due_on")
    first = reports["month"].min().date()
    seen = set()
    for day in _days(51, 50, first=first + timedelta(days=40)):
        found = task_matrix(demo, replace(whole, as_of=day)).set_index(["task_code", "region_code"])["light"]
        expected = _lights(reports, tasks, day)
        assert len(expected) > 300
        assert found.loc[list(expected)].astype("str").to_dict() == expected, day
        seen |= set(expected.values())
    assert {"behind", "done", "far_behind", "made_up", "on_track"} < seen, "the others stand in the hand-made table"
