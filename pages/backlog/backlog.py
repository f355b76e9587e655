"""积案化解: is the backlog shrinking, and where does it wait?"""

from functools import partial

import streamlit as st

from analysis import breakdown
from analysis.backlog import backlog_headline
from analysis.briefing import backlog_finding, pace_finding, split_finding
from analysis.findings import rising_finding, where_finding
from analysis.streams import STREAMS
from analysis.trends import PERIODS, county_trend, township_trends, trend_title, year_finding
from auth import guarded, require_viewer
from cache import fetch
from components.backlog.campaign import cohort, trend_export, trends_title
from components.cards import stream_cards
from components.charts import backlog_chart
from components.choices import choice
from components.columns import of_units, stream_caption, stream_columns, stream_export
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import current_scope, place, township_labels, unit_name
from components.kpi import kpi_cards, small_multiples, township_cells
from components.tables import html_table
from components.text import finding, line, note
from queries.backlog import backlog_at, backlog_by_month, backlog_by_week
from queries.campaigns import campaigns
from queries.releases import is_demo

viewer = require_viewer(__file__)
asked, labels = current_scope(viewer, in_campaign=True), township_labels()
stream = STREAMS[asked.stream]
st.title("积案化解" if asked.stream == "petition_backlog" else stream.name)
scope = cohort(asked)

now, every_week = fetch(backlog_at, scope, with_county=True), fetch(backlog_by_week, scope, with_county=True)
if every_week.empty:
    st.info(f"截至所选日期，所选范围内没有{stream.name}记录。")
    st.stop()
weekly, known = breakdown.recent(every_week), fetch(campaigns)
then = fetch(backlog_at, breakdown.at_baseline(scope, known), with_county=True)
campaign = breakdown.campaign_now(scope, known, now, then)
progress = breakdown.progress(scope, known, weekly, now, then)
backlog = backlog_headline(now, weekly)

finding(backlog_finding(place(scope), backlog, stream, campaign))
line(pace_finding(campaign.pace, backlog.open_now) if campaign else "")
kpi_cards(stream_cards(stream, backlog, campaign, rates=breakdown.rates(progress), is_demo=fetch(is_demo)))

heading = st.empty()
period = PERIODS[choice("时间单位", tuple(PERIODS), key="period")]
series = fetch({"周": backlog_by_week, "月": backlog_by_month}[period.word], scope, with_county=True)
trend, waiting = county_trend(series, period), f"未{stream.closed}"
heading.subheader(said := trend_title(trend, stream))
drawn = partial(backlog_chart, opened=stream.opened, closed=stream.closed, waiting=waiting, period=period.word)
drawing(drawn(trend, finding=said))
note(year_finding(trend, stream, period))
measures = {waiting: "open", "超期": "overdue", stream.opened: "opened", stream.closed: "closed"}
measure = choice("小图", tuple(measures), key="measure")
line(rising_finding(series, labels, end=period.end, measure=measures[measure], what=measure, period=period.word))
note(trends_title(measure, period, trend))
small_multiples(township_cells(township_trends(series, period, labels, measure=measures[measure])))

table, whole = breakdown.by_township(now, labels), breakdown.total(now, place(scope))
st.subheader(where_finding(table["township"], table["open"], what=f"{waiting}{stream.short_name}"))
html_table(table, of_units(stream_columns(stream), unit_name()), total=whole, caption=stream_caption(stream))
if stream.code == "petition_backlog":
    line(split_finding(whole))

sheets = {"走势": (trend, trend_export(stream)), unit_name(): (table, stream_export(stream))}
export = guarded(partial(tables_bytes, sheets, title=stream.name), scope, is_rows=False)
table_downloads(f"{stream.name}情况", scope.as_of, sheets, data=export)
definitions(
    "case_once", "resolution_rate", "overdue", "rise", "closing_split", "reopened", "led_by", "small_base",
    "weekly_flows", "year_before",
)  # fmt: skip
