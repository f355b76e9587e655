from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from analysis.ledger import TOWNSHIP_LED, CaseCount, CaseFilter
from queries import ROWS
from queries.backlog import backlog_at, case_page
from queries.case_file import case_episodes, involved_departments
from queries.case_values import case_values, village_names
from queries.ledger import case_count, each_case, page_key
from queries.ledger_order import ORDERS
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


@pytest.mark.parametrize("order_by", ORDERS)
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


@pytest.mark.parametrize(
    ("order_by", "rising", "falling"),
    [
        ("closed_on", "31245", "35421"),  # 3 alone is closed; the others follow by township and number
        ("age", "52143", "41253"),  # 4 was first opened on 1 August, 1 on the 3rd, 2 and 5 on the 10th
        ("case_no", "12345", "54321"),
        ("township_code", "12345", "54321"),
    ],
)
def test_cases_come_in_the_order_asked_for(connection, ledger, scope, order_by, rising, falling):
    assert _numbers(connection, scope, order_by=order_by, descending=False) == list(rising)
    assert _numbers(connection, scope, order_by=order_by) == list(falling)


@pytest.mark.parametrize("order_by", ORDERS)
@pytest.mark.parametrize("state", ["open", "overdue", "closed"])
@pytest.mark.parametrize("day", ["08-31", "09-30"])  # something is closed after the one, nothing after the other
def test_a_state_holds_the_same_cases_in_every_order(connection, ledger, scope, order_by, state, day):
    own = replace(scope, as_of=d(day))
    expected = {
        "08-31": {"open": "1245", "overdue": "1", "closed": "3"},
        "09-30": {"open": "1246", "overdue": "12", "closed": "35"},
    }
    for descending in (True, False):
        found = _numbers(connection, own, order_by=order_by, descending=descending, where=CaseFilter(state=state))
        assert sorted(found) == list(expected[day][state])
    count = case_count(connection, own, where=CaseFilter(state=state))
    assert count == CaseCount(len(expected[day][state]), is_capped=False)


@pytest.fixture
def described(ledger, add_cases):
    add_cases(
        {
            "case_no": "甲_9", "opened_on": d("08-07"), "due_on": d("08-25"), "closed_on": d("08-28"),
            "closing_method": "调解协议", "satisfaction": 2, "category": "邻里纠纷", "channel": "来访", "level": "重大",
            "lead_department_code": "D07", "case_leader": "镇长", "village_code": "330822001002", "is_repeat": True,
            "first_opened_on": d("08-05"), "repeat_of": "乙1",
        },
        {"case_no": "甲x9", "opened_on": d("08-08"), "is_repeat": False, "category": "征地拆迁"},
    )  # fmt: skip


@pytest.mark.parametrize(
    "asked",
    [
        {"category": "邻里纠纷"}, {"channel": "来访"}, {"level": "重大"}, {"lead": "D07"}, {"leader": "镇长"},
        {"village": "330822001002"}, {"method": "调解协议"}, {"is_repeat": True}, {"satisfaction": 2},
        {"number": "甲_"},
        {"opened_from": d("08-07"), "opened_to": d("08-07")}, {"due_from": d("08-25"), "due_to": d("08-25")},
        {"closed_from": d("08-28")}, {"closed_from": d("08-28"), "closed_to": d("08-28"), "state": "closed"},
        {"first_from": d("08-05"), "first_to": d("08-07")}, {"repeat_of": "乙1"}, {"age_from": 6, "state": "closed"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("way", [{}, {"case_conditions.FEW": 0}, {"ledger_order.COUNTED": 0, "ledger_order.RARE": 0}])
def test_cases_are_filtered_by_every_column(connection, described, scope, asked, way, monkeypatch):
    for name, limit in way.items():  # named one by one, looked for a second time, or met in the order's own index
        monkeypatch.setattr(f"queries.{name}", limit)
    where = CaseFilter(**asked)
    for order_by in ORDERS:
        assert _numbers(connection, scope, where=where, order_by=order_by) == ["甲_9"]
    assert case_count(connection, scope, where=where) == CaseCount(1, is_capped=False)


@pytest.mark.parametrize(
    ("asked", "day", "expected"),
    [
        ({"age_from": 23}, "08-31", {"1", "4", "甲_9", "甲x9"}),
        ({"age_to": 21}, "08-31", {"2", "3", "5"}),
        ({"age_from": 22, "age_to": 22}, "08-27", {"甲_9"}),  # closed the day after, and 23 days old by then
        ({"is_again": True}, "08-31", {"4"}),
        ({"is_again": False}, "08-31", {"1", "2", "3", "5", "甲_9", "甲x9"}),
        ({"is_again": False}, "08-24", {"1", "2", "3", "4", "5", "甲_9", "甲x9"}),
    ],
)
def test_cases_are_filtered_by_age_and_by_episode_as_they_stood(connection, described, scope, asked, day, expected):
    own = replace(scope, as_of=d(day))
    for order_by in ORDERS:
        assert set(_numbers(connection, own, where=CaseFilter(**asked), order_by=order_by)) == expected
    assert case_count(connection, own, where=CaseFilter(**asked)).cases == len(expected)


def test_what_is_asked_of_the_closing_is_asked_of_what_is_known(connection, described, scope):
    before = replace(scope, as_of=d("08-27"))
    for asked in ({"method": "调解协议"}, {"satisfaction": 2}, {"closed_from": d("08-28")}):
        assert _numbers(connection, before, where=CaseFilter(**asked)) == []


def test_a_township_leads_what_no_department_leads(connection, described, scope):
    led = _numbers(connection, scope, where=CaseFilter(lead=TOWNSHIP_LED))
    assert sorted(led) == ["1", "3", "4", "5", "甲x9"]
    assert _numbers(connection, replace(scope, department="D04"), where=CaseFilter(lead="D07")) == []
    assert _numbers(connection, replace(scope, department="D04"), where=CaseFilter(lead="D04")) == ["2"]


def test_cases_of_no_township_come_with_the_county_alone(connection, ledger, scope):
    with_county = replace(scope, townships=scope.townships | {"330822"})
    assert sorted(_numbers(connection, with_county)) == ["1", "2", "3", "4", "5", "8"]
    for state, expected in (("all", 6), ("open", 5), ("overdue", 1), ("closed", 1)):
        assert case_count(connection, with_county, where=CaseFilter(state=state)).cases == expected


def test_a_count_says_where_it_stops(connection, ledger, scope, monkeypatch):
    monkeypatch.setattr("queries.ledger.COUNTED", 2)
    monkeypatch.setattr("queries.case_conditions.COUNTED", 2)
    assert case_count(connection, scope, where=CaseFilter(opened_from=d("08-02"))) == CaseCount(2, is_capped=True)
    assert case_count(connection, scope, where=CaseFilter(opened_from=d("08-11"))) == CaseCount(1, is_capped=False)


@pytest.mark.parametrize("order_by", ORDERS)
def test_every_case_is_handed_over_in_batches_in_the_order_of_the_pages(connection, described, scope, order_by):
    batches = []
    options = {"where": CaseFilter(), "order_by": order_by, "descending": False}
    number = each_case(connection, scope, **options, sink=lambda rows: batches.append(list(rows)), batch=2)
    assert max(map(len, batches)) == 2
    assert [row.case_no for rows in batches for row in rows] == _numbers(connection, scope, **options)
    assert number == 7


def test_a_case_opens_with_the_episodes_begun_and_the_departments_involved(connection, ledger, add, scope):
    add("departments", {"code": "D04", "name": "县信访局"})
    rows = ((JIA, "4", 2, "D04"), (JIA, "4", 1, "D09"), (JIA, "1", 1, "D04"), (YI, "4", 2, "D04"))
    add(
        "case_departments",
        *(dict(zip(("township_code", "case_no", "episode", "department_code"), r, strict=True)) for r in rows),
    )
    episodes = case_episodes(connection, scope, case_no="4")
    assert episodes["episode"].tolist() == [1, 2]
    assert episodes["closed_on"].tolist() == [pd.Timestamp("2020-08-05"), pd.NaT]
    involved = involved_departments(connection, scope, case_no="4")
    assert involved.to_dict("records") == [
        {"episode": 1, "code": "D09", "name": "D09"},
        {"episode": 2, "code": "D04", "name": "县信访局"},
    ]
    before = replace(scope, as_of=d("08-04"))
    known = case_episodes(connection, before, case_no="4")
    assert known["episode"].tolist() == [1]
    assert known[["closed_on", "closing_method"]].isna().all(axis=None)
    assert case_episodes(connection, scope, case_no="6").empty  # opened later


def test_a_case_is_found_within_the_scope_alone(connection, ledger, add_cases, add, scope):
    add_cases({"case_no": "2", "episode": 2, "opened_on": d("08-30"), "lead_department_code": "D05"})
    add("case_departments", {"township_code": JIA, "case_no": "2", "episode": 1, "department_code": "D04"})
    for readable, expected in (("D05", [1, 2]), ("D04", [])):
        own = replace(scope, department=readable)
        assert case_episodes(connection, own, case_no="2")["episode"].tolist() == expected
        assert len(involved_departments(connection, own, case_no="2")) == len(expected[:1])
    elsewhere = replace(scope, townships=frozenset({YI}))
    assert case_episodes(connection, elsewhere, case_no="2").empty
    assert involved_departments(connection, elsewhere, case_no="2").empty


def test_the_words_offered_are_those_of_the_stream(connection, described, add, add_cases, scope):
    add("departments", {"code": "D07", "name": "县自然资源局"})
    add_cases({"opened_on": d("08-07"), "stream": "event", "category": "占道经营"})
    offered = case_values(connection, scope).set_index("field")
    assert offered.loc["category", "value"].tolist() == ["征地拆迁", "邻里纠纷"]
    assert offered.loc["lead_department_code", "label"].tolist() == ["D04", "县自然资源局"]
    assert offered.loc["case_leader", "value"] == "镇长"


def test_villages_are_those_of_the_townships_asked_for(connection, county, add, scope):
    for code, parent in (("330822001001", JIA), ("330822104001", YI)):
        add("regions", {"code": code, "parent_code": parent, "level": "village", "name": "东村"})
    own = village_names(connection, replace(scope, townships=frozenset({YI})))
    assert own.to_dict("records") == [{"code": "330822104001", "township_code": YI, "name": "东村"}]


def test_cases_without_a_due_day_come_last_either_way(connection, ledger, scope):
    assert _numbers(connection, scope, order_by="due_on") == ["2", "1", "5", "4", "3"]
    assert _numbers(connection, scope, order_by="due_on", descending=False) == ["1", "2", "3", "4", "5"]


def test_another_order_is_refused(connection, county, scope):
    with pytest.raises(ValueError, match="satisfaction"):
        case_page(connection, scope, order_by="satisfaction")


def test_the_readers_of_rows_are_named():
    readers = {case_count, case_episodes, case_page, each_case, involved_departments, pressing_cases, task_list}
    assert readers | {task_texts} <= ROWS
    assert not ROWS & {backlog_at, task_matrix}
