"""任务清单: are the 35 tasks on schedule, and where is the light red?"""

from functools import partial

import streamlit as st

from analysis.briefing import red_finding, tasks_finding
from analysis.checklist import lights_word, lit_cells, month_title, own_counts, task_rows
from analysis.findings import where_finding
from analysis.lights import RED
from auth import guarded, require_viewer
from cache import fetch
from components.columns import LIT_CELLS, LIT_CELLS_EXPORT
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import (
    compares_regions,
    current_scope,
    is_filtered,
    link_filters,
    own_filter,
    own_query,
    place,
    townships_in,
    unit_name,
)
from components.lights import light_counts
from components.links import linked_tasks, task_link
from components.page_filters import LIGHT
from components.tables import html_table
from components.tasks.matrix import MATRIX_NOTES, light_matrix
from components.text import finding, note
from queries.names import work_group_names
from queries.tasks import task_matrix, task_summary

viewer = require_viewer(__file__)
scope = current_scope(viewer)
matrix, labels, chosen = fetch(task_matrix, scope), townships_in(scope), own_filter(LIGHT)
groups = fetch(work_group_names).set_index("code")["name"]
st.title(month_title(matrix))
if matrix.empty:
    st.info("所选范围内没有任务。")
    st.stop()
counts = own_counts(fetch(task_summary, scope), matrix, is_filtered=is_filtered(scope))
word, filters = lights_word(chosen), {**link_filters(scope), **own_query()}
lit = linked_tasks(lit_cells(matrix, labels, groups, lights=chosen or RED), filters=filters)

finding(tasks_finding(counts, where=place(scope), is_filtered=is_filtered(scope)))
light_counts(counts)

st.subheader(red_finding(lit, word, unit=unit_name()))
link = partial(task_link, filters=filters)
light_matrix(matrix, task_rows(matrix, groups, lights=chosen), labels, link=link, kept=chosen)
note(MATRIX_NOTES[compares_regions()])

where = lit["region"].value_counts()
st.subheader(where_finding(where.index, where, what=f"{word}事项", unit="个"))
if lit.empty:
    st.info(f"所选范围内没有亮{word}的任务。")
else:
    html_table(lit, LIT_CELLS, caption="按落后计划的幅度从大到小排列。")
sheets = {(name := f"{word}事项"): (lit, LIT_CELLS_EXPORT)}
export = guarded(partial(tables_bytes, sheets, title=name), scope, is_rows=False)
table_downloads(name, scope.as_of, sheets, data=export)
definitions("light", "task_light", "planned_pct", "red_cells", "reporting")
