from analysis.lights import LIGHTS, Light
from components.lights import counts_html, light_mark, narrow_mark


def test_every_light_has_word_shape_and_colour() -> None:
    for light, mark in LIGHTS.items():
        html = light_mark(light)
        assert mark.word in html
        assert mark.shape in html
        assert f'class="light {mark.level}"' in html


def test_a_narrow_light_has_a_short_word_beside_the_whole_one() -> None:
    for light, mark in LIGHTS.items():
        html = narrow_mark(light)
        assert mark.shape in html
        assert f">{mark.word}</span>" in html
        assert (f'<span class="short">{mark.short}</span>' in html) == (mark.short != mark.word)
        assert len(mark.short) <= 3, "three characters fill a cell at 1366 pixels"
    assert "<a" not in narrow_mark("behind")


def test_a_light_with_an_address_is_a_link() -> None:
    html = narrow_mark("overdue", 'task?task=T1&township="x"')
    address = "task?task=T1&amp;township=&quot;x&quot;"
    assert html.startswith(f'<a class="light red" href="{address}" target="_self">')
    assert html.endswith("</a>")


def test_counts_leave_out_what_does_not_occur() -> None:
    html = counts_html({Light.ON_TRACK: 16, Light.OVERDUE: 0, Light.BEHIND: 9})
    assert "逾期" not in html
    assert html.index("正常") < html.index("滞后")
    assert "<b>16</b>" in html
