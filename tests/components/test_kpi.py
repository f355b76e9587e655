import base64
from math import nan

from components.kpi import Card, Multiple, cards_html, multiples_html, sparkline


def _svg(uri: str) -> str:
    return base64.b64decode(uri.removeprefix("data:image/svg+xml;base64,")).decode()


def test_a_card_escapes_whatever_it_is_given() -> None:
    card = Card(
        "<script>",
        "<b>1</b>",
        unit="<i>",
        note="<script>alert(1)</script>",
        foot="a & b",
        trend=(1, 2),
        trend_says='"x"',
    )
    html = cards_html([card])
    assert "<script" not in html
    assert "<b>1" not in html
    assert "a &amp; b" in html
    assert 'alt="&quot;x&quot;"' in html


def test_a_sparkline_stands_on_zero() -> None:
    svg = _svg(sparkline([50, 100]))
    assert 'points="0.0,18.5 160.0,3.0"' in svg  # half of the height, then the top


def test_sparklines_share_the_scale_they_are_given() -> None:
    assert 'points="0.0,34.0 160.0,18.5"' in _svg(sparkline([0, 5], top=10))


def test_a_missing_value_breaks_the_line() -> None:
    assert _svg(sparkline([1, 2, nan, 3, 4])).count("<polyline") == 2


def test_one_value_draws_no_line() -> None:
    assert sparkline([1, nan]) == ""
    assert "<img" not in cards_html([Card("a", "1", trend=(3,))])


def test_all_zero_lies_on_the_base() -> None:
    assert 'points="0.0,34.0 160.0,34.0"' in _svg(sparkline([0, 0]))


def test_small_multiples_share_the_largest_value_as_their_top() -> None:
    html = multiples_html([Multiple("天马", "5", [10, 5]), Multiple("<script>", "1", [1, 0])])
    first, second = (part.split('"')[0] for part in html.split('src="')[1:])
    assert 'points="0.0,3.0' in _svg(first) or 'points="0.0,3.0' in _svg(first)
    assert _svg(second).count("0.0,38.1") == 1  # a tenth of the way up, not at the top
    assert "<script" not in html


def test_a_plan_is_dashed_behind_the_line_and_may_run_further() -> None:
    svg = _svg(sparkline([0, 5], plan=[0, 5, 10]))
    assert (
        'stroke-dasharray="4 3"><polyline vector-effect="non-scaling-stroke" points="0.0,34.0 80.0,18.5 160.0,3.0"'
        in svg
    )
    assert 'points="0.0,34.0 80.0,18.5"/></g></svg>' in svg
    assert "dasharray" not in _svg(sparkline([0, 5]))


def test_a_lone_value_between_gaps_stays_visible() -> None:
    assert 'points="156.0,3.0 164.0,3.0"' in _svg(sparkline([5, float("nan"), 5]))


def test_a_cell_s_name_may_lead_somewhere_and_its_mark_stands_below() -> None:
    html = multiples_html([Multiple("<甲>", "1", (1, 2), mark="<b>灯</b>", address="task?a=1&b=2")])
    assert '<a href="task?a=1&amp;b=2" target="_self">&lt;甲&gt;</a>' in html
    assert "<p><b>灯</b></p>" in html
