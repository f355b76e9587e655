"""Computed indicators against hand-worked values; every case has decoys of other streams, months or leads."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from database.kpis import COMPUTED
from database.refresh import refresh
from database.tables import kpi_values
from tests.conftest import TOWNSHIPS

FIRST, SECOND = TOWNSHIPS[:2]
AS_OF = date(2020, 8, 31)
RATES = {
    "suits_per_resident": ("rate", "件/万人"),
    "petitions_year_on_year": ("rate", "%"),
    "disputes_opened": ("count", "件"),
}
Figures = Callable[[str, date], tuple[float | None, float | None, float | None] | None]


@pytest.fixture
def figures(connection: Connection, county: str, add: Callable[..., None]) -> Callable[..., Any]:
    """Refresh with every computed indicator, and read one: figures("name", month) -> numerator, denominator, value."""
    for source in COMPUTED:
        kind, unit = RATES.get(source, ("proportion", "%"))
        add("kpis", {"code": source[:32], "computed_from": source, "kind": kind, "unit": unit,
                     "direction": "higher", "period": "flow"})  # fmt: skip
    done: list[int] = []

    def figure(name: str, month: date, township: str = FIRST) -> tuple[float | None, ...] | None:
        if not done:
            done.append(refresh(connection, as_of=AS_OF, source="测试"))
        v = kpi_values.c
        where = (v.kpi_code == name, v.month == month, v.region_code == township)
        row = connection.execute(sa.select(v.numerator, v.denominator, v.value).where(*where)).one_or_none()
        return None if row is None else tuple(row)

    return figure


def backlog(number: str, opened: date, closed: date | None = None, **more: Any) -> dict[str, Any]:
    method = {"closing_method": "调解协议"} if closed else {}
    return {"case_no": number, "opened_on": opened, "closed_on": closed, **method, **more}


def case(stream: str, opened: date, **more: Any) -> dict[str, Any]:
    return {"stream": stream, "opened_on": opened, **more}


JUNE, JULY, AUGUST = date(2020, 6, 1), date(2020, 7, 1), date(2020, 8, 1)


def test_backlog_rates_look_at_the_campaign_that_runs_at_the_months_end(
    figures: Figures, add: Callable[..., None], add_cases: Callable[..., None]
) -> None:
    add("campaigns", {"code": "BRGJ", "starts_on": date(2020, 6, 12), "ends_on": date(2020, 9, 19)})
    mine = {"campaign_code": "BRGJ"}
    add_cases(
        backlog("甲", date(2020, 6, 12), date(2020, 7, 1), **mine),
        backlog("乙", date(2020, 6, 12), date(2020, 7, 2), **mine) | {"closing_method": "听证终结"},
        backlog("丙", date(2020, 6, 13), date(2020, 6, 20), **mine),
        backlog("丙", date(2020, 7, 31), episode=2, first_opened_on=date(2020, 6, 13), **mine),
        backlog("丁", date(2020, 6, 14), lead_department_code="D04", **mine),
        backlog("戊", date(2020, 8, 30), **mine),
        backlog("己", date(2020, 5, 1)),  # outside the campaign
        backlog("庚", date(2020, 6, 12), township_code=SECOND, **mine),
        case("dispute", date(2020, 6, 12), campaign_code="BRGJ"),
    )
    assert figures("backlog_resolution_rate", date(2020, 5, 1)) == (0, 1, 0)  # no campaign yet: the year's cases
    assert figures("backlog_resolution_rate", JUNE) == (1, 3, pytest.approx(100 / 3))
    assert figures("backlog_resolution_rate", JULY) == (2, 3, pytest.approx(200 / 3))
    assert figures("backlog_resolution_rate", AUGUST) == (2, 4, 50)
    assert figures("backlog_substantive_share", JULY) == (1, 2, 50)
    assert figures("backlog_rebound_rate", JUNE) == (0, 1, 0)
    assert figures("backlog_rebound_rate", JULY) == (1, 3, pytest.approx(100 / 3))


def test_without_a_campaign_the_backlog_rates_begin_anew_each_year(
    figures: Figures, add_cases: Callable[..., None]
) -> None:
    add_cases(
        backlog("甲", date(2019, 12, 31), date(2020, 1, 2)),
        backlog("乙", date(2020, 1, 1)),
        backlog("丙", date(2020, 1, 15), date(2020, 2, 1)),
    )
    assert figures("backlog_resolution_rate", date(2019, 12, 1)) == (0, 1, 0)
    assert figures("backlog_resolution_rate", date(2020, 1, 1)) == (0, 2, 0)
    assert figures("backlog_resolution_rate", date(2020, 2, 1)) == (1, 2, 50)


def test_a_village_is_clear_when_no_case_in_it_waits_whoever_leads(
    figures: Figures, add: Callable[..., None], add_cases: Callable[..., None]
) -> None:
    for i in range(4):
        add("regions", {"code": f"村{i}", "parent_code": FIRST, "level": "village", "name": f"{i}村"})
    add("regions", {"code": "村9", "parent_code": SECOND, "level": "village", "name": "九村"})
    add_cases(
        backlog("甲", date(2020, 6, 1), village_code="村0"),
        backlog("乙", date(2020, 6, 1), village_code="村0"),
        backlog("丙", date(2020, 6, 1), village_code="村1", lead_department_code="D04"),
        backlog("丁", date(2020, 6, 1), date(2020, 8, 31), village_code="村2"),
        case("dispute", date(2020, 6, 1), village_code="村3"),
    )
    assert figures("villages_without_backlog", JULY) == (1, 4, 25)
    assert figures("villages_without_backlog", AUGUST) == (2, 4, 50)


def test_an_in_time_rate_counts_a_case_once_in_the_month_of_its_end_or_due_day(
    figures: Figures, add_cases: Callable[..., None]
) -> None:
    due = {"due_on": date(2020, 7, 31)}
    add_cases(
        case("petition", date(2020, 6, 1), closed_on=date(2020, 6, 30), **due),  # early: counts in June
        case("petition", date(2020, 6, 1), closed_on=date(2020, 7, 31), **due),  # on the day: in time
        case("petition", date(2020, 6, 1), closed_on=date(2020, 8, 1), **due),  # late: counts in July
        case("petition", date(2020, 6, 1), **due),  # open past its day: counts in July
        case("petition", date(2020, 6, 1), due_on=date(2020, 9, 1)),  # not yet due and open
        case("petition", date(2020, 6, 1), closed_on=date(2020, 7, 2)),  # without a due day
        case("petition", date(2020, 6, 1), closed_on=date(2020, 7, 2), lead_department_code="D04", **due),
        case("appeal", date(2020, 6, 1), closed_on=date(2020, 7, 2), **due),
    )
    assert figures("petitions_closed_in_time", JUNE) == (1, 1, 100)
    assert figures("petitions_closed_in_time", JULY) == (1, 3, pytest.approx(100 / 3))
    assert figures("petitions_closed_in_time", AUGUST) is None
    assert figures("appeals_answered_in_time", JULY) == (1, 1, 100)


def test_a_petition_is_accepted_in_time_by_the_day_set_for_it(figures: Figures, add_cases: Callable[..., None]) -> None:
    due = {"accept_due_on": date(2020, 7, 16)}
    add_cases(
        case("petition", date(2020, 7, 1), accepted_on=date(2020, 7, 16), **due),
        case("petition", date(2020, 7, 1), accepted_on=date(2020, 7, 17), **due),
        case("petition", date(2020, 7, 1), **due),
        case("petition", date(2020, 7, 1), accept_due_on=date(2020, 9, 2)),
    )
    assert figures("petitions_accepted_in_time", JULY) == (1, 3, pytest.approx(100 / 3))


def test_a_petition_settled_at_once_is_known_ninety_days_after_its_close(
    figures: Figures, add_cases: Callable[..., None]
) -> None:
    closed = {"closed_on": date(2020, 5, 3)}  # 90 days later: 1 August
    add_cases(
        case("petition", date(2020, 4, 1), case_no="甲", **closed),
        case("petition", date(2020, 4, 1), case_no="乙", **closed),
        case("petition", date(2020, 4, 1), case_no="丙", **closed),
        case("petition", date(2020, 4, 1), case_no="丁", closed_on=date(2020, 5, 2)),  # known on 31 July
        case("petition", date(2020, 8, 1), repeat_of="甲", is_repeat=True),  # the 90th day
        case("petition", date(2020, 8, 2), repeat_of="乙", is_repeat=True, township_code=SECOND),  # a day too late
        case("petition", date(2020, 6, 1), repeat_of="丙", is_repeat=True, township_code=SECOND),
        case("petition", date(2020, 4, 1), is_repeat=True, **closed),  # not a first petition
    )
    assert figures("petitions_settled_at_once", AUGUST) == (1, 3, pytest.approx(100 / 3))
    assert figures("petitions_settled_at_once", JULY) == (1, 1, 100)


def test_satisfaction_and_repeats_are_shares_of_petitions(figures: Figures, add_cases: Callable[..., None]) -> None:
    closed = {"closed_on": date(2020, 7, 2)}
    add_cases(
        *(case("petition", date(2020, 6, 1), satisfaction=mark, **closed) for mark in (1, 2, 3, None)),
        case("petition", date(2020, 7, 1), is_repeat=True),
        case("petition", date(2020, 7, 1)),
        case("dispute", date(2020, 7, 1), is_repeat=True, satisfaction=3, **closed),
    )
    assert figures("petitions_satisfied", JULY) == (2, 3, pytest.approx(200 / 3))
    assert figures("petitions_repeated", JULY) == (1, 2, 50)


def test_a_dispute_is_settled_when_it_ends_in_substance(figures: Figures, add_cases: Callable[..., None]) -> None:
    closed = {"closed_on": date(2020, 7, 2)}
    methods = ("调解协议", "问题解决到位", "调解不成", "程序性办结", None)
    add_cases(*(case("dispute", date(2020, 6, 1), closing_method=method, **closed) for method in methods))
    add_cases(case("dispute", date(2020, 7, 1)), case("petition", date(2020, 7, 1)))
    assert figures("disputes_settled", JULY) == (2, 4, 50)
    assert figures("disputes_opened", JUNE) == (5, None, 5)
    assert figures("disputes_opened", AUGUST) == (0, None, 0)
    assert figures("disputes_opened", date(2020, 5, 1)) is None


def test_suits_are_counted_against_a_twelfth_of_the_residents(
    figures: Figures, connection: Connection, add_cases: Callable[..., None]
) -> None:
    connection.execute(sa.text("UPDATE regions SET population = 24000 WHERE code = :code"), {"code": FIRST})
    add_cases(
        case("litigation", date(2020, 7, 1), category="民事一审", lead_department_code="D12"),
        case("litigation", date(2020, 7, 31)),
        case("litigation", date(2020, 7, 31), category="刑事一审"),
        case("dispute", date(2020, 7, 31)),
        case("litigation", date(2020, 7, 31), township_code=SECOND),  # residents unknown
    )
    assert figures("suits_per_resident", JULY) == (2, 2000, 10)
    assert figures("suits_per_resident", AUGUST) == (0, 2000, 0)
    assert figures("suits_per_resident", JULY, SECOND) is None  # type: ignore[call-arg]


def test_only_events_of_the_four_platforms_count_there(figures: Figures, add_cases: Callable[..., None]) -> None:
    both = {"due_on": date(2020, 7, 5), "closed_on": date(2020, 7, 4)}
    add_cases(
        case("event", date(2020, 7, 1), platform="市场监管", **both),
        case("event", date(2020, 7, 1), platform="便民服务", due_on=date(2020, 7, 5)),
        case("event", date(2020, 7, 1), platform="智慧城管", **both),
        case("event", date(2020, 7, 1), **both),
    )
    assert figures("events_closed_in_time", JULY) == (1, 2, 50)


def test_a_risk_is_cleared_by_the_months_end_late_or_not(figures: Figures, add_cases: Callable[..., None]) -> None:
    due = {"due_on": date(2020, 7, 10)}
    add_cases(
        case("risk", date(2020, 7, 1), closed_on=date(2020, 7, 31), **due),
        case("risk", date(2020, 7, 1), closed_on=date(2020, 8, 1), **due),
        case("risk", date(2020, 7, 1), **due),
        case("risk", date(2020, 7, 1), closed_on=date(2020, 7, 1), due_on=date(2020, 8, 1)),
    )
    assert figures("risks_cleared", JULY) == (2, 4, 50)


def test_petitions_are_compared_with_the_same_month_a_year_ago(
    figures: Figures, add_cases: Callable[..., None]
) -> None:
    add_cases(
        *(case("petition", date(2019, 7, day)) for day in (1, 2, 31)),
        *(case("petition", date(2020, 7, day), lead_department_code="D04") for day in (1, 31)),
        case("petition", date(2019, 8, 1)),
        case("petition", date(2020, 6, 30)),
    )
    assert figures("petitions_year_on_year", JULY) == (-1, 3, pytest.approx(-100 / 3))
    assert figures("petitions_year_on_year", AUGUST) == (-1, 1, -100)
    assert figures("petitions_year_on_year", JUNE) is None


def test_tasks_are_on_schedule_and_reports_in_time(figures: Figures, add: Callable[..., None]) -> None:
    def progress(task: str, planned: float | None, actual: float | None, reported: date | None, **more: Any) -> None:
        add("task_progress", {"region_code": FIRST, "task_code": task, "month": AUGUST, "planned_pct": planned,
                              "actual_pct": actual, "reported_on": reported, **more})  # fmt: skip

    progress("T01", 50, 50, date(2020, 8, 25))  # met, in time
    progress("T02", 50, 60, date(2020, 8, 26))  # met, a day late
    progress("T03", 50, 49, date(2020, 8, 1))  # behind, in time
    progress("T04", 50, None, None)  # unreported
    progress("T05", 50, 80, date(2020, 9, 1))  # not known yet at the as-of day
    progress("T06", 0, None, None)  # not begun
    progress("T07", None, 10, date(2020, 8, 1))  # no plan
    progress("T08", 50, 50, None)  # met, nobody knows when
    progress("T01", 50, 10, date(2020, 8, 25), region_code=SECOND)
    assert figures("tasks_on_schedule", AUGUST) == (3, 6, 50)
    assert figures("reports_in_time", AUGUST) == (2, 6, pytest.approx(100 / 3))
    assert figures("tasks_on_schedule", JULY) is None


def test_a_report_after_the_months_end_does_not_make_up_for_it(figures: Figures, add: Callable[..., None]) -> None:
    for task, reported in (("T01", date(2020, 7, 31)), ("T02", date(2020, 8, 1))):
        add("task_progress", {"region_code": FIRST, "task_code": task, "month": JULY, "planned_pct": 50,
                              "actual_pct": 50, "reported_on": reported})  # fmt: skip
    assert figures("tasks_on_schedule", JULY) == (1, 2, 50)


def test_a_month_without_a_row_keeps_the_plan_and_what_was_finished(figures: Figures, add: Callable[..., None]) -> None:
    def july(task: str, planned: float, actual: float | None, reported: date | None) -> None:
        add("task_progress", {"region_code": FIRST, "task_code": task, "month": JULY, "planned_pct": planned,
                              "actual_pct": actual, "reported_on": reported})  # fmt: skip

    july("T01", 80, 100, date(2020, 7, 20))  # finished: met in August too, and nothing left to report
    july("T02", 60, 60, date(2020, 7, 20))  # silent in August
    july("T03", 100, 100, date(2020, 8, 5))  # finished, which July did not know yet
    july("T04", 0, 100, date(2020, 7, 20))  # never planned
    add("task_progress", {"region_code": FIRST, "task_code": "T05", "month": AUGUST, "planned_pct": 10,
                          "actual_pct": 10, "reported_on": date(2020, 8, 1)})  # fmt: skip
    assert figures("tasks_on_schedule", JULY) == (2, 3, pytest.approx(200 / 3))
    assert figures("tasks_on_schedule", AUGUST) == (3, 4, 75)
    assert figures("reports_in_time", JULY) == (2, 3, pytest.approx(200 / 3))
    assert figures("reports_in_time", AUGUST) == (1, 2, 50)


def test_a_month_counts_only_once_it_has_ended_and_reported_figures_stay(
    connection: Connection, county: str, add: Callable[..., None], add_cases: Callable[..., None]
) -> None:
    add("kpis", {"code": "K21", "computed_from": "disputes_opened", "kind": "count", "unit": "件"},
        {"code": "K18", "kind": "score", "unit": "分"})  # fmt: skip
    add("kpi_values", {"region_code": FIRST, "kpi_code": "K18", "month": JULY, "value": 91.5})
    add_cases(case("dispute", date(2020, 7, 1)), case("dispute", date(2020, 8, 1)))
    refresh(connection, as_of=date(2020, 8, 30), source="测试")
    v = kpi_values.c
    rows = connection.execute(sa.select(v.kpi_code, v.month, v.value).order_by(v.kpi_code)).all()
    assert [tuple(row) for row in rows] == [("K18", JULY, 91.5), ("K21", JULY, 1.0)]


def test_every_computed_indicator_has_an_example_worked_out_by_hand() -> None:
    shown = set(re.findall(r'figures\("(\w+)"', Path(__file__).read_text("utf8")))
    assert shown >= set(COMPUTED)
