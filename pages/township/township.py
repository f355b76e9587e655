"""乡镇画像: everything about one township on one page."""

from dataclasses import replace
from functools import partial

import streamlit as st

from actions.entries import annotations, follow_ups, may_reply, reply
from analysis import township as portrait
from analysis.annotations import notes_by_kpi
from analysis.follow_ups import follow_up_table, of_townships
from analysis.neighbourhood import circle_of, compared
from analysis.rankings import ranked_rows
from analysis.tiles import TileFigures, pace_today, tile_choices, tiles
from auth import guarded, require_viewer, rows_scope
from cache import fetch
from components.choices import pick
from components.definitions import definitions
from components.downloads import table_downloads, tables_bytes
from components.filters import county_scope, current_scope, township_labels
from components.kpi import kpi_cards
from components.text import finding, line
from components.tiles import tile_map
from components.township import sections
from components.township import township as screen
from components.township.walk import township_walk
from queries.backlog import ageing, backlog_at, backlog_by_week, campaign_at, case_page
from queries.names import department_names, work_group_names
from queries.rankings import kpi_table, ranking
from queries.regions import townships
from queries.releases import newest_as_of
from queries.tasks import task_matrix
from queries.township import township_facts, village_backlog
from state.annotations import Place

viewer = require_viewer(__file__)
scope, labels, places = current_scope(viewer, in_campaign=True), township_labels(), fetch(townships)
code = portrait.shown_township(labels, scope.townships, viewer.township_code)
own, county = replace(scope, townships=frozenset({code})), county_scope(scope)
circle, filters = circle_of(places, code), {"township": labels[code], "as_of": scope.as_of.isoformat()}
facts = fetch(township_facts, own)
st.title(f"{facts['name'].iloc[0]} · 乡镇画像")
township_walk(*portrait.step_of(labels, code), filters=filters)
screen.posts_line(portrait.posts_words(facts.iloc[0].to_dict()))

judged, matrix, now = fetch(kpi_table, county), fetch(task_matrix, county), fetch(backlog_at, county)
ranked, rows = ranked_rows(fetch(ranking, county), labels), compared(judged, circle)
finding(portrait.portrait_finding(rows))
line(portrait.against_county_line(rows))
headline = portrait.own_headline(fetch(backlog_at, own), fetch(backlog_by_week, own))
tasks = portrait.own_cells(matrix, code)
kpi_cards(screen.portrait_cards(ranked, headline, tasks, now, circle))
left, right = st.columns([2, 3], gap="medium")
with left:
    figure = pick("地图显示", choices := tile_choices(judged), key="tile") or next(iter(choices))
    shown = tiles(figure, TileFigures(ranked, judged, now, matrix, pace_today(fetch(campaign_at, county), scope.as_of)))
    tile_map(shown, screen.labelled(places, labels), figure=choices[figure], filters=filters, chosen={code})
with right:
    sections.standing_section(portrait.standing_lines(judged, ranked, code), filters)
st.subheader(portrait.worse_finding(rows))
notes = notes_by_kpi(annotations(), code)
screen.compared_table(rows, notes, circle)
sheets = {"指标对比": (rows, screen.COMPARED_EXPORT)}
export = guarded(partial(tables_bytes, sheets, title=labels[code]), own, is_rows=False)
table_downloads(f"{labels[code]}指标对比", scope.as_of, sheets, data=export)
send = guarded(lambda kpi, month, text: reply(Place(code, kpi, month), text)) if may_reply(viewer, code) else None
sections.notes_section(notes, portrait.indicator_names(rows), filters, reply=send)
sections.tasks_section(tasks, labels, fetch(work_group_names).set_index("code")["name"], filters)
held = rows_scope(viewer).narrow(replace(own, campaign=None))
sections.cases_heading(fetch(ageing, replace(own, campaign=None)), headline.open_now, filters)
if held.townships:
    villages, whole = fetch(village_backlog, held), fetch(backlog_at, held)
    oldest = fetch(case_page, held, state="open", descending=False, limit=sections.OLDEST)
    sections.cases_table(oldest, villages, fetch(department_names), scope.as_of, township=labels[code])
    sections.villages_section(villages, int(whole["open"].sum()), scope.as_of, is_part=held.department is not None)
else:
    st.info(sections.NOT_OPEN)
decided = follow_up_table(follow_ups(), labels, as_of=scope.as_of, newest=fetch(newest_as_of))
sections.decided_section(of_townships(decided, {code}, is_filtered=True))
definitions("score", "rank", "rank_interval", "resolution_rate", "case_age", "light", "annotation", "follow_ups")
