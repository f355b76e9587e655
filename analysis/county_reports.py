"""What the county reports as a whole: the newest of each figure, and the title that says it.

Source: COUNTY "KPIs" (K22, K23); DOMAIN "Published facts".
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.remembered import remembered
from analysis.wording import number


@remembered
def newest_reports(reports: pd.DataFrame, domain: str) -> pd.DataFrame:
    """Return the newest value of each county figure of a domain, with its history.

    Parameters
    ----------
    reports
        `queries.county_reports.county_reports`.

    Returns
    -------
    pd.DataFrame
        One row per indicator by code: kpi_code, name, unit, kind, formula, month, value, history (tuple of float).
    """
    own = reports[reports["domain"] == domain]
    histories = own.groupby("kpi_code")["value"].agg(tuple)
    newest = own.groupby("kpi_code", sort=True).tail(1).reset_index(drop=True)
    return newest.assign(history=newest["kpi_code"].map(histories))


def reports_finding(newest: pd.DataFrame, domain: str) -> str:
    """Say the first figure of a domain with its gain on the month before, or every rank: the title over their cards.

    Parameters
    ----------
    newest
        `newest_reports`.
    """
    ranks = newest[newest["kind"] == "rank"]
    if not ranks.empty:
        return "、".join(f"{row['name']}第{row['value']:.0f}" for row in ranks.to_dict("records"))
    return f"{domain}没有报送" if newest.empty else _amount(newest.to_dict("records")[0])


def gain(row: Mapping[Any, Any]) -> str:
    """Say how far a figure of `newest_reports` is from the month before: 较上月增加611.94万元; "" without one."""
    before = row["history"][-2] if len(row["history"]) > 1 else float("nan")
    if pd.isna(before):
        return ""
    change = number(abs(row["value"] - before), digits=2)
    if change == "0":
        return "与上月持平"
    return f"较上月{'增加' if row['value'] > before else '减少'}{change}{row['unit']}"


def _amount(row: Mapping[Any, Any]) -> str:
    said = f"{row['name']}{number(row['value'], digits=2)}{row['unit']}"
    return "，".join(filter(None, (said, gain(row))))
