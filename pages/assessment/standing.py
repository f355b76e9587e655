"""为什么排在这里: what makes up a township's score, what separates it from the place above, and what would move it?"""

from functools import partial

import streamlit as st

from analysis import explanation, reading
from analysis.climbs import climbs
from analysis.contributions import gap_of
from analysis.rankings import picked, ranked_rows, ranking_title
from auth import guarded, require_viewer
from cache import fetch
from components.assessment.columns import EXPLANATION
from components.assessment.standings import explanation_table, township_row
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import county_scope, current_scope, township_labels
from components.text import finding, how_to_read, line
from queries.names import scheme_names
from queries.rankings import kpi_table, ranking

viewer = require_viewer(__file__)
scope = current_scope(viewer)
county = county_scope(scope)
whole = fetch(ranking, county)
if whole["score"].isna().all():
    st.title("为什么排在这里")
    st.info("所选日期之前没有可排名的考核得分。")
    st.stop()
ranked, judged = ranked_rows(whole, township_labels()), fetch(kpi_table, county)
township = picked(ranked, scope.townships, viewer.township_code)
name = township_labels()[township]
gap = gap_of(judged, township)
rows = explanation.explained_rows(gap, climbs(judged, township))

title = ranking_title(whole, fetch(scheme_names))
st.title(explanation.explanation_title(ranked, township, title=title))
township_row(ranked, township, scope.as_of)
finding(explanation.explanation_finding(gap, ranked))
line(f"{explanation.explanation_line(ranked, township)}{explanation.climbing_line(gap, rows)}")
explanation_table(gap, rows, township=name, month=whole["month"].iloc[0])
how_to_read(*reading.EXPLANATION)
sheets = {"排名说明": (rows, EXPLANATION)}
export = guarded(partial(tables_bytes, sheets, title=name), scope, is_rows=False)
table_downloads(f"{name}排名说明", scope.as_of, sheets, data=export)
definitions("score", "rank", "rank_interval", "band", "coverage")
