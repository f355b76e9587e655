"""信号: which indicator is out of the ordinary where, and what may its target expect?"""

from functools import partial

import streamlit as st

from actions.entries import annotations, explain, may_explain, may_reply, reply, withdraw
from analysis import signal_words
from analysis.annotations import chart_marks, excluded_months, notes_of
from analysis.indicators import SHARE
from analysis.months import month_of
from analysis.signals import signal_chart, signal_grid
from analysis.wording import month as month_word
from auth import guarded, require_viewer
from cache import fetch
from components.annotations import explain_form, note_list, reply_form
from components.assessment import signals as shown
from components.charts import signal_chart as drawn
from components.choices import pick
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.drawings import drawing
from components.filters import current_scope, link_filters, township_labels
from components.text import finding, how_to_read, line, note
from queries.definitions import kpi_definitions
from queries.indicators import kpi_series
from state.annotations import Place

viewer = require_viewer(__file__)
scope = current_scope(viewer)
month, series = month_of(scope.as_of), fetch(kpi_series, scope)
st.title(f"信号 · {month_word(month)}")
if series.empty:
    st.info("所选日期之前没有逐月的指标数据。")
    st.stop()
written, kpis, filters = annotations(), fetch(kpi_definitions, scope), link_filters(scope)
excluded = excluded_months(written)
names, places = signal_words.names_of(series, kpis), signal_words.places_of(series, township_labels())
grid = signal_words.grid_rows(signal_grid(series, excluded), kpis, places)
finding(signal_words.signals_finding(grid))
shown.flagged_links(grid, filters)
with st.container(horizontal=True):
    kpi = pick("指标", names, key="kpi", placeholder="在表中点一格，或在这里选")
    region = pick("地方", places, key="place", placeholder="全县或乡镇（街道）")

if kpi and region:
    chart = signal_chart(series, kpi, region, excluded)
    st.subheader(said := signal_words.chart_finding(chart, places[region], names[kpi]))
    unit, notes = signal_words.unit_of(chart, kpis, kpi), notes_of(written, region, kpi)
    rows, key, at = signal_words.chart_rows(chart, unit), f"{kpi}_{region}", partial(Place, region, kpi)
    shown.verdicts(chart.attrs["variation"], chart.attrs["assurance"])
    marks = chart_marks(notes, rows["month"])
    drawing(drawn(rows, marks, unit=unit, is_share=chart.attrs["form"] == SHARE, finding=said))
    note(signal_words.usual_line(chart, unit))
    how_to_read(*signal_words.HOW_TO_READ_CHART)
    note_list(notes)
    if may_explain(viewer):
        save = guarded(lambda month, text, out: explain(at(month), text, is_excluded=out))
        take_back = guarded(lambda month: withdraw(at(month)))
        explain_form(notes, list(rows["month"].dt.date), key=key, save=save, withdraw=take_back)
    elif may_reply(viewer, region):
        reply_form(notes, key=key, reply=guarded(lambda month, text: reply(at(month), text)))

shown.signal_grid_table(grid, filters, (kpi, region))
line(signal_words.alarm_note(grid))
how_to_read(*signal_words.HOW_TO_READ_GRID)
sheets = {(name := "信号"): (grid, shown.GRID)}
export = guarded(partial(tables_bytes, sheets, title=name), scope, is_rows=False)
table_downloads(name, scope.as_of, sheets, data=export)
definitions("variation", "assurance", "annotation")
