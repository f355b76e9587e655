"""The leaves of the presenter: nothing cut, nothing unescaped, the same words as the slides."""

import re
from datetime import date

import pytest
from sqlalchemy import Engine

from analysis.meeting.material import Material
from analysis.meeting.plan import Item, Topic, default_plan
from analysis.meeting.slides import slides
from components.meeting.meeting import slide_list_html
from components.meeting.presenter import KEYS, presenter_html
from components.meeting.slides import Leaf, leaves, township_cards
from database.engine import reading_engine
from tests.queries.test_meeting import QIUCHUAN, read_material


@pytest.fixture(scope="module")
def material(demo_url: str) -> Material:
    engine: Engine = reading_engine(demo_url)
    with engine.connect() as connection:
        found = read_material(connection, date(2020, 8, 31))
    engine.dispose()
    return found


def test_every_slide_has_a_leaf_and_a_long_table_several(material: Material) -> None:
    plan = default_plan(material.figures.names)
    found = leaves(material, plan)
    assert list(dict.fromkeys(leaf.key for leaf in found)) == [item.key for item in plan]
    issues = [leaf for leaf in found if leaf.key == "weak_links"]
    assert [leaf.title[-5:] for leaf in issues] == ["（1/3）", "（2/3）", "（3/3）"]
    rows = [leaf.body.count("<tr>") - 1 for leaf in issues]
    assert sum(rows) == len(material.issues) == 10
    assert max(rows) - min(rows) <= 1
    titles = {slide.item.key: slide.title for slide in slides(material, plan)}
    assert all(leaf.title.startswith(titles[leaf.key]) for leaf in found)


def test_the_charts_are_drawn_for_either_ground(material: Material) -> None:
    found = leaves(material, [Item(Topic.CAMPAIGN), Item(Topic.RANKING)])
    for leaf in found:
        assert "<svg" in leaf.body
        assert "currentColor" in leaf.body
    assert all(label in found[1].body for label in material.figures.labels.values())


def test_a_presenter_shows_day_filter_and_page_count_and_hides_every_leaf_at_first(material: Material) -> None:
    found = leaves(material, default_plan())
    html = presenter_html(found, stamp=material.figures.stamp, is_demo=True, note="定稿：会")
    assert html.count("<section") == len(found) == html.count("hidden aria-label='第")
    assert "截至2020年8月31日 · 全县 · 数据批次1" in html
    assert "演示数据" in html
    assert "定稿：会" in html
    assert all(says in html for _, says in KEYS)


def test_what_people_wrote_cannot_become_markup() -> None:
    leaf = Leaf("cover", "<b>甲</b>", "<script>x</script>", "<p>正文</p>", "' onload='x")
    html = presenter_html([leaf], stamp="<i>", note="<u>")
    assert not re.search(r"<script|<i>|<u>|<b>甲", html)
    assert "' onload" not in html


def test_a_townships_leaf_tells_the_campaign_and_the_standing_backlog_apart(material: Material) -> None:
    campaign, standing, place, lights = township_cards(material.figures, QIUCHUAN)
    own = material.figures.in_campaign.set_index("township_code").loc[QIUCHUAN]
    every = material.figures.all_cases.set_index("township_code").loc[QIUCHUAN]
    assert campaign.note == f"交办积案化解{own['closed']:.0f}/{own['opened']:.0f}件"
    assert (standing.value, standing.note) == (f"{every['open']:.0f}", f"其中超期{every['overdue']:.0f}件")
    assert every["open"] > own["open"]
    assert place.value == "第14名"
    cells = material.figures.matrix[material.figures.matrix["region_code"] == QIUCHUAN]
    red = cells["light"].isin(["far_behind", "overdue", "unreported_again"]).sum()
    assert lights.value == str(red)


def test_the_list_names_each_slide_with_its_conclusion(material: Material) -> None:
    html = slide_list_html(slides(material, [Item(Topic.TOWNSHIP, QIUCHUAN)]), material.figures.labels)
    assert html.startswith('<ol class="gov-slides"><li><b>球川</b><span>球川镇：')
