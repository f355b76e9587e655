"""会议定稿: what did a meeting see, and what has changed since?"""

from functools import partial

import streamlit as st

from actions.meetings import frozen_document, frozen_drawn, handed, material_like, reopened, snapshots
from analysis.meeting.differences import differences, differences_finding
from analysis.meeting.plan import read
from analysis.meeting.slides import slides
from auth import guarded, require_viewer
from components.choices import choice, pick
from components.downloads import table_downloads, tables_bytes
from components.filters import current_scope
from components.meeting.documents import document_downloads, picture_download
from components.meeting.meeting import (
    DIFFERENCES,
    SNAPSHOT,
    present_link,
    slide_list,
    snapshot_labels,
    snapshot_note,
)
from components.tables import html_table
from components.text import finding, note

viewer = require_viewer(__file__)
scope = current_scope(viewer)
st.title("会议定稿")
frozen = snapshots()
if not frozen:
    st.info("还没有定稿的会议。行动办可以在“会议材料”中定稿。")
    st.stop()
number = pick("会议", snapshot_labels(frozen), key=SNAPSHOT) or ""
meeting = reopened(number)
then = meeting.material
plan = read(meeting.slides, then.figures.labels)
now = material_like(then.figures, scope.as_of)
found = differences(then, now)

finding(differences_finding(then.figures, now.figures, found))
note(snapshot_note(meeting.snapshot))
present_link(plan, {}, snapshot=meeting.snapshot.id)
view = choice("看法", ("有什么变化", "当时的结论"), key="view")
if view == "当时的结论":
    slide_list(slides(then, plan), then.figures.labels)
    note(then.figures.stamp)
elif found.empty:
    st.info("与会议时相比没有变化。")
else:
    html_table(found, DIFFERENCES, caption="只列有变化的；截至日期可在上方筛选中选择。")
    sheets = {"变化情况": (found, DIFFERENCES)}
    export = guarded(partial(tables_bytes, sheets, title=meeting.title), now.figures.scope, is_rows=False)
    table_downloads(f"{meeting.title}变化情况", scope.as_of, sheets, data=export)
st.subheader("定稿文件")
final = guarded(partial(frozen_document, number), then.figures.scope, is_rows=False)
document_downloads(then.figures.as_of, data=final)
hand = partial(handed, then.figures.scope)
picture_download(then.figures.as_of, asked=number, draw=partial(frozen_drawn, number), hand=hand)
