"""如果: how would the townships rank if the weights were others?"""

from functools import partial

import streamlit as st

from analysis import what_if
from analysis.rankings import chosen
from auth import guarded, require_viewer
from cache import fetch
from components.assessment import what_if as shown
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import county_scope, current_scope, township_labels
from components.text import finding, how_to_read, note
from queries.definitions import kpi_definitions
from queries.names import scheme_names
from queries.rankings import kpi_table, ranking
from queries.what_if import what_if_standings

viewer = require_viewer(__file__)
scope = current_scope(viewer)
county = county_scope(scope)
whole = fetch(ranking, county)
if whole["score"].isna().all():
    st.title("如果调整权重")
    st.info("所选日期之前没有可排名的考核得分。")
    st.stop()
st.title(what_if.what_if_title(whole, fetch(scheme_names)))


@st.fragment
def board() -> None:
    """Draw sliders and ranks; a move runs this part alone."""
    kpis, judged = fetch(kpi_definitions, county), fetch(kpi_table, county)
    scheme = what_if.scheme_weights(kpis, judged)
    moved = shown.moved_weights(scheme)
    weights = what_if.full_weights(scheme, moved)
    sliders, ranks = st.columns([3, 5], gap="medium")
    with sliders, st.container(key="what_if_sliders", gap=None):
        shown.weight_sliders(scheme, moved, dict(zip(kpis["code"], kpis["name"], strict=True)))
    with ranks, st.container(key="what_if_ranks"):
        is_sure = shown.is_computed(f"{scope.as_of} {what_if.written(moved)}")
        pairs = {"scheme": tuple(scheme.items()), "weights": tuple(weights.items())}
        sure = fetch(what_if_standings, county, **pairs) if is_sure else None
        ranked = what_if.reranked(whole, what_if.reweighted(judged, scheme, weights), sure)
        rows = shown.what_if_rows(ranked, township_labels())
        finding(what_if.what_if_finding(rows, moved))
        table = chosen(rows, scope.townships)
        shown.what_if_table(table, is_sure=is_sure)
        note(what_if.what_if_note(moved, is_sure=is_sure))
        how_to_read(*what_if.HOW_TO_READ)
        sheets = {(name := "如果调整权重"): (table, shown.EXPORT)}
        export = guarded(partial(tables_bytes, sheets, title=name), scope, is_rows=False)
        table_downloads(name, scope.as_of, sheets, data=export)


board()
definitions("what_if", "score", "rank_interval", "weight_stability")
