import re

import pandas as pd

from analysis.lights import LIGHTS, Light
from components.lights import counts_html, light_mark, matrix_html

TASKS = pd.DataFrame(
    [("T1", 1, "<script>甲", "党建统领"), ("T2", 2, "乙", "党建统领"), ("T3", 3, "丙", "平安综治")],
    columns=["task_code", "number", "title", "work_group"],
)
MATRIX = pd.DataFrame(
    [
        ("T1", "1", "township", "on_track"),
        ("T1", "2", "township", "far_behind"),
        ("T2", "1", "township", "unreported"),
        ("T3", "C", "county", "overdue"),
    ],
    columns=["task_code", "region_code", "scope", "light"],
)
REGIONS = {"2": "白石", "1": "天马"}
HTML = matrix_html(MATRIX, TASKS, REGIONS)
TABLE = HTML.split("</table>")[0]
LIST = HTML.split("</table>")[1]


def test_every_light_has_word_shape_and_colour() -> None:
    for light, mark in LIGHTS.items():
        html = light_mark(light)
        assert mark.word in html
        assert mark.shape in html
        assert f'class="light {mark.level}"' in html


def test_townships_stand_in_fixed_order_and_titles_are_escaped() -> None:
    assert TABLE.index("白石") < TABLE.index("天马")
    assert "<script" not in HTML
    assert "&lt;script&gt;甲" in HTML


def test_work_groups_span_their_tasks() -> None:
    spans = re.findall(r'rowspan="(\d+)">([^<]+)<', TABLE)
    assert spans == [("2", "党建统领"), ("1", "平安综治")]


def test_a_row_counts_its_red_cells_among_those_where_the_task_applies() -> None:
    assert re.findall(r'class="sum">(\d+/\d+)<', TABLE) == ["1/2", "0/1", "1/1"]


def test_a_township_without_the_task_is_said_to_be_uninvolved() -> None:
    row = TABLE.split("2 乙")[1].split("</tr>")[0]
    assert "不涉及" in row
    assert "未报送" in row


def test_a_county_task_spans_all_townships() -> None:
    assert re.search(r'colspan="2">县级 .*逾期', TABLE)


def test_the_list_for_phones_names_who_is_red_and_counts_the_rest() -> None:
    first = LIST.split("<li>")[1]
    assert re.sub(r"<[^>]+>", "", first).strip() == "1 &lt;script&gt;甲● 正常 1个；■ 严重滞后 白石"
    assert "○ 未报送 天马" in re.sub(r"<[^>]+>", "", LIST)


def test_counts_leave_out_what_does_not_occur() -> None:
    html = counts_html({Light.ON_TRACK: 16, Light.OVERDUE: 0, Light.BEHIND: 9})
    assert "逾期" not in html
    assert html.index("正常") < html.index("滞后")
    assert "<b>16</b>" in html


def test_no_tasks_make_an_empty_matrix() -> None:
    assert "<tbody>" not in matrix_html(MATRIX.head(0), TASKS.head(0), REGIONS)
