"""A page's own ways to look: the default, one chosen, and what a link asks for that is not there."""

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from components.choices import choice, pick

    st.text(choice("看法", ("排名", "变化"), key="view"))
    st.text(str(pick("指标", {"K01": "化解率", "K02": "满意率"}, key="kpi")))
    st.text(str(pick("地方", {"甲": "甲镇"}, key="place", placeholder="全县或乡镇")))


def _open(**query: str) -> AppTest:
    app = AppTest.from_function(_page)
    app.query_params.update(query)
    app.run()
    assert not app.exception
    return app


def test_the_first_is_the_default_and_a_placeholder_chooses_nothing() -> None:
    app = _open()
    assert [text.value for text in app.text] == ["排名", "K01", "None"]
    assert not app.warning


def test_a_link_s_words_choose() -> None:
    app = _open(view="变化", kpi="满意率", place="甲镇")
    assert [text.value for text in app.text] == ["变化", "K02", "甲"]
    assert not app.warning


def test_what_is_not_there_is_named_and_the_default_shown() -> None:
    app = _open(view="名次", kpi="好评率", place="乙镇")
    assert [text.value for text in app.text] == ["排名", "K01", "None"]
    assert [warning.value for warning in app.warning] == [
        "链接中的看法“名次”不存在，已按排名显示。",
        "链接中的指标“好评率”不存在，已按化解率显示。",
        "链接中的地方“乙镇”不存在，已按未选择显示。",
    ]
