"""任务清单: are the 35 tasks on schedule, and where is the light red?"""

from functools import partial

import streamlit as st

from analysis.briefing import red_finding, tasks_finding
from analysis.checklist import month_title, own_counts, red_cells, task_rows
from auth import guarded, require_viewer
from cache import fetch
from components.columns import RED_CELLS
from components.definitions import definitions
from components.filters import current_scope, is_filtered, place, townships_in
from components.lights import light_counts, light_matrix
from components.tables import csv_bytes, csv_download, html_table
from components.text import finding
from queries.names import work_group_names
from queries.tasks import task_matrix, task_summary

viewer = require_viewer(__file__)
scope = current_scope(viewer)
matrix, labels = fetch(task_matrix, scope), townships_in(scope)
groups = fetch(work_group_names).set_index("code")["name"]
st.title(month_title(matrix))
if matrix.empty:
    st.info("所选范围内没有任务。")
    st.stop()
counts = own_counts(fetch(task_summary, scope), matrix, is_filtered=is_filtered(scope))
red = red_cells(matrix, labels, groups)

finding(tasks_finding(counts, where=place(scope), is_filtered=is_filtered(scope)))
light_counts(counts)

st.subheader(red_finding(red))
light_matrix(matrix, task_rows(matrix, groups), labels)

st.subheader(f"红灯事项（{len(red)}个）")
if red.empty:
    st.info("所选范围内没有亮红灯的任务。")
else:
    html_table(red, RED_CELLS, caption="按落后计划的幅度从大到小排列。")
export = guarded(partial(csv_bytes, red, RED_CELLS), scope, is_rows=False)
csv_download("红灯事项", scope.as_of, data=export)
definitions("light", "task_light", "planned_pct", "red_cells", "reporting")
