"""Correcting without fear: dry runs, skipped rows kept aside, deletions, warnings, reports, a load that is killed."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from database import tables
from database.__main__ import main
from database.checks.derived import findings as derived_findings
from database.load import Loaded, load
from database.loading.changes import Counts
from database.loading.files import Given, Upload
from database.loading.findings import Refused
from database.loading.rejects import write_report
from database.writing import writer
from tests.conftest import COUNTY, TOWNSHIPS
from tests.database.loading_files import CASE, CASES_HEAD, ONE_STREAM, csv, workbook

FIRST, SECOND, THIRD = TOWNSHIPS
TODAY = date(2020, 9, 2)
HEAD = "township_code,case_no,episode,stream,opened_on,closed_on"
Give = Callable[..., Loaded]


@pytest.fixture
def give(connection: Connection, county: str) -> Give:
    """Load files into a county of three townships."""

    def take(*files: Given, **options: Any) -> Loaded:
        return load(connection, files, today=TODAY, **options)

    return take


def held(connection: Connection, table: str, *columns: str) -> list[tuple[Any, ...]]:
    found = tables.METADATA.tables[table]
    wanted = sa.select(*(found.c[name] for name in columns)).order_by(*found.primary_key)
    return [tuple(row) for row in connection.execute(wanted)]


def cases(*rows: str) -> Upload:
    return csv("cases", "\n".join([HEAD, *rows]) + "\n")


ONE, TWO = f"{FIRST},甲,1,event,2020-06-12,2020-07-01", f"{FIRST},甲,2,event,2020-08-03,"
OTHER = f"{SECOND},乙,1,event,2020-06-12,"


def test_a_dry_run_says_what_would_be_added_changed_and_left_alone(give: Give, connection: Connection) -> None:
    give(cases(ONE, TWO, OTHER))
    later = cases(ONE, TWO.replace("2020-08-03", "2020-08-04"), f"{THIRD},丙,1,event,2020-08-05,")
    tried = give(later, deletions=[csv("cases", f"township_code,case_no,episode\n{SECOND},乙,1\n")], is_dry_run=True)
    assert tried.counts == {"cases": Counts(added=1, changed=1, unchanged=1, deleted=1)}
    assert (tried.release, tried.rows) == (None, {"cases": 3})
    assert held(connection, "data_releases", "id") == [(1,)]
    assert held(connection, "cases", "case_no", "episode") == [("甲", 1), ("甲", 2), ("乙", 1)]


def test_a_moved_case_counts_as_changed_and_is_told(give: Give) -> None:
    give(cases(ONE, TWO))
    moved = give(cases(TWO.replace(FIRST, SECOND)))
    assert moved.counts == {"cases": Counts(added=0, changed=2, unchanged=0, deleted=0)}
    assert [(f.row, f.column, f.reason) for f in moved.warnings if f.column == "township_code"] == [
        (2, "township_code", "案件由原乡镇（街道）转到这里，各次办理一并转来，请核对")
    ]


def test_skipped_rows_are_kept_aside_and_counted_and_the_others_come_in(give: Give, connection: Connection) -> None:
    file = cases(
        ONE, "999,丁,1,event,2020-06-12,", OTHER, TWO.replace("甲,2", "甲,3"), f"{THIRD},丙,x,event,2020-06-12,"
    )
    with pytest.raises(Refused):
        give(file)
    loaded = give(file, is_skipping=True)
    assert held(connection, "cases", "case_no", "episode") == [("甲", 1), ("乙", 1)]
    assert loaded.rejects is not None
    assert [(f.row, f.reason) for f in loaded.rejects.findings] == [
        (3, "没有这个乡镇（街道）"),
        (5, "办理次数应从1起连续编号"),
        (6, "不是整数"),
    ]
    assert held(connection, "data_releases", "rows", "note") == [
        ({"cases": 2, "cases.skipped": 3}, "新增案件台账2行；跳过案件台账3行")
    ]
    assert derived_findings(connection) == []


def test_a_row_that_leans_on_a_skipped_one_is_skipped_too(give: Give, connection: Connection) -> None:
    loaded = give(
        cases(ONE.replace("2020-07-01", "2020-06-01"), TWO, "新乡,戊,1,event,2020-06-12,", OTHER),
        csv("regions", f"code,parent_code,level,name,population\n新乡,{COUNTY},township,新乡,很多\n"),
        is_skipping=True,
    )
    assert held(connection, "cases", "case_no") == [("乙",)]
    assert loaded.rejects is not None
    assert loaded.rejects.counts == {"cases": 3, "regions": 1}


def test_what_concerns_a_whole_file_is_refused_even_when_skipping(give: Give, connection: Connection) -> None:
    with pytest.raises(Refused):
        give(cases(ONE), csv("departments", "code,phone\nD1,1\n"), is_skipping=True)
    assert held(connection, "cases", "case_no") == []


def test_kept_rows_are_marked_and_load_once_they_are_put_right(give: Give, connection: Connection) -> None:
    rows = [
        (*CASES_HEAD, "问题类别"),
        (*CASE, "征地"),
        ("无名镇", "甲2", 1, "=cmd()", date(2020, 6, 12), "电话13857001234"),
    ]
    buffer = BytesIO()
    rejects = give(workbook({"案件台账": rows}), is_skipping=True).rejects
    assert rejects is not None
    rejects.write(buffer)
    book = openpyxl.load_workbook(buffer)
    assert [[cell.value for cell in row][:6] for row in book["问题清单"].iter_rows(min_row=2)] == [
        ["八月.xlsx", "案件台账", 3, "问题类别（category）", "（不显示）", "疑似手机号码，涉及个人信息，不得导入"],
        ["八月.xlsx", "案件台账", 3, "业务类型（stream）", "=cmd()",
         ONE_STREAM],
        ["八月.xlsx", "案件台账", 3, "乡镇（街道）（township_code）", "无名镇", "没有这个乡镇（街道）"],
    ]  # fmt: skip
    page = book["案件台账"]
    assert [cell.value for cell in page[2]][:6] == ["无名镇", "甲2", "1", "=cmd()", "2020-06-12", "（不显示）"]
    assert [cell.data_type for cell in page[2]][3] == "s"
    marked = [cell.column for cell in page[2] if cell.fill.fgColor.rgb == "FFFFC7CE"]
    assert marked == [1, 4, 6]
    page["A2"], page["D2"], page["F2"] = "白石镇", "信访积案", "征地"
    again = BytesIO()
    book.save(again)
    assert give(Upload("改好.xlsx", again.getvalue())).rows == {"cases": 1}
    assert held(connection, "cases", "township_code", "case_no") == [(FIRST, "甲1"), (SECOND, "甲2")]


def test_episodes_of_a_case_need_not_stand_together_in_a_file(give: Give, connection: Connection) -> None:
    give(cases(TWO, OTHER, ONE, f"{FIRST},丙,1,event,2020-06-12,"))  # into an empty database
    assert held(connection, "cases", "case_no", "episode") == [("丙", 1), ("甲", 1), ("甲", 2), ("乙", 1)]


def test_rows_are_deleted_by_key_with_what_hangs_on_them(give: Give, connection: Connection) -> None:
    give(
        cases(ONE, TWO, OTHER),
        csv("departments", "code,name\nD1,甲局\nD2,乙局\n"),
        csv("case_departments", f"township_code,case_no,episode,department_code\n{FIRST},甲,2,D1\n{SECOND},乙,1,D1\n"),
    )
    gone = [
        csv("案件台账", "乡镇（街道）,案件编号,办理次数,登记日期\n天马街道,甲,2,\n"),
        csv("departments", "code\nD2\n"),
    ]
    done = give(deletions=gone)
    assert done.rows == {"cases": 1, "departments": 1, "case_departments": 1}
    assert held(connection, "cases", "case_no", "episode") == [("甲", 1), ("乙", 1)]
    assert held(connection, "case_departments", "case_no") == [("乙",)]
    assert held(connection, "departments", "code") == [("D1",)]
    assert held(connection, "data_releases", "rows", "note")[-1] == (
        {"case_departments": 1, "cases": 1, "departments": 1,
         "case_departments.deleted": 1, "cases.deleted": 1, "departments.deleted": 1},
        "删除案件台账1行、部门1行、案件涉及部门1行",
    )  # fmt: skip
    assert derived_findings(connection) == []
    again = give(deletions=gone)
    assert (again.release, [f.reason for f in again.warnings]) == (None, ["库中没有这一行，无须删除"] * 2)


def test_what_others_refer_to_or_build_upon_is_not_deleted(give: Give, connection: Connection) -> None:
    give(
        cases(ONE, TWO),
        csv("departments", "code,name\nD1,甲局\n"),
        csv("work_groups", "code,lead_department_code\nG1,D1\n"),
    )
    for name, text, reason in (
        ("departments", "code\nD1\n", "专项工作组还有1行用到它，不能删除"),
        ("regions", f"code\n{FIRST}\n", "案件台账还有2行用到它，不能删除"),
        ("cases", f"township_code,case_no,episode\n{FIRST},甲,1\n", "办理次数应从1起连续编号"),
    ):
        with pytest.raises(Refused) as caught:
            give(deletions=[csv(name, text)])
        assert [(f.row, f.reason) for f in caught.value.findings] == [(2, reason)]
    with pytest.raises(Refused, match="有1处问题"):
        give(cases(ONE), deletions=[csv("cases", f"township_code,case_no,episode\n{FIRST},甲,1\n")])
    assert len(held(connection, "data_releases", "id")) == 1


def test_a_township_without_cases_can_be_deleted_and_its_figures_go(
    give: Give, connection: Connection, add: Callable[..., None]
) -> None:
    add("kpis", {"code": "K", "computed_from": "villages_without_backlog", "kind": "proportion", "unit": "%"})
    add("regions", {"code": "村", "parent_code": SECOND, "level": "village", "name": "村"})
    give(cases(ONE))
    assert (SECOND,) in held(connection, "kpi_values", "region_code")
    give(deletions=[csv("regions", f"code\n村\n{SECOND}\n")])
    assert (SECOND,) not in held(connection, "kpi_values", "region_code")
    assert derived_findings(connection) == []


def test_progress_that_falls_is_told_and_taken(give: Give, add: Callable[..., None], connection: Connection) -> None:
    add("tasks", {"code": "T"})
    head = "region_code,task_code,month,actual_pct\n"
    give(csv("task_progress", f"{head}{FIRST},T,2020-06-01,60\n{FIRST},T,2020-08-01,80\n{SECOND},T,2020-06-01,90\n"))
    told = give(csv("task_progress", f"{head}{FIRST},T,2020-07-01,50\n{SECOND},T,2020-07-01,90\n")).warnings
    assert [(f.row, f.column, f.value, f.reason) for f in told] == [(2, "actual_pct", "50", "累计进度低于上月，请核对")]
    told = give(csv("task_progress", f"{head}{FIRST},T,2020-07-01,85\n")).warnings  # the month after is now below
    assert [(f.row, f.severity) for f in told] == [(2, "warning")]
    assert len(held(connection, "task_progress", "month")) == 5


def test_cases_without_a_village_are_told_one_by_one_or_as_one(give: Give) -> None:
    few = give(cases(ONE, f"{COUNTY},县,1,event,2020-06-12,")).warnings
    assert [(f.row, f.column, f.count) for f in few] == [(2, "village_code", 1)]
    many = give(cases(*(f"{FIRST},多{number},1,event,2020-06-12," for number in range(21)))).warnings
    assert [(f.row, f.count, f.reason) for f in many] == [(2, 21, "没有填写村（社区）")]


def test_a_release_may_be_told_apart_from_the_names_of_files(give: Give, connection: Connection) -> None:
    give(cases(ONE), source="网页导入")
    give(cases(TWO.replace("甲", "庚").replace(",2,", ",1,")))
    assert held(connection, "data_releases", "source") == [("网页导入",), ("cases.csv",)]


@pytest.fixture
def county_url(engine: Engine, url: str) -> str:
    with writer(engine) as connection:
        regions = tables.regions.insert()
        connection.execute(regions.values(code=COUNTY, level="county", name="常山县"))
        for code in TOWNSHIPS:
            connection.execute(regions.values(code=code, parent_code=COUNTY, level="township", name=f"镇{code}"))
    return url


def test_the_command_leaves_the_workbooks_it_was_asked_for(
    county_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "cases.csv"
    file.write_bytes(cases(ONE, "999,丁,1,event,2020-06-12,").content)
    report, kept = tmp_path / "问题.xlsx", tmp_path / "留下.xlsx"
    assert main(["load", "--url", county_url, str(file), "--report", str(report)]) == 1
    assert openpyxl.load_workbook(report)["案件台账"]["A2"].value == "999"
    assert (
        main(["load", "--url", county_url, str(file), "--skip-bad", "--quarantine", str(tmp_path / "无" / "x.xlsx")])
        == 2
    )
    assert "未导入任何数据" in capsys.readouterr().err
    assert main(["load", "--url", county_url, str(file), "--skip-bad", "--dry-run"]) == 0
    assert "将跳过案件台账1行" in capsys.readouterr().err
    assert not list(tmp_path.glob("未导入的行_*.xlsx"))
    assert main(["load", "--url", county_url, str(file), "--skip-bad", "--quarantine", str(kept)]) == 0
    assert "跳过案件台账1行，存于" in capsys.readouterr().err
    assert openpyxl.load_workbook(kept)["案件台账"]["A2"].value == "999"
    assert main(["load", "--url", county_url, str(file), "--skip-bad"]) == 0
    assert "跳过案件台账1行，存于" in capsys.readouterr().err, "what is left out is said though nothing else changed"
    assert len(list(tmp_path.glob("未导入的行_*.xlsx"))) == 1
    assert main(["load", "--url", county_url, "--delete", str(file)]) == 0
    said = capsys.readouterr().out
    assert "已删除案件台账1行" in said
    assert "已导入" not in said
    assert main(["template", str(tmp_path / "模板.xlsx"), "--url", county_url]) == 0
    assert openpyxl.load_workbook(tmp_path / "模板.xlsx").sheetnames[0] == "填表说明"


LOAD_SLOWLY = """
import sys
from database import refresh as module
from database import load as loading
from database.__main__ import main
import signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background inherits that it is ignored
def slow(*arguments, **options):
    print("written", flush=True)
    time.sleep(60)
loading.refresh = slow
sys.exit(main(["load", "--url", sys.argv[1], sys.argv[2]]))
"""


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_a_load_that_is_killed_leaves_the_database_as_it_was(
    county_url: str, engine: Engine, tmp_path: Path, sign: signal.Signals
) -> None:
    file = tmp_path / "cases.csv"
    file.write_bytes(cases(ONE).content)
    assert main(["load", "--url", county_url, str(file)]) == 0
    file.write_bytes(cases(ONE.replace("2020-07-01", "2020-07-02"), OTHER).content)
    process = subprocess.Popen(
        [sys.executable, "-c", LOAD_SLOWLY, county_url, str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"  # rows are written, derived figures are not, nothing is committed
    process.send_signal(sign)
    _, told = process.communicate(timeout=30)
    if sign == signal.SIGINT:
        assert (process.returncode, told.splitlines()[-1]) == (1, "已停止，数据库保持原样")
    with engine.connect() as connection:
        assert held(connection, "cases", "case_no", "closed_on") == [("甲", date(2020, 7, 1))]
        assert held(connection, "data_releases", "id") == [(1,)]
        assert derived_findings(connection) == []
    for _ in range(50):  # a server notices a lost client within a moment
        if main(["load", "--url", county_url, str(file)]) == 0:
            break
        time.sleep(0.1)
    with engine.connect() as connection:
        assert held(connection, "cases", "case_no", "closed_on") == [("甲", date(2020, 7, 2)), ("乙", None)]


def test_a_report_lists_what_concerns_no_row(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        load(None, [csv("cases", "township_code,手机\n1,13857001234\n")], today=TODAY)  # type: ignore[arg-type]
    write_report(tmp_path / "x.xlsx", caught.value.findings, caught.value.rows)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["问题清单"]
    assert "13857001234" not in "".join(str(cell.value) for row in book["问题清单"].iter_rows() for cell in row)
