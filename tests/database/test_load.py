"""Loading files: what is taken, what is refused and where it says so, and that figures follow."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from database import tables
from database.checks.derived import findings as derived_findings
from database.load import Loaded, load
from database.loading.findings import Refused
from tests.conftest import COUNTY, TOWNSHIPS
from tests.database.loading_files import ONE_STREAM

FIRST, SECOND, THIRD = TOWNSHIPS
TODAY = date(2020, 9, 2)
DEPARTMENT_HEAD = "township_code,case_no,episode,department_code"
HEAD = "township_code,case_no,episode,stream,opened_on,due_on,closed_on,closing_method"


@pytest.fixture
def give(connection: Connection, county: str, add: Callable[..., None], tmp_path: Path) -> Callable[..., Loaded]:
    """Load CSV text: give(cases="header\\nrow"); two departments, two villages and a campaign are known."""
    add("departments", {"code": "D04"}, {"code": "D05"})
    add("regions", {"code": "村1", "parent_code": FIRST, "level": "village", "name": "一村"},
        {"code": "村2", "parent_code": SECOND, "level": "village", "name": "二村"})  # fmt: skip
    add("campaigns", {"code": "BRGJ"})

    def take(*, as_of: date | None = None, is_dry_run: bool = False, **files: str) -> Loaded:
        paths = []
        for table, text in files.items():
            paths.append(tmp_path / f"{table}.csv")
            paths[-1].write_text(text, encoding="utf-8")
        return load(connection, paths, as_of=as_of, today=TODAY, is_dry_run=is_dry_run)

    return take


@pytest.fixture
def refused(give: Callable[..., Loaded], connection: Connection) -> Callable[..., list[tuple[int, str, str]]]:
    """Load what must be refused; return row, column and reason of each finding; nothing may have changed."""

    def take(**files: str) -> list[tuple[int, str, str]]:
        with pytest.raises(Refused) as caught:
            give(**files)
        assert rows(connection, "data_releases") == []
        return [(finding.row, finding.column, finding.reason) for finding in caught.value.findings]

    return take


def rows(connection: Connection, table: str, *columns: str) -> list[tuple[Any, ...]]:
    found = tables.METADATA.tables[table]
    wanted = [found.columns[name] for name in columns] or [found]
    return [tuple(row) for row in connection.execute(sa.select(*wanted).order_by(*found.primary_key))]


def state(connection: Connection, region: str, day: date, stream: str = "petition_backlog") -> tuple[int, int] | None:
    s = tables.backlog_states.c
    where = (s.region_code == region, s.stream == stream, s.platform == "", s.day == day)
    row = connection.execute(sa.select(s.opened_to_date, s.open).where(*where)).one_or_none()
    return None if row is None else (row[0], row[1])


def test_cases_come_in_with_their_release_and_their_figures(
    give: Callable[..., Loaded], connection: Connection
) -> None:
    loaded = give(cases=f"{HEAD}\n{FIRST},甲,1,petition_backlog,2020-06-12,,2020-07-01,调解协议\n"
                        f"{FIRST},甲,2,petition_backlog,2020/8/3,2020-08-20,,\n"
                        f"{SECOND},乙,1,petition_backlog,2020-08-31,,,\n")  # fmt: skip
    assert loaded == Loaded(date(2020, 8, 31), 1, {"cases": 3})
    assert rows(connection, "cases", "case_no", "episode", "opened_on", "first_opened_on", "due_is_default") == [
        ("甲", 1, date(2020, 6, 12), date(2020, 6, 12), False),
        ("甲", 2, date(2020, 8, 3), date(2020, 6, 12), False),
        ("乙", 1, date(2020, 8, 31), date(2020, 8, 31), False),
    ]
    assert state(connection, FIRST, date(2020, 7, 31)) == (1, 0)
    assert state(connection, COUNTY, date(2020, 8, 31)) == (2, 2)
    assert rows(connection, "data_releases", "id", "as_of", "source", "rows") == [
        (1, date(2020, 8, 31), "cases.csv", {"cases": 3})
    ]


def test_the_same_files_twice_change_nothing(give: Callable[..., Loaded], connection: Connection) -> None:
    files = {
        "cases": f"{HEAD}\n{FIRST},甲,1,petition_backlog,2020-06-12,,,\n",
        "case_departments": f"township_code,case_no,episode,department_code\n{FIRST},甲,1,D04\n",
        "task_progress": f"region_code,task_code,month,planned_pct\n{FIRST},T,2020-08-01,40.5\n",
        "tasks": "code,number,weight\nT,1,2.5\n",
    }
    assert give(**files).release == 1
    assert give(**files) == Loaded(date(2020, 6, 12), None, {})
    assert len(rows(connection, "data_releases")) == 1
    files["task_progress"] = files["task_progress"].replace("40.5", "41.5")
    assert give(**files).rows == {"task_progress": 1}


def test_a_file_replaces_the_columns_it_has_and_keeps_the_others(
    give: Callable[..., Loaded], connection: Connection
) -> None:
    give(cases=f"{HEAD},village_code\n{FIRST},甲,1,petition_backlog,2020-06-12,2020-07-12,,,村1\n")
    give(cases=f"township_code,case_no,episode,stream,opened_on,closed_on,closing_method,due_on\n"
               f"{FIRST},甲,1,petition_backlog,2020-06-12,2020-08-03,调解协议,\n")  # fmt: skip
    assert rows(connection, "cases", "village_code", "due_on", "closed_on") == [("村1", None, date(2020, 8, 3))]
    assert state(connection, FIRST, date(2020, 8, 2)) == (1, 1)
    assert state(connection, FIRST, date(2020, 8, 3)) == (1, 0)
    assert derived_findings(connection) == []


def test_a_case_that_moves_takes_its_episodes_and_departments_along(
    give: Callable[..., Loaded], connection: Connection
) -> None:
    give(cases=f"{HEAD}\n{FIRST},甲,1,petition_backlog,2020-06-12,,2020-07-01,调解协议\n"
               f"{FIRST},甲,2,petition_backlog,2020-08-03,,,\n{FIRST},乙,1,petition_backlog,2020-06-12,,,\n",
         case_departments=f"{DEPARTMENT_HEAD}\n{FIRST},甲,1,D04\n{FIRST},乙,1,D04\n")  # fmt: skip
    moved = give(cases=f"{HEAD}\n{SECOND},甲,2,petition_backlog,2020-08-03,,,\n")
    assert moved.rows == {"cases": 2}
    assert rows(connection, "cases", "township_code", "case_no", "episode") == [
        (FIRST, "乙", 1), (SECOND, "甲", 1), (SECOND, "甲", 2)]  # fmt: skip
    assert rows(connection, "case_departments") == [(FIRST, "乙", 1, "D04"), (SECOND, "甲", 1, "D04")]
    assert state(connection, FIRST, date(2020, 6, 30)) == (1, 1)
    assert state(connection, SECOND, date(2020, 7, 31)) == (1, 0)
    assert derived_findings(connection) == []


def test_a_new_first_day_is_known_to_the_later_episodes(give: Callable[..., Loaded], connection: Connection) -> None:
    give(cases=f"{HEAD}\n{FIRST},甲,1,petition_backlog,2020-06-12,,2020-07-01,调解协议\n"
               f"{FIRST},甲,2,petition_backlog,2020-08-03,,,\n")  # fmt: skip
    give(cases=f"{HEAD}\n{FIRST},甲,1,petition_backlog,2020-05-04,,2020-07-01,调解协议\n", as_of=date(2020, 8, 31))
    assert [row[0] for row in rows(connection, "cases", "first_opened_on")] == [date(2020, 5, 4)] * 2
    assert derived_findings(connection) == []


def test_a_repeat_elsewhere_changes_the_figure_of_the_case_it_repeats(
    give: Callable[..., Loaded], connection: Connection
) -> None:
    give(kpis="code,unit,kind,computed_from\nK07,%,proportion,petitions_settled_at_once\n",
         cases=f"{HEAD}\n{FIRST},甲,1,petition,2020-03-01,,2020-03-10,\n", as_of=date(2020, 7, 31))  # fmt: skip
    assert rows(connection, "kpi_values", "month", "numerator") == [(date(2020, 6, 1), 1)]
    give(cases=f"{HEAD},repeat_of\n{SECOND},乙,1,petition,2020-06-01,,,,甲\n", as_of=date(2020, 7, 31))
    assert rows(connection, "kpi_values", "month", "numerator") == [(date(2020, 6, 1), 0)]


def test_a_dry_run_counts_and_leaves_everything(give: Callable[..., Loaded], connection: Connection) -> None:
    text = f"{HEAD}\n{FIRST},甲,1,petition_backlog,2020-06-12,,,\n"
    assert give(cases=text, is_dry_run=True) == Loaded(date(2020, 6, 12), None, {"cases": 1})
    assert (rows(connection, "cases"), rows(connection, "data_releases")) == ([], [])


def test_the_as_of_day_is_the_newest_in_the_files_but_never_later_than_today(give: Callable[..., Loaded]) -> None:
    assert give(departments="code,name\nD09,县公安局\n").as_of == TODAY
    assert give(cases=f"{HEAD}\n{FIRST},甲,1,petition,2020-06-12,2020-12-31,2020-07-01,\n").as_of == date(2020, 7, 1)
    with pytest.raises(Refused, match="有1处问题"):
        give(cases=f"{HEAD}\n{FIRST},乙,1,petition,2020-09-03,,,\n")


def test_text_in_gb18030_and_with_a_byte_order_mark_is_read(connection: Connection, tmp_path: Path) -> None:
    for encoding, code in (("gb18030", "D1"), ("utf-8-sig", "D2")):
        path = tmp_path / "departments.csv"
        path.write_text(f"code,name\n{code},县信访局\n", encoding=encoding)
        load(connection, [path], today=TODAY)
    assert rows(connection, "departments", "code", "name") == [("D1", "县信访局"), ("D2", "县信访局")]


CASE = f"{FIRST},甲,1,petition_backlog,2020-06-12,,,"
WRONG_CASES = [
    (f"{HEAD},petitioner_name\n{CASE},王\n", (1, "petitioner_name", "涉及个人信息的列不得导入")),
    (f"{HEAD},remark\n{CASE},x\n", (1, "remark", "“案件台账”没有这一列")),
    ("township_code,case_no,episode,stream\n", (1, "opened_on", "缺少必填的列")),
    (f"{HEAD}\n{CASE}\n,,1,petition,2020-06-12,,,\n", (3, "case_no", "必填，不能为空")),
    (f"{HEAD}\n{FIRST},甲,1,petition,六月,,,\n", (2, "opened_on", "不是日期，应写成 2020-08-31")),
    (f"{HEAD}\n{FIRST},甲,1,petition,2020-02-30,,,\n", (2, "opened_on", "不是日期，应写成 2020-08-31")),
    (f"{HEAD}\n{FIRST},甲,1.5,petition,2020-06-12,,,\n", (2, "episode", "不是整数")),
    (f"{HEAD}\n{FIRST},{'甲' * 65},1,petition,2020-06-12,,,\n", (2, "case_no", "超过64个字")),
    (f"{HEAD}\n{CASE}\n{CASE}\n", (3, "township_code", "与前面的行重复（乡镇（街道）、案件编号、办理次数相同）")),
    (f"{HEAD}\n{FIRST},甲,1,gossip,2020-06-12,,,\n",
     (2, "stream", ONE_STREAM)),
    (f"{HEAD}\n999,甲,1,petition,2020-06-12,,,\n", (2, "township_code", "没有这个乡镇（街道）")),
    (f"{HEAD}\n村1,甲,1,petition,2020-06-12,,,\n", (2, "township_code", "这是村（社区）的代码，应填所在乡镇（街道）")),
    (f"{HEAD},village_code\n{CASE},村2\n", (2, "village_code", "不是该乡镇（街道）的村（社区）")),
    (f"{HEAD},village_code\n{CASE},村8\n", (2, "village_code", "没有这个村（社区）")),
    (f"{HEAD},campaign_code\n{CASE},X\n", (2, "campaign_code", "没有这个专项行动")),
    (f"{HEAD},lead_department_code\n{CASE},D99\n", (2, "lead_department_code", "没有这个部门")),
    (f"{HEAD},repeat_of\n{CASE},丙\n", (2, "repeat_of", "没有这个案件编号")),
    (f"{HEAD},repeat_of\n{CASE},甲\n", (2, "repeat_of", "案件不能重复自己")),
    (f"{HEAD}\n{FIRST},甲,1,petition,2020-06-12,,2020-06-11,\n", (2, "closed_on", "办结早于登记")),
    (f"{HEAD}\n{FIRST},甲,1,petition,2020-06-12,2020-06-11,,\n", (2, "due_on", "办理期限早于登记")),
    (f"{HEAD}\n{FIRST},甲,1,petition,2020-09-03,,,\n", (2, "opened_on", "晚于数据截至日2020-09-02")),
    (f"{HEAD}\n{FIRST},甲,2,petition,2020-06-12,,,\n", (2, "episode", "办理次数应从1起连续编号")),
    (f"{HEAD}\n{CASE}\n{FIRST},甲,2,petition_backlog,2020-07-12,,,\n",
     (3, "opened_on", "上一次尚未办结，不能再次登记")),
    (f"{HEAD}\n{FIRST},甲,1,petition,2020-06-12,,2020-07-01,\n{FIRST},甲,2,petition,2020-06-30,,,\n",
     (3, "opened_on", "上一次尚未办结，不能再次登记")),
    (f"{HEAD}\n{FIRST},甲,1,petition,2020-06-12,,2020-07-01,\n{FIRST},甲,2,dispute,2020-07-02,,,\n",
     (3, "stream", "同一案件各次的业务类型应相同")),
    (f"{HEAD}\n{CASE}\n{SECOND},甲,1,petition_backlog,2020-06-12,,,\n", (3, "case_no", "同一案件编号在本县出现了两次")),
    (f"{HEAD}\n{FIRST},甲,1,petition_backlog,2020-06-12,,2020-07-01,\n",
     (2, "closing_method", "已化解的积案要写明化解方式")),
    (f"{HEAD}\n{FIRST},甲,1,petition_backlog,2020-06-12,,2020-07-01,程序性办结\n",
     (2, "closing_method", "信访积案不能程序性办结")),
    (f"{HEAD}\n{FIRST},甲,1,petition,2020-06-12,,,调解协议\n", (2, "closing_method", "尚未办结，不应有办结方式")),
    (f"{HEAD},satisfaction\n{CASE},4\n", (2, "satisfaction", "应在1到3之间")),
    (f"{HEAD},is_repeat\n{CASE},也许\n", (2, "is_repeat", "只能是 是、否（或 1、0）")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "finding"), WRONG_CASES, ids=lambda value: value[2] if isinstance(value, tuple) else ""
)
def test_wrong_cases_are_refused_by_row_and_column(
    refused: Callable[..., list[tuple[int, str, str]]], text: str, finding: tuple[int, str, str]
) -> None:
    assert finding in refused(cases=text)


WRONG_TABLES = [
    ("backlog_states", "region_code\n", (0, "", "这张表由系统计算，不得导入")),
    ("kpi_scores", "region_code\n", (0, "", "这张表由系统计算，不得导入")),
    ("departments", "", (0, "", "文件是空的（0字节）")),
    ("departments", "\n", (0, "", "文件是空的，连表头也没有")),
    ("departments", "code,name\nD1,a,b,c\n", (0, "", "文件读不出来，各行的列数与表头不一致或格式有误")),
    ("task_progress", f"region_code,task_code,month,actual_pct\n{FIRST},T,2020-08-01,101\n",
     (2, "actual_pct", "应在0到100之间")),
    ("task_progress", f"region_code,task_code,month\n{FIRST},T,2020-08-02\n", (2, "month", "应是当月第一天")),
    ("task_progress", f"region_code,task_code,month,reported_on\n{FIRST},T,2020-08-01,2020-12-01\n",
     (2, "reported_on", "晚于数据截至日2020-09-02")),
    ("task_progress", f"region_code,task_code,month\n{FIRST},T9,2020-08-01\n", (2, "task_code", "没有这项任务")),
    ("kpi_values", f"region_code,kpi_code,month,value\n{FIRST},K01,2020-08-01,1\n",
     (2, "kpi_code", "这项指标由系统计算，不得导入")),
    ("kpi_values", f"region_code,kpi_code,month,numerator,denominator\n{FIRST},K18,2020-08-01,1,0\n",
     (2, "denominator", "分母为0而分子不为0")),
    ("regions", f"code,parent_code,level,name\nX,{COUNTY},township,白石镇\n",
     (2, "name", "同一上级区域下已有这个名称")),
    ("regions", f"code,parent_code,level,name\nX,{FIRST},township,新镇\n",
     (2, "parent_code", "上级区域的层级应高于本区域")),
    ("schemes", "code,valid_from,valid_to\nA,2020-01-01,\nB,2020-06-01,2020-12-31\n",
     (2, "valid_from", "与另一方案的有效期重叠")),
    ("case_departments", f"township_code,case_no,episode,department_code\n{FIRST},甲,1,D04\n",
     (2, "case_no", "该乡镇（街道）没有这一次办理的案件")),
]  # fmt: skip


@pytest.mark.parametrize(("table", "text", "finding"), WRONG_TABLES)
def test_wrong_rows_of_other_tables_are_refused(
    refused: Callable[..., list[tuple[int, str, str]]], add: Callable[..., None],
    table: str, text: str, finding: tuple[int, str, str],
) -> None:  # fmt: skip
    add("tasks", {"code": "T"})
    add("kpis", {"code": "K01", "computed_from": "backlog_resolution_rate"}, {"code": "K18"})
    assert finding in refused(**{table: text})


def test_one_wrong_row_in_one_file_keeps_every_file_out(
    refused: Callable[..., list[tuple[int, str, str]]], connection: Connection
) -> None:
    found = refused(departments="code,name\nD77,新部门\n", cases=f"{HEAD}\n{CASE}\n999,乙,1,petition,2020-06-12,,,\n")
    assert found == [(3, "township_code", "没有这个乡镇（街道）")]
    assert (rows(connection, "cases"), ("D77",) in rows(connection, "departments", "code")) == ([], False)


def test_files_may_refer_to_each_other(give: Callable[..., Loaded], connection: Connection) -> None:
    files = {
        "case_departments": "township_code,case_no,episode,department_code\n新乡,甲,1,D77\n",
        "cases": f"{HEAD}\n新乡,甲,1,petition_backlog,2020-06-12,,,\n",
        "regions": f"code,parent_code,level,name\n新乡,{COUNTY},township,新乡\n",
        "departments": "code,name\nD77,新部门\n",
    }
    assert give(**files).release == 1
    assert state(connection, COUNTY, date(2020, 6, 12)) == (1, 1)


def test_a_file_that_is_no_table_or_not_there_is_refused(connection: Connection, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("a\n1\n")
    (tmp_path / "cases.txt").write_text("a\n1\n")
    with pytest.raises(Refused) as caught:
        load(connection, [tmp_path / "people.csv", tmp_path / "cases.txt", tmp_path / "tasks.csv"], today=TODAY)
    assert [finding.file for finding in caught.value.findings] == ["cases.txt", "people.csv", "tasks.csv"]
    assert str(caught.value.findings[2]) == "tasks.csv：找不到文件"
