from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from database.tables import case_months
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
from tests.database.conftest import random_cases

JIA, YI, BING = TOWNSHIPS
KEYS = ["stream", "platform", "township_code"]


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture(params=["counted", "stored"])
def ledger(request, release, county, add, add_cases):
    """Cases of which nothing is stored yet, and the same after a refresh."""
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
    if request.param == "stored":
        release()


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


def test_what_is_stored_says_what_the_cases_say(connection, release, county, add, scope):
    for row in random_cases(6, count=250):
        add("cases", row)
    release(d("2020-08-20"))
    release()
    places = [replace(scope, townships=frozenset(towns)) for towns in (TOWNSHIPS, TOWNSHIPS[:2])]
    days = [d(day) for day in ("2020-08-31", "2020-08-13", "2020-03-31", "2019-02-05", "2020-12-31")]
    scopes = [replace(one, as_of=day) for day in days for one in places]
    months = [replace(one, stream="event", platform=platform) for one in scopes for platform in ("", "矛调中心")]
    stored = [*(services(connection, one) for one in scopes), *(service_months(connection, one) for one in months)]
    connection.execute(case_months.delete())
    counted = [*(services(connection, one) for one in scopes), *(service_months(connection, one) for one in months)]
    for one, other in zip(stored, counted, strict=True):
        pd.testing.assert_frame_equal(one, other)
    assert len(stored[0]) > len(stored[1]) > 0


def test_twelve_months_end_with_the_last_full_month():
    assert twelve_months(d("2020-08-31")) == Span(d("2019-09-01"), d("2020-08-31"))
    assert twelve_months(d("2020-08-30")) == Span(d("2019-08-01"), d("2020-07-31"))
