import re
from html import unescape
from typing import Any

import pandas as pd
import pytest

from analysis.annotations import Note, chart_marks
from analysis.control_charts import Assurance, Variation
from analysis.signal_words import ASSURANCE_WORDS, VARIATION_WORDS, chart_rows, grid_rows
from analysis.signals import signal_chart, signal_grid
from components import theme
from components.annotations import notes_html
from components.assessment.signals import flagged_html, grid_html, verdicts_html
from components.charts import signal_chart as drawn
from components.theme import stylesheet
from tests.analysis.test_signals import FLAT, _one, _series

KPIS = pd.DataFrame({"code": ["K05", "K06"], "name": ["甲率", "乙<率>"], "unit": ["件", "件"]})
PLACES = {"c": "全县", "a": "天马", "b": "白石"}
SERIES = _series(
    _one("K05", "c", [*FLAT, 20]),
    _one("K05", "a", [*FLAT, 40], target=50.0),
    _one("K05", "b", [*FLAT, 1]),
    _one("K06", "c", [*FLAT, 20], form="increment"),
    _one("K06", "a", [*FLAT, 21], is_sparse=True, form="increment"),
    _one("K06", "b", [*FLAT, 40], direction="neutral", form="increment"),
)
ROWS = grid_rows(signal_grid(SERIES), KPIS, PLACES)
FILTERS = {"township": ["天马", "白石"], "as_of": "2020-08-31"}


def _cells(markup: str) -> list[str]:
    return re.findall(r"<td.*?</td>", markup)


def test_each_cell_has_glyph_and_word_and_leads_to_its_chart() -> None:
    cells = _cells(grid_html(ROWS, FILTERS))
    assert len(cells) == 6
    assert '<span class="sig improvement">好转</span><span class="sig fail">达不到</span>' in cells[1]
    assert '<span class="sig concern">变差</span>' in cells[2]
    assert '<span class="sig sparse">件数少</span>' in cells[4]
    assert '<span class="sig neutral_high">偏高</span>' in cells[5]
    (target,) = re.findall(r'href="(.*?)"', cells[1])
    query = "township=%E5%A4%A9%E9%A9%AC&township=%E7%99%BD%E7%9F%B3&as_of=2020-08-31"
    assert unescape(target) == f"signals?{query}&kpi=%E7%94%B2%E7%8E%87&place=%E5%A4%A9%E9%A9%AC"
    assert 'title="天马 甲率 2019年4月 40件：出现异常好转，建议总结经验；照目前做法，目标达不到"' in cells[1]


def test_the_chosen_cell_is_marked_and_texts_are_escaped() -> None:
    markup = grid_html(ROWS, FILTERS, ("K05", "b"))
    assert [i for i, cell in enumerate(_cells(markup)) if "aria-current" in cell] == [2]
    assert "乙&lt;率&gt;" in markup
    assert "<率>" not in markup
    assert markup.count("<small>当月新增件数</small>") == 1


def test_phones_read_the_flagged_by_name_and_count_the_others() -> None:
    listed = re.sub(r"<[^>]+>", "", grid_html(ROWS, FILTERS).split('<ul class="gov-list">')[1])
    assert "好转 天马" in listed
    assert "变差 白石" in listed
    assert "正常 1个" in listed
    assert "件数少 1个" in listed


def test_what_got_worse_comes_first_among_the_flagged() -> None:
    items = [re.sub(r"<[^>]+>", "", item) for item in re.findall(r"<li>.*?</li>", flagged_html(ROWS, FILTERS))]
    assert items == ["变差白石　甲率", "好转天马　甲率", "偏高白石　乙&lt;率&gt;"]
    assert flagged_html(ROWS.iloc[[0]], FILTERS) == ""


def test_every_glyph_is_drawn_by_the_style_sheet_as_data() -> None:
    sheet = stylesheet()
    shown = [*VARIATION_WORDS, *(hope for hope, word in ASSURANCE_WORDS.items() if word)]
    for kind in shown:
        (glyph,) = re.findall(rf'\.sig\.{kind.value}::before[^{{]*\{{ content: url\("(.*?)"\)', sheet)
        assert glyph.startswith("data:image/svg+xml,%3Csvg")
    assert len(set(re.findall(r'content: url\("(.*?)"\)', sheet))) == len(shown) - 1, "two few-figures words share one"


@pytest.mark.parametrize("variation", Variation)
def test_the_verdict_is_a_sentence(variation: Variation) -> None:
    assert VARIATION_WORDS[variation] in verdicts_html(variation, Assurance.NONE)
    assert "目标：可以稳定达到" in verdicts_html(variation, Assurance.PASS)
    assert "目标" not in verdicts_html(variation, Assurance.NONE)


def test_notes_tell_month_reason_author_exclusion_and_reply() -> None:
    day = pd.Timestamp("2020-02-01").date()
    markup = notes_html(
        [Note(day, "<疫情>", True, "行动办", "已补办", "天马街道"), Note(day, "换届", False, "行动办", "", "")]
    )
    first, second = re.findall(r"<li>.*?</li>", markup)
    assert "2020年2月" in first
    assert "&lt;疫情&gt;" in first
    assert "不计入" in first
    assert "答复：已补办" in first
    assert "天马街道" in first
    assert "不计入" not in second
    assert "答复" not in second


def _chart(notes: list[Note], series: pd.DataFrame = SERIES, kpi: str = "K05", region: str = "a") -> dict[str, Any]:
    excluded = {(region, kpi, note.month) for note in notes if note.is_excluded}
    chart = signal_chart(series, kpi, region, excluded)
    rows = chart_rows(chart, "件")
    return drawn(rows, chart_marks(notes, rows["month"]), unit="件", is_share=False, finding="").to_dict()


def test_the_chart_draws_points_range_mean_target_and_shapes_for_words() -> None:
    spec = _chart([])
    fields = [layer["encoding"]["y"]["field"] for layer in spec["layer"]]
    assert fields == ["lower", "mean", "target", "value", "value", "value"]
    dots = spec["layer"][4]["encoding"]
    assert dots["color"]["scale"]["domain"] == dots["shape"]["scale"]["domain"] == ["正常", "异常好转", "异常变差"]
    assert set(dots["color"]["scale"]["range"]) <= set(theme.HUES)
    assert len(set(dots["shape"]["scale"]["range"])) == 3
    assert {tip["title"] for tip in dots["tooltip"]} >= {"月份", "当月值", "正常范围", "判断", "依据"}


def test_a_note_stands_on_the_chart_with_reason_and_author_and_its_month_hollow() -> None:
    spec = _chart([Note(pd.Timestamp("2018-03-01").date(), "疫情", True, "行动办", "", "")])
    rule, words = spec["layer"][6:]
    assert rule["mark"]["type"] == "rule"
    assert words["encoding"]["text"]["field"] == "mark"
    marks = next(rows for rows in spec["datasets"].values() if rows and "mark" in rows[0])
    assert [row["mark"] for row in marks] == ["疫情（行动办）"]
    hollow = spec["layer"][5]
    assert hollow["transform"] == [{"filter": "datum.point == '不计入'"}]
    assert hollow["mark"]["filled"] is False
    data = next(rows for rows in spec["datasets"].values() if rows and "point" in rows[0])
    assert [row["month_word"] for row in data if row["point"] == "不计入"] == ["2018年3月"]


def test_a_share_is_drawn_in_percent() -> None:
    series = _one("K06", "a", [0.8, 0.9] * 8, form="share", denominator=20.0)
    rows = chart_rows(signal_chart(series, "K06", "a"), "%")
    spec = drawn(rows, chart_marks([], rows["month"]), unit="%", is_share=True, finding="").to_dict()
    assert spec["layer"][3]["encoding"]["y"]["axis"]["format"] == "%"
    assert rows.loc[0, ["value_word"]].tolist() == ["80.0%"]
