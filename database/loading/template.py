"""The workbook that an office fills in: a sheet per table, headers, explanations, an example, lists to choose from."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from analysis.table_names import table_word
from database import tables
from database.loading.cells import MONTHS, PERCENTS
from database.loading.choices import Choices, choices
from database.loading.columns import NOT_ASKED, Field, fields
from database.loading.headers import EXAMPLE, EXPLANATION, GUIDE, OPTIONS
from database.loading.new_workbook import new_workbook

ROWS = 5_000
"""Rows below the example that have formats and lists."""

DAYS_EXPLAINED = "日期，如 2020-08-31"
EARLIEST = date(1950, 1, 1)
HEADER_ROW, NAME_ROW, EXPLANATION_ROW, EXAMPLE_ROW, FIRST_ROW = range(5)
FONT = {"font_name": "微软雅黑", "font_size": 11, "valign": "vcenter"}
ORDER = (
    "cases", "case_departments", "task_progress", "milestones", "kpi_values", "tasks", "task_departments", "kpis",
    "kpi_weights", "schemes", "campaigns", "work_groups", "departments", "regions",
)  # fmt: skip
"""The sheets: what is filled every month stands first."""

GUIDE_TEXT = (
    ("怎么填", ""),
    (
        "1",
        "每个工作表是一张数据表，只填需要的表；不用的表留空即可。表名、表头不要改动，列的次序可以变，不用的列可以删去。",
    ),
    (
        "2",
        "从第5行起填写。第2行是列的英文名，第3行是说明，第4行以“示例：”开头，导入时都不读；不必删除，也不要在示例行上填。",
    ),
    ("3", "蓝底带 * 的列必填。有下拉列表的列从列表中选；也可以填代码。“选项”表中有全部名称和代码。"),
    ("4", "日期写成 2020-08-31（也可 2020年8月31日、2020/8/31）；月份写成 2020-08。日期要完整，不写“8月31日”。"),
    ("5", "百分数写成 85 或 85%。写成 0.85 的不明确，会被退回。"),
    ("6", "案件编号全县唯一。化解后反弹、再次交办的，用原编号，办理次数填 2、3……"),
    ("7", "同一行再次导入即为更正：文件中有的列以文件为准，文件中没有的列保持不变；单元格留空表示清空。"),
    ("8", "不得填写姓名、身份证号、电话、住址等个人信息；领导只填职务。疑似身份证号、手机号的内容会被退回。"),
    ("怎么导入", ""),
    ("9", "在“数据 / 导入”页面选择文件，先看检查报告，再确认；或执行 python -m database load 文件。"),
    (
        "10",
        "全部通过才导入，有问题的行会按文件、工作表、行、列列出原因，数据库保持原样。同一文件再导入一次不会有变化。",
    ),
)


@dataclass(frozen=True)
class _Formats:
    """The looks of cells in one workbook."""

    title: Any
    required: Any
    optional: Any
    name: Any
    explanation: Any
    example: Any
    text: Any
    day: Any
    number: Any


def write_template(target: Path | BytesIO, connection: Connection | None = None) -> None:
    """Write the template.

    Parameters
    ----------
    target
        A path, or a buffer that is left at its end.
    connection
        Where the lists come from when it holds regions and departments; otherwise the reference county's.

    Source: tables regions, departments, work_groups, campaigns, tasks, kpis, schemes.
    """
    offered = choices(connection)
    with new_workbook(target) as workbook:
        formats = _formats(workbook)
        _write_guide(workbook.add_worksheet(GUIDE), formats)
        for table in ORDER:
            _write_sheet(workbook.add_worksheet(table_word(table)), table, formats, offered)
        _write_options(workbook, offered, formats)
        workbook.get_worksheet_by_name(GUIDE).activate()


def _write_guide(page: Any, formats: _Formats) -> None:
    page.hide_gridlines(2)
    page.set_column(0, 0, 8)
    page.set_column(1, 1, 110)
    page.write_string(0, 0, GUIDE, formats.title)
    for row, (number, text) in enumerate(GUIDE_TEXT, 2):
        page.write_string(row, 0, number, formats.explanation if text else formats.title)
        page.write_string(row, 1, text, formats.explanation)
    row = len(GUIDE_TEXT) + 3
    page.write_string(row, 0, "有哪些表", formats.title)
    for table in ORDER:
        row += 1
        page.write_url(row, 1, f"internal:'{table_word(table)}'!A1", string=f"{table_word(table)}（{table}）")


def _write_sheet(page: Any, table: str, formats: _Formats, offered: Choices) -> None:
    asked = [field for field in fields(table) if (table, field.column) not in NOT_ASKED]
    page.freeze_panes(FIRST_ROW, 2 if len(asked) > 4 else 0)
    page.set_row(EXPLANATION_ROW, 66)
    for place, field in enumerate(asked):
        mark = "*" if field.is_required else ""
        page.write_string(HEADER_ROW, place, field.header + mark, formats.required if mark else formats.optional)
        page.write_string(NAME_ROW, place, field.column, formats.name)
        first, explanation = place == 0, field.explanation or DAYS_EXPLAINED
        page.write_string(EXPLANATION_ROW, place, (EXPLANATION if first else "") + explanation, formats.explanation)
        page.write_string(EXAMPLE_ROW, place, (EXAMPLE if first else "") + field.example, formats.example)
        page.set_column(place, place, max(14, 2 * len(field.header) + 4), _format(field, formats))
        _validate(page, place, field, offered)
    page.ignore_errors({"number_stored_as_text": f"A1:AZ{ROWS}"})


def _validate(page: Any, place: int, field: Field, offered: Choices) -> None:
    """Offer a list where there is one; hold days and whole numbers to be such."""
    last = FIRST_ROW + ROWS - 1
    options = offered.range_of(field, OPTIONS)
    kind = tables.METADATA.tables[field.table].columns[field.column].type
    rule: dict[str, Any]
    if options:
        rule = {"validate": "list", "source": options, "error_type": "warning", "error_message": "不在列表中，请核对"}
    elif isinstance(kind, sa.Integer):
        rule = {"validate": "integer", "criteria": ">=", "value": 0, "error_message": "应填整数"}
    elif isinstance(kind, sa.Date) and (field.table, field.column) not in MONTHS:
        rule = {"validate": "date", "criteria": ">=", "value": EARLIEST, "error_type": "warning"}
        rule["error_message"] = "应填完整的日期，如 2020-08-31"
    else:
        return
    page.data_validation(FIRST_ROW, place, last, place, rule | {"ignore_blank": True, "error_title": field.header})


def _write_options(workbook: Any, offered: Choices, formats: _Formats) -> None:
    """Write every list in a column of its own, under its name; names of rows have their codes beside them."""
    page = workbook.add_worksheet(OPTIONS)
    page.freeze_panes(1, 0)
    for place, (title, values) in enumerate(offered.lists.items()):
        page.write_string(0, place, title, formats.optional)
        page.set_column(place, place, 18)
        for row, value in enumerate(values, 1):
            page.write_string(row, place, value, formats.text)


def _format(field: Field, formats: _Formats) -> Any:
    kind = tables.METADATA.tables[field.table].columns[field.column].type
    is_text = (field.table, field.column) in MONTHS | PERCENTS  # as text, 85% stays what was typed
    if isinstance(kind, sa.Date) and not is_text:
        return formats.day
    return formats.number if isinstance(kind, sa.Integer) and field.column != "satisfaction" else formats.text


def _formats(workbook: Any) -> _Formats:
    def made(**look: object) -> Any:
        return workbook.add_format({**FONT, **look})

    return _Formats(
        title=made(bold=True, font_size=14),
        required=made(bold=True, bg_color="#BDD7EE", border=1),
        optional=made(bold=True, bg_color="#F2F2F2", border=1),
        name=made(font_color="#595959", font_size=9, border=1),
        explanation=made(font_color="#404040", font_size=10, text_wrap=True, valign="top"),
        example=made(font_color="#7F7F7F", italic=True, num_format="@"),
        text=made(num_format="@"),
        day=made(num_format="yyyy-mm-dd"),
        number=made(num_format="0"),
    )
