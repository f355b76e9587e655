"""五大目标要求: the goals of a campaign as the office wrote them, and its form to write them."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Protocol

import streamlit as st

from analysis.annotations import problem
from components.annotations import WITHOUT_NAMES
from components.text import note

LONGEST = {"goal": 120, "standing": 200}
UNWRITTEN = "待行动办填写（公开报道未列出具体内容）"
Save = Callable[[int, str, str], object]


class Goal(Protocol):
    """A goal as the state database holds it (`state.goals.Goal`)."""

    @property
    def number(self) -> int: ...  # noqa: D102
    @property
    def goal(self) -> str: ...  # noqa: D102
    @property
    def standing(self) -> str: ...  # noqa: D102


def goals_title(goals: Sequence[Goal], numbers: Sequence[int]) -> str:
    """Say how many of the goals are written down, and how many of these say how they stand."""
    lines = {1: "一", 2: "两", 3: "三", 4: "四", 5: "五"}
    what = f"{lines.get(len(numbers), len(numbers))}大目标要求"
    if not goals:
        return f"{what}尚未填写"
    told, missing = sum(bool(each.standing) for each in goals), len(numbers) - len(goals)
    rest = f"，待填写{missing}项" if missing > 0 else ""
    return f"{what}已填写{len(goals)}项{rest}，其中{told}项写明完成情况"


def goals_html(goals: Sequence[Goal], numbers: Sequence[int]) -> str:
    """Return the goals as a numbered list, the lines not yet written among them."""
    known = {each.number: each for each in goals}
    return f'<ol class="gov-goals">{"".join(_item(known.get(number)) for number in numbers)}</ol>'


def goal_list(goals: Sequence[Goal], numbers: Sequence[int]) -> None:
    """Show the goals, how many are written down as the title."""
    st.subheader(goals_title(goals, numbers))
    if goals:
        st.html(goals_html(goals, numbers))
    else:
        note(f"{UNWRITTEN}。")


def goal_form(goals: Sequence[Goal], numbers: Sequence[int], *, key: str, save: Save) -> None:
    """Show the office's form. `save` must be a guarded callable of the page: number, goal, standing."""
    known: Mapping[int, Goal] = {each.number: each for each in goals}
    with st.expander("填写目标要求", icon=":material/edit_note:"):
        number = st.selectbox("第几项", list(numbers), key=f"goal_number_{key}")
        there, fields = known.get(number), f"{key}_{number}"
        with st.form(f"goal_{fields}", border=False):
            st.text_input(
                f"目标要求（{WITHOUT_NAMES}）",
                there.goal if there else "",
                max_chars=LONGEST["goal"],
                key=f"goal_text_{fields}",
            )
            st.text_area(
                "完成情况",
                there.standing if there else "",
                max_chars=LONGEST["standing"],
                height=80,
                key=f"goal_standing_{fields}",
            )
            st.form_submit_button("保存", type="primary", on_click=_save, args=(fields, number, save))


def _save(fields: str, number: int, save: Save) -> None:
    goal, standing = st.session_state[f"goal_text_{fields}"], st.session_state[f"goal_standing_{fields}"]
    wrong = problem(goal) if goal.strip() else ""
    wrong = wrong or (problem(standing) if standing.strip() else "")
    if wrong:
        st.warning(wrong, icon=":material/info:")
        return
    save(number, goal, standing)
    st.toast("目标要求已保存")


def _item(goal: Goal | None) -> str:
    if goal is None:
        return f'<li class="unwritten">{UNWRITTEN}</li>'
    standing = f"<small>完成情况：{escape(goal.standing)}</small>" if goal.standing else ""
    return f"<li>{escape(goal.goal)}{standing}</li>"
