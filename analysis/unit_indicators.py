"""The indicators of regions above the townships, side by side: values and places by indicator, no composite."""

from collections.abc import Mapping

import pandas as pd

NO_COMPOSITE = (
    "考核方案由各县制定，县与县、市与市之间不排综合名次；表中为所辖乡镇（街道）合计计算的指标值和本项名次，"
    "得分、评比类指标不能相加，未列入。点地区名进入。"
)


def shown_indicators(judged: pd.DataFrame) -> pd.DataFrame:
    """Return the indicators of `queries.rankings.kpi_table`, by code: kpi_code, name, unit ("" for none), kind."""
    about = judged.drop_duplicates("kpi_code").sort_values("kpi_code")[["kpi_code", "name", "unit", "kind"]]
    return about.fillna({"unit": ""}).reset_index(drop=True)


def unit_rows(judged: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
    """Lay the indicators out, one row per region compared.

    Parameters
    ----------
    judged : pd.DataFrame
        `queries.rankings.kpi_table` above the counties.
    labels
        The label of each region by code, in fixed order.

    Returns
    -------
    pd.DataFrame
        One row per region in the fixed order: township (its label), and under each indicator's code the pair (value,
        rank), both float, NaN for none.
    """
    codes = shown_indicators(judged)["kpi_code"].tolist()
    pairs = zip(judged["township_code"], judged["kpi_code"], judged["value"], judged["rank"], strict=True)
    known = {(region, kpi): (value, rank) for region, kpi, value, rank in pairs}
    nothing = (float("nan"), float("nan"))
    rows = [
        {"township": label, **{code: known.get((region, code), nothing) for code in codes}}
        for region, label in labels.items()
    ]
    return pd.DataFrame(rows, columns=["township", *codes])
