import re
from datetime import date
from html import unescape

import pandas as pd

from analysis.climbs import climbs
from analysis.contributions import gap_of
from analysis.explanation import explained_rows
from analysis.rankings import ALL, ranked_rows, with_notes, within_kind
from components.assessment.heat import heat_html, legend_html
from components.assessment.standings import (
    explanation_table_html,
    ranking_table_html,
    standing_links,
    township_row_html,
)
from tests.judged import judged

NAN, DAY = float("nan"), date(2020, 8, 31)
LABELS = {"甲": "天马", "乙": "白石", "丙": "何<b>家"}
WEIGHTS = {"K01": 9.0, "K18": 1.0}
TABLE = judged({("甲", "K01"): (18, 20), ("乙", "K01"): (15, 20), ("丙", "K01"): (4, 4), ("甲", "K18"): 95.0,
                ("乙", "K18"): 79.0, ("甲", "K21"): (1234, NAN)}, WEIGHTS)  # fmt: skip
RANKING = pd.DataFrame({
    "township_code": ["甲", "乙", "丙"], "score": [100.0, 78.6, NAN], "rank": [1.0, 2.0, NAN],
    "coverage": [1.0, 1.0, 0.1],
    "previous_rank": [2.0, 1.0, NAN], "rank_change": [1.0, -1.0, NAN], "rank_low": [1.0, 1.0, NAN],
    "rank_high": [1.0, 2.0, NAN],
})  # fmt: skip
RANKED = with_notes(ranked_rows(RANKING, LABELS), {"丙": "基数小1项"}, {"丙": "基数小：化解率"})


def _rows(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", html, flags=re.S)
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.S) for row in rows]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells]


def test_the_ranking_shows_place_change_score_range_band_and_reason() -> None:
    html = ranking_table_html(RANKED, kind=ALL, places=3, as_of=DAY)
    head, first, _, last = _rows(html)
    assert head == ["名次", "较上月", "乡镇（街道）", "综合得分", "名次范围", "判断", "指标覆盖", "说明"]
    assert first == ["第1名", "▲1", "天马", "100.0", "第1名", "差距不明显", "100%", ""]
    assert last == ["暂不排名", "—", "何<b>家", "—", "—", "暂不排名", "10%", "基数小1项"]
    assert "何<b>" not in html
    assert 'title="基数小：化解率"' in html
    assert 'href="standing?township=%E5%A4%A9%E9%A9%AC&amp;as_of=2020-08-31"' in html


def test_within_a_kind_the_countys_place_stands_beside() -> None:
    rows = within_kind(RANKED, {"乙": "镇", "丙": "镇"}, "镇")
    head, first, last = _rows(ranking_table_html(rows, kind="镇", places=3, as_of=DAY))
    assert head[:3] == ["名次", "较上月", "全县名次"]
    assert first[:3] == ["第1名", "持平", "第2名"]
    assert last[2] == "—"


def test_the_heat_table_says_value_level_and_base() -> None:
    html = heat_html(TABLE.assign(township=""), RANKED, standing_links(RANKED, DAY))
    head, composite, first, scores, watched = _rows(html)
    assert head == ["指标（权重）", "天马", "白石", "何<b>家"]
    assert composite == ["综合得分", "100.0 第1名", "78.6 第2名", "— 暂不排名"]
    assert first == ["信访积案化解率 权重9，%", "90.0 ✓", "75.0 ●", "100.0 —"]
    assert scores == ["平安暗访得分 权重1，分", "95.0 ✓", "79.0 ■", "— ○"]
    assert watched == ["矛盾纠纷受理量 监测，件", "1,234", "—", "—"]
    titles = re.findall(r'<td class="([^"]+)" title="([^"]+)"', html)
    assert titles[1] == ("green near", "白石 信访积案化解率 75.0%（15/20），得分80.0，本项第2名，接近目标")
    assert titles[2][1] == "何&lt;b&gt;家 信访积案化解率 100.0%（4/4，基数小（不足5件），不排名），不计分"
    assert titles[5] == ("grey unreported", "何&lt;b&gt;家 平安暗访得分 —（未报送，计0分），得分0.0，未报送")
    assert "何<b>" not in html


def test_every_cell_of_the_heat_table_leads_to_its_rows() -> None:
    html = heat_html(TABLE.assign(township=""), RANKED, standing_links(RANKED, DAY))
    cells = re.findall(r"<td class=\"[^\"]*\" title=.*?</td>", html)
    assert len(cells) == 9
    assert all(re.search(r'<a href="(backlog|tasks|definitions)\?', cell) for cell in cells)


def test_the_legend_names_every_level() -> None:
    said = re.sub(r"<[^>]+>", "", legend_html())
    assert said.startswith(
        "✓ 达到目标 100分● 接近目标 80分以上▲ 过底线 60–80分■ 低于底线 不足60分○ 未报送 计0分— 不计分"
    )


def test_an_explanation_shows_each_indicator_with_its_way_up_and_adds_up() -> None:
    gap = gap_of(TABLE, "乙")
    html = explanation_table_html(
        gap, explained_rows(gap, climbs(TABLE, "乙")), township="白石", month=date(2020, 8, 1)
    )
    head, first, second, total = _rows(html)
    assert head == ["指标", "实际", "得分", "贡献（分）", "差距（分）", "怎样能升位", "明细"]
    assert first == [
        "信访积案化解率 权重9，目标90，底线60",
        "75.0% 15/20",
        "80.0",
        "72.0",
        "+18.0 占落后的81%",
        "达到目标值可加18.0分",
        "积案",
    ]
    assert second[0] == "平安暗访得分 权重1，目标95，底线80"
    assert second[-1] == "报送口径"
    assert total[:1] + total[3:5] == ["合计 权重10", "77.7", "22.3"]


def test_the_row_of_townships_marks_the_one_shown() -> None:
    html = township_row_html(RANKED, "乙", DAY)
    assert re.findall(r"<a [^>]*?( aria-current=\"page\")?><b>(.)</b> (\S+?)</a>", html) == [
        ("", "1", "天马"), (' aria-current="page"', "2", "白石"), ("", "—", "何&lt;b&gt;家"),
    ]  # fmt: skip
