"""积案化解: is the backlog shrinking, and where does it wait?"""

from functools import partial

import streamlit as st

from analysis import breakdown
from analysis.backlog import backlog_headline
from analysis.briefing import backlog_finding, pace_title, split_finding, weeks_title
from analysis.streams import STREAMS
from auth import guarded, require_viewer
from cache import fetch
from components.cards import stream_cards
from components.charts import backlog_chart, campaign_chart
from components.columns import stream_caption, stream_columns, stream_export
from components.definitions import definitions
from components.filters import current_scope, place, township_labels
from components.kpi import kpi_cards, small_multiples, township_cells
from components.tables import csv_bytes, csv_download, html_table
from components.text import finding, line
from queries.backlog import backlog_at, backlog_by_week
from queries.campaigns import campaigns
from queries.releases import is_demo

viewer = require_viewer(__file__)
scope = current_scope(viewer, in_campaign=True)
stream = STREAMS[scope.stream]
st.title("积案化解" if scope.stream == "petition_backlog" else stream.name)

now, weekly = fetch(backlog_at, scope), breakdown.recent(fetch(backlog_by_week, scope))
if weekly.empty:
    st.info(f"截至所选日期，所选范围内没有{stream.name}记录。")
    st.stop()
known = fetch(campaigns)
then = fetch(backlog_at, breakdown.at_baseline(scope, known))
campaign = breakdown.campaign_now(scope, known, now, then)
progress = breakdown.progress(scope, known, weekly, now, then)
backlog, total = backlog_headline(now, weekly), breakdown.total(now, place(scope))

finding(backlog_finding(place(scope), backlog, stream, campaign))
kpi_cards(stream_cards(stream, backlog, campaign, rates=breakdown.rates(progress), is_demo=fetch(is_demo)))

st.subheader(weeks_title(backlog, stream))
weeks = breakdown.weekly_total(weekly)
st.altair_chart(backlog_chart(weeks, opened=stream.opened, closed=stream.closed, waiting=f"未{stream.closed}"))
line(f"各乡镇（街道）未{stream.closed}件数（同一刻度）")
small_multiples(township_cells(breakdown.histories(weekly, township_labels())))

if campaign is not None:
    st.subheader(pace_title(backlog, campaign))
    st.altair_chart(campaign_chart(progress))
    line(split_finding(total))

st.subheader(f"{place(scope)}各乡镇（街道）情况")
table = breakdown.by_township(now, township_labels())
html_table(table, stream_columns(stream), total=total, caption=stream_caption(stream))
export = guarded(partial(csv_bytes, table, stream_export(stream)), scope, is_rows=False)
csv_download(f"{stream.name}情况", scope.as_of, data=export)
definitions(
    "case_once", "resolution_rate", "overdue", "rise", "pace", "closing_split", "reopened", "led_by", "small_base"
)
