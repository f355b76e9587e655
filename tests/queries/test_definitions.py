"""What is known of each indicator, with its department's name and its weight in force."""

from datetime import date

from queries.definitions import kpi_definitions
from tests.conftest import COUNTY, TOWNSHIPS


def test_each_indicator_comes_once_with_its_department_and_its_weight_in_force(connection, scope, county, add):
    add("departments", {"code": "D04", "name": "县信访局"}, {"code": "D05", "name": "别的部门"})
    add("schemes", {"code": "S", "valid_from": date(2020, 1, 1)}, {"code": "旧", "valid_to": date(2019, 12, 31)})
    add("kpis", {"code": "K06", "name": "按期办结率", "department_code": "D04", "direction": "higher"},
        {"code": "K01", "department_code": "D99"})  # fmt: skip
    weights = {"kpi_code": "K06", "goal": 100, "floor": 90}
    add("kpi_weights", {"region_code": COUNTY, "scheme": "S", "weight": 6, **weights},
        {"region_code": COUNTY, "scheme": "旧", "weight": 8, **weights},
        {"region_code": TOWNSHIPS[0], "scheme": "S", "weight": 3, **weights})  # fmt: skip
    found = kpi_definitions(connection, scope).set_index("code")
    assert found.index.tolist() == ["K01", "K06"]
    assert found.loc["K06", ["department", "weight", "goal", "floor"]].tolist() == ["县信访局", 6.0, 100.0, 90.0]
    assert found.loc["K01", ["name", "department", "weight"]].isna().all()


def test_without_indicators_there_is_no_row(connection, scope, county):
    found = kpi_definitions(connection, scope)
    assert found.empty
    assert str(found["weight"].dtype) == "float64"
