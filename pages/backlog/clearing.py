"""化解用时和清零: how long does a case take, and when will the backlog be done?"""

from functools import partial

import streamlit as st

from analysis import clearing
from analysis.streams import STREAMS
from auth import guarded, require_viewer
from cache import fetch
from components.backlog.campaign import cohort
from components.backlog.clearing import AFTER, CLEARING
from components.charts import closing_times_chart
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import county_scope, current_scope, is_filtered, place
from components.tables import html_table
from components.text import finding, how_to_read, line, note
from queries.backlog import backlog_by_week
from queries.case_times import case_times

viewer = require_viewer(__file__)
st.title("化解用时和清零")
scope = cohort(current_scope(viewer, in_campaign=True))
stream, is_cohort = STREAMS[scope.stream], scope.campaign is not None
found = clearing.outlook(fetch(backlog_by_week, county_scope(scope), with_county=True), is_cohort=is_cohort)
times = clearing.closing_times(fetch(case_times, scope, with_county=True))
if found is None or not times.cases:
    st.info("截至所选日期，所选范围内没有满一周的积案记录。")
    st.stop()

finding(
    f"全县{'攻坚交办的积案' if is_cohort else '信访积案'}：{clearing.clearing_finding(found, closed=stream.closed)}"
)
line(clearing.direction(found, opened=stream.opened, closed=stream.closed))
dates = clearing.clearing_dates(found)
if not dates.empty:
    html_table(dates, CLEARING)
note(clearing.COUNTY_ONLY if is_filtered(scope) else "")

st.subheader(said := f"{place(scope)}：{clearing.times_finding(times, closed=stream.closed)}")
after = clearing.after_days(times)
if not times.is_small:
    drawing(closing_times_chart(clearing.curve_steps(times), closed=stream.closed, finding=said))
    html_table(after, AFTER)
note(clearing.wrong_note(times))
how_to_read(*clearing.HOW_TO_READ)
sheets = {(name := "化解用时"): (after, AFTER)}
export = guarded(partial(tables_bytes, sheets, title=name), scope, is_rows=False)
table_downloads(name, scope.as_of, sheets, data=export)
definitions("median_days", "clearing_forecast", "case_age", "case_once", "reopened")
