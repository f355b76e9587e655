"""案件: what is known of one case, from its first day to now?"""

from functools import partial

import streamlit as st

from actions.entries import follow_ups, may_decide
from analysis import case_file
from analysis.case_words import Names, by_code, case_table
from analysis.follow_ups import follow_up_table, follow_ups_finding
from analysis.ledger import CaseFilter, with_counties
from analysis.streams import STREAMS
from auth import guarded, require_viewer, rows_scope
from cache import fetch
from components.backlog import case_file as screen
from components.backlog.ledger import ledger_columns, ledger_table
from components.backlog.ledger_filters import rights_said
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import county_scope, current_scope, link_filters, place, township_labels
from components.follow_ups import follow_up_list
from components.tables import html_table
from components.text import finding, note
from queries.campaigns import campaigns
from queries.case_file import case_episodes, involved_departments
from queries.case_values import village_names
from queries.ledger import case_page
from queries.names import department_names
from queries.regions import county
from queries.releases import newest_as_of

viewer = require_viewer(__file__)
scope, labels, rights = current_scope(viewer), township_labels(), rows_scope(viewer)
departments, known = by_code(fetch(department_names)), by_code(fetch(campaigns))
own = rights.narrow(with_counties(county_scope(scope), fetch(county)["code"]))
villages = by_code(fetch(village_names, rights.narrow(county_scope(scope))))
st.title("案件")
number = screen.number_box()
episodes = fetch(case_episodes, own, case_no=number)
if episodes.empty:
    if number:
        st.info(f"截至所选日期，您有权查看的案件中没有编号为“{number}”的案件。")
    note(rights_said(rights, labels, departments))
    names = Names(labels, villages, departments, known, STREAMS[scope.stream])
    oldest = fetch(case_page, rights.narrow(scope), where=CaseFilter(state="open"), order_by="age", limit=20)
    table = case_table(oldest, names, scope.as_of)
    st.subheader(f"{place(scope)}在办时间最长的{names.stream.name}")
    if table.empty:
        st.info("所选范围内没有您有权查看的在办案件。")
    else:
        ledger_table(table, names.stream, scope.as_of)
    sheets = {(name := "在办时间最长的案件"): (table, ledger_columns(names.stream))}
    export = guarded(partial(tables_bytes, sheets, title=name), rights.narrow(scope))
    table_downloads(name, scope.as_of, sheets, data=export)
    definitions("case_age", "case_once")
    st.stop()

stream = STREAMS[str(episodes["stream"].iloc[-1])]
names = Names(labels, villages, departments, known, stream)
rows = case_file.episode_rows(episodes, fetch(involved_departments, own, case_no=number), names)
finding(case_file.case_finding(episodes, names, scope.as_of))
screen.case_ways(episodes.iloc[-1].to_dict(), filters=link_filters(scope), may_decide=may_decide(viewer))
screen.facts(case_file.case_facts(episodes, names, scope.as_of))
st.subheader(case_file.episodes_finding(episodes, names, scope.as_of))
html_table(rows, screen.known_columns(screen.episode_columns(stream), rows))
decided = follow_up_table(follow_ups(), labels, as_of=scope.as_of, newest=fetch(newest_as_of))
about = case_file.decided_on(decided, episodes)
st.subheader(follow_ups_finding(about))
if about.empty:
    note("没有针对本案件或本乡镇（街道）积案的议定事项。")
else:
    follow_up_list(about)
sheets = {(name := f"案件{number}"): (rows, screen.episode_columns(stream))}
export = guarded(partial(tables_bytes, sheets, title=name), own)
table_downloads(name, scope.as_of, sheets, data=export)
definitions("case_once", "reopened", "time_limit", "overdue", "case_age", "closing_split", "led_by")
