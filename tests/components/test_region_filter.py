"""The region filter: a province of two cities, a county alone beside it; what is chosen, named and carried."""

from datetime import date
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from components.filter_choices import choices, not_honoured, whole_place
from components.region_filter import Regions, known_regions, level_name, placed, unique_labels

NODES = pd.DataFrame(
    [
        ("11", "东县", None, "1", "county", True),
        ("9", "演示省", "省", None, "province", False),
        ("1", "甲市", None, "9", "city", False),
        ("12", "西县", None, "1", "county", True),
        ("2", "乙市", None, "9", "city", False),
        ("21", "东县", None, "2", "county", True),
    ],
    columns=["code", "name", "short_name", "parent_code", "level", "is_county"],
)
TOWNSHIPS = pd.DataFrame(
    [("111", "城关镇", "城关", "11"), ("112", "白石镇", "白石", "11"), ("121", "城关镇", "城关", "12"),
     ("211", "城关乡", "城关", "21")],
    columns=["code", "name", "short_name", "parent_code"],
)  # fmt: skip
CAMPAIGNS = pd.DataFrame({"code": [], "starts_on": [], "ends_on": []})


@pytest.fixture
def regions() -> Regions:
    found = known_regions(NODES)
    assert found is not None
    return found


def test_a_county_alone_has_no_region_to_choose() -> None:
    assert known_regions(NODES[NODES["code"].isin(["9", "1", "11"])]) is None


def test_labels_are_like_no_other_label_in_the_database(regions: Regions) -> None:
    assert regions.labels == {"9": "省", "11": "甲市东县", "1": "甲市", "12": "西县", "2": "乙市", "21": "乙市东县"}
    labels = unique_labels(TOWNSHIPS, regions.labels)
    assert labels.tolist() == ["甲市东县城关镇", "白石", "西县城关镇", "城关乡"]


def test_the_tree_is_walked_down_up_and_to_its_counties(regions: Regions) -> None:
    assert (regions.root, regions.children("9"), regions.children("1")) == ("9", ["1", "2"], ["11", "12"])
    assert (regions.above("11"), regions.above("9")) == (["9", "1"], [])
    assert (regions.counties_in("9"), regions.counties_in("2")) == (["11", "12", "21"], ["21"])
    assert (level_name(regions, "9"), level_name(regions, "1"), level_name(regions, "11")) == (
        "市", "县（市、区）", "乡镇（街道）"
    )  # fmt: skip


def test_a_region_above_compares_its_children_and_means_every_township_in_them(regions: Regions) -> None:
    days: dict[str, Any] = {"newest": date(2020, 8, 31), "earliest": None, "shown": ("township",)}
    city = choices(TOWNSHIPS, CAMPAIGNS, regions=regions, region="1", **days)
    assert (city.is_above, dict(city.townships)) == (True, {"11": "甲市东县", "12": "西县"})
    assert city.everything == {"111", "112", "121"}
    county = choices(TOWNSHIPS, CAMPAIGNS, regions=regions, region="12", **days)
    assert (county.is_above, dict(county.townships), county.everything) == (False, {"121": "西县城关镇"}, {"121"})
    assert (whole_place(city), whole_place(county)) == ("甲市", "西县")
    (note,) = not_honoured({"region": ["丙市"]}, city)
    assert "“丙市”不在名单中，已显示省" in note


def test_an_address_stays_in_its_region_and_a_region_compared_leads_into_itself(regions: Regions) -> None:
    assert placed({"as_of": "x"}, None, None) == {"as_of": "x"}
    assert placed({"as_of": "x"}, regions, "9") == {"as_of": "x"}, "the region shown first is left out"
    assert placed({"township": "白石"}, regions, "11") == {"township": "白石", "region": "甲市东县"}
    assert placed({"township": "西县", "as_of": "x"}, regions, "1") == {"as_of": "x", "region": "西县"}
    assert placed({"region": "乙市"}, regions, "1") == {"region": "乙市"}


def _page(own: str | None = None) -> None:
    import streamlit as st

    from components.region_filter import draw_region, known_regions
    from tests.components.test_region_filter import NODES

    regions = known_regions(NODES)
    assert regions is not None
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    st.text(draw_region(regions, {"白石": "11"}, query, own))


def _shown(app: AppTest) -> Any:
    assert not app.exception
    return app.text[0].value


def test_one_click_leads_down_and_one_leads_up() -> None:
    app = AppTest.from_function(_page).run()
    assert _shown(app) == "9"
    app.session_state["township"] = ["111"]
    app.main.button_group[0].set_value("1").run()
    assert _shown(app) == "1"
    assert app.session_state["township"] == [], "townships of another region are forgotten"
    app.main.button_group[0].set_value("12").run()
    assert _shown(app) == "12"
    assert [button.label for button in app.button] == ["↑ 甲市", "↑ 省"]
    assert not app.main.button_group, "a county is the end"
    assert _shown(app.button[0].click().run()) == "1"


@pytest.mark.parametrize(
    ("query", "own", "region"),
    [
        ({}, None, "9"),
        ({"region": "甲市"}, None, "1"),
        ({"region": "乙市东县"}, "11", "21"),
        ({"township": "白石"}, None, "11"),
        ({"township": "别处"}, None, "9"),
        ({}, "12", "12"),
    ],
)
def test_the_link_decides_then_its_township_then_the_viewers_own_county(
    query: dict[str, str], own: str | None, region: str
) -> None:
    app = AppTest.from_function(_page, kwargs={"own": own})
    app.query_params.update(query)
    assert _shown(app.run()) == region
