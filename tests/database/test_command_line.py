"""The command line as a user meets it: statuses, Chinese words, no traceback."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine

from database.__main__ import main
from database.tables import data_releases, departments
from database.writing import writer
from tests.conftest import COUNTY, TOWNSHIPS

REGIONS = f"code,parent_code,level,name\n{COUNTY},,county,常山县\n{TOWNSHIPS[0]},{COUNTY},township,天马街道\n"
CASES = "township_code,case_no,episode,stream,opened_on\n" + f"{TOWNSHIPS[0]},甲,1,petition,2020-08-30\n"


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    (tmp_path / "regions.csv").write_text(REGIONS, encoding="utf-8")
    (tmp_path / "cases.csv").write_text(CASES, encoding="utf-8")
    return [str(tmp_path / "regions.csv"), str(tmp_path / "cases.csv")]


def test_an_empty_database_is_filled_checked_and_refreshed(
    url: str, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", "--url", url, *files]) == 2
    assert "请先执行 python -m database upgrade" in capsys.readouterr().err
    assert main(["upgrade", "--url", url]) == 0
    assert main(["load", "--url", url, "--dry-run", *files]) == 0
    told = capsys.readouterr().out.splitlines()[-3:]
    assert told == [
        "案件台账：新增1行，修改0行，不变0行，删除0行",
        "区划：新增2行，修改0行，不变0行，删除0行",
        "检查通过，未写入任何数据",
    ]
    assert main(["load", "--url", url, *files]) == 0
    assert "已导入案件台账1行、区划2行；第1批，截至2020-08-30" in capsys.readouterr().out
    assert main(["load", "--url", url, *files]) == 0
    assert "没有变化" in capsys.readouterr().out
    assert main(["check", "--url", url]) == 0
    assert main(["refresh", "--url", url, "--as-of", "2020-08-31", "--note", "重算"]) == 0
    assert "第2批，截至2020-08-31" in capsys.readouterr().out


def test_a_refused_file_is_told_by_row_and_changes_nothing(
    engine: Engine, url: str, files: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cases.csv").write_text(CASES + "999,乙,1,petition,2020-08-30\n", encoding="utf-8")
    assert main(["load", "--url", url, *files]) == 1
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "cases.csv，第3行，乡镇（街道）（township_code）：没有这个乡镇（街道）（值：999）",
        "有1处问题，未导入任何数据",
    ]
    with engine.connect() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(data_releases)) == 0


def test_a_second_writer_is_asked_to_wait(
    engine: Engine, url: str, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with writer(engine):
        assert main(["load", "--url", url, *files]) == 1
    assert capsys.readouterr().err == "正在导入，请稍后\n"


def test_an_error_in_the_data_makes_check_fail(engine: Engine, url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with writer(engine) as connection:
        connection.execute(departments.insert().values(code="D01"))
        connection.execute(sa.text("INSERT INTO work_groups (code, lead_department_code) VALUES ('G1', 'D99')"))
    assert main(["check", "--url", url]) == 1
    told = capsys.readouterr()
    assert (
        "错误  专项工作组（work_groups）：lead_department_code 没有这个部门（1行），请联系治理创新行动办公室"
        in told.out
    )
    assert "发现1处错误、1处警告" in told.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["load"], "用法有误：缺少参数：文件"),
        (["demo", "--townships", "3"], "用法有误：--townships 不能是 3"),
        (["demo", "--cases", "many"], "用法有误：--cases 应是整数"),
        (["refresh", "--as-of", "2020-02-30"], "日期应写成 2020-08-31，不能是 2020-02-30"),
        (["check", "--loud"], "用法有误：不认识的参数：--loud"),
        (["burn"], "用法有误：命令 不能是 'burn'"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense", "数据库地址无法识别"),
        ("mysql://root@localhost/x", "数据库地址无法识别"),
        ("sqlite:////nowhere/at/all.db", "数据库无法使用"),
        ("postgresql://nobody@127.0.0.1:1/none", "数据库无法使用"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_one_line(
    url: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--url", url]) == 2
    message = capsys.readouterr().err
    assert told in message
    assert message.count("\n") == 1


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("demo", "upgrade", "template", "load", "check", "refresh"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert "usage" not in capsys.readouterr().out.lower()


def test_without_a_url_the_settings_say_which_database(
    engine: Engine, url: str, files: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from settings import get_settings

    get_settings.cache_clear()
    monkeypatch.setenv("DATABASE_URL", "sqlite:////nowhere/at/all.db")
    monkeypatch.setenv("LOADER_URL", url)
    assert main(["load", *files, "--as-of", "2020-09-01"]) == 0
    with engine.connect() as connection:
        assert connection.scalar(sa.select(data_releases.c.as_of)) == date(2020, 9, 1)
    get_settings.cache_clear()
