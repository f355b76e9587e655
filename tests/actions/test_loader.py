"""The loader behind the import page: rights, sizes, neutral names, nothing kept, every step in the audit trail."""

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

import auth
from actions import loader
from actions.loader import Outcome, Upload, check_files, fingerprint, load_files, loader_url, template, uploads
from analysis.scope import Role, Viewer
from database.contract import upgrade
from database.engine import writing_engine
from database.tables import cases, data_releases, regions
from database.writing import writer
from errors import DashboardError, Refused, SignedOut
from settings import get_settings
from state.audit import newest_acts

HEADER = "township_code,case_no,episode,stream,opened_on\n"
TWO = Upload("cases.csv", f"{HEADER}T1,甲1,1,event,2020-08-03\nT1,甲2,1,event,2020-08-04\n".encode())
WRONG = Upload("cases.csv", f"{HEADER}T9,甲1,1,event,2020-08-03\n".encode())


@pytest.fixture
def database(tmp_path: Path, own_state: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """A database of one township that LOADER_URL names."""
    url = f"sqlite:///{tmp_path}/county.db"
    upgrade(url)
    engine = writing_engine(url)
    with writer(engine) as connection:
        connection.execute(regions.insert(), [
            {"code": "C", "parent_code": None, "level": "county", "name": "县"},
            {"code": "T1", "parent_code": "C", "level": "township", "name": "镇"},
        ])  # fmt: skip
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("LOADER_URL", url)
    get_settings.cache_clear()
    look_as(monkeypatch, "office")
    yield engine
    engine.dispose()


def look_as(monkeypatch: pytest.MonkeyPatch, role: Role | None) -> None:
    viewer = None if role is None else Viewer(f"某{role}", "某人", role, "h", township_code="T1", department_code="D")
    monkeypatch.setattr(auth, "current_viewer", lambda: viewer)


def case_numbers(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(sa.select(cases.c.case_no).order_by(cases.c.case_no)))


def acts() -> list[tuple[str | None, str, str]]:
    with auth.state().connect() as connection:
        return [(act.account, act.action, act.subject) for act in reversed(newest_acts(connection))]


def test_a_check_writes_nothing_and_a_load_writes_what_was_checked(database: Engine) -> None:
    checked = check_files([TWO])
    assert checked.is_ready
    assert not checked.is_written
    assert "截至2020年8月4日" in checked.said
    assert case_numbers(database) == []
    written = load_files([TWO])
    assert written.is_written
    assert "第1批" in written.said
    assert case_numbers(database) == ["甲1", "甲2"]
    again = load_files([TWO])
    assert not again.is_written
    assert "没有变化" in again.said


def test_the_as_of_day_given_is_that_of_the_release(database: Engine) -> None:
    load_files([TWO], date(2020, 8, 31))
    with database.connect() as connection:
        assert connection.scalar(sa.select(data_releases.c.as_of)) == date(2020, 8, 31)


def test_what_is_wrong_is_told_under_the_users_name_of_the_file_and_nothing_is_written(database: Engine) -> None:
    outcome = load_files([WRONG])
    assert not outcome.is_ready
    assert not outcome.is_written
    (problem,) = outcome.problems.to_dict("records")
    assert (problem["file"], problem["row"]) == ("cases.csv", 2)
    assert "没有这个乡镇" in problem["reason"]
    assert problem["severity"] == "错误"
    assert problem["value"] == "T9"
    assert outcome.report is not None
    assert openpyxl.load_workbook(BytesIO(outcome.report)).sheetnames[0] == "问题清单"
    assert case_numbers(database) == []


def test_every_step_is_in_the_audit_trail_without_the_files_names(database: Engine) -> None:
    check_files([TWO])
    check_files([WRONG])
    load_files([TWO])
    said = acts()
    assert [(account, action) for account, action, _ in said] == [
        ("某office", "import_checked"), ("某office", "import_refused"), ("某office", "import_written"),
    ]  # fmt: skip
    assert all("cases" not in subject and "1个文件" in subject for _, _, subject in said)


def test_a_fault_on_the_way_is_in_the_audit_trail_too(database: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("database.load.load", fail)
    with pytest.raises(RuntimeError):
        load_files([TWO])
    assert [action for _, action, _ in acts()] == ["import_failed"]


@pytest.mark.parametrize("role", ["leader", "department", "township"])
@pytest.mark.parametrize("step", [check_files, load_files])
def test_nobody_but_the_office_loads(
    database: Engine, monkeypatch: pytest.MonkeyPatch, role: Role, step: Callable[..., Outcome]
) -> None:
    look_as(monkeypatch, role)
    with pytest.raises(Refused):
        step([TWO])
    look_as(monkeypatch, None)
    with pytest.raises(SignedOut):
        step([TWO])
    assert case_numbers(database) == []


def test_too_many_too_large_and_no_files_are_refused_before_anything_is_read(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "MAX_FILES", 1)
    assert "一次最多导入1个文件，现有2个" in check_files([TWO, TWO]).said
    monkeypatch.setattr(loader, "MAX_MEGABYTES", 1)
    large = Upload("cases.csv", b" " * (loader.MEGABYTE + 1))
    assert "超过1MB" in check_files([large]).said
    assert "没有选择文件" in load_files([]).said
    assert [action for _, action, _ in acts()] == ["import_refused"] * 3


def test_a_second_writer_is_told_to_wait(database: Engine) -> None:
    with writer(database):
        outcome = load_files([TWO])
    assert outcome.said == "正在导入，请稍后。"
    assert not outcome.is_written


def test_nothing_is_written_to_disk_and_no_users_name_reaches_the_release(
    database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    before = {path.name for path in tmp_path.iterdir()}
    load_files([Upload("../张三/cases.csv", TWO.content)])
    assert load_files([WRONG]).problems.shape[0] == 1
    assert list(folder.iterdir()) == []
    made = {path.name for path in tmp_path.iterdir()} - before
    assert all(name.startswith(("county.db", "own-state.db")) for name in made)
    with database.connect() as connection:
        told = connection.execute(sa.select(data_releases.c.source, data_releases.c.note)).one()
    assert told.source == "行动办网页导入"
    assert "张三" not in f"{told}"


def test_rows_with_errors_are_left_out_where_asked_for_and_come_back_marked(database: Engine) -> None:
    mixed = Upload("cases.csv", TWO.content + "T9,乙,1,event,2020-08-05\n".encode())
    assert not check_files([mixed]).is_ready
    checked = check_files([mixed], is_skipping=True)
    assert checked.is_ready
    assert "跳过1行" in checked.said
    assert checked.counts.to_dict("records") == [
        {"table": "案件台账", "added": 2, "changed": 0, "unchanged": 0, "deleted": 0, "skipped": 1}
    ]
    assert load_files([mixed], is_skipping=True).is_written
    assert case_numbers(database) == ["甲1", "甲2"]
    assert checked.report is not None
    book = openpyxl.load_workbook(BytesIO(checked.report))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "乙" in cells
    assert "甲1" not in cells


def test_a_correction_is_counted_apart_from_what_stays(database: Engine) -> None:
    load_files([TWO])
    corrected = Upload("cases.csv", TWO.content.replace(b"2020-08-03", b"2020-08-02"))
    assert check_files([corrected]).counts.to_dict("records") == [
        {"table": "案件台账", "added": 0, "changed": 1, "unchanged": 1, "deleted": 0, "skipped": 0}
    ]


def test_rows_named_by_their_key_are_deleted_and_called_so(database: Engine) -> None:
    load_files([TWO])
    keys = Upload("案件台账_删除.csv", "township_code,case_no,episode\nT1,甲1,1\n".encode())
    checked = check_files([keys], is_deleting=True)
    assert checked.is_ready
    assert [row["deleted"] for row in checked.counts.to_dict("records")] == [1]
    assert case_numbers(database) == ["甲1", "甲2"]
    assert load_files([keys], is_deleting=True).said.startswith("已删除，发布为第2批")
    assert case_numbers(database) == ["甲2"]


def test_the_template_is_a_workbook_that_loads_nothing_by_itself(database: Engine) -> None:
    with database.connect() as connection:
        content = template(connection)
    book = openpyxl.load_workbook(BytesIO(content))
    assert "案件台账" in book.sheetnames
    assert "镇" in {cell.value for row in book["选项"].iter_rows() for cell in row}
    (problem,) = check_files([Upload("模板.xlsx", content)]).problems.to_dict("records")
    assert "没有可以导入的行" in problem["reason"]


def test_the_mark_is_that_of_exactly_these_files_and_this_day() -> None:
    other = Upload(TWO.name, TWO.content + b"T1,x,1,event,2020-08-05\n")
    marks = {
        fingerprint(files, day)
        for files in ([TWO], [other], [TWO, other], [other, TWO])
        for day in (None, date(2020, 8, 31))
    }
    assert len(marks) == 8
    assert fingerprint([TWO], None) == fingerprint([Upload(TWO.name, TWO.content)], None)
    assert fingerprint([], date(2020, 8, 31)) == ""


def test_uploads_take_name_and_whole_content() -> None:
    class File:
        name = "cases.csv"

        def getvalue(self) -> bytes:
            return b"abc"

    assert uploads([File()]) == (Upload("cases.csv", b"abc"),)


def test_the_page_writes_where_loader_url_says_or_to_the_embedded_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("LOADER_URL", "sqlite:///loader.db")
    get_settings.cache_clear()
    assert loader_url() == "sqlite:///loader.db"
    monkeypatch.delenv("LOADER_URL")
    get_settings.cache_clear()
    assert loader_url() == get_settings().database_url
    monkeypatch.setenv("DATABASE_URL", "sqlite:///county.db")
    get_settings.cache_clear()
    assert loader_url() is None
    get_settings.cache_clear()


def test_without_an_address_or_a_contract_the_reason_is_said(
    database: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOADER_URL", f"sqlite:///{tmp_path}/empty.db")
    get_settings.cache_clear()
    with pytest.raises(DashboardError, match="upgrade"):
        check_files([TWO])
    monkeypatch.delenv("LOADER_URL")
    get_settings.cache_clear()
    with pytest.raises(DashboardError, match="LOADER_URL"):
        check_files([TWO])
