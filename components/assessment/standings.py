"""The ranking as a table, a township's explanation as a table, and the row of townships to walk through."""

from collections.abc import Iterable
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.contributions import Gap
from analysis.rankings import ALL
from analysis.wording import number
from components.assessment.columns import COUNTY_PLACE, EXPLANATION_SCREEN, RANKING_SCREEN
from components.links import rows_link, standing_link
from components.marks import Points, Range
from components.tables import table_html
from components.text import nothing_html

RANKING_CAPTION = (
    "得分条上的竖线为60分；名次范围中的圆点为全县名次，横条为偶然波动可能的名次，细线为三分之一分界。"
    "点名次看为什么排在这里，点乡镇（街道）名看乡镇画像。"
)


def ranking_table_html(rows: pd.DataFrame, *, kind: str, places: int, as_of: date) -> str:
    """Return the ranking as a table whose cells hold the score's bar and the rank's range.

    Parameters
    ----------
    rows
        `analysis.rankings.ranked_rows` (or `within_kind`) `with_notes`.
    kind
        ALL, or the kind within which the places are: the county's own place then stands beside them.
    places
        How many townships are ranked in the county.
    """
    ranges = zip(rows["county_rank"], rows["rank_low"], rows["rank_high"], rows["band"], strict=True)
    places_said = rows["place"].where(rows["rank"].notna(), rows["band"])
    shown = rows.assign(
        link=_cells(
            (said, standing_link(name, as_of)) for said, name in zip(places_said, rows["township"], strict=True)
        ),
        range=_cells(Range(rank, low, high, places, band) for rank, low, high, band in ranges),
        note_mark=_cells(zip(rows["note"], rows["reason"], strict=True)),
    )
    columns = RANKING_SCREEN if kind == ALL else (*RANKING_SCREEN[:2], COUNTY_PLACE, *RANKING_SCREEN[2:])
    return table_html(shown, columns, caption=RANKING_CAPTION)


def ranking_table(rows: pd.DataFrame, *, kind: str, places: int, as_of: date) -> None:
    """Show the ranking."""
    st.html(ranking_table_html(rows, kind=kind, places=places, as_of=as_of))


def standing_links(rows: pd.DataFrame, as_of: date) -> dict[str, str]:
    """Return the address of each township's explanation, by code."""
    return {
        code: standing_link(name, as_of) for code, name in zip(rows["township_code"], rows["township"], strict=True)
    }


def explanation_table_html(gap: Gap, rows: pd.DataFrame, *, township: str, month: date) -> str:
    """Return a township's indicators beside the place above, with what would move each and where its rows are.

    Parameters
    ----------
    gap, rows
        `analysis.contributions.gap_of` and `analysis.explanation.explained_rows` of it.
    township
        Its label.
    """
    keys = zip(rows["computed_from"], rows["kpi_code"], strict=True)
    widest = float(gap.rows["gap"].abs().max())
    gaps = zip(rows["gap_words"], rows["share_words"], rows["gap"], strict=True)
    shown = rows.assign(
        link=_cells(rows_link(source, code, township, month) for source, code in keys),
        named=_cells(zip(rows["name"], rows["terms"], rows["kpi_code"], strict=True)),
        value=_cells((value, basis, "") for value, basis in zip(rows["value_words"], rows["basis"], strict=True)),
        scored=_cells(zip(rows["score"], rows["score_note"], strict=True)),
        gap_mark=_cells(Points(*each, widest, gap.is_lead) for each in gaps),
    )
    total = {
        "named": ("合计", f"权重{rows['weight'].sum():g}", ""),
        "contribution": rows["contribution"].sum(),
        "gap_mark": Points(number(gap.points, digits=1), "", float("nan"), 0.0),
    }
    return table_html(shown, EXPLANATION_SCREEN, total=total)


def explanation_table(gap: Gap, rows: pd.DataFrame, *, township: str, month: date) -> None:
    """Show a township's indicators."""
    st.html(explanation_table_html(gap, rows, township=township, month=month))


def township_row_html(ranked: pd.DataFrame, current: str, as_of: date) -> str:
    """Return every township in rank order as a row of links, the current one marked."""
    if ranked.empty:
        return nothing_html("可以比较的乡镇（街道）")
    items = []
    for row in ranked.to_dict("records"):
        name, mark = escape(row["township"]), ' aria-current="page"' if row["township_code"] == current else ""
        number = "—" if pd.isna(row["rank"]) else f"{row['rank']:.0f}"
        target = escape(standing_link(row["township"], as_of))
        items.append(f'<a href="{target}" target="_self"{mark}><b>{number}</b> {name}</a>')
    return f'<nav class="gov-row" aria-label="按名次选择乡镇（街道）">{"".join(items)}</nav>'


def township_row(ranked: pd.DataFrame, current: str, as_of: date) -> None:
    """Show the row of townships."""
    st.html(township_row_html(ranked, current, as_of))


def _cells(values: Iterable[tuple[Any, ...]]) -> pd.Series:
    """Return values of several parts as one column."""
    return pd.Series(list(values), dtype=object)
