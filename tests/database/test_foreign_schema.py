"""A county's own ledger behind views: only what is missing is made, and the scheduled refresh notices change."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from analysis.scope import Scope
from database import tables
from database.__main__ import main
from database.checks import shape, views
from database.contract import downgrade, upgrade
from database.engine import reading_engine, writing_engine
from database.offered import Occupied
from database.writing import writer
from queries.backlog import backlog_at, case_page
from queries.rankings import kpi_table
from queries.tasks import task_matrix
from settings import ROOT
from tests.conftest import run_sql
from tests.database.loading_files import ONE_STREAM

EXAMPLE = ROOT / "deploy" / "example"
DERIVED = {table.name for table in tables.DERIVED} | {"kpi_values"}
BASE = sorted(set(tables.METADATA.tables) - DERIVED)
TIANMA, BAISHI = "330822001", "330822104"
AUGUST = Scope(as_of=date(2020, 8, 31), townships=frozenset({TIANMA, BAISHI}))


def offer(url: str, *, without: tuple[str, str] = ("", "")) -> None:
    """Make a ledger of every base table under another name and a view of it; `without` leaves a column of one out."""
    metadata, engine = sa.MetaData(), writing_engine(url)
    wanted = {name: tables.METADATA.tables[name] for name in BASE} | {"kpi_reports": tables.kpi_values}
    for name, table in wanted.items():
        columns = [sa.Column(c.name, c.type, nullable=True) for c in table.columns]
        sa.Table(f"ledger_{name}", metadata, *columns)
    with engine.begin() as connection:
        metadata.create_all(connection)
        for name, table in wanted.items():
            names = ", ".join(f'"{c.name}"' for c in table.columns if (name, c.name) != without)
            connection.exec_driver_sql(f"CREATE VIEW {name} AS SELECT {names} FROM ledger_{name}")
    engine.dispose()


def own_tables(url: str) -> set[str]:
    engine = reading_engine(url)
    names = {name for name in sa.inspect(engine).get_table_names() if not name.startswith("ledger_")}
    engine.dispose()
    return names


def add(connection: Connection, table: str, *rows: dict[str, Any]) -> None:
    for row in rows:
        columns = [sa.column(name, tables.METADATA.tables.get(table, tables.kpi_values).c[name].type) for name in row]
        connection.execute(sa.insert(sa.table(f"ledger_{table}", *columns)).values(row))


def test_an_upgrade_over_views_makes_the_derived_tables_alone(url: str) -> None:
    offer(url)
    upgrade(url)
    assert own_tables(url) == {*DERIVED, "alembic_version"}
    upgrade(url)
    downgrade(url, "base")  # the county's views are not ours to drop
    assert own_tables(url) == {"alembic_version"}
    upgrade(url)
    assert own_tables(url) == {*DERIVED, "alembic_version"}


def test_what_a_county_does_not_offer_is_made(url: str) -> None:
    run_sql(url, "CREATE TABLE ledger (a VARCHAR(9), b VARCHAR(9))",
        "CREATE VIEW departments AS SELECT a AS code, a AS name, b AS kind FROM ledger")  # fmt: skip
    upgrade(url)
    assert own_tables(url) == {*tables.METADATA.tables, "alembic_version", "ledger"} - {"departments"}


@pytest.mark.parametrize(
    ("without", "told"),
    [
        (("cases", "opened_on"), "案件台账（cases）：视图缺少必填列 opened_on（date）"),
        (("cases", "satisfaction"), "没有这项数据时，在视图中写 NULL::integer AS satisfaction"),
        (("kpi_reports", "value"), "kpi_reports）：视图缺少列 value"),
    ],
)
def test_a_view_without_a_column_is_refused_in_plain_words(
    url: str, without: tuple[str, str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    offer(url, without=without)
    assert main(["upgrade", "--url", url]) == 2
    message = capsys.readouterr().err
    assert told in message
    assert message.endswith("未做任何改动\n")
    assert own_tables(url) <= {"alembic_version"}, "nothing was made"


def test_check_and_refresh_say_what_a_view_lost_later(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    offer(url)
    upgrade(url)
    run_sql(url, "DROP VIEW departments", "CREATE VIEW departments AS SELECT name FROM ledger_departments",
        "DROP VIEW work_groups")  # fmt: skip
    assert main(["check", "--url", url]) == 1
    told = capsys.readouterr().out
    assert "departments）：视图缺少必填列 code（text）" in told
    assert "work_groups）：没有这张表，也没有同名视图" in told
    assert len(told.splitlines()) == 3, "kind, code and the missing table, nothing else"
    assert main(["refresh", "--url", url]) == 2
    assert "缺少必填列 code" in capsys.readouterr().err


def test_a_column_of_another_type_is_told_with_the_right_one(own_postgresql_url: str) -> None:
    offer(own_postgresql_url)
    upgrade(own_postgresql_url)
    run_sql(own_postgresql_url, "DROP VIEW campaigns", "CREATE VIEW campaigns AS SELECT code::char(9) AS code, name, "
        "starts_on::timestamp AS starts_on, ends_on, baseline_on, goal_rate::numeric AS goal_rate, "
        "is_demo_goal::integer AS is_demo_goal, 'more' AS more FROM ledger_campaigns")  # fmt: skip
    engine = reading_engine(own_postgresql_url)
    with engine.connect() as connection:
        assert [(f.table, f.message) for f in shape.findings(connection)] == [
            ("campaigns", "列 code 的类型是 char(9)，应为 text"),
            ("campaigns", "列 starts_on 的类型是 timestamp，应为 date"),
            ("campaigns", "列 goal_rate 的类型是 numeric，应为 double precision"),
            ("campaigns", "列 is_demo_goal 的类型是 integer，应为 boolean"),
        ]
    engine.dispose()


def test_foreign_and_stored_views_are_offers_too(own_postgresql_url: str) -> None:
    offer(own_postgresql_url)
    run_sql(own_postgresql_url, "DROP VIEW cases", "CREATE MATERIALIZED VIEW cases AS SELECT * FROM ledger_cases",
        "DROP VIEW schemes", "CREATE FOREIGN DATA WRAPPER w", "CREATE SERVER s FOREIGN DATA WRAPPER w",
        "CREATE FOREIGN TABLE schemes (code text, name text, valid_from date, valid_to date) SERVER s")  # fmt: skip
    upgrade(own_postgresql_url)
    assert own_tables(own_postgresql_url) == {*DERIVED, "alembic_version"}


@pytest.mark.parametrize("taken", ["CREATE TABLE tasks (a INTEGER)", "CREATE VIEW kpi_values AS SELECT 1 AS value"])
def test_a_name_that_is_taken_is_told_and_nothing_is_made(
    url: str, taken: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run_sql(url, taken)
    before = own_tables(url)
    with pytest.raises(Occupied):
        upgrade(url)
    assert main(["upgrade", "--url", url]) == 2
    assert "不是本系统建的表" in capsys.readouterr().err
    assert own_tables(url) == before


def test_what_views_cannot_promise_is_checked(url: str) -> None:
    offer(url)
    upgrade(url)
    case = {"township_code": TIANMA, "case_no": "甲", "episode": 1, "stream": "event", "opened_on": date(2020, 8, 1)}
    report = {"region_code": TIANMA, "kpi_code": "K", "month": date(2020, 8, 1), "value": 1.0}
    engine = writing_engine(url)
    with writer(engine) as connection:
        add(connection, "regions", {"code": TIANMA, "level": "township", "name": "天马街道"})
        add(connection, "cases", case, case | {"case_no": "乙", "stream": "天气"}, case | {"case_no": "丙"})
        add(connection, "cases", case, case | {"case_no": "丁", "opened_on": None, "satisfaction": 4})
        add(connection, "kpis", {"code": "K"}, {"code": "C", "computed_from": "disputes_opened"})
        add(connection, "kpi_reports", report, report | {"kpi_code": "C"}, report | {"month": date(2020, 8, 2)})
        assert [(f.table, f.message, f.count) for f in views.findings(connection)] == [
            ("cases", "township_code、case_no、episode 相同的行不止一行", 1),
            ("cases", "opened_on 必填，不能为空", 1),
            ("cases", f"stream {ONE_STREAM}", 1),
            ("cases", "satisfaction 应在1到3之间", 1),
            ("kpi_reports", "month 应是当月第一天", 1),
            ("kpi_reports", "这些指标由系统计算，不采用 kpi_reports 中的数", 1),
            ("kpi_reports", "填报数与最近一次汇总不同，请执行 refresh", 2),
        ]
    engine.dispose()


@pytest.fixture
def example(own_postgresql_url: str, tmp_path: Path) -> str:
    """The documented example, made by the documented commands; the county's indicators come by file."""
    run_sql(own_postgresql_url, (EXAMPLE / "ledger.sql").read_text("utf8"), (EXAMPLE / "views.sql").read_text("utf8"))
    files = {
        "kpis": "code,name,unit,direction,kind,period,computed_from\n"
        "PA,平安建设知晓率,%,higher,proportion,flow,\nHJ,积案化解率,%,higher,proportion,state,backlog_resolution_rate\n",
        "schemes": "code,valid_from\nS,2020-01-01\n",
        "kpi_weights": "region_code,scheme,kpi_code,weight,goal,floor\n330822,S,PA,60,100,50\n330822,S,HJ,40,100,0\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    assert main(["upgrade", "--url", own_postgresql_url]) == 0
    loaded = [str(tmp_path / f"{name}.csv") for name in files]
    assert main(["load", "--url", own_postgresql_url, "--as-of", "2020-08-28", *loaded]) == 0
    return own_postgresql_url


@pytest.fixture
def reading(example: str) -> Callable[[Callable[..., pd.DataFrame]], pd.DataFrame]:
    """Read as the dashboard does."""

    def read(query: Callable[..., pd.DataFrame]) -> pd.DataFrame:
        engine = reading_engine(example)
        try:
            with engine.connect() as connection:
                return query(connection, AUGUST)
        finally:
            engine.dispose()

    return read


BACKLOG = ["township_code", "opened", "closed", "open", "overdue", "reopened", "substantive", "lawful"]


def figures(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_the_documented_views_give_the_figures_worked_by_hand(
    example: str, reading: Callable[..., pd.DataFrame], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["refresh", "--url", example, "--as-of", "2020-08-31"]) == 0
    assert figures(reading(backlog_at), *BACKLOG) == [(TIANMA, 3, 1, 2, 1, 1, 1, 0), (BAISHI, 1, 1, 0, 0, 0, 1, 0)]
    contract = (ROOT / "docs" / "data-contract.md").read_text("utf8")
    for name, *said in figures(reading(backlog_at).assign(name=["天马街道", "白石镇"]), "name", *BACKLOG[1:6]):
        assert f"| {name} | {' | '.join(map(str, said))} |" in contract, "the document shows the same figures"
    lights = reading(task_matrix)
    assert figures(lights, "region_code", "planned_pct", "actual_pct", "light") == [
        (TIANMA, 80, 65, "far_behind"), (BAISHI, 80, 100, "done")]  # fmt: skip
    values = reading(kpi_table).set_index(["kpi_code", "township_code"])["value"]
    assert values["PA"].to_dict() == {TIANMA: 90, BAISHI: 80}
    assert values["HJ"].to_dict() == {TIANMA: 50, BAISHI: 100}, "of what the townships lead: J2 is a department's"
    cases = reading(case_page).set_index("case_no")
    assert set(cases.index) == {"J1", "J2", "J3", "J4"}, "J5 is void, D1 another stream"
    assert cases.loc["J3", "first_opened_on"] == pd.Timestamp("2020-06-15")
    capsys.readouterr()
    assert main(["check", "--url", example]) == 0, capsys.readouterr()


def test_the_scheduled_refresh_publishes_when_rows_change_and_only_then(
    example: str, reading: Callable[..., pd.DataFrame], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["refresh", "--url", example, "--as-of", "2020-08-31"])
    capsys.readouterr()
    assert main(["refresh", "--url", example]) == 0
    assert capsys.readouterr().out == "基础数据没有变化，未发布新批次（最近为第2批，截至2020-08-31）\n"

    run_sql(example, "UPDATE taizhang.t_anjian SET bjsj = '2020-08-31 10:00', bjfs = 3 WHERE ajbh = 'J2'")
    assert main(["refresh", "--url", example]) == 0
    assert "第3批，截至2020-08-31；变化：案件台账（天马街道）\n" in capsys.readouterr().out
    assert figures(reading(backlog_at), *BACKLOG)[0] == (TIANMA, 3, 2, 1, 0, 1, 1, 1)

    run_sql(example, "UPDATE taizhang.t_anjian SET qhdm = '330822104' WHERE ajbh = 'J3'",
        "UPDATE taizhang.t_zhibiao SET fz = 9 WHERE qhdm = '330822104'",
        "UPDATE taizhang.t_jindu SET sj = 79 WHERE ny = '202008' AND qhdm = '330822001'",
        "DELETE FROM taizhang.t_anjian WHERE ajbh = 'J1'")  # fmt: skip
    assert main(["refresh", "--url", example]) == 0
    told = capsys.readouterr().out
    assert "变化：案件台账（天马街道、白石镇），指标数值（白石镇），任务进度（天马街道）\n" in told
    assert figures(reading(backlog_at), *BACKLOG) == [(TIANMA, 1, 1, 0, 0, 0, 0, 1), (BAISHI, 2, 1, 1, 0, 1, 1, 0)]
    assert figures(reading(task_matrix), "region_code", "light")[0] == (TIANMA, "behind")
    values = reading(kpi_table).set_index(["kpi_code", "township_code"])["value"]
    assert values["PA"].to_dict() == {TIANMA: 90, BAISHI: 90}

    assert main(["refresh", "--url", example]) == 0
    assert "没有变化" in capsys.readouterr().out
    assert main(["refresh", "--url", example, "--force", "--note", "重算"]) == 0
    assert "第5批" in capsys.readouterr().out


def test_a_load_into_our_tables_does_not_hide_what_changed_behind_the_views(
    example: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["refresh", "--url", example, "--as-of", "2020-08-31"])
    run_sql(example, "UPDATE taizhang.t_anjian SET bjsj = '2020-08-31', bjfs = 1 WHERE ajbh = 'J2'",
        "UPDATE taizhang.t_zhibiao SET fz = 9 WHERE qhdm = '330822104'")  # fmt: skip
    (tmp_path / "milestones.csv").write_text("region_code,task_code,seq,title\n330822001,R1,1,动员会\n", "utf-8")
    assert main(["load", "--url", example, str(tmp_path / "milestones.csv")]) == 0
    capsys.readouterr()
    assert main(["refresh", "--url", example]) == 0
    assert "变化：案件台账（天马街道），指标数值（白石镇）\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("table", "text"),
    [("departments", "code,name\nX,新单位\n"), ("kpi_values", "region_code,kpi_code,month\n330822001,PA,2020-08-01\n")],
)
def test_nothing_is_loaded_through_a_county_s_view(
    example: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], table: str, text: str
) -> None:
    (tmp_path / f"{table}.csv").write_text(text, encoding="utf-8")
    assert main(["load", "--url", example, str(tmp_path / f"{table}.csv")]) == 1
    assert f"{table}.csv：这张表由县里的视图提供，不能导入" in capsys.readouterr().err


def test_the_as_of_day_follows_the_ledger_and_never_lies_ahead(
    example: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["refresh", "--url", example]) == 0
    assert "没有变化" in capsys.readouterr().out, "the load stood at the newest day, 2020-08-28"
    run_sql(example, "INSERT INTO taizhang.t_anjian (ajbh, qhdm, ywlx, djsj) VALUES "
        "('D2', '330822001', '03', '2020-09-04'), ('D3', '330822001', '03', '2999-01-01')")  # fmt: skip
    assert main(["refresh", "--url", example]) == 0
    assert "截至2020-09-04" in capsys.readouterr().out


def test_a_load_made_by_file_leaves_nothing_to_refresh(engine: Engine, url: str, tmp_path: Path) -> None:
    files = {
        "regions": f"code,parent_code,level,name\n330822,,county,常山县\n{TIANMA},330822,township,天马街道\n",
        "departments": "code\nXF\n",
        "cases": f"township_code,case_no,episode,stream,opened_on\n{TIANMA},甲,1,event,2020-08-01\n",
        "case_departments": f"township_code,case_no,episode,department_code\n{TIANMA},甲,1,XF\n",
        "milestones": f"region_code,task_code,seq\n{TIANMA},R,1\n",
        "tasks": "code\nR\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    first = [str(tmp_path / f"{name}.csv") for name in ("regions", "departments", "cases", "tasks")]
    for paths in (first, [str(tmp_path / "case_departments.csv")], [str(tmp_path / "milestones.csv")]):
        assert main(["load", "--url", url, *paths]) == 0
    releases = sa.select(sa.func.max(tables.data_releases.c.id))
    with engine.connect() as connection:
        before = connection.scalar(releases)
    assert main(["refresh", "--url", url]) == 0
    with engine.connect() as connection:
        assert connection.scalar(releases) == before == 3
