"""信访诉讼与平安: are petitions and suits falling, and how do 政企通, 平安 and the risks stand?"""

from dataclasses import replace
from functools import partial

import streamlit as st

from analysis import totals
from analysis.county_reports import newest_reports, reports_finding
from auth import guarded, require_viewer
from cache import fetch
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import current_scope, place, townships_in
from components.kpi import kpi_cards
from components.services import totals as screen
from components.tables import html_table
from components.text import finding, line, note
from queries.backlog import backlog_by_month
from queries.county_reports import county_reports
from queries.rankings import kpi_table
from queries.services import risk_levels

viewer = require_viewer(__file__)
scope = current_scope(viewer)
PETITIONS, SUITS, ENTERPRISE, SAFETY = "信访总量", "诉讼总量", "政企通", "平安建设"
petitions = totals.monthly_counts(fetch(backlog_by_month, replace(scope, stream="petition"), with_county=True))
suits = totals.monthly_counts(fetch(backlog_by_month, replace(scope, stream="litigation"), with_county=True))
counts = {PETITIONS: petitions, SUITS: suits}
changes = {PETITIONS: totals.year_changes(petitions), SUITS: totals.year_changes(suits)}
st.title("信访诉讼与平安")
finding(f"{place(scope)}{totals.totals_finding(changes)}")
line(totals.both_fell(changes))
kpi_cards(screen.total_cards(changes, counts))
note(totals.notes(changes[PETITIONS]))

months = {PETITIONS: totals.month_rows(petitions), SUITS: totals.month_rows(suits)}
compared = {PETITIONS: totals.compared(changes[PETITIONS], petitions), SUITS: totals.compared(changes[SUITS], suits)}
st.subheader(totals.months_finding(PETITIONS, months[PETITIONS]))
html_table(compared[PETITIONS], screen.COMPARED, caption=screen.COMPARED_CAPTION)
st.subheader(totals.months_finding(SUITS, months[SUITS]))
html_table(compared[SUITS], screen.COMPARED, caption=screen.COMPARED_CAPTION)

reports = fetch(county_reports, scope)
linked, safe = newest_reports(reports, ENTERPRISE), newest_reports(reports, SAFETY)
st.subheader(reports_finding(linked, f"{ENTERPRISE}（全县累计）"))
kpi_cards(screen.report_cards(linked, figure="government_link"))
st.subheader(reports_finding(safe, SAFETY))
kpi_cards(screen.report_cards(safe, figure=""))
judged = fetch(kpi_table, scope)
safety = totals.safety_rows(judged, townships_in(scope), SAFETY)
if not safety.empty:
    html_table(safety, screen.safety_columns(judged, SAFETY), caption="截至日前最近一个完整月的得分。")
risks = totals.risk_rows(fetch(risk_levels, scope))
st.subheader(totals.risk_finding(risks))
html_table(risks, screen.RISKS, caption="单位：件；未销号、超期为截至日当天。")

sheets = {
    PETITIONS: (compared[PETITIONS], screen.COMPARED),
    SUITS: (compared[SUITS], screen.COMPARED),
    "县级报送": (reports, screen.REPORTS_EXPORT),
    "风险隐患": (risks, screen.RISKS),
}
export = guarded(partial(tables_bytes, sheets, title="信访诉讼与平安"), scope, is_rows=False)
table_downloads("信访诉讼与平安", scope.as_of, sheets, data=export)
definitions("annual_total", "year_on_year", "government_link", "risk_level", "in_time")
