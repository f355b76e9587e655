"""按部门、专项组: which unit and which work group keeps to schedule, and what comes next?"""

from functools import partial

import streamlit as st

from analysis.checklist import month_title
from analysis.milestones import milestone_rows, road_map, road_map_title, steps_finding
from analysis.task_units import BY_GROUP, BY_LEAD, book_rows, changes_finding, placed_steps, unit_rows, units_finding
from auth import guarded, require_viewer
from cache import fetch
from components.charts import timetable_chart
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import current_scope, is_filtered, link_filters, own_query, place, township_labels
from components.tables import html_table
from components.tasks import task_units as screen
from components.text import finding, note
from queries.milestones import milestones
from queries.task_book import task_facts
from queries.task_months import cell_months
from queries.tasks import task_summary

viewer = require_viewer(__file__)
scope = current_scope(viewer)
facts, cells, summary = fetch(task_facts, scope), fetch(cell_months, scope), fetch(task_summary, scope)
st.title(month_title(cells, "按部门、专项组"))
if cells.empty:
    st.info("所选范围内没有任务。")
    st.stop()
is_part, is_whole = is_filtered(scope), bool(scope.work_group or scope.department)
filters = {**link_filters(scope), **own_query()}
by_group = unit_rows(cells, summary, facts, by=BY_GROUP, is_filtered=is_part)
by_lead = unit_rows(cells, summary, facts, by=BY_LEAD, is_filtered=is_part)
steps = milestone_rows(fetch(milestones, scope), facts, township_labels(), as_of=scope.as_of)
books, roads = book_rows(summary, facts, steps), road_map(steps, as_of=scope.as_of, is_whole=is_whole)

finding(f"{place(scope)}{units_finding(by_group, word='专项组')}")
st.subheader(changes_finding(by_group, word="专项组"))
groups = screen.linked_units(by_group, by=BY_GROUP, filters=filters)
html_table(groups, screen.unit_columns("专项组", is_filtered=is_part), caption=screen.UNITS_CAPTION)
st.subheader(units_finding(by_lead, word="牵头单位"))
leads = screen.linked_units(by_lead, by=BY_LEAD, filters=filters)
html_table(leads, screen.unit_columns("牵头单位", is_filtered=is_part), caption=screen.UNITS_CAPTION)

st.subheader(f"时间表：{(steps_said := steps_finding(steps))}")
drawing(timetable_chart(books, placed_steps(steps, books), as_of=scope.as_of, finding=steps_said))
st.subheader(road_map_title(roads, is_whole=is_whole))
if roads.empty:
    st.info("没有逾期和即将到期的里程碑。")
else:
    html_table(screen.linked_rows(roads, filters=filters), screen.STEPS)
note("" if is_whole else "在左侧选择专项组或牵头单位，可看其全部里程碑。")
st.subheader(f"任务书（{len(books)}份）")
html_table(
    screen.linked_rows(books, filters=filters), screen.BOOKS, caption="点任务名打开任务书，按 Ctrl+P 打印（A4）。"
)

sheets = {
    "专项组": (by_group, screen.unit_export("专项组")),
    "牵头单位": (by_lead, screen.unit_export("牵头单位")),
    "里程碑": (steps, screen.STEPS_EXPORT),
    "任务": (books, screen.BOOKS_EXPORT),
}
export = guarded(partial(tables_bytes, sheets, title="按部门、专项组"), scope, is_rows=False)
table_downloads("按部门专项组", scope.as_of, sheets, data=export)
definitions("task_completion", "on_schedule", "task_trend", "task_overdue", "task_light", "milestone")
