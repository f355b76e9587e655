"""The indicators of regions above the townships as a table: a region a row, however many there are."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st

from analysis.unit_indicators import NO_COMPOSITE, shown_indicators, unit_rows
from analysis.wording import MISSING
from components.tables import Column, count, score, table_html
from components.township_names import township_mark

UNIT_INDICATORS = (
    Column("region", "地区"),
    Column("kpi_code", "指标代码"),
    Column("name", "指标"),
    Column("value", "指标值"),
    Column("unit", "单位"),
    Column("numerator", "分子"),
    Column("denominator", "分母"),
    Column("rank", "本项名次"),
)
"""The columns of the download: one row per region and indicator."""


def unit_table(judged: pd.DataFrame, labels: Mapping[str, str], *, heading: str) -> pd.DataFrame:
    """Show every indicator of every region compared, with its place; return the rows of UNIT_INDICATORS.

    Parameters
    ----------
    judged
        `queries.rankings.kpi_table` above the counties.
    labels
        The label of each region by code, in fixed order.
    heading
        What the regions are: 县（市、区）.
    """
    columns = [Column("township", heading, html=township_mark)]
    for code, name, unit, kind in shown_indicators(judged).itertuples(index=False):
        said, write = f"{name}（{unit}）" if unit else name, count if kind == "count" else score
        columns.append(Column(code, said, html=partial(_valued, write=write), is_number=True, figure=code))
    table = table_html(unit_rows(judged, labels), columns, caption=NO_COMPOSITE)
    st.html(f'<div class="gov-wide">{table}</div>')
    return judged.assign(region=judged["township_code"].map(labels))


def _valued(pair: tuple[float, float], write: Callable[[float], str]) -> str:
    value, rank = pair
    if pd.isna(value):
        return MISSING
    return write(value) if pd.isna(rank) else f"{write(value)} <small>第{rank:.0f}</small>"
