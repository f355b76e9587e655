"""python -m reports remind: what it prints, writes and sends, against the demo county's own tables."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import sqlalchemy as sa

from reports import __main__ as command
from reports import webhook
from reports.__main__ import main
from settings import ROOT, get_settings
from tests.reports.conftest import OK, Robot

AS_OF = "2020-08-31"


@pytest.fixture(autouse=True)
def settings(demo_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DATABASE_URL", demo_url)
    monkeypatch.delenv("DASHBOARD_REMINDER_WEBHOOK", raising=False)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def cells(demo_url: str) -> pd.DataFrame:
    """The demo's August, counted without the product's code: one row per cell that has begun and is not finished."""
    statement = """
        select t.number, t.title, t.scope, r.name as region, d.name as lead, t.due_on, p.planned_pct, p.actual_pct
        from task_progress p join tasks t on t.code = p.task_code join regions r on r.code = p.region_code
        join departments d on d.code = t.lead_department_code
        where p.month = '2020-08-01' and t.starts_on <= '2020-08-31' and p.planned_pct > 0
    """
    with sa.create_engine(demo_url).connect() as connection:
        found = pd.read_sql(sa.text(statement), connection, parse_dates=["due_on"])
    found = found[~(found["actual_pct"] >= 100)]
    return found.assign(
        overdue=found["due_on"] < "2020-08-31",
        unreported=found["actual_pct"].isna(),
        due=found["due_on"].between("2020-08-31", "2020-09-15"),
    )


def _sections(text: str) -> dict[str, str]:
    """Return the text of each unit by its name."""
    parts = re.split(r"^### (.+?)（.*）$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_unit_is_reminded_of_exactly_its_own(capsys: pytest.CaptureFixture[str], cells: pd.DataFrame) -> None:
    assert main(["remind", "--as-of", AS_OF]) == 0
    text = capsys.readouterr().out
    counts = [int(cells[name].sum()) for name in ("overdue", "unreported", "due")]
    assert f"逾期{counts[0]}项次、未报{counts[1]}项次、15天内到期{counts[2]}项次" in text
    told = cells[cells[["overdue", "unreported", "due"]].any(axis=1)]
    departments, townships = (_sections(part) for part in text.split("## 乡镇（街道）"))
    assert set(departments) == set(told["lead"])
    assert set(townships) == set(told.loc[told["scope"] == "township", "region"])
    for name, own in told.groupby("lead"):
        for row in own.to_dict("records"):
            (line,) = {line for line in departments[name].splitlines() if line.startswith(f"- {row['number']} ")}
            place = row["region"] if row["scope"] == "township" else "县级"
            assert len(set(own["region"])) == 1 or place in line
    for name, own in told[told["scope"] == "township"].groupby("region"):
        listed = sorted(int(number) for number in re.findall(r"^- (\d+) ", townships[name], flags=re.M))
        wanted = [row[0] for row in own[["number"]].itertuples(index=False)]
        assert sorted(set(listed)) == sorted(wanted)


def test_the_files_hold_what_was_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], cells: pd.DataFrame
) -> None:
    assert main(["remind", "--as-of", AS_OF, "--out", str(tmp_path / "new" / "folder")]) == 0
    said = capsys.readouterr()
    stem = tmp_path / "new" / "folder" / "催办清单-截至20200831"
    assert stem.with_suffix(".md").read_text(encoding="utf-8") == said.out
    assert str(stem) in said.err
    book = openpyxl.load_workbook(stem.with_suffix(".xlsx"))
    assert book.sheetnames == ["牵头单位", "乡镇（街道）"]
    rows = list(book["牵头单位"].iter_rows(min_row=3, values_only=True))
    sums = {name: int(cells[name].sum()) for name in ("overdue", "unreported", "due")}
    assert pd.Series([row[1] for row in rows]).value_counts().to_dict() == {
        "逾期": sums["overdue"], "未报": sums["unreported"], "15天内到期": sums["due"]
    }  # fmt: skip
    first = next(row for row in rows if row[1] == "逾期")
    assert (first[2], first[4]) == ("11 修订完善村规民约和居民公约", "计划100%、完成84%")
    assert f"{first[5]:%Y-%m-%d}" == "2020-07-31"
    townships = list(book["乡镇（街道）"].iter_rows(min_row=3, values_only=True))
    assert {row[0] for row in townships} == {row[3] for row in townships}


def test_the_check_of_the_brief_passes_by_the_command_line(demo_url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": demo_url}
    done = subprocess.run(
        [sys.executable, "-m", "reports", "remind"], capture_output=True, text=True, cwd=ROOT, env=environment
    )
    assert done.returncode == 0
    assert done.stdout.startswith("# 任务催办清单（截至2020年8月31日）")
    assert "未报" in done.stdout


@pytest.fixture
def to_robot(robot: Robot, monkeypatch: pytest.MonkeyPatch) -> Robot:
    monkeypatch.setenv("DASHBOARD_REMINDER_WEBHOOK", robot.url)
    monkeypatch.setenv("DASHBOARD_REMINDER_SECRET", "SEC1")
    get_settings.cache_clear()
    monkeypatch.setattr(command, "post", partial(webhook.post, wait=0.0))  # as ever, without the wait in between
    return robot


def test_a_robot_that_stumbles_once_gets_both_messages(to_robot: Robot, capsys: pytest.CaptureFixture[str]) -> None:
    to_robot.answers = [(500, b"broken"), OK]
    assert main(["remind", "--as-of", AS_OF, "--send"]) == 0
    texts = [body["markdown"]["text"] for body in to_robot.bodies]
    assert len(texts) == 3
    assert texts[0] == texts[1]
    assert "县民政局" in texts[1]
    assert "招贤镇（" in texts[2]
    assert all("sign" in query for query in to_robot.queries)
    assert "催办消息已送达" in capsys.readouterr().err


def test_what_cannot_be_sent_is_told_and_keeps_nothing_back(
    to_robot: Robot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to_robot.answers = [(500, b"broken")]
    assert main(["remind", "--as-of", AS_OF, "--out", str(tmp_path), "--send"]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("# 任务催办清单")
    assert len(list(tmp_path.iterdir())) == 2
    assert "2条消息没有送达" in said.err
    assert "HTTP 500" in said.err
    assert "token-1" not in said.err
    assert len(to_robot.bodies) == 6  # both messages, three attempts each


def test_nothing_is_sent_unasked_and_nothing_without_an_address(
    robot: Robot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["remind", "--send"]) == 2
    assert "DASHBOARD_REMINDER_WEBHOOK" in capsys.readouterr().err
    monkeypatch.setenv("DASHBOARD_REMINDER_WEBHOOK", robot.url)
    get_settings.cache_clear()
    assert main(["remind"]) == 0
    assert robot.bodies == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["remind", "--as-of", AS_OF, "--out", str(tmp_path / "file")]) == 1
    said = capsys.readouterr()
    assert "未报" in said.out
    assert f"无法写入 {tmp_path / 'file'}" in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["remind", "--as-of", "2020-02-30"], "日期应写成 2020-08-31"),
        (["remind", "--frequently"], "不认识的参数"),
        ([], "缺少参数"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "said"), [("sqlite:////nowhere/x.db", "数据库无法使用"), ("mysql://x/y", "数据库地址无法识别")]
)
def test_a_database_that_cannot_be_read_is_told(url: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["remind", "--url", url]) == 2
    assert said in capsys.readouterr().err


def test_a_database_of_another_contract_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with sa.create_engine(f"sqlite:///{tmp_path}/empty.db").connect() as connection:
        connection.exec_driver_sql("create table x (y)")
    assert main(["remind", "--url", f"sqlite:///{tmp_path}/empty.db"]) == 2
    assert "upgrade" in capsys.readouterr().err
