"""议定事项: what did the meetings decide, what of it is done, what is overdue?"""

from functools import partial

import streamlit as st

from actions.entries import (
    annotations,
    change_follow_up,
    follow_ups,
    may_decide,
    record_follow_up,
    reply_to_follow_up,
)
from analysis import follow_ups as decided
from analysis.annotations import excluded_months
from analysis.scope import Scope
from auth import guarded, require_viewer, rows_scope
from cache import fetch
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import current_scope, is_filtered, township_labels
from components.follow_ups import FOLLOW_UPS, NEW, change_form, decision_form, follow_up_list, reply_form
from components.text import finding, note
from queries.releases import newest_as_of
from queries.weak_links import weak_links
from state.follow_ups import Decision

viewer = require_viewer(__file__)
scope, labels = current_scope(viewer), township_labels()
st.title("议定事项")

known = decided.follow_up_table(follow_ups(), labels, as_of=scope.as_of, newest=fetch(newest_as_of))
table = decided.of_townships(known, scope.townships, is_filtered=is_filtered(scope))
finding(decided.follow_ups_finding(table))

if may_decide(viewer):
    found = fetch(
        weak_links, Scope(scope.as_of, frozenset(labels), region=scope.region), excluded=excluded_months(annotations())
    )
    asked = st.query_params.get("reference", "")
    draft = decided.draft(found, asked, as_of=scope.as_of)
    note(decided.draft_note(draft, asked))
    record = guarded(lambda number, fields: record_follow_up(Decision(**fields)))
    change = guarded(lambda number, fields: change_follow_up(number, Decision(**fields)))
    decision_form(draft, labels, key=f"{NEW}_{asked}", save=record, is_open=bool(asked))
    change_form(table, labels, save=change)
elif viewer.role == "township":
    reply_form(table, reply=guarded(reply_to_follow_up))

if table.empty:
    st.info("所选范围内没有议定事项。行动办可以在“薄弱环节”中逐项记录。")
else:
    follow_up_list(table)
sheets = {(name := "议定事项"): (table, FOLLOW_UPS)}
export = guarded(partial(tables_bytes, sheets, title=name), rows_scope(viewer).narrow(scope), is_rows=True)
table_downloads(name, scope.as_of, sheets, data=export)
definitions("follow_ups", "weak_links")
