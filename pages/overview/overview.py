"""总体情况: where do we stand, and what needs me?"""

from functools import partial

import streamlit as st

from actions.entries import annotations, follow_ups
from analysis import breakdown
from analysis.annotations import excluded_months
from analysis.backlog import backlog_headline
from analysis.briefing import backlog_finding, pace_title, ranking_finding, ranking_line
from analysis.checklist import own_counts
from analysis.follow_ups import follow_up_table
from analysis.rankings import chosen, ranked_rows
from analysis.scope import Scope
from analysis.streams import STREAMS
from analysis.weak_links import chosen as concerning
from analysis.weak_links import foremost
from analysis.weak_links.briefing import weak_links_finding
from auth import guarded, require_viewer
from cache import fetch
from components.cards import overview_cards
from components.charts import campaign_chart
from components.columns import BACKLOG, BACKLOG_CAPTION, BACKLOG_EXPORT
from components.definitions import definitions
from components.drawings import drawing
from components.filters import county_scope, current_scope, is_filtered, link_filters, place, township_labels
from components.follow_ups import pressing_follow_ups
from components.kpi import kpi_cards
from components.tables import csv_bytes, csv_download, html_table
from components.text import finding, line
from components.tiles import tile_section
from components.weak_links import foremost_links
from queries.backlog import backlog_at, backlog_by_week, campaign_at
from queries.campaigns import campaigns
from queries.rankings import kpi_table, ranking
from queries.regions import townships
from queries.releases import is_demo, newest_as_of
from queries.tasks import task_matrix, task_summary
from queries.weak_links import weak_links

viewer = require_viewer(__file__)
scope, labels = current_scope(viewer, in_campaign=True), township_labels()
st.title("总体情况")
now, weekly = fetch(backlog_at, scope), breakdown.recent(fetch(backlog_by_week, scope))
if weekly.empty:
    st.info("截至所选日期，所选范围内没有信访积案记录。")
    st.stop()
known, county = fetch(campaigns), county_scope(scope)
then = fetch(backlog_at, breakdown.at_baseline(scope, known))
campaign = breakdown.campaign_now(scope, known, now, then)
progress = breakdown.progress(scope, known, weekly, now, then)
backlog = backlog_headline(now, weekly)
lights = own_counts(fetch(task_summary, scope), fetch(task_matrix, scope), is_filtered=is_filtered(scope))
ranked = ranked_rows(fetch(ranking, county), labels)

finding(backlog_finding(place(scope), backlog, STREAMS[scope.stream], campaign))
decided = follow_up_table(follow_ups(), labels, as_of=scope.as_of, newest=fetch(newest_as_of))
pressing_follow_ups(decided, scope.as_of, link_filters(scope))
how = {"is_filtered": is_filtered(scope), "is_demo": fetch(is_demo)}
kpi_cards(overview_cards(backlog, campaign, lights, rates=breakdown.rates(progress), **how))
line(f"考核排名：{ranking_line(chosen(ranked, scope.townships))}。全县看，{ranking_finding(ranked)}。")

found = fetch(weak_links, Scope(scope.as_of, frozenset(labels)), excluded=excluded_months(annotations()))
weak = concerning(found, townships=scope.townships if is_filtered(scope) else None)
st.subheader(weak_links_finding(weak, where=place(scope)))
foremost_links(foremost(weak), labels, link_filters(scope), count=len(weak))

left, right = st.columns([2, 3], gap="medium")
with left:
    known_tiles = (fetch(kpi_table, county), fetch(backlog_at, county), fetch(task_matrix, county))
    tile_section(scope, fetch(townships), ranked, *known_tiles, fetch(campaign_at, county))
with right:
    st.subheader(pace := pace_title(backlog, campaign))
    drawing(campaign_chart(progress, finding=pace))
st.subheader(f"{place(scope)}积案化解情况")
table = breakdown.by_township(now, labels)
html_table(table, BACKLOG, total=breakdown.total(now, place(scope)), caption=BACKLOG_CAPTION)
csv_download("积案化解情况", scope.as_of, data=guarded(partial(csv_bytes, table, BACKLOG_EXPORT), scope, is_rows=False))
definitions("case_once", "resolution_rate", "overdue", "rise", "pace", "small_base", "task_light", "rank_interval")
