"""考核排名: how do the townships rank, how sure is that, and who moved?"""

from functools import partial

import streamlit as st

from analysis import rankings, reading
from analysis.briefing import ranking_finding, ranking_line
from analysis.explanation import heat_rows, missing_counts, missing_words, trailing_line
from analysis.rank_lines import moves_finding, rank_lines, scheme_changes
from auth import guarded, require_viewer
from cache import fetch
from components.assessment.columns import HEAT, RANK_LINES
from components.assessment.heat import heat_table
from components.assessment.standings import ranking_table, standing_links
from components.assessment.unit_indicators import UNIT_INDICATORS, unit_table
from components.charts import bump_chart
from components.choices import choice
from components.columns import RANKING
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import compares_regions, county_scope, current_scope, is_filtered, township_labels, unit_name
from components.text import finding, how_to_read, line, note
from components.workbook import Sheets
from queries.names import scheme_names
from queries.rankings import kpi_table, rank_history, ranking
from queries.regions import townships

viewer = require_viewer(__file__)
scope, labels = current_scope(viewer), township_labels()
county = county_scope(scope)
if compares_regions():
    st.title("各地区指标")
    rows = unit_table(fetch(kpi_table, county), labels, heading=unit_name())
    sheets: Sheets = {(name := "各地区指标"): (rows, UNIT_INDICATORS)}
    table_downloads(name, scope.as_of, sheets, data=guarded(partial(tables_bytes, sheets, title=name), is_rows=False))
    st.stop()
whole = fetch(ranking, county)
st.title(rankings.ranking_title(whole, fetch(scheme_names)))
if whole["score"].isna().all():
    st.info("所选日期之前没有可排名的考核得分。")
    st.stop()
kinds, judged = rankings.kinds_of(fetch(townships)), fetch(kpi_table, county)
with st.container(horizontal=True):
    view = choice("看法", ("排名", "指标一览表", "名次变化图"), key="view")
    kind = choice("范围", rankings.kind_choices(kinds), key="kind")
ranked = rankings.with_notes(rankings.ranked_rows(whole, labels), missing_counts(judged), missing_words(judged))
table = rankings.chosen(peers := rankings.within_kind(ranked, kinds, kind), scope.townships)
if table.empty:
    st.info(f"所选乡镇（街道）中没有{kind}。")
    st.stop()
among = f"{rankings.among(peers, kind)}{rankings.scheme_note(whole)}"
if view == "指标一览表":
    cells = heat_rows(judged, table)
    finding(f"全县{ranking_finding(ranked)}")
    note(among)
    heat_table(cells, table, standing_links(table, scope.as_of))
    how_to_read(*reading.HEAT)
    sheets = {view: (cells, HEAT)}
elif view == "名次变化图":
    picked = scope.townships if is_filtered(scope) else frozenset()
    lines = rank_lines(fetch(rank_history, county), labels, kinds, kind=kind, chosen=picked)
    finding(moves := moves_finding(lines))
    note(among)
    drawing(bump_chart(lines, scheme_changes(lines), finding=moves))
    how_to_read(*reading.BUMP)
    sheets = {view: (lines, RANK_LINES)}
else:
    finding(f"全县{ranking_finding(ranked)}")
    line(ranking_line(table) if kind == rankings.ALL else rankings.kind_line(table, kind))
    line(trailing_line(judged, ranked, peers))
    note(among)
    ranking_table(table, kind=kind, places=rankings.ranked_count(ranked), as_of=scope.as_of)
    note(rankings.reasons_line(table))
    how_to_read(*reading.RANKING)
    sheets = {view: (table, RANKING)}
export = guarded(partial(tables_bytes, sheets, title=f"考核{view}"), scope, is_rows=False)
table_downloads(f"考核{view}", scope.as_of, sheets, data=export)
definitions("score", "rank", "rank_interval", "band", "coverage", "rank_change")
