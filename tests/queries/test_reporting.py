"""Who has a figure of each reported indicator: by hand, with decoys, on both databases."""

from dataclasses import replace
from datetime import date

import pytest

from queries.reporting import kpi_reports
from tests.conftest import COUNTY, TOWNSHIPS

FIRST, SECOND, THIRD = TOWNSHIPS
AUGUST = date(2020, 8, 1)


@pytest.fixture
def reports(add, county):
    add("data_releases", {"id": 1, "published_at": date(2020, 9, 1), "as_of": date(2020, 8, 31)})
    add("departments", {"code": "D12", "name": "县人民法院"})
    add("schemes", {"code": "S", "valid_from": date(2020, 1, 1), "valid_to": date(2020, 12, 31)},
        {"code": "旧", "valid_to": date(2019, 12, 31)})  # fmt: skip
    reported = {"direction": "higher", "kind": "score"}
    add("kpis", {"code": "K11", "name": "诉前化解率", "department_code": "D12", **reported},
        {"code": "K01", "name": "系统计算的", "computed_from": "backlog_resolution_rate", **reported},
        {"code": "K18", "name": "没有权重的", **reported}, {"code": "K19", "name": "旧方案的", **reported},
        {"code": "K22", "name": "监测的", "direction": "neutral"})  # fmt: skip
    for code in ("K11", "K01", "K22"):
        add("kpi_weights", {"region_code": COUNTY, "scheme": "S", "kpi_code": code, "weight": 5})
    add("kpi_weights", {"region_code": COUNTY, "scheme": "S", "kpi_code": "K18", "weight": 0},
        {"region_code": COUNTY, "scheme": "旧", "kpi_code": "K19", "weight": 5})  # fmt: skip

    def value(region, code="K11", month=AUGUST, **values):
        add("kpi_values", {"region_code": region, "kpi_code": code, "month": month, **values})

    return value


def found(connection, scope):
    frame = kpi_reports(connection, scope)
    return list(zip(frame["kpi_code"], frame["township_code"], frame["is_reported"], strict=True))


def test_reported_indicators_with_a_weight_are_asked_of_every_township(connection, scope, reports):
    reports(FIRST, value=30.0)
    reports(SECOND, numerator=1, denominator=4)
    reports(THIRD, "K18", value=90.0)  # a decoy: another indicator
    assert found(connection, scope) == [("K11", FIRST, True), ("K11", SECOND, True), ("K11", THIRD, False)]
    frame = kpi_reports(connection, scope)
    assert frame["name"].unique().tolist() == ["诉前化解率"]
    assert frame["department"].unique().tolist() == ["县人民法院"]


def test_an_empty_row_another_month_and_a_figure_of_after_the_release_are_no_report(connection, scope, reports):
    reports(FIRST, numerator=1)
    reports(SECOND, month=date(2020, 7, 1), value=30.0)
    reports(THIRD, value=30.0, published_on=date(2020, 9, 1))
    assert [is_reported for _, _, is_reported in found(connection, scope)] == [False, False, False]


def test_a_township_whose_own_weight_is_none_is_not_asked(connection, scope, reports, add):
    add("kpi_weights", {"region_code": SECOND, "scheme": "S", "kpi_code": "K11", "weight": 0},
        {"region_code": THIRD, "scheme": "S", "kpi_code": "K18", "weight": 2})  # fmt: skip
    assert [(code, township) for code, township, _ in found(connection, scope)] == [
        ("K11", FIRST), ("K11", THIRD), ("K18", THIRD),
    ]  # fmt: skip


def test_the_township_filter_and_the_month_of_the_as_of_day_hold(connection, scope, reports):
    reports(FIRST, value=30.0)
    assert found(connection, replace(scope, townships=frozenset({FIRST}))) == [("K11", FIRST, True)]
    july = replace(scope, townships=frozenset({FIRST}), as_of=date(2020, 8, 30))
    assert found(connection, july) == [("K11", FIRST, False)]


def test_without_a_scheme_nothing_is_asked(connection, scope, county, add):
    add("kpis", {"code": "K11", "direction": "higher"})
    assert kpi_reports(connection, scope).empty
