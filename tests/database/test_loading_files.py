"""What files are read: encodings, workbooks by sheet, several at once, names in place of codes."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.table_names import table_word
from database import tables
from database.load import Loaded, load
from database.loading.columns import loadable
from database.loading.files import Given
from database.loading.findings import Refused
from database.loading.template import ORDER, write_template
from tests.conftest import TOWNSHIPS
from tests.database.loading_files import CASE, CASES_HEAD, csv, filled_template, workbook

FIRST, SECOND, THIRD = TOWNSHIPS
TODAY = date(2020, 9, 2)
Give = Callable[..., Loaded]


@pytest.fixture
def give(connection: Connection, county: str, add: Callable[..., None]) -> Give:
    """Load files into a county of three townships, two with a village of one name."""
    add("departments", {"code": "D04", "name": "县信访局"}, {"code": "D05", "name": "县大数据中心"})
    add(
        "regions",
        *(
            {"code": f"村{place}", "parent_code": place, "level": "village", "name": "新村"}
            for place in (FIRST, SECOND)
        ),
    )
    add("campaigns", {"code": "BRGJ", "name": "信访积案化解百日攻坚"})

    def take(*files: Given, **options: Any) -> Loaded:
        return load(connection, files, today=TODAY, **options)

    return take


def held(connection: Connection, table: str, *columns: str) -> list[tuple[Any, ...]]:
    found = tables.METADATA.tables[table]
    return [
        tuple(row) for row in connection.execute(sa.select(*(found.c[c] for c in columns)).order_by(*found.primary_key))
    ]


def problems(give: Give, *files: Given, **options: Any) -> list[tuple[str, str, int, str, str, str]]:
    with pytest.raises(Refused) as caught:
        give(*files, **options)
    return [(f.file, f.sheet, f.row, f.column, f.value, f.reason) for f in caught.value.findings]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_each_encoding_of_an_office(give: Give, connection: Connection, encoding: str) -> None:
    give(csv("部门", "部门代码,部门名称\nD1,县信访局𠮷\n", encoding))
    assert ("D1", "县信访局𠮷") in held(connection, "departments", "code", "name")


def test_a_workbook_is_read_sheet_by_sheet(give: Give, connection: Connection) -> None:
    loaded = give(
        workbook(
            {
                "案件台账": [CASES_HEAD, CASE, ("白石镇", "甲2", 1, "矛盾纠纷", "2020年6月13日")],
                "部门": [("部门代码", "部门名称"), ("D09", "县公安局")],
                "填表说明": [("随便写的",)],
            }
        )
    )
    assert loaded.rows == {"cases": 2, "departments": 1}
    assert held(connection, "cases", "township_code", "case_no", "stream", "opened_on") == [
        (FIRST, "甲1", "petition_backlog", date(2020, 6, 12)),
        (SECOND, "甲2", "dispute", date(2020, 6, 13)),
    ]


def test_cells_of_numbers_become_codes_without_a_decimal_point(give: Give, connection: Connection) -> None:
    give(
        workbook(
            {
                "案件台账": [
                    (*CASES_HEAD, "是重复件"),
                    (int(FIRST), 20200612.0, 1.0, "治理事件", date(2020, 6, 12), True),
                ]
            }
        )
    )
    assert held(connection, "cases", "township_code", "case_no", "is_repeat") == [(FIRST, "20200612", True)]


def test_a_title_above_the_header_and_empty_rows_are_no_rows(give: Give) -> None:
    rows = [
        ("常山县信访积案台账（2020年8月）",),
        (),
        CASES_HEAD,
        (),
        CASE,
        (),
        ("白石镇", "甲2", 1, "无此类型", "2020-06-12"),
    ]
    assert [f[2:5] for f in problems(give, workbook({"案件台账": rows}))] == [(7, "stream", "无此类型")]


def test_a_lone_sheet_may_bear_any_name_where_the_file_is_named_as_the_table(give: Give) -> None:
    assert give(workbook({"Sheet1": [CASES_HEAD, CASE]}, "案件台账（8月）.xlsx")).rows == {"cases": 1}
    assert problems(give, workbook({"Sheet1": [CASES_HEAD, CASE]}, "八月.xlsx"))[0][5].startswith(
        "工作表不是数据表的名称"
    )


def test_several_files_of_one_table_are_laid_together(give: Give, connection: Connection) -> None:
    one = workbook({"案件台账": [CASES_HEAD, CASE]}, "天马.xlsx")
    two = workbook({"案件台账": [CASES_HEAD, ("白石镇", "乙1", 1, "信访积案", date(2020, 6, 13))]}, "白石.xlsx")
    three = csv("cases_2020-08", f"township_code,case_no,episode,stream,opened_on\n{THIRD},丙1,1,event,2020-08-01\n")
    assert give(one, two, three).rows == {"cases": 3}
    again = workbook({"案件台账": [CASES_HEAD, ("白石镇", "乙1", 1, "信访积案", date(2020, 6, 14)), CASE]}, "又.xlsx")
    assert [f[:4] for f in problems(give, two, again)] == [("又.xlsx", "案件台账", 2, "township_code")]


def test_files_of_one_table_with_different_columns_are_refused(give: Give) -> None:
    other = csv("cases", f"township_code,case_no,episode,stream,opened_on,due_on\n{FIRST},甲9,1,event,2020-08-01,\n")
    found = problems(give, workbook({"案件台账": [CASES_HEAD, CASE]}), other)
    assert found == [("cases.csv", "", 1, "", "", "与 八月.xlsx 的列不同，请分开导入")]


def test_names_stand_for_codes_within_their_place(give: Give, connection: Connection) -> None:
    head = (*CASES_HEAD, "村（社区）", "牵头单位", "专项行动")
    rows = [
        (*CASE, "新村", "县信访局", "信访积案化解百日攻坚"),
        ("白石镇", "甲2", 1, "信访积案", date(2020, 6, 12), "新村", "D05", "BRGJ"),
        ("天马", "甲3", 1, "信访积案", date(2020, 6, 12), f"村{FIRST}", "", ""),
    ]
    give(workbook({"案件台账": [head, *rows]}))
    assert held(connection, "cases", "township_code", "village_code", "lead_department_code", "campaign_code") == [
        (FIRST, f"村{FIRST}", "D04", "BRGJ"),
        (FIRST, f"村{FIRST}", None, None),
        (SECOND, f"村{SECOND}", "D05", "BRGJ"),
    ]
    wrong = [("何家乡", "甲4", 1, "信访积案", date(2020, 6, 12), "新村", "县气象局", "")]
    assert [f[3:] for f in problems(give, workbook({"案件台账": [head, *wrong]}))] == [
        ("lead_department_code", "县气象局", "没有这个部门"),
        ("village_code", "新村", "没有这个村（社区）"),
    ]


def test_a_name_that_two_bear_is_refused_and_one_of_the_same_files_is_known(
    give: Give, add: Callable[..., None]
) -> None:
    add("departments", {"code": "D06", "name": "县信访局"})
    head = "code,name,lead_department_code\n"
    found = problems(give, csv("work_groups", f"{head}G1,依法善治,县信访局\n"))
    assert [f[3:] for f in found] == [("lead_department_code", "县信访局", "有几个同名的，请填代码")]
    assert (
        give(csv("work_groups", f"{head}G1,依法善治,县司法局\n"), csv("部门", "code,name\nD07,县司法局\n")).release == 1
    )


def test_the_header_names_each_column_once_and_every_column(give: Give) -> None:
    rows = [(*CASES_HEAD, "township_code", "备注", ""), (*CASE, "天马街道", "x", "没有表头")]
    assert sorted(f[2:4] + f[5:] for f in problems(give, workbook({"案件台账": rows}))) == [
        (1, "", "这一列有内容而没有表头"),
        (1, "township_code", "与前面的列是同一列"),
        (1, "备注", "“案件台账”没有这一列"),
    ]


def test_figures_in_percent_may_be_proven_by_their_own_parts(
    give: Give, add: Callable[..., None], connection: Connection
) -> None:
    add(
        "kpis",
        {"code": "K11", "name": "诉前纠纷化解率", "unit": "%", "kind": "proportion"},
        {"code": "K18", "name": "平安暗访得分", "unit": "分", "kind": "score"},
    )
    head = ("乡镇", "指标", "月份", "分子", "分母", "数值")
    give(
        workbook(
            {
                "指标数值": [
                    head,
                    ("天马街道", "诉前纠纷化解率", "2020年7月", 3, 1179, 0.2545),
                    ("天马街道", "K18", "2020-07", None, None, 0.5),
                ]
            }
        )
    )
    assert held(connection, "kpi_values", "kpi_code", "value") == [("K11", 0.2545), ("K18", 0.5)]
    wrong = [
        head,
        ("白石镇", "K11", "2020-07", 3, 4, 0.75),
        ("何家乡", "K11", "2020-07", 5, 4, "125%"),
        ("何家乡", "K11", "2020-06", None, None, 0.8),
    ]
    unclear = "不明确：是百分数还是小数？请写成带%的形式，如 85%"
    assert [f[2:] for f in problems(give, workbook({"指标数值": wrong}))] == [
        (2, "value", "0.75", unclear),
        (3, "numerator", "5", "分子大于分母"),
        (3, "value", "125%", "应在0到100之间"),
        (4, "value", "0.8", unclear),
    ]


def test_a_template_says_what_to_fill_and_loads_what_is_filled(
    give: Give, connection: Connection, add: Callable[..., None]
) -> None:
    add("tasks", {"code": "T31", "title": "信访积案化解百日攻坚行动"})
    buffer = BytesIO()
    write_template(buffer, connection)
    assert problems(give, filled_template(buffer.getvalue(), {}))[0][5] == "工作簿中没有可以导入的行"
    filled = filled_template(
        buffer.getvalue(),
        {
            "案件台账": [
                {
                    "乡镇（街道）": "天马街道",
                    "案件编号": "甲1",
                    "办理次数": 1,
                    "业务类型": "信访积案",
                    "登记日期": date(2020, 6, 12),
                    "办结日期": "2020年8月1日",
                    "办结方式": "调解协议",
                    "满意度": "基本满意",
                }
            ],
            "任务进度": [
                {
                    "乡镇（街道）": "天马街道",
                    "任务": "信访积案化解百日攻坚行动",
                    "月份": "2020年8月",
                    "实际进度（%）": "85%",
                }
            ],
        },
    )
    assert give(filled).rows == {"cases": 1, "task_progress": 1}
    assert held(connection, "cases", "case_no", "closed_on", "satisfaction") == [("甲1", date(2020, 8, 1), 2)]
    assert held(connection, "task_progress", "task_code", "month", "actual_pct") == [("T31", date(2020, 8, 1), 85)]


def test_an_example_that_was_written_over_is_remarked_and_not_loaded(give: Give) -> None:
    head = ("乡镇（街道）", "案件编号", "办理次数", "业务类型", "登记日期")
    rows = [head, ("示例：天马街道", "甲7", 1, "信访积案", "2020-06-12"), CASE]
    loaded = give(workbook({"案件台账": rows}))
    assert loaded.rows == {"cases": 1}
    assert [(f.row, f.reason) for f in loaded.warnings if f.row == 2] == [
        (2, "这一行以“示例：”开头，当作示例，没有导入")
    ]


@pytest.mark.parametrize("is_held", [True, False], ids=["database", "reference"])
def test_a_template_offers_lists_of_the_database_or_of_the_reference(
    connection: Connection, give: Give, is_held: bool
) -> None:
    buffer = BytesIO()
    write_template(buffer, connection if is_held else None)
    book = openpyxl.load_workbook(BytesIO(buffer.getvalue()))
    assert book.sheetnames == ["填表说明", *(table_word(table) for table in ORDER), "选项"]
    assert set(ORDER) == set(loadable())
    page = book["案件台账"]
    assert [page.cell(row, 1).value for row in (1, 2, 4)] == ["乡镇（街道）*", "township_code", "示例：天马街道"]
    assert page.cell(3, 1).value == "说明：乡镇（街道）的名称或代码；没有乡镇的填县名"
    assert page.freeze_panes == "C5"
    lists = {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}
    assert values(book, lists["D5"].formula1)[:2] == ["信访积案", "信访事项（初信初访）"]
    places = values(book, lists["A5"].formula1)
    assert (len(places), places[:2]) == ((4, ["常山县", "天马街道"]) if is_held else (15, ["常山县", "天马街道"]))
    departments = next(rule for key, rule in lists.items() if page[f"{key[:-1]}2"].value == "lead_department_code")
    assert ("县信访局" in values(book, departments.formula1), len(values(book, departments.formula1))) == (
        True,
        2 if is_held else 23,
    )
    assert "程序性办结" in values(
        book, next(rule for key, rule in lists.items() if page[f"{key[:-1]}2"].value == "closing_method").formula1
    )
    opened = next(cell.column for cell in page[2] if cell.value == "opened_on")
    assert page.column_dimensions[openpyxl.utils.get_column_letter(opened)].number_format == "yyyy-mm-dd"


def values(book: openpyxl.Workbook, formula: str) -> list[str]:
    sheet, cells = formula.split("!")
    return [str(row[0].value) for row in book[sheet.strip("'=")][cells.replace("$", "")]]


def test_a_load_says_row_by_row_how_far_it_has_come(give: Give) -> None:
    told: list[tuple[str, int, int]] = []
    give(workbook({"案件台账": [CASES_HEAD, CASE]}), progress=lambda *step: told.append(step))
    assert ("检查", 1, 1) in told
    assert ("写入", 1, 1) in told
