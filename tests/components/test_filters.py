from datetime import date
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from components.filter_choices import Campaign, Choices, choices, not_honoured

OPTIONS = Choices({"1": "天马", "2": "白石"}, date(2018, 1, 1), date(2020, 8, 31))


def test_what_the_filters_can_take_needs_no_note() -> None:
    assert not_honoured({"township": ["天马", "白石"], "as_of": ["2020-06-12"], "stream": ["治理事件"]}, OPTIONS) == []
    assert not_honoured({}, OPTIONS) == []


def test_an_unknown_township_is_named_and_the_rest_stays() -> None:
    (alone,) = not_honoured({"township": ["长安"]}, OPTIONS)
    (beside,) = not_honoured({"township": ["长安", "天马"]}, OPTIONS)
    assert "长安" in alone
    assert "已显示全县" in alone
    assert "其余所选" in beside


@pytest.mark.parametrize("text", ["2020-13-01", "昨天", "2020-09-01", "2017-12-31"])
def test_a_date_without_data_is_named_with_what_is_shown_instead(text: str) -> None:
    (note,) = not_honoured({"as_of": [text]}, OPTIONS)
    assert f"“{text}”" in note
    assert "已按2020-08-31显示" in note


def test_an_unknown_stream_is_named() -> None:
    (note,) = not_honoured({"stream": ["天气"]}, OPTIONS)
    assert "天气" in note


def test_doubled_short_names_give_way_to_full_names() -> None:
    regions = pd.DataFrame(
        {"code": ["1", "2", "3"], "name": ["青石镇", "青石乡", "白石镇"], "short_name": ["青石", "青石", "白石"]}
    )
    days = pd.to_datetime(["2020-06-12"])
    found = choices(
        regions,
        pd.DataFrame({"code": ["X"], "starts_on": days, "ends_on": days}),
        earliest=date(2018, 1, 1),
        newest=date(2020, 8, 31),
        shown=("township",),
    )
    assert dict(found.townships) == {"1": "青石镇", "2": "青石乡", "3": "白石"}
    assert found.campaigns == (Campaign("X", date(2020, 6, 12), date(2020, 6, 12)),)


def _page(count: int = 2, shown: tuple[str, ...] = ("township", "as_of", "stream")) -> None:
    from datetime import date

    import streamlit as st

    from analysis.scope import Viewer
    from components import filter_choices, filters

    named = {str(i): "天马白石何家球川"[2 * i - 2 : 2 * i] or f"第{i}乡" for i in range(1, count + 1)}
    campaign = filter_choices.Campaign("BRGJ", date(2020, 6, 12), date(2020, 9, 19))
    filters.draw_filters(filter_choices.Choices(named, date(2018, 1, 1), date(2020, 8, 31), (campaign,), shown))
    filters.filter_chip()
    viewer = Viewer("a", "甲", "leader", "h")
    scope = filters.current_scope(viewer, in_campaign=True)
    townships = "".join(sorted(scope.townships))
    st.text(f"{townships}|{scope.as_of}|{scope.stream}|{scope.campaign}|{filters.place(scope)}")


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_function(_page)


def _text(app: AppTest) -> Any:
    assert not app.exception
    return app.text[0].value


def test_without_a_choice_the_scope_is_the_county_in_its_running_campaign(page: AppTest) -> None:
    assert _text(page.run()) == "12|2020-08-31|petition_backlog|BRGJ|全县"
    assert not page.button


def test_the_url_decides_on_the_first_run(page: AppTest) -> None:
    page.query_params.update({"township": "白石", "as_of": "2020-05-01", "stream": "治理事件"})
    assert _text(page.run()) == "2|2020-05-01|event|None|白石"


def test_a_day_outside_the_campaign_has_none(page: AppTest) -> None:
    page.query_params["as_of"] = "2020-06-11"
    assert "|None|" in _text(page.run())


def test_what_the_url_asks_in_vain_falls_back(page: AppTest) -> None:
    page.query_params.update({"township": "长安", "as_of": "2030-01-01", "stream": "天气"})
    assert _text(page.run()) == "12|2020-08-31|petition_backlog|BRGJ|全县"


def test_the_chip_says_what_is_filtered_and_clears_it_with_one_click(page: AppTest) -> None:
    page.query_params.update({"township": "白石", "as_of": "2020-05-01", "stream": "治理事件"})
    chip = page.run().button[0]
    assert "白石" in chip.label
    assert "2020-05-01" in chip.label
    assert "治理事件" in chip.label
    assert _text(chip.click().run()) == "12|2020-08-31|petition_backlog|BRGJ|全县"
    assert not page.button


def test_many_townships_are_chosen_from_a_list() -> None:
    app = AppTest.from_function(_page, kwargs={"count": 31}).run()
    assert not app.exception
    assert [m.label for m in app.multiselect] == ["乡镇（街道）"]
    assert _text(app.multiselect[0].select("31").run()).startswith("31|")


def test_a_page_without_the_stream_filter_speaks_of_the_backlog() -> None:
    app = AppTest.from_function(_page, kwargs={"shown": ("township", "as_of")})
    app.session_state["stream"] = "event"
    assert "|petition_backlog|" in _text(app.run())


def test_a_page_without_shared_filters_draws_none_and_keeps_what_was_chosen(page: AppTest) -> None:
    app = AppTest.from_function(_page, kwargs={"shown": ()})
    app.session_state["township"], app.session_state["as_of"] = ["2"], date(2020, 5, 1)
    app.run().run()
    assert not app.exception
    assert not [*app.main.button_group, *app.date_input, *app.multiselect, *app.button]
    assert (app.session_state["township"], app.session_state["as_of"]) == (["2"], date(2020, 5, 1))
