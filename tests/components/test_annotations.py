"""情况说明: what is written, and the forms of the office and of a township."""

from datetime import date

from streamlit.testing.v1 import AppTest

from analysis.annotations import Note
from components.annotations import notes_html


def _note(**other: object) -> Note:
    fields = {"month": date(2020, 2, 1), "reason": "疫情<停工>", "author": "行动办", "is_excluded": True, "reply": "",
              "replier": ""}  # fmt: skip
    return Note(**{**fields, **other})


def test_a_note_says_month_reason_author_and_that_it_does_not_count() -> None:
    html = notes_html([_note()])
    assert "<b>2020年2月</b>　疫情&lt;停工&gt;<small>　行动办（这个月不计入平均水平和正常范围）</small>" in html
    assert "答复" not in html


def test_a_reply_stands_below_and_a_month_that_counts_is_not_said_to_be_out() -> None:
    html = notes_html([_note(is_excluded=False, reply="已整改", replier="甲镇")])
    assert "不计入" not in html
    assert "<p>答复：已整改<small>　甲镇</small></p>" in html


def test_no_note_is_said_and_many_are_many() -> None:
    assert notes_html([]) == "<p class='gov-note'>没有情况说明。</p>"
    assert notes_html([_note(month=date(2019, m, 1)) for m in range(1, 13)]).count("<li>") == 12


def _forms() -> None:
    from datetime import date

    import streamlit as st

    from analysis.annotations import Note
    from components.annotations import explain_form, reply_form

    note = Note(month=date(2020, 2, 1), reason="疫情", author="行动办", is_excluded=True, reply="", replier="")

    def said(*what: object) -> None:
        st.session_state["said"] = what

    explain_form([note], [date(2020, 1, 1), date(2020, 2, 1)], key="K", save=said, withdraw=said)
    reply_form([note], key="R", reply=said)


def _open() -> AppTest:
    app = AppTest.from_function(_forms).run()
    assert not app.exception
    return app


def test_the_office_s_form_opens_with_the_newest_month_and_what_is_written() -> None:
    app = _open()
    assert app.selectbox[0].value == date(2020, 2, 1)
    assert (app.text_area[0].value, app.checkbox[0].value) == ("疫情", True)


def test_saving_hands_on_month_text_and_whether_it_counts() -> None:
    app = _open()
    app.text_area[0].set_value("停电")
    app.checkbox[0].uncheck()
    app.button[0].click().run()
    assert app.session_state["said"] == (date(2020, 2, 1), "停电", False)


def test_an_empty_reason_is_not_saved() -> None:
    app = _open()
    app.text_area[0].set_value(" ")
    app.button[0].click().run()
    assert "said" not in app.session_state
    assert app.toast


def test_taking_back_names_the_month_and_a_reply_its_text() -> None:
    app = _open()
    next(button for button in app.button if button.label == "撤回这条说明").click().run()
    assert app.session_state["said"] == (date(2020, 2, 1),)
    app.text_area[1].set_value("已复工")
    next(button for button in app.button if button.label == "提交答复").click().run()
    assert app.session_state["said"] == (date(2020, 2, 1), "已复工")
