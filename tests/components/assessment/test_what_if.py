import re

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from components.assessment.what_if import what_if_rows, what_if_table_html

SURE = {"rank_low": [1.0, 1, 1], "rank_high": [1.0, 2, 3], "weight_low": [1.0, 2, 2], "weight_high": [1.0, 3, 2]}
RERANKED = pd.DataFrame(
    {
        "township_code": ["a", "b", "c"],
        "rank": [1.0, 2, np.nan],
        "score": [90.0, 80, np.nan],
        "previous_rank": [2.0, 1, 3],
        "scheme_score": [70.0, 85, 60],
        "rank_change": [1.0, -1, np.nan],
        "beats_next": [0.93, np.nan, np.nan],
        **SURE,
    }
)
LABELS = {"a": "天马", "b": "白石", "c": "何家"}


def _table(*, is_sure: bool) -> list[list[str]]:
    markup = what_if_table_html(what_if_rows(RERANKED, LABELS), is_sure=is_sure)
    rows = re.findall(r"<tr>(.*?)</tr>", markup, flags=re.S)
    return [[re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows]


def test_both_ranks_stand_beside_the_change() -> None:
    head, *rows = _table(is_sure=False)
    assert head == ["调整后名次", "较方案", "乡镇（街道）", "方案名次", "调整后得分", "方案得分"]
    assert rows[0] == ["第1名", "▲1", "天马", "第2名", "90.0", "70.0"]
    assert rows[1] == ["第2名", "▼1", "白石", "第1名", "80.0", "85.0"]
    assert rows[2][:4] == ["暂不排名", "—", "何家", "第3名"]


def test_how_sure_the_ranks_are_stands_only_where_it_was_computed() -> None:
    head, first, second, _ = _table(is_sure=True)
    assert head[6:] == ["名次范围", "判断", "权重浮动", "高于下一名"]
    assert first[6:] == ["第1名", "差距不明显", "第1名", "93%"]
    assert second[8:] == ["第2–3名", "—"]


def _sliders() -> None:
    import streamlit as st

    from components.assessment.what_if import is_computed, moved_weights, weight_sliders

    scheme = {"K01": 50.0, "K02": 30.0, "K03": 20.0}
    moved = moved_weights(scheme)
    weight_sliders(scheme, moved, {code: code for code in scheme})
    st.text(f"computed {is_computed(str(moved))}")


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_function(_sliders)


def _values(app: AppTest) -> list[float]:
    return [slider.value for slider in app.slider]


def test_a_moved_slider_stays_the_others_share_the_rest_and_the_url_holds_it(app: AppTest) -> None:
    app.run()
    assert _values(app) == [50, 30, 20]
    app.slider[0].set_value(75.0).run()
    assert _values(app) == [75, 15, 10]
    assert app.query_params["weights"] == "K01-75"
    app.slider[1].set_value(20.0).run()
    assert _values(app) == [75, 20, 5]
    assert "已调" in app.slider[1].label
    assert "已调" not in app.slider[2].label


def test_a_slider_that_was_not_told_of_the_move_before_is_not_taken_for_moved(app: AppTest) -> None:
    app.run()
    app.slider[0].set_value(75.0).run()
    assert _values(app) == [75, 15, 10]
    app.session_state["_what_if_drawn"] = {"K01": 50.0, "K02": 30.0, "K03": 20.0}  # that showing was cut short
    app.slider[0].set_value(80.0)
    app.slider[2].set_value(20.0).run()  # as the screen still has it
    assert app.query_params["weights"] == "K01-80"
    assert _values(app) == [80, 12, 8]


def test_a_move_is_added_to_what_the_link_holds_now(app: AppTest) -> None:
    app.run()
    app.slider[0].set_value(75.0)
    app.slider[2].set_value(15.0).run()
    assert app.query_params["weights"] == "K01-75_K03-15"


def test_one_click_takes_every_move_back(app: AppTest) -> None:
    app.query_params["weights"] = "K01-10_K02-10"
    app.run()
    assert _values(app) == [10, 10, 80]
    app.button[0].click().run()
    assert _values(app) == [50, 30, 20]
    assert "weights" not in app.query_params
    assert app.button[0].disabled


def test_a_setting_that_cannot_be_is_said_and_the_schemes_weights_stand(app: AppTest) -> None:
    app.query_params["weights"] = "K09-10"
    app.run()
    assert "K09-10" in app.warning[0].value
    assert _values(app) == [50, 30, 20]


def test_what_was_computed_holds_for_its_setting_alone(app: AppTest) -> None:
    app.run()
    assert app.text[0].value == "computed False"
    app.button[1].click().run()
    assert app.text[0].value == "computed True"
    app.slider[0].set_value(75.0).run()
    assert app.text[0].value == "computed False"
    app.button[0].click().run()
    assert app.text[0].value == "computed True"
