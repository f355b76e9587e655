"""总体情况: where do we stand, and what needs me?"""

from functools import partial

import streamlit as st

from actions.entries import annotations, follow_ups
from analysis import breakdown, rankings
from analysis.annotations import excluded_months
from analysis.backlog import backlog_headline
from analysis.briefing import backlog_finding, pace_title, ranking_finding, ranking_line
from analysis.checklist import own_counts
from analysis.findings import where_finding
from analysis.follow_ups import follow_up_table
from analysis.scope import Scope
from analysis.streams import STREAMS
from analysis.weak_links import chosen as concerning
from analysis.weak_links import foremost
from analysis.weak_links.briefing import weak_links_finding
from auth import guarded, require_viewer
from cache import fetch
from components import filters
from components.cards import overview_cards
from components.charts import campaign_chart
from components.columns import BACKLOG, BACKLOG_CAPTION, BACKLOG_EXPORT, of_units
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.follow_ups import pressing_follow_ups
from components.kpi import kpi_cards
from components.tables import html_table
from components.tasks.weak_links import foremost_links
from components.text import finding, line
from components.tiles import tile_section
from queries.backlog import backlog_at, backlog_by_week, campaign_at
from queries.campaigns import campaigns
from queries.rankings import kpi_table, ranking
from queries.regions import townships
from queries.releases import is_demo, newest_as_of
from queries.tasks import task_matrix, task_summary
from queries.weak_links import weak_links

viewer = require_viewer(__file__)
scope, labels = filters.current_scope(viewer, in_campaign=True), filters.township_labels()
st.title("总体情况")
now, weekly = fetch(backlog_at, scope), breakdown.recent(fetch(backlog_by_week, scope))
if weekly.empty:
    st.info("截至所选日期，所选范围内没有信访积案记录。")
    st.stop()
known, county = fetch(campaigns), filters.county_scope(scope)
then = fetch(backlog_at, breakdown.at_baseline(scope, known))
campaign, backlog = breakdown.campaign_now(scope, known, now, then), backlog_headline(now, weekly)
progress = breakdown.progress(scope, known, weekly, now, then)
lights = own_counts(fetch(task_summary, scope), fetch(task_matrix, scope), is_filtered=filters.is_filtered(scope))
ranked = rankings.ranked_rows(fetch(ranking, county), labels)
finding(backlog_finding(filters.place(scope), backlog, STREAMS[scope.stream], campaign))
decided = follow_up_table(follow_ups(), labels, as_of=scope.as_of, newest=fetch(newest_as_of))
pressing_follow_ups(decided, scope.as_of, filters.link_filters(scope))
how = {"is_filtered": filters.is_filtered(scope), "is_demo": fetch(is_demo)}
kpi_cards(overview_cards(backlog, campaign, lights, rates=breakdown.rates(progress), **how))
if not filters.compares_regions():
    line(f"考核排名：{ranking_line(rankings.chosen(ranked, scope.townships))}。全县看，{ranking_finding(ranked)}。")
    asked = Scope(scope.as_of, county.townships, region=scope.region)
    weak = fetch(weak_links, asked, excluded=excluded_months(annotations()))
    weak = concerning(weak, townships=scope.townships if filters.is_filtered(scope) else None)
    st.subheader(weak_links_finding(weak, where=filters.place(scope)))
    foremost_links(foremost(weak), labels, filters.link_filters(scope), count=len(weak))
    left, right = st.columns([2, 3], gap="medium")
    with left:
        known_tiles = (fetch(kpi_table, county), fetch(backlog_at, county), fetch(task_matrix, county))
        tile_section(scope, fetch(townships), ranked, *known_tiles, fetch(campaign_at, county))
with st.container() if filters.compares_regions() else right:
    st.subheader(pace := pace_title(backlog, campaign))
    drawing(campaign_chart(progress, finding=pace))
table, whole = breakdown.by_township(now, labels), breakdown.total(now, filters.place(scope))
st.subheader(where_finding(table["township"], table["open"], what="未化解积案"))
html_table(table, of_units(BACKLOG, filters.unit_name()), total=whole, caption=BACKLOG_CAPTION)
book = {(name := "积案化解情况"): (table, BACKLOG_EXPORT)}
table_downloads(name, scope.as_of, book, data=guarded(partial(tables_bytes, book, title=name), scope, is_rows=False))
definitions("case_once", "resolution_rate", "overdue", "rise", "pace", "small_base", "task_light", "rank_interval")
