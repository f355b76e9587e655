"""The heat table where there is nothing, one township, and many."""

import re
from datetime import date

import pandas as pd

from analysis.rankings import ranked_rows
from components.assessment.heat import heat_html
from components.assessment.standings import standing_links
from tests.judged import judged

NAN, DAY = float("nan"), date(2020, 8, 31)


def _ranked(codes: list[str]) -> pd.DataFrame:
    places = [float(i + 1) for i in range(len(codes))]
    same = dict.fromkeys(("rank", "previous_rank", "rank_low", "rank_high"), places)
    frame = pd.DataFrame({"township_code": codes, "score": 80.0, "coverage": 1.0, "rank_change": 0.0, **same})
    return ranked_rows(frame, {code: f"{code}镇" for code in codes})


def _html(judged_rows: pd.DataFrame, ranked: pd.DataFrame) -> str:
    return heat_html(judged_rows, ranked, standing_links(ranked, DAY))


def test_without_any_indicator_only_the_composite_stands() -> None:
    table, ranked = judged({("甲", "K01"): (18, 20)}, {"K01": 9.0}), _ranked(["甲"])
    html = _html(table.head(0), ranked)
    assert html.count("<tr") == 2
    assert "<b>80.0</b>" in html


def test_one_township_is_one_column() -> None:
    html = _html(judged({("甲", "K01"): (18, 20)}, {"K01": 9.0}), _ranked(["甲"]))
    assert html.count('scope="col"') == 2
    assert len(re.findall(r"<td class=\"green[^\"]*\" title=\"甲镇 [^\"]*（18/20）", html)) == 1


def test_many_townships_stand_side_by_side_in_a_box_that_scrolls() -> None:
    codes = [f"镇{i}" for i in range(120)]
    one = judged({("甲", "K01"): (18, 20)}, {"K01": 9.0}).query("township_code == '甲'")
    html = _html(pd.concat([one.assign(township_code=code) for code in codes]), _ranked(codes))
    assert html.startswith("<div class='gov-box' tabindex='0'>")
    assert html.count('scope="col"') == 121
    assert html.count("（18/20）") == 120


def test_a_township_without_a_figure_has_a_dash_and_no_link() -> None:
    one = judged({("甲", "K01"): (18, 20)}, {"K01": 9.0}).query("township_code == '甲'")
    html = _html(one, _ranked(["甲", "乙"]))
    assert html.count('<td class="none">—</td>') == 1
