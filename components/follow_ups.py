"""议定事项: the list of what was decided, and the forms of those who may write."""

from collections.abc import Callable, Mapping
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from analysis.annotations import problem
from analysis.follow_ups import STATUS_MARKS, Status, follow_ups_finding, pressing
from analysis.wording import month_day
from components.annotations import WITHOUT_NAMES
from components.links import address
from components.tables import Column, short_day
from components.text import nothing_html
from components.township_names import township_mark

PAGE = "follow_ups"
LONGEST = {"subject": 120, "promise": 200, "owner": 80, "reply": 200}
COUNTY_LEVEL = "县级（不属于某个乡镇）"
NEW = 0

Fields = dict[str, Any]
Save = Callable[[int, Fields], object]


def status_mark(status: Any) -> str:
    """Return a status as trusted markup: shape and word in the colour of its level."""
    word, shape, level = STATUS_MARKS[Status(status)]
    return f'<span class="light {level}"><span class="shape">{shape}</span> {word}</span>'


def status_word(status: Any) -> str:
    """Return the word of a status."""
    return STATUS_MARKS[Status(status)][0]


FOLLOW_UPS = (
    Column("number", "编号", is_number=True),
    Column("status", "状态", html=status_mark, csv=status_word),
    Column("subject", "事项"),
    Column("township", "乡镇（街道）"),
    Column("promise", "议定内容"),
    Column("owner", "责任"),
    Column("raised_on", "议定日期", short_day),
    Column("due_on", "办理时限", short_day),
    Column("done_on", "销号日期", short_day),
    Column("reply", "答复"),
)


def follow_ups_html(table: pd.DataFrame) -> str:
    """Return follow-ups (`analysis.follow_ups.follow_up_table`) as a list, in their order."""
    if table.empty:
        return nothing_html("议定事项")
    return f'<ul class="gov-decided">{"".join(_item(row) for row in table.to_dict("records"))}</ul>'


def follow_up_list(table: pd.DataFrame) -> None:
    """Show follow-ups."""
    st.html(follow_ups_html(table))


def pressing_follow_ups(table: pd.DataFrame, as_of: date, filters: Mapping[str, Any]) -> None:
    """Show how the follow-ups stand, as a link to them, and those overdue or due soon; nothing where there are none."""
    if table.empty:
        return
    href, said = escape(address(PAGE, **filters)), escape(f"议定事项：{follow_ups_finding(table)}")
    link = f'<p class="gov-line"><a class="gov-link" href="{href}" target="_self">{said}</a></p>'
    own = pressing(table, as_of)
    st.html(f"{link}{follow_ups_html(own) if len(own) else ''}")


def decision_form(
    draft: Mapping[Any, Any], labels: Mapping[str, str], *, key: str, save: Save, is_open: bool = False
) -> None:
    """Show the office's form for a new decision, filled in with what a weak link says.

    `save` must be a guarded callable of the page; it takes the number (NEW) and the fields of a decision.
    """
    with st.expander("记录新的议定事项", icon=":material/add_task:", expanded=is_open):
        _form(draft, labels, number=NEW, key=key, save=save)


def change_form(table: pd.DataFrame, labels: Mapping[str, str], *, save: Save) -> None:
    """Show the office's form to change a decision or mark it done. `save` must be a guarded callable of the page."""
    if table.empty:
        return
    rows: dict[int, Mapping[Any, Any]] = {int(row["number"]): row for row in table.to_dict("records")}
    with st.expander("修改或销号", icon=":material/edit_note:"):
        number = st.selectbox("议定事项", list(rows), format_func=lambda n: f"{n} {rows[n]['subject']}", key="change")
        _form(rows[number], labels, number=number, key=f"change_{number}", save=save)


def reply_form(table: pd.DataFrame, *, reply: Callable[[int, str], None]) -> None:
    """Show a township's form: its reply to each follow-up. `reply` must be a guarded callable of the page."""
    for row in table.to_dict("records"):
        number = int(row["number"])
        with (
            st.expander(f"答复：{row['subject']}", icon=":material/reply:"),
            st.form(f"reply_{number}", border=False),
        ):
            key = f"follow_up_reply_{number}"
            st.text_area(f"办理情况（{WITHOUT_NAMES}）", row["reply"], max_chars=LONGEST["reply"], height=80, key=key)
            st.form_submit_button("提交答复", type="primary", on_click=_save_reply, args=(key, number, reply))


def _item(row: Mapping[Any, Any]) -> str:
    level = STATUS_MARKS[Status(row["status"])][2]
    where = f"<span>{township_mark(row['township'])}</span>"
    head = f"<header>{status_mark(row['status'])}<b>{escape(row['subject'])}</b>{where}</header>"
    said = f"<p>{escape(row['promise'])}</p>"
    about = [
        f"<span><b>责任</b> {escape(row['owner'])}</span>",
        f"<span><b>时限</b> {escape(row['deadline'])}</span>",
        f"<span><b>议定</b> {month_day(row['raised_on'])}</span>",
    ]
    if row["reply"]:
        about.append(f"<span><b>答复</b> {escape(row['reply'])}（{escape(row['replier'])}）</span>")
    return f'<li class="{level}">{head}{said}<p class="about">{"".join(about)}</p></li>'


def _form(draft: Mapping[Any, Any], labels: Mapping[str, str], *, number: int, key: str, save: Save) -> None:
    places = {"": COUNTY_LEVEL, **labels}
    keys = {
        name: f"follow_up_{name}_{key}"
        for name in ("subject", "township_code", "promise", "owner", "raised_on", "due_on", "done_on")
    }
    with st.form(f"follow_up_{key}", border=False):
        st.text_input("事项", draft["subject"], max_chars=LONGEST["subject"], key=keys["subject"])
        st.text_area(
            f"议定内容：做什么、做到什么程度（{WITHOUT_NAMES}）",
            draft["promise"],
            max_chars=LONGEST["promise"],
            height=80,
            key=keys["promise"],
        )
        first, second = st.columns(2)
        first.text_input("责任（单位或职务）", draft["owner"], max_chars=LONGEST["owner"], key=keys["owner"])
        codes = list(places)
        at = codes.index(draft["township_code"]) if draft["township_code"] in codes else 0
        second.selectbox("乡镇（街道）", codes, at, format_func=places.__getitem__, key=keys["township_code"])
        days = st.columns(3)
        for column, (name, word) in zip(
            days,
            (("raised_on", "议定日期"), ("due_on", "办理时限"), ("done_on", "销号日期（办结后填写）")),
            strict=True,
        ):
            column.date_input(word, _day(draft[name]), format="YYYY-MM-DD", key=keys[name])
        arguments = (keys, number, str(draft["reference"]), save)
        st.form_submit_button("保存", type="primary", on_click=_save, args=arguments)


def _save(keys: Mapping[str, str], number: int, reference: str, save: Save) -> None:
    fields = {name: st.session_state[key] for name, key in keys.items()}
    if fields["raised_on"] is None:
        st.warning("请填写议定日期。", icon=":material/info:")
        return
    early = [name for name in ("due_on", "done_on") if fields[name] is not None and fields[name] < fields["raised_on"]]
    if early:
        st.warning("办理时限、销号日期不能早于议定日期。", icon=":material/info:")
        return
    if all(_is_fine(fields[name]) for name in ("subject", "promise", "owner")):
        save(number, {**fields, "township_code": fields["township_code"] or None, "reference": reference})
        st.toast("议定事项已保存")


def _save_reply(key: str, number: int, reply: Callable[[int, str], None]) -> None:
    text = st.session_state[key]
    if _is_fine(text):
        reply(number, text)
        st.toast("答复已提交")


def _is_fine(text: str) -> bool:
    wrong = problem(text)
    if wrong:
        st.warning(wrong, icon=":material/info:")
    return not wrong


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
