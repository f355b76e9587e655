"""口径说明: what does each figure mean, how is it worked out, and who answers for it?"""

from functools import partial

import streamlit as st

from analysis.definitions import catalogue, definition_table, definitions_finding, matching
from auth import guarded, require_viewer
from cache import fetch
from components.columns import DEFINITIONS
from components.definitions import definition_list
from components.downloads import table_downloads, tables_bytes
from components.filters import current_scope
from components.text import line, note
from queries.definitions import kpi_definitions

viewer = require_viewer(__file__)
scope = current_scope(viewer)
st.title("口径说明")
known = catalogue(fetch(kpi_definitions, scope), as_of=scope.as_of)
text = st.text_input(
    "查找口径",
    key="figure",
    bind="query-params",
    type="search",
    placeholder="输入指标名称、代码、责任单位等，如：化解率、K06、县信访局",
    live=True,
)
found = matching(known, text or "")
line(definitions_finding(found, known))
note("权重、目标值、底线值为截至日所行考核方案的全县数值；打印本页（Ctrl+P）即为当前查找到的条目。")
definition_list(found)
sheets = {(name := "口径说明"): (definition_table(found), DEFINITIONS)}
export = guarded(partial(tables_bytes, sheets, title=name), scope, is_rows=False)
table_downloads(name, scope.as_of, sheets, data=export)
