"""放映: the meeting's slides over the whole screen, turned by keys."""

import streamlit as st

from actions.meetings import material, reopened
from analysis.meeting.frames import focus_townships
from analysis.meeting.plan import default_plan, read
from auth import require_viewer
from components.filters import current_scope, link_filters
from components.links import address
from components.meeting.meeting import PLAN, SNAPSHOT
from components.meeting.presenter import presenter
from components.meeting.slides import leaves

viewer = require_viewer(__file__)
scope = current_scope(viewer, in_campaign=True)
number = st.query_params.get(SNAPSHOT, "")
meeting = reopened(number) if number else None
shown = material(scope) if meeting is None else meeting.material
known = shown.figures.labels
asked = st.query_params.get(PLAN, "").split(",") if meeting is None else meeting.slides
plan = read(asked, known) or default_plan(focus_townships(shown))
back = address("meeting", **link_filters(scope)) if meeting is None else address("finalised", snapshot=number)
presenter(
    leaves(shown, plan),
    stamp=shown.figures.stamp,
    back=back,
    is_demo=shown.figures.is_demo,
    note="" if meeting is None else f"定稿：{meeting.title}",
)
