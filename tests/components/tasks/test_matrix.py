import re
from html import unescape

import pandas as pd

from components.tasks.matrix import MANY_REGIONS, matrix_html

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
        ("T9", "2", "township", "behind"),  # a task that is not shown counts in its column
    ],
    columns=["task_code", "region_code", "scope", "light"],
)
REGIONS = {"2": "白石", "1": "天马"}


def link(task: str, township: str) -> str:
    return f"task?task={task}&township={township}"


HTML = matrix_html(MATRIX, TASKS, REGIONS, link=link)
TABLE, LIST = HTML.split("</table>")


def _text(html: str) -> str:
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


def _sums(html: str, row: str) -> list[str]:
    found = next(line for line in html.split("<tr") if row in line)
    return re.findall(r'<td class="sum[^"]*">([^<]*)<', found)


def test_townships_stand_in_fixed_order_and_titles_are_escaped() -> None:
    assert TABLE.index("白石") < TABLE.index("天马")
    assert "<script" not in HTML
    assert "&lt;script&gt;甲" in HTML


def test_work_groups_span_their_tasks() -> None:
    assert re.findall(r'rowspan="(\d+)">([^<]+)<', TABLE) == [("2", "党建统领"), ("1", "平安综治")]


def test_a_small_group_has_its_name_written_across() -> None:
    assert 'class="group few" scope="rowgroup" rowspan="2"' in TABLE
    more = TASKS.assign(work_group="党建统领")
    assert 'class="group" scope="rowgroup" rowspan="3"' in matrix_html(MATRIX, more, REGIONS, link=link)


def test_a_row_counts_its_red_and_yellow_cells() -> None:
    assert _sums(TABLE, "&lt;script&gt;甲") == ["1/2", "0"]
    assert _sums(TABLE, ">2 乙<") == ["0/1", "0"]
    assert _sums(TABLE, ">3 丙<") == ["1/1", "0"]


def test_a_column_counts_its_township_tasks_and_the_corner_all() -> None:
    assert _sums(TABLE, "红灯合计") == ["1/2", "0/2", "2/5", ""]
    assert _sums(TABLE, "黄灯合计") == ["1", "0", "", "1"]


def test_only_red_totals_that_are_not_zero_stand_out() -> None:
    assert re.findall(r'<td class="sum red">([^<]+)<', TABLE) == ["1/2", "2/5", "1/2", "1/1"]


def test_a_cell_leads_to_the_task_in_the_township_and_a_title_to_the_task() -> None:
    row = next(line for line in TABLE.split("<tr") if "&lt;script&gt;甲" in line)
    assert [unescape(a) for a in re.findall(r'href="([^"]+)"', row)] == [
        "task?task=T1&township=", "task?task=T1&township=白石", "task?task=T1&township=天马"
    ]  # fmt: skip
    assert 'class="red"><a class="light red"' in row


def test_a_township_without_the_task_is_said_to_be_uninvolved() -> None:
    row = next(line for line in TABLE.split("<tr") if ">2 乙<" in line)
    assert re.findall(r'<td class="(none|grey)">', row) == ["none", "grey"]
    assert "不涉及" in row
    assert "未报送" in row


def test_a_county_task_spans_all_townships() -> None:
    assert re.search(r'colspan="2">县级 .*逾期', TABLE)
    assert 'href="task?task=T3&amp;township="' in TABLE


def test_chosen_lights_leave_the_other_cells_empty_and_count_themselves() -> None:
    html = matrix_html(MATRIX, TASKS, REGIONS, link=link, kept=("unreported", "overdue"))
    table, listed = html.split("</table>")
    assert "严重滞后" not in table
    assert table.count('<td class="off"></td>') == 2
    assert _sums(table, "所选合计") == ["0/2", "1/2", "2/5"]
    assert _sums(table, ">2 乙<") == ["1/1"]
    assert "红灯" not in table
    assert "正常" not in listed


def test_the_list_for_phones_names_who_is_red_and_counts_the_rest() -> None:
    first, second = LIST.split("<li>")[1:3]
    assert _text(first) == "1 <script>甲● 正常 1个；■ 严重滞后 白石"
    assert "○ 未报送 天马" in _text(second)
    assert "township=白石" in unescape(first)


def test_the_list_names_everyone_of_a_chosen_light() -> None:
    listed = matrix_html(MATRIX, TASKS, REGIONS, link=link, kept=("on_track",)).split("</table>")[1]
    assert _text(listed.split("<li>")[1]).startswith("1 <script>甲● 正常 天马")


def test_more_townships_than_fit_are_listed_only() -> None:
    many = {str(i): f"镇{i}" for i in range(MANY_REGIONS + 1)}
    html = matrix_html(MATRIX, TASKS, many, link=link)
    assert "<table" not in html
    assert "严重滞后" in html
    assert "<table" in matrix_html(MATRIX, TASKS, dict(list(many.items())[:-1]), link=link)


def test_no_tasks_make_an_empty_matrix() -> None:
    assert "<tbody>" not in matrix_html(MATRIX.head(0), TASKS.head(0), REGIONS, link=link)
