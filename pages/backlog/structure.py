"""积案结构: how old is the backlog, what is it about, who holds it, and which villages have none?"""

from functools import partial

import streamlit as st

from analysis import backlog_structure as structure
from analysis.backlog import AGE_BANDS
from analysis.breakdown import names_by_code
from analysis.township import case_rows
from auth import guarded, require_viewer, rows_scope
from cache import fetch
from components.backlog import structure as screen
from components.backlog.campaign import cohort
from components.charts import ageing_chart
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import county_scope, current_scope, link_filters, place, township_labels
from components.tables import html_table
from components.text import finding, note
from queries.backlog import ageing, case_page
from queries.backlog_groups import backlog_by
from queries.campaigns import campaigns
from queries.case_leaders import case_leaders
from queries.names import department_names
from queries.township import village_backlog
from queries.villages import village_counts

viewer = require_viewer(__file__)
st.title("积案结构")
scope, labels = cohort(current_scope(viewer, in_campaign=True)), township_labels()
rights, known = rows_scope(viewer), names_by_code(fetch(campaigns))
held, is_hidden = rights.narrow(scope), not rights.cover(scope)
ages = fetch(ageing, scope, with_county=True)

finding(said := f"{place(scope)}{structure.ageing_finding(ages)}")
bars = structure.age_bars(ages, labels)
if bars.empty:
    st.info("截至所选日期，所选范围内没有未化解的积案。")
else:
    drawing(ageing_chart(bars, bands=AGE_BANDS, finding=said))

if held.townships:
    oldest = fetch(case_page, held, order_by="age", state="open", limit=screen.OLDEST)
    st.subheader(structure.oldest_finding(oldest))
    villages, names = fetch(village_backlog, held), fetch(department_names)
    html_table(screen.linked_cases(case_rows(oldest, villages, names), labels, scope.as_of), screen.OLDEST_CASES)
    note(screen.DEPARTMENT_ONLY if held.department else "")

left, right = st.columns(2, gap="medium")
told = county_scope(scope) if is_hidden else scope  # a township's categories are the ledger's: it hides small cells
categories = structure.group_rows(fetch(backlog_by, told, group="category", with_county=True), is_hidden=is_hidden)
channels = structure.group_rows(fetch(backlog_by, told, group="channel", with_county=True), is_hidden=is_hidden)
within = {"township": link_filters(scope).get("township", ()), "campaign": known.get(scope.campaign or "", "")}
asked = {"as_of": scope.as_of, **within}
with left:
    screen.groups_table(categories, "类别", is_hidden=is_hidden, links={**asked, "field": "category"})
with right:
    screen.groups_table(channels, "渠道", is_hidden=is_hidden, links={**asked, "field": "channel"})
if held.townships:
    leaders = structure.leader_rows(fetch(case_leaders, held), labels, as_of=scope.as_of)
    screen.leaders_table(leaders, links=asked)

clear = structure.village_rows(fetch(village_counts, scope), labels)
screen.villages_table(clear, where=place(scope))
if held.townships:
    lists = structure.clear_lists(villages, labels, as_of=scope.as_of)
    screen.clear_villages(lists, is_part=held.department is not None)
else:
    st.info(screen.NOT_OPEN)

sheets = {
    "交办后天数": (structure.age_table(ages, labels), screen.AGES_EXPORT),
    "村（社区）": (clear, screen.VILLAGES_EXPORT),
}
export = guarded(partial(tables_bytes, sheets, title="积案结构"), scope, is_rows=False)
table_downloads("积案结构", scope.as_of, sheets, data=export)
definitions("case_age", "overdue", "case_once", "resolution_rate", "case_leader", "free_villages")
