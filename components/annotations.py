"""情况说明 below a chart: what is written, and the forms of those who may write."""

from collections.abc import Callable, Sequence
from datetime import date
from html import escape

import streamlit as st

from analysis.annotations import LONGEST, Note, problem
from analysis.wording import month as month_word
from components.text import nothing_html

WITHOUT_NAMES = "不写姓名、身份证号、电话、住址"


def notes_html(notes: Sequence[Note]) -> str:
    """Return the notes as a list: month, reason, author, whether the month counts, the reply."""
    if not notes:
        return nothing_html("情况说明")
    items = []
    for note in notes:
        out = "（这个月不计入平均水平和正常范围）" if note.is_excluded else ""
        said = (
            f"<p><b>{month_word(note.month)}</b>　{escape(note.reason)}<small>　{escape(note.author)}{out}</small></p>"
        )
        answer = f"<p>答复：{escape(note.reply)}<small>　{escape(note.replier)}</small></p>" if note.reply else ""
        items.append(f"<li>{said}{answer}</li>")
    return f'<ul class="gov-notes">{"".join(items)}</ul>'


def note_list(notes: Sequence[Note]) -> None:
    """Show the notes; nothing when there are none."""
    if notes:
        st.html(notes_html(notes))


def explain_form(
    notes: Sequence[Note],
    months: Sequence[date],
    *,
    key: str,
    save: Callable[[date, str, bool], None],
    withdraw: Callable[[date], None],
) -> None:
    """Show the office's form: choose a month, write or change its reason, leave it out, or take the note back.

    `save` and `withdraw` must be guarded callables of the page. `key` tells one series from another.
    """
    known = {note.month: note for note in notes}
    with st.expander("添加或修改情况说明", icon=":material/edit_note:"):
        month = st.selectbox("月份", sorted(months, reverse=True), format_func=month_word, key=f"note_month_{key}")
        there, fields = known.get(month), f"{key}_{month}"
        with st.form(f"note_{fields}", border=False):
            st.text_area(
                f"原因（{WITHOUT_NAMES}）",
                there.reason if there else "",
                max_chars=LONGEST,
                height=80,
                key=f"reason_{fields}",
            )
            st.checkbox(
                "这个月不计入平均水平和正常范围（照常画出）", there.is_excluded if there else False, key=f"out_{fields}"
            )
            st.form_submit_button("保存", type="primary", on_click=_save_reason, args=(fields, month, save))
        if there:
            st.button("撤回这条说明", key=f"withdraw_{fields}", on_click=withdraw, args=(month,))


def reply_form(notes: Sequence[Note], *, key: str, reply: Callable[[date, str], None]) -> None:
    """Show a township's form: its reply to each note. `reply` must be a guarded callable of the page."""
    for note in notes:
        fields = f"{key}_{note.month}"
        with (
            st.expander(f"答复{month_word(note.month)}的情况说明", icon=":material/reply:"),
            st.form(f"reply_{fields}", border=False),
        ):
            st.text_area(f"答复（{WITHOUT_NAMES}）", note.reply, max_chars=LONGEST, height=80, key=f"answer_{fields}")
            st.form_submit_button("提交答复", type="primary", on_click=_save_reply, args=(fields, note.month, reply))


def _save_reason(fields: str, month: date, save: Callable[[date, str, bool], None]) -> None:
    text = st.session_state[f"reason_{fields}"]
    if _is_fine(text):
        save(month, text, st.session_state[f"out_{fields}"])
        st.toast("情况说明已保存")


def _save_reply(fields: str, month: date, reply: Callable[[date, str], None]) -> None:
    text = st.session_state[f"answer_{fields}"]
    if _is_fine(text):
        reply(month, text)
        st.toast("答复已提交")


def _is_fine(text: str) -> bool:
    wrong = problem(text)
    if wrong:
        st.toast(wrong, icon=":material/info:", duration="long")
    return not wrong
