"""信号: the grid of indicators by places, what is out of the ordinary as links, and the verdict on one chart."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

import pandas as pd
import streamlit as st

from analysis.control_charts import ASSURANCE_CAPTIONS, VARIATION_CAPTIONS, Assurance, Variation
from analysis.indicators import INCREMENT
from analysis.signal_words import ADDED, COUNTY, VARIATION_WORDS
from components.links import address
from components.tables import Column
from components.text import nothing_html
from components.township_names import township_head

PAGE = "signals"
FLAGGED = (Variation.CONCERN, Variation.IMPROVEMENT, Variation.NEUTRAL_HIGH, Variation.NEUTRAL_LOW)

GRID = (
    Column("name", "指标"),
    Column("place", "地方"),
    Column("month_word", "最近月份"),
    Column("value_word", "当月值"),
    Column("variation_word", "波动判断"),
    Column("assurance_word", "达标前景"),
)

Filters = Mapping[str, str | Sequence[str]]
Chosen = tuple[str | None, str | None]


def signal_mark(kind: str, word: str) -> str:
    """Return a glyph with its word, as trusted markup."""
    return f'<span class="sig {kind}">{escape(word)}</span>' if word else ""


def grid_html(rows: pd.DataFrame, filters: Filters, chosen: Chosen = (None, None)) -> str:
    """Return the grid as a table whose cells lead to their charts, and as a list for phones.

    Parameters
    ----------
    rows
        `analysis.signal_words.grid_rows`: indicator by indicator, each with the same places.
    filters
        What the addresses keep (`components.filters.link_filters`).
    chosen
        Indicator and region whose chart stands on the page.
    """
    if rows.empty:
        return nothing_html("逐月的指标数据")
    places = list(dict.fromkeys(rows["place"]))
    heads = "".join(map(township_head, places))
    body, listed = [], []
    for name, own in groupby(rows.to_dict("records"), lambda row: row["name"]):
        cells = list(own)
        added = f"<small>{ADDED}</small>" if cells[0]["form"] == INCREMENT else ""
        heading = f'<th class="kpi" scope="row">{escape(name)}{added}</th>'
        body.append(f"<tr>{heading}{''.join(_cell(row, filters, chosen) for row in cells)}</tr>")
        listed.append(f"<li><b>{escape(name)}</b><p>{_listed(cells, filters)}</p></li>")
    head = f'<thead><tr><th class="kpi" scope="col">指标</th>{heads}</tr></thead>'
    table = f'<table class="gov-signals">{head}<tbody>{"".join(body)}</tbody></table>'
    return f'<div class="gov-box has-list" tabindex="0">{table}<ul class="gov-list">{"".join(listed)}</ul></div>'


def signal_grid_table(rows: pd.DataFrame, filters: Filters, chosen: Chosen = (None, None)) -> None:
    """Show the grid."""
    st.html(grid_html(rows, filters, chosen))


def flagged_html(rows: pd.DataFrame, filters: Filters) -> str:
    """Return every series that is out of the ordinary as a link, what got worse first; "" for none."""
    ranks = {kind.value: i for i, kind in enumerate(FLAGGED)}
    flagged = rows[rows["variation"].isin(list(ranks))].copy()
    if flagged.empty:
        return ""
    flagged = flagged.sort_values("variation", key=lambda kinds: kinds.map(ranks), kind="stable")
    items = "".join(
        f'<li><a href="{_link(row, filters)}" target="_self" title="{escape(row["says"])}">'
        f"{signal_mark(row['variation'], row['variation_word'])}"
        f"<span>{escape(row['place'])}　{escape(row['name'])}</span></a></li>"
        for row in flagged.to_dict("records")
    )
    return f'<ul class="gov-flagged">{items}</ul>'


def flagged_links(rows: pd.DataFrame, filters: Filters) -> None:
    """Show what is out of the ordinary."""
    markup = flagged_html(rows, filters)
    if markup:
        st.html(markup)


def verdicts_html(variation: Variation, assurance: Assurance) -> str:
    """Return what a chart says, in two sentences with their glyphs."""
    said = signal_mark(variation.value, f"{VARIATION_WORDS[variation]}：{VARIATION_CAPTIONS[variation]}")
    caption = ASSURANCE_CAPTIONS[assurance]
    hope = signal_mark(assurance.value, f"目标：{caption}" if caption else "")
    return f'<p class="gov-verdicts">{said}{hope}</p>'


def verdicts(variation: Variation, assurance: Assurance) -> None:
    """Show what a chart says."""
    st.html(verdicts_html(variation, assurance))


def _cell(row: Mapping[Any, Any], filters: Filters, chosen: Chosen) -> str:
    look = f"{row['variation']}{' county' if row['place'] == COUNTY else ''}"
    current = ' aria-current="true"' if (row["kpi_code"], row["region_code"]) == chosen else ""
    marks = signal_mark(row["variation"], row["variation_word"]) + signal_mark(row["assurance"], row["assurance_word"])
    link = f'<a href="{_link(row, filters)}" target="_self" title="{escape(row["says"])}">{marks}</a>'
    return f'<td class="{look}"{current}>{link}</td>'


def _listed(cells: Sequence[Mapping[Any, Any]], filters: Filters) -> str:
    """Return an indicator's places on a phone: the flagged by name, the others counted."""
    parts = []
    for kind in Variation:
        own = [row for row in cells if row["variation"] == kind.value]
        if not own:
            continue
        links = "、".join(f'<a href="{_link(row, filters)}" target="_self">{escape(row["place"])}</a>' for row in own)
        said = links if kind in FLAGGED else f"{len(own)}个"
        parts.append(f"{signal_mark(kind.value, VARIATION_WORDS[kind])} {said}")
    return "；".join(parts)


def _link(row: Mapping[Any, Any], filters: Filters) -> str:
    return escape(address(PAGE, **{**filters, "kpi": str(row["name"]), "place": str(row["place"])}))
