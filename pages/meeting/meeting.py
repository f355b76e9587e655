"""会议材料: what is shown in the meeting, in which order, and what is taken away from it?"""

from functools import partial

import streamlit as st

from actions.meetings import (
    agendas,
    document,
    drawn,
    finalise,
    handed,
    material,
    may_finalise,
    may_plan,
    remove_agenda,
    save_agenda,
)
from analysis.meeting.frames import focus_townships
from analysis.meeting.slides import slides
from analysis.meeting.titles import overview_title
from analysis.wording import month
from auth import guarded, require_viewer
from components.filters import current_scope, link_filters, township_labels
from components.meeting.documents import document_downloads, picture_download
from components.meeting.meeting import agenda_form, finalise_form, plan_editor, present_link, slide_list
from components.text import finding, note

viewer = require_viewer(__file__)
scope, labels = current_scope(viewer, in_campaign=True), township_labels()
st.title("会议材料")
shown, known = material(scope), agendas()
if shown.figures.now.empty:
    st.info("截至所选日期没有可供会议使用的数据。")
    st.stop()

finding(overview_title(shown))
plan = plan_editor(known, labels, focus_townships(shown))
present_link(plan, link_filters(scope))
st.subheader(f"幻灯片{len(plan)}项内容的结论")
slide_list(slides(shown, plan), labels)
note(shown.figures.stamp)

st.subheader("带走的文件")
export = guarded(partial(document, scope, plan), scope, is_rows=False)
document_downloads(scope.as_of, data=export)
asked = (scope, shown.figures.stamp)
picture_download(scope.as_of, asked=asked, draw=partial(drawn, scope), hand=partial(handed, scope))
if may_plan(viewer):
    save, remove = guarded(save_agenda), guarded(remove_agenda)
    agenda_form([each.name for each in known], plan, save=save, remove=remove)
if may_finalise(viewer):
    freeze = guarded(lambda title: finalise(title, material(scope, with_courses=True), plan))
    finalise_form(f"{month(scope.as_of)}治理创新行动推进会", freeze=freeze)
