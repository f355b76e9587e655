"""考核排名: how do the townships rank, how sure is that, and who moved?"""

from functools import partial

import streamlit as st

from analysis.briefing import ranking_finding, ranking_line
from analysis.rankings import chosen, ranked_rows, ranking_title
from auth import guarded, require_viewer
from cache import fetch
from components.charts import ranking_chart
from components.columns import RANKING
from components.definitions import definitions
from components.filters import county_scope, current_scope, township_labels
from components.tables import csv_bytes, csv_download, html_table
from components.text import finding, line
from queries.names import scheme_names
from queries.rankings import ranking

viewer = require_viewer(__file__)
scope = current_scope(viewer)
whole = fetch(ranking, county_scope(scope))
st.title(ranking_title(whole, fetch(scheme_names)))
if whole["score"].isna().all():
    st.info("所选日期之前没有可排名的考核得分。")
    st.stop()
ranked = ranked_rows(whole, township_labels())
table = chosen(ranked, scope.townships)

finding(ranking_finding(ranked))
line(ranking_line(table))
st.altair_chart(ranking_chart(table, places=len(ranked)))

html_table(table, RANKING, caption="名次按未四舍五入的得分计算；名次与范围按全县计算，不随乡镇筛选变化。")
export = guarded(partial(csv_bytes, table, RANKING), scope, is_rows=False)
csv_download("考核排名", scope.as_of, data=export)
definitions("score", "rank", "rank_interval", "band", "coverage", "rank_change")
