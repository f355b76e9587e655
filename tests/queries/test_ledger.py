from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from queries import ROWS
from queries.backlog import backlog_at, case_page
from queries.ledger import page_key
from queries.task_book import task_texts
from queries.tasks import task_list, task_matrix
from queries.weak_links import pressing_cases

JIA, YI = "330822001", "330822104"
ENDED = {"closing_method": "听证终结"}


def d(text):
    return date.fromisoformat(f"2020-{text}")


@pytest.fixture
def ledger(county, add_cases):
    add_cases(
        {"case_no": "1", "opened_on": d("08-03"), "due_on": d("08-20"), "village_code": "330822001001"},
        {"case_no": "2", "opened_on": d("08-10"), "due_on": d("09-20"), "lead_department_code": "D04"},
        {"case_no": "3", "opened_on": d("08-10"), "closed_on": d("08-15"), **ENDED, "satisfaction": 1},
        {"case_no": "4", "opened_on": d("08-01"), "closed_on": d("08-05"), **ENDED},
        {"case_no": "4", "episode": 2, "opened_on": d("08-25"), "first_opened_on": d("08-01")},
        {"case_no": "5", "township_code": YI, "opened_on": d("08-10"), "closed_on": d("09-05"), **ENDED},
        # decoys
        {"case_no": "6", "opened_on": d("09-01")},
        {"case_no": "7", "stream": "event", "opened_on": d("08-03")},
        {"case_no": "8", "township_code": "330822", "opened_on": d("08-03")},
    )  # fmt: skip


def _numbers(connection, scope, **options):
    return case_page(connection, scope, **options)["case_no"].tolist()


def test_cases_come_newest_first_each_by_its_newest_episode(connection, ledger, scope):
    page = case_page(connection, scope)
    assert page["case_no"].tolist() == ["4", "5", "3", "2", "1"]
    assert page["episode"].tolist() == [2, 1, 1, 1, 1]
    assert page["age_days"].tolist() == [30, 21, 5, 21, 28]


def test_a_case_stands_as_it_did_on_the_as_of_date(connection, ledger, scope):
    page = case_page(connection, scope).set_index("case_no")
    assert page.loc["5", "is_open"]
    assert page.loc["5", ["closed_on", "closing_method"]].isna().all()
    assert page.loc["3", ["closed_on", "closing_method", "satisfaction"]].tolist() == [
        pd.Timestamp("2020-08-15"),
        "听证终结",
        1,
    ]
    assert page["is_overdue"].to_dict() == {"4": False, "2": False, "3": False, "5": False, "1": True}
    before = case_page(connection, replace(scope, as_of=d("08-24"))).set_index("case_no")
    assert (before.loc["4", "episode"], before.loc["4", "is_open"]) == (1, False)


@pytest.mark.parametrize(("state", "expected"), [("open", ["4", "5", "2", "1"]), ("overdue", ["1"]), ("closed", ["3"])])
def test_cases_are_filtered_by_their_state(connection, ledger, scope, state, expected):
    assert _numbers(connection, scope, state=state) == expected


def test_cases_are_filtered_by_scope_and_village(connection, ledger, scope):
    assert _numbers(connection, replace(scope, townships=frozenset({YI}))) == ["5"]
    assert _numbers(connection, replace(scope, department="D04")) == ["2"]
    assert _numbers(connection, replace(scope, stream="event")) == ["7"]
    assert _numbers(connection, scope, village="330822001001") == ["1"]
    assert _numbers(connection, replace(scope, townships=frozenset())) == []


@pytest.mark.parametrize("order_by", ["opened_on", "due_on"])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_follow_one_another_without_gap_or_repeat(connection, ledger, scope, order_by, descending):
    options = {"order_by": order_by, "descending": descending}
    whole = _numbers(connection, scope, **options)
    found, key = [], None
    while (page := case_page(connection, scope, limit=2, after=key, **options)).size:
        found += page["case_no"].tolist()
        key = page_key(page, order_by)
    assert found == whole
    assert sorted(found) == ["1", "2", "3", "4", "5"]
    assert page_key(page, order_by) is None


def test_cases_without_a_due_day_come_last_either_way(connection, ledger, scope):
    assert _numbers(connection, scope, order_by="due_on") == ["2", "1", "5", "4", "3"]
    assert _numbers(connection, scope, order_by="due_on", descending=False) == ["1", "2", "3", "4", "5"]


def test_another_order_is_refused(connection, county, scope):
    with pytest.raises(ValueError, match="satisfaction"):
        case_page(connection, scope, order_by="satisfaction")


def test_the_readers_of_rows_are_named():
    assert {case_page, pressing_cases, task_list, task_texts} == ROWS
    assert not ROWS & {backlog_at, task_matrix}
