from dataclasses import dataclass
from datetime import date

import pandas as pd
from streamlit.testing.v1 import AppTest

from analysis.follow_ups import follow_up_table
from components.follow_ups import FOLLOW_UPS, follow_ups_html, status_mark
from components.tables import csv_bytes


@dataclass(frozen=True)
class _Decision:
    subject: str = "甲镇：<积案>"
    promise: str = "=化解3件"
    owner: str = "书记&镇长"
    raised_on: date = date(2020, 8, 24)
    due_on: date | None = date(2020, 8, 30)
    done_on: date | None = None
    township_code: str | None = "甲"
    reference: str = ""


@dataclass(frozen=True)
class _FollowUp:
    id: int = 7
    decision: _Decision = _Decision()
    author: str = "行动办"
    reply: str | None = "<已办>"
    replier: str | None = "甲镇"


def _table() -> pd.DataFrame:
    day = date(2020, 8, 31)
    return follow_up_table([_FollowUp()], {"甲": "甲镇"}, as_of=day, newest=day)


def test_a_follow_up_is_told_whole_and_escaped() -> None:
    html = follow_ups_html(_table())
    assert html.startswith('<ul class="gov-decided"><li class="red"><header><span class="light red">')
    assert "甲镇：&lt;积案&gt;" in html
    assert "书记&amp;镇长" in html
    assert "8月30日（逾期1天）" in html
    assert "<b>答复</b> &lt;已办&gt;（甲镇）" in html
    assert "<已办>" not in html


def test_each_status_has_word_and_shape() -> None:
    said = {status: status_mark(status) for status in ("overdue", "open", "done")}
    assert "■</span> 逾期" in said["overdue"]
    assert "●</span> 办理中" in said["open"]
    assert "✓</span> 已销号" in said["done"]


def test_a_download_holds_words_and_runs_no_formula() -> None:
    text = csv_bytes(_table(), FOLLOW_UPS).decode("utf-8-sig")
    head, row = text.splitlines()
    assert head == "编号,状态,事项,乡镇（街道）,议定内容,责任,议定日期,办理时限,销号日期,答复"
    assert row == "7,逾期,甲镇：<积案>,甲镇,'=化解3件,书记&镇长,2020-08-24,2020-08-30,,<已办>"


def test_nothing_decided_is_said_and_many_stand_one_below_the_other() -> None:
    assert follow_ups_html(_table().head(0)) == "<p class='gov-note'>没有议定事项。</p>"
    assert follow_ups_html(pd.concat([_table()] * 200)).count("<li ") == 200


def _forms() -> None:
    from datetime import date

    import pandas as pd
    import streamlit as st

    from components.follow_ups import NEW, change_form, decision_form, pressing_follow_ups

    def save(number: int, fields: dict[str, object]) -> None:
        st.session_state["saved"] = number, fields

    draft = {"subject": "甲镇：积案", "township_code": "甲", "promise": "", "owner": "书记", "reference": "cell:T1:甲",
             "raised_on": date(2020, 8, 31), "due_on": None, "done_on": None}  # fmt: skip
    decision_form(draft, {"甲": "甲镇"}, key="new", save=save)
    change_form(pd.DataFrame(), {}, save=save)
    pressing_follow_ups(pd.DataFrame(), date(2020, 8, 31), {})
    assert NEW == 0


def _filled(**fields: object) -> AppTest:
    app = AppTest.from_function(_forms).run()
    assert not app.exception
    app.text_area[0].set_value(fields.get("promise", "化解3件"))
    app.date_input[1].set_value(fields.get("due_on"))
    app.button[0].click().run()
    return app


def test_a_new_decision_is_handed_on_with_the_weak_link_it_is_about() -> None:
    number, fields = _filled(due_on=date(2020, 9, 15)).session_state["saved"]
    assert number == 0
    assert fields == {"subject": "甲镇：积案", "township_code": "甲", "promise": "化解3件", "owner": "书记",
                      "raised_on": date(2020, 8, 31), "due_on": date(2020, 9, 15), "done_on": None,
                      "reference": "cell:T1:甲"}  # fmt: skip


def test_what_is_empty_or_due_before_it_was_decided_is_not_saved() -> None:
    for app in (_filled(promise=" "), _filled(due_on=date(2020, 8, 30))):
        assert "saved" not in app.session_state
        assert app.warning


def test_where_nothing_was_decided_neither_list_nor_form_to_change_is_shown() -> None:
    app = AppTest.from_function(_forms).run()
    assert [expander.label for expander in app.expander] == ["记录新的议定事项"]
    assert not app.get("html")
