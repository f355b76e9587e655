"""任务详情: what does one task ask for, how far is each place, and what holds it up?"""

from functools import partial

import streamlit as st

from analysis import task_book as books
from analysis import task_titles
from analysis.milestones import milestone_rows, steps_finding
from auth import guarded, require_viewer, rows_scope
from cache import fetch
from components.charts import milestone_chart, task_progress_chart
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import carried_query, county_scope, current_scope, link_filters, townships_in
from components.tables import html_table
from components.tasks import task_book as screen
from components.text import finding, note
from components.workbook import Sheets
from navigation import CHECKLIST_FILTERS
from queries.milestones import milestones
from queries.task_book import task_facts, task_plans, task_texts
from queries.task_months import cell_months, task_months
from queries.tasks import task_summary

viewer = require_viewer(__file__)
scope, rights = current_scope(viewer), rows_scope(viewer)
county, labels, facts = county_scope(scope), townships_in(scope), fetch(task_facts, scope)
asked = st.query_params.get("task", "")
fact = books.chosen_fact(facts, asked)
filters = {**link_filters(scope), **carried_query(CHECKLIST_FILTERS)}
if fact is None:
    rows = screen.choosable(fetch(task_summary, scope), facts, filters=filters)
    screen.chooser(rows, asked)
    sheets: Sheets = {(name := "重点任务"): (rows, screen.CHOOSER_EXPORT)}
    export = guarded(partial(tables_bytes, sheets, title=name), scope, is_rows=False)
    table_downloads(name, scope.as_of, sheets, data=export)
    definitions("task_light", "task_mean")
    st.stop()
code, own = fact["code"], rights.narrow(county)
st.title(books.book_title(fact))
screen.task_ways(facts, code, filters=filters)
texts, plans = fetch(task_texts, own, task=code), fetch(task_plans, county, task=code)
book = books.task_book(fact, fetch(cell_months, scope), fetch(task_months, scope), plans, texts, labels)
if book is None:
    screen.task_facts(fact)
    st.info("该任务在所选范围内还没有按月计划。")
    st.stop()
steps = milestone_rows(fetch(milestones, scope), facts, labels, as_of=scope.as_of, task=code)

finding(books.book_finding(book))
screen.task_lights(book)
screen.task_facts(fact)
left, right = st.columns(2, gap="large")
with left:
    points = books.progress_points(book)
    st.subheader(said := f"{book.place}{books.progress_finding(points)}")
    drawing(task_progress_chart(points, finding=said))
with right:
    st.subheader(steps_said := steps_finding(steps))
    drawing(milestone_chart(steps, as_of=scope.as_of, due_on=fact["due_on"], finding=steps_said))
screen.township_cells(book, filters=filters)

regions = books.region_rows(book, may_read=books.readable(rights, fact))
st.subheader(task_titles.texts_title(book, regions))
screen.place_texts(book, regions)
html_table(
    regions,
    screen.region_columns(book, with_texts=task_titles.has_texts(regions)),
    caption=books.rights_note(rights, fact),
)
months = books.month_rows(book)
st.subheader(task_titles.months_title(book, months))
html_table(months, screen.MONTH_COLUMNS)
note("计划为全年安排；实际到截至日前最近一个完整月为止。")
sheets = {(name := f"任务{fact['number']}进展"): (regions, screen.region_columns(book))}
export = guarded(partial(tables_bytes, sheets, title=name), own)
table_downloads(name, scope.as_of, sheets, data=export)
definitions("light", "planned_pct", "task_mean", "milestone", "task_texts")
