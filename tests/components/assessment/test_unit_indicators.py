"""Indicators of regions side by side: a region a row, its place within each indicator beside the value."""

import pandas as pd

from analysis.unit_indicators import shown_indicators, unit_rows
from components.assessment.unit_indicators import _valued
from components.tables import count, score

JUDGED = pd.DataFrame(
    [
        ("K21", "2", "受理量", "件", "count", 2421.0, float("nan")),
        ("K06", "1", "按期办结率", "%", "proportion", 95.04, 2.0),
        ("K06", "2", "按期办结率", "%", "proportion", 97.0, 1.0),
        ("K20", "2", "同比", None, "rate", -3.0, float("nan")),
    ],
    columns=["kpi_code", "township_code", "name", "unit", "kind", "value", "rank"],
)


def test_every_region_has_a_row_in_the_fixed_order_and_a_pair_under_each_indicator() -> None:
    rows = unit_rows(JUDGED, {"2": "乙县", "1": "甲县", "3": "丙县"})
    assert rows["township"].tolist() == ["乙县", "甲县", "丙县"]
    assert rows["K06"].tolist()[:2] == [(97.0, 1.0), (95.04, 2.0)]
    assert all(pd.isna(part) for part in rows["K06"][2])
    assert list(rows) == ["township", "K06", "K20", "K21"]
    assert shown_indicators(JUDGED)["unit"].tolist() == ["%", "", "件"]


def test_a_value_bears_its_place_and_a_count_no_decimals() -> None:
    assert _valued((95.04, 2.0), score) == "95.0 <small>第2</small>"
    assert _valued((2421.0, float("nan")), count) == "2,421"
    assert _valued((float("nan"), float("nan")), score) == "—"
