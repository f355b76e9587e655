"""平台运行: what do the mediation centre, the four platforms and 慢城通 carry, and is it in time?"""

from dataclasses import replace
from functools import partial

import streamlit as st

from analysis import services as carried
from analysis.findings import most
from analysis.trends import MONTH, county_trend, trend_title, year_finding
from auth import guarded, require_viewer
from cache import fetch
from components.charts import backlog_chart, timeliness_chart
from components.choices import pick
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import current_scope, link_filters, place, townships_in
from components.kpi import kpi_cards
from components.services import services as screen
from components.tables import html_table
from components.text import finding, line, note
from queries.backlog import backlog_by_month
from queries.milestones import milestones
from queries.names import department_names
from queries.services import service_departments, service_months, services
from queries.task_book import task_facts

viewer = require_viewer(__file__)
scope = current_scope(viewer)
found, filters, span = fetch(services, scope), link_filters(scope), carried.span_words(scope.as_of)
st.title(f"平台运行 · {span}")
if not found["opened"].any():
    st.info("所选日期之前的12个月没有平台记录。")
    st.stop()
listed = carried.channels(found)
table = carried.channel_table(found, listed)
centre = carried.command_centre(fetch(milestones, scope), fetch(task_facts, scope), as_of=scope.as_of)
finding(f"{place(scope)}{carried.services_finding(table, centre)}")
kpi_cards(screen.service_cards(table, centre))
st.subheader(f"件数最多的是{most(table['part'], table['opened'])}")
html_table(screen.channel_rows(table, listed, filters), screen.CHANNELS, caption=screen.TABLE_CAPTION)

options = screen.channel_options(listed)
channel = carried.channel_of(listed, pick("平台和事项", options, key="channel"))
stream, own = channel.stream, replace(scope, stream=channel.stream.code, platform=channel.platform)
rows = carried.township_table(found, channel, townships_in(scope))
if not rows["opened"].any():
    st.info(f"{channel.label}：{span}没有记录。")
else:
    trend = county_trend(fetch(backlog_by_month, own, with_county=True), MONTH)
    st.subheader(said := f"{channel.label}：{trend_title(trend, stream)}")
    waiting = f"未{stream.closed}"
    drawn = partial(backlog_chart, opened=stream.opened, closed=stream.closed, waiting=waiting, period="月")
    drawing(drawn(trend, finding=said))
    note(year_finding(trend, stream, MONTH))
    rates = carried.month_rates(fetch(service_months, own))
    line(timely := carried.rates_finding(rates, "按期率"))
    drawing(timeliness_chart(rates, word="按期率", finding=timely))
    note(f"按期率逐月，{span}及上一年。")
    columns = screen.township_columns(channel)
    html_table(rows, columns, total=carried.total(rows, place(scope)), caption=f"单位：件，{span}。")
    involved = carried.department_rows(fetch(service_departments, scope), channel, fetch(department_names))
    most_involved = most(involved["department"], involved["cases"])
    st.subheader(f"涉及最多的是{most_involved}" if most_involved else "没有涉及县级部门的")
    html_table(involved, screen.DEPARTMENTS, caption="一件涉及几个部门的，各计一次。")
sheets = {"各平台": (table, screen.CHANNELS_EXPORT), "乡镇（街道）": (rows, screen.TOWNSHIPS_EXPORT)}
export = guarded(partial(tables_bytes, sheets, title="平台运行"), scope, is_rows=False)
table_downloads("平台运行", scope.as_of, sheets, data=export)
definitions("taken", "open", "overdue", "in_time", "satisfaction", "mediation_success", "involved", "command_centre")
