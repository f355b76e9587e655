import re
from base64 import b64decode
from html import unescape

import pandas as pd

from analysis.outlines import Area, Outlines
from analysis.tiles import Tile
from components.tiles import MANY_TILES, tile_map_html

TILES = [Tile("甲", "95.3", "第1名", "✓", "明显靠前", "green"), Tile("乙", "<b>", "", "●", "差距不明显", "grey")]
PLACES = pd.DataFrame({"code": ["甲", "乙", "丙"], "township": ["天马", "白石", "别处"], "tile_col": [3, 2, 0],
                       "tile_row": [1, 2, 0]})  # fmt: skip
AS_OF = {"as_of": "2020-08-31"}


def _html(**options: object) -> str:
    return tile_map_html(TILES, PLACES, figure="综合得分", filters=AS_OF, **options)  # type: ignore[arg-type]


def test_a_tile_stands_at_its_place_with_value_shape_and_word() -> None:
    html = _html()
    assert 'style="grid-column:4;grid-row:2"' in html
    assert '<span class="shape" role="img" aria-label="明显靠前">✓</span>' in html
    assert "&lt;b&gt;" in html
    assert "别处" not in html  # no figure, no tile
    assert re.findall(r"<li class=\"(\w+)\"><span", html) == ["green", "grey"]  # the legend says both in words


def test_name_and_figure_lead_to_the_townships_page() -> None:
    links = re.findall(r'href="([^"]+)" target="_self" data-township="([^"]*)"', unescape(_html()))
    assert links[0] == links[1] == ("township?as_of=2020-08-31&township=%E5%A4%A9%E9%A9%AC", "天马")


def test_as_a_filter_the_figure_chooses_and_from_a_chosen_tile_clears() -> None:
    html = unescape(_html(chosen={"甲"}, is_filter=True))
    figures = re.findall(r'class="figure" href="([^"]+)" target="_self" data-township="([^"]*)"', html)
    assert figures == [("?as_of=2020-08-31", ""), ("?as_of=2020-08-31&township=%E7%99%BD%E7%9F%B3", "白石")]
    assert html.count('aria-current="true"') == 1
    assert html.count('class="name" href="township?') == 2


def test_a_township_without_a_place_stands_below() -> None:
    places = PLACES.assign(tile_col=[3, None, 0], tile_row=[1, None, 0])
    html = tile_map_html(TILES, places, figure="综合得分", filters=AS_OF)
    assert 'style="grid-column:1;grid-row:3"' in html


def test_too_many_townships_make_no_map() -> None:
    many = [Tile(str(i), "1", "", "●", "有", "grey") for i in range(MANY_TILES + 1)]
    places = pd.DataFrame({"code": [t.township_code for t in many], "township": "甲", "tile_col": 1, "tile_row": 1})
    assert tile_map_html(many, places, figure="", filters={}) == ""
    assert tile_map_html([], PLACES, figure="", filters={}) == ""


OUTLINES = Outlines(
    {"甲": Area((((0, 0), (50, 0), (50, 100), (0, 0)), ((9, 9), (10, 9), (9, 10), (9, 9))), (30, 40))}, 1.5
)


def test_a_countys_own_map_replaces_the_tiles_that_it_has_an_outline_for() -> None:
    html = unescape(_html(outlines=OUTLINES, is_filter=True, chosen={"甲"}))
    assert 'style="aspect-ratio:1.500"' in html
    shape = "clip-path:polygon(evenodd,0% 0%,50% 0%,50% 100%,0% 0%,9% 9%,10% 9%,9% 10%,9% 9%,0% 0%)"
    assert f'<a class="green" href="?as_of=2020-08-31" target="_self" data-township="" style="{shape}"' in html
    assert '<li class="green" style="left:30.0%;top:40.0%" aria-current="true"><a class="name"' in html
    assert html.count('class="gov-tiles"') == 1
    assert 'style="grid-column:3;grid-row:3"' in html  # without an outline a tile below
    borders = b64decode(re.findall('base64,([^"]+)', html)[0]).decode()
    assert borders.count("M0,0 50,0 50,100 0,0Z") == 2  # once thin, and thick for the chosen


def test_a_map_of_elsewhere_leaves_the_tiles() -> None:
    assert _html(outlines=Outlines({"别处": OUTLINES.areas["甲"]}, 1.0)) == _html()
