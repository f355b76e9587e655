"""台账: which cases are they, one by one?"""

from functools import partial

import streamlit as st

from actions.ledgers import ledger_files
from analysis.case_words import Names, by_code, case_table, count_words
from analysis.case_words import finding as ledger_finding
from analysis.category_table import category_finding, category_note, category_table
from analysis.ledger import with_counties
from analysis.streams import STREAMS
from auth import guarded, require_viewer, rows_scope
from cache import fetch
from components.backlog import ledger as screen
from components.backlog.ledger_filters import ledger_filters, rights_said, village_labels
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import county_scope, current_scope, is_filtered, place, township_labels
from components.text import finding, note
from queries.campaigns import campaigns
from queries.case_counts import open_by_category
from queries.case_values import case_values, village_names
from queries.ledger import case_count, case_page, page_key
from queries.names import department_names
from queries.regions import county

viewer = require_viewer(__file__)
scope, labels, stream = current_scope(viewer), township_labels(), STREAMS[current_scope(viewer).stream]
rights, departments = rows_scope(viewer), by_code(fetch(department_names))
wide = scope if is_filtered(scope) else with_counties(scope, fetch(county)["code"])
st.title(f"台账 · {stream.name}")
note(rights_said(rights, labels, departments))
if not rights.narrow(wide).townships:
    st.info("所选乡镇（街道）不在您的权限范围内，没有可以列出的案件。")
    definitions("case_once")
    st.stop()

villages = fetch(village_names, rights.narrow(scope))
known = by_code(fetch(campaigns))
offered = village_labels(villages, labels) if is_filtered(rights.narrow(scope)) else {}
asked = ledger_filters(stream, fetch(case_values, scope), offered, known)
own = asked.within(rights.narrow(wide))
names = Names(labels, by_code(villages), departments, known, stream)
counted = fetch(case_count, own, where=asked.where)
count = count_words(counted.cases, is_capped=counted.is_capped)
said = ledger_finding(count, names, place(own), asked.words)
order, falling = asked.order_by, asked.descending
finding(said)
files = ledger_files(viewer, own, asked.where, order, descending=falling, names=names, said=said)
screen.export_links(files, cases=counted.cases, is_capped=counted.is_capped)

key = screen.page_start((own, asked))
page = fetch(case_page, own, where=asked.where, order_by=order, descending=falling, after=key, limit=asked.size)
table = case_table(page, names, scope.as_of)
if page.empty:
    st.info("没有符合条件的案件，请放宽筛选。")
else:
    screen.ledger_table(table, stream, scope.as_of)
following = page_key(page, order) if len(page) == asked.size else None
screen.pager((own, asked), following, size=asked.size, shown=len(page))

counts = fetch(open_by_category, county_scope(asked.within(scope)))
by_category = category_table(counts, labels, rights=rights, shown=scope.townships)
st.subheader(category_finding(by_category, what=f"在办{stream.short_name}"))
if by_category.empty:
    st.info(f"截至所选日期没有在办的{stream.name}。")
else:
    screen.category_counts(by_category, caption=category_note(rights))
sheets = {(name := f"在办{stream.short_name}按类别"): (by_category, screen.category_columns(by_category))}
export = guarded(partial(tables_bytes, sheets, title=name), scope, is_rows=False)
table_downloads(name, scope.as_of, sheets, data=export)
definitions("case_once", "overdue", "case_age", "led_by", "time_limit")
