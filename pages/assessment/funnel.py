"""差异判断图: which township differs from the county by more than small numbers explain?"""

from functools import partial

import streamlit as st

from analysis import funnel_words
from analysis.funnel import CAPTION
from analysis.rankings import chosen
from auth import guarded, require_viewer
from cache import fetch
from components.assessment.funnel import FUNNEL
from components.charts import funnel_chart
from components.choices import pick
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import county_scope, current_scope, township_labels
from components.tables import html_table
from components.text import finding, how_to_read, line, note
from queries.definitions import kpi_definitions
from queries.rankings import kpi_table

viewer = require_viewer(__file__)
scope = current_scope(viewer)
judged = fetch(kpi_table, county_scope(scope))
names = funnel_words.funnel_kpis(judged)
if not names:
    st.title("差异判断图")
    st.info("所选日期之前没有可以比较的比例指标。")
    st.stop()
title = st.empty()
kpi = pick("指标", names, key="kpi") or next(iter(names))
title.title(f"差异判断图 · {names[kpi]}")
rows = funnel_words.funnel_rows(judged, kpi, township_labels())
rows["is_chosen"] = rows["township_code"].isin(scope.townships)
shown = chosen(rows, scope.townships)

finding(said := funnel_words.funnel_finding(rows, shown))
line(f"{CAPTION}。")
drawing(funnel_chart(rows, funnel_words.funnel_lines(rows), finding=said))
formula = fetch(kpi_definitions, scope).set_index("code")["formula"].fillna("")
note(f"{funnel_words.funnel_basis(judged, kpi)}。{formula[kpi]}。界限和平均按全县计算，不随乡镇筛选变化。")
how_to_read(*funnel_words.HOW_TO_READ)
html_table(shown, FUNNEL)
sheets = {"差异判断": (shown, FUNNEL)}
export = guarded(partial(tables_bytes, sheets, title=names[kpi]), scope, is_rows=False)
table_downloads(f"差异判断-{names[kpi]}", scope.as_of, sheets, data=export)
definitions("funnel")
