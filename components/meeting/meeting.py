"""会议材料 on its page: choosing and ordering the slides, the agendas, the list of conclusions, what was frozen."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Protocol

import streamlit as st

from analysis.meeting.plan import Item, Topic, default_plan, named, read, written
from analysis.meeting.slides import Slide
from analysis.wording import day, moment
from components.links import address
from components.tables import Column
from components.text import nothing_html

PRESENTER, FINALISED = "presenter", "finalised"
PLAN, SNAPSHOT = "plan", "snapshot"
_MOVED = "_plan_moved"

DIFFERENCES = (
    Column("subject", "类别"),
    Column("what", "事项"),
    Column("then", "会议时"),
    Column("now", "现在"),
    Column("change", "变化"),
)


class Agenda(Protocol):
    """What the state database holds of an agenda (`state.agendas.Agenda`)."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def slides(self) -> tuple[str, ...]: ...  # noqa: D102


class Snapshot(Protocol):
    """What the state database holds of a frozen meeting (`state.snapshots.Snapshot`)."""

    @property
    def id(self) -> int: ...  # noqa: D102
    @property
    def title(self) -> str: ...  # noqa: D102
    @property
    def as_of(self) -> Any: ...  # noqa: D102
    @property
    def release(self) -> int: ...  # noqa: D102
    @property
    def author(self) -> str: ...  # noqa: D102
    @property
    def frozen_at(self) -> Any: ...  # noqa: D102


def plan_editor(agendas: Sequence[Agenda], townships: Mapping[str, str], focus: Sequence[str]) -> tuple[Item, ...]:
    """Show which slides are chosen, in their order, and the ways to change them; return the plan.

    Parameters
    ----------
    agendas
        What may be taken up again.
    townships
        The labels of those there may be a slide for, by code.
    focus
        The codes of those that have a slide unless something else is chosen.
    """
    options = {item.key: named(item, townships) for item in default_plan(townships)}
    usual, each = written(default_plan(focus)), written(Item(Topic.TOWNSHIP, code) for code in townships)
    presets = {
        "常用": usual,
        "常用 + 逐个乡镇（街道）": list(options),
        "只逐个乡镇（街道）": each,
        **{f"议程：{agenda.name}": written(read(agenda.slides, townships)) for agenda in agendas},
    }
    with st.container(horizontal=True):
        for name, keys in presets.items():
            st.button(name, key=f"preset_{name}", on_click=_take, args=(keys,))
    keys = st.multiselect(
        "幻灯片（按放映顺序）", list(options), usual, format_func=options.__getitem__, key=PLAN, bind="query-params",
        placeholder="请选择幻灯片",
    )  # fmt: skip
    with (
        st.expander("调整顺序", icon=":material/swap_vert:"),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        moved = st.selectbox("移动", keys, format_func=options.__getitem__, key=_MOVED, width=260)
        for word, step in (("上移", -1), ("下移", 1), ("移到最前", -len(keys)), ("移到最后", len(keys))):
            st.button(word, key=f"move_{step}_{word}", on_click=_move, args=(moved, step), disabled=moved is None)
    return read(keys, townships)


def present_link(plan: Sequence[Item], filters: Mapping[str, Any], *, snapshot: int | None = None) -> None:
    """Show the way into the presenter: within the filters, or into a frozen meeting."""
    own = {PLAN: ",".join(written(plan))} if snapshot is None else {SNAPSHOT: str(snapshot)}
    href = escape(address(PRESENTER, **own, **filters))
    st.html(
        f'<p><a class="gov-start" href="{href}" target="_self">▶ 开始放映</a> '
        "<span class='gov-note'>方向键、空格翻页，F 全屏，T 计时，Esc 退出，? 看全部按键</span></p>"
    )


def slide_list_html(slides: Sequence[Slide], townships: Mapping[str, str]) -> str:
    """Return the slides with their conclusions, as an ordered list."""
    if not slides:
        return nothing_html("选定的页")
    items = "".join(
        f"<li><b>{escape(named(slide.item, townships))}</b><span>{escape(slide.title)}</span></li>" for slide in slides
    )
    return f'<ol class="gov-slides">{items}</ol>'


def slide_list(slides: Sequence[Slide], townships: Mapping[str, str]) -> None:
    """Show the slides with their conclusions."""
    st.html(slide_list_html(slides, townships))


def agenda_form(
    names: Sequence[str], plan: Sequence[Item], *, save: Callable[[str, Sequence[Item]], None],
    remove: Callable[[str], None],
) -> None:  # fmt: skip
    """Show the forms to keep this plan under a name, and to take an agenda away; both must be guarded callables."""
    with st.expander("保存为议程", icon=":material/bookmark_add:"):
        with st.form("agenda", border=False):
            st.text_input("议程名称", max_chars=40, key="agenda_name", placeholder="例如：月度推进会")
            st.form_submit_button("保存", type="primary", on_click=_save, args=("agenda_name", save, plan))
        if names:
            with st.container(horizontal=True, vertical_alignment="bottom"):
                gone = st.selectbox("删除议程", names, index=None, placeholder="请选择", key="agenda_gone", width=260)
                st.button("删除", on_click=_remove, args=(remove, gone), disabled=gone is None)


def finalise_form(title: str, *, freeze: Callable[[str], int]) -> None:
    """Show the office's form to freeze the meeting as it stands; `freeze` must be a guarded callable of the page."""
    with st.expander("会议定稿", icon=":material/lock_clock:"), st.form("finalise", border=False):
        st.text_input("会议名称", title, max_chars=80, key="meeting_title")
        st.html(
            "<p class='gov-note'>冻结当前筛选、截至日期、数据批次和幻灯片；以后数据变化不影响定稿，定稿不能修改。</p>"
        )
        st.form_submit_button("定稿", type="primary", on_click=_freeze, args=(freeze,))
    number = st.session_state.pop("_finalised", None)
    if number is not None:
        href = escape(address(FINALISED, **{SNAPSHOT: str(number)}))
        st.html(
            f'<p class="gov-line">已定稿（第{number}号），<a class="gov-link" href="{href}" target="_self">打开</a></p>'
        )


def snapshot_labels(snapshots: Sequence[Snapshot]) -> dict[str, str]:
    """Return how each frozen meeting is named in a list, by its number, in their order."""
    return {str(each.id): f"{each.id} {each.title}（截至{day(each.as_of)}）" for each in snapshots}


def snapshot_note(snapshot: Snapshot) -> str:
    """Say who froze a meeting when, and which figures it holds."""
    return (
        f"{snapshot.author}于{moment(snapshot.frozen_at)}定稿，截至{day(snapshot.as_of)}，数据批次{snapshot.release}。"
    )


def _take(keys: Sequence[str]) -> None:
    st.session_state[PLAN] = list(keys)


def _move(key: str, step: int) -> None:
    keys = [each for each in st.session_state[PLAN] if each != key]
    place = min(max(st.session_state[PLAN].index(key) + step, 0), len(keys))
    st.session_state[PLAN] = [*keys[:place], key, *keys[place:]]


def _save(key: str, save: Callable[[str, Sequence[Item]], None], plan: Sequence[Item]) -> None:
    save(st.session_state[key], plan)
    st.session_state[key] = ""


def _remove(remove: Callable[[str], None], name: str) -> None:
    remove(name)
    st.session_state["agenda_gone"] = None


def _freeze(freeze: Callable[[str], int]) -> None:
    st.session_state["_finalised"] = freeze(st.session_state["meeting_title"])
