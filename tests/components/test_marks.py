import re
from math import nan

from analysis.levels import LEVELS, Level
from components.marks import (
    Points,
    Range,
    change_mark,
    gap_mark,
    level_mark,
    note_mark,
    range_mark,
    score_mark,
    two_lines,
)


def _widths(mark: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"(left|width):(-?[\d.]+)%", mark)}


def test_a_score_is_a_bar_and_its_number() -> None:
    mark = score_mark(73.68)
    assert _widths(mark) == {"width": 73.7}
    assert ">73.7</b>" in mark
    assert "gov-bar pass" in mark
    assert "gov-bar below" in score_mark(59.9)
    assert score_mark(nan) == "—"


def test_a_rank_stands_within_its_range_on_a_track_of_all_places() -> None:
    mark = range_mark(Range(3.0, 2.0, 8.0, 14, "差距不明显"))
    bar, dot = re.findall(r'<[iu] style="([^"]+)"', mark)
    assert _widths(bar) == {"left": 10.7, "width": 42.9}  # 1.5 and 6 of 14 places
    assert _widths(dot) == {"left": 17.9}
    assert 'title="第3名，名次范围第2–8名，差距不明显"' in mark
    assert ">第2–8名</b>" in mark
    assert "gov-track ahead" in range_mark(Range(1.0, 1.0, 2.0, 14, "明显靠前"))
    assert range_mark(Range(nan, nan, nan, 14, "暂不排名")) == "—"


def test_a_climb_and_a_fall_have_their_arrow_and_look_a_newcomer_neither() -> None:
    assert change_mark("▲2") == '<span class="gov-up">▲2</span>'
    assert change_mark("▼1") == '<span class="gov-down">▼1</span>'
    assert "gov-up" not in change_mark("新列入")


def test_a_gap_goes_to_the_right_where_it_widens() -> None:
    wide, narrow = gap_mark(Points("+2.8", "占47%", 2.8, 2.8)), gap_mark(Points("−0.7", "", -0.7, 2.8))
    assert _widths(wide) == {"left": 50, "width": 50}
    assert _widths(narrow) == {"left": 37.5, "width": 12.5}
    assert "loss" in wide
    assert "gain" in narrow
    assert "<small>占47%</small>" in wide
    assert "gain" in gap_mark(Points("+2.8", "", 2.8, 2.8, is_lead=True))
    assert "<i" not in gap_mark(Points("—", "", nan, 0.0))


def test_what_marks_hold_is_escaped() -> None:
    evil = "<script>'\""
    gap, shown = Points(evil, evil, 1.0, 1.0), Range(1.0, 1.0, 1.0, 2, evil)
    marks = [change_mark(evil), two_lines((evil, evil, "")), note_mark((evil, evil)), gap_mark(gap), range_mark(shown)]
    assert all("&lt;script&gt;&#x27;&quot;" in mark for mark in marks)
    assert not [mark for mark in marks if "<script" in mark]


def test_a_level_has_shape_and_word() -> None:
    assert re.sub(r"<[^>]+>", "", level_mark(LEVELS[Level.BELOW])) == "■ 低于底线"
