from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analysis.scope import Scope
from analysis.streams import SERVED
from database.tables import case_departments, cases
from queries.backlog import backlog_at
from queries.frames import read_frame
from queries.regions import townships
from queries.services import (
    COUNTS,
    Span,
    risk_levels,
    service_departments,
    service_months,
    services,
    twelve_months,
)
from tests.conftest import COUNTY, TOWNSHIPS

JIA, YI, BING = TOWNSHIPS
KEYS = ["stream", "platform", "township_code"]


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def ledger(county, add, add_cases):
    event = {"stream": "event", "platform": "综合执法"}
    add_cases(
        # counted in time: closed on its due day; late: closed after it; late: still open; not yet due: out
        {**event, "case_no": "按期", "opened_on": d("2020-08-01"), "due_on": d("2020-08-08"),
         "closed_on": d("2020-08-08"),         "satisfaction": 2, "closing_method": "调解协议"},
        {**event, "case_no": "逾期", "opened_on": d("2020-08-01"), "due_on": d("2020-08-08"),
         "closed_on": d("2020-08-09"),         "satisfaction": 3, "closing_method": "调解不成"},
        {**event, "case_no": "未结", "opened_on": d("2020-08-20"), "due_on": d("2020-08-31")},
        {**event, "case_no": "未到期", "opened_on": d("2020-08-20"), "due_on": d("2020-09-20")},
        # begun before the span, counted in it; begun the year before; a second episode is no new case
        {**event, "case_no": "跨期", "opened_on": d("2019-08-20"), "due_on": d("2019-09-05"),
         "closed_on": d("2019-09-01")},
        {**event, "case_no": "又", "opened_on": d("2019-08-01"), "closed_on": d("2019-08-02"), "satisfaction": 1},
        {**event, "case_no": "又", "episode": 2, "opened_on": d("2020-07-01"), "first_opened_on": d("2019-08-01")},
        # other platform, none, other township, the county's own
        {"stream": "event", "platform": "市场监管", "opened_on": d("2020-08-01"), "due_on": d("2020-08-05")},
        {"stream": "petition", "opened_on": d("2020-08-01")},
        {**event, "township_code": YI, "opened_on": d("2020-08-02"),
         "closed_on": d("2020-09-01"), "due_on": d("2020-08-20")},
        {**event, "township_code": COUNTY, "opened_on": d("2020-08-03"), "closed_on": d("2020-08-04")},
        # decoys: begun after the day, a backlog case, a suit, of another county, too long ago
        {**event, "opened_on": d("2020-09-01"), "due_on": d("2020-09-01")},
        {"stream": "petition_backlog", "platform": "综合执法", "opened_on": d("2020-08-01")},
        {"stream": "litigation", "platform": "综合执法", "opened_on": d("2020-08-01")},
        {**event, "township_code": "330823001", "opened_on": d("2020-08-01")},
        {**event, "opened_on": d("2018-08-31"), "closed_on": d("2018-09-02"), "due_on": d("2018-09-01")},
    )  # fmt: skip
    add(
        "case_departments",
        *({"township_code": JIA, "case_no": no, "episode": n, "department_code": code} for no, n, code in (
            ("按期", 1, "D01"), ("按期", 1, "D02"), ("逾期", 1, "D01"), ("又", 2, "D01"), ("跨期", 1, "D01"))),
    )  # fmt: skip


def _row(connection, scope, township: str, platform: str = "综合执法") -> dict[str, int]:
    found = services(connection, scope).set_index(["platform", "township_code"])
    return found.loc[(platform, township), list(COUNTS)].to_dict()


def test_a_platform_is_counted_over_twelve_full_months(connection, ledger, scope):
    assert _row(connection, scope, JIA) == {
        "opened": 4, "opened_before": 2, "closed": 3, "closed_in_time": 2, "late": 2, "rated": 2, "satisfied": 1,
        "ended": 2, "settled": 1, "involved": 2, "shared": 1, "open": 3, "overdue": 0,
    }  # fmt: skip


def test_what_closes_after_the_day_waits_and_is_late(connection, ledger, scope):
    own = _row(connection, scope, YI)
    assert (own["open"], own["overdue"], own["late"], own["closed"]) == (1, 1, 1, 0)


def test_the_countys_own_stands_with_the_whole_county_alone(connection, ledger, scope):
    whole = services(connection, scope)
    assert set(whole["township_code"]) == {JIA, YI, COUNTY}
    assert set(whole["platform"]) == {"综合执法", "市场监管", ""}
    part = services(connection, replace(scope, townships=frozenset({JIA, YI})))
    assert set(part["township_code"]) == {JIA, YI}
    assert services(connection, replace(scope, townships=frozenset({BING}))).empty


def test_months_tell_what_was_in_time_in_each(connection, ledger, scope):
    own = replace(scope, stream="event", platform="综合执法", townships=frozenset({JIA}))
    months = service_months(connection, own, months=12).set_index("month")
    assert months.loc[pd.Timestamp("2020-08-01")].tolist() == [4, 2, 1, 2]
    assert months.loc[pd.Timestamp("2019-09-01")].tolist() == [0, 1, 1, 0]
    assert months.index.max() == pd.Timestamp("2020-08-01")


def test_a_case_counts_for_each_of_its_departments(connection, ledger, scope):
    found = service_departments(connection, scope)
    assert found[["department_code", "cases"]].to_numpy().tolist() == [["D01", 2], ["D02", 1]]


def test_risks_are_counted_by_level(connection, county, add_cases, scope):
    risk = {"stream": "risk", "opened_on": d("2020-08-01"), "due_on": d("2020-08-10")}
    add_cases(
        {**risk, "level": "重大", "closed_on": d("2020-08-05")},
        {**risk, "level": "重大"},
        {**risk},
        {**risk, "level": "重大", "stream": "event"},
        {**risk, "level": "重大", "township_code": YI, "opened_on": d("2020-09-01")},
    )
    found = risk_levels(connection, scope).set_index("level")
    assert found.loc["重大"].tolist() == [JIA, 2, 1, 1, 1, 1]
    assert found.loc[""].tolist() == [JIA, 1, 0, 1, 1, 1]
    assert len(found) == 2


def test_twelve_months_end_with_the_last_full_month():
    assert twelve_months(d("2020-08-31")) == Span(d("2019-09-01"), d("2020-08-31"))
    assert twelve_months(d("2020-08-30")) == Span(d("2019-08-01"), d("2020-07-31"))


@pytest.mark.parametrize("day", [d("2020-08-31"), d("2020-03-17"), d("2018-06-10")])
def test_the_demo_agrees_with_a_recount(demo_engine, day):
    with demo_engine.connect() as connection:
        codes = frozenset(townships(connection)["code"])
        scope = Scope(day, codes)
        found = services(connection, scope).set_index(KEYS)
        expected = _recount(connection, day)
        both = expected.reindex(found.index.union(expected.index), fill_value=0)
        assert found.reindex(both.index, fill_value=0).astype("int64").equals(both[list(COUNTS)].astype("int64"))
        for stream in SERVED:
            at = backlog_at(connection, replace(scope, stream=stream), with_county=True)
            own = found.xs(stream) if stream in found.index.get_level_values(0) else found.head(0)
            assert (at["open"].sum(), at["overdue"].sum()) == (own["open"].sum(), own["overdue"].sum())


def _recount(connection, day: date) -> pd.DataFrame:
    """Count the same from the rows in plain pandas, one condition at a time."""
    names = ("township_code", "case_no", "episode", "stream", "platform", "opened_on", "due_on", "closed_on",
             "closing_method", "satisfaction")  # fmt: skip
    kinds = {name: "datetime64[s]" if name.endswith("_on") else "str" for name in names}
    kinds |= {"episode": "int64", "satisfaction": "float64"}
    rows = read_frame(connection, cases.select().with_only_columns(*(cases.c[name] for name in names)), kinds)
    rows = rows[rows["stream"].isin(SERVED)].fillna({"platform": ""})
    departments = pd.DataFrame(connection.execute(case_departments.select()).mappings().all())
    counts = departments.groupby(["township_code", "case_no", "episode"]).size().rename("departments")
    rows = rows.join(counts, on=["township_code", "case_no", "episode"])
    last = pd.Timestamp(day) if (pd.Timestamp(day) + pd.Timedelta(days=1)).day == 1 else (
        pd.Timestamp(day).replace(day=1) - pd.Timedelta(days=1))  # fmt: skip
    first = last + pd.Timedelta(days=1) - pd.DateOffset(years=1)
    year_ago = first - pd.DateOffset(years=1)
    begun, is_first = rows["opened_on"].between(first, last), rows["episode"] == 1
    closed = rows["closed_on"].between(first, last)
    counted = rows[["closed_on", "due_on"]].min(axis=1).where(rows["due_on"].notna())
    in_period, in_time = counted.between(first, last), rows["closed_on"] <= rows["due_on"]
    known = rows[rows["opened_on"] <= pd.Timestamp(day)]
    newest = known.sort_values("episode").groupby(["township_code", "case_no"]).tail(1).index
    is_open = rows.index.isin(newest) & ~(rows["closed_on"] <= pd.Timestamp(day))
    parts = {
        "opened": begun & is_first,
        "opened_before": rows["opened_on"].between(year_ago, first - pd.Timedelta(days=1)) & is_first,
        "closed": closed,
        "closed_in_time": in_period & in_time,
        "late": in_period & ~in_time,
        "rated": closed & rows["satisfaction"].notna(),
        "satisfied": closed & rows["satisfaction"].isin([1, 2]),
        "ended": closed & rows["closing_method"].notna(),
        "settled": closed & rows["closing_method"].isin(["问题解决到位", "调解协议", "帮扶救助", "政策解释息诉"]),
        "involved": begun & is_first & (rows["departments"] >= 1),
        "shared": begun & is_first & (rows["departments"] >= 2),
        "open": is_open,
        "overdue": is_open & (rows["due_on"] < pd.Timestamp(day)),
    }
    table = pd.DataFrame(parts).astype("int64").groupby([rows[key] for key in KEYS]).sum()
    return table[(table != 0).any(axis=1)]
