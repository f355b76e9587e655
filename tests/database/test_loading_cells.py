"""What an office's ways of writing mean, and where they could mean two things."""

from datetime import date

import pandas as pd
import pytest

from database.loading.cells import plain_texts, typed_table
from database.loading.columns import (
    codes_by_word,
    column_named,
    fields,
    header_of,
    loadable,
    table_named,
)
from database.loading.findings import ROW
from database.tables import DERIVED, METADATA

DATE, PERCENT = "不是日期，应写成 2020-08-31", "不明确：是百分数还是小数？请写成带%的形式，如 85%"


def read(table: str, column: str, *texts: str) -> tuple[list[object], list[tuple[int, str]]]:
    """Read cells of one column; return values (None: none) and the rows with reasons."""
    frame = pd.DataFrame({column: pd.Series(texts, dtype="str"), ROW: range(len(texts))})
    typed, flags = typed_table(METADATA.tables[table], plain_texts(METADATA.tables[table], frame), {})
    values = [None if pd.isna(value) else value for value in typed[column].astype(object)]
    return values, sorted((int(line), flag.reason) for flag in flags for line in flag.lines)


@pytest.mark.parametrize(
    "text",
    [
        "2020-08-31",
        "2020-8-31",
        "2020/8/31",
        "2020.08.31",
        "2020年8月31日",
        "2020年08月31号",
        "20200831",
        "２０２０－０８－３１",
        "２０２０年８月３１日",
        "2020-08-31 00:00:00",
        "2020-08-31T09:24:11",
        "2020 年 8 月 31 日",
        "44074",
        "44074.5",
    ],
)
def test_a_day_is_understood_in_the_ways_it_is_written(text: str) -> None:
    assert read("cases", "opened_on", text) == ([pd.Timestamp(2020, 8, 31)], [])


@pytest.mark.parametrize(
    "text",
    [
        "8/31/2020",
        "31.8.2020",
        "20-8-31",
        "8月31日",
        "2020-02-30",
        "2020-8",
        "2020-13-01",
        "1889-01-01",
        "2020-08-31Z",
        "4407",
        "19999",
        "80001",
        "昨天",
    ],
)
def test_a_day_that_is_none_or_could_be_two_is_refused(text: str) -> None:
    assert read("cases", "opened_on", text) == ([None], [(0, DATE)])


def test_a_month_may_leave_out_its_day() -> None:
    texts = ("2020-08", "2020/8", "2020年8月", "202008", "2020-08-01", "2020年8月1日")
    assert read("task_progress", "month", *texts) == ([pd.Timestamp(2020, 8, 1)] * 6, [])
    assert read("task_progress", "month", "2020.1", "8月")[1] == [(0, DATE), (1, DATE)]  # 2020.10 typed as a number


def test_percent_signs_are_read_and_bare_fractions_are_refused() -> None:
    values, wrong = read("task_progress", "actual_pct", "85%", "85", "８５％", "0.85%", "85.5 %", "0", "1%", "1,0%")
    assert values == [85, 85, 85, 0.85, 85.5, 0, 1, None]
    assert wrong == [(7, "不是数字")]
    assert read("task_progress", "actual_pct", "50", "0.85") == ([50, None], [(1, PERCENT)])


def test_a_bare_one_is_a_percent_only_beside_larger_ones() -> None:
    assert read("task_progress", "actual_pct", "1", "0") == ([None, 0], [(0, PERCENT)])
    assert read("task_progress", "actual_pct", "1", "2") == ([1, 2], [])
    assert read("task_progress", "actual_pct", "1", "2%") == ([None, 2], [(0, PERCENT)])


def test_numbers_are_read_with_their_separators_and_nothing_else() -> None:
    values, wrong = read("regions", "population", "62,800", "62800", "６２８００", "6.28万", "62,80", "62800.5", "50%")
    assert values == [62800, 62800, 62800, None, None, None, None]
    assert wrong == [(row, "不是整数") for row in (3, 4, 5, 6)]
    assert read("tasks", "weight", "5%") == ([None], [(0, "这一列不是百分数，不能带%")])
    assert read("tasks", "weight", "inf", "nan")[1] == [(0, "不是数字"), (1, "不是数字")]


def test_truths_are_read_in_both_languages() -> None:
    values, wrong = read("cases", "is_repeat", "是", "否", "1", "0", "TRUE", "false", "√", "也许")
    assert values == [True, False, True, False, True, False, True, None]
    assert wrong == [(7, "只能是 是、否（或 1、0）")]


def test_words_of_ours_become_codes_and_free_text_stays_as_written() -> None:
    assert read("cases", "stream", "信访积案", "矛盾纠纷", "信访事项(初信初访)", "积案", "petition", "EVENT")[0] == [
        "petition_backlog",
        "dispute",
        "petition",
        "petition_backlog",
        "petition",
        "event",
    ]
    assert read("cases", "satisfaction", "满意", "基本满意", "不满意", "3")[0] == [1, 2, 3, 3]
    assert read("cases", "case_no", "ＪＡ２０２０－１", "甲（2020）１号")[0] == ["JA2020-1", "甲（2020）1号"]
    assert read("cases", "category", "土地（１组）")[0] == ["土地（１组）"]


def test_a_long_number_that_a_spreadsheet_has_spoilt_is_refused() -> None:
    reason = "长数字已变成科学计数法而失真，请把该列设为文本格式后重新填写"
    assert read("cases", "case_no", "3.30822E+17", "3.3082219900101126e+17")[1] == [(0, reason), (1, reason)]


def test_every_column_of_every_table_that_is_loaded_has_its_own_words() -> None:
    assert {table.name for table in METADATA.tables.values()} - {table.name for table in DERIVED} == set(loadable())
    for table in loadable():
        assert [field.column for field in fields(table)] == METADATA.tables[table].columns.keys()
        names = [name for field in fields(table) for name in (field.header, *field.aliases)]
        assert len(names) == len(set(names)), f"{table}: one header, one column"
        assert all(column_named(table, field.header) == field.column for field in fields(table))
        assert all(
            field.explanation or METADATA.tables[table].columns[field.column].type.python_type is date
            for field in fields(table)
        )


def test_headers_and_tables_are_known_by_either_name() -> None:
    for header in (
        "乡镇(街道)*",
        " 乡镇（街道） ",
        "乡镇\n（街道）",
        "township_code",
        "TOWNSHIP_CODE",
        "所属乡镇",
        "乡镇（街道）（必填）",
    ):
        assert column_named("cases", header) == "township_code"
    assert column_named("cases", "联系电话") is None
    assert header_of("cases", "due_on") == "办理期限（due_on）"
    assert header_of("cases", "remark") == "remark"
    for name in ("cases", "案件台账", "案件台账2020年8月", "案件台账（8月）", "cases_2020-08", "Cases (1)"):
        assert table_named(name) == "cases"
    for name in ("task_progress_更正", "任务进度（天马街道）", "任务进度 [8月]"):
        assert table_named(name) == "task_progress"
    assert table_named("kpi_values") == "kpi_values"
    assert table_named("台账") is None
    assert table_named("案件台账汇总") is None
    assert codes_by_word("cases", "category") == {}
