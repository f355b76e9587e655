"""Small counties of judged indicators, made by the product's own judgement from values written out in a test."""

from collections.abc import Mapping, Sequence
from datetime import date

import pandas as pd

from analysis.kpis import judged_kpis

AUGUST = date(2020, 8, 1)
NAN = float("nan")

# code, name, unit, direction, kind, period, computed_from
KPIS = pd.DataFrame(
    [
        ("K01", "信访积案化解率", "%", "higher", "proportion", "to_date", "backlog_resolution_rate"),
        ("K09", "重复信访率", "%", "lower", "proportion", "flow", "petitions_repeated"),
        ("K11", "诉前纠纷化解率", "%", "higher", "proportion", "flow", None),
        ("K12", "万人成讼率", "件/万人", "lower", "rate", "flow", "suits_per_resident"),
        ("K18", "平安暗访得分", "分", "higher", "score", "state", None),
        ("K21", "矛盾纠纷受理量", "件", "neutral", "count", "flow", "disputes_opened"),
    ],
    columns=["code", "name", "unit", "direction", "kind", "period", "computed_from"],
)
ENDS = {"K01": (90, 60), "K09": (10, 30), "K11": (30, 15), "K12": (60, 110), "K18": (95, 80)}

Values = Mapping[tuple[str, str], tuple[float, float] | float]


def judged(values: Values, weights: Mapping[str, float], townships: Sequence[str] = ("甲", "乙", "丙")) -> pd.DataFrame:
    """Return rows as `queries.rankings.kpi_table` has them, from {(township, code): (x, n) or value}."""
    rows = [(*key, AUGUST, *_columns(figure)) for key, figure in values.items()]
    frame = pd.DataFrame(rows, columns=["region_code", "kpi_code", "month", "numerator", "denominator", "value"])
    frame["month"] = pd.to_datetime(frame["month"]).astype("datetime64[s]")
    given = [("县", code, weight, *ENDS.get(code, (NAN, NAN))) for code, weight in weights.items()]
    ends = pd.DataFrame(given, columns=["region_code", "kpi_code", "weight", "goal", "floor"])
    frame = frame.astype({"value": "float64", "numerator": "float64", "denominator": "float64"})
    found = judged_kpis(frame, KPIS, ends, month=AUGUST, county="县", townships=townships)
    about = KPIS.set_index("code")[["name", "unit", "direction", "period", "computed_from"]]
    return found.join(about, on="kpi_code").assign(month=pd.Timestamp(AUGUST))


def _columns(figure: tuple[float, float] | float) -> tuple[float, float, float]:
    return (*figure, NAN) if isinstance(figure, tuple) else (NAN, NAN, figure)
