from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from queries.county_reports import county_reports
from tests.conftest import COUNTY, TOWNSHIPS


@pytest.fixture
def reported(county, add):
    about = {"domain": "政企通", "unit": "万元", "kind": "amount", "period": "to_date", "direction": "neutral"}
    add(
        "kpis",
        {"code": "K22", "name": "兑现资金", **about},
        {"code": "K01", "name": "化解率", **about, "computed_from": "x"},
    )
    months = {date(2020, 6, 1): 5.0, date(2020, 7, 1): 6.5, date(2020, 8, 1): 7.0, date(2020, 9, 1): 9.0}
    for month, value in months.items():
        late = date(2020, 9, 10) if month.month == 8 else None
        add(
            "kpi_values",
            {"region_code": COUNTY, "kpi_code": "K22", "month": month, "value": value, "published_on": late},
        )
    # decoys: computed, of a township, of no value
    add("kpi_values", {"region_code": COUNTY, "kpi_code": "K01", "month": date(2020, 7, 1), "value": 1.0})
    add("kpi_values", {"region_code": TOWNSHIPS[0], "kpi_code": "K22", "month": date(2020, 7, 1), "value": 1.0})
    add("kpi_values", {"region_code": COUNTY, "kpi_code": "K22", "month": date(2020, 5, 1)})
    add("data_releases", {"id": 1, "published_at": datetime(2020, 9, 1, tzinfo=UTC), "as_of": date(2020, 8, 31)})


def test_the_countys_reports_come_by_month_as_known(connection, reported, scope):
    found = county_reports(connection, scope)
    assert found["value"].tolist() == [5.0, 6.5]  # August came out after the release; September is not over
    assert set(found["kpi_code"]) == {"K22"}
    earlier = county_reports(connection, replace(scope, as_of=date(2020, 7, 30)))
    assert earlier["value"].tolist() == [5.0]
