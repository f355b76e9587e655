"""薄弱环节: what is wrong, precisely where, whose is it, and what is being done?"""

from functools import partial

import streamlit as st

from actions.entries import annotations, follow_ups, may_decide
from analysis.annotations import excluded_months
from analysis.follow_ups import decisions, follow_up_table
from analysis.rules import MEETING_ITEMS
from analysis.scope import Scope
from analysis.weak_links import chosen, foremost
from analysis.weak_links.briefing import silence_line, weak_link_rows, weak_links_finding
from analysis.weak_links.remarks import reasons, with_remarks
from auth import guarded, require_viewer, rows_scope
from cache import fetch
from components.choices import choice
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import current_scope, is_filtered, link_filters, own_filter, place, township_labels
from components.tasks.weak_links import KIND, WEAK_LINKS
from components.tasks.weak_links import weak_links as listed
from components.text import finding, line, note
from queries.names import department_names
from queries.releases import newest_as_of
from queries.tasks import task_list
from queries.weak_links import pressing_cases, weak_links

viewer = require_viewer(__file__)
scope = current_scope(viewer)
county = Scope(scope.as_of, frozenset(township_labels()), region=scope.region)
st.title("薄弱环节")

written, rights = annotations(), rows_scope(viewer)
decided = follow_up_table(follow_ups(), township_labels(), as_of=scope.as_of, newest=fetch(newest_as_of))
found = chosen(
    fetch(weak_links, county, excluded=excluded_months(written)),
    townships=scope.townships if is_filtered(scope) else None,
    kinds=own_filter(KIND),
    department=scope.department,
)
if found.empty:
    st.info("所选范围内没有薄弱环节。")
    st.stop()
told = with_remarks(
    found,
    fetch(task_list, rights.narrow(county)),
    fetch(pressing_cases, rights.narrow(county)),
    rights=rights,
    departments=fetch(department_names).set_index("code")["name"],
    reasons=reasons(written, scope.as_of),
    decisions=decisions(decided),
)
finding(weak_links_finding(found, where=place(scope)))
line(silence_line(told))
view = choice("看法", (f"会议研究（最多{MEETING_ITEMS}个）", "全部"), key="view")
shown = weak_link_rows(told if view == "全部" else foremost(told))
listed(shown, township_labels(), link_filters(scope), may_decide=may_decide(viewer))
note("同一任务、乡镇（街道）、指标只列一次；属于整项任务或整个乡镇滞后的，不再逐个列出。筛选不改变判断，按全县计算。")
sheets = {(name := "薄弱环节"): (shown, WEAK_LINKS)}
export = guarded(partial(tables_bytes, sheets, title=name), rights.narrow(scope), is_rows=True)
table_downloads(name, scope.as_of, sheets, data=export)
definitions("weak_links", "whole", "stalled", "weak_link_order", "light", "overdue", "case_age", "variation", "funnel")
